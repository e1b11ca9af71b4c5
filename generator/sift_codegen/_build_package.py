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
from sift_codegen._import_order import import_line, sorted_exports, sorted_modules
from sift_codegen._literals import comment_text, docstring_text, text_literal, tuple_source, value_literal
from sift_codegen._package_model import (
    BitFieldModel,
    ColumnsModel,
    ElementColumnsModel,
    EnumModel,
    FlowModel,
    HeaderModel,
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


_Class: TypeAlias = FlowModel | EnumModel | BitFieldModel | ColumnsModel | ElementColumnsModel


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
    classes: tuple[_Class, ...] = (*flows, *enums, *bit_fields, *columns, *element_columns)
    flow_imports = _flow_imports(flows)
    return PackageModel(
        header=_header(config, command),
        doc=f"Telemetry of asset `{docstring_text(config.asset_name)}`: one typed class per flow.",
        telemetry=_telemetry(config),
        messages=messages,
        flows=flows,
        enums=enums,
        bit_fields=bit_fields,
        columns=columns,
        element_columns=element_columns,
        imports=(
            import_line(".any_flow", ("AnyFlow",)),
            *_type_imports(".bit_field_columns", element_columns),
            *_type_imports(".bit_fields", bit_fields),
            *_type_imports(".columns", columns),
            *_type_imports(".enums", enums),
            *flow_imports,
            import_line(".telemetry", ("TELEMETRY",)),
        ),
        flow_imports=flow_imports,
        exports=sorted_exports(("TELEMETRY", "AnyFlow", *(model.class_name for model in classes))),
        enums_exports=sorted_exports(model.class_name for model in enums),
        bit_fields_exports=sorted_exports(model.class_name for model in bit_fields),
        columns_exports=sorted_exports(model.class_name for model in columns),
        element_columns_exports=sorted_exports(model.class_name for model in element_columns),
        abi=ABI,
    )


def _flow_imports(flows: tuple[FlowModel, ...]) -> tuple[str, ...]:
    class_names = {flow.module: flow.class_name for flow in flows}
    return tuple(import_line(f".flows.{module}", (class_names[module],)) for module in sorted_modules(class_names))


def _type_imports(module: str, models: Sequence[_Class]) -> tuple[str, ...]:
    return (import_line(module, (model.class_name for model in models)),) if models else ()


def _header(config: TelemetryConfig, command: str) -> HeaderModel:
    sources = tuple(f"source: {comment_text(source.name)} (sha256:{source.sha256})" for source in config.sources)
    # Python looks for a coding declaration in the first two lines: no text of the user's may stand there.
    fixed = (
        "Code generated by sift-codegen. DO NOT EDIT.",
        "Typed telemetry for Sift. To change it, change its sources and generate it again.",
    )
    return HeaderModel(lines=(*fixed, *sources, f"regenerate: {command}"))


def _telemetry(config: TelemetryConfig) -> TelemetryModel:
    return TelemetryModel(
        doc="What is registered with Sift: the asset, its flows and their channels, and the rules as data.",
        asset_name=repr(config.asset_name),
        client_key=repr(config.client_key or client_key(config.asset_name, config.flows)),
        organization_id=repr(config.organization_id),
        rules=tuple(_rule(rule) for rule in config.rules),
    )


def _rule(rule: RuleConfig) -> str:
    """Return the source of a rule's data; what the config left out is left to the defaults."""
    texts = {"description": rule.description, "expression_name": rule.expression_name, "assignee": rule.assignee}
    lists = {
        "channel_references": tuple(repr(reference) for reference in rule.channel_references),
        "sub_expressions": tuple(
            f"({text_literal(name)}, {value_literal(value)})" for name, value in rule.sub_expressions
        ),
        "contextual_channels": tuple(repr(name) for name in rule.contextual_channels),
        "tags": tuple(repr(tag) for tag in rule.tags),
        "asset_names": tuple(repr(name) for name in rule.asset_names),
        "tag_names": tuple(repr(name) for name in rule.tag_names),
    }
    flags = {
        "is_external": rule.is_external,
        "is_live_evaluation_enabled": rule.is_live_evaluation_enabled,
    }
    arguments = [f"name={rule.name!r}", f"type={rule.type!r}", f"expression={rule.expression!r}"]
    arguments += [f"{key}={text!r}" for key, text in texts.items() if text]
    arguments += [f"{key}={tuple_source(items)}" for key, items in lists.items() if items]
    arguments += [f"rule_client_key={rule.rule_client_key!r}"] if rule.rule_client_key else []
    arguments += [f"{key}=True" for key, flag in flags.items() if flag]
    return f"_sift.Rule({', '.join(arguments)},)"
