"""What a YAML file says, as plain data: read by our own reader, merges and YAML 1.2's scalars included."""

from __future__ import annotations

from pathlib import Path

from sift_codegen._findings import Findings
from sift_codegen._read_source import read_source
from sift_codegen._yaml_budget import VisitBudget
from sift_codegen._yaml_compose import compose
from sift_codegen._yaml_merge import MergeResolver
from sift_codegen._yaml_nodes import Node, Scalar, Sequence

__all__ = ["plain_data"]


def plain_data(path: Path) -> object:
    """Return a document's data; raises ConfigError where the file is no YAML."""
    root = compose(read_source(path))
    return _plain(root.node, MergeResolver(Findings(), VisitBudget())) if root else None


def _plain(node: Node, merges: MergeResolver) -> object:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [_plain(item.node, merges) for item in node.items]
    return {key: _plain(entry.value.node, merges) for key, entry in merges.entries(node).items()}
