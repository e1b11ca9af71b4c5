"""`sift-codegen diff`: files, revisions and lock files, and what makes it fail."""

from __future__ import annotations

import copy
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.compare.command import run
from tests.compare.drifts import BASE, CASES, Case, mutated, of
from tests.generator.packages import write_config
from tests.generator.test_command import sift_codegen


def write(directory: Path, name: str, change: Callable[[Any], None] = lambda config: None) -> None:
    config = copy.deepcopy(BASE)
    change(config)
    write_config(directory, config).rename(directory / name)


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """A directory with `old.yaml`, and a `new.yaml` to be changed."""
    write(tmp_path, "old.yaml")
    return tmp_path


def reorder(config: Any) -> None:
    channels = config["flows"][0]["channels"]
    channels[0], channels[1] = channels[1], channels[0]


def remove_channel(config: Any) -> None:
    del config["flows"][0]["channels"][1]
    config.pop("x-sift-codegen")


def change_unit(config: Any) -> None:
    of(config, "velocity")["unit"] = "km/h"


def renumber_enum(config: Any) -> None:
    of(config, "state")["enum_types"][0]["key"] = 9


def change_bit_layout(config: Any) -> None:
    of(config, "pins")["bit_field_elements"][1]["index"] = 7


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


def git(directory: Path, *words: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    isolated = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *identity, *words], cwd=directory, env=isolated, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose only commit has `configs/vehicle.yaml`; it has been reordered since."""
    (tmp_path / "configs").mkdir()
    write_config(tmp_path / "configs", BASE)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "tag", "v1")
    write(tmp_path / "configs", "vehicle.yaml", reorder)
    return tmp_path


@pytest.mark.parametrize(
    ("directory", "old", "new"),
    [
        (".", "git:HEAD:configs/vehicle.yaml", "configs/vehicle.yaml"),
        (".", "git:v1:./configs/vehicle.yaml", "configs/vehicle.yaml"),
        ("configs", "git:HEAD:vehicle.yaml", "vehicle.yaml"),
        ("configs", "git:v1^{commit}:../configs/vehicle.yaml", "../configs/vehicle.yaml"),
    ],
)
def test_a_revision_is_a_side(repository: Path, directory: str, old: str, new: str) -> None:
    done = sift_codegen("diff", old, new, cwd=repository / directory)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"{old} -> {new}: 1 wire\n")
    assert f"        {old}:9:5 -> {new}:5:5\n" in done.stdout
    absolute = f"git:HEAD:{repository / 'configs/vehicle.yaml'}"
    assert run("diff", old, absolute, cwd=repository / directory).exit_code == 0


@pytest.mark.parametrize(
    ("side", "told"),
    [
        ("git:HEAD~7:configs/vehicle.yaml", "no revision 'HEAD~7' in the repository here"),
        ("git:HEAD:vehicle.yaml", "revision 'HEAD' has no such file"),
        ("git:HEAD:configs", "revision 'HEAD' has no such file"),
        ("git:HEAD:../../etc/passwd", "revision 'HEAD' has no such file"),
        ("git:--output=stolen:configs/vehicle.yaml", "'--output=stolen' is no revision"),
        ("git:-:configs/vehicle.yaml", "'-' is no revision"),
        ("git::configs/vehicle.yaml", "'' is no revision"),
        ("git:HEAD", "name a revision and a path, as in git:HEAD:vehicle.yaml"),
        ("git:HEAD:", "name a revision and a path"),
        ("git:HEAD; touch stolen:configs/vehicle.yaml", "no revision 'HEAD; touch stolen'"),
    ],
)
def test_what_git_does_not_have_is_exit_2(repository: Path, side: str, told: str) -> None:
    done = run("diff", side, "configs/vehicle.yaml", cwd=repository)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (repository / "stolen").exists()


def test_no_repository_and_no_git_are_told(versions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(versions.parent))
    done = run("diff", "git:HEAD:old.yaml", "old.yaml", cwd=versions)
    assert (done.exit_code, "not a git repository" in done.stderr) == (2, True)
    monkeypatch.setenv("PATH", "/nowhere")
    done = run("diff", "git:HEAD:old.yaml", "old.yaml", cwd=versions)
    assert (done.exit_code, "git cannot be run" in done.stderr) == (2, True)


def test_errors_of_a_revision_have_its_name(repository: Path) -> None:
    (repository / "configs/vehicle.yaml").write_text("asset_name: rover\nflows: 3\n")
    git(repository, "commit", "-qam", "second")
    done = run("diff", "git:v1:configs/vehicle.yaml", "git:HEAD:configs/vehicle.yaml", cwd=repository)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("git:HEAD:configs/vehicle.yaml:2:8: 'flows' must be a list")


def test_rules_need_no_files_beside_the_config(repository: Path) -> None:
    def rule(config: Any) -> None:
        config["rules"] = [{"name": "r", "type": "review", "expression": {"name": "gone"}}]

    write(repository / "configs", "vehicle.yaml", rule)
    git(repository, "commit", "-qam", "second")
    words = ["git:HEAD:configs/vehicle.yaml", "git:v1:configs/vehicle.yaml", "--named-expressions", "gone.yaml"]
    done = run("diff", *words, cwd=repository)
    assert (done.exit_code, done.stdout.endswith(": no change\n")) == (0, True)


def test_a_lock_file_tells_of_the_wire_only(repository: Path) -> None:
    configs = repository / "configs"
    write(configs, "vehicle.yaml")
    assert run("vehicle.yaml", "-o", "sdk", "--lock", cwd=configs).exit_code == 0
    git(repository, "add", "configs/sift-codegen.lock")
    git(repository, "commit", "-qm", "lock")

    def change(config: Any) -> None:
        change_unit(config)
        renumber_enum(config)

    write(configs, "vehicle.yaml", change)
    for lock in ("configs/sift-codegen.lock", "git:HEAD:configs/sift-codegen.lock"):
        done = run("diff", lock, "configs/vehicle.yaml", "--fail-on", "wire,doc", cwd=repository)
        assert done.exit_code == 1
        assert done.stdout.startswith(f"{lock} -> configs/vehicle.yaml: 1 wire\n")
        assert f"{lock}:16:1 -> configs/vehicle.yaml:14:7" in done.stdout
        assert "names, units and descriptions were not compared" in done.stdout
        assert done.stderr == "sift-codegen: --fail-on doc: not compared, as a lock file holds the wire layout only\n"
    back = run("diff", "configs/vehicle.yaml", "git:HEAD:configs/sift-codegen.lock", cwd=repository)
    assert "channel 'state': label 'off': key 9 -> key 0" in back.stdout
    assert run("vehicle.yaml", "-o", "sdk", "--accept-break", cwd=configs).exit_code == 0
    both = run("diff", "git:HEAD:configs/sift-codegen.lock", "configs/sift-codegen.lock", cwd=repository)
    assert (both.exit_code, "label 'off': key 0 -> key 9" in both.stdout) == (1, True)


def test_a_lock_of_several_configs_is_looked_into_for_the_right_one(versions: Path) -> None:
    write(versions, "new.yaml", reorder)
    for name in ("old", "new"):
        assert run(f"{name}.yaml", "-o", name, "--lock", cwd=versions).exit_code == 0
    write(versions, "other.yaml")
    for name, code in (("old.yaml", 0), ("new.yaml", 0), ("other.yaml", 2)):
        assert run("diff", "sift-codegen.lock", name, cwd=versions).exit_code == code
    told = run("diff", "sift-codegen.lock", "other.yaml", cwd=versions).stderr
    assert told == (
        "sift-codegen: sift-codegen.lock: holds no layout of other.yaml; it holds those of: new.yaml, old.yaml\n"
    )


def test_a_class_that_there_is_not_is_a_usage_error(versions: Path) -> None:
    done = run("diff", "old.yaml", "old.yaml", "--fail-on", "wire,sauce", cwd=versions)
    assert (done.exit_code, "no class 'sauce'" in done.stderr) == (2, True)
    assert "did you mean 'source'?" in done.stderr
