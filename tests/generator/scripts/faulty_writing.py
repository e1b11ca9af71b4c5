"""Generate over an older package, with a fault at each step on the file system in turn: `faulty_writing.py FAULT DIR`.

FAULT is a key of FAULTS, or kill_twice. Each try is a process of its own; what it left is checked, and generating
another package over it, too. Prints how many tries there were, and in how many the
old files had to be rescued.
"""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sift_codegen import GenerateRequest, OutputError, generate

EVENTS = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "open"}
FAULTLESS, FAILED, SURVIVED = range(3)


def flow(name: str, channel: str) -> str:
    return f"asset_name: rover\nflows: [{{name: {name}, channels: [{{name: {channel}, data_type: double}}]}}]\n"


CONFIGS = {
    "before": flow("one", "a"),
    "after": flow("two", "b"),
    "last": flow("three", "c"),
    "changed": flow("one", "z"),
}


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt() -> None:
    raise KeyboardInterrupt


def fill_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@dataclass(frozen=True)
class Fault:
    """What happens instead of a step, from which on, for how many, and below which path."""

    happen: Callable[[], None]
    times: int = 1
    below: str = "out"


FAULTS = {
    "kill": Fault(kill),
    "interrupt": Fault(interrupt),
    "interrupt_again": Fault(interrupt, times=4),
    "full_disk": Fault(fill_disk),
    "full_disk_for_good": Fault(fill_disk, times=10_000, below="out/sdk/"),
}


def run(place: Path, config: str) -> tuple[str, ...]:
    source = place / "vehicle.yaml"
    source.write_text(CONFIGS[config])
    return generate(GenerateRequest(config=source, output=place / "out/sdk")).written.kept


def tree(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


def fail_from(number: int, fault: Fault, place: Path) -> list[str]:
    """Let the fault happen instead of the so-manieth step, and as many more as it lasts for; returns which did."""
    happened: list[str] = []
    steps = itertools.count(1)
    own = str(place / fault.below)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in EVENTS and any(str(argument).startswith(own) for argument in arguments if argument):
            if event == "open" and arguments[1] == "r":
                return
            if number <= next(steps) < number + fault.times:
                happened.append(event)
                fault.happen()

    sys.addaudithook(watch)
    return happened


def attempt(place: Path, number: int, fault: Fault, config: str = "after") -> bool:
    """Generate with the fault in a process of its own; returns whether there were so many steps."""
    child = os.fork()
    if child == 0:
        happened = fail_from(number, fault, place)
        try:
            run(place, config)
        except (KeyboardInterrupt, OutputError) as error:
            (place / "told").write_text(str(error))
            os._exit(FAILED)
        os._exit(SURVIVED if happened else FAULTLESS)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (FAULTLESS, FAILED, SURVIVED, -signal.SIGKILL), status
    return status != FAULTLESS


def check_left(place: Path, old: dict[str, bytes], new: dict[str, bytes]) -> bool:
    """Check that the package is whole, or that its old files are where the error says; returns the latter."""
    left = tree(place / "out/sdk")
    for rescued in (place / "out").glob(".sdk.*.rescued"):
        assert str(rescued / "old") in (place / "told").read_text()
        assert {**left, **tree(rescued / "old")}.items() >= old.items(), sorted(left)
        shutil.rmtree(rescued)
        return True
    assert left in (old, new), sorted(left)
    return False


def check_next(place: Path, config: str, expected: dict[str, bytes]) -> None:
    """Check that the next run has no trouble with what there is, and leaves nothing else."""
    kept = run(place, config)
    assert kept == (), kept
    assert tree(place / "out/sdk") == expected
    beside = [path.name for path in (place / "out").iterdir()]
    assert beside == ["sdk"], beside


def main() -> None:
    name, place = sys.argv[1], Path(sys.argv[2])
    fault = FAULTS.get(name, FAULTS["kill"])
    trees = {"nothing": dict[str, bytes]()}
    for config in CONFIGS:
        shutil.rmtree(place / "out", ignore_errors=True)
        run(place, config)
        trees[config] = tree(place / "out/sdk")
        shutil.copytree(place / "out", place / f"saved_{config}")
    (place / "saved_nothing").mkdir()
    tries = rescues = 0
    for start in ("before",) if name == "kill_twice" else ("before", "nothing"):
        for number in itertools.count(1):
            shutil.rmtree(place / "out")
            shutil.copytree(place / f"saved_{start}", place / "out")
            happened = attempt(place, number, fault, "changed" if name == "kill_twice" else "after")
            if name == "kill_twice":
                attempt(place, number, fault, "last")
            elif fault.happen is not kill:
                rescues += check_left(place, trees[start], trees["after"])
            try:
                config = "last" if number % 2 and name != "kill_twice" else "after"
                check_next(place, config, trees[config])
            except AssertionError as error:
                error.add_note(f"{name} at step {number} over {start}")
                raise
            tries += 1
            if not happened:
                break
    sys.stdout.write(f"{tries} tries, {rescues} rescues")


main()
