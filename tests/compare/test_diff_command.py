"""`sift-codegen diff`: what it tells of two files, and what makes it fail."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.compare.command import run
from tests.compare.drifts import BASE, CASES, Case, mutated
from tests.compare.versions import change_bit_layout, change_unit, remove_channel, renumber_enum, reorder, write
from tests.generator.packages import write_config
from tests.generator.test_command import sift_codegen


@pytest.mark.parametrize(
    ("change", "kind", "told"),
    [
        (reorder, "wire", "channel 'voltage': channel moved: 2 of 4 -> 1 of 4"),
        (remove_channel, "wire", "channel 'voltage': channel removed: was int32, 2 of 4"),
        (change_unit, "doc", "channel 'velocity': unit: 'm/s' -> 'km/h'"),
        (renumber_enum, "wire", "channel 'state': label 'off': key 0 -> key 9"),
        (change_bit_layout, "wire", "channel 'pins': element 'heater': bit 4 -> bit 7"),
    ],
    ids=["channels_reordered", "channel_removed", "unit_changed", "enum_renumbered", "bit_layout_changed"],
)
def test_a_drift_that_the_incumbent_is_silent_about_is_caught(
    versions: Path, change: Callable[[Any], None], kind: str, told: str
) -> None:
    write(versions, "new.yaml", change)
    done = sift_codegen("diff", "old.yaml", "new.yaml", "--fail-on", kind, cwd=versions)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"  flow 'readings'\n    {told}\n        old.yaml:" in done.stdout


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("fail_on", ["wire", "source", "doc", "added", "wire,doc", "never"])
def test_the_exit_code_is_that_of_the_classes_asked_for(versions: Path, case: Case, fail_on: str) -> None:
    write_config(versions, mutated(case)).rename(versions / "new.yaml")
    done = run("diff", "old.yaml", "new.yaml", "--fail-on", fail_on, "--format", "json", cwd=versions)
    kinds = {told[0].lower() for told in case.told}
    assert done.exit_code == int(bool(kinds.intersection(fail_on.split(","))))
    assert {change["class"] for change in json.loads(done.stdout)["changes"]} == kinds


def test_nothing_has_changed(versions: Path) -> None:
    done = run("diff", "old.yaml", "old.yaml", cwd=versions)
    assert (done.exit_code, done.stdout) == (0, "old.yaml -> old.yaml: no change\n")


def test_what_flows_share_is_told_once(versions: Path) -> None:
    flows = copy.deepcopy(BASE["flows"][:1])
    flows += [{"name": f"f{number}", "channels": flows[0]["channels"][:1]} for number in range(6)]
    text = write_config(versions, {"asset_name": "rover", "flows": flows})
    text.rename(versions / "old.yaml")
    (versions / "new.yaml").write_text((versions / "old.yaml").read_text().replace("m/s", "km/h"))
    done = run("diff", "old.yaml", "new.yaml", "--fail-on", "never", cwd=versions)
    assert done.stdout.splitlines()[2:5] == [
        "DOC: units and descriptions",
        "  flows 'readings', 'f0', 'f1', 'f2', 'f3' and 2 more",
        "    channel 'velocity': unit: 'm/s' -> 'km/h'",
    ]


def test_json_has_both_sides_with_their_places(versions: Path) -> None:
    write(versions, "new.yaml", renumber_enum)
    done = run("diff", "old.yaml", "new.yaml", "--format", "json", cwd=versions)
    assert json.loads(done.stdout) == {
        "old": "old.yaml",
        "new": "new.yaml",
        "compared": ["wire", "source", "doc", "added"],
        "drifts_under_client_key": None,
        "changes": [
            {
                "class": "wire",
                "flow": "readings",
                "channel": "state",
                "message": "label 'off'",
                "before": {"text": "key 0", "file": "old.yaml", "line": 14, "column": 7},
                "after": {"text": "key 9", "file": "new.yaml", "line": 14, "column": 7},
            }
        ],
    }


def test_github_gets_an_annotation_at_each_place(versions: Path) -> None:
    def change(config: Any) -> None:
        renumber_enum(config)
        remove_channel(config)
        config["flows"][1]["name"] = "50%\nlogs"

    write(versions, "new.yaml", change)
    done = run("diff", "old.yaml", "new.yaml", "--format", "github", "--fail-on", "wire,source", cwd=versions)
    assert done.stdout.splitlines()[:5] == [
        "::error file=new.yaml,line=3,col=9,title=WIRE::flow 'readings', channel 'voltage': "
        "channel removed: was int32, 2 of 4",
        "::error file=new.yaml,line=12,col=7,title=WIRE::flow 'readings', channel 'state': label 'off': key 0 -> key 9",
        "::error file=new.yaml,line=1,col=1,title=WIRE::flow 'logs': flow removed: was 1 channel",
        "::error file=new.yaml,line=1,col=1,title=SOURCE::flow 'logs': Python name removed: was LogsFlow",
        "::error file=new.yaml,line=3,col=9,title=SOURCE::flow 'readings', channel 'voltage': "
        "Python name removed: was ReadingsFlow.voltage",
    ]
    assert done.stdout.splitlines()[-1].endswith(r"title=ADDED::flow '50%25\nlogs': new flow: 1 channel")


@pytest.mark.parametrize("old_key", ["rover_1", "rover_0", None])
def test_a_client_key_that_stays_is_told_of(versions: Path, old_key: str | None) -> None:
    write(versions, "old.yaml", lambda config: config.update(ingestion_client_key=old_key))

    def change(config: Any) -> None:
        config["ingestion_client_key"] = "rover_1"
        config["flows"][1]["channels"].append({"name": "level", "data_type": "int32"})

    write(versions, "new.yaml", change)
    done = run("diff", "old.yaml", "new.yaml", cwd=versions)
    assert done.exit_code == 0
    is_told = "A server that has the ingestion config 'rover_1' keeps its flows as they were" in done.stdout
    assert is_told == (old_key == "rover_1")


def test_a_class_that_there_is_not_is_a_usage_error(versions: Path) -> None:
    done = run("diff", "old.yaml", "old.yaml", "--fail-on", "wire,sauce", cwd=versions)
    assert (done.exit_code, "no class 'sauce'" in done.stderr) == (2, True)
    assert "did you mean 'source'?" in done.stderr
