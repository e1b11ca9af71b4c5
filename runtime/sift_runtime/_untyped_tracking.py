"""Tracking what no generated class stands for: values by name, and flows that are made at run time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sift_runtime._clock import nanoseconds
from sift_runtime._errors import FlowExistsError, TrackError, UnknownFlowError
from sift_runtime._flow import Flow
from sift_runtime._registration import flow_config, wire_drift
from sift_runtime._run_control import RunControl
from sift_runtime._runtime_flows import Channels, flow_class, flow_schema
from sift_runtime._schema import FlowSchema
from sift_runtime._values import ChannelValue, ValuesEncoder

__all__ = ["FlowHandle", "UntypedTracking"]

F = TypeVar("F", bound=Flow)


class FlowHandle:
    """A flow of an Sdk, to be tracked by channel names."""

    def __init__(
        self,
        schema: FlowSchema,
        track: Callable[[str, Mapping[str, ChannelValue], datetime | int | None], None],
    ) -> None:
        """Take what Sdk.create_flow() makes it of."""
        self.schema = schema
        """The flow's name, and its channels in wire order."""
        self._track = track

    def __repr__(self) -> str:
        """Show the flow's name."""
        return f"<FlowHandle of flow {self.schema.name!r}>"

    def track(self, values: Mapping[str, ChannelValue], timestamp: datetime | int | None = None) -> None:
        """Track one reading, as Sdk.track_values() does."""
        self._track(self.schema.name, values, timestamp)


class UntypedTracking(RunControl[F]):
    """Runs, and tracking by names."""

    def track_values(
        self, flow: str, values: Mapping[str, ChannelValue], timestamp: datetime | int | None = None
    ) -> None:
        """Check values that go by the wire names of their channels, and track them as one reading of a flow.

        Their order is of no matter, and a channel without a value is sent as empty. An enum is given by key or label, a
        bit field by its struct, its elements or its bytes. `timestamp` is an aware datetime, or integer nanoseconds
        since 1970, and defaults to now. Where a flow or a channel is unknown or a value does not fit, nothing is
        tracked, and all that is wrong is told as track() tells it. Raises SdkClosedError after close().
        """
        if self._idle:
            self._wake("track_values")
        name: object = flow  # untyped sources may ask for anything
        kind = self._spool.generation.kinds.get(name) if isinstance(name, str) else None
        try:
            if kind is None:
                raise UnknownFlowError(self._no_such_flow(flow))
            encoder = self._encoders.get(kind)
            if encoder is None:
                encoder = self._encoders[kind] = ValuesEncoder(kind.schema())
            time_ns = nanoseconds(timestamp)
            encoded = encoder.encode(values)
            self._append(kind, time_ns, encoded)
        except TrackError as error:
            self._refuse(flow, error)

    def create_flow(self, name: str, channels: Channels) -> FlowHandle:
        """Add a flow with these channels, in this order; returns what tracks it by their names.

        Returns at once, also without a network: the flow is registered before its first reading is sent. One that is
        there already, with the same channels, is taken as it is. Raises FlowExistsError where its channels differ in
        what their bytes mean, SettingsError for channels that cannot be, and SdkClosedError after close().
        """
        return self._created({name: channels}, may_exist=True)[name]

    def create_flows(self, flows: Mapping[str, Channels]) -> dict[str, FlowHandle]:
        """Add many flows at once, all or none; as create_flow()."""
        return self._created(flows, may_exist=True)

    def try_create_flow(self, name: str, channels: Channels) -> FlowHandle:
        """Add a flow as create_flow() does; raises FlowExistsError also for one with the same channels."""
        return self._created({name: channels}, may_exist=False)[name]

    def _created(self, flows: Mapping[str, Channels], *, may_exist: bool) -> dict[str, FlowHandle]:
        if self._idle:
            self._wake("create_flow")
        schemas = [flow_schema(name, channels) for name, channels in flows.items()]
        with self._machinery.package.lock:
            known = self._spool.generation.kinds
            for schema in schemas:
                if schema.name in known:
                    _require_same(schema, known[schema.name].schema(), may_exist=may_exist)
            new = tuple(flow_class(schema) for schema in schemas if schema.name not in known)
            if new:
                self._settings = replace(self._settings, telemetry=self._machinery.add_flows(new))
            kinds = self._spool.generation.kinds
        return {name: FlowHandle(kinds[name].schema(), self.track_values) for name in flows}

    def _no_such_flow(self, flow: object) -> str:
        names = ", ".join(map(repr, self._spool.generation.names))
        return f"{flow!r} is no flow of asset {self._telemetry.asset_name!r}; it has {names}"


def _require_same(asked: FlowSchema, known: FlowSchema, *, may_exist: bool) -> None:
    mine, its = flow_config(asked), flow_config(known)
    differences = list(wire_drift(mine, its, "asked for", "there already"))
    if differences or not may_exist:
        same = f"flow {asked.name!r} is there already, with the same channels"
        raise FlowExistsError("; ".join(differences) or same)
