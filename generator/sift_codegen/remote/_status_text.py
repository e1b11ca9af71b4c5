"""A status for people and for programs, in the words of `sift-codegen diff`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from sift_codegen._compare import ChangeClass
from sift_codegen._config import FlowConfig
from sift_codegen._diff import Comparison, Version, change_fields, github_lines, text_lines
from sift_codegen._literals import comment_text
from sift_codegen.remote._comparing import ServerStatus

__all__ = ["status_github_lines", "status_json", "status_lines"]

_MOST_NAMED = 10


def status_lines(status: ServerStatus) -> Iterator[str]:
    """Yield the lines of one config's status."""
    key = repr(status.client_key)
    if not status.is_registered:
        made = "" if status.config.client_key else ", which is made from the flows and changes with them"
        yield comment_text(f"{status.path}: not registered: no ingestion config has client key {key}{made}")
    elif status.changes:
        yield from text_lines(_comparison(status))
    else:
        same = "flows that both have are" if status.only_here or status.only_there else "all flows are"
        yield comment_text(f"{status.path}: {same} as on the server; client key {key}")
    yield from ("  " + comment_text(line) for line in _notes(status))


def _notes(status: ServerStatus) -> Iterator[str]:
    if status.has_other_asset:
        yield f"asset: the server has this client key for {status.asset_there!r}, not for {status.config.asset_name!r}"
    if status.only_here:
        yield f"only here, and registered by the next flight: {_named(status.only_here)}"
    if status.only_there:
        yield f"only on the server, which keeps them: {_named(status.only_there)}"


def status_github_lines(status: ServerStatus, fail_on: Collection[ChangeClass]) -> Iterator[str]:
    """Yield a workflow command a change, and a notice for each line that is about something else."""
    yield from github_lines(_comparison(status), fail_on)
    level = "error" if ChangeClass.WIRE in fail_on else "warning"
    for line in _notes(status):
        text = comment_text(f"{status.path}: {line}").replace("%", "%25")
        yield f"::{level if line.startswith('asset: ') else 'notice'} title=STATUS::{text}"


def status_json(statuses: Sequence[ServerStatus]) -> str:
    """Return the statuses of all configs as a JSON array."""
    return json.dumps([_object(status) for status in statuses], indent=2)


def _object(status: ServerStatus) -> dict[str, object]:
    ordered = [change for kind in ChangeClass for change in status.changes if change.kind is kind]
    return {
        "config": str(status.path),
        "client_key": status.client_key,
        "is_registered": status.is_registered,
        "asset": {"here": status.config.asset_name, "on_server": status.asset_there},
        "only_here": [flow.name for flow in status.only_here],
        "only_on_server": [flow.name for flow in status.only_there],
        "changes": [change_fields(change) for change in ordered],
    }


def _comparison(status: ServerStatus) -> Comparison:
    server = Version(f"the server ({status.client_key})", Path(), status.config)
    return Comparison(server, Version(str(status.path), status.path, status.config), status.changes)


def _named(flows: Iterable[FlowConfig]) -> str:
    names = [repr(flow.name) for flow in flows]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"flow{'' if len(names) == 1 else 's'} {', '.join(names[:_MOST_NAMED])}{more}"
