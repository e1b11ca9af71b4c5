"""`sift-codegen explain` as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.generator.test_command import sift_codegen

CONFIG = """\
asset_name: rover
channels:
  speed: &speed {name: motor.speed, data_type: double, unit: m/s, description: how fast}
  state: &state
    name: state
    data_type: enum
    enum_types: [{name: "Off", key: 0}, {name: Full throttle, key: 300}]
flows:
  - name: drive
    channels:
      - *speed
      - <<: *state
        unit: mode
      - name: pins
        data_type: bit_field
        bit_field_elements: [{name: 12v, index: 0, bit_count: 1}, {name: led, index: 9, bit_count: 3}]
  - name: state
    channels: [*state, {name: note, data_type: string}]
rules:
  - name: too fast
    type: review
    expression: $1 > 3
    channel_references: [{$1: *speed}]
    contextual_channels: [state]
x-sift-codegen: {optional: {state: [note]}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "vehicle.yaml").write_text(CONFIG)
    return tmp_path


def explained(*words: object, cwd: Path, code: int = 0) -> dict[str, Any]:
    done = sift_codegen("explain", *words, "--format", "json", cwd=cwd)
    assert done.returncode == code, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def test_a_channel_that_is_used_as_it_is_defined(project: Path) -> None:
    facts = explained("vehicle.yaml", "motor.speed", cwd=project)
    assert facts["flows"] == facts["messages"] == []
    (channel,) = facts["channels"]
    (use,) = channel["uses"]
    assert (channel["data_type"], channel["unit"], channel["description"]) == ("double", "m/s", "how fast")
    assert (channel["wire"]["field"], channel["wire"]["field_number"], channel["wire"]["tag"]) == ("double", 2, "0x11")
    assert (channel["wire"]["entry"], channel["wire"]["least_bytes"]) == ("22 09 11", 11)
    assert (use["symbol"], use["annotation"], use["index"]) == ("DriveFlow.motor_speed", "float", 0)
    assert (use["listed"], use["defined"], use["anchor"]) == ("vehicle.yaml:11:9", "vehicle.yaml:3:10", "speed")
    assert use["merged"] == []
    assert channel["rules"] == [{"rule": "too fast", "reference": "$1", "position": "vehicle.yaml:20:11"}]


def test_a_channel_that_differs_from_flow_to_flow_and_shares_its_name_with_one(project: Path) -> None:
    facts = explained("vehicle.yaml", "state", cwd=project)
    here, there = facts["channels"]
    assert (here["unit"], there["unit"]) == ("mode", "")
    assert here["uses"][0]["merged"] == [
        {"keys": ["name", "data_type", "enum_types"], "anchor": "state", "position": "vehicle.yaml:4:10"}
    ]
    assert here["labels"] == [
        {"label": "Off", "key": 0, "symbol": "Off"},
        {"label": "Full throttle", "key": 300, "symbol": "Full_throttle"},
    ]
    assert (here["python_class"], here["wire"]["least_bytes"], here["wire"]["most_bytes"]) == ("State", 4, 5)
    assert here["rules"][0]["reference"] == ""
    (flow,) = facts["flows"]
    assert [(row["symbol"], row["annotation"], row["wire"]["field"]) for row in flow["rows"]] == [
        ("state", "State", "enum"),
        ("note", "str | None", "string"),
    ]
    assert (flow["symbol"], flow["least_bytes"], flow["most_bytes"]) == ("StateFlow", 8, None)
    assert explained("vehicle.yaml", "state", "--as", "flow", cwd=project)["channels"] == []
    assert explained("vehicle.yaml", "state", "--as", "channel", cwd=project)["flows"] == []


@pytest.mark.parametrize(("symbol", "channel"), [("motor_speed", "motor.speed"), ("Pins", "pins")])
def test_python_names_are_known_too(project: Path, symbol: str, channel: str) -> None:
    assert [each["name"] for each in explained("vehicle.yaml", symbol, cwd=project)["channels"]] == [channel]


def test_a_flow_by_its_class(project: Path) -> None:
    (flow,) = explained("vehicle.yaml", "DriveFlow", cwd=project)["flows"]
    assert [(row["index"], row["channel"], row["wire"]["tag"]) for row in flow["rows"]] == [
        (0, "motor.speed", "0x11"),
        (1, "state", "0x50"),
        (2, "pins", "0x4a"),
    ]


@pytest.mark.parametrize("text", ["2203 50ac02 2202 5a00", "0x22 0x03 0x50 0xac 0x02 0x22 0x02 0x5a 0x00", "-"])
def test_bytes_by_name_and_type(project: Path, text: str) -> None:
    command = [str(Path(sys.executable).with_name("sift-codegen")), "explain", "vehicle.yaml", text]
    piped = "22:03:50:ac:02\n22:02:5a:00\n"
    done = subprocess.run(command, cwd=project, input=piped, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "vehicle.yaml: channel values of flow state (guessed: the only one of these types), 9 bytes at offset 0\n"
        "  index  offset  bytes  channel  type    value\n"
        "  0      0       5      state    enum    Full throttle (300)\n"
        "  1      5       4      note     string  Empty\n"
    )


def test_bytes_that_are_cut_are_explained_up_to_there(project: Path) -> None:
    done = sift_codegen("explain", "vehicle.yaml", "2203 50ac02 2209 0a07 6162", cwd=project)
    assert done.returncode == 1
    assert "Full throttle (300)" in done.stdout
    assert done.stdout.endswith("  ! offset 7: malformed: field 4 takes 9 bytes; left: 4\n")


def test_a_name_that_nothing_has_is_told_with_the_nearest(project: Path) -> None:
    for word, told in {
        "motor.sped": "no channel and no flow 'motor.sped'; did you mean 'motor.speed'?",
        "zzz": "no channel and no flow 'zzz'",
    }.items():
        done = sift_codegen("explain", "vehicle.yaml", word, cwd=project)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", f"sift-codegen: {told}\n")
    done = sift_codegen("explain", "vehicle.yaml", "--as", "hex", "220", cwd=project)
    assert (done.returncode, done.stderr) == (
        2,
        "sift-codegen: these are no bytes in hex: 3 hex digits; two make a byte\n",
    )
    done = sift_codegen("explain", "vehicle.yaml", "--flow", "stat", "2200", cwd=project)
    assert (done.returncode, done.stderr) == (2, "sift-codegen: no flow 'stat'; did you mean 'state'?\n")


def test_a_config_alone_is_no_question(project: Path) -> None:
    done = sift_codegen("explain", "vehicle.yaml", cwd=project)
    assert done.returncode == 2
    assert "after the config vehicle.yaml, name a channel, a flow or bytes in hex" in done.stderr


def test_the_projects_configs_are_all_looked_into(project: Path) -> None:
    (project / "stand.yaml").write_text(CONFIG.replace("rover", "stand").replace("name: drive", "name: burn"))
    table = '[[tool.sift-codegen.packages]]\nconfig = "{0}.yaml"\noutput = "{0}"\n'
    (project / "pyproject.toml").write_text(table.format("vehicle") + table.format("stand"))
    assert [each["config"] for each in explained("motor.speed", cwd=project)["channels"]] == [
        "vehicle.yaml",
        "stand.yaml",
    ]
    assert [each["config"] for each in explained("burn", cwd=project)["flows"]] == ["stand.yaml"]
    done = sift_codegen("explain", "0a0163 1205 7374617465 2203 50ac02 2202 5a00", cwd=project)
    assert done.returncode == 1
    assert "the flow 'state' is in several configs: vehicle.yaml, stand.yaml; name one of them" in done.stdout


def test_a_config_with_errors_is_explained_as_far_as_it_can_be_read(project: Path) -> None:
    (project / "vehicle.yaml").write_text(CONFIG.replace("type: review", "type: revue"))
    done = sift_codegen("explain", "vehicle.yaml", "motor.speed", cwd=project)
    assert done.returncode == 2
    assert "did you mean 'review'?" in done.stderr
    assert done.stdout.startswith("vehicle.yaml: channel motor.speed, double\n")
    (project / "vehicle.yaml").write_text("- nothing\n")
    done = sift_codegen("explain", "vehicle.yaml", "motor.speed", cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_control_characters_stay_out_of_the_terminal(tmp_path: Path) -> None:
    text = 'asset_name: a\nflows: [{name: f, channels: [{name: "x\\e[2J\\ny", data_type: string, unit: "\\a"}]}]\n'
    (tmp_path / "vehicle.yaml").write_text(text)
    for word in ("f", "2203 0a011b"):
        done = sift_codegen("explain", "vehicle.yaml", word, cwd=tmp_path)
        assert done.returncode == 0, done.stdout
        assert "\\x1b[2J\\ny" in done.stdout
        assert not {"\x1b", "\a"} & set(done.stdout)
