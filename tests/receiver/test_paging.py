"""Pages and their tokens."""

from __future__ import annotations

import grpc
import pytest

from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import runs_pb2 as runs

from .client import Client, channel, flow, status_of


def pages_of_flows(client: Client, config_id: str, size: int) -> list[list[str]]:
    pages, token = [], ""
    while True:
        answer = client.list_flows(config_id, size=size, token=token)
        pages.append([item.name for item in answer.flows])
        token = answer.next_page_token
        if not token:
            return pages


@pytest.mark.parametrize(
    ("size", "lengths"), [(0, [50, 50, 20]), (1000, [120]), (5000, [120]), (120, [120]), (119, [119, 1])]
)
def test_pages_cover_everything_once_and_in_order(client: Client, size: int, lengths: list[int]) -> None:
    names = [f"flow {number}" for number in range(120)]
    config_id = client.create_config([flow(name) for name in names]).ingestion_config_id
    pages = pages_of_flows(client, config_id, size)
    assert [len(page) for page in pages] == lengths
    assert [name for page in pages for name in page] == names


def test_no_page_holds_more_than_1000(client: Client) -> None:
    config_id = client.create_config([flow(f"f{number}") for number in range(1001)]).ingestion_config_id
    assert [len(page) for page in pages_of_flows(client, config_id, 4000)] == [1000, 1]


def test_a_page_stays_below_what_official_clients_receive(client: Client) -> None:
    long = "x" * 1_000_000
    flows = [flow(f"f{n}", channel("c", types.CHANNEL_DATA_TYPE_DOUBLE, description=long)) for n in range(8)]
    config_id = client.create_config().ingestion_config_id
    for one in flows:  # together they are beyond what a request may be
        client.create_flows(config_id, one)
    assert [len(page) for page in pages_of_flows(client, config_id, 1000)] == [3, 3, 2]


def test_runs_created_between_pages_do_not_disturb_them(client: Client) -> None:
    for number in range(4):
        client.create_run(runs.CreateRunRequest(name=f"run {number}"))
    first = client.run("ListRuns", runs.ListRunsRequest(page_size=2), runs.ListRunsResponse)
    client.create_run(runs.CreateRunRequest(name="run 4"))
    request = runs.ListRunsRequest(page_size=2, page_token=first.next_page_token)
    second = client.run("ListRuns", request, runs.ListRunsResponse)
    names = [[run.name for run in page.runs] for page in (first, second)]
    assert names == [["run 3", "run 2"], ["run 1", "run 0"]]
    assert not second.next_page_token


def test_a_token_serves_only_its_own_query(client: Client) -> None:
    for number in range(3):
        client.create_config(client_key=f"k{number}")
    token = client.list_configs(size=1).next_page_token
    code, reason = status_of(lambda: client.list_configs("client_key == 'k2'", size=1, token=token))
    assert (code, "another query" in reason) == (grpc.StatusCode.INVALID_ARGUMENT, True)


@pytest.mark.parametrize("token", ["nonsense", "e30=", "W10=", "WzEsMl0=", "NQ==", "é"])
def test_a_foreign_token_is_refused(client: Client, token: str) -> None:
    assert status_of(lambda: client.list_configs(token=token))[0] is grpc.StatusCode.INVALID_ARGUMENT


def test_lists_are_ordered_as_asked(client: Client) -> None:
    for name, description in (("b", "x"), ("a", "y"), ("c", "x")):
        client.create_run(runs.CreateRunRequest(name=name, description=description))
    assert client.list_runs(order_by="name") == ["a", "b", "c"]
    assert client.list_runs(order_by="description desc, name asc") == ["a", "b", "c"]
    assert client.list_runs(order_by="start_time, name desc") == ["c", "b", "a"]
    code, reason = status_of(lambda: client.list_runs(order_by="nope"))
    assert (code, "order_by" in reason) == (grpc.StatusCode.INVALID_ARGUMENT, True)
