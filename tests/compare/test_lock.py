"""`generate` and its lock file: what it freezes, refuses, adds, and how the two are written together."""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sift_codegen import BreakingChangeError, GenerateRequest, OutputError, generate
from tests.compare.command import run
from tests.compare.drifts import BASE, CASES, Case, mutated
from tests.compare.snapshots import snapshot
from tests.generator.packages import Config, channel, write_config
from tests.generator.test_command import sift_codegen

LOCK = "sift-codegen.lock"
WORDS = ("vehicle.yaml", "-o", "sdk")
FROZEN = """
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


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a config, its package and its lock file, for copies."""
    directory = tmp_path_factory.mktemp("locked")
    write_config(directory, BASE)
    assert run(*WORDS, "--lock", cwd=directory).exit_code == 0
    return directory


@pytest.fixture
def project(tmp_path: Path, generated: Path) -> Path:
    """A directory with a config, its package and its lock file."""
    return shutil.copytree(generated, tmp_path / "project")


def mutate(directory: Path, change: Callable[[Any], None]) -> None:
    config: Config = copy.deepcopy(BASE)
    change(config)
    write_config(directory, config)


def swap(config: Any) -> None:
    config["flows"][0]["channels"].insert(0, config["flows"][0]["channels"].pop(1))


def append(config: Any) -> None:
    config["flows"][1]["channels"].append(channel("level", "int32"))


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
        assert run("check", *WORDS, cwd=project).exit_code == 0
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
        "    frozen at sift-codegen.lock:15:1",
        "vehicle.yaml:14:7: flow 'readings', channel 'state': label 'off': key 0 -> key 7",
        "        - name: 'off'",
        "          ^",
        "    frozen at sift-codegen.lock:16:1",
        "sift-codegen: 2 breaks of sift-codegen.lock; nothing was written",
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


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            lambda text: text.replace('"int32"', '"int64"'),
            f"{LOCK}:12:1: edited by hand, merged or damaged",
        ),
        (lambda text: text.replace("[4, 1]", "[5, 1]"), f"{LOCK}:12:1: edited by hand"),
        (lambda text: text.replace('"log",', '"log" ,'), f"{LOCK}:24:1: edited by hand, or damaged"),
        (lambda text: text[:300], f"{LOCK}:1:1: "),
        (lambda text: text.replace("format = 1", "format = 2"), f"{LOCK}:1:1: format is 2; this sift-codegen knows"),
        (
            lambda text: text.replace("\n[[config.flow", "\n<<<<<<< HEAD\n[[config.flow", 1),
            f"{LOCK}:10:1: has the marks",
        ),
        (lambda text: "[" * 5000, f"{LOCK}:1:1: not TOML"),
        (lambda text: "format = 1\nconfig = 3\n", f"{LOCK}:1:1: damaged"),
        (lambda text: "", f"{LOCK}:1:1: format is None"),
    ],
)
def test_a_lock_that_is_damaged_or_edited_is_an_error_with_a_mend(
    project: Path, damage: Callable[[str], str], told: str
) -> None:
    path = project / LOCK
    path.write_text(damage(path.read_text()))
    before = snapshot(project)
    for words in (WORDS, ("check", *WORDS), (*WORDS, "--accept-break"), ("diff", LOCK, "vehicle.yaml")):
        done = run(*words, cwd=project)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(told), done.stderr
        assert "generate" in done.stderr
    assert snapshot(project) == before


def test_line_ends_of_windows_are_no_damage(project: Path) -> None:
    path = project / LOCK
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = snapshot(project)
    assert run(*WORDS, cwd=project).exit_code == 0
    assert snapshot(project) == before


def test_a_file_that_is_no_lock_is_never_written_over(tmp_path: Path) -> None:
    write_config(tmp_path, BASE)
    before = snapshot(tmp_path)
    done = run("-o", "sdk", "vehicle.yaml", "--lock", "vehicle.yaml", cwd=tmp_path)
    assert (done.exit_code, "vehicle.yaml:1:1: not TOML" in done.stderr) == (2, True)
    assert snapshot(tmp_path) == before


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


def test_a_package_that_cannot_be_written_leaves_the_lock(project: Path) -> None:
    mutate(project, append)
    (project / "sdk/flows/logs.py").unlink()
    (project / "sdk/flows/logs.py").mkdir()
    before = (project / LOCK).read_bytes()
    assert run(*WORDS, cwd=project).exit_code == 2
    assert (project / LOCK).read_bytes() == before
    assert sorted(path.name for path in project.iterdir()) == ["sdk", LOCK, "vehicle.yaml"]


def test_a_lock_that_cannot_be_written_leaves_the_package(project: Path) -> None:
    mutate(project, append)
    (project / f".{LOCK}.new").mkdir()
    before = snapshot(project / "sdk")
    with pytest.raises(OutputError, match=f"{LOCK}: cannot be written"):
        generate(GenerateRequest(config=project / "vehicle.yaml", output=project / "sdk"))
    assert snapshot(project / "sdk") == before


KILLED = """
import os, sys
_, moment, *sys.argv[1:] = sys.argv
def kill(event, arguments):
    if event == "os.rename" and "sift-codegen.lock" in str(arguments):
        os._exit(9) if moment == "kill" else sys.exit("full")
sys.addaudithook(kill)
from sift_codegen.__main__ import main
main()
"""


@pytest.mark.parametrize("moment", ["kill", "fail"])
def test_a_lock_is_never_half_written_or_ahead_of_its_package(project: Path, moment: str) -> None:
    mutate(project, append)
    before = (project / LOCK).read_bytes()
    command = [sys.executable, "-c", KILLED, moment, *WORDS]
    assert subprocess.run(command, cwd=project, capture_output=True, check=False).returncode != 0
    assert (project / LOCK).read_bytes() == before
    assert "level" in (project / "sdk/flows/logs.py").read_text()
    assert run(*WORDS, cwd=project).exit_code == 0
    assert run("check", *WORDS, cwd=project).exit_code == 0
    assert sorted(path.name for path in project.iterdir()) == ["sdk", LOCK, "vehicle.yaml"]


def test_runs_at_once_lose_no_config(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(3)]
    for name in names:
        write_config(tmp_path, BASE).rename(tmp_path / f"{name}.yaml")
    for _ in range(2):
        (tmp_path / LOCK).unlink(missing_ok=True)
        command = [sys.executable, "-m", "sift_codegen"]
        runs = [
            subprocess.Popen([*command, f"{name}.yaml", "-o", name, f"--lock={LOCK}"], cwd=tmp_path, stdout=-3)
            for name in names
        ]
        assert [each.wait(120) for each in runs] == [0] * len(names)
        for name in names:
            assert f'path = "{name}.yaml"' in (tmp_path / LOCK).read_text()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="there are no links on this system")
def test_a_link_to_a_lock_stays_one(project: Path) -> None:
    (project / "real").mkdir()
    (project / LOCK).unlink()
    (project / LOCK).symlink_to("real/wire.lock")
    (project / "real/wire.lock").write_text("")
    (project / "real/wire.lock").unlink()
    assert "cannot be read" in run(*WORDS, cwd=project).stderr
    assert run(*WORDS, "--lock", "real/wire.lock", cwd=project).exit_code == 0
    mutate(project, append)
    assert run(*WORDS, cwd=project).exit_code == 0
    assert (project / LOCK).is_symlink()
    assert "level" in (project / "real/wire.lock").read_text()
