"""Faults: what is lost when processes die, links break and disks fill; `make faults` makes docs/reliability.md."""

from __future__ import annotations
