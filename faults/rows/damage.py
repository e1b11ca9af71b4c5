"""A segment cut at every byte, and every byte of it flipped in turn: what is recovered of it."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from faults.flight import Orders
from faults.ledger import compare
from faults.processes import fly
from faults.row import Result, Setting
from faults.server import RecordingServer
from sift_runtime._spool.layout import HEADERS_SIZE, SegmentHeader, read_header
from sift_runtime._spool.recovery import recover

__all__ = ["run"]

_RECORDS = 40
_THROUGH_THE_DOOR = 20


def run(setting: Setting) -> Result:
    """Damage a copy of a segment in every way; a sample of the damaged copies is adopted and delivered."""
    spool = setting.folder / "spool"
    accepted = str(setting.folder / "accepted")
    fly(
        Orders(
            uri="http://127.0.0.1:1",
            spool=str(spool),
            accepted=accepted,
            count=_RECORDS,
            ending="os._exit",
            settings={"spool_bytes": 200_000},
        )
    )
    (segment,) = spool.rglob("*.segment")
    content = segment.read_bytes()
    used = _used(content)
    cuts = _cuts(content, used, setting)
    flips = _flips(content, used, setting)
    door = _through_the_door(setting, spool, segment.relative_to(spool), content)
    figure = (
        f"{cuts[0]:,} cuts: {cuts[1]} whole records lost, {cuts[2]} false ones; "
        f"{flips[0]:,} flipped bytes: {flips[1]} records lost beside the flipped one, {flips[2]} false ones; "
        f"{door[0]} damaged segments adopted: {door[1]} whole records lost, {door[2]} altered"
    )
    lost = cuts[1] + flips[1] + door[1]
    false = cuts[2] + flips[2] + door[2]
    return Result(kept=not lost and not false, figure=figure, accepted=cuts[0] + flips[0], lost=lost)


def _header(content: bytes) -> SegmentHeader:
    header = read_header(content[:HEADERS_SIZE])
    if header is None:
        raise RuntimeError("the segment has no header")
    return header


def _payloads(content: bytes) -> list[bytes] | None:
    """Return the whole records of a segment; None where it does not say what it is."""
    header = read_header(content[:HEADERS_SIZE])
    if header is None:
        return None
    found = recover(header, memoryview(content))
    payload = content[header.layout.payload_start :]
    ends = [0, *(word >> 32 for word in found.words)]
    return [payload[ends[at] : ends[at + 1]] for first, end in found.whole() for at in range(first, end)]


def _used(content: bytes) -> int:
    """Return where the last record ends in the file."""
    return _header(content).layout.payload_start + sum(map(len, _payloads(content) or ()))


def _cuts(content: bytes, used: int, setting: Setting) -> tuple[int, int, int]:
    whole = _payloads(content) or []
    start = _header(content).layout.payload_start
    lost = false = 0
    offsets = range(0, used + 1, setting.times)
    for at in offsets:
        found = _payloads(content[:at]) or []
        ends, end = 0, start
        for payload in whole:
            end += len(payload)
            ends += end <= at
        lost += max(0, ends - len(found))
        false += sum(1 for payload in found if payload not in whole)
    setting.step()
    return len(offsets), lost, false


def _flips(content: bytes, used: int, setting: Setting) -> tuple[int, int, int]:
    """Flip one bit of each byte; in the index or the payload that costs at most the record that it is of."""
    whole = _payloads(content) or []
    lost = false = 0
    chance = random.Random(1)
    offsets = range(0, used, setting.times)
    for at in offsets:
        damaged = bytearray(content)
        damaged[at] ^= 1 << chance.randrange(8)
        found = _payloads(bytes(damaged))
        if found is None:
            lost += len(whole)
            continue
        lost += max(0, len(whole) - 1 - len(found))
        false += sum(1 for payload in found if payload not in whole)
    setting.step()
    return len(offsets), lost, false


def _through_the_door(setting: Setting, spool: Path, segment: Path, content: bytes) -> tuple[int, int, int]:
    """Flip bytes of the payload, and have a new process adopt and deliver what is left."""
    chance = random.Random(2)
    start, used = _header(content).layout.payload_start, _used(content)
    lost = altered = 0
    tries = max(2, _THROUGH_THE_DOOR // setting.times)
    for number in range(tries):
        copy = setting.folder / f"copy-{number}"
        shutil.copytree(spool, copy)
        damaged = bytearray(content)
        damaged[chance.randrange(start, used)] ^= 0x10
        (copy / segment).write_bytes(damaged)
        with RecordingServer() as server:
            accepted = str(setting.folder / f"accepted-{number}")
            fly(Orders(uri=server.uri, spool=str(copy), accepted=accepted, slot=1, count=1))
            loss = compare({0: _RECORDS, 1: 1}, server.delivered)
        lost += max(0, loss.lost - 1)
        altered += loss.invented
    setting.step()
    return tries, lost, altered
