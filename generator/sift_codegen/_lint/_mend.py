"""Mends what is certain, file by file, until nothing more is."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sift_codegen._diagnostics import SiftCodegenError, SourceFile
from sift_codegen._lint._finding import Edit, Finding
from sift_codegen._lint._run import LintReport, LintRequest, lint
from sift_codegen._lint._selection import Selection
from sift_codegen._write_file import write_file
from sift_codegen._yaml_compose import compose

__all__ = ["mend"]

_MOST_ROUNDS: Final = 20


def mend(requests: Sequence[LintRequest], selection: Selection) -> tuple[LintReport, int]:
    """Write what is certain into the files; returns what is found afterwards, and how many findings were mended.

    Raises SiftCodegenError where a file cannot be written; each is written whole or not at all.
    """
    mended = 0
    for _ in range(_MOST_ROUNDS):
        report = lint(requests, selection)
        by_source: dict[SourceFile, list[Finding]] = {}
        for finding in report.findings:
            if finding.fix:
                by_source.setdefault(finding.source, []).append(finding)
        if not by_source:
            return report, mended
        mended += sum(_mend_file(source, findings) for source, findings in by_source.items())
    return lint(requests, selection), mended


def _mend_file(source: SourceFile, findings: list[Finding]) -> int:
    """Apply the edits of a file that do not stand in each other's way; returns how many findings they mend."""
    edits = _compatible({finding.fix for finding in findings})
    text = _edited(source.text, edits)
    compose(SourceFile(source.name, text, "", source.path))  # raises, should an edit have broken the file
    _replace_file(source, text)
    applied = set(edits)
    return sum(applied.issuperset(finding.fix) for finding in findings)


def _compatible(fixes: set[tuple[Edit, ...]]) -> list[Edit]:
    """Return the edits of fixes that do not overlap; a fix counts whole or not at all."""
    kept: list[Edit] = []
    for edit in sorted({edit for fix in fixes for edit in fix}):
        if not kept or kept[-1].end <= edit.start:
            kept.append(edit)
    whole = set(kept)
    broken = {edit for fix in fixes if not whole.issuperset(fix) for edit in fix}
    return [edit for edit in kept if edit not in broken]


def _edited(text: str, edits: list[Edit]) -> str:
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join((*parts, text[at:]))


def _replace_file(source: SourceFile, text: str) -> None:
    try:
        content = Path(source.path).read_bytes()
    except OSError as error:
        raise SiftCodegenError(f"{source.path}: cannot be read again: {error}") from error
    if hashlib.sha256(content).hexdigest() != source.sha256:
        raise SiftCodegenError(f"{source.path}: somebody else has changed it; it was left alone")
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    write_file(Path(source.path), mark + text.encode(), overwrite=True)
