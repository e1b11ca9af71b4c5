"""What flies."""

from __future__ import annotations

from sift_runtime._errors import SerializationError

__all__ = ["SerializationError"]
