"""sift.rules.v1.RuleService: kept and given back; nothing evaluates them here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import duckdb

from sift_receiver._catalogue_writing import write_rule
from sift_receiver._errors import CallRefusedError
from sift_receiver._filter_fields import metadata_fields, time_field
from sift_receiver._filter_model import Fields
from sift_receiver._identifiers import found, invalid
from sift_receiver._paging import Listing, PageRequest
from sift_receiver._records import RuleRecord
from sift_receiver._rpc import Handler, unary_handler
from sift_receiver._rule_changes import archived_rule, check_rule, new_rule, updated_rule
from sift_receiver._store import Store
from sift_runtime.messages import rules_pb2 as rules

__all__ = ["RULE_SERVICE", "rule_handlers"]

RULE_SERVICE = "sift.rules.v1.RuleService"


def _fields(record: RuleRecord) -> Fields:
    rule = record.message
    return {
        "rule_id": rule.rule_id,
        "client_key": rule.client_key or None,
        "name": rule.name,
        "description": rule.description,
        "asset_id": tuple(rule.asset_configuration.asset_ids),
        "tag_id": tuple(rule.asset_configuration.tag_ids),
        "is_archived": rule.is_archived,
        "is_external": rule.is_external,
        "is_live_evaluation_enabled": rule.is_live_evaluation_enabled,
        "archived_date": time_field(rule.archived_date) if rule.HasField("archived_date") else None,
        "created_date": time_field(rule.created_date),
        "modified_date": time_field(rule.modified_date),
        "created_by_user_id": rule.created_by_user_id,
        "modified_by_user_id": rule.modified_by_user_id,
        "metadata": metadata_fields(rule.metadata),
    }


_RULES: Listing[RuleRecord, rules.Rule] = Listing(
    frozenset(_fields(RuleRecord(rules.Rule()))),
    _fields,
    lambda record: record.message,
    lambda record: record.message.rule_id,
)


def rule_handlers(store: Store) -> dict[str, Handler]:
    """Serve rules from this store."""
    service = _RuleService(store)
    return {
        "GetRule": unary_handler(rules.GetRuleRequest, service.get),
        "BatchGetRules": unary_handler(rules.BatchGetRulesRequest, service.batch_get),
        "ListRules": unary_handler(rules.ListRulesRequest, service.list),
        "CreateRule": unary_handler(rules.CreateRuleRequest, service.create),
        "UpdateRule": unary_handler(rules.UpdateRuleRequest, service.update),
        "BatchUpdateRules": unary_handler(rules.BatchUpdateRulesRequest, service.batch_update),
        "ArchiveRule": unary_handler(rules.ArchiveRuleRequest, service.archive),
        "UnarchiveRule": unary_handler(rules.UnarchiveRuleRequest, service.unarchive),
    }


class _RuleService:
    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, request: rules.GetRuleRequest) -> rules.GetRuleResponse:
        return rules.GetRuleResponse(rule=self._rule(request.rule_id, request.client_key))

    def batch_get(self, request: rules.BatchGetRulesRequest) -> rules.BatchGetRulesResponse:
        by_id = [self._rule(rule_id, "") for rule_id in request.rule_ids]
        return rules.BatchGetRulesResponse(rules=[*by_id, *(self._rule("", key) for key in request.client_keys)])

    def list(self, request: rules.ListRulesRequest) -> rules.ListRulesResponse:
        query = PageRequest(request.page_size, request.page_token, request.filter, request.order_by)
        page = _RULES.page(self._store.rules.rules(), query)
        return rules.ListRulesResponse(rules=page.messages, next_page_token=page.next_token)

    def create(self, request: rules.CreateRuleRequest) -> rules.CreateRuleResponse:
        (rule,) = self._save(lambda: [new_rule(request.update)])
        return rules.CreateRuleResponse(rule_id=rule.rule_id)

    def update(self, request: rules.UpdateRuleRequest) -> rules.UpdateRuleResponse:
        (rule,) = self._save(lambda: [updated_rule(self._rule(request.rule_id, request.client_key), request)])
        return rules.UpdateRuleResponse(rule_id=rule.rule_id)

    def batch_update(self, request: rules.BatchUpdateRulesRequest) -> rules.BatchUpdateRulesResponse:
        """Change all rules or none, as the first that cannot be changed ends it."""
        known = [self._known(each) for each in request.rules]
        created = sum(rule is None for rule in known)
        response = rules.BatchUpdateRulesResponse(validate_only=request.validate_only)
        problems = list(self._problems(request.rules, known))
        response.validation_results.extend(problems)
        if problems:
            return response
        response.success = True
        if request.validate_only:
            return response
        saved = self._save(lambda: _made(request.rules, known))
        response.rules_created_count, response.rules_updated_count = created, len(known) - created
        for rule, earlier in zip(saved, known, strict=True):
            if earlier is None:
                response.created_rule_identifiers.add(rule_id=rule.rule_id, name=rule.name, client_key=rule.client_key)
        return response

    def archive(self, request: rules.ArchiveRuleRequest) -> rules.ArchiveRuleResponse:
        self._save(lambda: [archived_rule(self._rule(request.rule_id, request.client_key), archived=True)])
        return rules.ArchiveRuleResponse()

    def unarchive(self, request: rules.UnarchiveRuleRequest) -> rules.UnarchiveRuleResponse:
        self._save(lambda: [archived_rule(self._rule(request.rule_id, request.client_key), archived=False)])
        return rules.UnarchiveRuleResponse()

    def _rule(self, rule_id: str, client_key: str) -> rules.Rule:
        if rule_id:
            return found(self._store.rules.rule(rule_id), "rule", rule_id).message
        if client_key:
            return found(self._store.rules.rule_with_client_key(client_key), "rule of client key", client_key).message
        raise invalid("name a rule by its rule_id or its client_key")

    def _known(self, request: rules.UpdateRuleRequest) -> rules.Rule | None:
        if request.rule_id:
            return self._rule(request.rule_id, "")
        record = self._store.rules.rule_with_client_key(request.client_key)
        return None if record is None else record.message

    def _problems(
        self, requests: Iterable[rules.UpdateRuleRequest], known: Sequence[rules.Rule | None]
    ) -> Iterable[rules.ValidationResult]:
        for request, rule in zip(requests, _made(requests, known), strict=True):
            try:
                check_rule(self._store, rule)
            except CallRefusedError as error:
                key = request.client_key
                yield rules.ValidationResult(
                    rule_id=request.rule_id, client_key=key, rule_name=rule.name, error=error.reason
                )

    def _save(self, make: Callable[[], Sequence[rules.Rule]]) -> Sequence[rules.Rule]:
        # Made on the writer thread, so that a read-modify-write and the uniqueness of keys are not raced.
        def prepare(connection: duckdb.DuckDBPyConnection) -> Callable[[], Sequence[rules.Rule]]:
            made = make()
            for rule in made:
                check_rule(self._store, rule)
                write_rule(connection, self._store.tables, RuleRecord(rule))

            def publish() -> Sequence[rules.Rule]:
                for rule in made:
                    self._store.rules.publish_rule(RuleRecord(rule))
                return made

            return publish

        return self._store.change(prepare)


def _made(requests: Iterable[rules.UpdateRuleRequest], known: Sequence[rules.Rule | None]) -> list[rules.Rule]:
    pairs = zip(requests, known, strict=True)
    return [new_rule(request) if rule is None else updated_rule(rule, request) for request, rule in pairs]
