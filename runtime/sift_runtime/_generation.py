"""What frames are made with between two changes of ingestion config or run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sift_runtime._flow import Flow
from sift_runtime._frames import Envelope, FrameMaker, frame_maker
from sift_runtime._origin import Origin
from sift_runtime._schema import Telemetry

__all__ = ["Generation", "Makers"]

Makers: TypeAlias = Mapping[type, tuple[FrameMaker, int]]
"""Each flow's frame maker, and the number that stands for the flow in the spool."""


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """The frame makers for one origin; a segment holds records of one generation only."""

    origin: Origin
    envelopes: Mapping[type, Envelope]
    makers: Makers
    names: tuple[str, ...]
    """The flows, in the package's order."""
    kinds: Mapping[str, type[Flow]] = field(default_factory=dict)
    """Their classes by name."""

    @classmethod
    def of(cls, telemetry: Telemetry[Any], origin: Origin, number_of: Callable[[str], int] | None = None) -> Generation:
        """Prepare a frame maker for each flow of the package; flows without numbers are numbered in their order."""
        envelopes: dict[type, Envelope] = {
            flow: Envelope(
                config_id=origin.config_id,
                flow=flow.schema().name,
                run_id=origin.run_id,
                organization_id=telemetry.organization_id,
                ends_stream=telemetry.end_stream_on_validation_error,
            )
            for flow in telemetry.flows
        }
        kinds: dict[str, type[Flow]] = {flow.schema().name: flow for flow in telemetry.flows}
        numbers = {name: number_of(name) if number_of else number for number, name in enumerate(kinds)}
        makers = {flow: (frame_maker(envelopes[flow]), numbers[name]) for name, flow in kinds.items()}
        return cls(origin, envelopes, makers, tuple(kinds), kinds)
