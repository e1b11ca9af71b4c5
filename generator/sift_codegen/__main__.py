"""Where the `sift-codegen` command begins; also `python -m sift_codegen`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Final

__all__ = ["main"]

_EXTRA: Final = {"click", "jinja2", "yaml"}


def main() -> None:
    """Run the command, or say what to install: flight computers have it without what it needs."""
    try:
        _run()
    except OSError as error:  # of standard output or error, for example on a full disk; all others are told as ours
        _tell(f"cannot write its messages: {error}")
        _write_no_more()
        sys.exit(1)


def _tell(message: str) -> None:
    if sys.stderr is not None:  # which it is where it was closed
        with suppress(OSError):  # there is nowhere else to tell it
            sys.stderr.write(f"sift-codegen: {message}\n")
            sys.stderr.flush()


def _write_no_more() -> None:
    """Keep the interpreter from writing once more, at its end, what could not be written."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run() -> None:
    try:
        from sift_codegen.cli import main as command  # noqa: PLC0415  # what it imports may not be installed
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        sys.stderr.write(f"sift-codegen needs {error.name}: pip install 'sift-codegen[generator]'\n")
        sys.exit(2)
    except KeyboardInterrupt:
        _tell("interrupted; nothing was written")
        sys.exit(130)
    command(prog_name="sift-codegen")


if __name__ == "__main__":
    main()
