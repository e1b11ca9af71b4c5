"""Every code that a finding can have: one place for severities, titles and reasons, which the page shows too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sift_codegen._diagnostics import Severity
from sift_codegen._lint._code_table import TABLE
from sift_codegen._suggestion import did_you_mean

__all__ = ["CODES", "Code", "matches", "suggestion"]


@dataclass(frozen=True, slots=True)
class Code:
    """A rule of the linter: what it finds, and why that matters, in a line each."""

    code: str
    severity: Severity
    title: str
    reason: str


CODES: Final[dict[str, Code]] = {
    code: Code(code, Severity(severity), title, reason) for code, severity, title, reason in TABLE
}
"""By code, sorted."""


def matches(code: str, choices: tuple[str, ...]) -> bool:
    """Say whether a code is among choices, each a code or the beginning of one."""
    return code.startswith(choices)


def suggestion(word: str) -> tuple[str, ...] | None:
    """Return what to say of a word that is no code and begins none; None where it is or does."""
    if word and any(code.startswith(word) for code in CODES):
        return None
    return did_you_mean(word, CODES) or ("the codes stand in docs/lint.md",)
