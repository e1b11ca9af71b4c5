"""Assets and runs: creation, look-up, update masks and the rules about times and client keys."""

from __future__ import annotations

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from sift_receiver._tag_ids import tag_id_of
from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import channels_pb2 as channels
from sift_runtime.messages import ingest_pb2 as ingest
from sift_runtime.messages import ingestion_configs_pb2 as configs
from sift_runtime.messages import metadata_pb2 as metadata
from sift_runtime.messages import runs_pb2 as runs
from sift_runtime.messages import tags_pb2 as tags

from .client import Client, Value, channel, flow, request, status_of
from .conftest import Bench

ROCKET = metadata.MetadataValue(key=metadata.MetadataKey(name="vehicle"), string_value="rocket")


def create_asset(client: Client, name: str) -> assets.Asset:
    request = assets.CreateAssetRequest(name=name, tags=["t"], metadata=[ROCKET])
    return client.asset("CreateAsset", request, assets.CreateAssetResponse).asset


def update_asset(client: Client, asset: assets.Asset, *paths: str) -> assets.Asset:
    request = assets.UpdateAssetRequest(asset=asset, update_mask=FieldMask(paths=paths))
    return client.asset("UpdateAsset", request, assets.UpdateAssetResponse).asset


def get_run(client: Client, run_id: str) -> runs.Run:
    return client.run("GetRun", runs.GetRunRequest(run_id=run_id), runs.GetRunResponse).run


def update_run(client: Client, run: runs.Run, *paths: str) -> runs.Run:
    request = runs.UpdateRunRequest(run=run, update_mask=FieldMask(paths=paths))
    return client.run("UpdateRun", request, runs.UpdateRunResponse).run


def test_an_asset_keeps_what_it_was_created_with_also_after_a_restart(bench: Bench) -> None:
    with bench.serving() as client:
        created = create_asset(client, "lander")
        assert (created.name, list(created.tags), list(created.metadata)) == ("lander", ["t"], [ROCKET])
        assert status_of(lambda: create_asset(client, "lander"))[0] is grpc.StatusCode.ALREADY_EXISTS
        assert status_of(lambda: create_asset(client, ""))[0] is grpc.StatusCode.INVALID_ARGUMENT
    with bench.serving() as client:
        request = assets.GetAssetRequest(asset_id=created.asset_id)
        assert client.asset("GetAsset", request, assets.GetAssetResponse).asset == created


def test_only_masked_asset_fields_are_updated(client: Client) -> None:
    asset = create_asset(client, "lander")
    changed = assets.Asset(asset_id=asset.asset_id, name="other", tags=["a", "b"], is_archived=True)
    updated = update_asset(client, changed, "tags", "is_archived")
    assert (updated.name, list(updated.tags), list(updated.metadata)) == ("lander", ["a", "b"], [ROCKET])
    assert updated.is_archived
    assert updated.HasField("archived_date")
    restored = update_asset(client, assets.Asset(asset_id=asset.asset_id), "archived_date", "metadata")
    assert (restored.is_archived, list(restored.metadata)) == (False, [])


@pytest.mark.parametrize("paths", [(), ("name",), ("tags", "nope")])
def test_other_asset_paths_are_refused(client: Client, paths: tuple[str, ...]) -> None:
    asset = create_asset(client, "lander")
    code, reason = status_of(lambda: update_asset(client, asset, *paths))
    assert (code, "update_mask" in reason) == (grpc.StatusCode.INVALID_ARGUMENT, True)


def test_unknown_assets_and_runs_are_not_found(client: Client) -> None:
    asked = assets.GetAssetRequest(asset_id="x")
    assert status_of(lambda: client.asset("GetAsset", asked, assets.GetAssetResponse))[0] is grpc.StatusCode.NOT_FOUND
    assert status_of(lambda: update_asset(client, assets.Asset(), "tags"))[0] is grpc.StatusCode.NOT_FOUND
    assert status_of(lambda: get_run(client, "x"))[0] is grpc.StatusCode.NOT_FOUND
    assert status_of(lambda: update_run(client, runs.Run(), "name"))[0] is grpc.StatusCode.NOT_FOUND
    stop = runs.StopRunRequest(run_id="x")
    assert status_of(lambda: client.run("StopRun", stop, runs.StopRunResponse))[0] is grpc.StatusCode.NOT_FOUND


def test_a_run_keeps_what_it_was_created_with_also_after_a_restart(bench: Bench) -> None:
    request = runs.CreateRunRequest(
        name="hop", description="d", tags=["t"], client_key="r1", metadata=[ROCKET], organization_id="o"
    )
    with bench.serving() as client:
        created = client.create_run(request)
        assert (created.name, created.description, list(created.tags)) == ("hop", "d", ["t"])
        assert (created.client_key, list(created.metadata), created.organization_id) == ("r1", [ROCKET], "o")
        assert created.HasField("created_date")
        assert not created.HasField("start_time")
        assert status_of(lambda: client.create_run(request))[0] is grpc.StatusCode.ALREADY_EXISTS
    with bench.serving() as client:
        assert get_run(client, created.run_id) == created


def test_runs_of_one_name_may_be_many_and_the_newest_comes_first(client: Client) -> None:
    first = client.create_run(runs.CreateRunRequest(name="hop"))
    second = client.create_run(runs.CreateRunRequest(name="hop"))
    request = runs.ListRunsRequest(filter='name=="hop"', page_size=1)
    found = client.run("ListRuns", request, runs.ListRunsResponse).runs
    assert [run.run_id for run in found] == [second.run_id]
    assert first.run_id != second.run_id


def test_only_masked_run_fields_are_updated(client: Client) -> None:
    run = client.create_run(runs.CreateRunRequest(name="hop", tags=["a"]))
    changed = runs.Run(run_id=run.run_id, name="leap", tags=["b"], is_pinned=True, client_key="r1", is_archived=True)
    changed.start_time.FromNanoseconds(5_000_000_000)
    changed.stop_time.FromNanoseconds(6_500_000_000)
    updated = update_run(client, changed, "name", "is_pinned", "client_key", "start_time", "stop_time", "is_archived")
    assert (updated.name, list(updated.tags), updated.is_pinned, updated.client_key) == ("leap", ["a"], True, "r1")
    assert updated.duration.ToNanoseconds() == 1_500_000_000
    assert updated.is_archived
    assert get_run(client, run.run_id) == updated


def test_a_client_key_is_set_once_and_belongs_to_one_run(client: Client) -> None:
    run = client.create_run(runs.CreateRunRequest(name="hop", client_key="r1"))
    other = client.create_run(runs.CreateRunRequest(name="leap"))
    run.client_key, other.client_key = "r2", "r1"
    code, reason = status_of(lambda: update_run(client, run, "client_key"))
    assert (code, "only once" in reason) == (grpc.StatusCode.INVALID_ARGUMENT, True)
    assert status_of(lambda: update_run(client, other, "client_key"))[0] is grpc.StatusCode.ALREADY_EXISTS


@pytest.mark.parametrize(("start", "stop"), [(None, 5), (6, 5)])
def test_times_that_contradict_each_other_are_refused(client: Client, start: int | None, stop: int) -> None:
    request = runs.CreateRunRequest(name="hop", stop_time=Timestamp(seconds=stop))
    if start is not None:
        request.start_time.seconds = start
    assert status_of(lambda: client.create_run(request))[0] is grpc.StatusCode.INVALID_ARGUMENT


def test_stopping_a_run_sets_its_times_once(client: Client) -> None:
    run = client.create_run(runs.CreateRunRequest(name="hop", start_time=Timestamp(seconds=5)))
    client.run("StopRun", runs.StopRunRequest(run_id=run.run_id), runs.StopRunResponse)
    stopped = get_run(client, run.run_id)
    assert stopped.is_stopped
    assert stopped.stop_time.seconds > 5
    client.run("StopRun", runs.StopRunRequest(run_id=run.run_id), runs.StopRunResponse)
    assert get_run(client, run.run_id).stopped_date == stopped.stopped_date


def test_times_and_assets_of_a_run_are_those_of_its_data(bench: Bench) -> None:
    """Also after a restart, and in what filters and a stop make of them."""

    def reading(
        config: configs.IngestionConfig, run: runs.Run, seconds: int
    ) -> ingest.IngestWithConfigDataStreamRequest:
        at = Timestamp(seconds=seconds)
        return request(config.ingestion_config_id, "f", [Value(double=1)], run_id=run.run_id, timestamp=at)

    with bench.serving() as client:
        asset = create_asset(client, "lander")
        config = client.create_config(
            [flow("f"), flow("empty", channel("other", types.CHANNEL_DATA_TYPE_DOUBLE))], asset="lander"
        )
        start = Timestamp(seconds=1_800_000_000)
        run = client.create_run(runs.CreateRunRequest(name="hop", tags=["hot"], client_key="hop-1", start_time=start))
        still = client.create_run(runs.CreateRunRequest(name="still", start_time=start))
        client.stream([reading(config, run, 1_700_000_010), reading(config, run, 1_700_000_000)])
        seen = get_run(client, run.run_id)
        assert (seen.start_time.seconds, seen.stop_time.seconds) == (1_700_000_000, 1_700_000_010)
        assert (list(seen.asset_ids), seen.duration.seconds) == ([asset.asset_id], 10)
        assert get_run(client, still.run_id) == still
        client.stream([reading(config, run, 1_700_000_020)])
    with bench.serving() as client:
        seen = get_run(client, run.run_id)
        assert (seen.start_time.seconds, seen.stop_time.seconds) == (1_700_000_000, 1_700_000_020)
        asset_tag = tag_id_of(tags.TAG_TYPE_ASSET, "t")
        for where in (
            "asset_name == 'lander'",
            f"asset_id in ['{asset.asset_id}']",
            f"asset_tag_id in ['{asset_tag}']",
            f"tag_id in ['{tag_id_of(tags.TAG_TYPE_RUN, 'hot')}']",
            "duration_string > duration('19.5s') && duration_string < duration('21.0s')",
        ):
            assert client.list_runs(where) == ["hop"], where
        assert client.list_assets(f"tag_id == '{asset_tag}'") == ["lander"]
        for where in (f"run_id == '{run.run_id}'", "run_name == 'hop'", "run_client_key == 'hop-1'"):
            listed = channels.ListChannelsRequest(filter=where)
            path = "/sift.channels.v3.ChannelService/ListChannels"
            assert [each.name for each in client.call(path, listed, channels.ListChannelsResponse).channels] == [
                "value"
            ]
        client.run("StopRun", runs.StopRunRequest(run_id=run.run_id), runs.StopRunResponse)
        stopped = get_run(client, run.run_id)
        assert (stopped.is_stopped, stopped.stop_time.seconds) == (True, 1_700_000_020)
        archive = assets.ArchiveAssetRequest(asset_id=asset.asset_id, archive_runs=True)
        archived = client.asset("ArchiveAsset", archive, assets.ArchiveAssetResponse)
        assert list(archived.archived_run_ids) == [run.run_id]
        assert (get_run(client, run.run_id).is_archived, get_run(client, still.run_id).is_archived) == (True, False)
