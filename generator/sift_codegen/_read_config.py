"""The whole way from a config file, and the files that go with it, to checked data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sift_codegen._config import ExtensionConfig, RuleConfig, TelemetryConfig
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

__all__ = ["SideInputs", "read_telemetry_config"]

_KEYS: Final = ("asset_name", "ingestion_client_key", "organization_id", "channels", "flows", "rules")


@dataclass(frozen=True, slots=True)
class SideInputs:
    """Files that a config's rules need: named expressions, and modules (files or directories) with further rules."""

    named_expressions: tuple[Path, ...] = ()
    rule_modules: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A file and its tree; `root` is None where the file holds no document."""

    source: SourceFile
    root: Child | None


def read_telemetry_config(path: Path, side_inputs: SideInputs | None = None) -> TelemetryConfig:
    """Read a telemetry config.

    Raises ConfigError with every error of every file; where a file is no YAML, with the first place that is none.
    """
    inputs = side_inputs or SideInputs()
    config, *others = _parse_all([path, *inputs.named_expressions, *_module_files(inputs)])
    reader = ConfigReader()
    fields = _document_fields(config, reader, "the config", _KEYS)
    if fields is None:
        raise ConfigError(reader.errors)
    channels = ChannelReader(reader)
    channel_map, flow_list = fields.child("channels"), fields.child("flows")
    if channel_map:
        read_channel_map(channel_map, reader, channels)
    flows = read_flows(flow_list, reader, channels) if flow_list else ()
    extension = fields.child(EXTENSION_KEY)
    telemetry = TelemetryConfig(
        asset_name=fields.required_text("asset_name") or "",
        client_key=fields.text("ingestion_client_key") or None,
        organization_id=fields.text("organization_id"),
        flows=flows,
        rules=_read_rules(fields, reader, channels, _split(others, len(inputs.named_expressions))),
        extension=read_extension(extension, reader, flows) if extension else ExtensionConfig(),
        sources=(config.source, *(other.source for other in others)),
        warnings=reader.warnings,
    )
    if reader.errors:
        raise ConfigError(reader.errors)
    return telemetry


def _parse_all(paths: list[Path]) -> list[_Parsed]:
    """Parse every file; what cannot be parsed is told for all of them at once."""
    parsed: list[_Parsed] = []
    errors: list[Diagnostic] = []
    for path in paths:
        try:
            source = read_source(path)
            parsed.append(_Parsed(source, compose(source)))
        except ConfigError as error:
            errors += error.diagnostics
    if errors:
        raise ConfigError(tuple(errors))
    return parsed


def _module_files(inputs: SideInputs) -> Iterator[Path]:
    """Yield the rule modules; of a directory every YAML file below it, sorted, so that no file system decides."""
    for path in inputs.rule_modules:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in (".yml", ".yaml") and file.is_file())
        else:
            yield path


def _split(others: list[_Parsed], count: int) -> tuple[list[_Parsed], list[_Parsed]]:
    return others[:count], others[count:]


def _document_fields(parsed: _Parsed, reader: ConfigReader, what: str, keys: tuple[str, ...]) -> Fields | None:
    root = parsed.root
    if root is None or (isinstance(root.node, Scalar) and root.node.value is None):
        reader.error(Position(parsed.source, 1, 1), f"{what} is empty; it needs {keys[0]!r}")
        return None
    return reader.fields(root, what, keys, extensible=True)


def _read_rules(
    fields: Fields, reader: ConfigReader, channels: ChannelReader, others: tuple[list[_Parsed], list[_Parsed]]
) -> tuple[RuleConfig, ...]:
    named_expressions, modules = others
    roots = [parsed.root for parsed in named_expressions if parsed.root]
    lists = [fields.child("rules")]
    for module in modules:
        module_fields = _document_fields(module, reader, "the rule module", ("rules",))
        lists.append(module_fields.required("rules") if module_fields else None)
    expressions = read_named_expressions(roots, reader)
    return RuleReader(reader, channels, expressions).read([child for child in lists if child])
