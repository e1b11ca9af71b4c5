"""From a checked config to the plain data that templates are given."""

from __future__ import annotations

from collections.abc import Collection

from sift_codegen._client_key import client_key
from sift_codegen._config import ChannelConfig, DataType, FlowConfig, RuleConfig, TelemetryConfig
from sift_codegen._symbols import Symbols, typed_channels
from sift_codegen._user_templates._model import (
    ChannelData,
    ElementData,
    FlowData,
    LabelData,
    ReferenceData,
    RuleData,
    TelemetryData,
    ValueData,
)

__all__ = ["template_data"]

_TYPED = (DataType.ENUM, DataType.BIT_FIELD)


def template_data(config: TelemetryConfig) -> TelemetryData:
    """Return a config as plain data; its names in Python must not collide."""
    symbols = Symbols(config)
    typed = [_channel(channel, symbols, ()) for channel in typed_channels(config).values()]
    return TelemetryData(
        asset_name=config.asset_name,
        client_key=config.client_key or client_key(config.asset_name, config.flows),
        organization_id=config.organization_id,
        flows=tuple(_flow(flow, symbols) for flow in config.flows),
        enums=tuple(channel for channel in typed if channel.type == DataType.ENUM.value),
        bit_fields=tuple(channel for channel in typed if channel.type == DataType.BIT_FIELD.value),
        rules=tuple(_rule(rule) for rule in config.rules),
    )


def _flow(flow: FlowConfig, symbols: Symbols) -> FlowData:
    optional = symbols.config.extension.optional_channels.get(flow.name, {})
    return FlowData(
        name=flow.name,
        class_name=symbols.flow_class(flow),
        module=symbols.flow_module(flow),
        channels=tuple(_channel(channel, symbols, optional) for channel in flow.channels),
    )


def _channel(channel: ChannelConfig, symbols: Symbols, optional: Collection[str]) -> ChannelData:
    elements = channel.bit_field_elements
    bits = max((element.index + element.bit_count for element in elements), default=0)
    return ChannelData(
        name=channel.name,
        type=channel.data_type.value,
        unit=channel.unit,
        description=channel.description,
        is_optional=channel.name in optional,
        symbol=symbols.field(channel),
        class_name=symbols.type_class(channel) if channel.data_type in _TYPED else "",
        labels=tuple(
            LabelData(name=label.name, key=label.key, symbol=symbols.member(channel, label.name))
            for label in channel.enum_types
        ),
        elements=tuple(
            ElementData(
                name=element.name,
                index=element.index,
                bit_count=element.bit_count,
                symbol=symbols.member(channel, element.name),
            )
            for element in elements
        ),
        byte_count=(bits + 7) // 8,
    )


def _rule(rule: RuleConfig) -> RuleData:
    return RuleData(
        name=rule.name,
        type=rule.type,
        expression=rule.expression,
        expression_name=rule.expression_name or "",
        description=rule.description,
        references=tuple(ReferenceData(word=word, channel=name) for word, name in rule.channel_references),
        values=tuple(ValueData(word=word, value=value) for word, value in rule.sub_expressions),
        contextual_channels=rule.contextual_channels,
        assignee=rule.assignee or "",
        tags=rule.tags,
        asset_names=rule.asset_names,
        tag_names=rule.tag_names,
        rule_client_key=rule.rule_client_key or "",
        is_external=rule.is_external,
        is_live_evaluation_enabled=rule.is_live_evaluation_enabled,
    )
