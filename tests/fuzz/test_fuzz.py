"""The corpus and some new inputs, as `make fuzz` runs them; and that it sees what it is there to see."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.doors import MisbehaviourError, doors_of, enter
from tests.fuzz.mutate import Seed, input_of, seeds
from tests.fuzz.worker import run

CORPUS = Path(__file__).parent / "corpus"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.iterdir()))
def test_the_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / f"input{Path(name).suffix}"
    file.write_bytes((CORPUS / name).read_bytes())
    for words in doors_of(file):
        enter(words, file)


def test_some_inputs_in_a_process_with_bounds(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.worker", "2", "0", "300", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "finding" not in done.stdout, [path.read_text() for path in tmp_path.glob("finding*.txt")]
    assert sum(int(each.split("=")[1]) for each in done.stdout.split() if "peak" not in each) == 300


def test_a_number_makes_the_same_input_again() -> None:
    beginnings = seeds()
    assert {each.suffix for each in beginnings} == {".yaml", ".csv", ".dbc", ".lock"}
    made: list[Seed] = [input_of(number, 1, beginnings)[0] for number in range(50)]
    assert made == [input_of(number, 1, beginnings)[0] for number in range(50)]
    assert len(set(made)) > 45


def test_what_a_command_does_not_catch_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "input.yaml"
    file.write_text("asset_name: rover\n")
    with pytest.raises(MisbehaviourError, match="exit code 3"):
        enter(("status", "FILE", "--uri", "http://127.0.0.1:1"), file)
    assert run(7, ("status", "FILE", "--uri", "http://127.0.0.1:1"), file) == "finding"
    assert (tmp_path / "finding-7.yaml").read_text() == "asset_name: rover\n"
    assert "exit code 3" in (tmp_path / "finding-7.txt").read_text()


@pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="no clock of the processor that ends a process")
@pytest.mark.parametrize(
    ("body", "signs"),
    [("while True: pass", "Current thread"), ("bytearray(4 * 2**30)", "MemoryError")],
)
def test_what_does_not_end_and_what_takes_all_memory_is_stopped(tmp_path: Path, body: str, signs: str) -> None:
    code = f"""
import signal
from tests.fuzz import worker
worker.limit()
signal.setitimer(signal.ITIMER_PROF, 0.2)
{body}
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert signs in done.stderr
