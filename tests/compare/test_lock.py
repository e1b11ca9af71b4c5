"""`generate` and its lock file: what it freezes, refuses and adds."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sift_codegen import BreakingChangeError, GenerateRequest, generate
from tests.compare.command import run
from tests.compare.drifts import BASE, CASES, Case, mutated
from tests.compare.locking import LOCK, WORDS, append, mutate, swap
from tests.compare.snapshots import snapshot
from tests.generator.packages import channel, write_config
from tests.generator.test_command import sift_codegen

FROZEN = """configs = [
    "vehicle.yaml",
]

[[config]]
path = "vehicle.yaml"
checksum = "54ef0b3ab85bc59c"

[[config.flow]]
name = "readings"
checksum = "e8b5d8d0c2ce8cd6"
channels = [
    { name = "velocity", type = "double" },
    { name = "voltage", type = "int32" },
    { name = "state", type = "enum", keys = { "off" = 0, "on" = 1 } },
    { name = "pins", type = "bit_field", bits = { "led" = [0, 2], "heater" = [4, 1] } },
]

[[config.flow]]
name = "logs"
checksum = "2a2f1b6d0d4ba3b2"
channels = [
    { name = "log", type = "string" },
]
"""


def test_the_lock_has_a_line_for_each_channel_and_no_more_than_the_wire(project: Path) -> None:
    text = (project / LOCK).read_text()
    without_checksums = [line for line in text.splitlines() if not line.startswith(("checksum", "#", "format"))]
    assert without_checksums == [line for line in FROZEN.splitlines() if not line.startswith("checksum")]
    document = tomllib.loads(text)
    assert document["format"] == 1
    assert [flow["name"] for flow in document["config"][0]["flow"]] == ["readings", "logs"]


def test_a_lock_that_is_current_is_not_touched(project: Path) -> None:
    before = snapshot(project)
    done = run(*WORDS, cwd=project)
    assert (done.exit_code, LOCK in done.stdout) == (0, False)
    assert snapshot(project) == before


def test_no_lock_is_made_unless_it_is_asked_for(tmp_path: Path) -> None:
    write_config(tmp_path, BASE)
    assert run(*WORDS, cwd=tmp_path).exit_code == 0
    assert not (tmp_path / LOCK).exists()


WIRE_CASES = [case for case in CASES if any(told[0] == "WIRE" for told in case.told)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_break_of_the_wire_is_refused_and_nothing_else(project: Path, case: Case) -> None:
    write_config(project, mutated(case))
    breaks = [told for told in case.told if told[0] == "WIRE"]
    request = GenerateRequest(config=project / "vehicle.yaml", output=project / "sdk")
    if not breaks:
        generate(request)
        return
    before = snapshot(project)
    with pytest.raises(BreakingChangeError, match=f"flow '{breaks[0][1]}'") as caught:
        generate(request)
    assert {change.message for change in caught.value.lock.breaks} == {told[3] for told in breaks}
    assert snapshot(project) == before


def test_a_refusal_names_every_break_with_its_place_and_the_ways_out(project: Path) -> None:
    def break_it(config: Any) -> None:
        swap(config)
        config["flows"][0]["channels"][2]["enum_types"][0]["key"] = 7
        config["flows"].append({"name": "readings_v2", "channels": []})

    mutate(project, break_it)
    before = snapshot(project)
    done = sift_codegen(*WORDS, cwd=project)
    assert (done.returncode, done.stdout) == (1, "")
    assert snapshot(project) == before
    assert done.stderr.splitlines() == [
        "vehicle.yaml:5:5: flow 'readings', channel 'voltage': channel moved: 2 of 4 -> 1 of 4",
        "      - name: voltage",
        "        ^",
        "    frozen at sift-codegen.lock:18:1",
        "vehicle.yaml:14:7: flow 'readings', channel 'state': label 'off': key 0 -> key 7",
        "        - name: 'off'",
        "          ^",
        "    frozen at sift-codegen.lock:19:1",
        "sift-codegen: 2 breaks of sift-codegen.lock; nothing of sdk was written",
        "    leave the channels that were there in their order, and append new ones at the end of the flow",
        "    leave flow 'readings' as it was, and put what is to be into a new flow, 'readings_v3'",
        "    or, if nothing that was recorded or is running matters: sift-codegen vehicle.yaml -o sdk --accept-break",
    ]


def test_each_way_out_is_one(project: Path) -> None:
    def add(config: Any) -> None:
        swapped = copy.deepcopy(config["flows"][0])
        swap({"flows": [swapped]})
        config["flows"].append({**swapped, "name": "readings_v2"})

    def append_and_add(config: Any) -> None:
        append(config)
        add(config)

    for change in (append, append_and_add):
        mutate(project, change)
        assert run(*WORDS, cwd=project).exit_code == 0
    mutate(project, swap)
    assert run(*WORDS, cwd=project).exit_code == 1
    done = run(*WORDS, "--accept-break", cwd=project)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, f"{LOCK}: updated")
    assert run(*WORDS, cwd=project).exit_code == 0


def test_what_is_new_is_frozen_from_then_on(project: Path) -> None:
    mutate(project, append)
    done = run("check", *WORDS, "--no-diff", cwd=project)
    assert done.exit_code == 1
    assert f"    {LOCK}: not as it is to be\n        flow 'logs', channel 'level': channel appended" in done.stdout
    assert run(*WORDS, cwd=project).exit_code == 0
    assert '{ name = "level", type = "int32" }' in (project / LOCK).read_text()
    write_config(project, BASE)
    assert "channel 'level': channel removed" in run(*WORDS, cwd=project).stderr


def test_check_tells_of_a_break_and_of_a_lock_that_is_missing(project: Path) -> None:
    mutate(project, swap)
    done = run("check", *WORDS, cwd=project)
    assert done.exit_code == 1
    assert f"    {LOCK}: broken by the config\n" in done.stdout
    assert "way out: leave flow 'readings' as it was" in done.stdout
    (project / LOCK).unlink()
    write_config(project, BASE)
    assert run("check", *WORDS, cwd=project).exit_code == 0
    done = run("check", *WORDS, "--lock", cwd=project)
    assert (done.exit_code, f"    {LOCK}: missing\n" in done.stdout) == (1, True)
    assert done.stdout.endswith(f"mend: sift-codegen vehicle.yaml -o sdk --lock {LOCK}\n")
    assert run(*WORDS, "--lock", LOCK, cwd=project).exit_code == 0
    assert run("check", *WORDS, cwd=project).exit_code == 0


def test_configs_of_a_directory_share_a_lock(project: Path) -> None:
    (project / "stand.yaml").write_text((project / "vehicle.yaml").read_text())
    assert run("stand.yaml", "-o", "stand", cwd=project).exit_code == 0
    text = (project / LOCK).read_text()
    assert [line for line in text.splitlines() if line.startswith("path")] == [
        'path = "stand.yaml"',
        'path = "vehicle.yaml"',
    ]
    mutate(project, swap)
    assert run(*WORDS, cwd=project).exit_code == 1
    assert run("stand.yaml", "-o", "stand", cwd=project).exit_code == 0


def test_a_config_that_is_renamed_stays_frozen(project: Path) -> None:
    mutate(project, swap)
    (project / "vehicle.yaml").rename(project / "rover.yaml")
    assert "channel moved" in run("rover.yaml", "-o", "sdk", cwd=project).stderr
    write_config(project, BASE).rename(project / "rover.yaml")
    assert run("rover.yaml", "-o", "sdk", cwd=project).exit_code == 0
    assert 'path = "rover.yaml"' in (project / LOCK).read_text()
    assert "vehicle" not in (project / LOCK).read_text()


def put(directory: Path, name: str, *flows: str, channels: tuple[str, ...] = ("a", "b")) -> None:
    listed = [{"name": flow, "channels": [channel(each, "double") for each in channels]} for flow in flows]
    write_config(directory, {"asset_name": "rover", "flows": listed}).rename(directory / name)


def two_locked(directory: Path, *shared: str) -> None:
    for name in ("left", "right"):
        put(directory, f"{name}.yaml", name, *shared)
        assert run(f"{name}.yaml", "-o", name, f"--lock={LOCK}", cwd=directory).exit_code == 0


def frozen_paths(directory: Path) -> list[str]:
    return [config["path"] for config in tomllib.loads((directory / LOCK).read_text())["config"]]


def test_two_configs_that_are_renamed_at_once_stay_frozen(tmp_path: Path) -> None:
    two_locked(tmp_path)
    for name in ("left", "right"):
        (tmp_path / f"{name}.yaml").unlink()
        put(tmp_path, f"{name}_new.yaml", name, channels=("b", "a"))
    for name in ("left", "right"):
        assert "channel moved" in run(f"{name}_new.yaml", "-o", name, cwd=tmp_path).stderr
        put(tmp_path, f"{name}_new.yaml", name)
    for name in ("left", "right"):
        done = run(f"{name}_new.yaml", "-o", name, cwd=tmp_path)
        assert (done.exit_code, done.stderr) == (0, "")
    assert frozen_paths(tmp_path) == ["left_new.yaml", "right_new.yaml"]


def test_a_config_that_may_be_either_of_two_is_refused(tmp_path: Path) -> None:
    two_locked(tmp_path, "heartbeat")
    for name in ("left", "right"):
        (tmp_path / f"{name}.yaml").rename(tmp_path / f"{name}_new.yaml")
    before = snapshot(tmp_path)
    for words in ((), ("--accept-break",)):
        done = run("left_new.yaml", "-o", "left", *words, cwd=tmp_path)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "'left_new.yaml' may be any of several configs that are gone" in done.stderr
        assert "'left.yaml' is frozen at " in done.stderr
        assert "'right.yaml' is frozen at " in done.stderr
    assert snapshot(tmp_path) == before
    (tmp_path / "right_new.yaml").rename(tmp_path / "right.yaml")
    assert run("left_new.yaml", "-o", "left", cwd=tmp_path).exit_code == 0
    assert frozen_paths(tmp_path) == ["left_new.yaml", "right.yaml"]


def test_a_config_that_shares_no_flow_with_one_that_is_gone_is_new(tmp_path: Path) -> None:
    two_locked(tmp_path)
    (tmp_path / "left.yaml").unlink()
    put(tmp_path, "other.yaml", "other")
    note = f"{LOCK}: 'left.yaml' is gone, and its section is kept; 'other.yaml' shares no flow, and is new"
    assert note.partition(": ")[2] in run("check", "other.yaml", "-o", "other", cwd=tmp_path).stdout
    done = run("other.yaml", "-o", "other", cwd=tmp_path)
    assert (done.exit_code, done.stderr) == (0, f"{note}\n")
    assert frozen_paths(tmp_path) == ["left.yaml", "other.yaml", "right.yaml"]


def test_a_project_sets_its_lock(tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    write_config(tmp_path / "configs", BASE)
    table = '[[tool.sift-codegen.packages]]\nconfig = "configs/vehicle.yaml"\noutput = "sdk"\nlock = "wire.lock"\n'
    (tmp_path / "pyproject.toml").write_text(table)
    assert run("check", cwd=tmp_path).exit_code == 1
    assert run("generate", cwd=tmp_path / "configs").exit_code == 0
    assert 'path = "configs/vehicle.yaml"' in (tmp_path / "wire.lock").read_text()
    assert run("check", cwd=tmp_path).exit_code == 0
    mutate(tmp_path / "configs", swap)
    assert run("generate", cwd=tmp_path).exit_code == 1
