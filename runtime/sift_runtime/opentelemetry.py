"""An Sdk's ledger as OpenTelemetry metrics; needs the extra: pip install 'sift-codegen[opentelemetry]'."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from sift_runtime._errors import MissingExtraError
from sift_runtime._sdk import Sdk
from sift_runtime._stats import FlowStats, Stats
from sift_runtime._version import __version__

try:
    from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation, get_meter_provider
except ImportError as error:
    mend = "pip install 'sift-codegen[opentelemetry]'"
    raise MissingExtraError(f"sift_runtime.opentelemetry needs OpenTelemetry ({error}): {mend}") from error

__all__ = ["observe"]

_Look: TypeAlias = Callable[[CallbackOptions], Iterable[Observation]]

_BY_FLOW: Final[Mapping[str, Callable[[FlowStats], int]]] = {
    "tracked": lambda flow: flow.tracked,
    "adopted": lambda flow: flow.adopted,
    "acknowledged": lambda flow: flow.acknowledged,
    "rejected": lambda flow: flow.rejected,
    "damaged": lambda flow: flow.damaged,
}
_DROPPED: Final[Mapping[str, Callable[[FlowStats], int]]] = {
    "oldest": lambda flow: flow.dropped_oldest,
    "newest": lambda flow: flow.dropped_newest,
    "age": lambda flow: flow.dropped_for_age,
}
_COUNTS: Final[Mapping[str, Callable[[Stats], int]]] = {
    "batches": lambda stats: stats.batches,
    "retries": lambda stats: stats.retries,
    "sender.restarts": lambda stats: stats.sender_restarts,
    "serialization.errors": lambda stats: stats.serialization_errors,
}
_GAUGES: Final[Mapping[str, tuple[str, Callable[[Stats], float]]]] = {
    "spool.readings": ("{reading}", lambda stats: stats.in_spool),
    "spool.size": ("By", lambda stats: stats.spool_bytes),
    "spool.oldest": ("s", lambda stats: stats.oldest_age or 0.0),
    "unaccounted": ("{reading}", lambda stats: stats.unaccounted),
}


def observe(sdk: Sdk[Any], *, meter_provider: MeterProvider | None = None, **attributes: str) -> None:
    """Report what sdk.stats says whenever metrics are collected, with these attributes, for example `vehicle="LV-426"`.

    Counters `sift.readings.tracked`, `.adopted`, `.acknowledged`, `.rejected`, `.damaged` (attribute `flow`) and
    `.dropped` (also `reason`), `sift.batches`, `sift.retries`, `sift.sender.restarts`, `sift.serialization.errors`;
    gauges `sift.spool.readings`, `sift.spool.size`, `sift.spool.oldest`, `sift.unaccounted` (always 0) and `sift.state`
    (1 for the attribute `state` that holds).
    """
    meter = (meter_provider or get_meter_provider()).get_meter("sift_runtime", __version__)
    for name, count in _BY_FLOW.items():
        meter.create_observable_counter(f"sift.readings.{name}", [_flows(sdk, count, attributes)], "{reading}")
    meter.create_observable_counter("sift.readings.dropped", [_drops(sdk, attributes)], "{reading}")
    for name, number in _COUNTS.items():
        meter.create_observable_counter(f"sift.{name}", [_whole(sdk, number, attributes)])
    for name, (unit, value) in _GAUGES.items():
        meter.create_observable_gauge(f"sift.{name}", [_whole(sdk, value, attributes)], unit)
    meter.create_observable_gauge("sift.state", [_state(sdk, attributes)])


def _flows(sdk: Sdk[Any], count: Callable[[FlowStats], int], attributes: Mapping[str, str]) -> _Look:
    def look(_: CallbackOptions) -> Iterable[Observation]:
        return [Observation(count(flow), {**attributes, "flow": name}) for name, flow in sdk.stats.flows.items()]

    return look


def _drops(sdk: Sdk[Any], attributes: Mapping[str, str]) -> _Look:
    def look(_: CallbackOptions) -> Iterable[Observation]:
        return [
            Observation(count(flow), {**attributes, "flow": name, "reason": reason})
            for name, flow in sdk.stats.flows.items()
            for reason, count in _DROPPED.items()
        ]

    return look


def _whole(sdk: Sdk[Any], value: Callable[[Stats], float], attributes: Mapping[str, str]) -> _Look:
    return lambda _: [Observation(value(sdk.stats), attributes)]


def _state(sdk: Sdk[Any], attributes: Mapping[str, str]) -> _Look:
    return lambda _: [Observation(1, {**attributes, "state": sdk.stats.state})]
