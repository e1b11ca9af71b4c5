"""The distribution, built as a release is: source distribution, then the wheel from it; and what it installs to."""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.packaging.environments import REPOSITORY, Environment, make_environment, once, run
from tests.peers.environment import peers_environment


@dataclass(frozen=True, slots=True)
class Distribution:
    """The two files of a release."""

    sdist: Path
    wheel: Path


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that this run's worker processes have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def distribution(shared_folder: Path) -> Distribution:
    """Build the source distribution, and the wheel from what is in it."""
    folder = shared_folder / "distribution"

    def build() -> None:
        run(sys.executable, "-m", "build", "--outdir", str(folder), str(REPOSITORY), cwd=shared_folder)

    once(folder, build)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return Distribution(sdist, wheel)


@pytest.fixture(scope="session")
def flight(shared_folder: Path, distribution: Distribution) -> Environment:
    """Install the wheel as a flight computer does: no extra."""
    folder = shared_folder / "flight"
    return Environment(once(folder, lambda: make_environment(folder, str(distribution.wheel))))


@pytest.fixture(scope="session")
def generator(shared_folder: Path, distribution: Distribution) -> Environment:
    """Install the wheel as a build machine does: with the generator's extra."""
    folder = shared_folder / "generator"
    return Environment(once(folder, lambda: make_environment(folder, f"{distribution.wheel}[generator]")))


@pytest.fixture(scope="session")
def oldest_flight(shared_folder: Path, distribution: Distribution) -> Environment:
    """Install the wheel with the lowest version of everything that it says it works with."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    lowest = [requirement.replace(">=", "==") for requirement in project["dependencies"]]
    folder = shared_folder / "oldest_flight"
    return Environment(once(folder, lambda: make_environment(folder, str(distribution.wheel), *lowest)))


@pytest.fixture(scope="session")
def peers() -> Environment:
    """Return the environment of the unmodified official clients."""
    return peers_environment()
