"""What arrives is, byte for byte, what protobuf's own serializer makes of the same request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sift_runtime import Sdk
from sift_runtime.messages import ingest_pb2 as ingest
from vehicle_telemetry import TELEMETRY, AnyFlow, LogsFlow

from .scripted_server import ScriptedServer

EARLIEST = -62_135_596_800 * 10**9
LATEST = 253_402_300_800 * 10**9 - 1

times = st.one_of(
    st.integers(EARLIEST, LATEST),
    st.integers(-3 * 10**9, 3 * 10**9),
    st.integers(-1000, 1000).map(lambda seconds: seconds * 10**9),
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


class Pair:
    """A server and an Sdk that stay for all examples of a property."""

    def __init__(self, server: ScriptedServer, run_id: str, organization_id: str) -> None:
        self.server = server
        self.run_id = run_id
        self.organization_id = organization_id
        telemetry = replace(TELEMETRY, organization_id=organization_id)
        self.sdk: Sdk[AnyFlow] = Sdk(telemetry, uri=server.uri, api_key="key", run_id=run_id)

    def sent(self, tracked: list[tuple[int, str]]) -> list[bytes]:
        """Track logs, and return the bytes that arrived for them."""
        self.server.streams.clear()
        for time_ns, text in tracked:
            self.sdk.track(LogsFlow(log=text), time_ns)
        assert self.sdk.flush().acknowledged_all
        return [message for stream in self.server.streams for message in stream.messages]

    def expected(self, time_ns: int, text: str) -> bytes:
        seconds, nanos = divmod(time_ns, 10**9)
        return ingest.IngestWithConfigDataStreamRequest(
            ingestion_config_id=self.server.configs[TELEMETRY.client_key].ingestion_config_id,
            flow="logs",
            timestamp=Timestamp(seconds=seconds, nanos=nanos),
            channel_values=[ingest.IngestWithConfigDataChannelValue(string=text)],
            run_id=self.run_id,
            organization_id=self.organization_id,
        ).SerializeToString()


@pytest.fixture(scope="module", params=[("", ""), ("run", ""), ("", "öre"), ("r" * 300, "o" * 127)], ids=str)
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    with ScriptedServer() as server:
        made = Pair(server, *request.param)
        with made.sdk:
            yield made


@settings(max_examples=60)
@example([(time_ns, "") for time_ns in (EARLIEST, LATEST, 0, 1, -1, 10**9, -(10**9), 10**9 - 1, 1 - 10**9)])
@given(st.lists(st.tuples(times, texts), min_size=1, max_size=20))
def test_requests_are_what_protobuf_makes_of_them(pair: Pair, tracked: list[tuple[int, str]]) -> None:
    assert pair.sent(tracked) == [pair.expected(*each) for each in tracked]
