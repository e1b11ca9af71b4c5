"""What both loaders of sift_py make of documents, in the environment of the official clients."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from tests.packaging.environments import run
from tests.peers.environment import peers_environment

__all__ = ["read_with_both_loaders"]

_SCRIPT: Final = Path(__file__).with_name("scripts") / "read_with_both_loaders.py"


def read_with_both_loaders(directory: Path, documents: list[str]) -> list[tuple[str, str]]:
    """Return for each document what rapidyaml and what PyYAML reads."""
    path = directory / "documents.json"
    path.write_text(json.dumps(documents), "utf-8")
    python = peers_environment().command("python")
    pairs = json.loads(run(python, "-W", "ignore", str(_SCRIPT), str(path), cwd=directory))
    return [(rapidyaml, pyyaml) for rapidyaml, pyyaml in pairs]
