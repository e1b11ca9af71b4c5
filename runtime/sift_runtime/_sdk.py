"""The Sdk: what flight code holds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self, TypeVar

from sift_runtime._errors import (
    RegistrationError,
    RequestError,
    SettingsError,
    TrackError,
)
from sift_runtime._flow import Flow
from sift_runtime._grpcio_channel import warn_of_fork
from sift_runtime._machinery import Machinery, MachinerySettings
from sift_runtime._process import let_go, watch
from sift_runtime._registration import RunRequest
from sift_runtime._schema import Telemetry
from sift_runtime._settings import (
    BatchLimits,
    CompressionName,
    ConnectionSettings,
    TransportName,
    WhenFull,
    connection_from,
    require_count,
    require_one_of,
    require_seconds,
    require_text,
    with_key,
)
from sift_runtime._spool import SpoolSettings
from sift_runtime._state_changes import OnState
from sift_runtime._stats import FlushReport, Stats
from sift_runtime._track_errors import TrackErrors
from sift_runtime._tracker import Tracker

__all__ = ["Sdk"]

F = TypeVar("F", bound=Flow)

_log: Final = logging.getLogger("sift_runtime")
_EXIT_SECONDS: Final = 5.0


class Sdk(Tracker[F]):
    """Ships the flows of one generated package.

    Never needs the network to accept data: registration and sending go on in a thread of its own. Safe to use from many
    threads. After a fork the child has an empty queue, and a connection of its own from its first track() on; for that
    gRPC needs GRPC_ENABLE_FORK_SUPPORT=1 in the environment from the start of the process.
    """

    # Made by _reset, which a forked child runs again.
    _closed: bool
    _finished: bool
    _claims: dict[str, tuple[int, object]]  # who does what is done once: set in one step, which waits for nobody
    _machinery: Machinery

    def __init__(  # noqa: PLR0913  # the keyword arguments are the user's settings, each with a default
        self,
        telemetry: Telemetry[F],
        *,
        uri: str | None = None,
        api_key: str | None = None,
        on_error: Literal["log", "raise"] = "log",
        run_id: str = "",
        limits: BatchLimits | None = None,
        spool: str | Path | None = None,
        spool_bytes: int | None = None,
        when_full: WhenFull = "drop_oldest",
        ca_certificate: Path | None = None,
        request_timeout: float = 30.0,
        transport: TransportName | None = None,
        compression: CompressionName = "none",
        on_state: OnState | None = None,
    ) -> None:
        """Start to register `telemetry` and to accept its flows.

        `uri` and `api_key` default to SIFT_GRPC_URI and SIFT_API_KEY. `on_error="raise"` makes track() raise what it
        otherwise counts, logs and keeps. When `spool_bytes` are waiting, the oldest flows are dropped, counted and
        warned of. `request_timeout` (seconds) bounds each call to the server. `transport` carries the data; None takes
        "curl" if pycurl can be imported. `compression="gzip"` spares thin links and costs time. `on_state` is called
        for each StateChange, in a thread of its own. Raises SettingsError.
        """
        require_one_of("on_error", on_error, ("log", "raise"))
        if spool_bytes is not None:
            require_count("spool_bytes", spool_bytes)
        require_text("run_id", run_id)
        connection = connection_from(
            ConnectionSettings(
                uri=uri,
                api_key=api_key,
                ca_certificate=ca_certificate,
                request_timeout=request_timeout,
                transport=transport,
                compression=compression,
            )
        )
        super().__init__(telemetry, on_error)
        self._settings = MachinerySettings(
            telemetry=telemetry,
            connection=connection,
            spool=SpoolSettings(
                root=None if spool is None else Path(spool),
                capacity_bytes=spool_bytes,
                when_full=when_full,
                limits=limits or BatchLimits(),
            ),
            run_id=run_id,
            on_state=on_state,
        )
        self._reset()
        self._start()
        watch(self, at_exit=self._close_at_exit, in_child=self._after_fork)

    def __repr__(self) -> str:
        """Show the asset and the server, never the key."""
        return f"<Sdk of asset {self._telemetry.asset_name!r} to {self._settings.connection.endpoint.target}>"

    def __enter__(self) -> Self:
        """Return the Sdk itself; it runs already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def connect(self, timeout: float | None = None) -> None:
        """Wait until the package is registered with the server; track() does not need it.

        Raises RegistrationError where package and server disagree on a flow, RequestError where the key is refused,
        ConnectTimeoutError after `timeout` seconds. Registration goes on in the background after a timeout.
        """
        require_seconds("connect(timeout)", timeout)
        if self._idle:
            self._wake("connect")
        self._machinery.sender.wait_until_registered(timeout)

    def flush(self, timeout: float | None = 30.0) -> FlushReport:
        """Send what is queued now and wait until everything tracked before this call is settled.

        Returns at the latest after `timeout` seconds (None waits for ever), or when the Sdk is closed.
        """
        require_seconds("flush(timeout)", timeout)
        self._spool.wait_until_settled(timeout)
        return self._report()

    def close(self, timeout: float | None = 10.0) -> FlushReport:
        """Flush for at most `timeout` seconds, then stop; returns, and logs, what is left.

        May be called again, by other threads, which wait for the first call, and by a signal's handler, which does not.
        """
        require_seconds("close(timeout)", timeout)
        call = threading.get_ident(), object()
        try:
            first = self._claims.setdefault("close", call)
            if first is call:
                self._closed = self._idle = True
                self._spool.wait_until_settled(timeout)
            elif first[0] != call[0]:
                self._wait_until_finished()
        finally:  # also where a signal ends the wait
            if self._claims.get("close") is call:
                self._finish()
        return self._report()

    def attach_run(  # each says something of the run
        self,
        name: str = "",
        *,
        run_id: str = "",
        description: str = "",
        tags: Sequence[str] = (),
        force_new: bool = False,
    ) -> None:
        """Have all that is tracked from now on belong to a run: the one of this `run_id`, or of this `name`.

        Returns at once, also without a network. The run of a name is looked for when the server can be reached, and
        created if there is none, or always with `force_new`; what is tracked meanwhile gets its id then. Raises
        SettingsError unless there is a name or an id, and SdkClosedError after close().
        """
        if bool(name) == bool(run_id):
            raise SettingsError(
                f"attach_run(name={name!r}, run_id={run_id!r}): give a name or an id, and one of them only"
            )
        for setting, value in (("name", name), ("run_id", run_id), ("description", description)):
            require_text(f"attach_run({setting})", value)
        if self._idle:
            self._wake("attach_run")
        run = RunRequest.of(name, description=description, tags=tuple(tags), force_new=force_new) if name else None
        self._machinery.change_run(run_id, None if run is None else run.as_dict())

    def detach_run(self) -> None:
        """Have what is tracked from now on belong to no run; raises SdkClosedError after close()."""
        if self._idle:
            self._wake("detach_run")
        self._machinery.change_run("", None)

    def update_credentials(self, api_key: str) -> None:
        """Go on with another key, at once: what was held because of the old one is sent. Raises SettingsError."""
        connection = with_key(self._settings.connection, api_key)
        self._settings = replace(self._settings, connection=connection)
        self._machinery.sender.connect_like(connection)

    @property
    def stats(self) -> Stats:
        """Where every flow is at this moment."""
        sender = self._machinery.sender
        return self._spool.stats(sender.condition.state, sender.restarts)

    @property
    def last_serialization_error(self) -> TrackError | None:
        """The newest error of track(): what was wrong with which channel."""
        return self._errors.last

    @property
    def last_request_error(self) -> RequestError | RegistrationError | None:
        """The newest error of a call to the server; it stays after later calls went well."""
        return self._machinery.sender.condition.last_error

    def _reset(self) -> None:
        """Begin with an empty queue; after a fork, the parent's records are the parent's to send."""
        self._idle, self._closed = True, False
        self._finished = False
        self._claims = {}
        self._errors = TrackErrors()
        self._machinery = Machinery.build(self._settings)
        self._spool = self._machinery.spool

    def _start(self) -> None:
        self._machinery.sender.start()
        self._idle = self._closed  # a signal's handler may have closed meanwhile

    def _wake(self, method: str) -> None:
        """Start what a fork has left unstarted; raises SdkClosedError after close()."""
        if self._closed:
            super()._wake(method)
        call = threading.get_ident(), object()
        if self._claims.setdefault("start", call) is call:
            warn_of_fork()
            self._start()

    def _wait_until_finished(self) -> None:
        with self._spool.changed:
            self._spool.changed.wait_for(lambda: self._finished)

    def _finish(self) -> None:
        try:
            self._machinery.sender.stop()
        finally:  # also where a second Ctrl-C ends the wait: others may wait for this call to be finished
            self._spool.end()
            let_go(self)
            with self._spool.changed:
                self._finished = True
                self._spool.changed.notify_all()
        self._warn_of_leftovers()

    def _after_fork(self) -> None:
        """Leave the parent's connection alone, and start nothing before this process tracks: most children never do."""
        closed = self._closed  # by another thread, which is still at it in the parent and holds locks for ever here
        _inherited.append(self._machinery)
        self._spool.head.limit = 0  # in the middle of track_many(), that may be appended to still
        self._reset()
        self._closed = closed

    def _close_at_exit(self) -> None:
        if not self._idle:
            _log.warning("%r was not closed; closing it at exit", self)
            self.close(_EXIT_SECONDS)

    def _report(self) -> FlushReport:
        stats = self.stats
        return FlushReport(
            acknowledged_all=stats.acknowledged == stats.tracked + stats.adopted,
            acknowledged=stats.acknowledged,
            left=stats.in_spool,
            rejected=stats.rejected,
            dropped=stats.dropped,
            damaged=stats.damaged,
        )

    def _warn_of_leftovers(self) -> None:
        stats = self.stats
        if stats.in_spool:
            last = f"; the last error was: {self.last_request_error}" if self.last_request_error else ""
            _log.warning("%r closed with %d flows that were not sent%s", self, stats.in_spool, last)


# What worked for a forked child's parent, kept for ever: freeing their gRPC channels there could hang or crash it.
_inherited: list[Machinery] = []
