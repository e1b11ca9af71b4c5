"""Whether a package on disk, and its lock file, are what the config generates; nothing is written."""

from __future__ import annotations

from sift_codegen._check._check import CheckReport, check
from sift_codegen._check._render import render_check

__all__ = ["CheckReport", "check", "render_check"]
