"""The command over every invalid config: exit code 2, every error shown, no traceback and no output folder."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sift_codegen.cli import main

FOLDER = Path(__file__).parent
CASES = sorted(path.name for path in FOLDER.glob("*.yaml"))
OPTIONS = {"# named-expressions: ": "--named-expressions", "# rule-modules: ": "--rule-modules"}


def command_line(name: str, output: Path) -> list[str]:
    words = [name, "-o", str(output)]
    for line in (FOLDER / name).read_text("utf-8").split("\n"):
        for beginning, option in OPTIONS.items():
            if line.startswith(beginning):
                words += [option, line.removeprefix(beginning)]
    return words


def errors_stated(name: str) -> int:
    return (FOLDER / name).read_text("utf-8").count("\n# expect: ")


@pytest.mark.parametrize("name", CASES)
def test_an_invalid_config_writes_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    result = CliRunner().invoke(main, command_line(name, tmp_path / "sdk"))
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    *_, last = result.stderr.splitlines()
    errors = errors_stated(name)
    assert last == f"{errors} error{'' if errors == 1 else 's'}; nothing was written"
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def confine() -> None:
    """Leave the process a gigabyte of address space and 30 seconds of processor time."""
    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30))


@pytest.mark.parametrize("name", ["alias_bomb.yaml", "deep_nesting.yaml", "long_number.yaml", "wrong_types.yaml"])
def test_the_process_itself_within_bounds(name: str, tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("sift-codegen")), *command_line(name, tmp_path / "sdk")]
    done = subprocess.run(command, cwd=FOLDER, preexec_fn=confine, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.endswith("; nothing was written\n")
    assert list(tmp_path.iterdir()) == []
