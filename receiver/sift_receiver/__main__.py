"""Where the `sift-receiver` command begins; also `python -m sift_receiver`."""

from __future__ import annotations

import sys
from typing import Final

__all__ = ["main"]

_EXTRA: Final = {"click", "duckdb"}


def main() -> None:
    """Run the command, or say what to install: flight computers have it without what it needs."""
    try:
        from sift_receiver.cli import main as command  # noqa: PLC0415  # what it imports may not be installed
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        sys.stderr.write(f"sift-receiver needs {error.name}: pip install 'sift-codegen[receiver]'\n")
        sys.exit(2)
    command(prog_name="sift-receiver")


if __name__ == "__main__":
    main()
