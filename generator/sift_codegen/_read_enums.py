"""The labels of an enum channel."""

from __future__ import annotations

from typing import Final

from sift_codegen._config import EnumTypeConfig
from sift_codegen._config_reader import ConfigReader
from sift_codegen._yaml_nodes import Child

__all__ = ["ENUM_TYPE_KEYS", "LARGEST_ENUM_KEY", "read_enum_types"]

ENUM_TYPE_KEYS: Final = ("name", "key")
LARGEST_ENUM_KEY: Final = 2**32 - 1  # `key` is a uint32 in Sift's ChannelEnumType


def read_enum_types(children: list[Child], reader: ConfigReader, channel: str) -> tuple[EnumTypeConfig, ...]:
    """Return the labels; no two may have one name or one key."""
    by_name: dict[str, EnumTypeConfig] = {}
    by_key: dict[int, EnumTypeConfig] = {}
    for child in children:
        label = _read_enum_type(child, reader, channel)
        if label is None:
            continue
        same_name = by_name.setdefault(label.name, label)
        same_key = by_key.setdefault(label.key, label)
        if same_name is not label:
            message = f"label {label.name!r} stands twice in {channel}"
            note = f"first at {same_name.position}"
            reader.findings.error(label.position, message, note, code="SC102", also=(same_name.position,))
        elif same_key is not label:
            message = f"labels {same_key.name!r} and {label.name!r} of {channel} have the same key {label.key}"
            note = f"first at {same_key.position}"
            reader.findings.error(label.position, message, note, code="SC101", also=(same_key.position,))
    return tuple(by_name.values())


def _read_enum_type(child: Child, reader: ConfigReader, channel: str) -> EnumTypeConfig | None:
    fields = reader.fields(child, f"an enum type of {channel}", ENUM_TYPE_KEYS)
    if fields is None:
        return None
    name, key = fields.required_text("name"), fields.required_integer("key")
    if name is None or key is None:
        return None
    if not 0 <= key <= LARGEST_ENUM_KEY:
        message = f"key {key} of label {name!r} of {channel} does not fit uint32 (0 to {LARGEST_ENUM_KEY})"
        reader.error(fields.entries["key"].value.position, message, code="SC105")
        return None
    return EnumTypeConfig(name=name, key=key, position=child.position)
