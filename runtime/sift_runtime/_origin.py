"""What records were made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Origin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the frames of a segment were made for; what is not known yet is empty and completed when they are sent."""

    client_key: str
    config_id: str = ""
    run_id: str = ""
    run: dict[str, Any] | None = None
    """The run that was asked for while no id was known."""
