"""Every value that the wire can carry comes back from the store unchanged."""

from __future__ import annotations

import math
import struct
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import ingest_pb2 as ingest

from .client import Client, Value, channel, flow, query, request
from .conftest import Bench

ELEMENTS = [
    types.ChannelBitFieldElement(name="low", index=0, bit_count=3),
    types.ChannelBitFieldElement(name="across", index=6, bit_count=4),
    types.ChannelBitFieldElement(name="word", index=16, bit_count=64),
    types.ChannelBitFieldElement(name="wide", index=80, bit_count=65),
]
EVERY_TYPE = flow(
    "every type",
    channel("double", types.CHANNEL_DATA_TYPE_DOUBLE),
    channel("string", types.CHANNEL_DATA_TYPE_STRING),
    channel(
        "enum",
        types.CHANNEL_DATA_TYPE_ENUM,
        enum_types=[types.ChannelEnumType(name="OFF", key=0), types.ChannelEnumType(name="MAX", key=2**32 - 1)],
    ),
    channel("bits", types.CHANNEL_DATA_TYPE_BIT_FIELD, bit_field_elements=ELEMENTS),
    channel("bool", types.CHANNEL_DATA_TYPE_BOOL),
    channel("float", types.CHANNEL_DATA_TYPE_FLOAT),
    channel("int32", types.CHANNEL_DATA_TYPE_INT_32),
    channel("uint32", types.CHANNEL_DATA_TYPE_UINT_32),
    channel("int64", types.CHANNEL_DATA_TYPE_INT_64),
    channel("uint64", types.CHANNEL_DATA_TYPE_UINT_64),
    channel("bytes", types.CHANNEL_DATA_TYPE_BYTES),
)
FIELDS = ["double", "string", "enum", "bit_field", "bool", "float", "int32", "uint32", "int64", "uint64", "bytes"]
PLAIN_COLUMNS = '"double", "string", "enum.key", "bits", "bool", "float", "int32", "uint32", "int64", "uint64", "bytes"'
LONG = "ü\0" * 100_000
EXTREMES: dict[str, list[object]] = {
    "double": [math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308],
    "string": ["", "a\0b", "\0", "[1, 2]", "NULL", "'; DROP", "\U0010ffff", LONG],
    "enum": [0, 1, 2**32 - 1],
    "bit_field": [b"", b"\x00", b"\xff" * 30, b"\x05"],
    "bool": [True, False],
    "float": [math.nan, math.inf, -math.inf, -0.0, 1.401298464324817e-45, 3.4028234663852886e38, 0.10000000149011612],
    "int32": [-(2**31), -1, 0, 2**31 - 1],
    "uint32": [0, 2**32 - 1],
    "int64": [-(2**63), -1, 2**63 - 1],
    "uint64": [0, 2**63, 2**64 - 1],
    "bytes": [b"", b"\0", bytes(range(256)), b"\\x00"],
}


class Flown:
    """A receiver with the flow registered; rows are told apart by their run."""

    def __init__(self, client: Client, store: Path) -> None:
        self.client, self.store = client, store
        self.config_id = client.create_config([EVERY_TYPE], client_key="k1").ingestion_config_id

    def fly(self, rows: Sequence[Sequence[object]], columns: str) -> list[tuple[object, ...]]:
        run_id = uuid.uuid4().hex
        self.client.stream(request(self.config_id, "every type", values(row), run_id=run_id) for row in rows)
        return query(self.store, f"SELECT {columns} FROM rover.\"every type\" WHERE run_id = '{run_id}' ORDER BY rowid")


def values(row: Sequence[object]) -> list[ingest.IngestWithConfigDataChannelValue]:
    built = []
    for field, value in zip(FIELDS, row, strict=True):
        message = Value()
        if value is None:
            message.empty.SetInParent()
        else:
            setattr(message, field, value)
        built.append(message)
    return built


def comparable(value: object) -> object:
    """NaN is equal to itself here, and -0.0 differs from 0.0."""
    return struct.pack("<d", value) if isinstance(value, float) else (type(value), value)


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flown]:
    bench = Bench(tmp_path_factory.mktemp("values") / "flight.duckdb")
    with bench.serving() as client:
        yield Flown(client, bench.store)


@pytest.mark.parametrize("field", FIELDS)
def test_extremes_come_back(flown: Flown, field: str) -> None:
    position = FIELDS.index(field)
    rows = [[None] * position + [value] + [None] * (len(FIELDS) - 1 - position) for value in EXTREMES[field]]
    found = flown.fly(rows, PLAIN_COLUMNS)
    assert [[comparable(value) for value in row] for row in found] == [[comparable(v) for v in row] for row in rows]


_ROWS = st.tuples(
    *(
        st.one_of(st.none(), strategy)
        for strategy in (
            st.floats(),
            st.text(st.characters(codec="utf-8")),
            st.integers(0, 2**32 - 1),
            st.binary(max_size=40),
            st.booleans(),
            st.floats(width=32),
            st.integers(-(2**31), 2**31 - 1),
            st.integers(0, 2**32 - 1),
            st.integers(-(2**63), 2**63 - 1),
            st.integers(0, 2**64 - 1),
            st.binary(),
        )
    )
)


@settings(max_examples=40)
@given(rows=st.lists(_ROWS, min_size=1, max_size=5))
def test_any_rows_come_back(flown: Flown, rows: list[tuple[object, ...]]) -> None:
    found = flown.fly(rows, PLAIN_COLUMNS)
    assert [[comparable(value) for value in row] for row in found] == [[comparable(v) for v in row] for row in rows]


def test_an_enum_is_stored_as_label_and_key(flown: Flown) -> None:
    rows = [[None, None, key, *[None] * 8] for key in (0, 2**32 - 1, 7, None)]
    found = flown.fly(rows, '"enum", "enum.key"')
    assert found == [("OFF", 0), ("MAX", 2**32 - 1), (None, 7), (None, None)]


def naive_bits(raw: bytes, index: int, count: int) -> int:
    """Bit i of the field is bit i mod 8 of byte i div 8, spelled out bit by bit."""
    total = 0
    for offset in range(count):
        byte, bit = divmod(index + offset, 8)
        if byte < len(raw) and raw[byte] >> bit & 1:
            total |= 1 << offset
    return total


@settings(max_examples=30)
@given(raws=st.lists(st.binary(max_size=25), min_size=1, max_size=10))
def test_bit_field_elements_are_decoded(flown: Flown, raws: list[bytes]) -> None:
    found = flown.fly([[None, None, None, raw, *[None] * 7] for raw in raws], "bits, COLUMNS('bits\\..*')")
    for raw, (stored, low, across, word, wide) in zip(raws, found, strict=True):
        assert stored == raw
        assert [low, across, word] == [naive_bits(raw, e.index, e.bit_count) for e in ELEMENTS[:3]]
        assert isinstance(wide, bytes)
        assert len(wide) == 9
        assert int.from_bytes(wide, "little") == naive_bits(raw, 80, 65)


@pytest.mark.parametrize(
    ("seconds", "nanos", "nanoseconds"),
    [
        (0, 0, 0),
        (1_700_000_000, 123_456_789, 1_700_000_000_123_456_789),
        (1_700_000_000, 1_999_999_999, 1_700_000_001_999_999_999),
        (-1, 999_999_999, -1),
        (-62_135_596_800, 0, -62_135_596_800_000_000_000),
        (253_402_300_799, 999_999_999, 253_402_300_799_999_999_999),
    ],
)
def test_timestamps_keep_every_nanosecond(flown: Flown, seconds: int, nanos: int, nanoseconds: int) -> None:
    run_id = uuid.uuid4().hex
    message = request(flown.config_id, "every type", values([None] * 11), run_id=run_id)
    message.timestamp.seconds, message.timestamp.nanos = seconds, nanos
    flown.client.stream([message])
    columns = "timestamp_ns, epoch_us(timestamp)"
    found = query(flown.store, f"SELECT {columns} FROM rover.\"every type\" WHERE run_id = '{run_id}'")
    assert found == [(nanoseconds, nanoseconds // 1000)]
