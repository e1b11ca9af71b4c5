"""What frames are made with between two registrations, and where those go that are made with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sift_runtime._frames import Envelope, FrameMaker, frame_maker
from sift_runtime._schema import Telemetry

__all__ = ["Generation"]


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """The frame makers for one ingestion config id; it is empty until the server has told one.

    A frame goes to `incoming` of the generation that it was made with. So none that is made while the id changes can
    get among those of the other id, without a lock: appending to a list is one step.
    """

    config_id: str
    envelopes: dict[type, Envelope]
    makers: dict[type, FrameMaker]
    incoming: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, telemetry: Telemetry[Any], *, config_id: str, run_id: str) -> Generation:
        """Prepare a frame maker for each flow of the package."""
        envelopes: dict[type, Envelope] = {
            flow: Envelope(
                config_id=config_id,
                flow=flow.schema().name,
                run_id=run_id,
                organization_id=telemetry.organization_id,
            )
            for flow in telemetry.flows
        }
        return cls(config_id, envelopes, {flow: frame_maker(envelope) for flow, envelope in envelopes.items()})
