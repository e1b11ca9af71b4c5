"""`sift-codegen schema` as a process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sift_codegen._schema import schema_text
from tests.generator.test_command import sift_codegen


@pytest.mark.parametrize("kind", ["config", "rules", "expressions"])
def test_it_prints_the_schema_of_each_kind(kind: str, tmp_path: Path) -> None:
    done = sift_codegen("schema", "--of", kind, cwd=tmp_path)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", schema_text(kind))
    assert json.loads(done.stdout)["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_it_writes_a_file_and_renews_it(tmp_path: Path) -> None:
    path = tmp_path / ".vscode/telemetry.json"
    for told, before in (("written", None), ("unchanged", None), ("written", '{"title": "Sift telemetry config"}')):
        if before:
            path.write_text(before)
        done = sift_codegen("schema", "-o", path, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"{path}: {told}; ")
        assert path.read_text("utf-8") == schema_text("config")


@pytest.mark.parametrize("content", ["asset_name: rover\n", "[1]", '{"title": "mine"}', "[" * 100_000])
def test_it_leaves_what_is_no_schema_of_ours(content: str, tmp_path: Path) -> None:
    path = tmp_path / "vehicle.yaml"
    path.write_text(content)
    done = sift_codegen("schema", "-o", path, cwd=tmp_path)
    assert done.returncode == 2
    assert "holds something else than a schema of ours" in done.stderr
    assert path.read_text() == content
