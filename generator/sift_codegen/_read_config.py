"""The whole way from a config file, and the files that go with it, to checked data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sift_codegen._config import ExtensionConfig, FlowConfig, TelemetryConfig
from sift_codegen._config_reader import ConfigReader, Fields
from sift_codegen._diagnostics import ConfigError, Diagnostic, Position, SourceFile
from sift_codegen._read_channels import ChannelReader
from sift_codegen._read_expressions import read_named_expressions
from sift_codegen._read_extension import EXTENSION_KEY, read_extension
from sift_codegen._read_flows import read_channel_map, read_flows
from sift_codegen._read_rules import RuleReader
from sift_codegen._read_source import read_source
from sift_codegen._yaml_compose import compose
from sift_codegen._yaml_nodes import Child, Scalar

__all__ = ["Document", "Reading", "SideInputs", "read_leniently", "read_telemetry_config", "read_without_rules"]

_KEYS: Final = ("asset_name", "ingestion_client_key", "organization_id", "channels", "flows", "rules")


@dataclass(frozen=True, slots=True)
class SideInputs:
    """Files that a config's rules need: named expressions, and modules (files or directories) with further rules."""

    named_expressions: tuple[Path, ...] = ()
    rule_modules: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A file and its tree; `root` is None where the file holds no document."""

    source: SourceFile
    root: Child | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read of a config and of the files with it, and all that is wrong with them.

    `config` holds what is right of a config with errors, None where its root is no mapping or reading was given up.
    """

    config: TelemetryConfig | None
    errors: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...] = ()
    documents: tuple[Document, ...] = ()
    """The config first, then named-expression files and rule modules; none where a file is no YAML."""


def read_telemetry_config(path: Path, side_inputs: SideInputs | None = None) -> TelemetryConfig:
    """Read a telemetry config.

    Raises ConfigError with every error of every file; where a file is no YAML, with what is wrong as YAML in any file.
    """
    reading = read_leniently(path, side_inputs)
    if reading.errors or reading.config is None:
        raise ConfigError(reading.errors)
    return reading.config


def read_leniently(path: Path, side_inputs: SideInputs | None = None) -> Reading:
    """Read a telemetry config as far as it can be read, for those who want to say more than what is wrong with it."""
    inputs = side_inputs or SideInputs()
    try:
        files = _parse_all([path, *inputs.named_expressions, *_module_files(inputs)])
    except ConfigError as no_yaml:
        return Reading(None, no_yaml.diagnostics)
    sources = tuple(file.source for file in files)
    reader = ConfigReader()
    try:
        config = _read(files, len(inputs.named_expressions), reader)
    except ConfigError as gave_up:
        return Reading(None, (*reader.findings.errors(sources), *gave_up.diagnostics))
    warnings = reader.findings.warnings(sources)
    config = replace(config, sources=sources, warnings=warnings) if config else None
    return Reading(config, reader.findings.errors(sources), warnings, tuple(files))


def read_without_rules(source: SourceFile) -> TelemetryConfig:
    """Return a config but for its rules, which need files beside it; raises ConfigError with every error."""
    reader = ConfigReader()
    config = _read([Document(source, compose(source))], 0, reader, with_rules=False)
    errors = reader.findings.errors((source,))
    if errors or config is None:
        raise ConfigError(errors)
    return replace(config, sources=(source,))


def _parse_all(paths: list[Path]) -> list[Document]:
    """Parse every file; what cannot be parsed is told for all of them at once."""
    parsed: list[Document] = []
    errors: list[Diagnostic] = []
    for path in paths:
        try:
            source = read_source(path)
            parsed.append(Document(source, compose(source)))
        except ConfigError as error:
            errors += error.diagnostics
    if errors:
        raise ConfigError(tuple(errors))
    return parsed


def _module_files(inputs: SideInputs) -> Iterator[Path]:
    """Yield the rule modules; of a directory every YAML file below it, sorted, so that no file system decides."""
    for path in inputs.rule_modules:
        if not path.is_dir():
            yield path
            continue
        found = sorted(file for file in path.rglob("*") if file.suffix in (".yml", ".yaml") and file.is_file())
        if not found:
            place = Position(SourceFile(path.name, "", "", str(path)), 1, 1)
            raise ConfigError((Diagnostic(place, "holds no rule module: no .yml or .yaml file in it or below"),))
        yield from found


def _read(
    files: list[Document], expression_files: int, reader: ConfigReader, *, with_rules: bool = True
) -> TelemetryConfig | None:
    """Return the config, or None where its root is no mapping; sources and warnings are not in it yet."""
    config, expressions, modules = files[0], files[1 : 1 + expression_files], files[1 + expression_files :]
    channels = ChannelReader(reader)
    fields = _document_fields(config, reader, "the config", _KEYS)
    rule_lists = [fields.child("rules") if fields else None, *_module_rules(modules, reader)]
    named = read_named_expressions([file.root for file in expressions if file.root], reader)
    flows = _read_flows(fields, reader, channels) if fields else ()
    rules = RuleReader(reader, channels, named).read([child for child in rule_lists if child and with_rules])
    if fields is None:
        return None
    extension = fields.optional(EXTENSION_KEY)
    return TelemetryConfig(
        asset_name=fields.required_text("asset_name") or "",
        client_key=fields.text("ingestion_client_key") or None,
        organization_id=fields.text("organization_id"),
        flows=flows,
        rules=rules,
        extension=read_extension(extension, reader, flows) if extension else ExtensionConfig(),
        sources=(),
    )


def _read_flows(fields: Fields, reader: ConfigReader, channels: ChannelReader) -> tuple[FlowConfig, ...]:
    channel_map, flow_list = fields.optional("channels"), fields.child("flows")
    if channel_map:
        read_channel_map(channel_map, reader, channels)
    return read_flows(flow_list, reader, channels) if flow_list else ()


def _module_rules(modules: list[Document], reader: ConfigReader) -> Iterator[Child | None]:
    for module in modules:
        fields = _document_fields(module, reader, "the rule module", ("rules",))
        yield fields.required("rules") if fields else None


def _document_fields(parsed: Document, reader: ConfigReader, what: str, keys: tuple[str, ...]) -> Fields | None:
    root = parsed.root
    if root is None or (isinstance(root.node, Scalar) and root.node.value is None):
        reader.error(Position(parsed.source, 1, 1), f"{what} is empty; it needs {keys[0]!r}")
        return None
    return reader.fields(root, what, keys, extensible=True)
