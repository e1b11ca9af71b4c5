"""A generated package, decided down to the last name and expression: templates only print it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BitFieldModel",
    "ColumnModel",
    "ColumnsModel",
    "ElementColumnModel",
    "ElementColumnsModel",
    "ElementModel",
    "EnumModel",
    "FieldModel",
    "FlowModel",
    "HeaderModel",
    "MemberModel",
    "MessagesModel",
    "PackageModel",
    "TelemetryModel",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderModel:
    """What stands at the top of each file: comment lines without their mark; nothing that changes by itself."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberModel:
    """One member of an enum; `doc` is the wire label where Python needed another name."""

    name: str
    key: int
    doc: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumModel:
    """One IntEnum; docs are texts for the inside of a docstring."""

    class_name: str
    doc: str
    members: tuple[MemberModel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementModel:
    """One element of a bit field: its size, and the source that takes it out of the packed integer."""

    field: str
    doc: str
    wire_name: str
    bit_count: int
    extracted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BitFieldModel:
    """One bit-field struct; `byte_count` is its size on the wire.

    `overflows` are joined by `or` to whether any element has too many bits, `terms` by | to the packed integer.
    """

    class_name: str
    doc: str
    byte_count: int
    elements: tuple[ElementModel, ...]
    overflows: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldModel:
    """One field of a flow; `default` is the source of its default or None for a required channel."""

    name: str
    annotation: str
    default: str | None
    doc: str
    channel: str
    """The source of the channel's registration data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowModel:
    """One flow: a module and the class in it. `constants` and `parts` are source, in the order they are written."""

    class_name: str
    module: str
    wire_name: str
    title: str
    doc: str
    fields: tuple[FieldModel, ...]
    constants: tuple[str, ...]
    parts: tuple[str, ...]
    imports: tuple[str, ...]
    """Imports of the standard library that only some flows need."""
    siblings: tuple[str, ...]
    """Other modules of the package that the flow needs, as import lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnModel:
    """One channel of a flow's columns; `default` is the source of its default or None for a required channel."""

    name: str
    annotation: str
    default: str | None
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsModel:
    """The columns of one flow; `time_field` is the field of the times."""

    class_name: str
    flow_class: str
    doc: str
    time_field: str
    fields: tuple[ColumnModel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementColumnModel:
    """One element of a bit field's columns."""

    field: str
    annotation: str
    doc: str
    wire_name: str
    bit_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementColumnsModel:
    """The columns of one bit field."""

    class_name: str
    doc: str
    elements: tuple[ElementColumnModel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryModel:
    """The registration data, as source."""

    doc: str
    asset_name: str
    client_key: str
    organization_id: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesModel:
    """Whose protobuf classes `.channel_values()` returns."""

    imports: tuple[str, ...]
    documented_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageModel:
    """Everything a package is made of."""

    header: HeaderModel
    doc: str
    telemetry: TelemetryModel
    messages: MessagesModel
    flows: tuple[FlowModel, ...]
    enums: tuple[EnumModel, ...]
    bit_fields: tuple[BitFieldModel, ...]
    columns: tuple[ColumnsModel, ...]
    element_columns: tuple[ElementColumnsModel, ...]
    imports: tuple[str, ...]
    """The import lines of the package itself."""
    flow_imports: tuple[str, ...]
    exports: tuple[str, ...]
    enums_exports: tuple[str, ...]
    bit_fields_exports: tuple[str, ...]
    columns_exports: tuple[str, ...]
    element_columns_exports: tuple[str, ...]
    abi: int
