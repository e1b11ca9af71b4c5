"""Where the `sift-codegen` command begins; also `python -m sift_codegen`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Final

__all__ = ["main"]

_EXTRA: Final = {"black", "click", "jinja2", "yaml"}


def main() -> None:
    """Run the command, or say what to install: flight computers have it without what it needs."""
    try:
        _run()
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:  # of standard output or error, for example on a full disk; all others are told as ours
        with suppress(OSError):
            sys.stderr.write(f"sift-codegen: cannot write its messages: {error}\n")
        # So that the interpreter does not try to write them once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _run() -> None:
    try:
        from sift_codegen.cli import main as command  # noqa: PLC0415  # what it imports may not be installed
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        sys.stderr.write(f"sift-codegen needs {error.name}: pip install 'sift-codegen[generator]'\n")
        sys.exit(2)
    command(prog_name="sift-codegen")


if __name__ == "__main__":
    main()
