"""The sockets that libcurl works on: how a transfer is ended from outside, and what the peer has confirmed of it."""

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

if sys.platform == "linux":  # not on every system
    import fcntl
    import termios

__all__ = ["CurlSockets"]

# The place of tcpi_bytes_acked in Linux's struct tcp_info (linux/tcp.h): fields are only ever added behind.
_ACKED_START: Final = 120
_ACKED_END: Final = 128
_MOST_HELD: Final = 8  # one per connection and one per address that is tried; what is older has been closed


@dataclass(slots=True, eq=False)
class _Held:
    """A duplicate of libcurl's socket of this number."""

    number: int
    duplicate: socket.socket
    mark: int = 0
    """How many bytes had been written when the request began."""

    def is_open(self) -> bool:
        """Whether libcurl has it open still: the number may have gone to something else."""
        if sys.platform == "win32":  # which cannot tell
            return True
        try:
            return os.path.samestat(os.fstat(self.number), os.fstat(self.duplicate.fileno()))
        except OSError:  # no such number any more
            return False

    def confirmed(self) -> int | None:
        """Return the bytes that the peer's TCP has confirmed; None where the system does not say."""
        if sys.platform != "linux" or self.duplicate.proto != socket.IPPROTO_TCP:
            return None
        info = self.duplicate.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ACKED_END)
        # Systems that only look like Linux leave it 0; on a connection there is at least the one of its beginning.
        return int.from_bytes(info[_ACKED_START:_ACKED_END], sys.byteorder) or None

    def written(self) -> int:
        """Return the bytes that have been written: those confirmed, and those on their way."""
        confirmed = self.confirmed()
        if confirmed is None or sys.platform != "linux":
            return 0
        waiting = fcntl.ioctl(self.duplicate.fileno(), termios.TIOCOUTQ, bytes(4))
        return confirmed + int.from_bytes(waiting, sys.byteorder)


class CurlSockets:
    """Holds a duplicate of each socket that libcurl opens.

    A handle cannot be told to stop while it works, but shutting its socket down stops it at once. The lock can be taken
    again by the thread that has it, so that a signal's handler may end what it has interrupted the ending of.
    """

    def __init__(self, handle: pycurl.Curl) -> None:
        """Watch the sockets of a handle that has none yet."""
        self._lock = threading.RLock()
        self._held: list[_Held] = []
        self._ended = False
        self._used: _Held | None = None
        handle.setopt(pycurl.SOCKOPTFUNCTION, self._opened)
        handle.setopt(pycurl.PREREQFUNCTION, self._begins)
        _alive.add(self)
        # libcurl closes its own. Not at exit: what is being sent then goes on until the Sdk is closed.
        finalize(self, _close, self._held).atexit = False

    def has_ended(self) -> bool:
        """Tell whether end() has been called."""
        return self._ended

    @property
    def any_open(self) -> bool:
        """Whether there was a connection when let_go_of_closed() was last called."""
        return bool(self._held)

    def shut(self) -> None:
        """End all connections: libcurl finds them dead and makes a new one."""
        with self._lock:
            for held in self._held:
                with suppress(OSError):  # the peer was first
                    held.duplicate.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """End all connections and allow no new ones; safe in any thread and in a signal's handler."""
        self._ended = True
        self.shut()

    def free(self) -> None:
        """Give all descriptors back; libcurl has closed its own."""
        with self._lock:
            self._keep([])

    def let_go_of_closed(self) -> None:
        """Let go of what libcurl has closed."""
        with self._lock:
            self._used = None
            self._keep([held for held in self._held if held.is_open()])

    def confirmed_of_request(self) -> int | None:
        """Return the bytes that the peer's TCP has confirmed since the request began; None if unknown.

        Of the connection that the request was last begun on: what is begun on one may be sent anew on the next.
        """
        used = self._used
        if used is None or (confirmed := used.confirmed()) is None:
            return None
        return confirmed - used.mark

    def _begins(self, remote: str, local: str, remote_port: int, local_port: int) -> int:
        """Note what had been written before the request: the TLS handshake, earlier requests."""
        with self._lock:
            used = [held for held in self._held if held.duplicate.getsockname()[1] == local_port]
            self._used = used[-1] if used else None
            if self._used is not None:
                self._used.mark = self._used.written()
            return int(pycurl.PREREQFUNC_OK)

    def leave_to_parent(self) -> None:
        """Let go of the parent's connections in a forked child: freeing the handle would say goodbye on them."""
        self._lock = threading.RLock()  # the parent's sender may have held it
        with suppress(OSError):  # no descriptor left; the worst is that the parent has to connect again
            nothing = os.open(os.devnull, os.O_RDWR)
            for held in self._held:
                if held.is_open():
                    os.dup2(nothing, held.number)
                held.duplicate.close()
            os.close(nothing)

    def _opened(self, number: int, purpose: int) -> int:
        with self._lock:
            if self._ended:
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
