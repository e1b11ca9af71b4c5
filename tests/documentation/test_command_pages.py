"""The pages of commands show what the commands print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from sift_receiver import Receiver, ReceiverSettings
from sift_runtime import push_rules
from vehicle_telemetry import TELEMETRY

ROOT: Final = Path(__file__).parents[2]
PROJECT: Final = """
[[tool.sift-codegen.packages]]
config = "vehicle.yaml"
output = "vehicle_telemetry"
named-expressions = ["named_expressions.yml"]
"""


def consoles(page: str) -> list[tuple[str, str]]:
    """Return the commands of a page, in order, each with what it is shown to print."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    shown = [each.partition("\n") for block in blocks for each in re.split(r"(?m)^\$ ", block)[1:]]
    return [(command, printed) for command, _, printed in shown]


def printed_by(command: str, cwd: Path) -> str:
    """Return what a terminal shows of a command of a page; errors after output, as the commands write them."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=cwd,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project folder with the example's config, and the examples beside it."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("generated"))
    for name in ("vehicle.yaml", "named_expressions.yml"):
        shutil.copy(ROOT / "examples" / name, tmp_path)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    return tmp_path


@pytest.fixture
def registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Serve a receiver that knows the example's flows."""
    settings = ReceiverSettings(store=tmp_path / "flight.duckdb", api_key="key", users=("cthulhu@rlyeh.com",))
    with Receiver(settings) as receiver:
        monkeypatch.setenv("SIFT_GRPC_URI", receiver.uri)
        monkeypatch.setenv("SIFT_API_KEY", "key")
        push_rules(replace(TELEMETRY, rules=()))
        yield


def test_explain_prints_what_its_page_shows(project: Path) -> None:
    shown = consoles("explain.md")
    assert len(shown) == 8
    for command, printed in shown:
        assert printed_by(command, project) == printed, command


@pytest.mark.usefixtures("registered")
def test_the_commands_that_talk_to_a_server_print_what_their_page_shows(project: Path) -> None:
    shown = consoles("server.md")
    assert len(shown) == 7
    for command, printed in shown:
        assert printed_by(command, project) == printed, command
