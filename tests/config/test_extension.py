"""What a config says to this generator, under `x-sift-codegen`."""

from __future__ import annotations

from pathlib import Path

from sift_codegen._config import ExtensionConfig
from tests.config.reading import errors_of, read

CONFIG = """\
asset_name: rover
flows:
- name: readings
  channels:
  - {name: motor.velocity, data_type: double}
  - {name: state, data_type: enum, enum_types: [{name: "on!", key: 1}, {name: "on?", key: 2}]}
  - {name: gpio, data_type: bit_field, bit_field_elements: [{name: 12v, index: 0, bit_count: 1}]}
x-sift-codegen:
  optional: {readings: [state, gpio]}
  names:
    flows: {readings: Reading}
    channels: {motor.velocity: speed}
    types: {state: Mode, gpio: Pins}
    members:
      state: {"on?": maybe_on}
      gpio: {12v: twelve_volts}
"""


def test_optional_channels_and_names(tmp_path: Path) -> None:
    extension = read(tmp_path, CONFIG).extension
    assert {flow: list(channels) for flow, channels in extension.optional_channels.items()} == {
        "readings": ["state", "gpio"]
    }
    assert extension.flow_names == {"readings": "Reading"}
    assert extension.channel_names == {"motor.velocity": "speed"}
    assert extension.type_names == {"state": "Mode", "gpio": "Pins"}
    assert extension.member_names == {"state": {"on?": "maybe_on"}, "gpio": {"12v": "twelve_volts"}}
    assert {key: position.line for key, position in extension.positions.items()} == {
        ("flows", "readings"): 11,
        ("channels", "motor.velocity"): 12,
        ("types", "state"): 13,
        ("types", "gpio"): 13,
        ("members", "state", "on?"): 15,
        ("members", "gpio", "12v"): 16,
    }


def test_there_need_not_be_any(tmp_path: Path) -> None:
    extension = read(tmp_path, CONFIG.partition("x-sift-codegen")[0]).extension
    assert extension == ExtensionConfig()


def test_a_faulty_channel_is_known_all_the_same(tmp_path: Path) -> None:
    """One mistake is one error: what refers to the channel is right."""
    config = CONFIG.replace("data_type: double", "data_type: dobule").replace("[state, gpio]", "[motor.velocity]")
    (error,) = errors_of(tmp_path, config)
    assert "dobule" in error
