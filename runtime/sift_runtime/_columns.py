"""Many readings of a flow at once: the bases of generated columns, and the door to what encodes them.

Nothing here imports NumPy until columns are encoded.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from sift_runtime._errors import MissingExtraError
from sift_runtime._flow import Flow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Columns", "ElementColumns", "Frames", "encode_columns"]

F = TypeVar("F", bound=Flow)


class Columns(Generic[F]):
    """Many readings of one flow, an array per channel; generated packages derive from it, users do not.

    `F` is the common base of the package's flows. Channels have the field names of the flow.
    """

    __slots__ = ()

    @classmethod
    @abstractmethod
    def _flow(cls) -> type[F]:
        """Return the flow whose readings these are."""

    @abstractmethod
    def _times(self) -> object:
        """Return the column of times; its field has another name where a channel is called `timestamp`."""


class ElementColumns:
    """Many values of one bit field, an array per element; generated packages derive from it, users do not."""

    __slots__ = ()

    @abstractmethod
    def _elements(self) -> tuple[tuple[str, int, object], ...]:
        """Return (wire name, width in bits, values) of each element."""

    def layout(self) -> tuple[tuple[str, int], ...]:
        """Return (wire name, width in bits) of each element."""
        return tuple((name, bit_count) for name, bit_count, _ in self._elements())


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Length-prefixed gRPC messages, one per row: row i ends at `ends[i]`, and the next one starts there."""

    data: memoryview
    ends: NDArray[np.int64]

    def pieces(self, most_frames: int, most_bytes: int) -> Iterator[tuple[memoryview, int]]:
        """Yield the frames in pieces of so many or so many bytes at most, but of one frame at least: (bytes, count)."""
        first = start = 0
        while first < len(self.ends):
            fitting = int(self.ends.searchsorted(start + most_bytes, side="right"))
            last = max(first + 1, min(first + most_frames, fitting))
            end = int(self.ends[last - 1])
            yield self.data[start:end], last - first
            first, start = last, end


def encode_columns(columns: Columns[F], head: bytes, tail: bytes) -> Iterator[Frames]:
    """Check all rows, then return an iterator that encodes them a few thousand at a time.

    Each frame is a zero byte, the message's length in 4 bytes, big-endian, and an IngestWithConfigDataStreamRequest:
    `head` (ids before the timestamp; never empty), timestamp, channel values, `tail` (ids after them). The arrays are
    read while the iterator runs. Raises SerializationError, naming every column that cannot be encoded, before
    anything is; MissingExtraError without NumPy.
    """
    try:
        import numpy  # noqa: F401, PLC0415  # only those who use columns need it
    except ModuleNotFoundError as error:
        message = "columns need NumPy, which is not installed: pip install 'sift-codegen[columns]'"
        raise MissingExtraError(message) from error
    from sift_runtime._columnar.checks import check_columns  # noqa: PLC0415  # imports NumPy
    from sift_runtime._columnar.frames import encode_blocks  # noqa: PLC0415  # imports NumPy

    return encode_blocks(check_columns(columns), head, tail)
