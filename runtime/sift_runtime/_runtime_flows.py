"""Flows that are made at run time: their channels, as they are asked for, and their class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Final, TypeAlias

from sift_runtime._errors import SettingsError
from sift_runtime._flow import Flow
from sift_runtime._schema import BitFieldElement, Channel, DataType, EnumType, FlowSchema
from sift_runtime._shown import shown
from sift_runtime._values import ValuesEncoder

__all__ = ["ChannelDetails", "Channels", "RuntimeFlow", "flow_class", "flow_schema"]

_MOST_BITS: Final = 65_536  # as the generator has it, too


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDetails:
    """A channel of a flow that is made at run time; an enum needs labels, a bit field elements."""

    data_type: DataType
    unit: str = ""
    description: str = ""
    enum_types: tuple[EnumType, ...] = ()
    bit_field_elements: tuple[BitFieldElement, ...] = ()


Channels: TypeAlias = Mapping[str, DataType | ChannelDetails]
"""Channels by name, in wire order."""


class RuntimeFlow(Flow):
    """One reading of a flow that was made at run time: values by channel name."""

    __slots__ = ("values",)

    _schema: ClassVar[FlowSchema]
    _encoder: ClassVar[ValuesEncoder]

    def __init__(self, values: Mapping[str, object]) -> None:
        """Keep the values; they are looked at when they are encoded."""
        self.values = values

    @classmethod
    def schema(cls) -> FlowSchema:
        """Return the flow as it is registered."""
        return cls._schema

    def encode(self) -> bytes:
        """Return the wire bytes of the channel values; raise SerializationError where one does not fit."""
        return self._encoder.encode(self.values)

    def asdict(self) -> dict[str, object]:
        """Return the values by channel name, in wire order."""
        return {channel.name: self.values.get(channel.name) for channel in self._schema.channels}


def flow_class(schema: FlowSchema) -> type[RuntimeFlow]:
    """Make the class of a flow whose readings are values by channel name; what generated code is for others."""
    made = {"__slots__": (), "_schema": schema, "_encoder": ValuesEncoder(schema)}
    return type(f"RuntimeFlow[{schema.name!r}]", (RuntimeFlow,), made)  # no class is called by a NUL


def flow_schema(name: str, channels: Channels) -> FlowSchema:
    """Return the flow that is asked for; raises SettingsError, which names all that is wrong."""
    problems = [*_name_problems("flow", name)]
    if not channels:
        problems.append("it has no channels")
    made = []
    for channel, asked in channels.items():
        details = ChannelDetails(data_type=asked) if isinstance(asked, DataType) else asked
        found = [*_name_problems("channel", channel), *_channel_problems(channel, details)]
        problems += found
        if not found:
            made.append(_channel(channel, details))
    if problems:
        raise SettingsError(f"flow {shown(name)} cannot be made: {'; '.join(problems)}")
    return FlowSchema(name=name, channels=tuple(made))


def _channel(name: str, details: ChannelDetails) -> Channel:
    return Channel(
        name=name,
        field=name,
        data_type=details.data_type,
        unit=details.unit,
        description=details.description,
        enum_types=details.enum_types,
        bit_field_elements=details.bit_field_elements,
        optional=True,
    )


def _name_problems(what: str, name: object) -> Iterator[str]:
    if not isinstance(name, str) or not name:
        yield f"a {what} is called {shown(name)}; give it a name"
    else:
        yield from _text_problems(f"the name of {what} {shown(name)}", name)


def _text_problems(what: str, text: object) -> Iterator[str]:
    if not isinstance(text, str):
        yield f"{what} is {shown(text)}; give a text"
    elif any("\ud800" <= character <= "\udfff" for character in text):
        yield f"{what} has half of a surrogate pair in it"


def _channel_problems(name: object, details: object) -> Iterator[str]:
    where = f"channel {shown(name)}"
    if not isinstance(details, ChannelDetails) or not isinstance(details.data_type, DataType):
        yield f"{where} is {shown(details)}; give a DataType or ChannelDetails"
        return
    yield from _text_problems(f"{where}: its unit", details.unit)
    yield from _text_problems(f"{where}: its description", details.description)
    if bool(details.enum_types) != (details.data_type is DataType.ENUM):
        yield f"{where}: enum_types belong to an enum, and an enum has some"
    if bool(details.bit_field_elements) != (details.data_type is DataType.BIT_FIELD):
        yield f"{where}: bit_field_elements belong to a bit field, and a bit field has some"
    yield from _label_problems(where, details.enum_types)
    yield from _element_problems(where, details.bit_field_elements)


def _label_problems(where: str, labels: tuple[EnumType, ...]) -> Iterator[str]:
    for label in labels:
        yield from (f"{where}: {problem}" for problem in _name_problems("label", label.name))
    keys = [label.key for label in labels]
    if len(set(keys)) < len(keys) or len({label.name for label in labels}) < len(keys):
        yield f"{where}: a label or a key stands there twice"
    if not all(type(key) is int and 0 <= key < 1 << 32 for key in keys):
        yield f"{where}: keys are whole numbers of 0 to {2**32 - 1}"


def _element_problems(where: str, elements: tuple[BitFieldElement, ...]) -> Iterator[str]:
    for element in elements:
        yield from (f"{where}: {problem}" for problem in _name_problems("element", element.name))
    if len({element.name for element in elements}) < len(elements):
        yield f"{where}: an element stands there twice"
    if not all(type(element.index) is int and type(element.bit_count) is int for element in elements):
        yield f"{where}: index and bit_count are whole numbers"
        return
    if any(element.index < 0 or element.bit_count < 1 for element in elements):
        yield f"{where}: an element begins at bit 0 or later, and has at least one bit"
    if any(element.index + element.bit_count > _MOST_BITS for element in elements):
        yield f"{where}: a bit field ends at bit {_MOST_BITS - 1}"
    ordered = sorted(elements, key=lambda element: element.index)
    for earlier, later in pairwise(ordered):
        if earlier.index + earlier.bit_count > later.index:
            yield f"{where}: elements {earlier.name!r} and {later.name!r} overlap"
