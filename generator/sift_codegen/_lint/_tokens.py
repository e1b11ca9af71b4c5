"""Words of a file that its tree does not keep: anchors, where a document begins, and what is no comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import yaml

from sift_codegen._diagnostics import Position
from sift_codegen._lint._texts import Text
from sift_codegen._yaml_characters import has_surrogate_escape, stand_ins
from sift_codegen._yaml_compose import mark_position

__all__ = ["anchors", "comments", "document_starts"]

_FAST_SCANNER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ANCHOR: Final = re.compile(r"&([^\s,\[\]{}]+)")
_DOCUMENT_START: Final = re.compile(r"^---(?=\s|\Z)", re.MULTILINE)


def anchors(text: Text) -> Iterator[tuple[str, Position]]:
    """Yield the name and the place of each anchor whose name may be given twice; few files have any."""
    names = _ANCHOR.findall(text.source.text)
    if len(names) != len(set(names)):
        for token in _tokens(text):
            if isinstance(token, yaml.AnchorToken):
                yield str(token.value), mark_position(text.source, token.start_mark)


def document_starts(text: Text) -> Iterator[Position]:
    """Yield where `---` stands."""
    if _DOCUMENT_START.search(text.source.text):
        for token in _tokens(text):
            if isinstance(token, yaml.DocumentStartToken):
                yield mark_position(text.source, token.start_mark)


def comments(text: Text, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield what matches a pattern that begins with #, where a comment begins there."""
    candidates = list(pattern.finditer(text.source.text))
    if not candidates:
        return
    scalars = [
        (
            text.offset(mark_position(text.source, token.start_mark)),
            text.offset(mark_position(text.source, token.end_mark)),
            token.style in ("|", ">"),
        )
        for token in _tokens(text)
        if isinstance(token, yaml.ScalarToken)
    ]
    at = 0
    for candidate in candidates:
        while at < len(scalars) and scalars[at][1] <= candidate.start():
            at += 1
        if at == len(scalars) or not _is_inside(candidate.start(), scalars[at], text):
            yield candidate


def _is_inside(offset: int, scalar: tuple[int, int, bool], text: Text) -> bool:
    start, _, is_block = scalar
    if is_block and text.position(start).line == text.position(offset).line:
        return False  # behind the | that begins the scalar, on the same line
    return start <= offset


def _tokens(text: Text) -> Iterator[yaml.Token]:
    source = text.source.text
    scanner = yaml.SafeLoader if has_surrogate_escape(source) else _FAST_SCANNER
    return yaml.scan(source.translate(stand_ins(source)), Loader=scanner)
