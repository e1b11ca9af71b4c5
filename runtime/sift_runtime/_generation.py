"""What frames are made with between two changes of ingestion config or run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

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
    """The flows by number."""

    @classmethod
    def of(cls, telemetry: Telemetry[Any], origin: Origin) -> Generation:
        """Prepare a frame maker for each flow of the package."""
        envelopes: dict[type, Envelope] = {
            flow: Envelope(
                config_id=origin.config_id,
                flow=flow.schema().name,
                run_id=origin.run_id,
                organization_id=telemetry.organization_id,
            )
            for flow in telemetry.flows
        }
        makers = {flow: (frame_maker(envelopes[flow]), number) for number, flow in enumerate(telemetry.flows)}
        return cls(origin, envelopes, makers, tuple(flow.schema().name for flow in telemetry.flows))
