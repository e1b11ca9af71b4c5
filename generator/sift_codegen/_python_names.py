"""Legal Python names from wire names: as little changed as Python allows, and never by guess or counter."""

from __future__ import annotations

import builtins
import enum
import hashlib
import keyword
import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = [
    "ELEMENT_RESERVED",
    "FIELD_RESERVED",
    "MEMBER_RESERVED",
    "MODULE_RESERVED",
    "TYPE_RESERVED",
    "class_name",
    "identifier",
    "module_name",
]

_BUILTINS: Final = frozenset(dir(builtins))

FIELD_RESERVED: Final = _BUILTINS | {"asdict", "channel_values", "encode", "schema", "self"}
"""Names a flow's field cannot have: builtins (they are its annotations) and the flow's own methods."""

ELEMENT_RESERVED: Final = _BUILTINS | {"BYTE_COUNT", "layout", "pack", "problems", "self", "unpack"}
"""Names an element of a bit field cannot have."""

MEMBER_RESERVED: Final = frozenset(dir(enum.IntEnum)) | frozenset(dir(int)) | {"mro", "name", "value"}
"""Names a member of an IntEnum cannot have without hiding what every int or enum has."""

_MODULES: Final = frozenset({"any_flow", "bit_field_columns", "bit_fields", "columns", "enums", "flows", "telemetry"})
TYPE_RESERVED: Final = _BUILTINS | _MODULES | {"AnyFlow", "TELEMETRY", "annotations"}
"""Names an exported class cannot have: it would hide a builtin, a module of the package or what all of it imports."""

_PORTS: Final = frozenset(f"{port}{number}" for port in ("com", "lpt") for number in range(10))
MODULE_RESERVED: Final = frozenset({"aux", "con", "nul", "prn"}) | _PORTS
"""Names that are no file names on every system."""

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LONGEST_MODULE: Final = 100
_SEPARATOR: Final = "\0"  # what stands for characters that no name can have, until runs of them become one "_"


def identifier(wire_name: str, reserved: frozenset[str]) -> str:
    """Return the Python name for a wire name.

    ASCII letters, digits and underscores stay; accents go; another script's letters become u<hex>; runs of anything
    else become one underscore, or nothing at either end. Leading underscores go (they would be private or mangled), a
    leading digit gets one. Keywords and reserved names get a trailing underscore.
    """
    if _PLAIN.fullmatch(wire_name):
        return _unreserved(wire_name, reserved)
    decomposed = unicodedata.normalize("NFKD", wire_name)
    raw = "".join(map(_legal, decomposed))
    name = re.sub(f"{_SEPARATOR}+", "_", raw.strip(_SEPARATOR)).lstrip("_") or "unnamed"
    if name[0].isdigit():
        name = "_" + name.rstrip("_")  # _1_ would be one of enum's own names
    return _unreserved(name, reserved)


def class_name(wire_name: str, suffix: str = "") -> str:
    """Return the CamelCase class name for a wire name."""
    words = identifier(wire_name, frozenset()).split("_")
    name = "".join(word[:1].upper() + word[1:] for word in words) + suffix
    return _unreserved("_" + name if name[0].isdigit() else name, TYPE_RESERVED)


def module_name(flow_class: str) -> str:
    """Return the snake_case module name for a flow class; a long one is cut, as file names end at 255 bytes."""
    stem = flow_class.removesuffix("Flow") or flow_class
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", stem)
    name = spaced.lower()
    if len(name) > _LONGEST_MODULE:
        name = f"{name[:_LONGEST_MODULE]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return _unreserved(name, MODULE_RESERVED)


@lru_cache(maxsize=1024)
def _legal(character: str) -> str:
    if unicodedata.combining(character):
        return ""
    if character.isascii():
        return character if character.isalnum() or character == "_" else _SEPARATOR
    return f"u{ord(character):x}" if character.isalnum() else _SEPARATOR


def _unreserved(name: str, reserved: frozenset[str]) -> str:
    return name + "_" if keyword.iskeyword(name) or name in reserved else name
