"""Ends and forks of whole processes: nothing is lost for want of a close(), and every process ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from .flows import received, voltages
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE

FLIGHT = Path(__file__).parent / "scripts" / "flight.py"
PACKAGES = Path(__file__).parents[2] / "examples" / "generated"

has_interval_timers = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="there are no interval timers on this system"
)


def fly(way: str, uri: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in os.environ.items() if name != "GRPC_ENABLE_FORK_SUPPORT"}
    variables |= {
        "PYTHONPATH": os.pathsep.join([str(PACKAGES), os.environ.get("PYTHONPATH", "")]),
        **(environment or {}),
    }
    command = [sys.executable, str(FLIGHT), way, uri]
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=2 * DEADLINE, check=False)


def assert_whole_ledger(flight: subprocess.CompletedProcess[str], server: ScriptedServer) -> int:
    """Check that all that was tracked has arrived or is counted as dropped; returns how many were tracked."""
    assert flight.returncode == 0, flight.stderr
    tracked, acknowledged, dropped, queued = map(int, flight.stdout.split())
    assert (acknowledged, queued) == (len(received(server)), 0)
    assert tracked == acknowledged + dropped
    return tracked


def test_exit_without_close_sends_what_is_queued(server: ScriptedServer) -> None:
    flight = fly("forgotten", server.uri)
    assert flight.returncode == 0
    assert received(server) == list(range(100))
    assert flight.stderr.count("was not closed; closing it at exit") == 1


@pytest.mark.parametrize(("way", "code"), [("uncaught", 1), ("inner_exit", 3)])
def test_other_ends_send_too_and_keep_their_exit_code(server: ScriptedServer, way: str, code: int) -> None:
    assert fly(way, server.uri).returncode == code
    assert received(server) == [1]


def test_process_ends_while_the_server_is_silent(server: ScriptedServer) -> None:
    server.script_ingest(Answer(held=True))
    flight = fly("forgotten", server.uri)
    assert flight.returncode == 0
    assert "closed with 100 flows that were not sent" in flight.stderr


def test_process_ends_without_a_server() -> None:
    with ScriptedServer() as gone:
        uri = gone.uri
    flight = fly("forgotten", uri)
    assert flight.returncode == 0
    assert "closed with 100 flows that were not sent; the last error was:" in flight.stderr


@has_interval_timers
def test_interruptions_of_track_leave_a_whole_ledger(server: ScriptedServer) -> None:
    flight = fly("interrupted", server.uri)
    assert_whole_ledger(flight, server)


@has_interval_timers
@pytest.mark.parametrize("seconds", [0.01, 0.0203, 0.0307, 0.0411])
def test_handler_of_a_signal_may_close_in_the_middle_of_anything(server: ScriptedServer, seconds: float) -> None:
    flight = fly("closed_by_signal", server.uri, {"FLIGHT_SIGNAL_SECONDS": str(seconds)})
    assert assert_whole_ledger(flight, server) > 0


@has_interval_timers
def test_handler_of_a_signal_may_close_in_the_middle_of_close(server: ScriptedServer) -> None:
    server.script_ingest(Answer(held=True))
    flight = fly("closed_while_closing", server.uri)
    assert (flight.returncode, flight.stdout) == (0, "inner 1 outer 1"), flight.stderr


@has_interval_timers
def test_handler_of_a_signal_may_track_in_the_middle_of_anything(server: ScriptedServer) -> None:
    flight = fly("interleaved", server.uri)
    assert_whole_ledger(flight, server)


def test_second_interruption_of_close_leaves_nobody_waiting(server: ScriptedServer) -> None:
    flight = fly("interrupted_twice", server.uri)
    assert (flight.returncode, flight.stdout) == (0, "waiting False"), flight.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
class TestFork:
    def test_both_processes_send_their_own_and_nothing_twice(self, server: ScriptedServer) -> None:
        flight = fly("forked", server.uri, {"GRPC_ENABLE_FORK_SUPPORT": "1"})
        assert flight.stdout.split() == ["child", "0", "parent", "3"], flight.stderr
        assert sorted(received(server)) == [1, 2, 3, 10]

    def test_child_that_grpc_may_not_serve_says_so(self, server: ScriptedServer) -> None:
        flight = fly("forked", server.uri, {"FLIGHT_CHILD_SECONDS": "1"})
        assert "set GRPC_ENABLE_FORK_SUPPORT=1 before the parent starts" in flight.stderr
        # Whether the child's own flow arrives is gRPC's luck; the parent's do, once.
        assert sorted(set(received(server)) - {10}) == [1, 2, 3]
        assert len(received(server)) == len(set(received(server)))

    def test_child_that_does_not_track_opens_no_connection(self, server: ScriptedServer) -> None:
        flight = fly("forked_idle", server.uri)
        assert (flight.stdout.split(), flight.stderr) == (["child", "0", "parent", "1"], "")
        assert [voltages(stream.messages) for stream in server.streams] == [[1]]
        assert server.calls.count("ListIngestionConfigs") == 1

    def test_child_of_a_process_that_is_closing_can_close_too(self, server: ScriptedServer) -> None:
        server.script_ingest(*[Answer(held=True)] * 10)
        flight = fly("forked_while_closing", server.uri)
        assert (flight.returncode, flight.stdout) == (0, "child 0"), flight.stderr

    def test_child_of_multiprocessing_sends_before_it_ends(self, server: ScriptedServer) -> None:
        flight = fly("multiprocessed", server.uri, {"GRPC_ENABLE_FORK_SUPPORT": "1"})
        assert flight.stdout == "child 0", flight.stderr
        assert received(server) == [10]

    def test_child_without_a_spool_of_its_own_leaves_its_parents_alone(
        self, server: ScriptedServer, tmp_path: Path
    ) -> None:
        variables = {"GRPC_ENABLE_FORK_SUPPORT": "1", "FLIGHT_SPOOL": str(tmp_path / "spool")}
        flight = fly("without_a_spool_of_its_own", server.uri, variables)
        assert flight.stdout.split() == ["child", "3", "parent", "5"], flight.stderr
        assert received(server) == [0, 1, 2, 3, 4]

    def test_child_that_does_not_track_keeps_nothing_from_others(self, server: ScriptedServer, tmp_path: Path) -> None:
        variables = {"GRPC_ENABLE_FORK_SUPPORT": "1", "FLIGHT_SPOOL": str(tmp_path / "spool")}
        flight = fly("idle_child_beside_what_is_left", server.uri, variables)
        assert flight.stdout == "sent 1", flight.stderr
        assert received(server) == [7]

    def test_child_is_not_left_with_half_an_import(self, server: ScriptedServer) -> None:
        """The child would wait for ever for a module that no thread of its own imports."""
        variables = {"GRPC_ENABLE_FORK_SUPPORT": "1", "FLIGHT_CHILD_SECONDS": "10"}
        flight = fly("forked_while_importing", server.uri, variables)
        assert flight.stdout.split() == ["child", "0", "parent", "1"], flight.stderr
        assert sorted(received(server)) == [1, 10]
