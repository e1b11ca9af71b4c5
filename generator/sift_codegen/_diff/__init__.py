"""Two versions of a config compared: files, revisions of git, lock files."""

from __future__ import annotations

from sift_codegen._diff._compare_versions import Comparison, compare_versions
from sift_codegen._diff._machine_formats import change_fields, github_lines, json_text
from sift_codegen._diff._text_format import text_lines
from sift_codegen._diff._versions import Version

__all__ = ["Comparison", "Version", "change_fields", "compare_versions", "github_lines", "json_text", "text_lines"]
