"""From a checked config to the model of its package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from sift_codegen._build_columns import build_columns, build_element_columns
from sift_codegen._build_flow import build_flow
from sift_codegen._build_types import build_bit_field, build_enum
from sift_codegen._client_key import client_key
from sift_codegen._config import DataType, RuleConfig, TelemetryConfig
from sift_codegen._diagnostics import ConfigError
from sift_codegen._import_order import sorted_exports, sorted_modules, sorted_names
from sift_codegen._layout import Source, call, keyword, record, tuple_of
from sift_codegen._literals import comment_text, docstring_text, text_literal, value_literal
from sift_codegen._package_model import (
    BitFieldModel,
    ColumnsModel,
    ElementColumnsModel,
    EnumModel,
    ExportModel,
    FlowModel,
    HeaderModel,
    ImportModel,
    MessagesModel,
    PackageModel,
    TelemetryModel,
)
from sift_codegen._symbols import assign_symbols, typed_channels

__all__ = ["MESSAGES", "build_package"]

ABI: Final = 1
"""The runtime interface that the templates are written for; sift_runtime._abi holds the runtime's side."""

MESSAGES: Final = {
    "sift-runtime": MessagesModel(
        imports=(
            "import sift_runtime.generated as _sift",
            "import sift_runtime.messages.ingest_pb2 as _messages",
        ),
        documented_as="the runtime's own message",
    ),
    "sift-stack-py": MessagesModel(
        imports=(
            "import sift.ingest.v1.ingest_pb2 as _messages",
            "import sift_runtime.generated as _sift",
        ),
        documented_as="sift-stack-py's message",
    ),
}


_Type: TypeAlias = EnumModel | BitFieldModel | ElementColumnsModel


def build_package(config: TelemetryConfig, messages: MessagesModel, command: str) -> PackageModel:
    """Return the model of a config's package.

    `command` regenerates it. Raises ConfigError where two names would collide in Python.
    """
    symbols, errors = assign_symbols(config)
    if errors:
        raise ConfigError(tuple(sorted(errors, key=lambda error: (error.position.line, error.position.column))))
    flows = tuple(build_flow(flow, symbols) for flow in config.flows)
    typed = typed_channels(config).values()
    enums = tuple(build_enum(channel, symbols) for channel in typed if channel.data_type is DataType.ENUM)
    bit_fields = tuple(
        build_bit_field(channel, symbols) for channel in typed if channel.data_type is DataType.BIT_FIELD
    )
    columns = tuple(build_columns(flow, model, symbols) for flow, model in zip(config.flows, flows, strict=True))
    packed = (channel for channel in typed if channel.data_type is DataType.BIT_FIELD)
    element_columns = tuple(
        build_element_columns(channel, model, symbols) for channel, model in zip(packed, bit_fields, strict=True)
    )
    flow_imports = _imports_by_flow(".flows", flows)
    imports = (
        ImportModel(module=".any_flow", names=("AnyFlow",)),
        *_type_imports(".bit_field_columns", element_columns),
        *_type_imports(".bit_fields", bit_fields),
        *_imports_by_flow(".columns", columns),
        *_type_imports(".enums", enums),
        *flow_imports,
        ImportModel(module=".telemetry", names=("TELEMETRY",)),
    )
    return PackageModel(
        header=_header(config, command),
        doc=f"Telemetry of asset `{docstring_text(config.asset_name)}`: one typed class per flow.",
        telemetry=_telemetry(config, flows),
        messages=messages,
        flows=flows,
        enums=enums,
        bit_fields=bit_fields,
        columns=columns,
        element_columns=element_columns,
        modules=tuple(sorted({each.module.split(".")[1] for each in imports} | {"flows"})),
        imports=imports,
        flow_imports=flow_imports,
        exports=_exports(imports),
        enums_exports=sorted_exports(model.class_name for model in enums),
        bit_fields_exports=sorted_exports(model.class_name for model in bit_fields),
        element_columns_exports=sorted_exports(model.class_name for model in element_columns),
        abi=ABI,
    )


def _imports_by_flow(folder: str, models: Sequence[FlowModel | ColumnsModel]) -> tuple[ImportModel, ...]:
    class_names = {model.module: model.class_name for model in models}
    modules = sorted_modules(class_names)
    return tuple(ImportModel(module=f"{folder}.{module}", names=(class_names[module],)) for module in modules)


def _type_imports(module: str, models: Sequence[_Type]) -> tuple[ImportModel, ...]:
    names = sorted_names(model.class_name for model in models)
    return (ImportModel(module=module, names=names),) if models else ()


def _exports(imports: tuple[ImportModel, ...]) -> tuple[ExportModel, ...]:
    modules = {name: each.module.removeprefix(".") for each in imports for name in each.names}
    return tuple(ExportModel(name=name, module=modules[name]) for name in sorted_exports(modules))


def _header(config: TelemetryConfig, command: str) -> HeaderModel:
    sources = tuple(f"source: {comment_text(source.name)} (sha256:{source.sha256})" for source in config.sources)
    # Python looks for a coding declaration in the first two lines: no text of the user's may stand there.
    fixed = (
        "Code generated by sift-codegen. DO NOT EDIT.",
        "Typed telemetry for Sift. To change it, change its sources and generate it again.",
    )
    return HeaderModel(lines=(*fixed, *sources, f"regenerate: {command}"))


def _telemetry(config: TelemetryConfig, flows: tuple[FlowModel, ...]) -> TelemetryModel:
    return TelemetryModel(
        doc="What is registered with Sift: the asset, its flows and their channels, and the rules as data.",
        asset_name=text_literal(config.asset_name),
        client_key=text_literal(config.client_key or client_key(config.asset_name, config.flows)),
        organization_id=text_literal(config.organization_id),
        flows=tuple_of(flow.class_name for flow in flows),
        rules=tuple_of(_rule(rule) for rule in config.rules),
    )


def _rule(rule: RuleConfig) -> Source:
    """Return the source of a rule's data; what the config left out is left to the defaults."""
    texts = {"description": rule.description, "expression_name": rule.expression_name, "assignee": rule.assignee}
    lists: dict[str, Sequence[Source]] = {
        "channel_references": [record(*map(text_literal, reference)) for reference in rule.channel_references],
        "sub_expressions": [record(text_literal(name), value_literal(value)) for name, value in rule.sub_expressions],
        "contextual_channels": [*map(text_literal, rule.contextual_channels)],
        "tags": [*map(text_literal, rule.tags)],
        "asset_names": [*map(text_literal, rule.asset_names)],
        "tag_names": [*map(text_literal, rule.tag_names)],
    }
    flags = {
        "is_external": rule.is_external,
        "is_live_evaluation_enabled": rule.is_live_evaluation_enabled,
    }
    needed = {"name": rule.name, "type": rule.type, "expression": rule.expression}
    arguments: list[Source] = [f"{key}={text_literal(text)}" for key, text in needed.items()]
    arguments += [f"{key}={text_literal(text)}" for key, text in texts.items() if text]
    arguments += [keyword(key, tuple_of(items)) for key, items in lists.items() if items]
    arguments += [f"rule_client_key={text_literal(rule.rule_client_key)}"] if rule.rule_client_key else []
    arguments += [f"{key}=True" for key, flag in flags.items() if flag]
    return call("_sift.Rule", arguments, always_broken=True)
