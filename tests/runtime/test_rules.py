"""Rules from flight: pushed beside the data, which waits for none of their calls."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import grpc
import pytest

from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import rules_pb2 as rules
from sift_runtime.messages import tags_pb2 as tags
from sift_runtime.messages import users_pb2 as users
from vehicle_telemetry import TELEMETRY

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish, wait_until

MANY = replace(TELEMETRY, rules=tuple(replace(TELEMETRY.rules[1], name=f"rule {number}") for number in range(20)))


class RuleServer(ScriptedServer):
    """One that has no rules yet, and takes all."""

    def __init__(self) -> None:
        self.created: list[str] = []
        self.meanwhile: Callable[[], object] = lambda: None
        """Done in the middle of each call that asks for a rule."""
        super().__init__()

    def _services(self) -> Iterator[grpc.GenericRpcHandler]:
        yield from super()._services()
        asset = assets.Asset(asset_id="asset-1", name=TELEMETRY.asset_name)
        for service, name, kind, work in (
            ("assets.v1.AssetService", "ListAssets", assets.ListAssetsRequest, lambda _: _assets(asset)),
            ("tags.v2.TagService", "ListTags", tags.ListTagsRequest, lambda _: tags.ListTagsResponse()),
            ("tags.v2.TagService", "CreateTag", tags.CreateTagRequest, _made_tag),
            ("users.v2.UserService", "ListActiveUsers", users.ListActiveUsersRequest, _users),
            ("rules.v1.RuleService", "GetRule", rules.GetRuleRequest, self._get),
            ("rules.v1.RuleService", "CreateRule", rules.CreateRuleRequest, self._create_rule),
        ):
            yield grpc.method_handlers_generic_handler(f"sift.{service}", {name: self._unary(name, work, kind)})

    def _get(self, _: rules.GetRuleRequest) -> rules.GetRuleResponse:
        raise NotImplementedError

    def _unary(self, name: str, work: Callable[[Any], Any], kind: Any) -> grpc.RpcMethodHandler[Any, Any]:
        if name != "GetRule":
            return super()._unary(name, work, kind)

        def handle(_: Any, context: grpc.ServicerContext) -> Any:
            answer = self._begin(name, context)
            self.meanwhile()
            self._end(answer, context)
            context.abort(grpc.StatusCode.NOT_FOUND, "no such rule")

        return grpc.unary_unary_rpc_method_handler(handle, request_deserializer=kind.FromString)

    def _create_rule(self, request: rules.CreateRuleRequest) -> rules.CreateRuleResponse:
        self.created.append(request.update.name)
        return rules.CreateRuleResponse(rule_id=f"rule-{len(self.created)}")


def _assets(asset: assets.Asset) -> assets.ListAssetsResponse:
    return assets.ListAssetsResponse(assets=[asset])


def _made_tag(request: tags.CreateTagRequest) -> tags.CreateTagResponse:
    return tags.CreateTagResponse(tag=tags.Tag(tag_id=request.name, name=request.name))


def _users(_: users.ListActiveUsersRequest) -> users.ListActiveUsersResponse:
    names = {rule.assignee for rule in TELEMETRY.rules if rule.assignee}
    return users.ListActiveUsersResponse(users=[users.User(user_id=name, user_name=name) for name in names])


@pytest.fixture
def server() -> Iterator[RuleServer]:
    with RuleServer() as serving:
        yield serving


def test_data_waits_for_no_rule(server: RuleServer, open_sdk: OpenSdk) -> None:
    """Each rule is answered only after readings that were tracked meanwhile have arrived."""
    arrived: list[bool] = []
    sdk = open_sdk(MANY, rules=True)
    sdk.connect(DEADLINE)

    def meanwhile() -> None:
        before = len(received(server))
        track(sdk, before)
        wait = threading.Event()
        for _ in range(200):
            if len(received(server)) > before:
                break
            wait.wait(0.01)
        arrived.append(len(received(server)) > before)

    server.meanwhile = meanwhile
    wait_until(lambda: len(server.created) == 20)
    assert all(arrived)
    assert len(arrived) >= 15
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all


@pytest.mark.parametrize("trouble", ["hangs", "is down", "refuses the key"])
def test_flush_and_close_wait_for_no_rule(server: RuleServer, open_sdk: OpenSdk, trouble: str) -> None:
    codes = {"is down": grpc.StatusCode.UNAVAILABLE, "refuses the key": grpc.StatusCode.PERMISSION_DENIED}
    server.script("GetRule", *[Answer(codes.get(trouble, grpc.StatusCode.OK), held=trouble == "hangs")] * 100)
    sdk = open_sdk(MANY, rules=True)
    server.wait_for_call("GetRule")
    track(sdk, 1)
    assert finish(lambda: sdk.flush(None)).acknowledged_all
    track(sdk, 2)
    assert finish(lambda: sdk.close(None)).acknowledged_all
    assert server.created == []


def test_rules_that_the_key_is_not_good_for_are_pushed_with_another(server: RuleServer, open_sdk: OpenSdk) -> None:
    server.script("GetRule", Answer(grpc.StatusCode.PERMISSION_DENIED, "not with this key"))
    sdk = open_sdk(MANY, rules=True)
    server.wait_for_call("GetRule")
    sdk.update_credentials("key")
    wait_until(lambda: sorted(server.created) == sorted(rule.name for rule in MANY.rules))
