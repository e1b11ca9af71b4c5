"""A generated package, decided down to the last name and expression: templates only print it."""

from __future__ import annotations

from dataclasses import dataclass

from sift_codegen._layout import Source

__all__ = [
    "BitFieldModel",
    "ColumnModel",
    "ColumnsModel",
    "ElementColumnModel",
    "ElementColumnsModel",
    "ElementModel",
    "EnumModel",
    "ExportModel",
    "FieldModel",
    "FlowModel",
    "FolderModel",
    "HeaderModel",
    "ImportModel",
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
class ImportModel:
    """What a module of the package is asked for; `module` begins with its dots."""

    module: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberModel:
    """One member of an enum; `doc` is the wire label where Python needed another name."""

    name: str
    key: int
    doc: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumModel:
    """One IntEnum: a module and the class in it; docs are texts for the inside of a docstring."""

    class_name: str
    module: str
    title: str
    doc: str
    members: tuple[MemberModel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementModel:
    """One element of a bit field; `extracted` takes it out of the packed integer."""

    name: str
    annotation: str
    default: str | None
    doc: str
    extracted: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class BitFieldModel:
    """One bit-field struct: a module and the class in it; `byte_count` is its size on the wire.

    `overflow` says whether any element has too many bits, `packed` is the packed integer; `entries` has the wire name,
    size and value of each element.
    """

    class_name: str
    module: str
    title: str
    doc: str
    byte_count: int
    elements: tuple[ElementModel, ...]
    overflow: Source
    packed: Source
    entries: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldModel:
    """One field of a flow; `default` is the source of its default or None for a required channel."""

    name: str
    annotation: Source
    default: str | None
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowModel:
    """One flow: a module and the class in it.

    `constants` are written in their order, for what is `encoded`; `channels` is the registration data.
    """

    class_name: str
    module: str
    wire_name: str
    title: str
    doc: str
    fields: tuple[FieldModel, ...]
    channels: Source
    constants: tuple[Source, ...]
    encoded: Source
    imports: tuple[str, ...]
    """Imports of the standard library that only some flows need."""
    siblings: tuple[str, ...]
    """Other modules of the package that the flow needs, as import lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnModel:
    """One channel of a flow's columns; `default` is the source of its default or None for a required channel."""

    name: str
    annotation: Source
    default: str | None
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsModel:
    """The columns of one flow: a module, called as the flow's, and the class in it; `time_field` has the times."""

    class_name: str
    flow_class: str
    flow_import: ImportModel
    module: str
    title: str
    doc: str
    time_field: str
    fields: tuple[ColumnModel, ...]
    siblings: tuple[str, ...]
    """Other modules of the package that the annotations need, as import lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementColumnModel:
    """One element of a bit field's columns."""

    name: str
    annotation: str
    default: str | None
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementColumnsModel:
    """The columns of one bit field: a module and the class in it."""

    class_name: str
    module: str
    title: str
    doc: str
    elements: tuple[ElementColumnModel, ...]
    entries: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryModel:
    """The registration data, as source."""

    doc: str
    asset_name: str
    client_key: str
    organization_id: str
    flows: Source
    rules: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesModel:
    """Whose protobuf classes `.channel_values()` returns."""

    imports: tuple[str, ...]
    documented_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportModel:
    """A name of a folder and the module that defines it, relative to the folder (`flows.readings`)."""

    name: str
    module: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderModel:
    """A folder whose names are imported when they are used; `path` ends in /, and is empty for the package itself."""

    path: str
    doc: str
    lazy_module: str
    """The module that does it, relative to the folder."""
    imports: tuple[ImportModel, ...]
    """All that it exports, in the order in which checkers import it."""
    exports: tuple[ExportModel, ...]
    """The same in the order of `__all__`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageModel:
    """Everything a package is made of."""

    header: HeaderModel
    telemetry: TelemetryModel
    messages: MessagesModel
    flows: tuple[FlowModel, ...]
    flow_imports: tuple[ImportModel, ...]
    enums: tuple[EnumModel, ...]
    bit_fields: tuple[BitFieldModel, ...]
    columns: tuple[ColumnsModel, ...]
    element_columns: tuple[ElementColumnsModel, ...]
    folders: tuple[FolderModel, ...]
    abi: int
