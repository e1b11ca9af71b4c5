"""Jinja2 templates of the generated package: one per kind of file, printing what the model has decided."""

from __future__ import annotations

__all__: list[str] = []
