"""The clients that are measured, each a process of its own."""

from __future__ import annotations
