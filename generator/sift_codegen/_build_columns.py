"""From flows and bit fields to the models of their columns: the same channels, an array each."""

from __future__ import annotations

from typing import Final

from sift_codegen._build_types import element_doc, element_entries
from sift_codegen._config import ChannelConfig, DataType, FlowConfig
from sift_codegen._layout import Brackets, Source, union
from sift_codegen._literals import docstring_text
from sift_codegen._package_model import (
    ColumnModel,
    ColumnsModel,
    ElementColumnModel,
    ElementColumnsModel,
    FlowModel,
    ImportModel,
)
from sift_codegen._symbols import Symbols

__all__ = ["build_columns", "build_element_columns"]

_ANNOTATION: Final = {
    DataType.DOUBLE: "Reals",
    DataType.FLOAT: "Reals",
    DataType.INT_32: "Integers",
    DataType.INT_64: "Integers",
    DataType.UINT_32: "Integers",
    DataType.UINT_64: "Integers",
    DataType.BOOL: "Bools",
    DataType.STRING: "Strings",
    DataType.BYTES: "BytesColumn",
}
_WITH_GAPS: Final = {DataType.STRING: "OptionalStrings", DataType.BYTES: "OptionalBytesColumn"}

_SIBLING: Final = {
    DataType.BIT_FIELD: "from .. import bit_field_columns as _bit_field_columns",
    DataType.ENUM: "from .. import enums as _enums",
}


def build_columns(flow: FlowConfig, model: FlowModel, symbols: Symbols) -> ColumnsModel:
    """Return the model of a flow's columns; the times are called like no channel."""
    fields = {field.name for field in model.fields}
    time_field = "timestamp"
    while time_field in fields:
        time_field += "_"
    optional = symbols.config.extension.optional_channels.get(flow.name, {})
    types = {channel.data_type for channel in flow.channels}
    count = f"{len(flow.channels)} channel{'s' if len(flow.channels) != 1 else ''}"
    return ColumnsModel(
        class_name=symbols.columns_class(flow),
        flow_class=model.class_name,
        flow_import=ImportModel(module=f"..flows.{model.module}", names=(model.class_name,)),
        module=model.module,
        title=f"Columns of flow `{docstring_text(flow.name)}`: an array per channel, a row per reading.",
        doc=f"Many readings of flow `{docstring_text(flow.name)}`: {count}, in wire order.",
        time_field=time_field,
        fields=tuple(_column(channel, symbols, optional=channel.name in optional) for channel in flow.channels),
        siblings=tuple(line for data_type, line in _SIBLING.items() if data_type in types),
    )


def build_element_columns(channel: ChannelConfig, module: str, symbols: Symbols) -> ElementColumnsModel:
    """Return the model of a bit field's columns."""
    return ElementColumnsModel(
        class_name=symbols.element_columns_class(channel),
        module=module,
        title=f"Columns of bit-field channel `{docstring_text(channel.name)}`: an array per element.",
        doc=f"Many values of bit field `{docstring_text(channel.name)}`, an array per element.",
        elements=tuple(
            ElementColumnModel(
                name=symbols.member(channel, element.name),
                annotation=f"_column_types.{'ElementBits' if element.bit_count <= 64 else 'WideElementBits'}",
                default=None,
                doc=element_doc(element),
            )
            for element in channel.bit_field_elements
        ),
        entries=element_entries(channel, symbols),
    )


def _column(channel: ChannelConfig, symbols: Symbols, *, optional: bool) -> ColumnModel:
    annotation = _annotation(channel, symbols, optional=optional)
    facts = f"Channel `{docstring_text(channel.name)}`, {channel.data_type.value}"
    facts += f", in {docstring_text(channel.unit)}" if channel.unit else ""
    return ColumnModel(
        name=symbols.field(channel),
        annotation=union(*annotation, "None") if optional else union(*annotation),
        default="None" if optional else None,
        doc=facts + ("; None, and masked rows, are sent as Empty." if optional else "."),
    )


def _annotation(channel: ChannelConfig, symbols: Symbols, *, optional: bool) -> tuple[Source, ...]:
    if channel.data_type is DataType.BIT_FIELD:
        return (f"_bit_field_columns.{symbols.element_columns_class(channel)}",)
    if channel.data_type is DataType.ENUM:
        member = f"_enums.{symbols.type_class(channel)}"
        members = Brackets("_typing.Sequence[", union(member, "None") if optional else member, "]")
        return "_column_types.Integers", members
    name = _ANNOTATION[channel.data_type]
    return (f"_column_types.{_WITH_GAPS.get(channel.data_type, name) if optional else name}",)
