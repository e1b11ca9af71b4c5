"""Generate over an older package, with a fault at each step on the file system in turn: `faulty_writing.py FAULT DIR`.

FAULT is kill, interrupt or full_disk. Each try is a process of its own; what it left is checked, and generating
another package over it, too. Prints how many steps there were.
"""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from sift_codegen import GenerateRequest, OutputError, generate

EVENTS = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "open"}


def flow(name: str, channel: str) -> str:
    return f"asset_name: rover\nflows: [{{name: {name}, channels: [{{name: {channel}, data_type: double}}]}}]\n"


CONFIGS = {"before": flow("one", "a"), "after": flow("two", "b"), "last": flow("three", "c")}


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt() -> None:
    raise KeyboardInterrupt


def full_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


FAULTS = {fault.__name__: fault for fault in (kill, interrupt, full_disk)}


def run(place: Path, config: str) -> tuple[str, ...]:
    source = place / "vehicle.yaml"
    source.write_text(CONFIGS[config])
    return generate(GenerateRequest(config=source, output=place / "out/sdk")).written.kept


def tree(place: Path) -> dict[str, bytes]:
    directory = place / "out/sdk"
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


def fail_at(number: int, fault: Callable[[], None], place: Path) -> None:
    """Let the fault happen instead of the so-manieth step below the output's parent."""
    steps = itertools.count(1)
    own = str(place / "out")

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in EVENTS and any(str(argument).startswith(own) for argument in arguments if argument):
            if event == "open" and arguments[1] == "r":
                return
            if next(steps) == number:
                fault()

    sys.addaudithook(watch)


def attempt(place: Path, number: int, fault: Callable[[], None]) -> bool:
    """Generate with the fault in a process of its own; returns whether there were so many steps."""
    child = os.fork()
    if child == 0:
        fail_at(number, fault, place)
        try:
            run(place, "after")
        except (KeyboardInterrupt, OutputError):
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


def main() -> None:
    fault, place = FAULTS[sys.argv[1]], Path(sys.argv[2])
    trees = {}
    for config in CONFIGS:
        shutil.rmtree(place / "out", ignore_errors=True)
        run(place, config)
        trees[config] = tree(place)
    for number in itertools.count(1):
        shutil.rmtree(place / "out")
        run(place, "before")
        failed = attempt(place, number, fault)
        left = tree(place)
        if fault is not kill:
            assert left == trees["before" if failed else "after"] or left == trees["after"], (number, sorted(left))
        kept = run(place, "last" if number % 2 else "after")
        assert kept == (), (number, kept)
        assert tree(place) == trees["last" if number % 2 else "after"], (number, sorted(tree(place)))
        beside = [path.name for path in (place / "out").iterdir()]
        assert beside == ["sdk"], (number, beside)
        if not failed and left == trees["after"] and number > 20:
            sys.stdout.write(f"{number} steps")
            return


main()
