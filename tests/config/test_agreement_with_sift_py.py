"""Valid configs mean to us what they mean to sift_py, unmodified, by either of its YAML readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sift_codegen import SideInputs
from sift_codegen._client_key import client_key
from sift_codegen._config import ChannelConfig, TelemetryConfig
from sift_codegen._read_config import read_telemetry_config
from tests.packaging.environments import run
from tests.peers.environment import peers_environment

TESTS = Path(__file__).resolve().parents[1]
SCRIPT = Path(__file__).with_name("scripts") / "read_with_sift_py.py"
CONFIGS = [*sorted(TESTS.glob("golden/*/config.yaml")), TESTS / "configs/nostromo.yml", TESTS / "peers/vehicle.yaml"]
# What sift_py itself fails on: control characters with rapidyaml, and the label `Off`, a boolean to PyYAML.
UNREADABLE = {("rapidyaml", "awkward_names"), ("pyyaml", "every_type")}
CASES = [
    (reader, path)
    for reader in ("rapidyaml", "pyyaml")
    for path in CONFIGS
    if (reader, path.parent.name) not in UNREADABLE
]


@pytest.mark.parametrize(("reader", "path"), CASES, ids=lambda part: getattr(part, "parent", Path(str(part))).name)
def test_a_config_means_the_same(reader: str, path: Path) -> None:
    expressions = [path.with_name("named_expressions.yml")] if path.with_name("named_expressions.yml").exists() else []
    python = peers_environment().command("python")
    printed = run(python, "-W", "ignore", str(SCRIPT), reader, str(path), *map(str, expressions), cwd=TESTS)
    config = read_telemetry_config(path, SideInputs(named_expressions=tuple(expressions)))
    assert told(config) == json.loads(printed)


def told(config: TelemetryConfig) -> list[object]:
    generated = client_key(config.asset_name, config.flows)
    flows = [[flow.name, [told_channel(channel) for channel in flow.channels]] for flow in config.flows]
    return [config.asset_name, config.client_key or generated, generated, flows, [rule.name for rule in config.rules]]


def told_channel(channel: ChannelConfig) -> list[object]:
    labels = [[label.name, label.key] for label in channel.enum_types]
    elements = [[element.name, element.index, element.bit_count] for element in channel.bit_field_elements]
    return [channel.name, channel.data_type.value, channel.unit, channel.description, labels, elements]
