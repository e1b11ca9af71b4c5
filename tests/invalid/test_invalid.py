"""Every invalid config, against the complete list of what is wrong with it, which each file states in its head.

The head is comment lines: `# expect: LINE:COL: message` for each error in order, `# note: …` for each line below it.
An error in another file is stated as `FILE:LINE:COL: message`; `# named-expressions: FILE` and `# rule-modules: PATH`
name what is read with the config.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from sift_codegen import ConfigError, Diagnostic, SideInputs
from sift_codegen._read_config import read_telemetry_config
from sift_codegen._render_diagnostics import render_diagnostic

FOLDER = Path(__file__).parent
CASES = sorted(path.name for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("name", CASES)
def test_every_error_is_told_at_once_and_in_its_place(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    head = list(_head(Path(name)))
    with pytest.raises(ConfigError) as caught:
        read_telemetry_config(Path(name), _side_inputs(head))
    found = [line for diagnostic in caught.value.diagnostics for line in _told(name, diagnostic)]
    assert found == [(kind, text) for kind, text in head if kind in ("expect", "note")]
    assert all(render_diagnostic(diagnostic) for diagnostic in caught.value.diagnostics)


def _head(path: Path) -> Iterator[tuple[str, str]]:
    for line in takewhile(lambda line: line.startswith("# "), path.read_text("utf-8").split("\n")):
        kind, colon, text = line.removeprefix("# ").partition(": ")
        if colon and " " not in kind:
            yield kind, text


def _side_inputs(head: list[tuple[str, str]]) -> SideInputs:
    return SideInputs(
        named_expressions=tuple(Path(text) for kind, text in head if kind == "named-expressions"),
        rule_modules=tuple(Path(text) for kind, text in head if kind == "rule-modules"),
    )


def _told(name: str, diagnostic: Diagnostic) -> Iterator[tuple[str, str]]:
    yield "expect", f"{diagnostic.position}: {diagnostic.message}".removeprefix(f"{name}:")
    for note in diagnostic.notes:
        yield "note", note
