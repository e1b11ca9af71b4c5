"""The entry in a .pre-commit-config.yaml."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import yaml

from sift_codegen._diagnostics import ConfigError, SourceFile
from sift_codegen._init._steps import Outcome, Step, content_of, ending_of
from sift_codegen._yaml_compose import compose
from sift_codegen._yaml_nodes import Mapping, Sequence

__all__ = ["pre_commit_step"]


def pre_commit_step(path: Path, hooks: str) -> Step:
    """Return what becomes of a pre-commit config: a new one, one entry more, or, where that is not sure, a request."""
    before = content_of(path)
    if before is None:
        content = f"repos:\n{textwrap.indent(hooks, '  ')}".encode()
        return Step(path=path, outcome=Outcome.CREATE, content=content)
    try:
        text = before.decode()
        data = yaml.safe_load(text)
    except (ValueError, yaml.YAMLError):
        return Step(path=path, outcome=Outcome.BY_HAND, why="it cannot be read as YAML", by_hand=hooks)
    if _has_our_hooks(data):
        return Step(path=path, outcome=Outcome.KEEP, why="it has hooks of sift-codegen already")
    after = _with_entry(text, hooks)
    if after is None or not _has_gained(data, after, hooks):
        return Step(path=path, outcome=Outcome.BY_HAND, why="no list of repositories to add to", by_hand=hooks)
    return Step(path=path, outcome=Outcome.EXTEND, content=after.encode())


def _has_our_hooks(data: object) -> bool:
    repos = data.get("repos") if isinstance(data, dict) else None
    hooks = [hook for repo in repos or () if isinstance(repo, dict) for hook in repo.get("hooks") or ()]
    return any(isinstance(hook, dict) and str(hook.get("id")).startswith("sift-codegen") for hook in hooks)


def _with_entry(text: str, hooks: str) -> str | None:
    """Return the text with an entry more in `repos`, indented as its first; None where that is not a block list."""
    lines = text.splitlines(keepends=True)
    place = _repos_of(text)
    found = re.match(r"( *)- ", lines[place[0] - 1]) if place else None
    if not place or not found:
        return None
    end = place[1] - 1 if place[1] else len(lines)
    while not lines[end - 1].strip() or (place[1] and lines[end - 1].lstrip().startswith("#")):
        end -= 1  # what stands above the next key belongs to that
    ending = ending_of(text.encode())
    entry = textwrap.indent(hooks, found[1]).replace("\n", ending)
    head = "".join(lines[:end])
    return head + ("" if head.endswith("\n") else ending) + entry + "".join(lines[end:])


def _repos_of(text: str) -> tuple[int, int] | None:
    """Return the line of the first entry of `repos` and the line of the key after it, 0 where that is the last."""
    try:
        root = compose(SourceFile("", text, ""))
    except ConfigError:
        return None
    if root is None or not isinstance(root.node, Mapping):
        return None
    entries = root.node.entries
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        if entry.key.text == "repos" and isinstance(entry.value.node, Sequence) and entry.value.node.items:
            return entry.value.node.items[0].position.line, following.key.position.line if following else 0
    return None


def _has_gained(data: dict[str, Any], after: str, hooks: str) -> bool:
    try:
        return bool(yaml.safe_load(after) == {**data, "repos": data["repos"] + yaml.safe_load(hooks)})
    except yaml.YAMLError:
        return False
