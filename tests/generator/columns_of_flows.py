"""Columns made from single flows, and the frames that the row encoder gives for the same readings."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

from sift_runtime._columns import encode_columns
from sift_runtime._frames import Envelope, frame_maker

__all__ = ["ENVELOPE", "columns_of", "frame_of", "frames_of"]

ENVELOPE = Envelope(config_id="config-1", flow="readings", run_id="run-1", organization_id="")

_DTYPE = {
    "double": np.float64,
    "float": np.float64,
    "bool": np.bool_,
    "int32": np.int64,
    "int64": np.int64,
    "uint32": np.uint32,
    "uint64": np.uint64,
    "enum": np.uint32,
}


def frame_of(time_ns: int, flow: Any, envelope: Envelope = ENVELOPE) -> bytes:
    """Return the length-prefixed message that sending this one flow gives."""
    return frame_maker(envelope)(time_ns, flow.encode())


def frames_of(columns: Any, envelope: Envelope = ENVELOPE) -> list[bytes]:
    """Encode columns; return the frame of each row."""
    found = []
    for frames in encode_columns(columns, envelope.head(), envelope.tail()):
        starts = [0, *frames.ends.tolist()]
        assert starts[-1] == len(frames.data)
        found += [bytes(frames.data[start:end]) for start, end in itertools.pairwise(starts)]
    return found


def columns_of(package: ModuleType, columns_class: Any, times: Any, flows: Sequence[Any]) -> Any:
    """Return the columns that hold these flows; rows without a value are masked, all of them make a None."""
    schema = columns_class._flow().schema()
    values = {
        each.field: _column(package, each, [getattr(flow, each.field) for flow in flows]) for each in schema.channels
    }
    return columns_class(timestamp=times, **values)


def _column(package: ModuleType, each: Any, values: list[Any]) -> Any:
    kind = each.data_type.name.lower().replace("_32", "32").replace("_64", "64")
    mask = [value is None for value in values]
    if values and all(mask):
        return None
    if kind in ("string", "bytes"):
        return values
    if kind == "bit_field":
        return _element_columns(package, each, values, mask)
    filled: Any = np.array([0 if value is None else value for value in values], _DTYPE[kind])
    return np.ma.MaskedArray(filled, mask) if any(mask) else filled


def _element_columns(package: ModuleType, each: Any, values: list[Any], mask: list[bool]) -> Any:
    name = each.field[:1].upper() + each.field[1:]
    fields = dataclasses.fields(getattr(package, f"{name}ElementColumns"))
    columns = {}
    for field, element in zip(fields, each.bit_field_elements, strict=True):
        dtype: Any = np.uint64 if element.bit_count <= 64 else object
        array = np.array([0 if value is None else getattr(value, field.name) for value in values], dtype)
        columns[field.name] = np.ma.MaskedArray(array, mask) if any(mask) else array
    return getattr(package, f"{name}ElementColumns")(**columns)
