"""What records were made for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Origin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the frames of a segment were made for; what is not known yet is empty and completed when they are sent."""

    client_key: str
    schema: str = ""
    """Stands for the flows as they were registered then; see registrations."""
    config_id: str = ""
    run_id: str = ""
    run: Mapping[str, Any] | None = None
    """The run that was asked for while no id was known; see RunRequest."""

    @property
    def run_key(self) -> str:
        """What tells its run from others; empty where there is none."""
        return self.run_id if self.run is None else str(self.run["client_key"])
