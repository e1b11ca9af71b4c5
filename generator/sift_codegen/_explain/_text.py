"""An explanation for people: no text of a config or of a server can leave its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from sift_codegen._explain._facts import (
    BytesFacts,
    ChannelFacts,
    Explanation,
    FlowFacts,
    UseFacts,
    WireFacts,
)
from sift_codegen._literals import comment_text

__all__ = ["render_text"]

_Row: TypeAlias = Sequence[str]


def render_text(explanation: Explanation) -> str:
    """Return the text; an empty line between two things that one word stands for."""
    parts = [
        *(_channel(channel) for channel in explanation.channels),
        *(_flow(flow) for flow in explanation.flows),
        *(_message(message) for message in explanation.messages),
    ]
    return "\n\n".join("\n".join(comment_text(line) for line in part) for part in parts)


def _channel(channel: ChannelFacts) -> Iterator[str]:
    wire = channel.wire
    yield f"{channel.config}: channel {channel.name}, {channel.data_type}"
    facts = [
        ("description", channel.description),
        ("unit", channel.unit),
        (
            "wire field",
            f"{wire.field} = {wire.field_number}, tag {wire.tag}; {_bytes(wire)}, beginning with {wire.entry}",
        ),
        ("class", channel.python_class or ""),
    ]
    yield from _indented(_table([(name, text) for name, text in facts if text]))
    if channel.labels:
        rows = [(str(each.key), each.label, f"{channel.python_class}.{each.symbol}") for each in channel.labels]
        yield from _indented(_table([("key", "label", "Python"), *rows]), 4)
    if channel.elements:
        bits = [(_bits(each.index, each.bit_count), each.element, each.symbol) for each in channel.elements]
        fields = [(place, name, f"{channel.python_class}.{symbol}") for place, name, symbol in bits]
        yield from _indented(_table([("bits", "element", "Python"), *fields]), 4)
    for use in channel.uses:
        yield from _indented(_use(use))
    for rule in channel.rules:
        reads = f"reads it as {rule.reference}" if rule.reference else "shows it"
        yield f"  rule {rule.rule} {reads}; {rule.position}"


def _use(use: UseFacts) -> Iterator[str]:
    yield f"flow {use.flow}, index {use.index} of {use.channels}: {use.symbol}, {use.annotation}"
    anchor = f" &{use.anchor}" if use.anchor else ""
    if use.listed == use.defined:
        yield f"    defined{anchor} at {use.defined}"
    else:
        yield f"    listed at {use.listed}, defined{anchor} at {use.defined}"
    for merge in use.merged:
        source = f"&{merge.anchor}" if merge.anchor else "a mapping"
        yield f"    merged from {source} at {merge.position}: {', '.join(merge.keys)}"


def _flow(flow: FlowFacts) -> Iterator[str]:
    size = _range(flow.least_bytes, flow.most_bytes)
    yield f"{flow.config}: flow {flow.name}, {flow.symbol}; {size} of channel values; {flow.position}"
    head = ("index", "channel", "Python", "type", "unit", "wire field", "tag", "bytes")
    rows = [
        (
            str(row.index),
            row.channel,
            f"{row.symbol}: {row.annotation}",
            row.data_type,
            row.unit,
            f"{row.wire.field} = {row.wire.field_number}",
            row.wire.tag,
            _range(row.wire.least_bytes, row.wire.most_bytes).removesuffix(" bytes"),
        )
        for row in flow.rows
    ]
    yield from _indented(_table([head, *rows]))


def _message(message: BytesFacts) -> Iterator[str]:
    how = {"name": "", "option": " (given)", "types": " (guessed: the only one of these types)"}
    flow = f" of flow {message.flow}{how[message.flow_by]}" if message.flow_by else ""
    home = f"{message.config}: " if message.config else ""
    yield f"{home}{message.what}{flow}, {message.size} bytes at offset {message.offset}"
    yield from _indented(_table([(name, str(value)) for name, value in message.fields.items()]))
    head = ("index", "offset", "bytes", "channel", "type", "value", "unit")
    rows = [
        (
            str(value.index),
            str(value.offset),
            str(value.size),
            value.channel if value.channel is not None else "?",
            value.data_type or value.wire_field,
            value.shown,
            value.unit,
        )
        for value in message.values
    ]
    yield from _indented(_table([head, *rows]) if rows else [])
    for problem in message.problems:
        where = "" if problem.offset is None else f"offset {problem.offset}: "
        yield f"  ! {where}{problem.message}"


def _table(rows: Sequence[_Row]) -> Iterator[str]:
    """Yield rows with their columns below one another; empty columns are left out."""
    shown = [[comment_text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    is_filled = [any(row[at] for row in shown[1:] or shown) for at in range(len(widths))]
    for row in shown:
        cells = zip(row, widths, is_filled, strict=True)
        yield "  ".join(cell.ljust(width) for cell, width, filled in cells if filled).rstrip()


def _indented(lines: Iterator[str] | Sequence[str], by: int = 2) -> Iterator[str]:
    return (" " * by + line for line in lines)


def _bits(index: int, count: int) -> str:
    return str(index) if count == 1 else f"{index} to {index + count - 1}"


def _bytes(wire: WireFacts) -> str:
    return _range(wire.least_bytes, wire.most_bytes)


def _range(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more bytes"
    return f"{least} bytes" if least == most else f"{least} to {most} bytes"
