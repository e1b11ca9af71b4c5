"""`python -m tests.fuzz [--inputs N] [--run R] [--workers W]`: makes inputs, runs them, and keeps what misbehaves.

What is found lies in build/fuzz/RUN: the input, and beside it how it ended. Exit code 1 if there is anything.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

__all__ = ["main"]

_ROOT: Final = Path(__file__).parents[2]
_PART: Final = 2500  # inputs of one process


def _part(run: int, first: int, end: int, folder: Path) -> Counter[str]:
    """Run inputs by processes, a new one behind each input that ends its process."""
    ends: Counter[str] = Counter()
    folder.mkdir(parents=True, exist_ok=True)
    while first < end:
        command = [sys.executable, "-m", "tests.fuzz.worker", str(run), str(first), str(end), str(folder)]
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            for name, count in re.findall(r"(\w+)=(\d+)", done.stdout):
                ends[name] = max(ends[name], int(count)) if name == "peak_mib" else ends[name] + int(count)
            return ends
        reached = folder / "done"
        if not reached.exists():
            raise RuntimeError(done.stderr)
        number = int(reached.read_text())
        for file in folder.glob("input.*"):
            file.rename(folder / f"killed-{number}{file.suffix}")
        (folder / f"killed-{number}.txt").write_text(f"exit code {done.returncode}\n{done.stderr}")
        ends["killed"] += 1
        ends["not counted, before one that was killed"] += number - first
        first = number + 1
    return ends


def main() -> int:
    """Run all parts, and tell what came."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--run", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    words = parser.parse_args()
    root = _ROOT / "build/fuzz" / str(words.run)
    ends: Counter[str] = Counter()
    with ThreadPoolExecutor(words.workers) as pool:
        parts = [
            pool.submit(_part, words.run, first, min(first + _PART, words.inputs), root / str(first))
            for first in range(0, words.inputs, _PART)
        ]
        for number, part in enumerate(parts, 1):
            for name, count in part.result().items():
                ends[name] = max(ends[name], count) if name == "peak_mib" else ends[name] + count
            sys.stderr.write(f"\r{number} of {len(parts)} parts: {dict(ends)}")
    peak = ends.pop("peak_mib", 0)
    told = ", ".join(f"{name}: {count}" for name, count in sorted(ends.items()))
    sys.stdout.write(f"\nrun {words.run}: {ends.total()} inputs ({told}); peak {peak} MiB\n")
    return 1 if ends["finding"] or ends["killed"] else 0


if __name__ == "__main__":
    sys.exit(main())
