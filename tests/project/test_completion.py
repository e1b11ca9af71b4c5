"""`sift-codegen completion`, in the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.generator.test_command import sift_codegen

_BIN: Final = Path(sys.executable).parent
_COMPLETE: Final = """
set -eu
eval "$(sift-codegen completion bash)"
registered=$(complete -p sift-codegen)
[[ $registered == *" -F _sift_codegen_with_folders sift-codegen" ]]
compopt() { echo compopt "$@"; }
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_sift_codegen_with_folders sift-codegen
printf '%s\\n' "${COMPREPLY[@]}"
"""


def run(*command: str, cwd: Path) -> str:
    environment = {**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def bash(*words: str, cwd: Path) -> list[str]:
    """Return what bash offers for the last of the words."""
    program = shutil.which("bash")
    if program is None:
        pytest.skip("bash is not installed")
    return run(program, "--norc", "-c", _COMPLETE, "bash", *words, cwd=cwd).splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("vehicle.yaml", "stand.yml", "notes.txt", ".hidden.yaml", "below/pad.yaml", "below/deep/rig.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_bash_completes_subcommands_and_configs_in_the_first_place(folder: Path) -> None:
    assert bash("sift-codegen", "gen", cwd=folder) == ["generate"]
    assert bash("sift-codegen", "veh", cwd=folder) == ["vehicle.yaml"]
    offered = bash("sift-codegen", "", cwd=folder)
    assert {"generate", "schema", "init", "completion", "vehicle.yaml", "stand.yml", "below/"} <= set(offered)
    assert not {"notes.txt", ".hidden.yaml"} & set(offered)


def test_bash_completes_configs_where_a_command_takes_them(folder: Path) -> None:
    assert bash("sift-codegen", "generate", "s", cwd=folder) == ["stand.yml"]
    assert bash("sift-codegen", "vehicle.yaml", "--rule-modules", "below/p", cwd=folder) == ["below/pad.yaml"]
    assert bash("sift-codegen", "generate", ".h", cwd=folder) == [".hidden.yaml"]


def test_bash_puts_no_space_behind_a_folder(folder: Path) -> None:
    assert bash("sift-codegen", "generate", "bel", cwd=folder) == ["compopt -o nospace", "below/"]
    assert bash("sift-codegen", "generate", "below/", cwd=folder) == ["below/deep/", "below/pad.yaml"]


def test_bash_completes_options_and_their_values(folder: Path) -> None:
    assert bash("sift-codegen", "vehicle.yaml", "--named", cwd=folder) == ["--named-expressions"]
    assert bash("sift-codegen", "vehicle.yaml", "--protos", "sift-s", cwd=folder) == ["sift-stack-py"]
    assert bash("sift-codegen", "schema", "--of", "r", cwd=folder) == ["rules"]


def test_bash_itself_completes_what_would_need_quotes_or_has_no_yaml(folder: Path) -> None:
    (folder / "two words.yaml").touch()
    assert bash("sift-codegen", "generate", "tw", cwd=folder)[0] == "compopt -o default"
    assert bash("sift-codegen", "generate", "no", cwd=folder)[0] == "compopt -o default"
    assert bash("sift-codegen", "generate", "nowhere/", cwd=folder)[0] == "compopt -o default"


def test_fish_completes(folder: Path) -> None:
    program = shutil.which("fish")
    if program is None:
        pytest.skip("fish is not installed")
    script = "sift-codegen completion fish | source; complete -C 'sift-codegen generate '"
    assert run(program, "--no-config", "-c", script, cwd=folder).splitlines() == ["below/", "stand.yml", "vehicle.yaml"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_script_parses(shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "script").write_text(run("sift-codegen", "completion", shell, cwd=tmp_path))
    run(program, "-n", str(tmp_path / "script"), cwd=tmp_path)


def test_another_shell_is_refused(tmp_path: Path) -> None:
    done = sift_codegen("completion", "tcsh", cwd=tmp_path)
    assert done.returncode == 2
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in done.stderr
