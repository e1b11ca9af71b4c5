"""A check as text: what is the matter, the difference, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sift_codegen._check._check import CheckReport
from sift_codegen._check._diff_text import diff_text
from sift_codegen._check._inspect import FileFinding, FileState
from sift_codegen._compare import describe_in_place
from sift_codegen._generate import command_of
from sift_codegen._literals import comment_text, shell_word
from sift_codegen._lock import break_diagnostics, gone_note, ways_out
from sift_codegen._render_diagnostics import render_diagnostic

__all__ = ["render_check"]

_MOST_LINES: Final = 200
_SHOWN: Final = (FileState.CHANGED, FileState.EDITED, FileState.EDITED_AND_CHANGED, FileState.IN_THE_WAY)
_EDITED: Final = (FileState.EDITED, FileState.EDITED_AND_CHANGED)
_LEFT_THERE: Final = (FileState.UNLISTED, FileState.ORPHANED_AND_EDITED)


def render_check(report: CheckReport, *, with_diff: bool = True) -> Iterator[str]:
    """Yield the lines that tell what was found; one line where all is as it is to be."""
    output, config = comment_text(str(report.request.output)), comment_text(str(report.request.config))
    if report.is_current:
        yield f"{output}: as {config} generates it, {len(report.plan.files)} files"
        return
    yield f"{output}: not as {config} generates it"
    yield from (f"    {line}" for line in _findings(report))
    yield from _lock_lines(report)
    if with_diff:
        yield from _diff(report)
    yield from _mends(report)


def _findings(report: CheckReport) -> Iterator[str]:
    for finding in report.files:
        if finding.state is not FileState.HEADER:
            yield f"{comment_text(finding.path)}: {finding.state.value}"
    headers = sum(finding.state is FileState.HEADER for finding in report.files)
    if headers:
        yield f"{headers} {'file' if headers == 1 else 'files'}: {FileState.HEADER.value}"
    if report.manifest:
        yield comment_text(report.manifest.text)


def _lock_lines(report: CheckReport) -> Iterator[str]:
    if report.lock is None:
        return
    if report.lock.file.source is None:
        yield f"    {report.lock.path}: missing"
        return
    if report.lock.breaks:
        yield f"    {report.lock.path}: broken by the config"
        yield from map(render_diagnostic, break_diagnostics(report.plan.config, report.lock))
        return
    yield f"    {report.lock.path}: not as it is to be"
    if note := gone_note(report.lock):
        yield comment_text(f"        {note}")
    for change in report.lock.changes:
        yield comment_text(f"        {describe_in_place(change)}")


def _diff(report: CheckReport) -> Iterator[str]:
    shown = [finding for finding in report.files if finding.state in _SHOWN and _is_text_pair(finding)]
    headers = [finding for finding in report.files if finding.state is FileState.HEADER]
    text = diff_text([*shown, *headers[: 0 if shown else 1]], str(report.request.output), _MOST_LINES)
    yield from text.lines
    if text.more_lines or text.more_files:
        yield f"({text.more_lines} more lines and {text.more_files} more files are left out)"


def _is_text_pair(finding: FileFinding) -> bool:
    return finding.found is not None and finding.generated is not None


def _mends(report: CheckReport) -> Iterator[str]:
    states = {finding.state for finding in report.files}
    if report.lock and report.lock.breaks:
        yield from (f"way out: {way}" for way in ways_out(report.plan.config, report.lock, command_of(report.request)))
        return
    yield from _preparations(report, states)
    if report.manifest or report.lock or states != {FileState.UNLISTED}:
        yield f"mend: {command_of(report.request)}"


def _preparations(report: CheckReport, states: set[FileState]) -> Iterator[str]:
    if report.manifest and report.manifest.preparation:
        yield f"first: {report.manifest.preparation}"
    if states.intersection(_EDITED):
        yield "first: keep what was edited by hand elsewhere, as it will be written over"
    for finding in report.files:
        path = shell_word(str(report.request.output / finding.path))
        if finding.state in _LEFT_THERE:
            yield f"mend: rm {path}"
        if finding.state is FileState.IN_THE_WAY:
            yield f"first: move {path} elsewhere"
