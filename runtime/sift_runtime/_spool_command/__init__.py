"""`sift-spool`: what is in a spool directory, from outside of the process that writes to it."""

from __future__ import annotations

from sift_runtime._spool_command.command import main

__all__ = ["main"]
