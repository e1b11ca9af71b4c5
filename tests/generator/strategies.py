"""Values of every data type, extremes included, and flows of random channels."""

from __future__ import annotations

import math
from typing import Any, Final

from hypothesis import strategies as st

from tests.generator.packages import Config, channel

__all__ = ["ENUM_KEYS", "SCALAR_VALUES", "channel_configs", "float32_values", "texts"]

ENUM_KEYS: Final = (0, 1, 127, 128, 2**31, 2**32 - 1)
FLOAT32_MAX: Final = (2 - 2**-23) * 2.0**127

texts: Final = st.one_of(
    st.sampled_from(["", "é", "\U0001f680" * 3, "x" * 127, "x" * 128, "ü" * 20_000, "\0", "\u2028"]),
    st.text(st.characters(exclude_categories=["Cs"])),
)
doubles: Final = st.one_of(
    st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 1.7976931348623157e308]),
    st.floats(),
    st.integers(-(2**53), 2**53).map(float),
)
float32_values: Final = st.one_of(
    st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 1e-45, FLOAT32_MAX, -FLOAT32_MAX]),
    st.floats(min_value=-FLOAT32_MAX, max_value=FLOAT32_MAX, allow_nan=False),
)


def integers(low: int, high: int) -> st.SearchStrategy[int]:
    edges = [low, high, 0, 1, 127, 128, 16383, 16384, *(() if low == 0 else (-1, -128, -(2**31)))]
    return st.one_of(st.sampled_from(edges), st.integers(low, high))


SCALAR_VALUES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "double": doubles,
    "float": float32_values,
    "bool": st.booleans(),
    "string": texts,
    "bytes": st.one_of(st.sampled_from([b"", b"\0" * 200]), st.binary()),
    "int32": integers(-(2**31), 2**31 - 1),
    "int64": integers(-(2**63), 2**63 - 1),
    "uint32": integers(0, 2**32 - 1),
    "uint64": integers(0, 2**64 - 1),
}
"""What each scalar type can hold; enums and bit fields take their values from their generated types."""


@st.composite
def channel_configs(draw: st.DrawFn, name: str) -> Config:
    """Draw a channel of any type."""
    data_type = draw(st.sampled_from([*SCALAR_VALUES, "enum", "bit_field"]))
    if data_type == "enum":
        keys = draw(st.lists(st.one_of(st.sampled_from(ENUM_KEYS), st.integers(0, 2**32 - 1)), min_size=1, unique=True))
        return channel(name, "enum", enum_types=[{"name": f"label_{key}", "key": key} for key in keys])
    if data_type == "bit_field":
        widths = draw(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 70)), min_size=1, max_size=6))
        return channel(name, "bit_field", bit_field_elements=_elements(widths))
    return channel(name, data_type)


def _elements(widths: list[tuple[int, int]]) -> list[Config]:
    elements: list[Config] = []
    index = 0
    for gap, width in widths:
        index += gap
        elements.append({"name": f"element_{index}", "index": index, "bit_count": width})
        index += width
    return elements
