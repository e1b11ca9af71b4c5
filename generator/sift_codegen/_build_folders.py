"""From the models of modules to those of the folders that export what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from sift_codegen._import_order import sorted_exports, sorted_modules, sorted_names
from sift_codegen._literals import docstring_text
from sift_codegen._package_model import (
    BitFieldModel,
    ColumnsModel,
    ElementColumnsModel,
    EnumModel,
    ExportModel,
    FlowModel,
    FolderModel,
    ImportModel,
)

__all__ = ["Folders"]

_DOCS: Final = {
    "bit_field_columns": "Many values of a bit field at once: an array per element; one module per bit-field channel.",
    "bit_fields": "The elements of the bit-field channels; one module per channel.",
    "columns": "Many readings of a flow at once: an array per channel, a row per reading; one module per flow.",
    "enums": "The labels of the enum channels; one module per channel.",
}


class _Class(Protocol):
    @property
    def class_name(self) -> str: ...

    @property
    def module(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """The classes of a package, each in a module of its own."""

    asset_name: str
    flows: tuple[FlowModel, ...]
    columns: tuple[ColumnsModel, ...]
    enums: tuple[EnumModel, ...]
    bit_fields: tuple[BitFieldModel, ...]
    element_columns: tuple[ElementColumnsModel, ...]

    def flow_imports(self) -> tuple[ImportModel, ...]:
        """Return the import of each flow, from the package."""
        return _imports(".flows.", self.flows)

    def models(self) -> tuple[FolderModel, ...]:
        """Return the package itself and its folders that have a class."""
        classes: dict[str, tuple[_Class, ...]] = {
            "bit_field_columns": self.element_columns,
            "bit_fields": self.bit_fields,
            "columns": self.columns,
            "enums": self.enums,
        }
        folders = [_folder(path, _imports(".", models)) for path, models in classes.items() if models]
        imports = (
            ImportModel(module=".any_flow", names=("AnyFlow",)),
            *_type_imports(".bit_field_columns", self.element_columns),
            *_type_imports(".bit_fields", self.bit_fields),
            *_imports(".columns.", self.columns),
            *_type_imports(".enums", self.enums),
            *self.flow_imports(),
            ImportModel(module=".telemetry", names=("TELEMETRY",)),
        )
        doc = f"Telemetry of asset `{docstring_text(self.asset_name)}`: one typed class per flow."
        package = FolderModel(path="", doc=doc, lazy_module="._lazy", imports=imports, exports=_exports(imports))
        return package, *folders


def _folder(path: str, imports: tuple[ImportModel, ...]) -> FolderModel:
    doc, exports = _DOCS[path], _exports(imports)
    return FolderModel(path=f"{path}/", doc=doc, lazy_module=".._lazy", imports=imports, exports=exports)


def _imports(place: str, models: Iterable[_Class]) -> tuple[ImportModel, ...]:
    class_names = {model.module: model.class_name for model in models}
    modules = sorted_modules(class_names)
    return tuple(ImportModel(module=f"{place}{module}", names=(class_names[module],)) for module in modules)


def _type_imports(module: str, models: Iterable[_Class]) -> tuple[ImportModel, ...]:
    names = sorted_names(model.class_name for model in models)
    return (ImportModel(module=module, names=names),) if names else ()


def _exports(imports: tuple[ImportModel, ...]) -> tuple[ExportModel, ...]:
    modules = {name: each.module.removeprefix(".") for each in imports for name in each.names}
    return tuple(ExportModel(name=name, module=modules[name]) for name in sorted_exports(modules))
