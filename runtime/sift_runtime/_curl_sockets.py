"""The sockets that libcurl works on: how a transfer is ended from outside, and what the peer has taken of it."""

from __future__ import annotations

import os
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from weakref import WeakSet, finalize

import pycurl

__all__ = ["CurlSockets"]

# The place of tcpi_bytes_acked in Linux's struct tcp_info (linux/tcp.h): fields are only ever added behind.
_ACKED_START: Final = 120
_ACKED_END: Final = 128
_MOST_HELD: Final = 8  # one per connection and one per address that is tried; what is older has been closed


@dataclass(slots=True, eq=False)
class _Held:
    """A duplicate of libcurl's socket of this number, and what the peer had taken when mark() was called."""

    number: int
    duplicate: socket.socket
    mark: int = 0

    def is_open(self) -> bool:
        """Whether libcurl has it open still: the number may have gone to something else."""
        if sys.platform == "win32":  # which cannot tell
            return True
        try:
            return os.path.samestat(os.fstat(self.number), os.fstat(self.duplicate.fileno()))
        except OSError:  # no such number any more
            return False

    def taken(self) -> int | None:
        """Return the bytes that the peer's TCP has confirmed since the mark; None where the system does not say."""
        if sys.platform != "linux" or self.duplicate.proto != socket.IPPROTO_TCP:
            return None
        info = self.duplicate.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ACKED_END)
        count = int.from_bytes(info[_ACKED_START:_ACKED_END], sys.byteorder)
        # Systems that only look like Linux leave it 0; on a connection that has answered it never is.
        return count - self.mark if count else None


class CurlSockets:
    """Holds a duplicate of each socket that libcurl opens.

    A handle cannot be told to stop while it works, but shutting its socket down stops it at once. The lock can be taken
    again by the thread that has it, so that a signal's handler may end what it has interrupted the ending of.
    """

    def __init__(self, handle: pycurl.Curl) -> None:
        """Watch the sockets of a handle that has none yet."""
        self._lock = threading.RLock()
        self._held: list[_Held] = []
        self.ended = False
        handle.setopt(pycurl.SOCKOPTFUNCTION, self._opened)
        _alive.add(self)
        finalize(self, _close, self._held)  # libcurl closes its own

    @property
    def any_open(self) -> bool:
        """Whether there was a connection at the last mark()."""
        return bool(self._held)

    def shut(self) -> None:
        """End all connections: libcurl finds them dead and makes a new one."""
        with self._lock:
            for held in self._held:
                with suppress(OSError):  # the peer was first
                    held.duplicate.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """End all connections and allow no new ones; safe in any thread and in a signal's handler."""
        self.ended = True
        self.shut()

    def mark(self) -> None:
        """Remember what the peer has taken up to now, and let go of what libcurl has closed."""
        with self._lock:
            self._keep([held for held in self._held if held.is_open()])
            for held in self._held:
                held.mark += held.taken() or 0

    def taken_since_mark(self) -> int | None:
        """Return the bytes that the peer's TCP has confirmed since mark(), all framing included; None if unknown.

        Of several connections the one that took most counts: what is begun on one is sent anew on the next.
        """
        counts = [held.taken() for held in self._held]
        known = [count for count in counts if count is not None]
        return max(known) if known and len(known) == len(counts) else None

    def leave_to_parent(self) -> None:
        """Let go of the parent's connections in a forked child: freeing the handle would say goodbye on them."""
        self._lock = threading.RLock()  # the parent's sender may have held it
        with suppress(OSError):  # no descriptor left; the worst is that the parent has to connect again
            nothing = os.open(os.devnull, os.O_RDWR)
            for held in self._held:
                if held.is_open():
                    os.dup2(nothing, held.number)
            os.close(nothing)

    def _opened(self, number: int, purpose: int) -> int:
        with self._lock:
            if self.ended:
                return pycurl.SOCKOPT_ERROR
            try:
                opened = _Held(number, socket.socket(fileno=socket.dup(number)))
            except OSError:  # no descriptor left; libcurl then says that it could not connect
                return pycurl.SOCKOPT_ERROR
            self._keep([*self._held, opened][-_MOST_HELD:])
            return pycurl.SOCKOPT_OK

    def _keep(self, kept: list[_Held]) -> None:
        """Hold these and close the others."""
        _close([held for held in self._held if held not in kept])
        self._held[:] = kept


def _close(held: list[_Held]) -> None:
    for each in held:
        each.duplicate.close()


def _forked() -> None:
    for sockets in list(_alive):
        sockets.leave_to_parent()


_alive: Final[WeakSet[CurlSockets]] = WeakSet()

if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_forked)
