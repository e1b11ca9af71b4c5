"""Tests of the benchmark's report; nothing here takes a time."""

from __future__ import annotations
