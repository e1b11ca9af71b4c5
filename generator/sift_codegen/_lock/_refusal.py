"""What is said where a config would break what its lock file has frozen."""

from __future__ import annotations

from collections.abc import Iterator

from sift_codegen._compare import Change, describe_in_place, place_in
from sift_codegen._config import TelemetryConfig
from sift_codegen._diagnostics import Diagnostic
from sift_codegen._lock._plan import LockPlan

__all__ = ["break_diagnostics", "gone_note", "ways_out"]

_APPENDABLE = ("channel inserted before the end", "channel moved")


def break_diagnostics(config: TelemetryConfig, plan: LockPlan) -> tuple[Diagnostic, ...]:
    """Return each break with its place in the config, and with the line of the lock file that it breaks."""
    return tuple(_diagnostic(config, change) for change in plan.breaks)


def _diagnostic(config: TelemetryConfig, change: Change) -> Diagnostic:
    frozen = change.before.position if change.before else None
    return Diagnostic(place_in(config, change), describe_in_place(change), (f"frozen at {frozen}",) if frozen else ())


def ways_out(config: TelemetryConfig, plan: LockPlan, command: str) -> Iterator[str]:
    """Yield what can be done instead, one line each; `command` generates the package."""
    taken = {flow.name for flow in config.flows} | {flow.name for flow in plan.frozen}
    broken = dict.fromkeys(change.flow for change in plan.breaks)
    if any(change.message in _APPENDABLE for change in plan.breaks):
        yield "leave the channels that were there in their order, and append new ones at the end of the flow"
    for flow in broken:
        yield f"leave flow {flow!r} as it was, and put what is to be into a new flow, {_free_name(flow, taken)!r}"
    yield f"or, if nothing that was recorded or is running matters: {command} --accept-break"


def gone_note(plan: LockPlan) -> str | None:
    """Return what is said of a config that is new beside sections whose configs are gone."""
    if not plan.gone:
        return None
    paths = ", ".join(map(repr, plan.gone))
    kept = "its section is kept" if len(plan.gone) == 1 else "their sections are kept"
    new = repr(plan.section.path)
    return f"{paths} {'is' if len(plan.gone) == 1 else 'are'} gone, and {kept}; {new} shares no flow, and is new"


def _free_name(flow: str, taken: set[str]) -> str:
    number = 2
    while f"{flow}_v{number}" in taken:
        number += 1
    return f"{flow}_v{number}"
