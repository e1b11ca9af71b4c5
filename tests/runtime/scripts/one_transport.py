"""Use a transport in a process of its own: `one_transport.py WAY URI`; each way is a function of this name."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from pathlib import Path

from sift_runtime import RequestError
from sift_runtime._connection import ConnectionSettings, connection_from
from sift_runtime._curl_transport import CurlTransport

FRAME = b"\0\0\0\0\x03abc"
LARGE = FRAME * 125_000


def opened(uri: str) -> CurlTransport:
    settings = ConnectionSettings(
        uri=uri, api_key="key", ca_certificate=None, request_timeout=60.0, transport="curl", compression="none"
    )
    return CurlTransport(connection_from(settings))


def exit_in_child() -> None:
    """Fork a child that ends in the common way, and wait for it."""
    child = os.fork()
    if child == 0:
        sys.exit(0)
    _, status = os.waitpid(child, 0)
    sys.stdout.write(f"child {os.waitstatus_to_exitcode(status)}\n")


def between(uri: str) -> None:
    """Fork while the connection is idle, and send on."""
    transport = opened(uri)
    transport.ship(FRAME)
    exit_in_child()
    transport.ship(FRAME)
    transport.close()


def during(uri: str) -> None:
    """Fork while a batch is under way, which then goes on."""
    transport = opened(uri)
    transport.ship(FRAME)
    sending = threading.Thread(target=attempt, args=(transport,))
    sending.start()
    sys.stdin.readline()  # the server has it
    exit_in_child()
    sys.stdout.write("forked\n")
    sys.stdout.flush()
    sending.join()
    transport.close()


def attempt(transport: CurlTransport) -> None:
    try:
        transport.ship(FRAME)
    except RequestError as error:
        sys.stdout.write(f"{error}\n")
    else:
        sys.stdout.write("sent\n")


def failed(uri: str) -> None:
    """Tell how many descriptors are left of a transport that failed once, and then of one that failed 20 times."""
    sys.stdout.write(f"{descriptors_after(uri, 1)} {descriptors_after(uri, 20)}")


def descriptors_after(uri: str, failures: int) -> int:
    fail(uri, failures)
    gc.collect()  # the handle and what it calls hold each other
    return descriptors()


def fail(uri: str, times: int) -> None:
    transport = opened(uri)
    for _ in range(times):
        with contextlib.suppress(RequestError):
            transport.ship(LARGE)
            raise AssertionError("that was to fail")


def closed(uri: str) -> None:
    """Tell how many descriptors there were before a transport and how many there are right after its close()."""
    opened(uri).close()
    gc.disable()
    before = descriptors()
    transport = opened(uri)
    transport.ship(FRAME)
    transport.close()
    sys.stdout.write(f"{descriptors()} {before}")


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


if __name__ == "__main__":
    {way.__name__: way for way in (between, during, failed, closed)}[sys.argv[1]](sys.argv[2])
