"""What protobuf's own serializer gives for a flow, read from its fields without the generated encoder."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from types import ModuleType
from typing import Any

from hypothesis import strategies as st

from sift_runtime.generated import Flow
from sift_runtime.messages.ingest_pb2 import IngestWithConfigDataChannelValue as Value
from sift_runtime.messages.ingest_pb2 import IngestWithConfigDataStreamRequest as Request
from tests.generator.strategies import SCALAR_VALUES

__all__ = ["draw_flow", "protobuf_bytes", "value_strategy"]


def protobuf_bytes(flow: Flow) -> bytes:
    """Serialize with protobuf what the flow's fields say, independently of the generated encoder."""
    values = [_value(each, getattr(flow, each.field)) for each in flow.schema().channels]
    return Request(channel_values=values).SerializeToString()


def _value(each: Any, value: Any) -> Value:
    kind = each.data_type.name.lower().replace("_32", "32").replace("_64", "64")
    if value is None:
        message = Value()
        message.empty.SetInParent()
        return message
    if kind == "bit_field":
        value = _packed(each.bit_field_elements, value)
    elif isinstance(value, bool) and kind != "bool":
        value = int(value)  # a Python bool is an int, for type checkers and for us; protobuf is stricter
    member: dict[str, Any] = {kind: value}
    return Value(**member)


def _packed(elements: Any, struct: Any) -> bytes:
    """Pack bit by bit, as the protocol words it: bit i of the field is bit i mod 8 of byte i div 8."""
    data = bytearray((max(element.index + element.bit_count for element in elements) + 7) // 8)
    for element, value in zip(elements, vars_of(struct), strict=True):
        for bit in range(element.bit_count):
            place = element.index + bit
            data[place // 8] |= (value >> bit & 1) << place % 8
    return bytes(data)


def vars_of(struct: Any) -> list[int]:
    return [getattr(struct, field.name) for field in dataclasses.fields(struct)]


def draw_flow(
    data: st.DataObject,
    package: ModuleType,
    flow_class: Any,
    *,
    optional: bool | Collection[str] = False,
    types: Mapping[str, str] | None = None,
) -> Any:
    """Draw a flow; `optional` says which channels may be None, `types` names the types of channels by wire name."""
    values = {}
    for each in flow_class.schema().channels:
        strategy = value_strategy(package, each, (types or {}).get(each.name))
        may_be_none = optional if isinstance(optional, bool) else each.name in optional
        values[each.field] = data.draw(st.none() | strategy if may_be_none else strategy)
    return flow_class(**values)


def value_strategy(package: ModuleType, each: Any, type_name: str | None = None) -> st.SearchStrategy[Any]:
    kind = each.data_type.name.lower().replace("_32", "32").replace("_64", "64")
    name = type_name or each.field[:1].upper() + each.field[1:]
    if kind == "enum":
        return st.sampled_from(list(getattr(package, name)))
    if kind == "bit_field":
        fields = [field.name for field in dataclasses.fields(getattr(package, name))]
        widths = [element.bit_count for element in each.bit_field_elements]
        elements = {name: st.integers(0, 2**width - 1) for name, width in zip(fields, widths, strict=True)}
        return st.builds(getattr(package, name), **elements)
    return SCALAR_VALUES[kind]
