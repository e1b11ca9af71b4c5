"""The short form of `make faults`."""

from __future__ import annotations
