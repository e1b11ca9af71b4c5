"""The command line of `sift-spool`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from sift_runtime._errors import SiftRuntimeError
from sift_runtime._spool_command import actions

__all__ = ["main"]

_FINE, _FINDINGS, _USAGE, _NETWORK = 0, 1, 2, 3
_Action: TypeAlias = Callable[[argparse.Namespace], int]
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0 fine, 1 findings, 2 usage, 3 network or credentials."""
    parsed = _parser().parse_args(arguments)
    try:
        if not parsed.directory.is_dir():
            return _failed(f"{parsed.directory} is no directory; give what Sdk(spool=…) was given")
        status = _ACTIONS[parsed.command](parsed)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FINE
    except (OSError, SiftRuntimeError, ImportError, ValueError) as error:
        return _failed(str(error))
    return status


def _failed(problem: str) -> int:
    sys.stderr.write(f"sift-spool: {problem}\n")
    return _USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sift-spool", description="Look into spool directories, and send what is in them."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    listing = _command(commands, "ls", "list segments, and what is left in them")
    listing.add_argument("--json", action="store_true", help="for programs")
    cat = _command(commands, "cat", "print readings, the oldest segment first")
    cat.add_argument("--all", action="store_true", help="also what was acknowledged, rejected or dropped")
    cat.add_argument("--flow", help="only this flow")
    cat.add_argument("--limit", type=int, help="at most so many")
    cat.add_argument("--dead-letters", action="store_true", help="what the server refused, instead, and its words")
    cat.add_argument("--package", help="name channels as this generated package does, not as they were registered")
    cat.add_argument("--json", action="store_true", help="a line of JSON each")
    _command(commands, "verify", "check every checksum; exit status 1 if anything is damaged")
    export = _command(commands, "export", "write what is left to files that Sift's own tool replays")
    export.add_argument("--pbfs", action="store_true", required=True, help="in the format of Sift's backup files")
    export.add_argument("--output", "-o", type=Path, required=True, help="an empty or new folder")
    export.add_argument("--all", action="store_true", help="also what was acknowledged, rejected or dropped")
    export.add_argument("--config-id", help="for readings that were tracked before their config's id was known")
    send = _command(commands, "send", "send what processes that are gone have left")
    send.add_argument("--uri", help="default: SIFT_GRPC_URI")
    send.add_argument("--ca-certificate", type=Path, help="a PEM file to verify the server by")
    send.add_argument("--timeout", type=float, default=3600.0, help="give up after so many seconds (3600)")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=what, description=what)
    command.add_argument("directory", type=Path, help="what Sdk(spool=…) was given, or one directory in it")
    return command


_ACTIONS: Final[dict[str, _Action]] = {
    "ls": actions.list_segments,
    "cat": actions.print_readings,
    "verify": actions.verify_all,
    "export": actions.export,
    "send": actions.send,
}
