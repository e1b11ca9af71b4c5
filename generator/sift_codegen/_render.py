"""From the model to files in memory: print each template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jinja2

from sift_codegen import _layout as layout
from sift_codegen._package_model import (
    ColumnModel,
    ElementColumnModel,
    ElementModel,
    FieldModel,
    ImportModel,
    PackageModel,
)

__all__ = ["render_package"]

Progress = Callable[[int, int], None]
"""Told after each file how many are done, and of how many."""


def render_package(package: PackageModel, progress: Progress = lambda done, total: None) -> dict[str, bytes]:
    """Return the package's files by their path inside it, with / as separator and LF line ends.

    They stand as black would have them.
    """
    environment = _environment()
    jobs = list(_jobs(package))
    files: dict[str, bytes] = {}
    for done, (path, template, context) in enumerate(jobs, start=1):
        files[path] = environment.get_template(template).render(package=package, **context).encode()
        progress(done, len(jobs))
    return {**files, "py.typed": b""}


def _jobs(package: PackageModel) -> Iterator[tuple[str, str, dict[str, object]]]:
    yield "_lazy.py", "lazy.py.j2", {}
    yield "any_flow.py", "any_flow.py.j2", {}
    yield "flows/__init__.py", "flows_package.py.j2", {}
    yield "telemetry.py", "telemetry.py.j2", {}
    for folder in package.folders:
        yield f"{folder.path}__init__.py", "folder.py.j2", {"folder": folder}
    for flow in package.flows:
        yield f"flows/{flow.module}.py", "flow.py.j2", {"flow": flow}
    for columns in package.columns:
        yield f"columns/{columns.module}.py", "columns.py.j2", {"columns": columns}
    for enum in package.enums:
        yield f"enums/{enum.module}.py", "enum.py.j2", {"enum": enum}
    for bit_field in package.bit_fields:
        yield f"bit_fields/{bit_field.module}.py", "bit_field.py.j2", {"bit_field": bit_field}
    for element_columns in package.element_columns:
        path = f"bit_field_columns/{element_columns.module}.py"
        yield path, "bit_field_columns.py.j2", {"columns": element_columns}


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sift_codegen_templates", ""),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701  # the output is Python: every text comes as a literal of _literals
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(_FILTERS)
    return environment


def _declared(field: FieldModel | ColumnModel | ElementModel | ElementColumnModel, indentation: int) -> str:
    return layout.declaration(field.name, field.annotation, field.default, indentation)


def _imported(model: ImportModel, indentation: int) -> str:
    return layout.import_statement(model.module, model.names, indentation)


def _exported(names: Sequence[str]) -> str:
    return layout.laid_out(layout.Brackets("__all__ = [", f'"{names[0]}"', "]"), 0)


def _assigned_to(value: int, name: str, indentation: int) -> str:
    return layout.assigned(name, str(value), indentation)


_FILTERS: dict[str, Callable[..., Any]] = {
    "assigned_to": _assigned_to,
    "declared": _declared,
    "derived_from": layout.class_head,
    "docstring": layout.docstring,
    "exported": _exported,
    "imported": _imported,
    "returned": layout.returned,
    "source": layout.laid_out,
}
