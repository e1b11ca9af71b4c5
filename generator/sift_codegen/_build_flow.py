"""From a flow to the model of its module."""

from __future__ import annotations

from typing import Final

from sift_codegen._config import ChannelConfig, DataType, FlowConfig
from sift_codegen._literals import call_source, docstring_text, text_literal, tuple_source
from sift_codegen._package_model import FieldModel, FlowModel
from sift_codegen._symbols import Symbols
from sift_codegen._wire_layout import lay_out

__all__ = ["build_flow"]

_ANNOTATION: Final = {
    DataType.DOUBLE: "float",
    DataType.FLOAT: "float",
    DataType.INT_32: "int",
    DataType.INT_64: "int",
    DataType.UINT_32: "int",
    DataType.UINT_64: "int",
    DataType.BOOL: "bool",
    DataType.STRING: "str",
    DataType.BYTES: "bytes",
}
_SIBLING: Final = {
    DataType.BIT_FIELD: "from .. import bit_fields as _bit_fields",
    DataType.ENUM: "from .. import enums as _enums",
}


def build_flow(flow: FlowConfig, symbols: Symbols) -> FlowModel:
    """Return the model of a flow's module."""
    optional = frozenset(symbols.config.extension.optional_channels.get(flow.name, {}))
    layout = lay_out(flow, symbols, optional)
    types = {channel.data_type for channel in flow.channels}
    count = f"{len(flow.channels)} channel{'s' if len(flow.channels) != 1 else ''}"
    return FlowModel(
        class_name=symbols.flow_class(flow),
        module=symbols.flow_module(flow),
        wire_name=text_literal(flow.name),
        title=f"Flow `{docstring_text(flow.name)}` of asset `{docstring_text(symbols.config.asset_name)}`.",
        doc=f"One reading of flow `{docstring_text(flow.name)}`: {count}, in wire order.",
        fields=tuple(_field(channel, symbols, optional=channel.name in optional) for channel in flow.channels),
        constants=tuple(layout.constants),
        parts=tuple(layout.parts),
        imports=("import struct as _struct",) if layout.needs_struct else (),
        siblings=tuple(line for data_type, line in _SIBLING.items() if data_type in types),
    )


def _field(channel: ChannelConfig, symbols: Symbols, *, optional: bool) -> FieldModel:
    annotation = _annotation(channel, symbols)
    return FieldModel(
        name=symbols.field(channel),
        annotation=f"{annotation} | None" if optional else annotation,
        default="None" if optional else None,
        doc=_doc(channel, optional=optional),
        channel=_registration(channel, symbols.field(channel), optional=optional),
    )


def _annotation(channel: ChannelConfig, symbols: Symbols) -> str:
    if channel.data_type is DataType.ENUM:
        return f"_enums.{symbols.type_class(channel)}"
    if channel.data_type is DataType.BIT_FIELD:
        return f"_bit_fields.{symbols.type_class(channel)}"
    return _ANNOTATION[channel.data_type]


def _doc(channel: ChannelConfig, *, optional: bool) -> str:
    facts = f"Channel `{docstring_text(channel.name)}`, {channel.data_type.value}"
    facts += f", in {docstring_text(channel.unit)}" if channel.unit else ""
    facts += "; None is sent as Empty." if optional else "."
    return f"{docstring_text(channel.description)}\n\n{facts}" if channel.description else facts


def _registration(channel: ChannelConfig, field: str, *, optional: bool) -> str:
    arguments = [f"name={text_literal(channel.name)}", f"field={text_literal(field)}"]
    arguments += [f"data_type=_sift.DataType.{channel.data_type.name}"]
    arguments += [f"unit={text_literal(channel.unit)}"] if channel.unit else []
    arguments += [f"description={text_literal(channel.description)}"] if channel.description else []
    enum_types = tuple(f"_sift.EnumType({text_literal(label.name)}, {label.key})" for label in channel.enum_types)
    elements = tuple(
        f"_sift.BitFieldElement({text_literal(element.name)}, {element.index}, {element.bit_count})"
        for element in channel.bit_field_elements
    )
    arguments += [f"enum_types={tuple_source(enum_types)}"] if enum_types else []
    arguments += [f"bit_field_elements={tuple_source(elements)}"] if elements else []
    arguments += ["optional=True"] if optional else []
    return call_source("_sift.Channel", arguments)
