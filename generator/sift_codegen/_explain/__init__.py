"""What a channel, a flow or the bytes on the wire are, by the configs that describe them."""

from __future__ import annotations

from sift_codegen._explain._facts import Explanation
from sift_codegen._explain._json import render_json
from sift_codegen._explain._lookup import Question, SubjectError, SubjectKind, explain
from sift_codegen._explain._sources import ConfigSource, KnownConfig, read_configs
from sift_codegen._explain._text import render_text

__all__ = [
    "ConfigSource",
    "Explanation",
    "KnownConfig",
    "Question",
    "SubjectError",
    "SubjectKind",
    "explain",
    "read_configs",
    "render_json",
    "render_text",
]
