"""SC010 for single values and keys: unquoted or tagged, and read differently by the loaders."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from sift_codegen._diagnostics import Diagnostic
from sift_codegen._lint._finding import found
from sift_codegen._lint._readings import Reading, pyyaml_key, pyyaml_value, rapidyaml_key, rapidyaml_value
from sift_codegen._lint._texts import Text
from sift_codegen._lint._walk import is_alias, written_nodes
from sift_codegen._read_config import Document
from sift_codegen._yaml_nodes import Mapping, Scalar

__all__ = ["ambiguous_scalars"]


def ambiguous_scalars(document: Document, text: Text) -> Iterator[Diagnostic]:
    """Yield a finding for each value and key that the two loaders read differently."""
    for child in written_nodes(document.root):
        node = child.node
        if isinstance(node, Mapping) and not is_alias(child):
            for entry in node.entries:
                if entry.key.is_plain and entry.key.text != "<<" and (readings := _of_key(entry.key.text)):
                    yield _told(entry.key, *readings, "key ")
        elif isinstance(node, Scalar) and not is_alias(child):
            both = _of_value(node.text) if node.is_plain else _of_tagged(node, text)
            if both:
                yield _told(node, *both)


def _told(node: Scalar, rapidyaml: Reading, pyyaml: Reading, what: str = "") -> Diagnostic:
    mend = "leave the key out if it is meant as nothing, or quote it" if node.value is None else "quote it"
    message = f"ambiguous {what}{node.text}: rapidyaml reads {rapidyaml}, PyYAML reads {pyyaml}; {mend}"
    return found("SC010", node.position, message)


@functools.cache
def _of_value(text: str) -> tuple[Reading, Reading] | None:
    return _different(rapidyaml_value(text), pyyaml_value(text))


@functools.cache
def _of_key(text: str) -> tuple[Reading, Reading] | None:
    return _different(rapidyaml_key(text), pyyaml_key(text))


def _of_tagged(node: Scalar, text: Text) -> tuple[Reading, Reading] | None:
    """Compare for a value with a tag, which rapidyaml does not heed."""
    offset = text.offset(node.position)
    if text.source.text[offset] not in "!&":
        return None
    properties = text.properties(offset)
    tag = next((word for word in properties.split() if word.startswith("!")), "")
    if not tag.startswith("!!") or not isinstance(node.value, str):
        return None
    is_plain = text.source.text[offset + len(properties)] not in "'\"|>"
    read = rapidyaml_value(node.text) if is_plain and node.text else Reading("the text", repr(node.text))
    return _different(read, Reading("the text", repr(node.value)))


def _different(rapidyaml: Reading, pyyaml: Reading) -> tuple[Reading, Reading] | None:
    return None if rapidyaml == pyyaml else (rapidyaml, pyyaml)
