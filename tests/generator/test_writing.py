"""A package is written whole or not at all, over files of ours only."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
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
    with pytest.raises(OutputError, match="is no directory"):
        run(tmp_path, ONE)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
@pytest.mark.parametrize("fault", ["kill", "interrupt", "full_disk"])
def test_a_fault_at_any_step_leaves_all_or_nothing(tmp_path: Path, fault: str) -> None:
    script = Path(__file__).parent / "scripts/faulty_writing.py"
    run = subprocess.run(
        [sys.executable, str(script), fault, str(tmp_path)], capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout.split()[0]) > 20


def make_directory(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "thesis.tex").write_text("years of work")


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [make_directory, make_pipe])
@pytest.mark.parametrize("place", ["enums.py", "flows/one.py"])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, make: Callable[[Path], None], place: str) -> None:
    run(tmp_path, ONE)
    target = tmp_path / "sdk" / place
    target.unlink(missing_ok=True)
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


def test_a_path_through_a_directory_that_is_not_there_is_looked_at_as_it_is_meant(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/__init__.py").write_text("mine")
    config = write_config(tmp_path, ONE)
    with pytest.raises(OutputError, match="not empty, and not made by sift-codegen"):
        generate(GenerateRequest(config=config, output=tmp_path / "nothere/../mine"))
    assert tree(tmp_path / "mine") == {"__init__.py": b"mine"}


def test_a_link_to_a_directory_may_be_the_output(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "sdk").symlink_to("real")
    run(tmp_path, ONE)
    run(tmp_path, TWO)
    assert (tmp_path / "sdk").is_symlink()
    assert (tmp_path / "real/flows/two.py").exists()


def test_runs_at_once_never_mix(tmp_path: Path) -> None:
    configs = []
    for number in range(2):
        (tmp_path / f"c{number}").mkdir()
        channels = [channel(f"c{number}", "double")]
        flows = [{"name": f"flow{each}", "channels": channels} for each in range(10)]
        configs.append(write_config(tmp_path / f"c{number}", {"asset_name": "rover", "flows": flows}))
    expected = []
    for config in configs:
        generate(GenerateRequest(config=config, output=tmp_path / "sdk"))
        expected.append(tree(tmp_path / "sdk"))
    command = [sys.executable, "-m", "sift_codegen"]
    for _ in range(3):
        runs = [subprocess.Popen([*command, str(config), "-o", str(tmp_path / "sdk")]) for config in configs * 2]
        assert [each.wait(120) for each in runs] == [0] * 4
        assert tree(tmp_path / "sdk") in expected


@pytest.mark.parametrize("name", ["x" * 300, "loop/sdk", "y" * 250])
def test_an_output_that_cannot_be_is_an_error_of_ours(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    config = write_config(tmp_path, ONE)
    if len(name) == 250:  # long, but a name
        generate(GenerateRequest(config=config, output=tmp_path / name))
        return
    with pytest.raises(OutputError, match=r"cannot be (written|read)"):
        generate(GenerateRequest(config=config, output=tmp_path / name))


def test_files_have_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    run(tmp_path, ONE)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "sdk/__init__.py").stat().st_mode) == 0o666 & ~mask
    assert stat.S_IMODE((tmp_path / "sdk").stat().st_mode) == 0o777 & ~mask
