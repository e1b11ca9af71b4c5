"""A package is written whole or not at all, over files of ours only."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from sift_codegen import GenerateReport, GenerateRequest, OutputError, generate
from tests.generator.packages import Config, channel, config_of, write_config

ONE = config_of(channel("a", "double"), flow="one")
TWO = config_of(channel("a", "double"), flow="two")


def run(tmp_path: Path, config: Config) -> GenerateReport:
    return generate(GenerateRequest(config=write_config(tmp_path, config), output=tmp_path / "sdk"))


def tree(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def test_the_manifest_lists_every_file(tmp_path: Path) -> None:
    run(tmp_path, ONE)
    files = set(tree(tmp_path / "sdk")) - {".sift-codegen.json"}
    assert files == set(json.loads((tmp_path / "sdk/.sift-codegen.json").read_text())["files"])
    assert files == {
        "__init__.py",
        "any_flow.py",
        "columns.py",
        "flows/__init__.py",
        "flows/one.py",
        "py.typed",
        "telemetry.py",
    }


def test_a_second_run_touches_nothing(tmp_path: Path) -> None:
    run(tmp_path, ONE)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "sdk").rglob("*")}
    report = run(tmp_path, ONE)
    assert (report.written.written, report.written.removed) == ((), ())
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "sdk").rglob("*")} == before


def test_stale_files_go_and_the_files_of_others_stay(tmp_path: Path) -> None:
    run(tmp_path, ONE)
    mine = tmp_path / "sdk/flows/notes.txt"
    mine.write_text("mine")
    report = run(tmp_path, TWO)
    assert report.written.removed == ("flows/one.py",)
    assert not (tmp_path / "sdk/flows/one.py").exists()
    assert (tmp_path / "sdk/flows/two.py").exists()
    assert mine.read_text() == "mine"


def test_a_stale_file_that_was_edited_stays_and_is_named(tmp_path: Path) -> None:
    run(tmp_path, ONE)
    (tmp_path / "sdk/flows/one.py").write_text("edited")
    assert run(tmp_path, TWO).written.kept == ("flows/one.py",)
    assert (tmp_path / "sdk/flows/one.py").read_text() == "edited"


def test_a_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sdk").mkdir()
    (tmp_path / "sdk/thesis.tex").write_text("years of work")
    with pytest.raises(OutputError, match="not empty, and not made by sift-codegen"):
        run(tmp_path, ONE)
    assert tree(tmp_path / "sdk") == {"thesis.tex": b"years of work"}


def test_a_file_of_somebody_else_in_the_way_is_refused(tmp_path: Path) -> None:
    run(tmp_path, ONE)
    (tmp_path / "sdk/flows/two.py").write_text("mine")
    before = tree(tmp_path / "sdk")
    with pytest.raises(OutputError, match=r"flows/two\.py: in the way"):
        run(tmp_path, TWO)
    assert tree(tmp_path / "sdk") == before


@pytest.mark.parametrize("manifest", ["{", "[]", '{"format": 9, "files": {}}', '{"format": 1, "files": {"../x": "0"}}'])
def test_a_broken_manifest_is_refused(tmp_path: Path, manifest: str) -> None:
    run(tmp_path, ONE)
    (tmp_path / "sdk/.sift-codegen.json").write_text(manifest)
    before = tree(tmp_path / "sdk")
    with pytest.raises(OutputError, match="not a manifest"):
        run(tmp_path, TWO)
    assert tree(tmp_path / "sdk") == before


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sdk").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        run(tmp_path, ONE)


def test_a_step_that_fails_takes_every_step_back(tmp_path: Path) -> None:
    run(tmp_path, ONE)
    before = tree(tmp_path / "sdk")
    # A directory of somebody's where a file must go: seen only when the files are exchanged.
    (tmp_path / "sdk/enums.py/inner").mkdir(parents=True)
    with pytest.raises(OutputError):
        run(tmp_path, config_of(channel("s", "enum", enum_types=[{"name": "on", "key": 0}]), flow="two"))
    assert tree(tmp_path / "sdk") == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_files_have_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    run(tmp_path, ONE)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "sdk/__init__.py").stat().st_mode) == 0o666 & ~mask
    assert stat.S_IMODE((tmp_path / "sdk").stat().st_mode) == 0o777 & ~mask
