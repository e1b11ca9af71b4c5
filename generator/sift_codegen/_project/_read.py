"""Reads `[tool.sift-codegen]`; unknown keys are refused, as a setting that is not heeded is worse than none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from sift_codegen._build_package import MESSAGES
from sift_codegen._config_reader import ConfigReader, Fields
from sift_codegen._diagnostics import ConfigError, SourceFile
from sift_codegen._project._settings import LintSettings, PackageSettings, Project
from sift_codegen._project._toml_nodes import node_of
from sift_codegen._read_config import SideInputs
from sift_codegen._read_extension import EXTENSION_KEYS
from sift_codegen._suggestion import did_you_mean
from sift_codegen._yaml_nodes import Child, Mapping

__all__ = ["read_project"]

_KEYS: Final = ("packages", "protos", "lint")
_PACKAGE_KEYS: Final = (
    "config",
    "output",
    "named-expressions",
    "rule-modules",
    "rule-mistakes",
    "protos",
    "lock",
    "templates",
    *EXTENSION_KEYS,
)
_LINT_KEYS: Final = ("select", "ignore", "fail-on")
_MISTAKES: Final = ("error", "warning")
_FAIL_ON: Final = ("error", "warning", "info", "never")


def read_project(path: Path, source: SourceFile, table: object) -> Project:
    """Return a checked project; raises ConfigError with every mistake of its table."""
    reader = ConfigReader()
    fields = reader.fields(node_of(source, table), "[tool.sift-codegen]", _KEYS)
    project = _project(path, fields) if fields else Project(path=path)
    errors = reader.findings.errors((source,))
    if errors:
        raise ConfigError(errors)
    return project


def _project(path: Path, fields: Fields) -> Project:
    reader = fields.reader
    protos = _choice(fields, "protos", tuple(MESSAGES)) or "sift-runtime"
    listed = fields.child("packages")
    packages = []
    places: dict[Path, Child] = {}
    for item in reader.items(listed, "'packages'") if listed else []:
        entry = reader.fields(item, "a package", _PACKAGE_KEYS)
        package = _package(path.parent, entry, protos) if entry else None
        if entry and package:
            packages.append(package)
            _require_own_output(package, entry, places)
    return Project(path=path, packages=tuple(packages), lint=_lint(fields))


def _require_own_output(package: PackageSettings, entry: Fields, places: dict[Path, Child]) -> None:
    """Refuse what would be written over each time, and be whichever comes last."""
    place = entry.child("output") or entry.place
    first = places.setdefault(package.output.resolve(), place)
    if first is not place:
        message = f"another package has the output {package.output.name!r} already"
        entry.reader.error(place, message, f"first at {first.position}", "give each a directory of its own")


def _package(directory: Path, fields: Fields, protos: str) -> PackageSettings | None:
    config = fields.required_text("config")
    fields = replace(fields, what=f"the package of {config!r}" if config else fields.what)
    output = fields.required_text("output")
    settings = PackageSettings(
        config=directory / (config or ""),
        output=directory / (output or ""),
        side_inputs=SideInputs(
            named_expressions=tuple(directory / name for name in fields.texts("named-expressions")),
            rule_modules=tuple(directory / name for name in fields.texts("rule-modules")),
            extension=_extension(fields),
        ),
        protos=_choice(fields, "protos", tuple(MESSAGES)) or protos,
        rule_mistakes=_mistakes(fields),
        lock=directory / lock if (lock := fields.text("lock")) else None,
        templates=directory / templates if (templates := fields.text("templates")) else None,
    )
    return settings if config and output else None


def _extension(fields: Fields) -> Child | None:
    """Return what the entry says as `x-sift-codegen` in its config would; it is checked when that is read."""
    entries = [fields.entries[key] for key in EXTENSION_KEYS if key in fields.entries]
    position = fields.place.position
    return Child(Mapping(position, entries), position) if entries else None


def _mistakes(fields: Fields) -> Literal["error", "warning"]:
    return "warning" if _choice(fields, "rule-mistakes", _MISTAKES) == "warning" else "error"


def _lint(fields: Fields) -> LintSettings:
    child = fields.child("lint")
    lint = fields.reader.fields(child, "[tool.sift-codegen.lint]", _LINT_KEYS) if child else None
    if lint is None:
        return LintSettings()
    return LintSettings(
        select=lint.texts("select"),
        ignore=lint.texts("ignore"),
        fail_on=_choice(lint, "fail-on", _FAIL_ON) or "error",
    )


def _choice(fields: Fields, key: str, choices: tuple[str, ...]) -> str | None:
    child = fields.child(key)
    text = fields.reader.text(child, f"{key!r} of {fields.what}") if child else None
    if child is None or text is None:
        return None
    if text not in choices:
        message = f"{key!r} of {fields.what} is {text!r}; it is {' or '.join(choices)}"
        fields.reader.error(child, message, *did_you_mean(text, choices))
        return None
    return text
