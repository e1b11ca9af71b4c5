"""From the bytes of a file to its node tree: PyYAML scans and parses, the tree and its limits are ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NoReturn, Protocol

import yaml

from sift_codegen._diagnostics import ConfigError, Diagnostic, Position, SourceFile
from sift_codegen._yaml_core_schema import TAGS, ScalarValue, resolve
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Node, Scalar, Sequence

__all__ = ["compose"]

_DEEPEST: Final = 64
_MOST_NODES: Final = 2_000_000
_PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BREAKS_OF_1_1: Final = "\x85\u2028\u2029"
_PRIVATE_USE: Final = range(0xE000, 0xF900)


def compose(source: SourceFile) -> Child | None:
    """Return the root of the one document in a file, or None if there is no document.

    Raises ConfigError at the first place that is no YAML, or beyond a limit.
    """
    composer = _Composer(source, _stand_ins(source.text))
    try:
        for event in yaml.parse(source.text.translate(composer.stand_ins), Loader=_PARSER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        text = error.problem or error.context or "not YAML"
        composer.fail(_mark_position(source, mark), f"not YAML: {text}{_hint(source, mark)}")
    except yaml.reader.ReaderError as error:
        composer.fail(_offset_position(source, error.position), f"not YAML: {error.reason}")
    return composer.root


def _stand_ins(text: str) -> dict[int, int]:
    """Return what stands in for U+0085, U+2028 and U+2029 while PyYAML scans.

    YAML 1.1, which it scans, takes them for line breaks; in YAML 1.2 they are characters like others. One stands for
    one, so that columns stay right, and none of them is in the text, be it as an escape.
    """
    lower, used = text.lower(), set(text)
    free = (code for code in _PRIVATE_USE if chr(code) not in used and f"{code:x}" not in lower)
    return dict(zip(map(ord, _BREAKS_OF_1_1), free, strict=False))


class _Mark(Protocol):
    """What both of PyYAML's parsers say of a place; both count from 0."""

    line: int
    column: int


@dataclass(slots=True)
class _Composer:
    """Builds the tree from events, without recursion."""

    source: SourceFile
    stand_ins: dict[int, int]
    root: Child | None = None
    anchors: dict[str, Node] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.fail(self.at(event), "a second document begins here; a config is one document")
        elif isinstance(event, yaml.AliasEvent):
            self.add(self.aliased(event), self.at(event))
        elif isinstance(event, yaml.ScalarEvent):
            self.start(event, self.scalar(event))
        elif isinstance(event, yaml.SequenceStartEvent):
            self.open(event, Sequence(self.at(event)), "tag:yaml.org,2002:seq")
        elif isinstance(event, yaml.MappingStartEvent):
            self.open(event, Mapping(self.at(event)), "tag:yaml.org,2002:map")
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            self.stack.pop()

    def open(self, event: yaml.NodeEvent, node: Sequence | Mapping, tag: str) -> None:
        given = getattr(event, "tag", None)
        if given not in (None, "!", tag):
            self.fail(self.at(event), f"the tag {given!r} is not known here; leave it out")
        self.start(event, node)
        self.stack.append(_Open(node))
        if len(self.stack) > _DEEPEST:
            self.fail(self.at(event), f"nested deeper than {_DEEPEST} levels")

    def start(self, event: yaml.NodeEvent, node: Node) -> None:
        self.nodes += 1
        if self.nodes > _MOST_NODES:
            self.fail(self.at(event), f"more than {_MOST_NODES} values in one file")
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        self.add(node, node.position)

    def add(self, node: Node, position: Position) -> None:
        child = Child(node, position)
        if not self.stack:
            self.root = child
            return
        top = self.stack[-1]
        if isinstance(top.node, Sequence):
            top.node.items.append(child)
        elif top.key is not None:
            top.node.entries.append(Entry(top.key, child))
            top.key = None
        elif isinstance(node, Scalar):
            # An aliased key counts where it is used.
            top.key = Scalar(node.value, node.text, node.is_plain, position)
        else:
            self.fail(position, "a key must be a text, not a list or a mapping")

    def aliased(self, event: yaml.AliasEvent) -> Node:
        node = self.anchors.get(event.anchor or "")
        if node is None:
            self.fail(self.at(event), f"the alias *{event.anchor} has no anchor &{event.anchor} before it")
        if any(node is open_node.node for open_node in self.stack):
            self.fail(self.at(event), f"the alias *{event.anchor} stands inside its own anchor, without end")
        return node

    def scalar(self, event: yaml.ScalarEvent) -> Scalar:
        position = self.at(event)
        is_plain = not event.style  # None from one of PyYAML's parsers, "" from the other
        try:
            text = _paired(event.value.translate({standing: code for code, standing in self.stand_ins.items()}))
            value = self.value(event, text, is_plain=is_plain)
        except ValueError as error:
            self.fail(position, str(error))
        return Scalar(value, text, is_plain, position)

    def value(self, event: yaml.ScalarEvent, text: str, *, is_plain: bool) -> ScalarValue:
        if event.tag not in (None, "!"):
            convert = TAGS.get(event.tag)
            if convert is None:
                raise ValueError(f"the tag {event.tag!r} is not known here; leave it out")
            return convert(text)
        return resolve(text) if is_plain and event.tag is None else text

    def at(self, event: yaml.Event) -> Position:
        return _mark_position(self.source, event.start_mark)

    def fail(self, position: Position, message: str) -> NoReturn:
        raise ConfigError((Diagnostic(position, message),))


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet, and the key that waits for its value."""

    node: Sequence | Mapping
    key: Scalar | None = None


def _paired(text: str) -> str:
    """Join surrogate pairs written as two escapes; raises ValueError for half of one."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError as error:
        raise ValueError("half of a surrogate pair is no character") from error


def _mark_position(source: SourceFile, mark: _Mark | None) -> Position:
    return Position(source, mark.line + 1, mark.column + 1) if mark else Position(source, 1, 1)


def _offset_position(source: SourceFile, offset: int) -> Position:
    before = source.text[:offset]
    return Position(source, before.count("\n") + 1, offset - before.rfind("\n"))


def _hint(source: SourceFile, mark: _Mark | None) -> str:
    lines = source.text.split("\n")
    if mark is not None and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return "; indent with spaces, not tabs"
    return ""
