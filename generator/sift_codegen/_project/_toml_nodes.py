"""A TOML table as the same nodes as a YAML document, so that one reader checks both."""

from __future__ import annotations

import re

from sift_codegen._diagnostics import Position, SourceFile
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Node, Scalar, Sequence

__all__ = ["node_of"]


def node_of(source: SourceFile, value: object, line: int = 1) -> Child:
    """Return a value of TOML as a node.

    Python's TOML reader tells no places: a key is taken to stand at the first line after the one of its table that
    begins with it, which is where people write it.
    """
    place = Position(source, line, 1)
    return Child(_node(source, value, place), place)


def _node(source: SourceFile, value: object, place: Position) -> Node:
    if isinstance(value, dict):
        mapping = Mapping(place)
        for key, item in value.items():
            at = _line_of(source, str(key), place.line)
            key_node = Scalar(str(key), str(key), False, Position(source, at, 1))
            mapping.entries.append(Entry(key_node, node_of(source, item, at)))
        return mapping
    if isinstance(value, list):
        lines = _lines_of_tables(source, value, place.line)
        return Sequence(place, [node_of(source, item, line) for item, line in zip(value, lines, strict=True)])
    if isinstance(value, (str, int, float, bool)):
        return Scalar(value, str(value), False, place)
    return Scalar(None, str(value), False, place)  # a date or a time, which no setting is


def _line_of(source: SourceFile, key: str, after: int) -> int:
    """Return the line, from `after` on, in which a key or the header of its table stands."""
    name = rf"(?:{re.escape(key)}|\"{re.escape(key)}\"|'{re.escape(key)}')"
    within = re.compile(
        rf"[^\[]*[{{,.]\s*{name}\s*[=.]"
    )  # the line of its table: `optional.flow = …`, `names = {{ flows = …`
    if after <= len(source.lines) and within.match(source.lines[after - 1]):
        return after
    entry = re.compile(rf"\s*(?:{name}\s*[=.]|\[\[?(?:.*\.)?\s*{name}\s*(?:\.[^\]]*)?\])")
    for number, line in enumerate(source.lines[after - 1 :], start=after):
        if entry.match(line):
            return number
    return after


def _lines_of_tables(source: SourceFile, items: list[object], first: int) -> list[int]:
    """Return the line of each table of an array of tables: each begins with the header that the first has."""
    if not all(isinstance(item, dict) for item in items) or first > len(source.lines):
        return [first] * len(items)
    header = source.lines[first - 1].strip()
    lines = [number for number, line in enumerate(source.lines, start=1) if line.strip() == header]
    return lines if len(lines) == len(items) else [first] * len(items)
