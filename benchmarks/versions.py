"""What was measured with what: versions of the interpreter and of every client, and how many processors."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.works import ROOT

__all__ = ["versions"]

_OURS: Final = ("sift-codegen", "protobuf", "grpcio", "pycurl", "numpy")
_PEERS: Final = ("sift-stack-py", "sift-stream-bindings", "protobuf", "grpcio")
_ASK: Final = """
import importlib.metadata, json, sys
def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
print(json.dumps({name: version(name) for name in sys.argv[1:]}))
"""


def versions() -> dict[str, object]:
    """Return them; no host name, no path."""
    return {
        "python": platform.python_version(),
        "processors": len(os.sched_getaffinity(0)),
        "ours": _installed(Path(sys.executable), _OURS),
        "peers": _installed(ROOT / ".venv-peers/bin/python", _PEERS),
    }


def _installed(python: Path, names: tuple[str, ...]) -> dict[str, str]:
    done = subprocess.run([str(python), "-c", _ASK, *names], capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found
