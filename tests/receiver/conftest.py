"""A receiver per test, and clients connected to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import grpc
import pytest

from sift_receiver import Receiver, ReceiverSettings

from .client import Client


@contextmanager
def connected(receiver: Receiver, key: str | None = None) -> Iterator[Client]:
    options = [("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel(receiver.uri.removeprefix("http://"), options=options) as channel:
        yield Client(channel, key)


class Bench:
    """A store, and receivers that are opened on it one after the other."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self.port = 0

    @contextmanager
    def serving(self, key: str | None = None, **settings: object) -> Iterator[Client]:
        receiver_settings = ReceiverSettings(store=self.store, api_key=key, **settings)  # type: ignore[arg-type]
        with ExitStack() as stack:
            receiver = stack.enter_context(Receiver(receiver_settings))
            self.port = receiver.port
            yield stack.enter_context(connected(receiver, key))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "flight.duckdb")


@pytest.fixture
def client(bench: Bench) -> Iterator[Client]:
    with bench.serving() as serving:
        yield serving
