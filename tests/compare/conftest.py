"""Directories that are generated once, and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.compare.command import run
from tests.compare.drifts import BASE
from tests.compare.locking import WORDS
from tests.compare.versions import write
from tests.generator.packages import write_config


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


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """A directory with `old.yaml`, and a `new.yaml` to be changed."""
    write(tmp_path, "old.yaml")
    return tmp_path
