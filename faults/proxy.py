"""A TCP proxy on loopback that breaks links the way links break."""

from __future__ import annotations

import selectors
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

__all__ = ["Fault", "Proxy"]

_CHUNK: Final = 65_536
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER of no time: close() sends a reset
_POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What befalls a connection: after so many bytes towards the server, or never."""

    reset_at: int | None = None
    swallow_from: int | None = None
    bytes_per_second: int | None = None
    cut_answers: bool = False
    """Whether the answer is swallowed, and the connection reset: the server has it all, and the client never knows."""


class Proxy:
    """Forwards connections to a port; `fault` is looked at when one begins."""

    def __init__(self, target: int) -> None:
        """Listen on a port of its own."""
        self.target = target
        self.fault = Fault()
        self.broken = 0
        """How many connections a fault has ended."""
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def uri(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Return the proxy."""
        return self

    def __exit__(self, *_: object) -> None:
        """End all connections."""
        self._stopping.set()
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def cut(self) -> None:
        """Reset every connection that there is."""
        connections, self._open = self._open, []
        for each in connections:
            with suppress(OSError):  # it is gone already
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            thread = threading.Thread(target=self._forward, args=(client, self.fault), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _forward(self, client: socket.socket, fault: Fault) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            client.close()
            return
        self._open += [client, server]
        with client, server:
            _Connection(self, client, server, fault).run(self._stopping)


class _Connection:
    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket, fault: Fault) -> None:
        self._proxy, self._client, self._server, self._fault = proxy, client, server, fault
        self._sent = 0
        self._swallows = False

    def run(self, stopping: threading.Event) -> None:
        with selectors.DefaultSelector() as selector:
            for each in (self._client, self._server):
                selector.register(each, selectors.EVENT_READ)
            while not stopping.is_set() and not self._swallows:
                for key, _ in selector.select(_POLL_SECONDS):
                    try:
                        if not self._pass_on(key.fileobj is self._client):
                            return
                    except OSError:
                        return
            stopping.wait(0 if not self._swallows else 3600)  # half-open: neither side hears of the other again

    def _pass_on(self, from_client: bool) -> bool:  # one of two directions
        source, sink = (self._client, self._server) if from_client else (self._server, self._client)
        data = source.recv(self._most(from_client))
        if not data:
            return False
        if not from_client:
            if self._fault.cut_answers and self._sent > 1000:
                return self._reset()
            sink.sendall(data)
            return True
        self._sent += len(data)
        if self._fault.swallow_from is not None and self._sent >= self._fault.swallow_from:
            self._swallows = True
            self._proxy.broken += 1
            return True
        sink.sendall(data)
        if self._fault.bytes_per_second:
            time.sleep(len(data) / self._fault.bytes_per_second)  # the fault itself: a thin link
        return self._reset() if self._fault.reset_at is not None and self._sent >= self._fault.reset_at else True

    def _most(self, from_client: bool) -> int:  # as above
        """Return how much to read, so that a fault strikes at its byte."""
        limits = [at for at in (self._fault.reset_at, self._fault.swallow_from) if at is not None and from_client]
        rate = self._fault.bytes_per_second
        return max(1, min([_CHUNK, *(at - self._sent for at in limits), *([rate // 20] if rate else [])]))

    def _reset(self) -> bool:
        self._proxy.broken += 1
        for each in (self._client, self._server):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        return False
