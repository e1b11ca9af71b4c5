"""One process that runs inputs through the commands: `python -m tests.fuzz.worker RUN FIRST END FOLDER`.

Each input has ten seconds of the processor, and all of it two gigabytes of address space. What takes longer ends the
process, by a signal that shows where it was; the input lies in the folder then.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import signal
import sys
import traceback
from collections import Counter
from pathlib import Path
from typing import Final

from tests.fuzz.doors import doors_of, enter
from tests.fuzz.mutate import input_of, seeds

__all__ = ["SECONDS", "limit", "run"]

SECONDS: Final = 10
_ADDRESS_SPACE: Final = 2 * 2**30


def limit() -> None:
    """Set the bounds of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    faulthandler.enable()
    faulthandler.register(signal.SIGPROF, chain=True)


def run(number: int, words: tuple[str, ...], file: Path) -> str:
    """Run one command on one input; returns its exit code, or `finding` where something else came out."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return str(enter(words, file))
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        kept = file.with_name(f"finding-{number}{file.suffix}")
        kept.write_bytes(file.read_bytes())
        kept.with_suffix(".txt").write_text(f"{words}\n{traceback.format_exc()}")
        return "finding"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main() -> None:
    """Run inputs FIRST to END, and say at the end how often each exit code came."""
    run_number, first, end = map(int, sys.argv[1:4])
    os.chdir(sys.argv[4])
    limit()
    beginnings, ends = seeds(), Counter[str]()
    done = Path("done")
    for number in range(first, end):
        made, chance = input_of(number, run_number, beginnings)
        file = Path(f"input{made.suffix}").absolute()
        file.write_bytes(made.content)
        done.write_text(str(number))
        ends[run(number, chance.choice(list(doors_of(file))), file)] += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(" ".join(f"{code}={count}" for code, count in sorted(ends.items())) + f" peak_mib={peak}\n")


if __name__ == "__main__":
    main()
