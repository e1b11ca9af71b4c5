"""What generated packages import, and nobody else: one name for everything, so that their own names stay free."""

from __future__ import annotations

from sift_runtime._abi import require_abi
from sift_runtime._bit_field import BitField, bit_field_error
from sift_runtime._columns import Columns, ElementColumns
from sift_runtime._explain import encoding_error
from sift_runtime._flow import Flow
from sift_runtime._schema import (
    BitFieldElement,
    Channel,
    DataType,
    EnumType,
    FlowSchema,
    Rule,
    Telemetry,
)
from sift_runtime._value_encoders import (
    DOUBLE_HEAD,
    EMPTY,
    FLOAT_HEAD,
    bit_field_head,
    boolean,
    bytes_value,
    double,
    enum_entry,
    float32,
    int32,
    int64,
    string,
    uint32,
    uint64,
)

__all__ = [
    "DOUBLE_HEAD",
    "EMPTY",
    "FLOAT_HEAD",
    "BitField",
    "BitFieldElement",
    "Channel",
    "Columns",
    "DataType",
    "ElementColumns",
    "EnumType",
    "Flow",
    "FlowSchema",
    "Rule",
    "Telemetry",
    "bit_field_error",
    "bit_field_head",
    "boolean",
    "bytes_value",
    "double",
    "encoding_error",
    "enum_entry",
    "float32",
    "int32",
    "int64",
    "require_abi",
    "string",
    "uint32",
    "uint64",
]
