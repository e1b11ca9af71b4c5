"""Walks a node tree, checks types and keys, and collects every error on the way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sift_codegen._diagnostics import Position
from sift_codegen._findings import Findings
from sift_codegen._suggestion import did_you_mean
from sift_codegen._yaml_budget import VisitBudget
from sift_codegen._yaml_merge import MergeResolver
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Scalar, Sequence, describe

__all__ = ["ConfigReader", "Fields"]


@dataclass(slots=True)
class ConfigReader:
    """Typed access to nodes; what is wrong goes to `findings` and reads as None, so that reading goes on."""

    findings: Findings = field(default_factory=Findings)
    budget: VisitBudget = field(default_factory=VisitBudget)
    merges: MergeResolver = field(init=False)

    def __post_init__(self) -> None:
        """Share findings and budget with the merges."""
        self.merges = MergeResolver(self.findings, self.budget)

    def error(self, place: Child | Position, message: str, *notes: str, code: str = "") -> None:
        """Note an error; of a node that an alias stands for, both places are told."""
        if isinstance(place, Position):
            self.findings.error(place, message, *notes, code=code)
            return
        also: tuple[Position, ...] = ()
        if place.position != place.node.position:
            notes, also = (*notes, f"the anchor is at {place.node.position}"), (place.node.position,)
        self.findings.error(place.position, message, *notes, code=code, also=also)

    def fields(self, child: Child, what: str, known: Collection[str], *, extensible: bool = False) -> Fields | None:
        """Return the fields of a mapping; keys that are not known are errors, but for `x-…` where it is extensible."""
        if not isinstance(child.node, Mapping):
            self.error(child, f"{what} must be a mapping, found {describe(child.node)}", code="SC005")
            return None
        entries = self.merges.entries(child.node)
        self.budget.spend(child.position, len(entries) + 1)
        for key, entry in entries.items():
            is_allowed = key in known or (extensible and key.startswith("x-"))
            if not is_allowed and isinstance(entry.key.value, str):
                notes = did_you_mean(key, known)
                self.error(entry.key.position, f"unknown key {key!r} in {what}", *notes, code="SC001")
        return Fields(self, child, what, entries)

    def entries(self, child: Child, what: str) -> dict[str, Entry]:
        """Return the entries of a mapping that may have any keys."""
        if not isinstance(child.node, Mapping):
            self.error(child, f"{what} must be a mapping, found {describe(child.node)}", code="SC005")
            return {}
        entries = self.merges.entries(child.node)
        self.budget.spend(child.position, len(entries) + 1)
        return entries

    def items(self, child: Child, what: str) -> list[Child]:
        """Return the items of a list."""
        if not isinstance(child.node, Sequence):
            self.error(child, f"{what} must be a list, found {describe(child.node)}", code="SC005")
            return []
        self.budget.spend(child.position, len(child.node.items) + 1)
        return child.node.items

    def text(self, child: Child, what: str) -> str | None:
        """Return a text."""
        node = child.node
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return node.value
        mend: tuple[str, ...] = ()
        if isinstance(node, Scalar) and 0 < len(node.text) <= 60:
            mend = (f'quote it if it is meant as text: "{node.text}"',)
        is_unquoted = isinstance(node, Scalar) and node.is_plain and node.value is not None
        code = "SC014" if is_unquoted else "SC005"
        self.error(child, f"{what} must be a text, found {describe(node)}", *mend, code=code)
        return None

    def integer(self, child: Child, what: str) -> int | None:
        """Return an integer; a boolean is none."""
        node = child.node
        if isinstance(node, Scalar) and type(node.value) is int:
            return node.value
        code = "SC106" if isinstance(node, Scalar) and isinstance(node.value, bool) else "SC005"
        self.error(child, f"{what} must be an integer, found {describe(node)}", code=code)
        return None

    def boolean(self, child: Child, what: str) -> bool | None:
        """Return a boolean."""
        node = child.node
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        is_yes_or_no = isinstance(node, Scalar) and node.text.lower() in ("yes", "no", "on", "off", "y", "n")
        mend = ("YAML 1.2 has no other words for true and false",) if is_yes_or_no else ()
        self.error(child, f"{what} must be true or false, found {describe(node)}", *mend, code="SC005")
        return None

    def texts(self, child: Child, what: str) -> tuple[str, ...]:
        """Return a list of texts."""
        found = [self.text(item, f"an entry of {what}") for item in self.items(child, what)]
        return tuple(text for text in found if text is not None)


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

    def optional(self, key: str) -> Child | None:
        """Return the value of a key that may be left out; null leaves it out too, as sift_py reads it."""
        child = self.child(key)
        is_null = child is not None and isinstance(child.node, Scalar) and child.node.value is None
        return None if is_null else child

    def required(self, key: str) -> Child | None:
        """Return the value of a key that must be there."""
        child = self.child(key)
        if child is None:
            self.reader.error(self.place, f"{self.what} has no {key!r}", code="SC006")
        return child

    def text(self, key: str) -> str:
        """Return a text, empty where there is none."""
        child = self.optional(key)
        return (child and self.reader.text(child, f"{key!r} of {self.what}")) or ""

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
        child = self.optional(key)
        return self.reader.texts(child, f"{key!r} of {self.what}") if child else ()

    def boolean(self, key: str) -> bool:
        """Return a boolean, False where there is none."""
        child = self.optional(key)
        return bool(child and self.reader.boolean(child, f"{key!r} of {self.what}"))
