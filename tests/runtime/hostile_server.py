"""An HTTP/2 server that answers ingest streams in ways that no gRPC library lets a server answer."""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, RequestReceived, StreamEnded
from h2.exceptions import ProtocolError

from .waiting import DEADLINE

__all__ = ["BEHAVIOURS", "Conversation", "HostileServer"]

Fields = list[tuple[str, str]]
GRPC = [(":status", "200"), ("content-type", "application/grpc")]
HTML = [(":status", "200"), ("content-type", "text/html")]
OK = [("grpc-status", "0")]
EMPTY_MESSAGE = bytes(5)
SLOW_BYTES = 100


class Conversation:
    """One connection: what came in, and how the answer goes out."""

    def __init__(self, connection: socket.socket, released: threading.Event) -> None:
        self.socket = connection
        self.released = released
        self.http = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self.http.initiate_connection()
        self.stream = 0
        self.moment = "end"
        self.respond: Callable[[Conversation], None] = ok
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self.send()

    def send(self) -> None:
        self.socket.sendall(self.http.data_to_send())

    def answer(
        self, headers: list[tuple[str, str]], body: bytes = b"", trailers: list[tuple[str, str]] | None = None
    ) -> None:
        self.http.send_headers(self.stream, headers, end_stream=not body and trailers is None)
        if body:
            self.http.send_data(self.stream, body, end_stream=trailers is None)
        if trailers is not None:
            self.http.send_headers(self.stream, trailers, end_stream=True)
        self.send()

    def hang_up(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)


Behaviour = Callable[[Conversation], None]


def at_the_end(respond: Behaviour) -> tuple[str, Behaviour]:
    """Respond once the whole body is there."""
    return "end", respond


def in_the_middle(respond: Behaviour) -> tuple[str, Behaviour]:
    """Respond to the first bytes of the body, and read no more of it."""
    return "data", respond


def ok(talk: Conversation) -> None:
    talk.answer(GRPC, EMPTY_MESSAGE, OK)


def held_ok(talk: Conversation) -> None:
    talk.released.wait(DEADLINE)
    ok(talk)


def early_ok(talk: Conversation) -> None:
    talk.answer(GRPC, EMPTY_MESSAGE, OK)
    talk.http.reset_stream(talk.stream, ErrorCodes.NO_ERROR)
    talk.send()


def reset(code: ErrorCodes) -> Behaviour:
    def respond(talk: Conversation) -> None:
        talk.http.reset_stream(talk.stream, code)
        talk.send()

    return respond


def go_away(code: ErrorCodes) -> Behaviour:
    def respond(talk: Conversation) -> None:
        talk.http.close_connection(code, last_stream_id=0)
        talk.send()
        talk.hang_up()

    return respond


def informed_first(talk: Conversation) -> None:
    talk.http.send_headers(talk.stream, [(":status", "103"), ("link", "</x>")])
    ok(talk)


def html(talk: Conversation) -> None:
    talk.answer([(":status", "502"), *HTML[1:]], b"<html>Bad Gateway</html>")


BEHAVIOURS: dict[str, tuple[str, Behaviour]] = {
    "ok": at_the_end(ok),
    "ok after 1xx": at_the_end(informed_first),
    "ok, held until released": at_the_end(held_ok),
    "ok, read slowly": ("slowly", ok),
    "early ok": in_the_middle(early_ok),
    "refused at the end": at_the_end(reset(ErrorCodes.REFUSED_STREAM)),
    "reset": in_the_middle(reset(ErrorCodes.INTERNAL_ERROR)),
    "refused stream": in_the_middle(reset(ErrorCodes.REFUSED_STREAM)),
    "reset without error": in_the_middle(reset(ErrorCodes.NO_ERROR)),
    "reset at the end": at_the_end(reset(ErrorCodes.CANCEL)),
    "goaway": in_the_middle(go_away(ErrorCodes.NO_ERROR)),
    "goaway with an error": in_the_middle(go_away(ErrorCodes.ENHANCE_YOUR_CALM)),
    "hang up": in_the_middle(Conversation.hang_up),
    "hang up at the end": at_the_end(Conversation.hang_up),
    "no trailers": at_the_end(lambda talk: talk.answer(GRPC, EMPTY_MESSAGE)),
    "headers only": at_the_end(lambda talk: talk.answer(GRPC)),
    "trailers without a status": at_the_end(lambda talk: talk.answer(GRPC, EMPTY_MESSAGE, [("x-other", "1")])),
    "status of no number": at_the_end(lambda talk: talk.answer(GRPC, EMPTY_MESSAGE, [("grpc-status", "fine")])),
    "status of another number": at_the_end(lambda talk: talk.answer(GRPC, EMPTY_MESSAGE, [("grpc-status", "99")])),
    "html": at_the_end(html),
    "early html": in_the_middle(html),
    "html that is ok": at_the_end(
        lambda talk: talk.answer([(":status", "200"), ("content-type", "text/html")], b"hi", OK)
    ),
    "words": at_the_end(
        lambda talk: talk.answer([*GRPC, ("grpc-status", "3"), ("grpc-message", "100%25 f%C3%BCr nichts %zz")])
    ),
    "raw words": at_the_end(lambda talk: talk.answer([*GRPC, ("grpc-status", "3"), ("grpc-message", "für nichts")])),
    "early verdict": in_the_middle(
        lambda talk: talk.answer([*GRPC, ("grpc-status", "16"), ("grpc-message", "no key")])
    ),
    "silence": in_the_middle(lambda talk: None),
}


class HostileServer:
    """Behaves towards each stream in turn as scripted, and well when nothing is; keeps what it got."""

    def __init__(self, *script: str) -> None:
        self.script = deque(script)
        self.connections = 0
        self.requests: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._sockets:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def release(self) -> None:
        """Let go of everything that is held."""
        self._released.set()

    def wait_for_requests(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.requests) >= count, DEADLINE), "the request never came"

    def _accept(self) -> None:
        threads = []
        with suppress(OSError):  # it is closed
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._sockets.append(connection)
                threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
                threads[-1].start()
        for thread in threads:
            thread.join()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, ProtocolError):  # clients go as they like
            talk = Conversation(connection, self._released)
            while data := connection.recv(65_536):
                for event in talk.http.receive_data(data):
                    if isinstance(event, RequestReceived):
                        self._begin(talk, event)
                    elif isinstance(event, DataReceived):
                        self._read(talk, event)
                    elif isinstance(event, StreamEnded) and talk.moment in ("end", "slowly"):
                        self.bodies.append(bytes(talk.body))
                        talk.respond(talk)
                talk.send()

    def _begin(self, talk: Conversation, event: RequestReceived) -> None:
        talk.stream = event.stream_id
        talk.headers = {str(name): str(value) for name, value in event.headers}
        talk.body = bytearray()
        talk.moment, talk.respond = BEHAVIOURS[self.script.popleft() if self.script else "ok"]
        with self._changed:
            self.requests.append(talk.headers)
            self._changed.notify_all()

    def _read(self, talk: Conversation, event: DataReceived) -> None:
        talk.body += event.data
        if talk.moment == "end":
            talk.http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif talk.moment == "slowly":
            for start in range(0, event.flow_controlled_length, SLOW_BYTES):
                increment = min(SLOW_BYTES, event.flow_controlled_length - start)
                talk.http.increment_flow_control_window(increment, event.stream_id)
                talk.http.increment_flow_control_window(increment)
                talk.send()
        elif talk.moment == "data":
            talk.moment = "done"
            talk.respond(talk)
