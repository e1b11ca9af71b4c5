"""Rules, tags and channels: what is kept, what is refused, and a store of the format before."""

from __future__ import annotations

import duckdb
import grpc
import pytest

from sift_receiver import StoreError
from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import channels_pb2 as channels
from sift_runtime.messages import rules_pb2 as rules
from sift_runtime.messages import tags_pb2 as tags
from sift_runtime.messages import users_pb2 as users

from .client import Client, channel, flow, status_of
from .conftest import Bench

RULES = "/sift.rules.v1.RuleService/"
TAGS = "/sift.tags.v2.TagService/"
CHANNELS = "/sift.channels.v3.ChannelService/"


def fast(**fields: object) -> rules.UpdateRuleRequest:
    expression = rules.CalculatedChannelConfig(
        expression="$1 > 10", channel_references={"$1": rules.ChannelReference(name="velocity")}
    )
    condition = rules.UpdateConditionRequest(
        expression=rules.RuleConditionExpression(calculated_channel=expression),
        actions=[rules.UpdateActionRequest(action_type=rules.ANNOTATION)],
    )
    request = rules.UpdateRuleRequest(name="fast", client_key="fast", conditions=[condition])
    request.MergeFrom(rules.UpdateRuleRequest(**fields))  # type: ignore[arg-type]
    return request


def create(client: Client, request: rules.UpdateRuleRequest) -> str:
    answer = client.call(RULES + "CreateRule", rules.CreateRuleRequest(update=request), rules.CreateRuleResponse)
    return answer.rule_id


def get(client: Client, **named: str) -> rules.Rule:
    return client.call(RULES + "GetRule", rules.GetRuleRequest(**named), rules.GetRuleResponse).rule


def list_channels(client: Client, page_size: int = 0) -> channels.ListChannelsResponse:
    request = channels.ListChannelsRequest(page_size=page_size)
    return client.call(CHANNELS + "ListChannels", request, channels.ListChannelsResponse)


def test_rule_is_kept_and_changed_also_after_a_restart(bench: Bench) -> None:
    with bench.serving() as client:
        rule_id = create(client, fast(description="first"))
        first = get(client, rule_id=rule_id)
        assert (first.name, first.description, first.rule_version.version) == ("fast", "first", "1")
        assert get(client, client_key="fast") == first
    with bench.serving() as client:
        assert get(client, client_key="fast") == first
        client.call(RULES + "UpdateRule", fast(rule_id=rule_id, description="second"), rules.UpdateRuleResponse)
        second = get(client, rule_id=rule_id)
        assert (second.description, second.rule_version.version) == ("second", "2")
        assert second.created_date == first.created_date


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (rules.UpdateRuleRequest(name="empty"), grpc.StatusCode.INVALID_ARGUMENT),
        (fast(asset_configuration=rules.RuleAssetConfiguration(asset_ids=["nowhere"])), grpc.StatusCode.NOT_FOUND),
        (fast(asset_configuration=rules.RuleAssetConfiguration(tag_ids=["nothing"])), grpc.StatusCode.NOT_FOUND),
    ],
)
def test_rule_that_is_not_whole_is_refused(
    client: Client, request_: rules.UpdateRuleRequest, code: grpc.StatusCode
) -> None:
    assert status_of(lambda: create(client, request_))[0] is code


def test_unbound_reference_is_refused(client: Client) -> None:
    request = fast()
    request.conditions[0].expression.calculated_channel.expression = "$1 > $2"
    code, words = status_of(lambda: create(client, request))
    assert (code, "$2" in words) == (grpc.StatusCode.INVALID_ARGUMENT, True)


def test_client_key_has_one_rule(client: Client) -> None:
    create(client, fast())
    assert status_of(lambda: create(client, fast()))[0] is grpc.StatusCode.ALREADY_EXISTS
    assert status_of(lambda: get(client, client_key="other"))[0] is grpc.StatusCode.NOT_FOUND
    assert status_of(lambda: get(client))[0] is grpc.StatusCode.INVALID_ARGUMENT


def test_batch_changes_all_or_none(client: Client) -> None:
    create(client, fast())
    good, bad = fast(client_key="good"), rules.UpdateRuleRequest(name="bad", client_key="bad")

    def update(*requests: rules.UpdateRuleRequest, validate_only: bool = False) -> rules.BatchUpdateRulesResponse:
        request = rules.BatchUpdateRulesRequest(rules=requests, validate_only=validate_only)
        return client.call(RULES + "BatchUpdateRules", request, rules.BatchUpdateRulesResponse)

    refused = update(good, bad)
    assert (refused.success, [each.rule_name for each in refused.validation_results]) == (False, ["bad"])
    assert update(good, validate_only=True).success
    assert status_of(lambda: get(client, client_key="good"))[0] is grpc.StatusCode.NOT_FOUND
    done = update(good, fast(description="changed"))
    assert (done.success, done.rules_created_count, done.rules_updated_count) == (True, 1, 1)
    assert [each.client_key for each in done.created_rule_identifiers] == ["good"]
    assert get(client, client_key="fast").description == "changed"


def test_tags_are_created_once_and_found(client: Client) -> None:
    made = client.call(TAGS + "CreateTag", tags.CreateTagRequest(name="hot"), tags.CreateTagResponse).tag
    hot = tags.CreateTagRequest(name="hot")
    again = status_of(lambda: client.call(TAGS + "CreateTag", hot, tags.CreateTagResponse))
    assert again[0] is grpc.StatusCode.ALREADY_EXISTS
    assert tags_of(client, tags.TAG_TYPE_ANNOTATION) == [made]


def tags_of(client: Client, kind: tags.TagType.ValueType) -> list[tags.Tag]:
    request = tags.ListTagsRequest(filter='name in ["hot","cold"]', tag_type=kind)
    return list(client.call(TAGS + "ListTags", request, tags.ListTagsResponse).tags)


def test_tag_of_an_asset_is_none_of_an_annotation(client: Client) -> None:
    """Each has a name of its own, an id of its own, and can stand in its own place of a rule only."""
    hot = client.call(TAGS + "CreateTag", tags.CreateTagRequest(name="hot"), tags.CreateTagResponse).tag
    for name in ("lander", "orbiter"):
        request = assets.CreateAssetRequest(name=name, tags=["hot", "cold"])
        client.call("/sift.assets.v1.AssetService/CreateAsset", request, assets.CreateAssetResponse)
    of_assets = tags_of(client, tags.TAG_TYPE_ASSET)
    assert [tag.name for tag in of_assets] == ["cold", "hot"]
    assert hot.tag_id not in [tag.tag_id for tag in of_assets]
    assert of_assets == tags_of(client, tags.TAG_TYPE_ASSET)
    assert tags_of(client, tags.TAG_TYPE_RUN) == []
    assert tags_of(client, tags.TAG_TYPE_UNSPECIFIED) == [hot, *of_assets]
    for_tag = rules.RuleAssetConfiguration(tag_ids=[of_assets[1].tag_id])
    assert create(client, fast(asset_configuration=for_tag))
    refused = fast(client_key="other", asset_configuration=rules.RuleAssetConfiguration(tag_ids=[hot.tag_id]))
    assert status_of(lambda: create(client, refused))[0] is grpc.StatusCode.NOT_FOUND


def test_channel_of_two_flows_is_one_channel(client: Client) -> None:
    double, string = types.CHANNEL_DATA_TYPE_DOUBLE, types.CHANNEL_DATA_TYPE_STRING
    first = flow("first", channel("velocity", double), channel("log", string))
    second = flow("second", channel("velocity", double), channel("log", double))
    client.create_config([first, second])
    found = list_channels(client, page_size=1)  # in one page all the same: see Listing.whole
    assert [(each.name, each.data_type) for each in found.channels] == [
        ("velocity", double),
        ("log", string),
        ("log", double),
    ]
    assert found.next_page_token == ""
    assert len({each.channel_id for each in found.channels}) == 3


def test_nobody_is_a_user_unless_told(client: Client) -> None:
    request = users.ListActiveUsersRequest()
    path = "/sift.users.v2.UserService/ListActiveUsers"
    assert list(client.call(path, request, users.ListActiveUsersResponse).users) == []


def test_store_of_the_format_before_is_taken_on(bench: Bench) -> None:
    with bench.serving() as client:
        client.create_config([flow("first", channel("velocity", types.CHANNEL_DATA_TYPE_DOUBLE))])
    with duckdb.connect(str(bench.store)) as connection:
        for table in ("rules", "tags", "channel_settings"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE receiver_store SET format = 1")
    with bench.serving() as client:
        create(client, fast())
        assert [each.name for each in list_channels(client).channels] == ["velocity"]
    with duckdb.connect(str(bench.store)) as connection:
        connection.execute("DELETE FROM receiver_store")
        connection.execute("INSERT INTO receiver_store VALUES (3)")
    with pytest.raises(StoreError, match="has format 3"), bench.serving():
        pass
