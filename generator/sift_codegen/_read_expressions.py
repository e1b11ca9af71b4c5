"""Files of named expressions: a flat mapping of names to expressions."""

from __future__ import annotations

from dataclasses import dataclass

from sift_codegen._config_reader import ConfigReader
from sift_codegen._diagnostics import Position
from sift_codegen._yaml_nodes import Child

__all__ = ["NamedExpression", "read_named_expressions"]


@dataclass(frozen=True, slots=True)
class NamedExpression:
    """An expression and where its name stands."""

    text: str
    position: Position


def read_named_expressions(roots: list[Child], reader: ConfigReader) -> dict[str, NamedExpression]:
    """Return the expressions of all files by name; a name may stand once only."""
    expressions: dict[str, NamedExpression] = {}
    for root in roots:
        for name, entry in reader.entries(root, "a file of named expressions").items():
            text = reader.text(entry.value, f"expression {name!r}")
            position = entry.key.position
            if name in expressions:
                first = expressions[name].position
                message = f"the named expression {name!r} stands twice"
                reader.findings.error(position, message, f"first at {first}", code="SC414", also=(first,))
            else:
                expressions[name] = NamedExpression(text or "", position)
    return expressions
