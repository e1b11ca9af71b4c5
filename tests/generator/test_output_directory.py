"""Which directory is written, whoever else is writing or looks at it through another path."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sift_codegen import GenerateRequest, OutputError, generate
from tests.generator.packages import channel, write_config
from tests.generator.writing import ONE, TWO, run, tree


def test_a_path_through_a_directory_that_is_not_there_is_looked_at_as_it_is_meant(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/__init__.py").write_text("mine")
    config = write_config(tmp_path, ONE)
    with pytest.raises(OutputError, match="not empty, and not made by sift-codegen"):
        generate(GenerateRequest(config=config, output=tmp_path / "nothere/../mine"))
    assert tree(tmp_path / "mine") == {"__init__.py": b"mine"}
    assert not (tmp_path / "nothere").exists()


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


WATCHED = """
import os, sys
from pathlib import Path
_, moment, config, directory = sys.argv
def watch(event, arguments):
    if event == moment == "tempfile.mkdtemp":
        Path(directory).mkdir()
        Path(directory, "__init__.py").write_text("mine")
    if event == moment == "fcntl.flock":
        print(os.fstat(arguments[0]).st_ino, flush=True)
sys.addaudithook(watch)
from sift_codegen.__main__ import main
sys.argv[1:] = [config, "-o", directory]
main()
"""


def watched(moment: str, *words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WATCHED, moment, *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_what_comes_while_the_package_is_made_is_not_overwritten(tmp_path: Path) -> None:
    with watched("tempfile.mkdtemp", write_config(tmp_path, ONE), tmp_path / "sdk") as process:
        _, told = process.communicate(timeout=120)
    assert (process.returncode, "sdk: cannot be written: " in told) == (2, True), told
    assert tree(tmp_path / "sdk") == {"__init__.py": b"mine"}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no locks on directories on this system")
@pytest.mark.parametrize("name", ["real/sdk", "link"])
def test_what_is_there_is_looked_at_when_no_other_run_is_writing(tmp_path: Path, name: str) -> None:
    import fcntl  # not on every system

    (tmp_path / "real/sdk").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real/sdk")
    lock = os.open(tmp_path / "real", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with watched("fcntl.flock", write_config(tmp_path, ONE), tmp_path / name) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) == (tmp_path / "real").stat().st_ino
        (tmp_path / "real/sdk/thesis.tex").write_text("years of work")
        os.close(lock)
        _, told = process.communicate(timeout=120)
    assert "not empty, and not made by sift-codegen" in told
    assert tree(tmp_path / "real/sdk") == {"thesis.tex": b"years of work"}


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="this system has no second file system for everybody")
def test_a_link_to_another_file_system_may_be_the_output(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        (tmp_path / "sdk").symlink_to(elsewhere)
        run(tmp_path, ONE)
        run(tmp_path, TWO)
        assert (Path(elsewhere) / "flows/two.py").exists()


LONG_NAMES = ["y" * 250, "\N{HIRAGANA LETTER A}" * 80]


@pytest.mark.parametrize("name", LONG_NAMES)
def test_a_long_name_is_a_name(tmp_path: Path, name: str) -> None:
    generate(GenerateRequest(config=write_config(tmp_path, ONE), output=tmp_path / name))
    assert (tmp_path / name / "flows/one.py").exists()


@pytest.mark.parametrize("name", ["x" * 300, "loop/sdk"])
def test_an_output_that_cannot_be_is_an_error_of_ours(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    config = write_config(tmp_path, ONE)
    with pytest.raises(OutputError, match=r"cannot be (written|read)"):
        generate(GenerateRequest(config=config, output=tmp_path / name))
