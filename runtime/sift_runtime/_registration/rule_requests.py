"""A rule of a package as the request that creates or updates it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sift_runtime._schema import Rule
from sift_runtime.messages import rules_pb2 as messages

__all__ = ["RuleIds", "client_key_of", "expression_of", "is_the_same", "mistakes_of", "request_of", "request_of_known"]

_PLACEHOLDER: Final = re.compile(r"\$[A-Za-z_]+")
_TEXT: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleIds:
    """What the server calls the assets, tags and users that rules name; tags of annotations are not those of assets."""

    assets: Mapping[str, str]
    asset_tags: Mapping[str, str]
    tags: Mapping[str, str]
    users: Mapping[str, str]


def client_key_of(rule: Rule, asset_name: str) -> str:
    """Return the rule's client key; for one that has none, a key made of asset and name, which are unique."""
    return rule.rule_client_key or f"{asset_name}.{rule.name}"


def expression_of(rule: Rule) -> str:
    """Return the expression with the sub-expressions in it: texts in double quotes, numbers as they are."""
    values = {name: _literal(value) for name, value in rule.sub_expressions}
    return _PLACEHOLDER.sub(lambda found: values.get(found[0], found[0]), rule.expression)


def mistakes_of(rule: Rule) -> Iterator[str]:
    """Yield which sub-expressions cannot be written where they stand."""
    quoted = {name for text in _TEXT.findall(rule.expression) for name in _PLACEHOLDER.findall(text)}
    for name, value in rule.sub_expressions:
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            yield f"sub-expression {name!r} of rule {rule.name!r} is {value}, which no expression can say"
        elif isinstance(value, str) and name in quoted:
            yield f"sub-expression {name!r} of rule {rule.name!r} is a text, and stands within a text"


def _literal(value: str | float | bool | None) -> str:
    return repr(value) if type(value) is float else json.dumps(value, ensure_ascii=False)  # true, not True


def request_of(rule: Rule, asset_name: str, organization_id: str, ids: RuleIds) -> messages.UpdateRuleRequest:
    """Return the request for a rule that is not known yet."""
    expression = messages.CalculatedChannelConfig(
        expression=expression_of(rule),
        channel_references={
            reference: messages.ChannelReference(name=name) for reference, name in rule.channel_references
        },
    )
    condition = messages.UpdateConditionRequest(
        expression=messages.RuleConditionExpression(calculated_channel=expression), actions=[_action(rule, ids)]
    )
    return messages.UpdateRuleRequest(
        name=rule.name,
        description=rule.description,
        conditions=[condition],
        organization_id=organization_id,
        client_key=client_key_of(rule, asset_name),
        asset_configuration=messages.RuleAssetConfiguration(
            asset_ids=[ids.assets[name] for name in rule.asset_names],
            tag_ids=[ids.asset_tags[name] for name in rule.tag_names],
        ),
        contextual_channels=messages.ContextualChannels(
            channels=[messages.ChannelReference(name=name) for name in rule.contextual_channels]
        ),
        is_external=rule.is_external,
        is_live_evaluation_enabled=rule.is_live_evaluation_enabled,
    )


def _action(rule: Rule, ids: RuleIds) -> messages.UpdateActionRequest:
    is_phase = rule.type == "phase"
    annotation = messages.AnnotationActionConfiguration(
        tag_ids=[ids.tags[name] for name in rule.tags],
        annotation_type=messages.ANNOTATION_TYPE_PHASE if is_phase else messages.ANNOTATION_TYPE_DATA_REVIEW,
        assigned_to_user_id=ids.users[rule.assignee] if rule.assignee and not is_phase else None,
    )
    return messages.UpdateActionRequest(
        action_type=messages.ANNOTATION, configuration=messages.RuleActionConfiguration(annotation=annotation)
    )


def is_the_same(wanted: messages.UpdateRuleRequest, known: messages.Rule) -> bool:
    """Tell whether a rule of the server's is as it should be; ids of tags and assets stand in any order."""
    return _ordered(wanted) == _ordered(request_of_known(known))


def _ordered(request: messages.UpdateRuleRequest) -> messages.UpdateRuleRequest:
    ordered = messages.UpdateRuleRequest()
    ordered.CopyFrom(request)
    configuration = ordered.asset_configuration
    annotations = [action.configuration.annotation for condition in ordered.conditions for action in condition.actions]
    for ids in (configuration.asset_ids, configuration.tag_ids, *(each.tag_ids for each in annotations)):
        ids.sort()
    return ordered


def request_of_known(rule: messages.Rule) -> messages.UpdateRuleRequest:
    """Return the request that would have made a rule of the server's, as far as ours say anything of it."""
    conditions = [
        messages.UpdateConditionRequest(
            expression=condition.expression,
            actions=[
                messages.UpdateActionRequest(action_type=action.action_type, configuration=action.configuration)
                for action in condition.actions
            ],
        )
        for condition in rule.conditions
    ]
    return messages.UpdateRuleRequest(
        name=rule.name,
        description=rule.description,
        conditions=conditions,
        organization_id=rule.organization_id,
        client_key=rule.client_key,
        asset_configuration=rule.asset_configuration,
        contextual_channels=rule.contextual_channels,
        is_external=rule.is_external,
        is_live_evaluation_enabled=rule.is_live_evaluation_enabled,
    )
