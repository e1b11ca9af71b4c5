"""What a config of a hundred thousand channels costs: to generate, to import, to check."""

from __future__ import annotations

__all__: list[str] = []
