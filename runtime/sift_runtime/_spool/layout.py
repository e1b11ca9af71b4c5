"""How a segment file is laid out; docs/spool-format.md tells the same to a reader.

    0        header, 4096 bytes
    4096     the same header once more: a damaged one loses nothing
    8192     index: a word of 8 bytes per record, little-endian; 0 where no record is committed
    …        payload: the frames of the records, one behind the other, as they are sent

A record's word holds in its upper half where its frames end, counted from the start of the payload, and in its lower
half their CRC-32. It is stored last, in one piece: a record is there as a whole or not at all.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from struct import Struct
from typing import Final
from zlib import crc32

from sift_runtime._errors import SettingsError
from sift_runtime._origin import Origin

__all__ = [
    "HEADERS_SIZE",
    "WORD_SIZE",
    "Layout",
    "SegmentHeader",
    "is_of_later_version",
    "packed_header",
    "read_header",
    "used_size",
]

_BLOCK: Final = 4096
HEADERS_SIZE: Final = 2 * _BLOCK
WORD_SIZE: Final = 8
_MAGIC: Final = b"SIFTSEGM"
_VERSION: Final = 1
_FIXED: Final = Struct(
    "<8sIIQIIIQQ"
)  # magic, CRC-32 of all after it, version, number, records, payload, seed, time, text
_CHECKED_FROM: Final = 12
_LARGEST_PAYLOAD: Final = 1 << 30
_AVERAGE_RECORD: Final = 80
_KNOWN: Final = frozenset(field.name for field in fields(Origin))
_LONGEST_ID: Final = 64  # of those that a server gives, and which are told later


@dataclass(frozen=True, slots=True)
class Layout:
    """How many records and how many bytes of frames fit into a segment."""

    records: int
    payload_bytes: int

    @classmethod
    def of_size(cls, size: int) -> Layout:
        """Share out so many bytes, of which the index takes what records of 80 bytes need."""
        records = max(_BLOCK // WORD_SIZE, (size - HEADERS_SIZE) // (_AVERAGE_RECORD + WORD_SIZE))
        records = -(-records * WORD_SIZE // _BLOCK) * _BLOCK // WORD_SIZE
        return cls(records, max(_BLOCK, size - HEADERS_SIZE - records * WORD_SIZE))

    @property
    def payload_start(self) -> int:
        """Where the payload begins in the file."""
        return HEADERS_SIZE + self.records * WORD_SIZE

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self.payload_start + self.payload_bytes


def used_size(layout: Layout, end: int) -> int:
    """Return the size of a file whose payload ends there, in whole blocks."""
    return min(layout.size, -(-(layout.payload_start + end) // _BLOCK) * _BLOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentHeader:
    """What a segment says of itself. `created_ns` is the wall clock, for the age of what is in it."""

    number: int
    seed: int
    layout: Layout
    created_ns: int
    origin: Origin


def packed_header(header: SegmentHeader) -> bytes:
    """Return both copies of the header; raises SettingsError where ids are longer than a header holds."""
    text = json.dumps(asdict(header.origin), separators=(",", ":"), ensure_ascii=False).encode()
    layout = header.layout
    numbers = (header.number, layout.records, layout.payload_bytes, header.seed, header.created_ns, len(text))
    checked = _FIXED.pack(_MAGIC, 0, _VERSION, *numbers)[_CHECKED_FROM:] + text
    block = _MAGIC + crc32(checked).to_bytes(4, "little") + checked
    to_come = sum(_LONGEST_ID for known in (header.origin.config_id, header.origin.run_id) if not known)
    if len(block) + to_come > _BLOCK:
        what = "client key, config id, and the name, id and client key of a run"
        raise SettingsError(f"{what} take {len(block)} bytes together, {_BLOCK} is the limit: shorten them")
    return 2 * block.ljust(_BLOCK, b"\0")


def read_header(start: bytes) -> SegmentHeader | None:
    """Return the header from a file's first 8192 bytes, of whichever copy is whole; None where neither is."""
    return _read_copy(start[:_BLOCK]) or _read_copy(start[_BLOCK:HEADERS_SIZE])


def is_of_later_version(start: bytes) -> bool:
    """Tell whether a file's first bytes are those of a segment of a version that came after this."""
    if len(start) < _FIXED.size:
        return False
    magic, _, version, *_ = _FIXED.unpack_from(start)
    return bool(magic == _MAGIC and version > _VERSION)


def _read_copy(block: bytes) -> SegmentHeader | None:
    if len(block) < _FIXED.size:
        return None
    magic, checksum, version, number, records, payload_bytes, seed, created_ns, text_size = _FIXED.unpack_from(block)
    if magic != _MAGIC or version != _VERSION or text_size > _BLOCK - _FIXED.size:
        return None
    end = _FIXED.size + text_size
    if crc32(block[_CHECKED_FROM:end]) != checksum or not 0 < payload_bytes <= _LARGEST_PAYLOAD:
        return None
    text = json.loads(block[_FIXED.size : end])
    origin = Origin(**{key: value for key, value in text.items() if key in _KNOWN})  # a later version may say more
    layout = Layout(records, payload_bytes)
    return SegmentHeader(number=number, seed=seed, layout=layout, created_ns=created_ns, origin=origin)
