"""The environment of the unmodified official clients; `make` fills it where it is not there yet."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Final

from tests.packaging.environments import REPOSITORY, Environment, run

__all__ = ["peers_environment"]

_REQUIREMENTS: Final = Path(__file__).with_name("requirements.txt")


def peers_environment() -> Environment:
    """Return the environment. Several test processes may come here at once: one makes it, the others wait."""
    with _REQUIREMENTS.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run("make", "--silent", ".venv-peers/.installed", cwd=REPOSITORY)
    return Environment(REPOSITORY / ".venv-peers")
