"""Several packages' Sdks that share one connection and one sender."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sift_runtime._connection import ConnectionSettings, connection_from, with_key
from sift_runtime._errors import SdkClosedError, SettingsError
from sift_runtime._flow import Flow
from sift_runtime._network_options import NetworkOptions
from sift_runtime._requirements import require_seconds
from sift_runtime._schema import Telemetry
from sift_runtime._sender_host import SenderHost
from sift_runtime._settings import CompressionName, TransportName
from sift_runtime._stats import FlushReport

if TYPE_CHECKING:
    from sift_runtime._sdk import Sdk

__all__ = ["SdkGroup"]

F = TypeVar("F", bound=Flow)


class SdkGroup:
    """One connection and one sender for several ingestion configs: for each, Sdk(TELEMETRY, group=group).

    Each Sdk keeps its own spool, runs and stats; one that is held back or closed is in no other's way.
    """

    def __init__(  # noqa: PLR0913  # the keyword arguments are the user's settings, each with a default
        self,
        *,
        uri: str | None = None,
        api_key: str | None = None,
        ca_certificate: Path | None = None,
        request_timeout: float = 30.0,
        transport: TransportName | None = None,
        compression: CompressionName = "none",
        profile: str | None = None,
        network: NetworkOptions | None = None,
    ) -> None:
        """Say how the server is reached, as for an Sdk; nothing is begun before the first Sdk. Raises SettingsError."""
        connection = connection_from(
            ConnectionSettings(
                uri=uri,
                api_key=api_key,
                ca_certificate=ca_certificate,
                request_timeout=request_timeout,
                transport=transport,
                compression=compression,
                profile=profile,
                network=network or NetworkOptions(),
            )
        )
        self._host = SenderHost(connection)
        self._lock = threading.RLock()
        self._sdks: list[tuple[Telemetry[Any], Sdk[Any]]] = []
        self._closed = False

    def __repr__(self) -> str:
        """Show the assets and the server, never the key."""
        assets = [telemetry.asset_name for telemetry, _ in self._sdks]
        return f"<SdkGroup of assets {assets} to {self._host.connection.endpoint.target}>"

    def __getitem__(self, telemetry: Telemetry[F]) -> Sdk[F]:
        """Return the Sdk of a package, typed as that.

        Raises TypeError for what is no package's TELEMETRY, KeyError where the package has no Sdk in this group.
        """
        _require_package(telemetry)
        for other, sdk in self._sdks:
            if other is telemetry:
                return sdk
        raise KeyError(f"no Sdk of asset {telemetry.asset_name!r} is open in {self!r}; see Sdk(TELEMETRY, group=…)")

    def __enter__(self) -> Self:
        """Return the group itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def flush(self, timeout: float | None = 30.0) -> FlushReport:
        """Flush every Sdk, together for at most `timeout` seconds (None: for ever); returns their sum."""
        require_seconds("flush(timeout)", timeout)
        return self._each(timeout, lambda sdk, left: sdk.flush(left))

    def close(self, timeout: float | None = 10.0) -> FlushReport:
        """Close every Sdk, together within `timeout` seconds; returns the sum of their reports. No Sdk may follow."""
        require_seconds("close(timeout)", timeout)
        self._closed = True
        return self._each(timeout, lambda sdk, left: sdk.close(left))

    def update_credentials(self, api_key: str) -> None:
        """Go on with another key, at once and for every Sdk; raises SettingsError."""
        self._host.connect_like(with_key(self._host.connection, api_key))

    def _each(self, timeout: float | None, end: Callable[[Sdk[Any], float | None], FlushReport]) -> FlushReport:
        """Flush or close one Sdk after the other; meanwhile those that come later are flushed, too."""
        until = math.inf if timeout is None else time.monotonic() + timeout
        sdks, call = [sdk for _, sdk in self._sdks], object()
        try:
            for sdk in sdks:
                sdk._spool.begin_flush(call)
            left = (None if timeout is None else max(0.0, until - time.monotonic()) for _ in sdks)
            return FlushReport.total([end(sdk, seconds) for sdk, seconds in zip(sdks, left, strict=True)])
        finally:
            for sdk in sdks:
                sdk._spool.end_flush(call)

    def _admit(self, telemetry: Telemetry[F], sdk: Sdk[F], open_it: Callable[[SenderHost], None]) -> None:
        """Have an Sdk opened, and keep it; raises SettingsError where the package has an open one, SdkClosedError."""
        with self._lock:
            if self._closed:
                raise SdkClosedError(f"Sdk of asset {telemetry.asset_name!r}: the group is closed; make a new SdkGroup")
            others = [pair for pair in self._sdks if pair[0] is not telemetry]
            if any(other is telemetry and not before._closed for other, before in self._sdks):
                raise SettingsError(
                    f"an Sdk of asset {telemetry.asset_name!r} is open in this group: see group[TELEMETRY]"
                )
            open_it(self._host)
            self._sdks = [*others, (telemetry, sdk)]


def _require_package(telemetry: object) -> None:
    if not isinstance(telemetry, Telemetry):
        what = f"group[{telemetry!r}] names no package, as a name could not tell a type checker whose flows it takes"
        raise TypeError(f"{what}; write group[TELEMETRY] with the package's TELEMETRY, or keep the Sdks in a TypedDict")
