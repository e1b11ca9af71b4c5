"""`sift-spool ls`: what is where."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sift_runtime._spool_command.directories import SegmentFile, SpoolDirectory

__all__ = ["listing"]


def listing(directories: list[SpoolDirectory], *, as_json: bool) -> Iterator[str]:
    """Yield lines: a head for each directory, a line for each segment, and what is left of each flow."""
    facts = [_facts(directory) for directory in directories]
    if as_json:
        yield json.dumps(facts, indent=2)
        return
    for each in facts:
        yield from _told(each)


def _facts(directory: SpoolDirectory) -> dict[str, Any]:
    segments = [(segment, _segment(segment)) for segment in directory.segments()]
    left: Counter[str] = sum((segment.left() for segment, _ in segments), Counter[str]())
    ledger = directory.ledger()
    return {
        "directory": str(directory.path),
        "owned": directory.is_owned,
        "segments": [facts for _, facts in segments],
        "left": dict(left),
        "dead_letters": sum(1 for _ in directory.dead_letters()),
        "gone": {outcome.name.lower(): dict(flows) for outcome, flows in ledger.counts.items() if flows},
    }


def _segment(segment: SegmentFile) -> dict[str, Any]:
    loaded = segment.loaded
    if loaded is None:
        return {"segment": segment.path.name, "bytes": segment.size, "header": "damaged, or never begun"}
    header = loaded.header
    return {
        "segment": segment.path.name,
        "bytes": segment.size,
        "created": datetime.fromtimestamp(header.created_ns / 1e9, UTC).isoformat(timespec="seconds"),
        "client_key": header.origin.client_key,
        "config_id": header.origin.config_id,
        "run": header.origin.run_id or (header.origin.run or {}).get("name", ""),
        "readings": segment.flows(0, loaded.records).total(),
        "became": {outcome.name.lower(): count for outcome, count in segment.became().items()},
        "left": segment.left().total(),
        "damaged": sum(damage.end - damage.first for damage in loaded.damages),
    }


def _told(facts: dict[str, Any]) -> Iterator[str]:
    owner = "in use by a living process" if facts["owned"] else "free"
    yield f"{facts['directory']} ({owner})"
    for segment in facts["segments"]:
        yield f"  {_segment_line(segment)}"
    yield f"  left: {_counts(facts['left'])}; dead letters: {facts['dead_letters']}"
    for outcome, flows in facts["gone"].items():
        yield f"  gone, {outcome.replace('_', ' ')}: {_counts(flows)}"


def _segment_line(segment: dict[str, Any]) -> str:
    if "header" in segment:
        return f"{segment['segment']}  {segment['bytes']:,} bytes, header {segment['header']}"
    parts = [f"{segment['readings']:,} readings", f"{segment['left']:,} left"]
    parts += [f"{count:,} {outcome.replace('_', ' ')}" for outcome, count in segment["became"].items()]
    parts += [f"{segment['damaged']:,} damaged"] if segment["damaged"] else []
    parts += [f"client key {segment['client_key']}", f"config {segment['config_id'] or 'not known yet'}"]
    parts += [f"run {segment['run']}"] if segment["run"] else []
    return f"{segment['segment']}  {segment['created']}  " + ", ".join(parts)


def _counts(flows: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {flow}" for flow, count in sorted(flows.items())) or "nothing"
