"""The faults that apply to the peers, a few times each: what their calls returned from, and what arrived."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import grpc

from faults.ledger import AcceptedNumbers, Loss, compare
from faults.processes import ENVIRONMENT, ROOT, ReceiverProcess, kill
from faults.rows.server_killed import stored
from faults.server import Ending, RecordingServer

__all__ = ["PEERS", "compare_peers"]

PEERS: Final = {
    "sift_py": "sift_py, buffered",
    "bindings": "sift-stream-bindings, live_with_backups",
    "save_on_failure": "save-on-failure client",
}
_PYTHON: Final = ROOT / ".venv-peers" / "bin" / "python"
_PATIENCE: Final = 60.0
_THREADS: Final = 16
_Fault = Callable[[str, Path, int], Loss]


def compare_peers(name: str, folder: Path, times: int) -> dict[str, Loss]:
    """Return what each peer loses under a row's fault; empty where the fault does not apply to them."""
    fault = _FAULTS.get(name)
    if fault is None:
        return {}
    if not _PYTHON.exists():
        raise FileNotFoundError(f"{_PYTHON}: no environment of the official clients; `make faults` installs it")
    found = {}
    for peer in PEERS:
        place = folder / f"peer-{peer}"
        place.mkdir(parents=True)
        AcceptedNumbers(place / "accepted")
        found[peer] = fault(peer, place, times)
    return found


def _client_killed(peer: str, folder: Path, times: int) -> Loss:
    with RecordingServer() as server:
        for number in range(times):
            with _flying(peer, folder, server.port, slot=number):
                time.sleep(random.uniform(0.05, 0.6))  # the instant is what is random
        with _flying(peer, folder, server.port, slot=times, count=200) as process:  # a restart that ends in good order
            _wait(process)
        return _compared(folder, server)


def _server_killed(peer: str, folder: Path, times: int) -> Loss:
    receiver = ReceiverProcess(folder / "store.duckdb")
    try:
        with _flying(peer, folder, receiver.port, count=3_000 * times) as process:
            for _ in range(times):
                time.sleep(0.6)  # some hundred numbers
                kill(receiver.process)
                receiver.restart()
            _wait(process)
        receiver.stop()
        return compare(AcceptedNumbers(folder / "accepted").counts(), stored(receiver))
    finally:
        kill(receiver.process)


def _links(peer: str, folder: Path, times: int) -> Loss:
    """Early OKs: the server answers before it has read everything."""
    with RecordingServer() as server:
        server.ending = lambda stream: Ending(read=20) if stream < times else Ending()
        with _flying(peer, folder, server.port, count=6_000) as process:
            _wait(process)
        return _compared(folder, server)


def _poison(peer: str, folder: Path, times: int) -> Loss:
    """What is lost beside the bad messages themselves, which nobody can deliver."""
    bad = {1_000 * (at + 1) for at in range(times)}
    with RecordingServer() as server:
        server.refuses = bad.__contains__
        with _flying(peer, folder, server.port, count=1_000 * (times + 1)) as process:
            _wait(process)
        loss = _compared(folder, server)
    return Loss(loss.accepted, max(0, loss.lost - len(bad)), loss.duplicates, loss.invented)


def _statuses(peer: str, folder: Path, times: int) -> Loss:
    """UNAVAILABLE for some seconds."""
    with RecordingServer() as server:
        until = time.monotonic() + 2.0 * times
        away = Ending(code=grpc.StatusCode.UNAVAILABLE, read=0)
        server.ending = lambda _: away if time.monotonic() < until else Ending()
        with _flying(peer, folder, server.port, count=6_000 * times) as process:
            _wait(process)
        return _compared(folder, server)


def _endings(peer: str, folder: Path, times: int) -> Loss:
    """The interpreter's exit with nothing closed, after 16 threads where a client is for threads; then a restart."""
    threads = _THREADS if peer == "sift_py" else 1
    orders = {"threads": threads, "count": 1_050 // threads, "pace": 2_000 // threads}
    with RecordingServer() as server:
        for number in range(times):
            with _flying(peer, folder, server.port, slot=number * threads, ending="return", **orders) as process:
                _wait(process)
        with _flying(peer, folder, server.port, slot=times * threads, count=200) as process:
            _wait(process)
        return _compared(folder, server)


def _compared(folder: Path, server: RecordingServer) -> Loss:
    return compare(AcceptedNumbers(folder / "accepted").counts(), server.delivered)


def _wait(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()  # what has arrived until then counts


@contextmanager
def _flying(peer: str, folder: Path, port: int, **orders: Any) -> Iterator[subprocess.Popen[str]]:
    given = {
        "peer": peer,
        "uri": f"127.0.0.1:{port}",
        "accepted": str(folder / "accepted"),
        "folder": str(folder),
        "slot": 0,
        "count": 0,
        "pace": 2_000,
        "threads": 1,
        "ending": "close",
        **orders,
    }
    command = [str(_PYTHON), str(Path(__file__).with_name("client.py")), json.dumps(given)]
    environment = {name: value for name, value in ENVIRONMENT.items() if name != "PYTHONPATH"}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        assert process.stdout is not None
        try:
            if process.stdout.readline() != "go\n":
                raise RuntimeError(f"{peer} did not start")
            yield process
        finally:
            kill(process)


_FAULTS: Final[dict[str, _Fault]] = {
    "client-killed": _client_killed,
    "server-killed": _server_killed,
    "links": _links,
    "statuses": _statuses,
    "poison": _poison,
    "endings": _endings,
}
