"""Make every expected/ folder anew: `make golden`, the only way they change.

Each is generated into an empty folder, so that no edit by hand and no file of an earlier run can survive.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

from tests.golden.cases import CASES, GoldenCase, sift_codegen_command

__all__ = ["main"]


def main() -> int:
    """Regenerate all cases; return how many failed, each with the generator's own message."""
    return sum(not _regenerate(case) for case in CASES)


def _regenerate(case: GoldenCase) -> bool:
    fresh = case.folder / ".regenerated"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        command = [sift_codegen_command(), *case.arguments(fresh / case.package)]
        if subprocess.run(command, check=False).returncode != 0:
            return False
        shutil.rmtree(case.expected, ignore_errors=True)
        fresh.rename(case.expected)
        return True
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
