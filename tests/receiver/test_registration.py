"""Ingestion configs, flows and the assets that come with them."""

from __future__ import annotations

import grpc
import pytest

from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import ingestion_configs_pb2 as configs

from .client import Client, channel, flow, status_of
from .conftest import Bench

FAITHFUL = flow(
    "Ω readings",
    channel("", types.CHANNEL_DATA_TYPE_DOUBLE),
    channel("b", types.CHANNEL_DATA_TYPE_DOUBLE, unit="", description=" \n"),
    channel("a", types.CHANNEL_DATA_TYPE_INT_64, unit="m/s"),
    channel("a", types.CHANNEL_DATA_TYPE_DOUBLE),
    channel(
        "mode",
        types.CHANNEL_DATA_TYPE_ENUM,
        enum_types=[
            types.ChannelEnumType(name="b", key=2**32 - 1, is_signed=True),
            types.ChannelEnumType(name="a", key=0),
            types.ChannelEnumType(name="", key=0),
        ],
    ),
    channel(
        "bits",
        types.CHANNEL_DATA_TYPE_BIT_FIELD,
        bit_field_elements=[
            types.ChannelBitFieldElement(name="high", index=7, bit_count=1),
            types.ChannelBitFieldElement(name="low", index=0, bit_count=3),
        ],
    ),
)
FAITHFUL.channels[0].name = "first"


def test_ping_is_answered(client: Client) -> None:
    assert client.ping().response


def test_flows_are_returned_exactly_as_sent_also_after_a_restart(bench: Bench) -> None:
    sent = [FAITHFUL, flow("zz"), flow("aa"), configs.FlowConfig(name="empty")]
    with bench.serving() as client:
        config = client.create_config(sent, client_key="k1")
        before = client.list_flows(config.ingestion_config_id).flows
        assert [item.SerializeToString() for item in before] == [item.SerializeToString() for item in sent]
    with bench.serving() as client:
        assert list(client.list_configs("client_key == 'k1'").ingestion_configs) == [config]
        assert list(client.list_flows(config.ingestion_config_id).flows) == sent


def test_a_config_is_found_by_its_id(client: Client) -> None:
    path = "/sift.ingestion_configs.v2.IngestionConfigService/GetIngestionConfig"
    config = client.create_config(client_key="k1")
    asked = configs.GetIngestionConfigRequest(ingestion_config_id=config.ingestion_config_id)
    assert client.call(path, asked, configs.GetIngestionConfigResponse).ingestion_config == config
    asked.ingestion_config_id = "nope"
    code, reason = status_of(lambda: client.call(path, asked, configs.GetIngestionConfigResponse))
    assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "ingestion config 'nope' does not exist")


def test_a_taken_client_key_is_refused_and_nothing_of_the_request_stays(client: Client) -> None:
    client.create_config([flow("a")], client_key="k1")
    code, reason = status_of(lambda: client.create_config([flow("b")], client_key="k1", asset="another"))
    assert code is grpc.StatusCode.ALREADY_EXISTS
    assert "'k1'" in reason
    assert client.list_assets() == ["rover"]


def test_an_empty_client_key_always_creates(client: Client) -> None:
    ids = {client.create_config([flow("a")]).ingestion_config_id for _ in range(3)}
    assert len(ids) == 3
    assert len(client.list_configs("client_key == ''").ingestion_configs) == 3


def test_the_asset_is_created_once_and_found_by_its_id(client: Client) -> None:
    first, second = client.create_config(client_key="a"), client.create_config(client_key="b")
    assert first.asset_id == second.asset_id
    found = client.asset("GetAsset", assets.GetAssetRequest(asset_id=first.asset_id), assets.GetAssetResponse).asset
    assert found.name == "rover"


def test_flows_are_added_all_or_none(client: Client) -> None:
    config_id = client.create_config([flow("a")], client_key="k1").ingestion_config_id
    client.create_flows(config_id, flow("b"), flow("c"))
    code, reason = status_of(lambda: client.create_flows(config_id, flow("d"), flow("b")))
    assert (code, "'b'" in reason) == (grpc.StatusCode.ALREADY_EXISTS, True)
    assert [item.name for item in client.list_flows(config_id).flows] == ["a", "b", "c"]


def test_flows_are_filtered_by_name(client: Client) -> None:
    config_id = client.create_config([flow("a"), flow("b"), flow("it's")], client_key="k1").ingestion_config_id
    found = client.list_flows(config_id, "flow_name in ['b','it\\'s','none']").flows
    assert [item.name for item in found] == ["b", "it's"]


def test_calls_on_an_unknown_config_are_not_found(client: Client) -> None:
    assert status_of(lambda: client.list_flows("nope"))[0] is grpc.StatusCode.NOT_FOUND
    assert status_of(lambda: client.create_flows("nope", flow("a")))[0] is grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ([flow("a"), flow("a")], "flow 'a' stands twice"),
        ([configs.FlowConfig(name="")], "empty name"),
        ([flow("a", channel("", types.CHANNEL_DATA_TYPE_DOUBLE))], "channel with an empty name"),
        ([flow("a", channel("x", types.CHANNEL_DATA_TYPE_UNSPECIFIED))], "'x': data type 0 is unknown"),
        (
            [
                flow(
                    "a",
                    channel(
                        "bits",
                        types.CHANNEL_DATA_TYPE_BIT_FIELD,
                        bit_field_elements=[types.ChannelBitFieldElement(name="e", index=-1, bit_count=1)],
                    ),
                )
            ],
            "element 'e': index -1",
        ),
        (
            [
                flow(
                    "a",
                    channel(
                        "bits",
                        types.CHANNEL_DATA_TYPE_BIT_FIELD,
                        bit_field_elements=[types.ChannelBitFieldElement(name="e", index=0, bit_count=2**32 - 1)],
                    ),
                )
            ],
            "4294967295 bits",
        ),
    ],
)
def test_flows_that_no_row_could_fit_are_refused(
    client: Client, flows: list[configs.FlowConfig], expected: str
) -> None:
    code, reason = status_of(lambda: client.create_config(flows, client_key="k1"))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert expected in reason
    assert not client.list_configs().ingestion_configs


def test_undecodable_requests_are_invalid_arguments_and_unknown_methods_unimplemented(client: Client) -> None:
    path = "/sift.ingestion_configs.v2.IngestionConfigService/"
    assert status_of(lambda: client.call(path + "CreateIngestionConfig", b"\xff", configs.IngestionConfig))[0] is (
        grpc.StatusCode.INVALID_ARGUMENT
    )
    assert status_of(lambda: client.call(path + "Nope", b"", configs.IngestionConfig))[0] is (
        grpc.StatusCode.UNIMPLEMENTED
    )


def test_an_asset_is_required(client: Client) -> None:
    code, reason = status_of(lambda: client.create_config(asset=""))
    assert (code, "asset_name" in reason) == (grpc.StatusCode.INVALID_ARGUMENT, True)
