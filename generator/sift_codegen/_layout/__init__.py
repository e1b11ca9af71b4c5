"""Source in the form that black gives it: built as a tree, printed to fit a line or broken where black breaks it."""

from __future__ import annotations

from sift_codegen._layout.lines import laid_out
from sift_codegen._layout.nodes import Brackets, Operators, Source, call, keyword, optional, record, tuple_of, union
from sift_codegen._layout.statements import assigned, class_head, declaration, docstring, import_statement, returned

__all__ = [
    "Brackets",
    "Operators",
    "Source",
    "assigned",
    "call",
    "class_head",
    "declaration",
    "docstring",
    "import_statement",
    "keyword",
    "laid_out",
    "optional",
    "record",
    "returned",
    "tuple_of",
    "union",
]
