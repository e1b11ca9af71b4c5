"""What both official clients send, and what must be found in the store. Imports nothing but the standard library."""

from __future__ import annotations

import math

__all__ = ["CHANNELS", "FIRST_TIME", "ROWS", "STEP", "time_of"]

# Channel name and data type, in flow order, as in vehicle.yaml.
CHANNELS = (
    ("velocity", "double"),
    ("log", "string"),
    ("vehicle_state", "enum"),
    ("gpio", "bit_field"),
    ("armed", "bool"),
    ("temperature", "float"),
    ("steps", "int32"),
    ("count", "uint32"),
    ("position", "int64"),
    ("total", "uint64"),
    ("payload", "bytes"),
)

# None is sent as an explicit `empty`.
ROWS = (
    (10.5, "start", 0, b"\x1f\x03", True, 0.5, 1, 2, 3, 4, b"abc"),
    (math.nan, "", 1, b"\x80", False, -0.0, -(2**31), 0, -(2**63), 0, b""),
    (
        math.inf,
        "ünïcödé \U0001f680",
        2**32 - 1,
        b"",
        True,
        3.4028234663852886e38,
        2**31 - 1,
        2**32 - 1,
        2**63 - 1,
        2**64 - 1,
        bytes(range(256)),
    ),
    (-0.0, "nul \0 inside", 7, b"\xff" * 9, False, math.nan, -1, 1, -1, 2**63, b"\0"),
    (5e-324, None, None, None, None, None, None, None, None, None, None),
)

# Nanoseconds; whole microseconds, because sift_py's datetime carries no more.
FIRST_TIME = 1_700_000_000_123_456_000
STEP = 1_000


def time_of(number: int) -> int:
    return FIRST_TIME + number * STEP
