"""SC010 for whole documents: anchors that are given twice, and the marks of a document."""

from __future__ import annotations

from collections.abc import Iterator

from sift_codegen._diagnostics import Diagnostic, Position
from sift_codegen._lint._finding import found
from sift_codegen._lint._texts import Text
from sift_codegen._lint._tokens import anchors, document_starts

__all__ = ["ambiguous_documents"]


def ambiguous_documents(text: Text) -> Iterator[Diagnostic]:
    """Yield a finding for each anchor with a name that is taken, and for a `---`."""
    first: dict[str, Position] = {}
    for name, place in anchors(text):
        other = first.setdefault(name, place)
        if other is not place:
            message = f"ambiguous anchor &{name}: rapidyaml reads aliases below as this one, PyYAML refuses the file"
            yield found("SC010", place, message, f"first at {other}", "give it a name of its own", also=(other,))
    for place in document_starts(text):
        message = "ambiguous ---: rapidyaml reads a list of documents, which is no config, PyYAML reads the document"
        yield found("SC010", place, message, "leave it out: a config is one document")
