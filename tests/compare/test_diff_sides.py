"""`sift-codegen diff` of revisions of git and of lock files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.compare.command import run
from tests.compare.drifts import BASE
from tests.compare.versions import change_unit, renumber_enum, reorder, write
from tests.generator.packages import write_config
from tests.generator.test_command import sift_codegen


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
        assert f"{lock}:19:1 -> configs/vehicle.yaml:14:7" in done.stdout
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


def test_a_lock_file_may_have_any_name(versions: Path) -> None:
    assert run("old.yaml", "-o", "sdk", "--lock", "wire.toml", cwd=versions).exit_code == 0
    done = run("diff", "wire.toml", "old.yaml", cwd=versions)
    assert (done.exit_code, done.stdout.startswith("wire.toml -> old.yaml: no change\n")) == (0, True)
