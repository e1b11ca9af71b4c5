"""From a flow to the model of its module."""

from __future__ import annotations

from typing import Final

from sift_codegen._config import ChannelConfig, DataType, FlowConfig
from sift_codegen._layout import Brackets, Source, call, keyword, tuple_of, union
from sift_codegen._literals import docstring_text, text_literal
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
        channels=tuple_of(
            _registration(channel, symbols, optional=channel.name in optional) for channel in flow.channels
        ),
        constants=tuple(layout.constants),
        encoded=Brackets('b"".join(', tuple_of(layout.parts), ")"),
        imports=("import struct as _struct",) if layout.runs else (),
        siblings=tuple(line for data_type, line in _SIBLING.items() if data_type in types),
    )


def _field(channel: ChannelConfig, symbols: Symbols, *, optional: bool) -> FieldModel:
    annotation = _annotation(channel, symbols)
    return FieldModel(
        name=symbols.field(channel),
        annotation=union(annotation, "None") if optional else annotation,
        default="None" if optional else None,
        doc=_doc(channel, optional=optional),
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


def _registration(channel: ChannelConfig, symbols: Symbols, *, optional: bool) -> Source:
    arguments: list[Source] = [f"name={text_literal(channel.name)}", f"field={text_literal(symbols.field(channel))}"]
    arguments += [f"data_type=_sift.DataType.{channel.data_type.name}"]
    arguments += [f"unit={text_literal(channel.unit)}"] if channel.unit else []
    arguments += [f"description={text_literal(channel.description)}"] if channel.description else []
    enum_types = [call("_sift.EnumType", (text_literal(label.name), str(label.key))) for label in channel.enum_types]
    elements = [
        call("_sift.BitFieldElement", (text_literal(element.name), str(element.index), str(element.bit_count)))
        for element in channel.bit_field_elements
    ]
    arguments += [keyword("enum_types", tuple_of(enum_types))] if enum_types else []
    arguments += [keyword("bit_field_elements", tuple_of(elements))] if elements else []
    arguments += ["optional=True"] if optional else []
    return call("_sift.Channel", arguments, always_broken=True)
