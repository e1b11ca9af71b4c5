"""What a config says to this generator, under `x-sift-codegen`."""

from __future__ import annotations

from typing import Final

from sift_codegen._read_extension import EXTENSION_KEYS, NAME_KINDS
from sift_codegen._schema._parts import Schema, listed, mapping, mapping_of

__all__ = ["EXTENSION"]

_PYTHON_NAME: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}

_NAMES: Final = mapping(
    NAME_KINDS,
    {
        "flows": mapping_of("Class of each flow, by its name.", _PYTHON_NAME, examples=[{"readings": "ReadingsFlow"}]),
        "channels": mapping_of("Field of each channel, by its name.", _PYTHON_NAME, examples=[{"a.b": "a_b_2"}]),
        "types": mapping_of("Class of each enum or bit-field channel, by its name.", _PYTHON_NAME),
        "members": mapping_of(
            "Members of each enum or bit-field channel, by its name.",
            mapping_of("Python name of each label or element.", _PYTHON_NAME),
        ),
    },
    description="Python names, where those made from the names on the wire collide or displease.",
)

EXTENSION: Final = mapping(
    EXTENSION_KEYS,
    {
        "optional": mapping_of(
            "Channels that may be left out, by flow.",
            listed("Names of its channels.", {"type": "string"}, nullable=False),
            examples=[{"readings": ["voltage"]}],
        ),
        "names": _NAMES,
    },
    description="What only sift-codegen reads. It may stand in pyproject.toml instead, in [tool.sift-codegen].",
    type=["object", "null"],
)
