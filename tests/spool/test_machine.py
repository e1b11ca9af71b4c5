"""Whatever happens, in whatever order: the ledger balances at every step, and what was accepted is never nowhere.

A real Sdk, a real server, a real directory. A kill is the end of all work on a directory whose files stay as they are.
Forks are made by real processes, in tests/faults.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import grpc
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sift_runtime import BatchLimits, Sdk
from sift_runtime._process import let_go
from sift_runtime._spool import directory as directories
from sift_runtime._spool import maker
from sift_runtime._spool.dead_letters import read_dead_letters
from sift_runtime._spool.reservation import map_file
from sift_runtime.messages import ingest_pb2 as ingest
from tests.runtime.flows import voltages
from tests.runtime.scripted_server import Answer, ScriptedServer
from tests.runtime.waiting import DEADLINE, wait_until
from vehicle_telemetry import TELEMETRY, AnyFlow, VoltageFlow

PASSING = [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL, grpc.StatusCode.RESOURCE_EXHAUSTED]
_full = False


def reserved(path: Path, size: int) -> Any:
    if _full:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return map_file(path, size)


class Flight(RuleBasedStateMachine):
    """The model: which numbers were accepted, and how many records were damaged on purpose."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.server = ScriptedServer()
        self.server.refuses = lambda request: request.channel_values[0].int32 % 97 == 96
        self.lives = self.next = self.damages = 0
        self.key = "key"
        self.letters: set[int] = set()

    @initialize(order=st.sampled_from(["fifo", "fresh_first"]))
    def begin(self, order: Any) -> None:
        self.order = order
        self.open(self.folder / "0")

    def open(self, root: Path) -> None:
        self.root = root
        limits = BatchLimits(messages=40, interval=0.005)
        self.sdk: Sdk[AnyFlow] = Sdk(
            TELEMETRY,
            uri=self.server.uri,
            api_key=self.key,
            spool=root,
            spool_bytes=4_000_000,
            order=self.order,
            limits=limits,
        )

    @rule(count=st.integers(1, 200))
    def track(self, count: int) -> None:
        for number in range(self.next, self.next + count):
            self.sdk.track(VoltageFlow(voltage=number))
        self.next += count

    @rule(seconds=st.sampled_from([0, 0.05, 0.3]))
    def flush(self, seconds: float) -> None:
        self.sdk.flush(seconds)

    @rule(code=st.sampled_from(PASSING), times=st.integers(1, 3), read=st.sampled_from([None, 0, 5]))
    def fail(self, code: grpc.StatusCode, times: int, read: int | None) -> None:
        self.server.script_ingest(*[Answer(code, "not now", read=read)] * times)

    @rule()
    def forget_the_config(self) -> None:
        self.server.configs.clear()

    @rule()
    def rotate_the_key(self) -> None:
        self.key = f"{self.key}+"[-9:]
        self.server.key = self.key
        self.sdk.update_credentials(self.key)

    @rule(full=st.booleans())
    def fill_the_disk(self, full: bool) -> None:
        global _full  # noqa: PLW0603  # one disk
        _full = full

    @rule(run=st.sampled_from(["", "Hop 7", "Hop 8"]))
    def attach(self, run: str) -> None:
        self.sdk.attach_run(run) if run else self.sdk.detach_run()

    @precondition(lambda self: not _full and self.sdk.stats.degraded is None)
    @rule()
    def close_and_start_again(self) -> None:
        report = self.sdk.close(0.1)
        assert report.dropped == 0
        self.open(self.root)

    @precondition(lambda self: self.is_all_on_disk())
    @rule(flip=st.none() | st.integers(0, 10_000))
    def kill(self, flip: int | None) -> None:
        """End all work, leave the files as they are; then maybe damage a byte, and start again on them."""
        self.sdk._machinery.stop()
        self.lives += 1
        root = self.folder / str(self.lives)
        shutil.copytree(self.root, root)
        self.sdk._spool.end()
        let_go(self.sdk)
        if flip is not None:
            self.damage(root, flip)
        self.open(root)

    def damage(self, root: Path, flip: int) -> None:
        for segment in sorted(root.rglob("*[0-9].segment"))[-1:]:
            content = bytearray(segment.read_bytes())
            start = content.find(b"\x12\x07voltage")
            if start > 0:
                content[min(len(content) - 1, start + flip % 300)] ^= 1
                segment.write_bytes(content)
                self.damages += 1

    def is_all_on_disk(self) -> bool:
        return not _full and all(progress.is_on_disk for progress in self.sdk._spool._shelf.progress)

    @invariant()
    def ledger_balances(self) -> None:
        if hasattr(self, "sdk"):
            stats = self.sdk.stats
            assert stats.unaccounted == 0
            gone = stats.acknowledged + stats.in_spool + stats.rejected + stats.dropped + stats.damaged
            assert stats.tracked + stats.adopted == gone
            assert stats.dropped == 0
            assert stats.sender_restarts == 0

    def teardown(self) -> None:
        try:
            if hasattr(self, "sdk"):
                self.drain()
        finally:
            self.server.stop()
            shutil.rmtree(self.folder, ignore_errors=True)

    def drain(self) -> None:
        """Let everything heal, and look for every number: it arrived, is in a dead-letter file, or was damaged."""
        self.fill_the_disk(False)
        self.server._script.clear()
        wait_until(lambda: self.sdk.flush(1).left == 0)
        self.sdk.close(DEADLINE)
        arrived = {
            number for stream in self.server.streams if stream.acknowledged for number in voltages(stream.messages)
        }
        letters = {number for file in self.folder.rglob("dead-letters") for number in _numbers(file)}
        missing = set(range(self.next)) - arrived - letters
        assert len(missing) <= self.damages, sorted(missing)[:10]
        assert all(number % 97 == 96 for number in letters)
        assert not any(number % 97 == 96 for number in arrived)


def _numbers(file: Path) -> list[int]:
    parse = ingest.IngestWithConfigDataStreamRequest.FromString
    return [parse(letter.message).channel_values[0].int32 for letter in read_dead_letters(file)]


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no backoff longer than it takes, and try the disk again at once."""
    monkeypatch.setattr(directories, "map_file", reserved)
    monkeypatch.setattr(maker, "_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr("sift_runtime._delivery.backoff._LONGEST_SECONDS", 0.02)
    monkeypatch.setattr("sift_runtime._delivery.shipping._HOLD_SECONDS", 0.02)
    monkeypatch.setattr("sift_runtime._delivery.shipping._SHORTEST_RELIEF", 0.01)


@pytest.mark.usefixtures("_hurry")
def test_whatever_happens_nothing_is_nowhere() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Flight,
        settings=settings(
            max_examples=int(os.environ.get("SPOOL_EXAMPLES", "30")), stateful_step_count=20, deadline=None
        ),
    )
