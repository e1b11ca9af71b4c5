"""A comparison for people: by class, then by flow; what several flows share is told once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from sift_codegen._compare import Change, ChangeClass, describe
from sift_codegen._diff._compare_versions import Comparison
from sift_codegen._literals import comment_text
from sift_codegen._lock import LockFile

__all__ = ["text_lines"]

_MEANINGS: Final = {
    ChangeClass.WIRE: "WIRE: bytes change their meaning",
    ChangeClass.SOURCE: "SOURCE: code that uses the package has to change",
    ChangeClass.DOC: "DOC: units and descriptions",
    ChangeClass.ADDED: "ADDED: breaks nothing that was there",
}
_MOST_FLOWS: Final = 5
_Shared: TypeAlias = dict[tuple[str, ...], list[Change]]


def text_lines(comparison: Comparison) -> Iterator[str]:
    """Yield the lines of a comparison."""
    sides = comment_text(f"{comparison.old.name} -> {comparison.new.name}")
    counts = [(kind, sum(change.kind is kind for change in comparison.changes)) for kind in ChangeClass]
    told = ", ".join(f"{number} {kind.value}" for kind, number in counts if number)
    yield f"{sides}: {told or 'no change'}"
    for kind in ChangeClass:
        shared = _by_flows([change for change in comparison.changes if change.kind is kind])
        if shared:
            yield ""
            yield _MEANINGS[kind]
        for flows, changes in shared.items():
            yield f"  {_flows(flows)}"
            for change in changes:
                yield from _lines(change)
    yield from _notes(comparison)


def _by_flows(changes: list[Change]) -> _Shared:
    """Return changes by the flows that have them."""
    flows: dict[tuple[object, ...], list[str]] = {}
    first: dict[tuple[object, ...], Change] = {}
    for change in changes:
        key: tuple[object, ...] = (change.channel, change.message, change.before, change.after)
        flows.setdefault(key, []).append(change.flow)
        first.setdefault(key, change)
    shared: _Shared = {}
    for key, names in flows.items():
        shared.setdefault(tuple(names), []).append(first[key])
    return shared


def _flows(names: tuple[str, ...]) -> str:
    listed = ", ".join(map(repr, names[:_MOST_FLOWS]))
    more = len(names) - _MOST_FLOWS
    return f"flow{'' if len(names) == 1 else 's'} {listed}{f' and {more} more' if more > 0 else ''}"


def _lines(change: Change) -> Iterator[str]:
    channel = "" if change.channel is None else f"channel {change.channel!r}: "
    yield comment_text(f"    {channel}{describe(change)}")
    places = [str(side.position) for side in (change.before, change.after) if side and side.position]
    if places:
        yield comment_text(f"        {' -> '.join(places)}")


def _notes(comparison: Comparison) -> Iterator[str]:
    if any(isinstance(side.content, LockFile) for side in (comparison.old, comparison.new)):
        yield ""
        yield "A lock file holds the wire layout only: names, units and descriptions were not compared."
    if comparison.drifts_under is not None:
        yield ""
        yield f"A server that has the ingestion config {comparison.drifts_under!r} keeps its flows as they were, and"
        yield "the runtime sends nothing while they differ: change ingestion_client_key, or make new flows."
