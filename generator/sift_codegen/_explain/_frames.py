"""The messages in some bytes: one, or one in each of the gRPC frames that the bytes are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sift_codegen._explain._messages import Message, read_message

__all__ = ["Unit", "units_of"]

_PREFIX: Final = 5
_NOT_COMPRESSED: Final = 0
_COMPRESSED: Final = 1


@dataclass(frozen=True, slots=True)
class Unit:
    """A frame, or all of the bytes where they are no frames; `offset` and `size` in bytes, the prefix counts."""

    message: Message
    offset: int
    size: int
    is_frame: bool


def units_of(data: bytes) -> Iterator[Unit]:
    """Yield what the bytes are: a message never begins with 0 or 1, which would be a field of number 0."""
    if data[:1] not in (b"\x00", b"\x01"):
        yield Unit(read_message(data, 0, len(data)), 0, len(data), False)
        return
    at = 0
    while at < len(data):
        unit = _frame(data, at)
        yield unit
        at += unit.size


def _frame(data: bytes, at: int) -> Unit:
    left = len(data) - at
    if left < _PREFIX:
        return _broken(at, left, f"malformed: a gRPC frame begins with {_PREFIX} bytes; left: {left}")
    flag, size = data[at], int.from_bytes(data[at + 1 : at + _PREFIX], "big")
    if flag not in (_NOT_COMPRESSED, _COMPRESSED):
        return _broken(at, left, f"malformed: a gRPC frame begins with 0 or 1, not with 0x{flag:02x}")
    start = at + _PREFIX
    if flag == _COMPRESSED:
        end = min(start + size, len(data))
        return _broken(at, end - at, "a compressed gRPC frame, which is not read here; decompress it first")
    message = read_message(data, start, min(start + size, len(data)))
    if size > left - _PREFIX:
        message.is_malformed = True
        message.note(at + 1, f"malformed: the frame's message has {size} bytes; left: {left - _PREFIX}")
    return Unit(message, at, message.end - at, True)


def _broken(at: int, size: int, problem: str) -> Unit:
    message = Message(at, at + size)
    message.is_malformed = True
    message.note(at, problem)
    return Unit(message, at, size, True)
