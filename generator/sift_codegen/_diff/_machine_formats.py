"""A comparison for programs: JSON, and annotations of GitHub's."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from sift_codegen._compare import Change, ChangeClass, Side, describe_in_place, place_in
from sift_codegen._config import TelemetryConfig
from sift_codegen._diagnostics import Position
from sift_codegen._diff._compare_versions import Comparison

__all__ = ["change_fields", "github_lines", "json_text"]


def json_text(comparison: Comparison) -> str:
    """Return a comparison as JSON: an object a change, in the order of the text format."""
    ordered = [change for kind in ChangeClass for change in comparison.changes if change.kind is kind]
    document = {
        "old": comparison.old.name,
        "new": comparison.new.name,
        "compared": [kind.value for kind in comparison.compared],
        "drifts_under_client_key": comparison.drifts_under,
        "changes": [change_fields(change) for change in ordered],
    }
    return json.dumps(document, indent=2)


def change_fields(change: Change) -> dict[str, object]:
    """Return a change as JSON has it."""
    return {
        "class": change.kind.value,
        "flow": change.flow,
        "channel": change.channel,
        "message": change.message,
        "before": _side(change.before),
        "after": _side(change.after),
    }


def _side(side: Side | None) -> dict[str, object] | None:
    if side is None:
        return None
    place = side.position
    file = (place.source.path or place.source.name) if place else None
    return {
        "text": side.text,
        "file": file,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


def github_lines(comparison: Comparison, fail_on: Collection[ChangeClass]) -> Iterator[str]:
    """Yield a workflow command a change: an error where its class fails, a warning or a notice else."""
    for kind in ChangeClass:
        level = "error" if kind in fail_on else "notice" if kind is ChangeClass.ADDED else "warning"
        for change in comparison.changes:
            if change.kind is kind:
                message = _data(describe_in_place(change))
                yield f"::{level} {_place(comparison, change)}title={kind.name}::{message}"


def _place(comparison: Comparison, change: Change) -> str:
    content = comparison.new.content
    if not isinstance(content, TelemetryConfig) or comparison.new.name.startswith("git:"):
        return ""
    position: Position = place_in(content, change)
    file = _data(position.source.path).replace(":", "%3A").replace(",", "%2C")
    return f"file={file},line={position.line},col={position.column},"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
