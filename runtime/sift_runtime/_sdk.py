"""The Sdk: what flight code holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeVar

from sift_runtime._connection import ConnectionSettings, connection_from, with_key
from sift_runtime._errors import (
    RegistrationError,
    RequestError,
    SettingsError,
    TrackError,
)
from sift_runtime._flow import Flow
from sift_runtime._machinery import MachinerySettings
from sift_runtime._network_options import NetworkOptions
from sift_runtime._registration import RegistrationPolicy
from sift_runtime._requirements import require_above_zero, require_count, require_one_of, require_seconds, require_text
from sift_runtime._schema import Telemetry
from sift_runtime._sdk_group import SdkGroup
from sift_runtime._sender_host import SenderHost
from sift_runtime._settings import (
    BatchLimits,
    CompressionName,
    Durability,
    OnDrift,
    Order,
    TransportName,
    WhenFull,
    require_when_full,
)
from sift_runtime._spool import Policy, SpoolSettings
from sift_runtime._state_changes import OnState
from sift_runtime._untyped_tracking import UntypedTracking

__all__ = ["Sdk"]

F = TypeVar("F", bound=Flow)


class Sdk(UntypedTracking[F]):
    """Ships the flows of one generated package.

    Never needs the network to accept data: registration and sending go on in a thread of its own. Safe to use from many
    threads. After a fork the child has an empty queue, and a connection of its own from its first track() on; for that
    gRPC needs GRPC_ENABLE_FORK_SUPPORT=1 in the environment from the start of the process.
    """

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
        spool_max_age: float | None = None,
        when_full: WhenFull = "drop_oldest",
        order: Order = "fifo",
        durability: Durability = "process",
        ca_certificate: Path | None = None,
        request_timeout: float = 30.0,
        transport: TransportName | None = None,
        compression: CompressionName = "none",
        on_state: OnState | None = None,
        on_drift: OnDrift = "error",
        lazy: bool = False,
        rules: bool = False,
        profile: str | None = None,
        network: NetworkOptions | None = None,
        organization_id: str | None = None,
        end_stream_on_validation_error: bool = False,
        group: SdkGroup | None = None,
    ) -> None:
        """Start to register `telemetry` and to accept its flows.

        `uri` and `api_key` default to those of `profile` in sift.toml, to SIFT_GRPC_URI and SIFT_API_KEY, to the
        profile that SIFT_PROFILE names, or to the top of that file. `on_error="raise"` makes track() raise what it
        otherwise counts, logs and keeps. `spool` is a folder for what is not acknowledged yet, which the next process
        then sends; None keeps it in memory. At `spool_bytes` (None: 1 GiB on disk, 64 MiB in memory) `when_full`
        decides what gives way; what waits for more than `spool_max_age` seconds is dropped. `order="fresh_first"` sends
        new data in turn with a backlog. `durability="power"` syncs ten times a second. `request_timeout` (seconds)
        bounds each call to the server. `transport` carries the data; None takes "curl" if pycurl can be imported.
        `compression="gzip"` spares thin links and costs time. `on_state` is called for each StateChange, in a thread of
        its own. Where the server has a flow with other channels, other types or another order, `on_drift="error"` holds
        the data back; "warn" sends it all the same. `lazy` registers a flow when it is first sent, as is done anyway
        where all flows together take more than 16 MiB. `rules` has the package's rules created or updated after its
        registration. `network` has headers, keepalive and a proxy. `organization_id`
        is needed by users of several organizations, where the config does not say it. With
        `end_stream_on_validation_error` the server refuses a batch with a message that does not fit its config, instead
        of setting that message aside; it then goes to our dead letters. `group` shares its
        connection and its sender, and takes the place of what is said of the connection here. Raises SettingsError.
        """
        require_one_of("on_error", on_error, ("log", "raise"))
        if spool_bytes is not None:
            require_count("spool_bytes", spool_bytes)
        if spool_max_age is not None:
            require_above_zero("spool_max_age", spool_max_age)
        require_when_full(when_full)
        require_one_of("order", order, ("fifo", "fresh_first"))
        require_one_of("durability", durability, ("process", "power"))
        require_one_of("on_drift", on_drift, ("error", "warn"))
        require_text("run_id", run_id)
        if organization_id is not None:
            require_text("organization_id", organization_id)
        connection = ConnectionSettings(
            uri=uri,
            api_key=api_key,
            ca_certificate=ca_certificate,
            request_timeout=request_timeout,
            transport=transport,
            compression=compression,
            profile=profile,
            network=network or NetworkOptions(),
        )
        adapted = replace(
            telemetry,
            organization_id=telemetry.organization_id if organization_id is None else organization_id,
            end_stream_on_validation_error=end_stream_on_validation_error,
        )

        def open_on(host: SenderHost) -> None:
            settings = MachinerySettings(
                telemetry=adapted,
                host=host,
                spool=SpoolSettings(
                    root=None if spool is None else Path(spool),
                    capacity_bytes=spool_bytes,
                    policy=Policy(when_full=when_full, max_age=spool_max_age, order=order, durability=durability),
                    limits=limits or BatchLimits(),
                ),
                run_id=run_id,
                on_state=on_state,
                rules=rules,
                registration=RegistrationPolicy(on_drift=on_drift, lazy=lazy),
            )
            super(Sdk, self).__init__(adapted, on_error, settings)

        if group is None:
            open_on(SenderHost(connection_from(connection)))
        elif own := connection.given():
            raise SettingsError(f"with a group, {', '.join(own)} cannot be given to an Sdk: the SdkGroup has them")
        else:
            group._admit(telemetry, self, open_on)

    def __repr__(self) -> str:
        """Show the asset and the server, never the key."""
        return f"<Sdk of asset {self._telemetry.asset_name!r} to {self._settings.host.connection.endpoint.target}>"

    def connect(self, timeout: float | None = None) -> None:
        """Wait until the package is registered with the server; track() does not need it.

        Raises RegistrationError where package and server disagree on a flow, RequestError where the key is refused,
        ConnectTimeoutError after `timeout` seconds. Registration goes on in the background after a timeout.
        """
        require_seconds("connect(timeout)", timeout)
        if self._idle:
            self._wake("connect")
        self._machinery.sender.wait_until_registered(timeout)

    def update_credentials(self, api_key: str) -> None:
        """Go on with another key, at once: what was held because of the old one is sent. Raises SettingsError.

        In a group, this is the key of all.
        """
        host = self._settings.host
        host.connect_like(with_key(host.connection, api_key))

    @property
    def last_serialization_error(self) -> TrackError | None:
        """The newest error of track(): what was wrong with which channel."""
        return self._errors.last

    @property
    def last_request_error(self) -> RequestError | RegistrationError | None:
        """The newest error of a call to the server; it stays after later calls went well."""
        return self._machinery.sender.condition.last_error
