"""Columns of bit fields: an integer array per element, packed as the row's struct packs one row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sift_runtime._bit_field import BitField, width_complaint
from sift_runtime._columnar.arrays import Array, Given, Mask, require_rows, take_array
from sift_runtime._columnar.numbers import pieces, split
from sift_runtime._columnar.plan import Column, FixedColumn
from sift_runtime._columnar.problems import ColumnProblem, refuse_rows
from sift_runtime._columnar.segments import FixedPart
from sift_runtime._columns import ElementColumns
from sift_runtime._schema import BitFieldElement, Channel
from sift_runtime._value_encoders import bit_field_head

__all__ = ["bit_field_column"]

_WORD = 64


def bit_field_column(given: Given, value: object, channel: Channel) -> Column:
    """Check the columns of a bit field's elements, each by its width in bits; tell all problems at once."""
    elements = channel.bit_field_elements
    if not isinstance(value, ElementColumns):
        hint = "make one array per element" if isinstance(value, BitField | np.ndarray) else "see the field's type"
        raise ColumnProblem(f"{given.where}: of type {type(value).__name__}, not its ElementColumns; {hint}")
    if value.layout() != tuple((element.name, element.bit_count) for element in elements):
        raise ColumnProblem(f"{given.where}: {type(value).__name__} has the elements of another bit field")
    columns: list[tuple[BitFieldElement, Array]] = []
    masks: list[Mask] = []
    problems: list[str] = []
    for element, (_, _, values) in zip(elements, value._elements(), strict=True):
        try:
            array, mask = _take_element(given, element, values)
            columns.append((element, array))
            masks.append(mask)
        except ColumnProblem as problem:
            problems += problem.problems
    if problems:
        raise ColumnProblem(*problems)
    return FixedColumn(_packed_part(columns, elements), _common_mask(given, masks))


def _take_element(given: Given, element: BitFieldElement, value: object) -> tuple[Array, Mask]:
    where = Given(f"{given.where}, element {element.name!r}", given.rows, given.optional)
    if element.bit_count > _WORD and isinstance(value, np.ndarray) and value.dtype.kind == "O":
        return _take_wide(where, element, value)
    values, mask = take_array(where, value, "iub", "integers or bools")
    if values.dtype.kind == "b":
        return values, mask
    bad = values < 0
    if element.bit_count < 8 * values.dtype.itemsize - (values.dtype.kind == "i"):
        bad |= values >= values.dtype.type(1 << element.bit_count)
    refuse_rows(where.where, values, bad if mask is None else bad & ~mask, width_complaint(element.bit_count))
    return values, mask


def _take_wide(where: Given, element: BitFieldElement, value: Array) -> tuple[Array, Mask]:
    """Take Python integers, for elements that no NumPy integer can hold."""
    if value.ndim != 1 or isinstance(value, np.ma.MaskedArray):
        raise ColumnProblem(f"{where.where}: no unmasked array of one dimension")
    require_rows(where, len(value))
    bad = np.array([not isinstance(each, int) or not 0 <= each < 1 << element.bit_count for each in value], bool)
    refuse_rows(where.where, value, bad, width_complaint(element.bit_count))
    return value, None


def _common_mask(given: Given, masks: list[Mask]) -> Mask:
    hidden = [mask for mask in masks if mask is not None]
    if not hidden:
        return None
    partly = np.logical_or.reduce(hidden)
    if len(hidden) == len(masks):
        partly &= ~np.logical_and.reduce(hidden)
    if partly.any():
        row = int(partly.argmax())
        raise ColumnProblem(f"{given.where}, row {row}: masked in some elements and not in others; mask all or none")
    return hidden[0]


def _packed_part(columns: list[tuple[BitFieldElement, Array]], elements: tuple[BitFieldElement, ...]) -> FixedPart:
    size = (max((element.index + element.bit_count for element in elements), default=0) + 7) // 8
    head = bit_field_head(size)
    words = [pieces(len(head) + start, min(8, size - start)) for start in range(0, size, 8)]
    cells = tuple(cell for word in words for cell in word)

    def packed(rows: slice) -> tuple[Array, ...]:
        packed_words = _pack(columns, rows, len(words))
        return tuple(piece for bits, word in zip(packed_words, words, strict=True) for piece in split(bits, word))

    return FixedPart(head + bytes(size), cells, packed)


def _pack(columns: list[tuple[BitFieldElement, Array]], rows: slice, count: int) -> list[NDArray[np.uint64]]:
    words = [np.zeros(rows.stop - rows.start, np.uint64) for _ in range(count)]
    for element, values in columns:
        for limb, bits in enumerate(_limbs(values[rows], element.bit_count)):
            word, shift = divmod(element.index + limb * _WORD, _WORD)
            words[word] |= bits << np.uint64(shift)
            if shift and word + 1 < count:
                words[word + 1] |= bits >> np.uint64(_WORD - shift)
    return words


def _limbs(values: Array, bit_count: int) -> list[NDArray[np.uint64]]:
    if values.dtype.kind != "O":
        return [values.astype(np.uint64)]
    low = (1 << _WORD) - 1
    return [((values >> start) & low).astype(np.uint64) for start in range(0, bit_count, _WORD)]
