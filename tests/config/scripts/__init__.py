"""Scripts that run in the environment of the official clients."""

from __future__ import annotations
