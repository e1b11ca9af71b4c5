"""From NumPy arrays to frames, without a Python loop per row or number; imported only when columns are encoded."""

from __future__ import annotations

__all__: list[str] = []
