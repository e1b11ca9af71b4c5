"""Creating and updating the rules of a package: as its config says them, and nothing of it dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from grpc import StatusCode

from sift_runtime._errors import RequestError, RuleError
from sift_runtime._registration.control_plane import ControlPlane, quoted
from sift_runtime._registration.rule_requests import RuleIds, is_the_same, mistakes_of, request_of
from sift_runtime._schema import Rule, Telemetry
from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import rules_pb2 as messages
from sift_runtime.messages import tags_pb2 as tags
from sift_runtime.messages import users_pb2 as users

__all__ = ["RulePusher", "RuleReport"]

_RULES: Final = "/sift.rules.v1.RuleService/"
_TAGS: Final = "/sift.tags.v2.TagService/"
_NAMES_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class RuleReport:
    """What became of the rules, by name."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RulePusher:
    """Pushes the rules of a package."""

    telemetry: Telemetry[Any]
    control: ControlPlane

    def push(self) -> RuleReport:
        """Create or update each rule, found by its client key; one that is as it should be is left alone.

        A rule that names no assets and no tags is for the package's asset. Annotation tags that are missing are
        created; where another process creates a tag or a rule at the same time, its is taken. Raises RuleError, before
        anything is changed, with all assets, asset tags and users that are missing and all
        sub-expressions that cannot be written; RequestError.
        """
        asset = self.telemetry.asset_name
        rules = [
            rule if rule.asset_names or rule.tag_names else replace(rule, asset_names=(asset,))
            for rule in self.telemetry.rules
        ]
        ids = self._ids(rules)
        found: dict[str, list[str]] = {"created": [], "updated": [], "unchanged": []}
        for rule in rules:
            found[self._push(rule, ids)].append(rule.name)
        return RuleReport(**{outcome: tuple(names) for outcome, names in found.items()})

    def _push(self, rule: Rule, ids: RuleIds) -> str:
        wanted = request_of(rule, self.telemetry.asset_name, self.telemetry.organization_id, ids)
        known = self._known(wanted.client_key)
        if known is None:
            if self._is_created(wanted):
                return "created"
            known = self._known(wanted.client_key)
        return self._updated(wanted, known)

    def _is_created(self, wanted: messages.UpdateRuleRequest) -> bool:
        """Create a rule; False where another process was the first."""
        create = messages.CreateRuleRequest(update=wanted)
        try:
            self.control.call(_RULES + "CreateRule", create, messages.CreateRuleResponse.FromString)
        except RequestError as error:
            if error.code is not StatusCode.ALREADY_EXISTS:
                raise
            return False
        return True

    def _updated(self, wanted: messages.UpdateRuleRequest, known: messages.Rule | None) -> str:
        if known is None:
            message = f"there is a rule with client key {wanted.client_key!r}, and the server does not show it"
            raise RuleError(f"rule {wanted.name!r}: {message}")
        wanted.organization_id = wanted.organization_id or known.organization_id
        if is_the_same(wanted, known) and not known.is_archived:
            return "unchanged"
        wanted.rule_id = known.rule_id
        self.control.call(_RULES + "UpdateRule", wanted, messages.UpdateRuleResponse.FromString)
        return "updated"

    def _known(self, client_key: str) -> messages.Rule | None:
        request = messages.GetRuleRequest(client_key=client_key)
        try:
            return self.control.call(_RULES + "GetRule", request, messages.GetRuleResponse.FromString).rule
        except RequestError as error:
            if error.code is not StatusCode.NOT_FOUND:
                raise
            return None

    def _ids(self, rules: Sequence[Rule]) -> RuleIds:
        named_assets = sorted({name for rule in rules for name in rule.asset_names})
        named_tags = sorted({name for rule in rules for name in rule.tag_names})
        named_users = sorted({rule.assignee for rule in rules if rule.assignee and rule.type != "phase"})
        asset_ids, user_ids = self._assets(named_assets), self._users(named_users)
        asset_tags = self._tags(named_tags, tags.TAG_TYPE_ASSET)
        problems = [mistake for rule in rules for mistake in mistakes_of(rule)]
        problems += [f"asset {name!r} is not there" for name in named_assets if name not in asset_ids]
        problems += [f"asset tag {name!r} is not there" for name in named_tags if name not in asset_tags]
        problems += [_problem_of(name, user_ids[name]) for name in named_users if len(user_ids[name]) != 1]
        if problems:
            raise RuleError(f"rules of asset {self.telemetry.asset_name!r}: {'; '.join(problems)}")
        return RuleIds(
            assets=asset_ids,
            asset_tags=asset_tags,
            tags=self._annotation_tags(sorted({name for rule in rules for name in rule.tags})),
            users={name: found[0] for name, found in user_ids.items()},
        )

    def _assets(self, names: Sequence[str]) -> dict[str, str]:
        def page(where: str, token: str) -> assets.ListAssetsResponse:
            request = assets.ListAssetsRequest(filter=where, page_size=1000, page_token=token)
            path = "/sift.assets.v1.AssetService/ListAssets"
            return self.control.call(path, request, assets.ListAssetsResponse.FromString)

        return {asset.name: asset.asset_id for each in _pages(names, page) for asset in each.assets}

    def _users(self, names: Sequence[str]) -> dict[str, list[str]]:
        def page(where: str, token: str) -> users.ListActiveUsersResponse:
            request = users.ListActiveUsersRequest(filter=where, page_size=1000, page_token=token)
            path = "/sift.users.v2.UserService/ListActiveUsers"
            return self.control.call(path, request, users.ListActiveUsersResponse.FromString)

        found: dict[str, list[str]] = {name: [] for name in names}
        for user in (user for each in _pages(names, page) for user in each.users):
            found.setdefault(user.user_name, []).append(user.user_id)
        return found

    def _tags(self, names: Sequence[str], kind: tags.TagType.ValueType) -> dict[str, str]:
        def page(where: str, token: str) -> tags.ListTagsResponse:
            request = tags.ListTagsRequest(filter=where, page_size=1000, page_token=token, tag_type=kind)
            return self.control.call(_TAGS + "ListTags", request, tags.ListTagsResponse.FromString)

        return {tag.name: tag.tag_id for each in _pages(names, page) for tag in each.tags}

    def _annotation_tags(self, names: Sequence[str]) -> Mapping[str, str]:
        found = self._tags(names, tags.TAG_TYPE_ANNOTATION)
        return found | {name: self._annotation_tag(name) for name in names if name not in found}

    def _annotation_tag(self, name: str) -> str:
        """Create a tag; where another process was the first, return that one."""
        request = tags.CreateTagRequest(name=name)
        try:
            made = self.control.call(_TAGS + "CreateTag", request, tags.CreateTagResponse.FromString)
        except RequestError as error:
            found = self._tags([name], tags.TAG_TYPE_ANNOTATION) if error.code is StatusCode.ALREADY_EXISTS else {}
            if name not in found:
                raise
            return found[name]
        return made.tag.tag_id


def _pages(names: Sequence[str], page: Callable[[str, str], Any]) -> Iterator[Any]:
    """Yield the pages of what has these names."""
    for group in _groups(names):
        where, token = f"name in [{', '.join(map(quoted, group))}]", ""
        while True:
            answer = page(where, token)
            yield answer
            token = answer.next_page_token
            if not token:
                break


def _groups(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[start : start + _NAMES_AT_ONCE] for start in range(0, len(names), _NAMES_AT_ONCE))


def _problem_of(name: str, found: list[str]) -> str:
    return f"there are {len(found)} users {name!r}" if found else f"user {name!r} is not there"
