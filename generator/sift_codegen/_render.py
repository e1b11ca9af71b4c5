"""From the model to files in memory: print each template, format with black."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import black
import jinja2

from sift_codegen._package_model import PackageModel

__all__ = ["render_package"]

Progress = Callable[[int, int], None]
"""Told after each file how many are done, and of how many."""

# Black's own defaults, and no configuration of the user's: format_str reads none.
_FORMAT: Final = black.Mode()


def render_package(package: PackageModel, progress: Progress = lambda done, total: None) -> dict[str, bytes]:
    """Return the package's files by their path inside it, formatted, with / as separator and LF line ends."""
    environment = _environment()
    jobs = list(_jobs(package))
    files: dict[str, bytes] = {}
    for done, (path, template, context) in enumerate(jobs, start=1):
        source = environment.get_template(template).render(package=package, **context)
        files[path] = black.format_str(source, mode=_FORMAT).encode()
        progress(done, len(jobs))
    return {**files, "py.typed": b""}


def _jobs(package: PackageModel) -> Iterator[tuple[str, str, dict[str, object]]]:
    yield "__init__.py", "package.py.j2", {}
    yield "any_flow.py", "any_flow.py.j2", {}
    if package.bit_fields:
        yield "bit_field_columns.py", "bit_field_columns.py.j2", {}
        yield "bit_fields.py", "bit_fields.py.j2", {}
    if package.columns:
        yield "columns.py", "columns.py.j2", {}
    if package.enums:
        yield "enums.py", "enums.py.j2", {}
    yield "flows/__init__.py", "flows.py.j2", {}
    for flow in package.flows:
        yield f"flows/{flow.module}.py", "flow.py.j2", {"flow": flow}
    yield "telemetry.py", "telemetry.py.j2", {}


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sift_codegen_templates", ""),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701  # the output is Python: every text comes as a literal of _literals or repr
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["docstring"] = _docstring
    return environment


def _docstring(text: str, indentation: int) -> str:
    """Return a whole docstring around text that is escaped already; closing quotes below where it has several lines."""
    if "\n" not in text:
        return f'"""{text}"""'
    margin = " " * indentation
    lines = text.split("\n")
    return "\n".join([f'"""{lines[0]}', *(margin + line if line else "" for line in lines[1:]), f'{margin}"""'])
