"""Walks a node tree, checks types and keys, and collects every error on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from sift_codegen._diagnostics import ConfigError, Diagnostic, Position, Severity
from sift_codegen._suggestion import did_you_mean
from sift_codegen._yaml_merge import MergeResolver
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Scalar, Sequence, describe

__all__ = ["ConfigReader", "Fields"]

_MOST_VISITS: Final = 4_000_000
_MOST_ERRORS: Final = 1000


@dataclass(slots=True)
class ConfigReader:
    """Typed access to nodes; what is wrong goes to `diagnostics` and reads as None, so that reading goes on."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    merges: MergeResolver = field(default_factory=MergeResolver)
    _visits: int = 0

    def error(self, position: Position, message: str, *notes: str) -> None:
        """Note an error. Gives up beyond a thousand: nobody reads them, and a shared part may repeat one for ever."""
        self.diagnostics.append(Diagnostic(position, message, notes))
        if len(self.errors) > _MOST_ERRORS:
            raise ConfigError((*self.errors, Diagnostic(position, f"gave up after {_MOST_ERRORS} errors")))

    def warn(self, position: Position, message: str, *notes: str) -> None:
        """Note a warning."""
        self.diagnostics.append(Diagnostic(position, message, notes, Severity.WARNING))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The errors so far, each once, in the order of the file."""
        found = [each for each in self.diagnostics if each.severity is Severity.ERROR] + self.merges.errors
        return _in_order(found)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The warnings so far, each once, in the order of the file."""
        return _in_order(each for each in self.diagnostics if each.severity is Severity.WARNING)

    def fields(self, child: Child, what: str, known: Collection[str], *, extensible: bool = False) -> Fields | None:
        """Return the fields of a mapping; keys that are not known are errors, but for `x-…` where it is extensible."""
        if not isinstance(child.node, Mapping):
            self.error(child.position, f"{what} must be a mapping, found {describe(child.node)}")
            return None
        entries = self.merges.entries(child.node)
        self.visit(child, len(entries) + 1)
        for key, entry in entries.items():
            is_allowed = key in known or (extensible and key.startswith("x-"))
            if not is_allowed and isinstance(entry.key.value, str):
                self.error(entry.key.position, f"unknown key {key!r} in {what}", *did_you_mean(key, known))
        return Fields(self, child, what, entries)

    def entries(self, child: Child, what: str) -> dict[str, Entry]:
        """Return the entries of a mapping that may have any keys."""
        if not isinstance(child.node, Mapping):
            self.error(child.position, f"{what} must be a mapping, found {describe(child.node)}")
            return {}
        entries = self.merges.entries(child.node)
        self.visit(child, len(entries) + 1)
        return entries

    def items(self, child: Child, what: str) -> list[Child]:
        """Return the items of a list."""
        if not isinstance(child.node, Sequence):
            self.error(child.position, f"{what} must be a list, found {describe(child.node)}")
            return []
        self.visit(child, len(child.node.items) + 1)
        return child.node.items

    def text(self, child: Child, what: str) -> str | None:
        """Return a text."""
        node = child.node
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return node.value
        mend: tuple[str, ...] = ()
        if isinstance(node, Scalar) and node.text and "\n" not in node.text:
            mend = (f'quote it if it is meant as text: "{node.text}"',)
        self.error(child.position, f"{what} must be a text, found {describe(node)}", *mend)
        return None

    def integer(self, child: Child, what: str) -> int | None:
        """Return an integer; a boolean is none."""
        node = child.node
        if isinstance(node, Scalar) and type(node.value) is int:
            return node.value
        self.error(child.position, f"{what} must be an integer, found {describe(node)}")
        return None

    def boolean(self, child: Child, what: str) -> bool | None:
        """Return a boolean."""
        node = child.node
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        self.error(child.position, f"{what} must be true or false, found {describe(node)}")
        return None

    def texts(self, child: Child, what: str) -> tuple[str, ...]:
        """Return a list of texts."""
        found = [self.text(item, f"an entry of {what}") for item in self.items(child, what)]
        return tuple(text for text in found if text is not None)

    def visit(self, child: Child, count: int) -> None:
        """Count what is read through aliases; a small file can unfold to more than any memory holds."""
        self._visits += count
        if self._visits > _MOST_VISITS:
            message = f"the aliases of this file unfold to more than {_MOST_VISITS} values"
            raise ConfigError((*self.errors, Diagnostic(child.position, message)))


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one mapping, read by name."""

    reader: ConfigReader
    place: Child
    what: str
    entries: dict[str, Entry]

    def child(self, key: str) -> Child | None:
        """Return the value of a key, or None where the mapping has no such key."""
        entry = self.entries.get(key)
        return entry.value if entry else None

    def required(self, key: str) -> Child | None:
        """Return the value of a key that must be there."""
        child = self.child(key)
        if child is None:
            self.reader.error(self.place.position, f"{self.what} has no {key!r}")
        return child

    def text(self, key: str, default: str = "") -> str:
        """Return a text, or the default."""
        child = self.child(key)
        text = self.reader.text(child, f"{key!r} of {self.what}") if child else None
        return default if text is None else text

    def required_text(self, key: str) -> str | None:
        """Return a text that must be there."""
        child = self.required(key)
        return self.reader.text(child, f"{key!r} of {self.what}") if child else None

    def required_integer(self, key: str) -> int | None:
        """Return an integer that must be there."""
        child = self.required(key)
        return self.reader.integer(child, f"{key!r} of {self.what}") if child else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where there is none."""
        child = self.child(key)
        return self.reader.texts(child, f"{key!r} of {self.what}") if child else ()

    def boolean(self, key: str) -> bool:
        """Return a boolean, False where there is none."""
        child = self.child(key)
        return bool(child and self.reader.boolean(child, f"{key!r} of {self.what}"))


def _in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda each: (each.position.source.name, each.position.line, each.position.column)))
