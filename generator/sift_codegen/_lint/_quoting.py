"""Quotes around what is meant as text, and the one spelling of a number or a boolean that all loaders know."""

from __future__ import annotations

import json

from sift_codegen._diagnostics import Position
from sift_codegen._lint._finding import Edit
from sift_codegen._lint._readings import pyyaml_value, rapidyaml_value
from sift_codegen._lint._texts import Text
from sift_codegen._yaml_nodes import Scalar

__all__ = ["literal_at", "quoted_key", "quoted_value"]


def quoted_key(text: Text, key: Scalar) -> Edit | None:
    """Return the edit that puts a key in quotes."""
    start = literal_at(text, key.position, key.text) if key.is_plain else None
    return None if start is None else Edit(start, start + len(key.text), _quoted(key.text))


def quoted_value(text: Text, node: Scalar, *, is_text: bool) -> Edit | None:
    """Return the edit that makes a value unambiguous; `is_text` says that its place takes texts only.

    None where this generator reads a number that PyYAML reads otherwise, or where nothing may be meant.
    """
    if not node.is_plain:
        return _without_tag(text, node)
    start = literal_at(text, node.position, node.text)
    if start is None or node.value is None:
        return None
    if isinstance(node.value, str) or is_text:
        return Edit(start, start + len(node.text), _quoted(node.text))
    spelling = json.dumps(node.value)
    is_certain = pyyaml_value(node.text) == pyyaml_value(spelling) == rapidyaml_value(spelling)
    return Edit(start, start + len(node.text), spelling) if is_certain else None


def literal_at(text: Text, position: Position, written: str) -> int | None:
    """Return where an unquoted text begins, behind its anchor; None where it is not written in one piece."""
    start = text.offset(position)
    start += len(text.properties(start))
    return start if written and text.source.text.startswith(written, start) else None


def _without_tag(text: Text, node: Scalar) -> Edit | None:
    """Return the edit from `!!str 12` to `"12"`, None for other tags."""
    start = text.offset(node.position)
    properties = text.properties(start)
    words = properties.split()
    literal = literal_at(text, node.position, node.text)
    if literal is None or "!!str" not in words:
        return None
    anchor = "".join(f"{word} " for word in words if word.startswith("&"))
    return Edit(start, literal + len(node.text), anchor + _quoted(node.text))


def _quoted(text: str) -> str:
    """Return a text in double quotes: a JSON string is a YAML string, whatever it holds."""
    return json.dumps(text, ensure_ascii=False)
