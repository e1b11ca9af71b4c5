"""Labels of an enum and elements of a bit field: named parts, each with a place that the wire knows it by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sift_codegen._compare._change import Change, ChangeClass, Side
from sift_codegen._config import BitFieldElementConfig, ChannelConfig, EnumTypeConfig
from sift_codegen._diagnostics import Position

__all__ = ["part_changes"]


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    place: str
    position: Position


@dataclass(frozen=True, slots=True)
class _Owner:
    """The channel that has the parts, and what a part is called."""

    flow: str
    channel: str
    part: str

    def change(self, kind: ChangeClass, message: str, before: Side | None, after: Side | None) -> Change:
        return Change(kind, self.flow, self.channel, message, before, after)

    def side(self, part: _Part) -> Side:
        return Side(f"{part.name!r} ({part.place})", part.position)


def part_changes(flow: str, before: ChannelConfig, after: ChannelConfig) -> Iterator[Change]:
    """Yield each difference in labels or elements; in what order they are listed is none."""
    if before.enum_types != after.enum_types:
        owner = _Owner(flow, before.name, "label")
        yield from _changes(_labels(before.enum_types), _labels(after.enum_types), owner)
    if before.bit_field_elements != after.bit_field_elements:
        owner = _Owner(flow, before.name, "element")
        yield from _changes(_elements(before.bit_field_elements), _elements(after.bit_field_elements), owner)
        if _byte_count(before) != _byte_count(after):
            yield owner.change(ChangeClass.WIRE, "length on the wire", _length(before), _length(after))


def _byte_count(channel: ChannelConfig) -> int:
    bits = max((element.index + element.bit_count for element in channel.bit_field_elements), default=0)
    return (bits + 7) // 8


def _length(channel: ChannelConfig) -> Side:
    count = _byte_count(channel)
    place = channel.key_positions.get("bit_field_elements", channel.position)
    return Side(f"{count} byte{'' if count == 1 else 's'}", place)


def _labels(parts: tuple[EnumTypeConfig, ...]) -> list[_Part]:
    return [_Part(part.name, f"key {part.key}", part.position) for part in parts]


def _elements(parts: tuple[BitFieldElementConfig, ...]) -> list[_Part]:
    return [_Part(part.name, _bits(part.index, part.bit_count), part.position) for part in parts]


def _bits(index: int, count: int) -> str:
    return f"bit {index}" if count == 1 else f"bits {index} to {index + count - 1}"


def _changes(before: list[_Part], after: list[_Part], owner: _Owner) -> Iterator[Change]:
    if sorted((part.name, part.place) for part in before) == sorted((part.name, part.place) for part in after):
        return
    old, new = {part.name: part for part in before}, {part.name: part for part in after}
    if _has_twins(before) or _has_twins(after):  # no config of ours has, but a server may
        yield owner.change(ChangeClass.WIRE, f"{owner.part}s", _all(before), _all(after))
        return
    added = {part.place: part for part in after if part.name not in old}
    for part in before:
        its = new.get(part.name)
        if its is not None:
            yield from _moved(part, its, owner)
        elif heir := added.pop(part.place, None):
            sides = Side(repr(part.name), part.position), Side(repr(heir.name), heir.position)
            yield owner.change(ChangeClass.WIRE, f"{owner.part} of {part.place}", *sides)
        else:
            yield owner.change(ChangeClass.WIRE, f"{owner.part} removed", owner.side(part), None)
    for part in added.values():
        yield owner.change(ChangeClass.ADDED, f"{owner.part} added", None, owner.side(part))


def _has_twins(parts: list[_Part]) -> bool:
    return min(len({part.name for part in parts}), len({part.place for part in parts})) < len(parts)


def _moved(before: _Part, after: _Part, owner: _Owner) -> Iterator[Change]:
    if before.place != after.place:
        message = f"{owner.part} {before.name!r}"
        sides = Side(before.place, before.position), Side(after.place, after.position)
        yield owner.change(ChangeClass.WIRE, message, *sides)


def _all(parts: list[_Part]) -> Side:
    text = ", ".join(f"{part.name!r} ({part.place})" for part in parts)
    return Side(text or "none", parts[0].position if parts else None)
