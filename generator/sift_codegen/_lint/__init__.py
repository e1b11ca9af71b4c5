"""The linter: what a config says that Sift, its loaders or a reader of the config would take in another way."""

from __future__ import annotations

from sift_codegen._lint._codes import CODES, suggestion
from sift_codegen._lint._finding import Finding
from sift_codegen._lint._formats import FORMATS, render_findings
from sift_codegen._lint._mend import mend
from sift_codegen._lint._name_rules import check_names as name_findings
from sift_codegen._lint._run import LintReport, LintRequest, lint
from sift_codegen._lint._selection import Selection

__all__ = [
    "CODES",
    "FORMATS",
    "Finding",
    "LintReport",
    "LintRequest",
    "Selection",
    "lint",
    "mend",
    "name_findings",
    "render_findings",
    "suggestion",
]
