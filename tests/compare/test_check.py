"""`sift-codegen check`: what is not as it would be generated, and nothing written."""

from __future__ import annotations

import copy
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.compare.check_cases import CASES, change_config
from tests.compare.command import run
from tests.compare.drifts import BASE
from tests.compare.snapshots import snapshot
from tests.generator.packages import channel, write_config
from tests.generator.test_command import sift_codegen

WORDS = ("vehicle.yaml", "-o", "sdk")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a config and its package, for copies."""
    directory = tmp_path_factory.mktemp("generated")
    write_config(directory, BASE)
    assert run(*WORDS, cwd=directory).exit_code == 0
    return directory


@pytest.fixture
def package(tmp_path: Path, generated: Path) -> Path:
    """A directory with a config and its package."""
    return shutil.copytree(generated, tmp_path / "project")


@pytest.mark.parametrize(("change", "told", "preparations"), CASES)
def test_whatever_is_not_as_it_is_to_be_is_told_with_its_mend(
    package: Path, change: Callable[[Path], None], told: list[str], preparations: list[str]
) -> None:
    change(package)
    before = snapshot(package)
    done = run("check", *WORDS, cwd=package)
    assert snapshot(package) == before
    assert done.stderr == ""
    if not told:
        assert (done.exit_code, done.stdout) == (0, "sdk: as vehicle.yaml generates it, 17 files\n")
        return
    assert done.exit_code == 1
    assert done.stdout.startswith("sdk: not as vehicle.yaml generates it\n")
    for line in (*told, *preparations):
        assert line in done.stdout
    _mend(package, done.stdout)
    after = run("check", *WORDS, cwd=package)
    assert (after.exit_code, after.stdout) == (0, after.stdout.partition("\n")[0] + "\n"), after.stdout


def _mend(package: Path, told: str) -> None:
    """Do what was said, word by word."""
    for line in told.splitlines():
        if line.startswith("first: move "):
            (package / line.split()[2]).rename(package / "elsewhere")
        elif line.startswith("first: restore the manifest"):
            (package / "sdk").rename(package / "elsewhere")
        elif line.startswith("mend: "):
            words = shlex.split(line.removeprefix("mend: "))
            if words[0] == "rm":
                (package / words[1]).unlink()
            else:
                assert run(*words[1:], cwd=package).exit_code == 0


def test_the_difference_is_shown_and_can_be_left_out(package: Path) -> None:
    change_config(package)
    before = snapshot(package)
    with_diff, without = (run("check", *WORDS, *more, cwd=package).stdout for more in ([], ["--no-diff"]))
    lines = with_diff.splitlines()
    assert "--- sdk/flows/logs.py" in lines
    assert "+++ sdk/flows/logs.py (generated)" in lines
    assert "+    level: int" in lines
    assert "+++" not in without
    by_generate = run("generate", "--check", *WORDS, cwd=package)
    assert (by_generate.exit_code, by_generate.stdout) == (1, with_diff)
    assert snapshot(package) == before
    assert [line for line in lines if line in without.splitlines()] == without.splitlines()


def test_a_long_difference_is_cut_and_the_rest_is_counted(package: Path) -> None:
    config = copy.deepcopy(BASE)
    config["flows"][1]["channels"] += [channel(f"c{number}", "double") for number in range(80)]
    write_config(package, config)
    lines = run("check", *WORDS, cwd=package).stdout.splitlines()
    (left_out,) = [line for line in lines if line.endswith("are left out)")]
    more_lines, more_files = (int(word) for word in left_out.strip("()").split() if word.isdigit())
    assert more_lines > 10
    assert more_files > 0
    assert len(lines) < 230


def test_a_package_that_was_never_generated_is_all_missing(tmp_path: Path) -> None:
    write_config(tmp_path, BASE)
    done = run("check", *WORDS, cwd=tmp_path)
    assert done.exit_code == 1
    assert done.stdout.count(": missing\n") == 17
    assert done.stdout.endswith("mend: sift-codegen vehicle.yaml -o sdk\n")
    assert not (tmp_path / "sdk").exists()


def test_the_command_that_mends_has_every_option(tmp_path: Path) -> None:
    (tmp_path / "my configs").mkdir()
    write_config(tmp_path / "my configs", BASE)
    words = ["my configs/vehicle.yaml", "-o", "out put/sdk", "--protos", "sift-stack-py", "--rule-mistakes", "warning"]
    told = run("check", *words, cwd=tmp_path).stdout.splitlines()[-1]
    assert told.startswith("mend: sift-codegen 'my configs/vehicle.yaml' -o 'out put/sdk' ")
    assert run(*shlex.split(told)[2:], cwd=tmp_path).exit_code == 0
    assert run("check", *words, cwd=tmp_path).exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions on this system")
def test_a_directory_that_is_read_only_is_checked(package: Path) -> None:
    change_config(package)
    for path in (package, *package.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        done = sift_codegen("check", *WORDS, cwd=package)
    finally:
        for path in (package, *package.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert done.returncode == 1
    assert "flows/logs.py: generated differently now" in done.stdout


def test_no_file_is_opened_for_writing(package: Path) -> None:
    change_config(package)
    script = """
import os, sys
def refuse(event, arguments):
    if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and "/dev/" not in str(arguments[0]):
        raise SystemExit(f"opened {arguments}")
    if event in ("os.mkdir", "os.rename", "os.remove", "os.utime", "tempfile.mkdtemp", "tempfile.mkstemp"):
        raise SystemExit(f"{event} {arguments}")
sys.dont_write_bytecode = True
sys.addaudithook(refuse)
from sift_codegen.__main__ import main
main()
"""
    command = [sys.executable, "-c", script, "check", *WORDS, "--lock"]
    done = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (1, "")
    assert "flows/logs.py: generated differently now" in done.stdout


def test_an_upgrade_that_changes_nothing_touches_no_file(package: Path) -> None:
    """What is generated names no version of the tool: another one, as far as Python can tell, writes the same."""
    metadata = package / "path/sift_codegen-99.1.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: sift-codegen\nVersion: 99.1\n")
    path = os.pathsep.join([str(metadata.parent), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
    before = snapshot(package / "sdk")
    told = []
    for words in (["--version"], ["check", *WORDS], [*WORDS]):
        command = [sys.executable, "-m", "sift_codegen", *words]
        environment = {**os.environ, "PYTHONPATH": path}
        done = subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True, check=True)
        told.append(done.stdout)
    assert "99.1" in told[0]
    assert told[1] == "sdk: as vehicle.yaml generates it, 17 files\n"
    assert "0 files written, 17 unchanged, 0 removed" in told[2]
    assert snapshot(package / "sdk") == before


def test_all_packages_of_a_project_are_checked(package: Path) -> None:
    tables = [f'[[tool.sift-codegen.packages]]\nconfig = "vehicle.yaml"\noutput = "{name}"\n' for name in ("sdk", "b")]
    (package / "pyproject.toml").write_text("\n".join(tables))
    assert run("generate", cwd=package).exit_code == 0
    shutil.rmtree(package / "b")
    done = run("check", cwd=package)
    assert done.exit_code == 1
    assert done.stdout.startswith("sdk: as vehicle.yaml generates it, 17 files\nb: not as vehicle.yaml generates it\n")
    assert run("generate", cwd=package).exit_code == 0
    assert run("check", cwd=package).exit_code == 0


def test_a_config_with_errors_is_exit_2(package: Path) -> None:
    (package / "vehicle.yaml").write_text("asset_name: 1\n")
    before = snapshot(package)
    done = run("check", *WORDS, cwd=package)
    assert (done.exit_code, done.stdout) == (2, "")
    assert snapshot(package) == before
