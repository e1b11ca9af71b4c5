"""`sift-codegen status`: what a server has, beside what the config says now."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sift_receiver import Receiver
from sift_runtime.messages import channel_types_pb2 as types
from tests.generator.test_command import sift_codegen
from tests.packaging.environments import run
from tests.peers.environment import peers_environment
from tests.receiver.client import channel, flow
from tests.receiver.conftest import connected
from tests.server.conftest import KEY, register

TESTS = Path(__file__).parents[1]
CONFIG = """\
asset_name: rover
ingestion_client_key: KEY
channels:
  speed: &speed {name: speed, data_type: double, unit: m/s}
  state: &state {name: state, data_type: enum, enum_types: [{name: idle, key: 0}, {name: full, key: 1}]}
  pins: &pins {name: pins, data_type: bit_field, bit_field_elements: [{name: led, index: 0, bit_count: 2}]}
flows:
  - name: drive
    channels: [*speed, *state, *pins]
  - name: note
    channels: [{name: note, data_type: string}]
"""
numbers = itertools.count()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return a config, registered with the receiver under a client key of its own."""
    path = tmp_path / "vehicle.yaml"
    path.write_text(CONFIG.replace("KEY", f"rover-{next(numbers)}"))
    register(path)
    return path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def status(path: Path, *words: str, code: int = 0) -> dict[str, Any]:
    done = sift_codegen("status", path.name, "--format", "json", *words, cwd=path.parent)
    assert done.returncode == code, done.stdout + done.stderr
    (told,) = json.loads(done.stdout)
    return dict(told)


def test_what_is_the_same_is_told_as_that(config: Path) -> None:
    done = sift_codegen("status", config.name, cwd=config.parent)
    key = config.read_text().splitlines()[1].partition(": ")[2]
    told = f"vehicle.yaml: all flows are as on the server; client key '{key}'\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, told, "")
    assert status(config, "--fail-on", "wire,source,doc,added")["changes"] == []


SILENT_DRIFTS = {
    "channels reordered": ("[*speed, *state, *pins]", "[*state, *speed, *pins]", "wire", "channel moved"),
    "channel removed": ("[*speed, *state, *pins]", "[*speed, *state]", "wire", "channel removed"),
    "unit changed": ("unit: m/s", "unit: km/h", "doc", "unit"),
    "enum renumbered": ("name: full, key: 1", "name: full, key: 2", "wire", "label 'full'"),
    "bit layout changed": ("index: 0, bit_count: 2", "index: 1, bit_count: 2", "wire", "element 'led'"),
}
"""What sift_py registers over without a word; see its _update_flow_configs."""


@pytest.mark.parametrize("drift", SILENT_DRIFTS)
def test_each_drift_that_sift_py_is_silent_about_is_told(config: Path, drift: str) -> None:
    old, new, kind, message = SILENT_DRIFTS[drift]
    change(config, old, new)
    (told,) = status(config, "--fail-on", kind, code=1)["changes"]
    assert (told["class"], told["flow"], told["message"]) == (kind, "drive", message)
    status(config, code=1 if kind == "wire" else 0)
    status(config, "--fail-on", "never")
    text = sift_codegen("status", config.name, cwd=config.parent).stdout
    assert kind.upper() in text
    assert "the server:" not in text  # which has no lines
    if told["after"]:
        assert (told["after"]["file"], told["before"]["file"]) == ("vehicle.yaml", None)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[*speed, *state, *pins]", "[*speed, *state, *pins, {name: x, data_type: bool}]", "channel appended"),
        ("{name: full, key: 1}", "{name: full, key: 1}, {name: off, key: 2}", "label added"),
        ("data_type: double", "data_type: float", "data type"),
    ],
)
def test_what_a_server_does_not_take_on_is_drift_too(config: Path, old: str, new: str, message: str) -> None:
    change(config, old, new)
    (told,) = status(config, code=1)["changes"]
    assert (told["class"], told["message"]) == ("wire", message)


def test_flows_that_only_one_side_has_are_told_and_break_nothing(config: Path) -> None:
    change(config, "- name: note", "- name: notes")
    told = status(config)
    assert (told["only_here"], told["only_on_server"], told["changes"]) == (["notes"], ["note"], [])
    status(config, "--fail-on", "added", code=1)
    done = sift_codegen("status", config.name, cwd=config.parent)
    assert done.stdout.splitlines()[1:] == [
        "  only here, and registered by the next flight: flow 'notes'",
        "  only on the server, which keeps them: flow 'note'",
    ]


def test_another_asset_is_told(config: Path) -> None:
    change(config, "asset_name: rover", "asset_name: lander")
    assert status(config, code=1)["asset"] == {"here": "lander", "on_server": "rover"}
    done = sift_codegen("status", config.name, "--format", "github", cwd=config.parent)
    assert done.returncode == 1
    assert done.stdout.startswith(
        "::error title=STATUS::vehicle.yaml: asset: the server has this client key for 'rover'"
    )


def test_a_config_that_is_not_registered_is_told(config: Path) -> None:
    change(config, "ingestion_client_key: rover-", "ingestion_client_key: lander-")
    told = status(config)
    assert (told["is_registered"], told["only_here"]) == (False, ["drive", "note"])
    config.write_text("asset_name: lander\nflows: [{name: f, channels: [{name: c, data_type: bool}]}]\n")
    done = sift_codegen("status", config.name, cwd=config.parent)
    assert done.returncode == 0
    assert "vehicle.yaml: not registered: no ingestion config has client key " in done.stdout
    assert "which is made from the flows and changes with them" in done.stdout


def test_what_sift_py_registered_is_no_drift(receiver: Receiver, tmp_path: Path) -> None:
    path = TESTS / "peers/vehicle.yaml"
    fly = str(TESTS / "peers/scripts/fly_sift_py.py")
    address = f"127.0.0.1:{receiver.port}"
    run(peers_environment().command("python"), "-W", "ignore", fly, address, KEY, str(path), cwd=tmp_path)
    told = status(path, "--fail-on", "wire,source,doc,added")
    assert (told["changes"], told["only_on_server"]) == ([], ["late"])


def test_twins_on_the_server_are_told_and_no_traceback(receiver: Receiver, config: Path) -> None:
    double = channel("speed", types.CHANNEL_DATA_TYPE_DOUBLE)
    twins = [types.ChannelEnumType(name="idle", key=0), types.ChannelEnumType(name="idle", key=0)]
    with connected(receiver, KEY) as client:
        state = channel("state", types.CHANNEL_DATA_TYPE_ENUM, enum_types=twins)
        client.create_config([flow("drive", double, double, state)], "twins", "rover")
    config.write_text(CONFIG.replace("KEY", "twins"))
    told = {each["message"] for each in status(config, code=1)["changes"]}
    assert {"channel removed", "labels"} <= told


def test_all_configs_of_a_project_are_compared(config: Path) -> None:
    other = config.with_name("stand.yaml")
    other.write_text(CONFIG.replace("KEY", "nobody has this"))
    table = '[[tool.sift-codegen.packages]]\nconfig = "{0}.yaml"\noutput = "{0}"\n'
    (config.parent / "pyproject.toml").write_text(table.format("vehicle") + table.format("stand"))
    change(config, "unit: m/s", "unit: km/h")
    done = sift_codegen("status", "--format", "json", cwd=config.parent)
    assert done.returncode == 0, done.stderr
    assert [(each["config"], each["is_registered"]) for each in json.loads(done.stdout)] == [
        ("vehicle.yaml", True),
        ("stand.yaml", False),
    ]


def test_a_server_that_cannot_be_asked_and_a_config_with_errors_are_told_apart(config: Path) -> None:
    secret = "a-key-that-nobody-may-see"
    command = [sys.executable, "-m", "sift_codegen", "status", config.name]
    for words, environment in (([], {"SIFT_API_KEY": secret}), (["--uri", "http://127.0.0.1:1"], {})):
        done = subprocess.run(
            [*command, *words],
            cwd=config.parent,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (3, ""), done.stderr
        assert done.stderr.startswith("sift-codegen: ")
        assert secret not in done.stderr
    change(config, "data_type: double", "data_type: dobule")
    done = sift_codegen("status", config.name, cwd=config.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'double'?" in done.stderr
