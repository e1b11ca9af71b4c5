"""From the text of a file to its node tree: PyYAML scans and parses, the tree and its limits are ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NoReturn, Protocol

import yaml

from sift_codegen._diagnostics import ConfigError, Diagnostic, Position, SourceFile
from sift_codegen._findings import Findings
from sift_codegen._suggestion import did_you_mean
from sift_codegen._yaml_characters import has_surrogate_escape, join_surrogates, require_printable, stand_ins
from sift_codegen._yaml_core_schema import TAGS, ScalarValue, resolve
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Node, Scalar, Sequence, describe

__all__ = ["Mark", "compose", "mark_position"]

_DEEPEST: Final = 64
_MOST_NODES: Final = 2_000_000
_TOO_DEEP_FOR_LIBYAML: Final = "exceeded maximum nesting depth"  # which looks ahead of the events it gives
_FAST_PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(source: SourceFile) -> Child | None:
    """Return the root of the one document in a file, or None if there is no document.

    Raises ConfigError with what is wrong in it as YAML, up to the first place where parsing cannot go on.
    """
    require_printable(source)
    standing = stand_ins(source.text)
    composer = _Composer(source, {stand_in: code for code, stand_in in standing.items()})
    # libyaml refuses half a surrogate pair as an escape, even if the other half follows; PyYAML's own parser does not.
    parser = yaml.SafeLoader if has_surrogate_escape(source.text) else _FAST_PARSER
    try:
        for event in yaml.parse(source.text.translate(standing), Loader=parser):
            composer.take(event)
    except ConfigError as gave_up:
        composer.raise_errors(*gave_up.diagnostics)
    except yaml.MarkedYAMLError as error:
        composer.raise_errors(_syntax_error(source, error))
    except (ValueError, OverflowError):  # PyYAML's own parser, at "\UFFFFFFFF"
        message = "not YAML: after this, an escape beyond U+10FFFF"
        composer.raise_errors(Diagnostic(composer.here, message, code="SC003"))
    composer.raise_errors()
    return composer.root


class Mark(Protocol):
    """What both of PyYAML's parsers say of a place; both count from 0."""

    line: int
    column: int


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet, and the key that waits for its value."""

    node: Sequence | Mapping
    key: Scalar | None = None


@dataclass(slots=True)
class _Composer:
    """Builds the tree from events, without recursion; what is wrong becomes null, so that composing goes on."""

    source: SourceFile
    replaced: dict[int, int]
    root: Child | None = None
    findings: Findings = field(default_factory=Findings)
    anchors: dict[str, Node] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0
    here: Position = field(init=False)

    def __post_init__(self) -> None:
        self.here = Position(self.source, 1, 1)

    def take(self, event: yaml.Event) -> None:
        self.here = mark_position(self.source, event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            self.start(event, self.scalar(event))
        elif isinstance(event, yaml.MappingStartEvent):
            self.open(event, Mapping(self.here), "tag:yaml.org,2002:map")
        elif isinstance(event, yaml.SequenceStartEvent):
            self.open(event, Sequence(self.here), "tag:yaml.org,2002:seq")
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            self.stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            self.add(self.aliased(event.anchor or ""))
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.stop("a second document begins here; a config is one document")

    def open(self, event: yaml.NodeEvent, node: Sequence | Mapping, tag: str) -> None:
        given = getattr(event, "tag", None)
        if given not in (None, "!", tag):
            message = f"the tag {given!r} is not for {describe(node)}; leave it out"
            self.findings.error(self.here, message, code="SC012")
        self.start(event, node)
        self.stack.append(_Open(node))
        if len(self.stack) > _DEEPEST:
            self.stop(f"nested deeper than {_DEEPEST} levels")

    def start(self, event: yaml.NodeEvent, node: Node) -> None:
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        self.add(node)

    def add(self, node: Node) -> None:
        self.nodes += 1
        if self.nodes > _MOST_NODES:
            self.stop(f"more than {_MOST_NODES} values in one file")
        child = Child(node, self.here)
        if not self.stack:
            self.root = child
            return
        top = self.stack[-1]
        if isinstance(top.node, Sequence):
            top.node.items.append(child)
        elif top.key is None:
            top.key = self.key(node)
        else:
            top.node.entries.append(Entry(top.key, child))
            top.key = None

    def key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            # An aliased key counts where it is used.
            return Scalar(node.value, node.text, node.is_plain, self.here)
        self.findings.error(self.here, "a key must be a text, not a list or a mapping", code="SC007")
        return self.nothing()

    def aliased(self, name: str) -> Node:
        node = self.anchors.get(name)
        if node is None:
            notes = did_you_mean(name, self.anchors)
            message = f"the alias *{name} has no anchor &{name} before it"
            self.findings.error(self.here, message, *notes, code="SC013")
        elif any(node is open_node.node for open_node in self.stack):
            message = f"the alias *{name} stands inside its own anchor, without end"
            anchor = node.position
            self.findings.error(self.here, message, f"the anchor is at {anchor}", code="SC013", also=(anchor,))
        else:
            return node
        return self.nothing()

    def scalar(self, event: yaml.ScalarEvent) -> Scalar:
        # PyYAML's parsers say "no quotes" as None or as "". A tagged << or number is no longer plain.
        is_plain = not event.style and event.tag is None
        text = event.value.translate(self.replaced) if self.replaced else event.value
        try:
            text = join_surrogates(text) if event.style == '"' else text
            return Scalar(_value(event, text, is_plain=is_plain), text, is_plain, self.here)
        except ValueError as error:
            self.findings.error(self.here, str(error), code="SC012")
            return self.nothing()

    def nothing(self) -> Scalar:
        return Scalar(None, "", False, self.here)

    def stop(self, message: str) -> NoReturn:
        raise ConfigError((Diagnostic(self.here, message, code="SC003"),))

    def raise_errors(self, *last: Diagnostic) -> None:
        """Raise what was found, and what ended composing; do nothing if all is well."""
        errors = (*self.findings.errors((self.source,)), *last)
        if errors:
            raise ConfigError(errors)


def _value(event: yaml.ScalarEvent, text: str, *, is_plain: bool) -> ScalarValue:
    if is_plain:
        return resolve(text)
    if event.tag in (None, "!"):
        return text
    convert = TAGS.get(event.tag)
    if convert is None:
        raise ValueError(f"the tag {event.tag!r} is not known here; leave it out")
    return convert(text)


def mark_position(source: SourceFile, mark: Mark | None) -> Position:
    """Return a place as a position, the beginning where nothing is known of it."""
    return Position(source, mark.line + 1, mark.column + 1) if mark else Position(source, 1, 1)


def _syntax_error(source: SourceFile, error: yaml.MarkedYAMLError) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    position = mark_position(source, mark)
    if error.problem == _TOO_DEEP_FOR_LIBYAML:
        return Diagnostic(position, f"nested deeper than {_DEEPEST} levels", code="SC003")
    lines = source.lines
    is_tab = position.line <= len(lines) and "\t" in lines[position.line - 1][: position.column]
    hint = "; indent with spaces, not tabs" if is_tab else ""
    notes: tuple[str, ...] = ()
    if error.context and error.context_mark:
        notes = (f"{error.context} that begins at {mark_position(source, error.context_mark)}",)
    message = f"not YAML: {error.problem or error.context or 'cannot be parsed'}{hint}"
    return Diagnostic(position, message, notes, code="SC003")
