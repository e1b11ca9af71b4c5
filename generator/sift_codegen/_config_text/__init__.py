"""A telemetry config as YAML: the way back from data to a file that people go on with."""

from __future__ import annotations

from sift_codegen._config_text._document import ConfigParts, config_text

__all__ = ["ConfigParts", "config_text"]
