"""The `sift-codegen` command: a module per subcommand, loaded when it is asked for."""

from __future__ import annotations

from sift_codegen.cli._group import main

__all__ = ["main"]
