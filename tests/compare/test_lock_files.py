"""Lock files that are damaged, and how one is written together with its package."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sift_codegen import GenerateRequest, OutputError, generate
from tests.compare.command import run
from tests.compare.drifts import BASE
from tests.compare.locking import LOCK, WORDS, append, mutate
from tests.compare.snapshots import snapshot
from tests.generator.packages import write_config


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            lambda text: text.replace('"int32"', '"int64"'),
            f"{LOCK}:15:1: edited by hand, merged or damaged",
        ),
        (lambda text: text.replace("[4, 1]", "[5, 1]"), f"{LOCK}:15:1: edited by hand"),
        (lambda text: text.replace('"log",', '"log" ,'), f"{LOCK}:27:1: edited by hand, or damaged"),
        (lambda text: text[:300], f"{LOCK}:1:1: "),
        (lambda text: text.replace("format = 1", "format = 2"), f"{LOCK}:1:1: format is 2; this sift-codegen knows"),
        (
            lambda text: text.replace("\n[[config.flow", "\n<<<<<<< HEAD\n[[config.flow", 1),
            f"{LOCK}:13:1: has the marks",
        ),
        (lambda text: "[" * 5000, f"{LOCK}:1:1: not TOML"),
        (lambda text: "format = 1\nconfig = 3\n", f"{LOCK}:1:1: damaged"),
        (lambda text: "", f"{LOCK}:1:1: format is None"),
    ],
)
def test_a_lock_that_is_damaged_or_edited_is_an_error_with_a_mend(
    project: Path, damage: Callable[[str], str], told: str
) -> None:
    path = project / LOCK
    path.write_text(damage(path.read_text()))
    before = snapshot(project)
    for words in (WORDS, ("check", *WORDS), (*WORDS, "--accept-break"), ("diff", LOCK, "vehicle.yaml")):
        done = run(*words, cwd=project)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(told), done.stderr
        assert "generate" in done.stderr
    assert snapshot(project) == before


@pytest.mark.parametrize(("config", "line"), [("stand.yaml", 6), ("vehicle.yaml", 7)])
def test_a_section_that_was_removed_as_a_whole_is_an_error(project: Path, config: str, line: int) -> None:
    (project / "stand.yaml").write_text((project / "vehicle.yaml").read_text())
    assert run("stand.yaml", "-o", "stand", cwd=project).exit_code == 0
    head, *sections = (project / LOCK).read_text().split("\n[[config]]\n")
    left = [section for section in sections if not section.startswith(f'path = "{config}"')]
    (project / LOCK).write_text("\n[[config]]\n".join([head, *left]))
    for words in (WORDS, ("stand.yaml", "-o", "stand")):
        done = run(*words, cwd=project)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(f"{LOCK}:{line}:1: the section of '{config}' is missing")
        assert "restore it from version control" in done.stderr


def test_line_ends_of_windows_are_no_damage(project: Path) -> None:
    path = project / LOCK
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = snapshot(project)
    assert run(*WORDS, cwd=project).exit_code == 0
    assert snapshot(project) == before


def test_a_file_that_is_no_lock_is_never_written_over(tmp_path: Path) -> None:
    write_config(tmp_path, BASE)
    before = snapshot(tmp_path)
    done = run("-o", "sdk", "vehicle.yaml", "--lock", "vehicle.yaml", cwd=tmp_path)
    assert (done.exit_code, "vehicle.yaml:1:1: not TOML" in done.stderr) == (2, True)
    assert snapshot(tmp_path) == before


def test_a_package_that_cannot_be_written_leaves_the_lock(project: Path) -> None:
    mutate(project, append)
    (project / "sdk/flows/logs.py").unlink()
    (project / "sdk/flows/logs.py").mkdir()
    before = (project / LOCK).read_bytes()
    assert run(*WORDS, cwd=project).exit_code == 2
    assert (project / LOCK).read_bytes() == before
    assert sorted(path.name for path in project.iterdir()) == ["sdk", LOCK, "vehicle.yaml"]


def test_a_lock_that_cannot_be_written_leaves_the_package(project: Path) -> None:
    mutate(project, append)
    (project / f".{LOCK}.new").mkdir()
    before = snapshot(project / "sdk")
    with pytest.raises(OutputError, match=f"{LOCK}: cannot be written"):
        generate(GenerateRequest(config=project / "vehicle.yaml", output=project / "sdk"))
    assert snapshot(project / "sdk") == before


KILLED = """
import os, sys
_, moment, *sys.argv[1:] = sys.argv
def kill(event, arguments):
    if event == "os.rename" and "sift-codegen.lock" in str(arguments):
        os._exit(9) if moment == "kill" else sys.exit("full")
sys.addaudithook(kill)
from sift_codegen.__main__ import main
main()
"""


@pytest.mark.parametrize("moment", ["kill", "fail"])
def test_a_lock_is_never_half_written_or_ahead_of_its_package(project: Path, moment: str) -> None:
    mutate(project, append)
    before = (project / LOCK).read_bytes()
    command = [sys.executable, "-c", KILLED, moment, *WORDS]
    assert subprocess.run(command, cwd=project, capture_output=True, check=False).returncode != 0
    assert (project / LOCK).read_bytes() == before
    assert "level" in (project / "sdk/flows/logs.py").read_text()
    assert run(*WORDS, cwd=project).exit_code == 0
    assert run("check", *WORDS, cwd=project).exit_code == 0
    assert sorted(path.name for path in project.iterdir()) == ["sdk", LOCK, "vehicle.yaml"]


def test_runs_at_once_lose_no_config(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(3)]
    for name in names:
        write_config(tmp_path, BASE).rename(tmp_path / f"{name}.yaml")
    for _ in range(2):
        (tmp_path / LOCK).unlink(missing_ok=True)
        command = [sys.executable, "-m", "sift_codegen"]
        runs = [
            subprocess.Popen([*command, f"{name}.yaml", "-o", name, f"--lock={LOCK}"], cwd=tmp_path, stdout=-3)
            for name in names
        ]
        assert [each.wait(120) for each in runs] == [0] * len(names)
        for name in names:
            assert f'path = "{name}.yaml"' in (tmp_path / LOCK).read_text()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="there are no links on this system")
def test_a_link_to_a_lock_stays_one(project: Path) -> None:
    (project / "real").mkdir()
    (project / LOCK).unlink()
    (project / LOCK).symlink_to("real/wire.lock")
    (project / "real/wire.lock").write_text("")
    (project / "real/wire.lock").unlink()
    assert "cannot be read" in run(*WORDS, cwd=project).stderr
    assert run(*WORDS, "--lock", "real/wire.lock", cwd=project).exit_code == 0
    mutate(project, append)
    assert run(*WORDS, cwd=project).exit_code == 0
    assert (project / LOCK).is_symlink()
    assert "level" in (project / "real/wire.lock").read_text()
