"""Links that are down, late, slow, or that want another key."""

from __future__ import annotations

import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress

import grpc
import pytest

from sift_runtime import ConnectTimeoutError, RequestError

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import Answer, ScriptedServer
from .waiting import DEADLINE, finish, wait_until


def test_start_without_a_server_that_appears_later(open_sdk: OpenSdk) -> None:
    with ScriptedServer() as placeholder:
        uri, port = placeholder.uri, placeholder.port
    sdk = open_sdk(uri=uri)
    track(sdk, *range(50))
    wait_until(lambda: sdk.last_request_error)
    assert (sdk.stats.in_spool, sdk.stats.acknowledged) == (50, 0)
    with ScriptedServer(port=port) as server:
        assert sdk.flush(DEADLINE).acknowledged_all
        assert received(server) == list(range(50))
        sdk.close()


def test_server_that_goes_away_and_comes_back(open_sdk: OpenSdk) -> None:
    with ScriptedServer() as first:
        sdk = open_sdk(uri=first.uri)
        track(sdk, 1)
        assert sdk.flush().acknowledged_all
        registered, flows = first.configs, first.flows
    track(sdk, 2, 3)
    wait_until(lambda: sdk.stats.retries)
    with ScriptedServer(port=first.port) as second:
        second.configs, second.flows = registered, flows
        assert sdk.flush(DEADLINE).acknowledged_all
        assert received(second) == [2, 3]
        sdk.close()


def test_wrong_key_holds_the_data_and_says_so_once(
    server: ScriptedServer, open_sdk: OpenSdk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("sift_runtime._delivery.shipping._HOLD_SECONDS", 0.01)  # a wait of half a minute otherwise
    sdk = open_sdk(api_key="lost-key-4711")
    track(sdk, 1, 2)
    with pytest.raises(RequestError, match="UNAUTHENTICATED: no such key"):
        sdk.connect(DEADLINE)
    server.wait_for_call("ListIngestionConfigs", times=4)
    assert isinstance(sdk.last_request_error, RequestError)
    assert sdk.last_request_error.method.endswith("/ListIngestionConfigs")
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 1
    server.key = "lost-key-4711"
    assert sdk.flush(DEADLINE).acknowledged_all
    assert received(server) == [1, 2]
    sdk.connect(0)
    # The refusal is over; what comes next is told for what it is.
    server.configs.clear()
    server.script("ListIngestionConfigs", Answer(held=True))
    listed = server.calls.count("ListIngestionConfigs")
    track(sdk, 3)
    server.wait_for_call("ListIngestionConfigs", listed + 1)
    with pytest.raises(ConnectTimeoutError, match=r"within 0\.01 s.*NOT_FOUND"):
        sdk.connect(0.01)


def test_key_is_in_no_log_record_and_no_text(
    server: ScriptedServer, open_sdk: OpenSdk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sdk = open_sdk(api_key="lost-key-4711")
    track(sdk, 1)
    wait_until(lambda: sdk.last_request_error)
    report = finish(lambda: sdk.close(0))
    assert caplog.records
    texts = [caplog.text, repr(sdk), repr(report), repr(sdk.stats), repr(sdk.last_request_error)]
    texts += [repr(vars(record)) for record in caplog.records]
    assert not any("4711" in text for text in texts)


def test_key_that_the_server_repeats_is_in_no_traceback(server: ScriptedServer, open_sdk: OpenSdk) -> None:
    server.key = "lost-key-4711"
    words = [Answer(grpc.StatusCode.PERMISSION_DENIED, "key lost-key-4711 may not")] * 20
    server.script("ListIngestionConfigs", *words)
    sdk = open_sdk(api_key=server.key)
    with pytest.raises(RequestError) as refusal:
        sdk.connect(DEADLINE)
    server.unscript("ListIngestionConfigs")
    server.script_ingest(*words)
    again = open_sdk(api_key=server.key)
    again.connect(DEADLINE)
    track(again, 1)
    wait_until(lambda: again.last_request_error)
    for error in (refusal.value, again.last_request_error):
        assert error is not None
        assert "PERMISSION_DENIED" in str(error)
        assert "4711" not in "".join(traceback.format_exception(error))
    for each in (sdk, again):
        each.close(0)


class SlowLink:
    """A TCP relay that lets the server's first bytes through late, as a link with a long round trip does."""

    def __init__(self, port: int, delay_seconds: float) -> None:
        self._server_port = port
        self._delay = delay_seconds
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = [self._listener]
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        for each in self._sockets:
            shut(each)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:  # closed
                return
            self.connections += 1
            far = socket.create_connection(("127.0.0.1", self._server_port))
            self._sockets += [near, far]
            threading.Thread(target=self._relay, args=(near, far, 0.0), daemon=True).start()
            threading.Thread(target=self._relay, args=(far, near, self._delay), daemon=True).start()

    def _relay(self, source: socket.socket, sink: socket.socket, delay: float) -> None:
        try:
            while data := source.recv(65536):
                threading.Event().wait(delay)
                delay = 0.0
                sink.sendall(data)
        except OSError:  # either end closed
            return


def shut(each: socket.socket) -> None:
    """Close a socket so that a thread that waits on it wakes up."""
    with suppress(OSError):  # not connected any more
        each.shutdown(socket.SHUT_RDWR)
    each.close()


@pytest.fixture
def slow_link(server: ScriptedServer) -> Iterator[SlowLink]:
    link = SlowLink(server.port, delay_seconds=1.0)
    yield link
    link.close()


def test_slow_handshake_is_waited_for(
    server: ScriptedServer, open_sdk: OpenSdk, slow_link: SlowLink, transport: str
) -> None:
    sdk = open_sdk(uri=slow_link.uri)
    track(sdk, 1)
    assert sdk.flush(DEADLINE).acknowledged_all
    assert slow_link.connections == (2 if transport == "curl" else 1)  # libcurl has its own for the data
    assert sdk.stats.retries == 0
    sdk.close()
