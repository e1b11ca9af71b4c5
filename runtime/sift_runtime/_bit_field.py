"""The base of every generated bit-field struct."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from sift_runtime._shown import shown, shown_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BitField", "bit_field_error", "width_complaint"]


class BitField:
    """The elements of one bit field; generated packages derive from it, users do not."""

    __slots__ = ()

    @abstractmethod
    def pack(self) -> bytes:
        """Return the bytes on the wire, little-endian: bit i of the field is bit i mod 8 of byte i div 8.

        Raises ValueError or TypeError where an element does not fit its width.
        """

    @abstractmethod
    def _elements(self) -> tuple[tuple[str, int, object], ...]:
        """Return (wire name, width in bits, value) of each element."""

    def layout(self) -> tuple[tuple[str, int], ...]:
        """Return (wire name, width in bits) of each element."""
        return tuple((name, bit_count) for name, bit_count, _ in self._elements())

    def problems(self) -> Iterator[str]:
        """Say of each element that does not fit its width what it is and what would fit."""
        for name, bit_count, value in self._elements():
            if not isinstance(value, int):
                yield f"element {name!r}: {shown(value)} is of type {type(value).__name__}, not int"
            elif not 0 <= value < 1 << bit_count:
                yield f"element {name!r}: {shown(value)} {width_complaint(bit_count)}"


def bit_field_error(struct: BitField) -> ValueError:
    """Return the error that names each element of `struct` that does not fit its width."""
    return ValueError(f"{type(struct).__name__}: " + "; ".join(struct.problems()))


def width_complaint(bit_count: int) -> str:
    """Say what an element of so many bits would hold."""
    bits = "1 bit" if bit_count == 1 else f"{bit_count} bits"
    return f"does not fit {bits} (0 to {shown_limit(bit_count)})"
