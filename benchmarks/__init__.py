"""Measure every way from Python into Sift's ingestion API side by side; `make bench` runs it, nothing ships it."""

from __future__ import annotations
