"""Both transports against a server that misbehaves on purpose: what is an acknowledgement, and what all else says.

The server takes no more than an HTTP/2 flow-control window without reading: a body beyond it is not sent as a whole.
"""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import pytest
from grpc import StatusCode

from sift_runtime import NetworkOptions, RequestError
from sift_runtime._connection import ConnectionSettings, connection_from
from sift_runtime._grpcio_channel import open_channel
from sift_runtime._link import transport_for
from sift_runtime._transport import Transport

from .hostile_server import HostileServer
from .waiting import DEADLINE, finish, wait_until

FRAME = b"\0" + (1000).to_bytes(4, "big") + b"\x12\x01f" + b"\x2a\xe2\x07" + b"r" * 994
LARGE = FRAME * 20_000  # more than any window or buffer between us and the server takes
SMALL = FRAME * 3


@dataclass
class Opener:
    """Opens the transport that the test is about."""

    name: str
    opened: list[Transport]

    def __call__(self, uri: str, **settings: object) -> Transport:
        given = {"uri": uri, "api_key": "key", "ca_certificate": None, "request_timeout": 20.0, "compression": "none"}
        connection = connection_from(ConnectionSettings(**{**given, "transport": self.name, **settings}))  # type: ignore[arg-type]
        channel = open_channel(connection)
        transport = transport_for(connection, channel)
        self.opened.append(transport)
        return transport


@pytest.fixture(params=["curl", "grpcio"])
def opener(request: pytest.FixtureRequest) -> Iterator[Opener]:
    opener = Opener(request.param, [])
    yield opener
    for transport in opener.opened:
        transport.close()


def refusal(transport: Transport, frames: bytes) -> RequestError:
    with pytest.raises(RequestError) as caught:
        transport.ship(frames)
    return caught.value


@pytest.mark.parametrize("frames", [b"", SMALL, LARGE], ids=["empty", "small", "large"])
@pytest.mark.parametrize("behaviour", ["ok", "ok after 1xx"])
def test_ok_to_the_whole_body_is_an_acknowledgement(opener: Opener, behaviour: str, frames: bytes) -> None:
    if behaviour == "ok after 1xx" and opener.name == "grpcio":
        pytest.skip("grpcio takes an informational answer for a failure")
    with HostileServer(behaviour) as server:
        opener(server.uri).ship(frames)
        assert server.bodies == [frames]
        headers = server.requests[0]
    expected = {":method": "POST", ":path": "/sift.ingest.v1.IngestService/IngestWithConfigDataStream"}
    expected |= {"te": "trailers", "content-type": "application/grpc", "authorization": "Bearer key"}
    assert {name: headers.get(name) for name in expected} == expected
    assert "sift-codegen/" in headers["user-agent"]
    assert "expect" not in headers


def deliver(transport: Transport, frames: bytes) -> None:
    """Send until it is acknowledged: a transport may notice only now that its connection is gone."""
    wait_until(lambda: attempt(transport, frames))


def attempt(transport: Transport, frames: bytes) -> bool:
    with suppress(RequestError):
        transport.ship(frames)
        return True
    return False


@pytest.mark.parametrize("behaviour", ["refused stream", "goaway", "goaway with an error"])
def test_a_stream_that_was_not_begun_may_be_sent_again_at_once(opener: Opener, behaviour: str) -> None:
    with HostileServer(behaviour) as server:
        transport = opener(server.uri)
        if finish(lambda: attempt(transport, LARGE)):
            assert server.bodies == [LARGE]
        deliver(transport, SMALL)
        assert server.bodies[-1] == SMALL


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("early ok", StatusCode.ABORTED),
        ("reset", None),
        ("reset without error", None),
        ("hang up", None),
        ("early html", StatusCode.UNAVAILABLE),
        ("early verdict", StatusCode.UNAUTHENTICATED),
    ],
)
def test_an_end_in_the_middle_is_a_failure_and_the_next_batch_goes(
    opener: Opener, behaviour: str, code: StatusCode | None
) -> None:
    with HostileServer(behaviour) as server:
        transport = opener(server.uri)
        error = finish(lambda: refusal(transport, LARGE))
        assert code is None or error.code is code
        deliver(transport, SMALL)
        assert server.bodies == [SMALL]


@pytest.mark.parametrize(
    ("behaviour", "code", "words"),
    [
        ("reset at the end", None, ""),
        ("hang up at the end", None, ""),
        ("no trailers", None, ""),
        ("headers only", None, ""),
        ("trailers without a status", None, ""),
        ("status of no number", None, ""),
        ("status of another number", StatusCode.UNKNOWN, ""),
        ("raw words", StatusCode.INVALID_ARGUMENT, "für nichts"),
        ("html", StatusCode.UNAVAILABLE, "502"),
        ("html that is ok", None, ""),
        ("words", StatusCode.INVALID_ARGUMENT, "100% für nichts %zz"),
        ("early verdict", StatusCode.UNAUTHENTICATED, "no key"),
    ],
)
def test_any_end_but_ok_is_a_failure_and_the_next_batch_goes(
    opener: Opener, behaviour: str, code: StatusCode | None, words: str
) -> None:
    if behaviour == "html that is ok" and opener.name == "grpcio":
        pytest.skip("grpcio does not look at the content type")
    if behaviour == "status of no number" and opener.name == "grpcio":
        pytest.skip("grpcio gives later calls the same error")
    with HostileServer(behaviour) as server:
        transport = opener(server.uri)
        error = finish(lambda: refusal(transport, SMALL))
        assert code is None or error.code is code
        assert words in error.details
        deliver(transport, SMALL)
        assert server.bodies[-1] == SMALL


def test_one_connection_carries_many_batches(opener: Opener) -> None:
    with HostileServer() as server:
        transport = opener(server.uri)
        for _ in range(50):
            transport.ship(SMALL)
        assert (server.connections, len(server.bodies)) == (1, 50)


def test_a_slow_reader_gets_everything(opener: Opener) -> None:
    with HostileServer("ok, read slowly") as server:  # which asks for a hundred bytes at a time
        opener(server.uri).ship(FRAME * 500)
        assert server.bodies == [FRAME * 500]


def test_a_reader_that_stops_is_given_up(opener: Opener) -> None:
    with HostileServer("silence") as server:
        transport = opener(server.uri, request_timeout=1.0)
        assert finish(lambda: refusal(transport, FRAME * 100)).code is StatusCode.DEADLINE_EXCEEDED
        if opener.name == "curl":  # grpcio stays on the connection, whose window is used up
            transport.ship(SMALL)
            assert server.bodies == [SMALL]


@pytest.mark.parametrize("frames", [SMALL, LARGE], ids=["small", "large"])
def test_closing_ends_what_is_under_way(opener: Opener, frames: bytes) -> None:
    with HostileServer("silence") as server, ThreadPoolExecutor(1) as pool:
        given = {"uri": server.uri, "api_key": "key", "ca_certificate": None, "request_timeout": 20.0}
        connection = connection_from(ConnectionSettings(**given, transport=opener.name, compression="none"))  # type: ignore[arg-type]
        channel = open_channel(connection)
        transport = transport_for(connection, channel)
        sending = pool.submit(refusal, transport, frames)
        server.wait_for_requests(1)
        transport.close()
        channel.close()
        assert sending.result(DEADLINE).code is StatusCode.CANCELLED
        assert refusal(transport, SMALL).code is StatusCode.CANCELLED


def test_nobody_listens(opener: Opener) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    assert refusal(opener(f"http://127.0.0.1:{port}"), SMALL).code is StatusCode.UNAVAILABLE


def test_a_name_that_is_none(opener: Opener) -> None:
    assert refusal(opener("http://nowhere.invalid:1", request_timeout=5.0), SMALL).code in (
        StatusCode.UNAVAILABLE,
        StatusCode.DEADLINE_EXCEEDED,
    )


def test_a_server_of_http_1_is_told(opener: Opener) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(65_536)
                        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        answering = pool.submit(answer)
        try:
            transport = opener(f"http://127.0.0.1:{listener.getsockname()[1]}", request_timeout=5.0)
            assert finish(lambda: refusal(transport, SMALL)).code in (
                StatusCode.UNAVAILABLE,
                StatusCode.DEADLINE_EXCEEDED,
                StatusCode.INTERNAL,
            )
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            answering.result(DEADLINE)


def test_compressed_frames_say_so(opener: Opener) -> None:
    with HostileServer() as server:
        opener(server.uri, compression="gzip").ship(SMALL)
        body, headers = server.bodies[0], server.requests[0]
    assert headers["grpc-encoding"] == "gzip"
    messages = []
    while body:
        size = int.from_bytes(body[1:5], "big")
        assert body[0] == 1
        messages.append(gzip.decompress(body[5 : 5 + size]))
        body = body[5 + size :]
    assert messages == [FRAME[5:]] * 3


def test_a_proxy_of_the_environment_is_used(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    with HostileServer() as server, Proxy() as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        for variable in ("no_proxy", "NO_PROXY", "no_grpc_proxy", "all_proxy", "grpc_proxy", "https_proxy"):
            monkeypatch.delenv(variable, raising=False)
        opener(server.uri).ship(SMALL)
        assert server.bodies == [SMALL]
        assert proxy.asked == [server.uri.removeprefix("http://")]


def test_the_proxy_that_is_asked_for_is_used_whatever_the_environment_says(
    opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HostileServer() as server, Proxy() as proxy:
        monkeypatch.setenv("no_proxy", "*")
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        network = NetworkOptions(proxy=f"http://127.0.0.1:{proxy.port}")
        opener(server.uri, network=network).ship(SMALL)
        assert server.bodies == [SMALL]
        assert proxy.asked == [server.uri.removeprefix("http://")]


def test_headers_that_are_asked_for_are_sent(opener: Opener) -> None:
    with HostileServer() as server:
        opener(server.uri, network=NetworkOptions(metadata={"x-rack": "7; b", "x-empty": ""})).ship(SMALL)
        headers = server.requests[0]
    assert (headers["x-rack"], headers["x-empty"], headers["authorization"]) == ("7; b", "", "Bearer key")


class Proxy:
    """Tunnels one connection to where CONNECT asks."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._tunnel, daemon=True)]

    def __enter__(self) -> Proxy:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(DEADLINE)
        for end in self._ends:
            end.close()

    def _tunnel(self) -> None:
        with suppress(OSError):
            client, _ = self._listener.accept()
            request = b""
            while b"\r\n\r\n" not in request:
                request += client.recv(65_536)
            self.asked.append(request.split()[1].decode())
            host, _, port = self.asked[0].rpartition(":")
            server = socket.create_connection((host, int(port)))
            self._ends += [client, server]
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._threads.append(threading.Thread(target=_copy, args=(server, client), daemon=True))
            self._threads[1].start()
            _copy(client, server)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
