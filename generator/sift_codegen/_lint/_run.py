"""All rules over all configs, and what is left of their findings after selection and comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from sift_codegen._check_rules import check_rules
from sift_codegen._config import TelemetryConfig
from sift_codegen._diagnostics import Diagnostic, Severity, SourceFile
from sift_codegen._lint._ambiguous_documents import ambiguous_documents
from sift_codegen._lint._ambiguous_merges import ambiguous_merges
from sift_codegen._lint._ambiguous_scalars import ambiguous_scalars
from sift_codegen._lint._client_keys import check_client_keys
from sift_codegen._lint._finding import Finding, graded
from sift_codegen._lint._fixes import fixes_of
from sift_codegen._lint._flow_rules import check_channel_map, check_emptiness, check_sameness
from sift_codegen._lint._ignores import Ignores
from sift_codegen._lint._name_rules import check_names
from sift_codegen._lint._part_rules import check_parts
from sift_codegen._lint._rule_rules import check_rule_words
from sift_codegen._lint._selection import Selection
from sift_codegen._lint._texts import Text
from sift_codegen._read_config import Document, Reading, SideInputs, read_leniently
from sift_codegen._symbols import assign_symbols

__all__ = ["LintReport", "LintRequest", "lint"]

_FOLLOWS_FROM_TYPES: Final = frozenset({"SC301", "SC411"})
_TYPE_MISTAKES: Final = frozenset({"SC006", "SC307"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LintRequest:
    """A config to look at; `rule_mistakes` says what `generate` makes of mistakes in its rules."""

    config: Path
    side_inputs: SideInputs = field(default_factory=SideInputs)
    rule_mistakes: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class LintReport:
    """What was found, by file and place, and the files that were read."""

    findings: tuple[Finding, ...]
    documents: tuple[Document, ...]
    is_unreadable: bool
    """Whether a file could not be read, or is not YAML."""


def lint(requests: Iterable[LintRequest], selection: Selection) -> LintReport:
    """Return what the selected rules find in the configs and in the files with them."""
    read = [(request, read_leniently(request.config, request.side_inputs)) for request in requests]
    documents = {document.source: document for _, reading in read for document in reading.documents}
    texts = {source: Text(source) for source in documents}
    diagnostics = dict.fromkeys(_diagnostics(read, documents, texts))
    ignores = Ignores()
    for text in texts.values():
        ignores.read(text)
    kept = [each for each in ignores.without_ignored(diagnostics) if selection.has(each.code)]
    kept += [each for each in ignores.mistakes(selection) if selection.has(each.code)]
    fixes = fixes_of(kept, diagnostics, texts, documents)
    findings = tuple(Finding(each, fixes.get(each, ())) for each in _in_order(kept, documents))
    is_unreadable = any(not reading.documents and not _gave_up(reading) for _, reading in read)
    return LintReport(findings, tuple(documents.values()), is_unreadable)


def _diagnostics(
    read: list[tuple[LintRequest, Reading]], documents: dict[SourceFile, Document], texts: dict[SourceFile, Text]
) -> Iterator[Diagnostic]:
    for request, reading in read:
        yield from map(graded, (*reading.errors, *reading.warnings))
        if reading.config:
            yield from _of_config(reading.config, reading, request)
    for source, document in documents.items():
        yield from ambiguous_scalars(document, texts[source])
        yield from ambiguous_merges(document)
        yield from ambiguous_documents(texts[source])
    yield from check_client_keys(reading for _, reading in read)


def _of_config(config: TelemetryConfig, reading: Reading, request: LintRequest) -> Iterator[Diagnostic]:
    """Yield what is wrong with what could be read; not what only follows from an error that is told already."""
    known = {error.code for error in reading.errors}
    for each in _once(_of_readable(config, reading, request)):
        if each.code not in _FOLLOWS_FROM_TYPES or not known & _TYPE_MISTAKES:
            yield each


def _of_readable(config: TelemetryConfig, reading: Reading, request: LintRequest) -> Iterator[Diagnostic]:
    with_text = tuple(rule for rule in config.rules if rule.expression or not reading.errors)
    for mistake in map(graded, check_rules(replace(config, rules=with_text))):
        is_tolerated = request.rule_mistakes == "warning"
        yield replace(mistake, severity=Severity.WARNING) if is_tolerated else mistake
    yield from map(graded, assign_symbols(config)[1])
    document = reading.documents[0]
    yield from check_sameness(config)
    yield from check_names(config)
    yield from check_parts(config)
    yield from check_channel_map(document.root)
    yield from check_emptiness(config, document)
    yield from check_rule_words(config)


def _once(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield one of those that say the same of one place, as a name that many flows use stands in one."""
    seen: set[tuple[str, object, str]] = set()
    for each in diagnostics:
        key = (each.code, each.position, each.message)
        if key not in seen:
            seen.add(key)
            yield each


def _in_order(diagnostics: list[Diagnostic], documents: dict[SourceFile, Document]) -> list[Diagnostic]:
    ranks = {source: rank for rank, source in enumerate(documents)}

    def place(each: Diagnostic) -> tuple[int, int, int, str]:
        position = each.position
        return ranks.get(position.source, len(ranks)), position.line, position.column, each.code

    return sorted(diagnostics, key=place)


def _gave_up(reading: Reading) -> bool:
    return any(error.code == "SC009" for error in reading.errors)
