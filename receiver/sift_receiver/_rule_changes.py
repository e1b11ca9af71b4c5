"""What creating and updating does to a rule, by what Sift's own clients count on."""

from __future__ import annotations

import re

from sift_receiver._identifiers import already_exists, found, invalid, new_identifier
from sift_receiver._store import Store
from sift_receiver._tag_kinds import tag_of_kind
from sift_receiver._timestamps import now_nanoseconds, timestamp_message
from sift_runtime.messages import rules_pb2 as rules
from sift_runtime.messages import tags_pb2 as tags

__all__ = ["archived_rule", "check_rule", "new_rule", "updated_rule"]

_REFERENCE = re.compile(r"\$\d+")


def new_rule(request: rules.UpdateRuleRequest) -> rules.Rule:
    """Make the rule of a create request."""
    now = timestamp_message(now_nanoseconds())
    rule = rules.Rule(rule_id=new_identifier(), created_date=now, is_enabled=True, client_key=request.client_key)
    return _applied(rule, request, version=1)


def updated_rule(current: rules.Rule, request: rules.UpdateRuleRequest) -> rules.Rule:
    """Put what a request says in the place of all that the rule said; a client key can be given once."""
    rule = _copy(current)
    rule.client_key = rule.client_key or request.client_key
    return _applied(rule, request, version=int(current.rule_version.version) + 1)


def archived_rule(current: rules.Rule, *, archived: bool) -> rules.Rule:
    """Archive a rule, or take it back."""
    rule = _copy(current)
    rule.is_archived = archived
    rule.ClearField("archived_date")
    if archived:
        rule.archived_date.CopyFrom(timestamp_message(now_nanoseconds()))
    return rule


def check_rule(store: Store, rule: rules.Rule) -> None:
    """Refuse what is not whole, or names what is not there."""
    holder = store.rules.rule_with_client_key(rule.client_key)
    if holder is not None and holder.message.rule_id != rule.rule_id:
        raise already_exists(f"a rule with client key {rule.client_key!r} already exists")
    if not rule.name:
        raise invalid("a rule needs a name")
    if not rule.conditions:
        raise invalid(f"rule {rule.name!r} needs a condition")
    for condition in rule.conditions:
        _check_references(rule.name, condition.expression.calculated_channel)
    for asset_id in rule.asset_configuration.asset_ids:
        found(store.catalogue.asset(asset_id), "asset", asset_id)
    for tag_id in rule.asset_configuration.tag_ids:
        found(tag_of_kind(store, tags.TAG_TYPE_ASSET, tag_id), "asset tag", tag_id)
    for condition in rule.conditions:
        for action in condition.actions:
            for tag_id in action.configuration.annotation.tag_ids:
                found(store.rules.tag(tag_id), "annotation tag", tag_id)


def _check_references(name: str, expression: rules.CalculatedChannelConfig) -> None:
    unbound = set(_REFERENCE.findall(expression.expression)) - set(expression.channel_references)
    if unbound:
        raise invalid(f"rule {name!r}: its expression has {', '.join(sorted(unbound))}, which no channel stands for")


def _applied(rule: rules.Rule, request: rules.UpdateRuleRequest, version: int) -> rules.Rule:
    now = timestamp_message(now_nanoseconds())
    rule.modified_date.CopyFrom(now)
    rule.name, rule.description = request.name, request.description
    rule.organization_id = request.organization_id or rule.organization_id
    rule.is_external = request.is_external
    if request.HasField("is_live_evaluation_enabled"):
        rule.is_live_evaluation_enabled = request.is_live_evaluation_enabled
    rule.is_archived = request.is_archived
    rule.asset_configuration.CopyFrom(request.asset_configuration)
    rule.contextual_channels.CopyFrom(request.contextual_channels)
    del rule.metadata[:], rule.conditions[:]
    rule.metadata.extend(request.metadata)
    rule.conditions.extend(_conditions(rule, request))
    rule.current_version_id = new_identifier()
    rule.rule_version.CopyFrom(
        rules.RuleVersion(
            rule_id=rule.rule_id,
            rule_version_id=rule.current_version_id,
            version=str(version),
            created_date=now,
            version_notes=request.version_notes,
        )
    )
    return rule


def _conditions(rule: rules.Rule, request: rules.UpdateRuleRequest) -> list[rules.RuleCondition]:
    now = rule.modified_date
    made = []
    for given in request.conditions:
        condition_id = given.rule_condition_id or new_identifier()
        actions = [
            rules.RuleAction(
                rule_action_id=action.rule_action_id or new_identifier(),
                rule_condition_id=condition_id,
                action_type=action.action_type,
                configuration=action.configuration,
                created_date=now,
                modified_date=now,
            )
            for action in given.actions
        ]
        made.append(
            rules.RuleCondition(
                rule_condition_id=condition_id,
                rule_id=rule.rule_id,
                expression=given.expression,
                created_date=now,
                modified_date=now,
                actions=actions,
            )
        )
    return made


def _copy(current: rules.Rule) -> rules.Rule:
    rule = rules.Rule()
    rule.CopyFrom(current)
    return rule
