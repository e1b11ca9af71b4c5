"""Comments that ignore a finding on their line: `# sift-codegen: ignore[SC302] reason`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from sift_codegen._diagnostics import Diagnostic, Position
from sift_codegen._lint._codes import CODES
from sift_codegen._lint._finding import found
from sift_codegen._lint._selection import UNREADABLE, Selection
from sift_codegen._lint._texts import Text
from sift_codegen._lint._tokens import comments
from sift_codegen._suggestion import did_you_mean

__all__ = ["Ignores"]

_COMMENT: Final = re.compile(r"(?<![^\s\[\]{},\"'])#[ \t]*sift-codegen\b[^\r\n]*", re.IGNORECASE)
_IGNORE: Final = re.compile(r"#[ \t]*sift-codegen:[ \t]*ignore\[([^\]\r\n]*)\]")
_CODE: Final = re.compile(r"[^,\s]+")


@dataclass(slots=True)
class _Ignore:
    """One code in a comment, and whether it has kept a finding back."""

    code: str
    place: Position
    is_used: bool = False


@dataclass(slots=True)
class Ignores:
    """The comments of all files that were read."""

    _by_line: dict[tuple[str, int], list[_Ignore]] = field(default_factory=dict)
    _malformed: list[Diagnostic] = field(default_factory=list)

    def read(self, text: Text) -> None:
        """Find the comments of a file."""
        for comment in comments(text, _COMMENT):
            written = _IGNORE.match(comment[0])
            if written is None:
                note = "write `# sift-codegen: ignore[SC302] reason`"
                place = text.position(comment.start())
                self._malformed.append(found("SC022", place, "not an instruction to sift-codegen", note))
                continue
            for code in _CODE.finditer(written[1]):
                place = text.position(comment.start() + written.start(1) + code.start())
                self._by_line.setdefault((text.source.path, place.line), []).append(_Ignore(code[0], place))

    def without_ignored(self, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Yield what no comment ignores, be it on the line of the finding or of the anchor that it is about."""
        for diagnostic in diagnostics:
            matching = [
                ignore
                for place in (diagnostic.position, *diagnostic.also)
                for ignore in self._by_line.get((place.source.path, place.line), ())
                if ignore.code == diagnostic.code and diagnostic.code not in UNREADABLE
            ]
            for ignore in matching:
                ignore.is_used = True
            if not matching:
                yield diagnostic

    def mistakes(self, selection: Selection) -> Iterator[Diagnostic]:
        """Yield SC020 to SC022; to be called when all findings have passed."""
        yield from self._malformed
        for ignore in (each for line in self._by_line.values() for each in line):
            if ignore.code not in CODES:
                message = f"there is no code {ignore.code!r}"
                yield found("SC021", ignore.place, message, *did_you_mean(ignore.code, CODES))
            elif not ignore.is_used and selection.has(ignore.code):
                message = f"nothing to ignore here: no {ignore.code} ({CODES[ignore.code].title}) on this line"
                yield found("SC020", ignore.place, message, "remove the comment")
