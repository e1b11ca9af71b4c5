"""Values as error messages show them: short, and whatever the value does when it is looked at."""

from __future__ import annotations

from enum import Enum
from typing import Final

__all__ = ["shown", "shown_limit"]

_LONGEST: Final = 80
_MOST_BITS: Final = 256  # Python refuses to write integers of many thousand digits


def shown(value: object) -> str:
    """Return the value's repr, cut where it is long; never raises, though the repr of a user's class may."""
    if isinstance(value, int) and not isinstance(value, Enum) and value.bit_length() > _MOST_BITS:
        return f"an integer of {value.bit_length()} bits"
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001  # a user's code, or an integer inside that Python refuses to write
        return f"<{type(value).__name__} whose repr() raises {type(error).__name__}>"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def shown_limit(bit_count: int) -> str:
    """Return the largest unsigned integer of this width; as a power where its digits would say nothing."""
    return str((1 << bit_count) - 1) if bit_count <= 64 else f"2**{bit_count} - 1"
