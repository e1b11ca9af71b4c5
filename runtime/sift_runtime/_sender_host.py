"""One connection, and in each process the thread whose senders use it."""

from __future__ import annotations

import os

from sift_runtime._connection import Connection
from sift_runtime._sender_thread import SenderThread

__all__ = ["SenderHost"]


class SenderHost:
    """What an Sdk sends with; several may have the same."""

    def __init__(self, connection: Connection) -> None:
        """Start nothing yet."""
        self._connection = connection
        self._process = os.getpid()
        self._thread = SenderThread(connection)

    @property
    def connection(self) -> Connection:
        """How the server is reached now."""
        return self._connection

    @property
    def thread(self) -> SenderThread:
        """The thread of this process: a forked child has none of its parent's."""
        if self._process != os.getpid():
            self._process, self._thread = os.getpid(), SenderThread(self._connection)
        return self._thread

    def connect_like(self, connection: Connection) -> None:
        """Go on with another connection, at once."""
        self._connection = connection
        self.thread.connect_like(connection)
