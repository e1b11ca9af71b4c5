"""Two wire names that would become one Python name: an error that shows both and the override to paste."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sift_codegen._diagnostics import Diagnostic, Position

__all__ = ["Named", "collisions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A wire name, the Python name it became, where it stands, and how an override for it is written.

    `override` is the path of keys below `x-sift-codegen: names:`, wire names from the second on; `suggestion` is
    another name that the override could give.
    """

    what: str
    wire_name: str
    python_name: str
    position: Position
    override: tuple[str, ...]
    suggestion: str


def collisions(names: Iterable[Named], scope: str) -> list[Diagnostic]:
    """Return an error for each name that an earlier one in the same scope has taken already.

    Names that differ only by case collide where they become file names; give them lower-cased then.
    """
    taken: dict[str, Named] = {}
    found: list[Diagnostic] = []
    for name in names:
        first = taken.setdefault(name.python_name, name)
        if first is not name:
            found.append(_collision(first, name, scope))
    return found


def _collision(first: Named, second: Named, scope: str) -> Diagnostic:
    message = (
        f"{second.what} {second.wire_name!r} and {first.what} {first.wire_name!r} "
        f"both become {second.python_name!r} in {scope}"
    )
    place = f"{first.wire_name!r} is at {first.position}"
    notes: tuple[str, ...]
    if first.wire_name == second.wire_name:
        notes = (place, "rename one of the channels, or give both the same type")
    else:
        notes = (place, "give one of them a name of its own:", *_override_lines(second))
    return Diagnostic(second.position, message, notes, code="SC311", also=(first.position,))


def _override_lines(name: Named) -> list[str]:
    kind, *wire_names = name.override
    # A JSON string is a YAML string, whatever it holds.
    quoted = [json.dumps(wire_name, ensure_ascii=False) for wire_name in wire_names]
    lines = [f"{'  ' * depth}{key}:" for depth, key in enumerate(("x-sift-codegen", "names", kind, *quoted), start=1)]
    lines[-1] += f" {name.suggestion}"
    return lines
