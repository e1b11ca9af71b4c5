"""Bytes from the hex digits that people paste: with spaces, colons or commas between them, and 0x in front."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["HexError", "bytes_of", "looks_like_hex"]

_SEPARATORS: Final = re.compile(r"[\s:,]+")
_STRANGE: Final = re.compile(r"[^0-9a-fA-F]")
_LARGEST: Final = 64 * 1024 * 1024


class HexError(ValueError):
    """A text that is no hex; the message says what in it is not."""


def looks_like_hex(text: str) -> bool:
    """Tell whether a text can be meant as bytes: nothing but hex digits and what stands between them, two at least."""
    digits = _digits(text)
    return len(digits) > 1 and _STRANGE.search(digits) is None


def bytes_of(text: str) -> bytes:
    """Return the bytes; raises HexError."""
    if len(text) > _LARGEST:
        raise HexError(f"{len(text)} characters of hex; at most {_LARGEST} are read")
    digits = _digits(text)
    strange = _STRANGE.search(digits)
    if strange:
        raise HexError(f"{strange[0]!r}, at hex digit {strange.start()}, is no hex digit")
    if len(digits) % 2:
        raise HexError(f"{len(digits)} hex digits; two make a byte")
    if not digits:
        raise HexError("no hex digits in it")
    return bytes.fromhex(digits)


def _digits(text: str) -> str:
    words = _SEPARATORS.split(text)
    return "".join(word[2:] if word[:2] in ("0x", "0X") else word for word in words)
