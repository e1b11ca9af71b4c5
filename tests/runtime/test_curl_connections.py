"""What libcurl's transport does with its connections: none is trusted after a failure, shared by a fork, or kept."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import pytest
from grpc import StatusCode

from sift_runtime import RequestError
from sift_runtime._connection import ConnectionSettings, connection_from
from sift_runtime._curl_transport import CurlTransport

from .hostile_server import HostileServer
from .waiting import DEADLINE, finish

SCRIPT = Path(__file__).parent / "scripts" / "one_transport.py"
WINDOW = 65_535
"""Bytes of the body that the hostile server's window takes."""


def frame_of(size: int) -> bytes:
    return b"\0" + (size - 5).to_bytes(4, "big") + b"r" * (size - 5)


FRAME = frame_of(1_000)
SMALL = FRAME * 3

told_by_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="no other system tells what a connection's peer has taken"
)
lists_descriptors = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="this system does not list descriptors"
)

Open: TypeAlias = Callable[[str, float], CurlTransport]


def open_transport(uri: str, request_timeout: float) -> CurlTransport:
    settings = ConnectionSettings(
        uri=uri,
        api_key="key",
        ca_certificate=None,
        request_timeout=request_timeout,
        transport="curl",
        compression="none",
    )
    return CurlTransport(connection_from(settings))


@pytest.fixture
def opened() -> Iterator[Open]:
    with ExitStack() as stack:

        def open_and_close(uri: str, request_timeout: float) -> CurlTransport:
            transport = open_transport(uri, request_timeout)
            stack.callback(transport.close)
            return transport

        yield open_and_close


def refusal(transport: CurlTransport, frames: bytes) -> RequestError:
    with pytest.raises(RequestError) as caught:
        transport.ship(frames)
    return caught.value


@told_by_linux
@pytest.mark.parametrize("kilobytes", [66, 80, 100, 114])
def test_ok_while_the_last_bytes_wait_in_libcurls_buffer_is_no_acknowledgement(opened: Open, kilobytes: int) -> None:
    """The server's window takes 65,535 bytes; libcurl has taken and counted up to 65,536 more."""
    with HostileServer("early ok") as server:
        transport = opened(server.uri, 20.0)
        error = finish(lambda: refusal(transport, FRAME * kilobytes))
        assert (error.code, error.details) == (
            StatusCode.ABORTED,
            "the server answered OK before everything was sent",
        )
        transport.ship(SMALL)
        assert server.bodies == [SMALL]


@told_by_linux
@pytest.mark.parametrize("missing", [1, 10, 100, 1_000, 5_000])
def test_ok_while_little_is_missing_is_no_acknowledgement_on_a_connection_in_use(opened: Open, missing: int) -> None:
    """The first request of a connection has its headers in full; up to 250 bytes of them pass for bytes of the body."""
    with HostileServer("ok", "early ok") as server:
        transport = opened(server.uri, 20.0)
        transport.ship(SMALL)
        error = finish(lambda: refusal(transport, frame_of(WINDOW + missing)))
        assert error.code is StatusCode.ABORTED


@told_by_linux
@pytest.mark.parametrize("missing", [300, 1_000, 3_000])
def test_ok_while_little_is_missing_is_no_acknowledgement_on_a_new_connection(opened: Open, missing: int) -> None:
    with HostileServer("early ok") as server:
        transport = opened(server.uri, 20.0)
        assert finish(lambda: refusal(transport, frame_of(WINDOW + missing))).code is StatusCode.ABORTED


@told_by_linux
def test_what_another_connection_has_taken_does_not_count(opened: Open) -> None:
    """libcurl sends a refused stream anew on another connection, where the server answers early."""
    with HostileServer("ok", "refused at the end", "early ok") as server:
        transport = opened(server.uri, 20.0)
        transport.ship(SMALL)
        assert finish(lambda: refusal(transport, FRAME * 80)).code is StatusCode.ABORTED
        assert server.connections == 2


@pytest.mark.parametrize("kilobytes", [1, 64, 66, 114, 130, 1_000, 5_000])
def test_ok_to_everything_is_always_an_acknowledgement(opened: Open, kilobytes: int) -> None:
    with HostileServer(*["ok", "html"] * 5) as server:
        transport = opened(server.uri, 20.0)
        for _ in range(5):
            transport.ship(FRAME * kilobytes)
            refusal(transport, FRAME * kilobytes)  # so that a descriptor's number is used again, for a new connection
        assert len(server.bodies) == 10


def test_connection_of_a_reader_that_stopped_is_never_used_again(opened: Open) -> None:
    with HostileServer("silence") as server:
        transport = opened(server.uri, 1.0)
        assert finish(lambda: refusal(transport, FRAME * 100)).code is StatusCode.DEADLINE_EXCEEDED
        for _ in range(3):  # its window is used up: what went there would never arrive
            transport.ship(FRAME * 60)
        assert (len(server.bodies), server.connections) == (3, 2)


@lists_descriptors
def test_connections_that_failed_leave_no_descriptors() -> None:
    with HostileServer(*["hang up"] * 21) as server:
        after_1, after_20 = descriptors_left("failed", server.uri)
        assert (after_20, server.connections) == (after_1, 21)


@lists_descriptors
def test_closed_transport_gives_its_descriptors_back_at_once() -> None:
    with HostileServer("ok") as server:
        after, before = descriptors_left("closed", server.uri)
        assert (after, len(server.bodies)) == (before, 1)


def descriptors_left(way: str, uri: str) -> list[int]:
    """Look in a process of its own: in this one others close theirs at any time."""
    run = use_transport(way, uri)
    assert run.returncode == 0, run.stderr
    return [int(count) for count in run.stdout.split()]


def use_transport(way: str, uri: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), way, uri]
    return subprocess.run(command, capture_output=True, text=True, timeout=2 * DEADLINE, check=False)


def test_password_of_a_proxy_is_never_shown(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    set_proxy(monkeypatch, "http://bob:hunter2@proxy.invalid:99999")
    error = refusal(opened("http://sift.invalid:50051", 5.0), SMALL)
    assert "hunter2" not in str(error)
    assert "proxy.invalid" in str(error)


def set_proxy(monkeypatch: pytest.MonkeyPatch, uri: str) -> None:
    """Let this be the only word of a proxy."""
    for variable in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("http_proxy", uri)


def test_closing_ends_a_connection_in_the_making(opened: Open) -> None:
    with ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):  # more than its queue holds: whoever comes next gets no answer
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        transport = opened(f"http://127.0.0.1:{full.getsockname()[1]}", 600.0)
        pool = stack.enter_context(ThreadPoolExecutor(1))
        sending = pool.submit(refusal, transport, SMALL)
        transport.close()
        assert sending.result(DEADLINE).code is StatusCode.CANCELLED


def test_proxy_that_refuses_is_quoted_and_never_sees_the_key(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        set_proxy(monkeypatch, f"http://127.0.0.1:{listener.getsockname()[1]}")
        asked = pool.submit(refuse_one, listener)
        error = refusal(opened("http://far.example:50051", 20.0), SMALL)
        assert (error.code, error.details) == (StatusCode.UNAVAILABLE, "CONNECT tunnel failed, response 407")
        assert asked.result(DEADLINE).startswith(b"CONNECT far.example:50051 ")
        assert b"Bearer" not in asked.result()


def refuse_one(listener: socket.socket) -> bytes:
    connection, _ = listener.accept()
    with connection:
        asked = connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    return asked


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
class TestFork:
    def test_childs_end_leaves_the_idle_connection_alone(self) -> None:
        with HostileServer() as server:
            run = use_transport("between", server.uri)
            assert (run.stdout, run.stderr, run.returncode) == ("child 0\n", "", 0)
            assert (len(server.bodies), server.connections) == (2, 1)

    def test_childs_end_leaves_a_batch_under_way_alone(self) -> None:
        with HostileServer("ok", "ok, held until released") as server:
            command = [sys.executable, str(SCRIPT), "during", server.uri]
            with subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            ) as run:
                assert run.stdin is not None
                assert run.stdout is not None
                server.wait_for_requests(2)
                run.stdin.write("go\n")
                run.stdin.flush()
                first = [run.stdout.readline(), run.stdout.readline()]
                server.release()
                output, errors = run.communicate(timeout=DEADLINE)
            assert (first, output, errors, run.returncode) == (["child 0\n", "forked\n"], "sent\n", "", 0)
            assert (len(server.bodies), server.connections) == (2, 1)
