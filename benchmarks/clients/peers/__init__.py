"""The official clients, unmodified; these modules run in the environment that has them installed."""

from __future__ import annotations
