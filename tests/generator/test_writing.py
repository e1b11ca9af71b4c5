"""A package is written whole or not at all, over files of ours only."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sift_codegen import OutputError
from tests.generator.packages import channel, config_of
from tests.generator.writing import ONE, TWO, run, tree


def test_the_manifest_lists_every_file(tmp_path: Path) -> None:
    run(tmp_path, ONE)
    files = set(tree(tmp_path / "sdk")) - {".sift-codegen.json"}
    assert files == set(json.loads((tmp_path / "sdk/.sift-codegen.json").read_text())["files"])
    assert files == {
        "__init__.py",
        "_lazy.py",
        "any_flow.py",
        "columns/__init__.py",
        "columns/one.py",
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
    assert report.written.removed == ("columns/one.py", "flows/one.py")
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
    with pytest.raises(OutputError, match="is no directory"):
        run(tmp_path, ONE)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
@pytest.mark.parametrize(
    "fault", ["kill", "kill_twice", "interrupt", "interrupt_again", "full_disk", "full_disk_for_good"]
)
def test_a_fault_at_any_step_leaves_all_or_nothing(tmp_path: Path, fault: str) -> None:
    script = Path(__file__).parent / "scripts/faulty_writing.py"
    command = [sys.executable, str(script), fault, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    tries, rescues = map(int, re.findall(r"\d+", done.stdout))
    assert tries > 20
    assert (rescues > 0) == (fault == "full_disk_for_good")


def make_directory(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "thesis.tex").write_text("years of work")


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [make_directory, make_pipe])
@pytest.mark.parametrize("place", ["enums/s.py", "flows/one.py"])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, make: Callable[[Path], None], place: str) -> None:
    run(tmp_path, ONE)
    target = tmp_path / "sdk" / place
    target.unlink(missing_ok=True)
    target.parent.mkdir(exist_ok=True)
    make(target)
    before = sorted((tmp_path / "sdk").rglob("*"))
    with pytest.raises(OutputError, match=f"{place}: in the way, and no file"):
        run(tmp_path, config_of(channel("s", "enum", enum_types=[{"name": "on", "key": 0}]), flow="one"))
    assert sorted((tmp_path / "sdk").rglob("*")) == before


def test_a_file_in_place_of_a_directory_is_refused(tmp_path: Path) -> None:
    run(tmp_path, ONE)
    shutil.rmtree(tmp_path / "sdk/flows")
    (tmp_path / "sdk/flows").write_text("mine")
    with pytest.raises(OutputError, match="flows: in the way, a directory has to be there"):
        run(tmp_path, TWO)
    assert (tmp_path / "sdk/flows").read_text() == "mine"


def test_files_have_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    run(tmp_path, ONE)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "sdk/__init__.py").stat().st_mode) == 0o666 & ~mask
    assert stat.S_IMODE((tmp_path / "sdk").stat().st_mode) == 0o777 & ~mask
