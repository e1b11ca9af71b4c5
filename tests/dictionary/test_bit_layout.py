"""The drawn layout is the layout: every bit has the element that the wire has there."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sift_codegen._config import BitFieldElementConfig
from sift_codegen._diagnostics import Position, SourceFile
from sift_codegen._dictionary._bit_layout import lay_out_bits
from sift_codegen._dictionary._drawing import draw

PLACE = Position(SourceFile("vehicle.yaml", "", ""), 1, 1)


@st.composite
def layouts(draw_from: st.DrawFn) -> list[BitFieldElementConfig]:
    """Draw elements with gaps between them, in any order."""
    widths = draw_from(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 40)), min_size=1, max_size=8))
    elements, index = [], 0
    for number, (gap, width) in enumerate(widths):
        index += gap
        elements.append(BitFieldElementConfig(name=f"e{number}", index=index, bit_count=width, position=PLACE))
        index += width
    return draw_from(st.permutations(elements))


@given(elements=layouts())
def test_every_bit_is_drawn_once_with_its_element(elements: list[BitFieldElementConfig]) -> None:
    layout = lay_out_bits(elements)
    owners = {bit: e.name for e in elements for bit in range(e.index, e.index + e.bit_count)}
    drawn: dict[int, str] = {}
    for row in layout.rows:
        for byte in range(row.first, row.last + 1):
            for segment in row.segments:
                for bit in range(segment.low, segment.high + 1):
                    assert 8 * byte + bit not in drawn
                    drawn[8 * byte + bit] = segment.name
    assert set(drawn) == set(range(8 * layout.byte_count))
    assert {bit: name for bit, name in drawn.items() if name} == owners
    assert layout.unused == len(drawn) - len(owners)


@given(elements=layouts())
def test_no_shape_lies_over_another_or_outside(elements: list[BitFieldElementConfig]) -> None:
    drawing = draw(lay_out_bits(elements))
    for row in {shape.y for shape in drawing.shapes}:
        shapes = sorted((shape for shape in drawing.shapes if shape.y == row), key=lambda shape: shape.x)
        assert all(left.x + left.width <= right.x for left, right in pairwise(shapes))
        assert shapes[-1].x + shapes[-1].width <= drawing.width
        assert row + drawing.row_height <= drawing.height


def test_a_very_wide_element_is_one_row() -> None:
    wide = BitFieldElementConfig(name="wide", index=0, bit_count=8000, position=PLACE)
    assert [(row.first, row.last) for row in lay_out_bits([wide]).rows] == [(0, 999)]
