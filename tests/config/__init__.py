"""Tests of reading configs: from bytes to checked data."""

from __future__ import annotations
