"""The environment of the official clients, made by the make target if it is not there."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.peers.environment import peers_environment

SCRIPTS = Path(__file__).with_name("scripts")


class Peers:
    """Runs a script with the official clients' interpreter."""

    def __init__(self, python: Path) -> None:
        self._python = python

    def fly(self, script: str, *arguments: str) -> dict[str, str]:
        """Run a script to its end and return what it printed last."""
        result = subprocess.run(
            [str(self._python), "-W", "ignore", str(SCRIPTS / script), *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        printed: dict[str, str] = json.loads(result.stdout.splitlines()[-1])
        return printed


@pytest.fixture(scope="session")
def peers() -> Peers:
    return Peers(Path(peers_environment().command("python")))
