"""Channels, with their labels and elements, and flows."""

from __future__ import annotations

from typing import Final

from sift_codegen._config import DataType
from sift_codegen._read_bit_fields import ELEMENT_KEYS, MOST_BITS
from sift_codegen._read_channels import CHANNEL_KEYS
from sift_codegen._read_enums import ENUM_TYPE_KEYS, LARGEST_ENUM_KEY
from sift_codegen._read_flows import FLOW_KEYS
from sift_codegen._schema._parts import Schema, listed, mapping, reference, text

__all__ = ["CHANNEL_DEFINITIONS", "FLOW"]

_MEANINGS: Final = {
    DataType.DOUBLE: "64-bit floating point: float in Python",
    DataType.STRING: "text: str in Python",
    DataType.ENUM: "one of the labels in enum_types: an IntEnum in Python",
    DataType.BIT_FIELD: "bytes, divided by bit_field_elements: a class of its own in Python",
    DataType.BOOL: "true or false",
    DataType.FLOAT: "32-bit floating point: float in Python, refused where it does not fit",
    DataType.INT_32: "signed, 32 bits: int in Python, refused where it does not fit",
    DataType.INT_64: "signed, 64 bits: int in Python, refused where it does not fit",
    DataType.UINT_32: "unsigned, 32 bits: int in Python, refused where it does not fit",
    DataType.UINT_64: "unsigned, 64 bits: int in Python, refused where it does not fit",
    DataType.BYTES: "bytes, as they are",
}

_ENUM_TYPE: Final = mapping(
    ENUM_TYPE_KEYS,
    {
        "name": text("Label, as Sift shows it; once in a channel.", "Accelerating", nullable=False),
        "key": {
            "description": "Number on the wire; once in a channel. Changing it makes old data mean something else.",
            "type": "integer",
            "minimum": 0,
            "maximum": LARGEST_ENUM_KEY,
        },
    },
    required=ENUM_TYPE_KEYS,
)
_ELEMENT: Final = mapping(
    ELEMENT_KEYS,
    {
        "name": text("Name of the element; once in a channel.", "heater", nullable=False),
        "index": {
            "description": "Its lowest bit, counted from 0 at the least significant.",
            "type": "integer",
            "minimum": 0,
            "maximum": MOST_BITS - 1,
        },
        "bit_count": {
            "description": "How many bits it takes; no two elements share one.",
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_BITS,
        },
    },
    required=ELEMENT_KEYS,
)


def _only_for(data_type: DataType, key: str) -> Schema:
    """Return what makes a key required on one type and forbidden on all others; null is as good as none."""
    message = f"only a channel of type {data_type.value} has {key!r}"
    return {
        "if": {"properties": {"data_type": {"const": data_type.value}}, "required": ["data_type"]},
        "then": {"properties": {key: {"type": "array"}}, "required": [key]},
        "else": {"properties": {key: {"type": "null", "errorMessage": message}}},
    }


_CHANNEL: Final = mapping(
    CHANNEL_KEYS,
    {
        "name": text("Name on the wire; once in a flow.", "velocity", "mainmotor.velocity", nullable=False),
        "data_type": {
            "description": "What its values are.",
            "type": "string",
            "enum": [data_type.value for data_type in DataType],
            "enumDescriptions": [_MEANINGS[data_type] for data_type in DataType],
        },
        "description": text("What is measured: Sift shows it, and so does the generated field.", "speed over ground"),
        "unit": text("Unit of the values, as Sift is to show it.", "m/s", "Volts"),
        "component": text(
            "Deprecated: put in front of the name, with a dot. Write the full name instead.",
            deprecationMessage="write the component into the name: mainmotor.velocity",
        ),
        "enum_types": listed("Labels of an enum channel.", reference("enumType")),
        "bit_field_elements": listed("Elements of a bit-field channel.", reference("bitFieldElement")),
    },
    required=("name", "data_type"),
    description="A channel: one value of a flow.",
    allOf=[_only_for(DataType.ENUM, "enum_types"), _only_for(DataType.BIT_FIELD, "bit_field_elements")],
    defaultSnippets=[
        {
            "label": "channel",
            "description": "A channel of a scalar type",
            "body": {"name": "$1", "data_type": "${2:double}", "description": "$3", "unit": "$4"},
        }
    ],
)

CHANNEL_DEFINITIONS: Final = {"channel": _CHANNEL, "enumType": _ENUM_TYPE, "bitFieldElement": _ELEMENT}

FLOW: Final = mapping(
    FLOW_KEYS,
    {
        "name": text("Name of the flow; once in a config.", "readings", nullable=False),
        "channels": listed(
            "Its channels in wire order: aliases (`- *velocity`), merges (`- <<: *velocity`), or written out.",
            reference("channel"),
            nullable=False,
        ),
    },
    required=FLOW_KEYS,
    description="A flow: values that are measured together, sent as one message.",
)
