"""`sift-spool verify`: every checksum there is."""

from __future__ import annotations

from collections.abc import Iterator

from sift_runtime._spool_command.directories import SegmentFile, SpoolDirectory
from sift_runtime._spool_command.progress import Progress

__all__ = ["Verdict", "verify"]


class Verdict:
    """What was found, as lines; `findings` of them tell of damage."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.segments = self.records = self.findings = 0

    def summary(self) -> str:
        """Return what it comes to."""
        return f"{self.segments} segments, {self.records:,} whole records, {self.findings} damaged places"


def verify(directories: list[SpoolDirectory], verdict: Verdict) -> Iterator[str]:
    """Yield a line for each damage, counting what is whole in the verdict."""
    sizes = {each: sum(path.stat().st_size for path in each.path.glob("*.segment")) for each in directories}
    progress, done = Progress("verify", sum(sizes.values())), 0
    for directory in directories:
        for segment in directory.segments():
            verdict.segments += 1
            yield from _damages(segment, verdict)
            done += segment.size
            progress.at(done)
    progress.end()


def _damages(segment: SegmentFile, verdict: Verdict) -> Iterator[str]:
    loaded = segment.loaded
    if loaded is None:
        content = segment.path.read_bytes() if segment.path.exists() else b""
        if content.strip(b"\0"):
            verdict.findings += 1
            yield f"{segment.path}: both copies of the header are damaged; nothing in it can be trusted"
        return
    start = loaded.header.layout.payload_start
    verdict.records += loaded.records - sum(damage.end - damage.first for damage in loaded.damages)
    for damage in loaded.damages:
        verdict.findings += 1
        place = f"bytes {start + damage.start_byte} to {start + damage.end_byte}"
        yield f"{segment.path}: records {damage.first} to {damage.end - 1} are damaged ({place})"
