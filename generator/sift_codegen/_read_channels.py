"""Channels, with their enum labels and bit-field elements."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sift_codegen._config import BitFieldElementConfig, ChannelConfig, DataType, EnumTypeConfig
from sift_codegen._config_reader import ConfigReader, Fields
from sift_codegen._diagnostics import Position, Severity
from sift_codegen._suggestion import did_you_mean
from sift_codegen._yaml_nodes import Child, Mapping, Scalar, Sequence, describe

__all__ = ["ChannelReader"]

_KEYS: Final = ("name", "data_type", "description", "unit", "component", "enum_types", "bit_field_elements")
_PARTS: Final = {DataType.ENUM: "enum_types", DataType.BIT_FIELD: "bit_field_elements"}
_MOST_BITS: Final = 65_536


class ChannelReader:
    """Reads channels; one that several flows share through an alias is read once."""

    def __init__(self, reader: ConfigReader) -> None:
        """Collect errors in `reader`."""
        self._reader = reader
        self._known: dict[Mapping, ChannelConfig | None] = {}

    def read(self, child: Child, where: str) -> ChannelConfig | None:
        """Return the channel that stands here, or None where it has errors."""
        node = child.node
        if not isinstance(node, Mapping):
            self._reader.error(child.position, f"{where} must be a mapping, found {describe(node)}", *_mend(child))
            return None
        if node not in self._known:
            self._known[node] = self._channel(child, where)
        channel = self._known[node]
        return replace(channel, position=child.position) if channel else None

    def _channel(self, child: Child, where: str) -> ChannelConfig | None:
        errors = len(self._reader.diagnostics)
        fields = self._reader.fields(child, where, _KEYS)
        if fields is None:
            return None
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
        )
        found = self._reader.diagnostics[errors:]
        return None if any(each.severity is Severity.ERROR for each in found) else channel

    def _with_component(self, name: str, fields: Fields) -> str:
        child = fields.child("component")
        component = self._reader.text(child, f"'component' of {fields.what}") if child else None
        if child is None or component is None:
            return name
        full_name = f"{component}.{name}"
        mend = f"leave it out and name the channel {full_name!r}"
        self._reader.warn(child.position, f"'component' of {fields.what} is deprecated", mend)
        return full_name

    def _data_type(self, fields: Fields) -> DataType | None:
        text = fields.required_text("data_type")
        if text is None:
            return None
        known = {data_type.value: data_type for data_type in DataType}
        if text in known:
            return known[text]
        spoken = text.lower().removeprefix("channel_data_type_").replace("_32", "32").replace("_64", "64")
        notes = (f"did you mean {spoken!r}?",) if spoken in known else did_you_mean(text, known)
        listed = f"one of: {', '.join(known)}"
        self._reader.error(
            _position(fields, "data_type"), f"unknown data_type {text!r} of {fields.what}", *notes, listed
        )
        return None

    def _parts(self, fields: Fields, data_type: DataType | None, owner: DataType) -> list[Child]:
        """Return the entries of `enum_types` or `bit_field_elements`: required by one type, forbidden on the others."""
        key = _PARTS[owner]
        child = fields.child(key)
        if child is None:
            if data_type is owner:
                self._reader.error(fields.place.position, f"{fields.what} is of type {owner.value} and has no {key!r}")
            return []
        if data_type not in (owner, None):
            message = f"{key!r} of {fields.what}: only a channel of type {owner.value} has them"
            self._reader.error(fields.entries[key].key.position, message)
            return []
        return self._reader.items(child, f"{key!r} of {fields.what}")

    def _enum_types(self, fields: Fields, data_type: DataType | None) -> tuple[EnumTypeConfig, ...]:
        labels: list[EnumTypeConfig] = []
        for child in self._parts(fields, data_type, DataType.ENUM):
            label = self._enum_type(child, fields.what)
            if label:
                self._refuse_taken(labels, label, fields.what)
                labels.append(label)
        return tuple(labels)

    def _enum_type(self, child: Child, channel: str) -> EnumTypeConfig | None:
        fields = self._reader.fields(child, f"an enum type of {channel}", ("name", "key"))
        if fields is None:
            return None
        name, key = fields.required_text("name"), fields.required_integer("key")
        if name is None or key is None:
            return None
        if not 0 <= key < 2**32:
            message = f"key {key} of label {name!r} of {channel} does not fit uint32 (0 to {2**32 - 1})"
            self._reader.error(_position(fields, "key"), message)
            return None
        return EnumTypeConfig(name=name, key=key, position=child.position)

    def _refuse_taken(self, labels: list[EnumTypeConfig], label: EnumTypeConfig, channel: str) -> None:
        for other in labels:
            if other.name == label.name:
                message = f"label {label.name!r} stands twice in {channel}"
                self._reader.error(label.position, message, f"first at {other.position}")
            if other.key == label.key:
                message = f"labels {other.name!r} and {label.name!r} of {channel} have the same key {label.key}"
                self._reader.error(label.position, message, f"first at {other.position}")

    def _elements(self, fields: Fields, data_type: DataType | None) -> tuple[BitFieldElementConfig, ...]:
        elements: list[BitFieldElementConfig] = []
        for child in self._parts(fields, data_type, DataType.BIT_FIELD):
            element = self._element(child, fields.what)
            if element:
                self._refuse_overlap(elements, element, fields.what)
                elements.append(element)
        return tuple(elements)

    def _element(self, child: Child, channel: str) -> BitFieldElementConfig | None:
        fields = self._reader.fields(child, f"a bit field element of {channel}", ("name", "index", "bit_count"))
        if fields is None:
            return None
        name = fields.required_text("name")
        index, bit_count = fields.required_integer("index"), fields.required_integer("bit_count")
        if name is None or index is None or bit_count is None:
            return None
        if index < 0 or bit_count < 1 or index + bit_count > _MOST_BITS:
            message = f"element {name!r} of {channel}: index {index} with bit_count {bit_count}"
            limits = f"index counts from 0, bit_count from 1, and a bit field ends at bit {_MOST_BITS - 1}"
            self._reader.error(child.position, message, limits)
            return None
        return BitFieldElementConfig(name=name, index=index, bit_count=bit_count, position=child.position)

    def _refuse_overlap(
        self, elements: list[BitFieldElementConfig], element: BitFieldElementConfig, channel: str
    ) -> None:
        for other in elements:
            if other.name == element.name:
                message = f"element {element.name!r} stands twice in {channel}"
                self._reader.error(element.position, message, f"first at {other.position}")
            elif max(other.index, element.index) < min(
                other.index + other.bit_count, element.index + element.bit_count
            ):
                message = f"elements {other.name!r} and {element.name!r} of {channel} overlap"
                bits = [f"{e.name!r}: bits {e.index} to {e.index + e.bit_count - 1}" for e in (other, element)]
                self._reader.error(element.position, message, *bits)


def _position(fields: Fields, key: str) -> Position:
    child = fields.child(key)
    return child.position if child else fields.place.position


def _mend(child: Child) -> tuple[str, ...]:
    if isinstance(child.node, Sequence):
        return ("a list cannot stand inside a list of channels; share a whole list as `channels: *name`",)
    if isinstance(child.node, Scalar) and isinstance(child.node.value, str) and child.node.value:
        name = child.node.value
        return (f"to use an anchored channel, write `- *{name}` or `- <<: *{name}`",)
    return ()
