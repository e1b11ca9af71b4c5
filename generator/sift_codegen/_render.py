"""From the model to files in memory: print each template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sift_codegen import _layout as layout
from sift_codegen._package_model import (
    ColumnModel,
    ElementColumnModel,
    ElementModel,
    FieldModel,
    ImportModel,
    PackageModel,
)
from sift_codegen._user_templates import (
    FILTERS,
    MODEL_VERSION,
    TelemetryData,
    TemplateError,
    UserTemplates,
    told,
)

__all__ = ["Additions", "render_package"]

Progress = Callable[[int, int], None]
"""Told after each file how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Additions:
    """Templates of the user's, and the plain data that they are given beside the package."""

    templates: UserTemplates
    telemetry: TelemetryData


def render_package(
    package: PackageModel, progress: Progress = lambda done, total: None, additions: Additions | None = None
) -> dict[str, bytes]:
    """Return the package's files by their path inside it, with / as separator and LF line ends.

    They stand as black would have them. Raises TemplateError where a template of the user's fails.
    """
    environment = _environment(additions)
    jobs = list(_jobs(package))
    jobs += _added_jobs(additions, [path for path, _, _ in jobs]) if additions else ()
    files: dict[str, bytes] = {}
    for done, (path, template, context) in enumerate(jobs, start=1):
        with _telling(template, additions):
            files[path] = environment.get_template(template).render(package=package, **context).encode()
        progress(done, len(jobs))
    return {**files, "py.typed": b""}


def _added_jobs(additions: Additions, ours: list[str]) -> list[tuple[str, str, dict[str, object]]]:
    known = jinja2.PackageLoader("sift_codegen_templates", "").list_templates()
    added = additions.templates.added(additions.telemetry, ours, known)
    return [(file.path, file.template, file.context) for file in added]


def _telling(template: str, additions: Additions | None) -> AbstractContextManager[None]:
    """Say where the user's templates are wrong; a mistake in ours is ours, and stays an exception."""
    return told(str(additions.templates.directory / template)) if additions else nullcontext()


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


def _environment(additions: Additions | None) -> jinja2.Environment:
    kind = ImmutableSandboxedEnvironment if additions else jinja2.Environment
    environment = kind(
        loader=additions.templates.loader() if additions else jinja2.PackageLoader("sift_codegen_templates", ""),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # the output is Python: every text comes as a literal of _literals
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(_FILTERS)
    if additions:
        environment.filters.update(FILTERS)
        environment.globals.update(
            telemetry=additions.telemetry, model_version=MODEL_VERSION, require_model=_require_model
        )
    return environment


def _require_model(version: int) -> str:
    if version != MODEL_VERSION:
        raise TemplateError(f"needs version {version} of the model; this sift-codegen has {MODEL_VERSION}")
    return ""


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
