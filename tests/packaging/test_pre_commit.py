"""The hooks for pre-commit, by pre-commit itself: it clones this repository, installs it and runs them.

The first run installs sift-codegen and what it needs: 10 seconds where pip has them in its cache.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.generator.test_command import sift_codegen
from tests.packaging.environments import REPOSITORY, once

MANIFEST: Final = REPOSITORY / ".pre-commit-hooks.yaml"
_RELEASED: Final = (
    "generator",
    "templates",
    "runtime",
    "receiver",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    MANIFEST.name,
)
_PROJECT: Final = '[[tool.sift-codegen.packages]]\nconfig = "vehicle.yaml"\noutput = "vehicle_telemetry"\n'
_CONFIG: Final = "asset_name: rover\nflows: [{name: drive, channels: [{name: velocity, data_type: double}]}]\n"


def hooks() -> list[dict[str, Any]]:
    return list(yaml.safe_load(MANIFEST.read_text("utf-8")))


def commands() -> str:
    """Return what the command says of itself."""
    return sift_codegen("--help", cwd=REPOSITORY).stdout


def git(folder: Path, *words: str) -> str:
    author = ("-c", "user.name=Ripley", "-c", "user.email=ripley@weyland.com", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *author, *words], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="session")
def released(shared_folder: Path) -> Path:
    """Return a repository that holds what is released of this one, as it is in the working tree."""
    folder = shared_folder / "released"

    def make() -> None:
        folder.mkdir()
        for name in _RELEASED:
            path = REPOSITORY / name
            skipped = shutil.ignore_patterns("__pycache__", "*.egg-info")
            (shutil.copytree(path, folder / name, ignore=skipped) if path.is_dir() else shutil.copy(path, folder))
        git(folder, "init", "-q", ".")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "release")

    return once(folder, make)


@pytest.fixture
def project(tmp_path: Path, released: Path) -> Path:
    """Return a repository that uses the hooks of the release."""
    folder = tmp_path / "project"
    folder.mkdir()
    revision = git(released, "rev-parse", "HEAD").strip()
    used = {"repo": released.as_uri(), "rev": revision, "hooks": [{"id": hook["id"]} for hook in hooks()]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [used]}))
    (folder / "pyproject.toml").write_text(_PROJECT)
    (folder / "vehicle.yaml").write_text(_CONFIG)
    git(folder, "init", "-q", ".")
    git(folder, "add", "-A")
    return folder


def pre_commit(folder: Path, cache: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("pre-commit")), *words]
    outside = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment = {**outside, "PRE_COMMIT_HOME": str(cache)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_manifest_is_one(tmp_path: Path) -> None:
    done = pre_commit(REPOSITORY, tmp_path, "validate-manifest", str(MANIFEST))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert [hook["id"] for hook in hooks()] == ["sift-codegen-check", "sift-codegen-lint", "sift-codegen-generate"]


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: str(hook["id"]))
def test_each_entry_runs_where_nothing_is_wrong(hook: dict[str, Any], tmp_path: Path) -> None:
    program, command = hook["entry"].split()
    if f"\n  {command} " not in commands():
        pytest.skip(f"this version has no {command}")
    (tmp_path / "pyproject.toml").write_text(_PROJECT)
    (tmp_path / "vehicle.yaml").write_text(_CONFIG)
    for words in ("generate", command):
        done = sift_codegen(words, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    assert program == "sift-codegen"


def test_a_commit_regenerates_the_package_and_stops_until_it_is_added(project: Path, shared_folder: Path) -> None:
    cache = shared_folder / "pre-commit"
    first = pre_commit(project, cache, "run", "sift-codegen-generate", "--all-files")
    assert first.returncode == 0, first.stdout + first.stderr  # pre-commit minds changed files only, not new ones
    assert (project / "vehicle_telemetry/flows/drive.py").exists()
    git(project, "add", "-A")
    again = pre_commit(project, cache, "run", "sift-codegen-generate", "--all-files")
    assert again.returncode == 0, again.stdout + again.stderr
    (project / "vehicle.yaml").write_text(_CONFIG.replace("velocity", "speed"))
    git(project, "add", "-A")
    changed = pre_commit(project, cache, "run", "sift-codegen-generate")
    assert changed.returncode == 1
    assert "files were modified by this hook" in changed.stdout
    assert "speed: float" in (project / "vehicle_telemetry/flows/drive.py").read_text()


def test_a_config_with_mistakes_stops_the_commit(project: Path, shared_folder: Path) -> None:
    (project / "vehicle.yaml").write_text(_CONFIG.replace("double", "dobule"))
    git(project, "add", "-A")
    done = pre_commit(project, shared_folder / "pre-commit", "run", "sift-codegen-generate")
    assert done.returncode == 1
    assert "vehicle.yaml:2:62: unknown data_type 'dobule' of channel 'velocity'" in done.stdout
