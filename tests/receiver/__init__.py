"""Tests of the local receiver, over real gRPC and a real DuckDB file."""

from __future__ import annotations
