"""A config as the runtime's registration data, without generating a package."""

from __future__ import annotations

from typing import Any

from sift_codegen._client_key import client_key
from sift_codegen._config import ChannelConfig, RuleConfig, TelemetryConfig
from sift_runtime import BitFieldElement, Channel, DataType, EnumType, FlowSchema, Rule, Telemetry, flow_class

__all__ = ["telemetry_of"]


def telemetry_of(config: TelemetryConfig) -> Telemetry[Any]:
    """Return what a generated package's TELEMETRY would say."""
    schemas = [
        FlowSchema(name=flow.name, channels=tuple(_channel(channel) for channel in flow.channels))
        for flow in config.flows
    ]
    return Telemetry(
        asset_name=config.asset_name,
        client_key=config.client_key or client_key(config.asset_name, config.flows),
        organization_id=config.organization_id,
        flows=tuple(flow_class(schema) for schema in schemas),
        rules=tuple(_rule(rule) for rule in config.rules),
    )


def _channel(channel: ChannelConfig) -> Channel:
    return Channel(
        name=channel.name,
        field=channel.name,
        data_type=DataType[channel.data_type.name],
        unit=channel.unit,
        description=channel.description,
        enum_types=tuple(EnumType(label.name, label.key) for label in channel.enum_types),
        bit_field_elements=tuple(
            BitFieldElement(element.name, element.index, element.bit_count) for element in channel.bit_field_elements
        ),
    )


def _rule(rule: RuleConfig) -> Rule:
    return Rule(
        name=rule.name,
        type=rule.type,
        expression=rule.expression,
        expression_name=rule.expression_name,
        description=rule.description,
        channel_references=rule.channel_references,
        sub_expressions=rule.sub_expressions,
        contextual_channels=rule.contextual_channels,
        assignee=rule.assignee,
        tags=rule.tags,
        asset_names=rule.asset_names,
        tag_names=rule.tag_names,
        rule_client_key=rule.rule_client_key,
        is_external=rule.is_external,
        is_live_evaluation_enabled=rule.is_live_evaluation_enabled,
    )
