"""Environments that tests install into, each made once however many processes run the tests."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["REPOSITORY", "Environment", "make_environment", "once", "run"]

REPOSITORY: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment."""

    folder: Path

    def command(self, name: str) -> str:
        """Return the path of a command installed in the environment."""
        return str(self.folder / "bin" / name)

    def python(self, code: str, *words: str, cwd: Path, **variables: str) -> str:
        """Run Python code there, away from this checkout, and return what it printed."""
        return run(self.command("python"), "-c", code, *words, cwd=cwd, **variables)

    def distributions(self) -> dict[str, str]:
        """Return the versions of what is installed, by name; pip and setuptools, which venv may bring, left out."""
        listing = json.loads(run(self.command("pip"), "list", "--format=json", cwd=self.folder))
        versions = {entry["name"].replace("_", "-"): entry["version"] for entry in listing}
        return {name: version for name, version in versions.items() if name not in {"pip", "setuptools"}}


def run(*command: str, cwd: Path, **variables: str) -> str:
    """Run a command to which nothing shows this process's own environment, and return its standard output.

    Raises RuntimeError with all the command said where it fails.
    """
    done = subprocess.run(command, cwd=cwd, env=_outside(variables), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:3])} failed with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def make_environment(folder: Path, *requirements: str) -> Environment:
    """Make a virtual environment that holds these requirements and what they need."""
    environment = Environment(folder)
    venv.create(folder, with_pip=True)
    run(environment.command("pip"), "install", "--quiet", *requirements, cwd=folder)
    return environment


def once(folder: Path, make: Callable[[], object]) -> Path:
    """Run `make`, which fills `folder`, in the first process that asks; the others wait and get the same folder."""
    done = folder.with_suffix(".done")
    with _locked(folder.with_suffix(".lock")):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # a process that was killed may have begun
            make()
            done.touch()
    return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock; the system gives it back even where this process is killed."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _outside(variables: Mapping[str, str]) -> dict[str, str]:
    inside = {name for name in os.environ if name.startswith("PYTHON")} | {"VIRTUAL_ENV"}
    return {name: value for name, value in os.environ.items() if name not in inside} | dict(variables)
