"""How far each value of a file reaches, and how to take one out of its list or mapping."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import yaml

from sift_codegen._diagnostics import Position
from sift_codegen._lint._finding import Edit
from sift_codegen._lint._texts import Text
from sift_codegen._lint._walk import is_alias
from sift_codegen._yaml_characters import has_surrogate_escape, stand_ins
from sift_codegen._yaml_compose import Mark, mark_position
from sift_codegen._yaml_nodes import Child, Scalar

__all__ = ["Spans"]

_FAST_PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLANKS: Final = " \t"


@dataclass(slots=True)
class Spans:
    """The ends of all values, by where they begin; a block mapping begins where its first key does."""

    text: Text
    _leaves: dict[int, int] = field(default_factory=dict)
    _collections: dict[int, int] = field(default_factory=dict)
    _in_flow: dict[int, bool] = field(default_factory=dict)
    _open: list[tuple[int, bool]] = field(default_factory=list)
    _end: int = 0

    def __post_init__(self) -> None:
        """Parse the file once more, for what its tree does not keep."""
        source = self.text.source.text
        parser = yaml.SafeLoader if has_surrogate_escape(source) else _FAST_PARSER
        for event in yaml.parse(source.translate(stand_ins(source)), Loader=parser):
            self._take(event)

    def removal(self, first: Position, value: Child) -> Edit | None:
        """Return the edit that takes out what begins at a place (a key, or an item) and ends with a value.

        None where that would take a comment or an anchor with it, or where the layout leaves any doubt.
        """
        text, start = self.text.source.text, self.text.offset(first)
        is_leaf = is_alias(value) or isinstance(value.node, Scalar)
        end = (self._leaves if is_leaf else self._collections).get(self.text.offset(value.position))
        if end is None:
            return None
        edit = self._from_flow(text, start, end) if self._in_flow.get(start) else self._from_block(text, start, end)
        is_certain = edit is not None and not set("#&|>") & set(text[edit.start : edit.end])
        return edit if is_certain else None

    def _from_flow(self, text: str, start: int, end: int) -> Edit | None:
        comma = len(text[:start].rstrip()) - 1
        return Edit(comma, end, "") if text[comma] == "," else None

    def _from_block(self, text: str, start: int, end: int) -> Edit | None:
        """Take whole lines, if nothing else stands on the first and the last."""
        line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        before = text[line_start:start].strip(_BLANKS)
        breaks = [at for at in (text.find("\n", end), text.find("\r", end)) if at >= 0]
        line_end = min(breaks, default=len(text))
        if before not in ("", "-") or text[end:line_end].strip(_BLANKS):
            return None
        if not before and _ends_with_dash(text[:line_start]):  # the item would stay, and be nothing
            return None
        return Edit(line_start, line_end + (2 if text.startswith("\r\n", line_end) else 1), "")

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
            start, self._end = self._offset(event.start_mark), self._offset(event.end_mark)
            self._leaves[start] = self._end
            self._note_parent(start)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            start = self._offset(event.start_mark)
            self._note_parent(start)
            self._open.append((start, bool(event.flow_style)))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            start, is_flow = self._open.pop()
            self._end = self._offset(event.end_mark) if is_flow else self._end
            self._collections[start] = self._end

    def _note_parent(self, start: int) -> None:
        if self._open:
            self._in_flow.setdefault(start, self._open[-1][1])

    def _offset(self, mark: Mark | None) -> int:
        return self.text.offset(mark_position(self.text.source, mark))


def _ends_with_dash(before: str) -> bool:
    """Say whether the last line that is no comment is the dash of an item, alone."""
    for line in reversed(before.splitlines()):
        words = line.strip().partition("#")[0].strip()
        if words or "#" not in line:
            return words.endswith("-") and set(words) <= set("- ")
    return False
