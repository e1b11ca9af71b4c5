"""Channels, with their enum labels and bit-field elements."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sift_codegen._config import BitFieldElementConfig, ChannelConfig, DataType, EnumTypeConfig
from sift_codegen._config_reader import ConfigReader, Fields
from sift_codegen._diagnostics import Position
from sift_codegen._read_bit_fields import read_bit_field_elements
from sift_codegen._read_enums import read_enum_types
from sift_codegen._suggestion import did_you_mean
from sift_codegen._yaml_nodes import Child, Mapping, describe

__all__ = ["CHANNEL_KEYS", "ChannelReader"]

CHANNEL_KEYS: Final = ("name", "data_type", "description", "unit", "component", "enum_types", "bit_field_elements")
_DATA_TYPES: Final = {data_type.value: data_type for data_type in DataType}
_PARTS: Final = {DataType.ENUM: "enum_types", DataType.BIT_FIELD: "bit_field_elements"}


class ChannelReader:
    """Reads channels; one that several flows share through an alias is read once."""

    def __init__(self, reader: ConfigReader) -> None:
        """Collect errors in `reader`."""
        self._reader = reader
        self._known: dict[Mapping, ChannelConfig | None] = {}

    def read(self, child: Child, where: str) -> ChannelConfig | None:
        """Return the channel that stands here, or None where it has no name; of a faulty one, what can be read."""
        node = child.node
        if not isinstance(node, Mapping):
            self._reader.error(child, f"{where} must be a mapping, found {describe(node)}", code="SC005")
            return None
        if node not in self._known:
            self._known[node] = self._channel(child, where)
        channel = self._known[node]
        if channel is None or channel.position == child.position:
            return channel
        return replace(channel, position=child.position)

    def _channel(self, child: Child, where: str) -> ChannelConfig | None:
        # Channels may share a faulty key by a merge: it is told once, as it says the same of each.
        fields = self._reader.fields(child, "a channel", CHANNEL_KEYS)
        if fields is None:
            return None
        fields = replace(fields, what=where)
        name = fields.required_text("name")
        fields = replace(fields, what=where if name is None else f"channel {name!r}")
        data_type = self._data_type(fields)
        channel = ChannelConfig(
            name=self._with_component(name or "", fields),
            data_type=data_type or DataType.DOUBLE,
            description=fields.text("description"),
            unit=fields.text("unit"),
            enum_types=self._enum_types(fields, data_type),
            bit_field_elements=self._elements(fields, data_type),
            position=child.position,
            name_position=_position(fields, "name"),
            definition=child.node.position,
            key_positions={key: entry.value.position for key, entry in fields.entries.items()},
        )
        return None if name is None else channel

    def _with_component(self, name: str, fields: Fields) -> str:
        child = fields.optional("component")
        component = self._reader.text(child, f"'component' of {fields.what}") if child else None
        if child is None or component is None:
            return name
        full_name = f"{component}.{name}" if component else name
        mend = f"leave it out and name the channel {full_name!r}"
        self._reader.findings.warn(child.position, f"'component' of {fields.what} is deprecated", mend, code="SC310")
        return full_name

    def _data_type(self, fields: Fields) -> DataType | None:
        text = fields.required_text("data_type")
        if text is None:
            return None
        if text in _DATA_TYPES:
            return _DATA_TYPES[text]
        spoken = text.lower().removeprefix("channel_data_type_").replace("_32", "32").replace("_64", "64")
        notes = (f"did you mean {spoken!r}?",) if spoken in _DATA_TYPES else did_you_mean(text, _DATA_TYPES)
        message, listed = f"unknown data_type {text!r} of {fields.what}", f"one of: {', '.join(_DATA_TYPES)}"
        self._reader.error(_position(fields, "data_type"), message, *notes, listed, code="SC307")
        return None

    def _parts(self, fields: Fields, data_type: DataType | None, owner: DataType) -> list[Child]:
        """Return the entries of `enum_types` or `bit_field_elements`: required by one type, forbidden on the others."""
        key = _PARTS[owner]
        child = fields.optional(key)
        if child is None:
            if data_type is owner:
                message = f"{fields.what} is of type {owner.value} and has no {key!r}"
                self._reader.error(fields.place, message, code="SC006")
            return []
        if data_type not in (owner, None):
            message = f"{key!r} of {fields.what}: only a channel of type {owner.value} has them"
            self._reader.error(fields.entries[key].key.position, message, code="SC107")
            return []
        return self._reader.items(child, f"{key!r} of {fields.what}")

    def _enum_types(self, fields: Fields, data_type: DataType | None) -> tuple[EnumTypeConfig, ...]:
        children = self._parts(fields, data_type, DataType.ENUM)
        return read_enum_types(children, self._reader, fields.what)

    def _elements(self, fields: Fields, data_type: DataType | None) -> tuple[BitFieldElementConfig, ...]:
        children = self._parts(fields, data_type, DataType.BIT_FIELD)
        return read_bit_field_elements(children, self._reader, fields.what)


def _position(fields: Fields, key: str) -> Position:
    child = fields.child(key)
    return child.position if child else fields.place.position
