"""track_columns(): whole arrays through the queue, the ledger and the wire."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest

from sift_runtime import BatchLimits, Block, SdkClosedError, SerializationError
from sift_runtime._columns import Frames, encode_columns
from sift_runtime.messages import ingest_pb2 as ingest
from vehicle_telemetry import LogsColumns, LogsFlow, VoltageColumns, VoltageFlow

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import Answer, ScriptedServer
from .test_track import arrived
from .waiting import DEADLINE, finish, wait_until


def voltages(first: int, last: int) -> VoltageColumns:
    numbers = np.arange(first, last, dtype=np.int32)
    return VoltageColumns(timestamp=numbers.astype(np.int64) + 10**18, voltage=numbers)


def test_columns_arrive_as_rows_would(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.track_columns(voltages(0, 5_000))
    sdk.track_many([VoltageFlow(voltage=number) for number in range(5_000)], range(10**18, 10**18 + 5_000))
    assert sdk.flush().acknowledged_all
    messages = [message for stream in server.streams for message in stream.messages]
    assert messages[:5_000] == messages[5_000:]
    assert sdk.stats.tracked == 10_000


def test_rows_and_columns_keep_their_order(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    track(sdk, 0, 1)
    sdk.track_columns(voltages(2, 3_000))
    track(sdk, 3_000)
    sdk.track_columns(voltages(3_001, 3_003))
    assert sdk.flush().acknowledged_all
    assert received(server) == list(range(3_003))


def test_columns_from_before_registration(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script("ListIngestionConfigs", Answer(held=True))
    sdk = open_sdk()
    sdk.track_columns(voltages(0, 100))
    server.release()
    assert sdk.flush().acknowledged_all
    assert received(server) == list(range(100))
    assert {request.ingestion_config_id for request in server.acknowledged} == {"config-1"}


def test_full_spool_drops_columns_in_small_pieces(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script("ListIngestionConfigs", Answer(held=True))
    sdk = open_sdk(spool_bytes=1_000_000)
    rows = np.arange(3_000)
    sdk.track_columns(LogsColumns(timestamp=rows, log=np.array(["x" * 1_300] * len(rows))))
    assert 400 < sdk.stats.in_spool < 1_000_000 // 1_300
    server.release()


def test_batches_of_columns_keep_the_limits(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk(limits=BatchLimits(messages=100, interval=0.001))
    sdk.track_columns(voltages(0, 1_050))
    assert sdk.flush().acknowledged_all
    assert max(len(stream.messages) for stream in server.streams) <= 100
    assert received(server) == list(range(1_050))


def test_columns_that_do_not_fit_the_queue_push_out_the_oldest(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script("ListIngestionConfigs", Answer(held=True))
    sdk = open_sdk(spool_bytes=100_000, limits=BatchLimits(messages=100))
    sdk.track_columns(voltages(0, 20_000))
    server.release()
    assert not sdk.flush().acknowledged_all
    stats = sdk.stats
    assert stats.tracked == 20_000 == stats.acknowledged + stats.dropped
    assert stats.flows["voltage"].dropped == stats.dropped
    assert received(server) == list(range(stats.dropped, 20_000))


def test_columns_with_a_value_that_does_not_fit_are_refused_as_a_whole(
    server: ScriptedServer, open_sdk: OpenSdk
) -> None:
    sdk = open_sdk()
    bad: Any = np.array([1, 2**31], dtype=np.int64)
    sdk.track_columns(VoltageColumns(timestamp=np.array([1, 2]), voltage=bad))
    track(sdk, 7)
    assert sdk.flush().acknowledged_all
    assert received(server) == [7]
    assert (sdk.stats.tracked, sdk.stats.serialization_errors) == (1, 1)
    assert "row 1" in str(sdk.last_serialization_error)
    raising = open_sdk(on_error="raise")
    with pytest.raises(SerializationError, match="voltage"):
        raising.track_columns(VoltageColumns(timestamp=np.array([1, 2]), voltage=bad))


def test_arrays_may_be_changed_afterwards(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script("ListIngestionConfigs", Answer(held=True))
    columns = voltages(0, 10)
    sdk = open_sdk()
    sdk.track_columns(columns)
    columns.voltage[:] = -1
    server.release()
    assert sdk.flush().acknowledged_all
    assert received(server) == list(range(10))


def test_texts_are_columns_too(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.track_columns(LogsColumns(timestamp=np.array([1, 2]), log=["one", "zwei ü"]))
    sdk.track(LogsFlow(log="three"), 3)
    assert sdk.flush().acknowledged_all
    assert [request.channel_values[0].string for request in server.acknowledged] == ["one", "zwei ü", "three"]
    assert arrived(server) == [1, 2, 3]


@pytest.mark.parametrize("run", ["", "Hop 7"])
def test_columns_that_wait_for_room_are_sent_under_what_they_were_made_for(
    server: ScriptedServer, open_sdk: OpenSdk, run: str
) -> None:
    """The config id comes while they wait, or a run does: neither may get under frames that were made before."""
    server.script("ListIngestionConfigs", Answer(held=True))
    sdk = open_sdk(spool_bytes=200_000, when_full=Block(DEADLINE))
    tracking = threading.Thread(target=sdk.track_columns, args=[voltages(0, 8_000)])
    tracking.start()
    wait_until(lambda: sdk._spool._shelf.is_full(0))
    if run:
        sdk.attach_run(run)
    server.release()
    finish(tracking.join)
    track(sdk, 8_000)
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    parse = ingest.IngestWithConfigDataStreamRequest.FromString
    sent = [parse(message) for stream in server.streams for message in stream.messages]
    assert {request.ingestion_config_id for request in sent} == {"config-1"}
    assert sorted(received(server)) == list(range(8_001))
    of_runs = {request.channel_values[0].int32: request.run_id for request in server.acknowledged}
    assert {of_runs[number] for number in range(8_000)} == {""}
    assert of_runs[8_000] == ("run-1" if run else "")


def test_columns_take_one_segment_though_the_run_changes_meanwhile(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.script("ListIngestionConfigs", Answer(held=True))
    sdk = open_sdk(spool_bytes=64_000_000)
    generation = sdk._spool.generation
    envelope = generation.envelopes[VoltageFlow]
    blocks = encode_columns(voltages(0, 12_000), envelope.head(), envelope.tail())

    def in_the_middle() -> Iterator[Frames]:
        yield from islice(blocks, 1)
        sdk.attach_run("Hop 7")
        yield from blocks

    sdk._spool.put_blocks(VoltageFlow, in_the_middle(), generation)
    track(sdk, 12_000)
    assert len(sdk._spool._shelf.progress) <= 4  # not one for each of the twelve pieces
    server.release()
    assert finish(lambda: sdk.flush(DEADLINE)).acknowledged_all
    assert sorted(received(server)) == list(range(12_001))
    assert {request.run_id for request in server.acknowledged if request.channel_values[0].int32 < 12_000} == {""}
    assert sdk.stats.unaccounted == 0


def test_closed_sdk_takes_no_columns(open_sdk: OpenSdk) -> None:
    sdk = open_sdk()
    sdk.close()
    with pytest.raises(SdkClosedError, match=r"track_columns\(\) after close"):
        sdk.track_columns(voltages(0, 1))
