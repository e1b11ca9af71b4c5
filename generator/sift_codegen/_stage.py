"""The place beside the output where everything is made before anything is exchanged."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

__all__ = ["Stage", "clear_dead_stages", "staging"]

_SUFFIX: Final = ".sift-codegen"
_RESCUED: Final = ".rescued"
_SYNCS_AT_ONCE: Final = 16
_LONGEST_NAME: Final = 50  # characters of the output's name in the stage's: 4 bytes each, of 255 in a file name


class Stage:
    """New files, and the old ones that they take the place of."""

    def __init__(self, root: Path) -> None:
        """Use an empty directory on the file system of the output: a rename from here is one step."""
        self.root = root
        self.new = root / "new"
        self._old = root / "old"
        self.keeps = False
        """Whether the stage holds something that is nowhere else, and has to stay."""

    def write(self, files: dict[str, bytes]) -> None:
        """Write new files, through to the disk; what is there already is written over."""
        targets = [self.new / path for path in files]
        for parent in {target.parent for target in targets}:
            parent.mkdir(parents=True, exist_ok=True)
        for target, content in zip(targets, files.values(), strict=True):
            target.write_bytes(content)
        # Several at once: the file system writes its journal for all that wait, and they are thousands of small files.
        with ThreadPoolExecutor(_SYNCS_AT_ONCE) as pool:
            for _ in pool.map(_sync, targets):
                pass

    def save(self, directory: Path, path: str) -> Path | None:
        """Keep a second name (or a copy) of an old file; None where there is none."""
        source, saved = directory / path, self._old / path
        if not os.path.lexists(source):
            return None
        saved.parent.mkdir(parents=True, exist_ok=True)
        saved.unlink(missing_ok=True)
        try:
            os.link(source, saved, follow_symlinks=False)
        except (OSError, NotImplementedError):  # no hard links here
            shutil.copy2(source, saved, follow_symlinks=False)
        return saved

    def rescue(self) -> Path:
        """Give the stage a name that no later run takes for a dead one's; returns where the old files are."""
        with suppress(OSError):  # the caller names the place, whichever it is
            self.root = self.root.rename(self.root.with_suffix(_RESCUED))
        return self.root / "old"


def clear_dead_stages(directory: Path) -> None:
    """Take away what killed runs have left beside the output.

    To be called with its parent directory locked: none is in use then.
    """
    for place in directory.parent.iterdir():
        is_stage = place.name.startswith(_prefix(directory)) and place.name.endswith(_SUFFIX)
        if is_stage and place.is_dir() and not place.is_symlink():
            shutil.rmtree(place, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def staging(directory: Path) -> Iterator[Stage]:
    """Make a stage beside the output and take it away afterwards, unless it has to stay."""
    stage = Stage(Path(tempfile.mkdtemp(prefix=_prefix(directory), suffix=_SUFFIX, dir=directory.parent)))
    try:
        yield stage
    finally:
        if stage.keeps:
            stage.rescue()
        else:
            shutil.rmtree(stage.root, ignore_errors=True)


def _prefix(directory: Path) -> str:
    return f".{directory.name[:_LONGEST_NAME]}."
