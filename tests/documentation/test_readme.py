"""What the README shows is what runs and what is generated."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from sift_receiver import Receiver, ReceiverSettings
from sift_receiver.summary import summarise

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text("utf-8")


def python_blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_flight_code_flies(tmp_path: Path) -> None:
    store = tmp_path / "flight.duckdb"
    with Receiver(ReceiverSettings(store=store)) as receiver:
        code = python_blocks()[0].replace("http://localhost:50051", receiver.uri).replace('"…"', '"key"')
        assert receiver.uri in code
        command = [sys.executable, "-c", code]
        subprocess.run(command, cwd=ROOT / "examples/generated", check=True, timeout=60)
    rows = {summary.flow: summary.rows for summary in summarise(store)}
    assert rows == {"readings": 1, "voltage": 0, "gpio_channel": 0, "logs": 0}


def test_the_generated_code_is_quoted_from_the_example() -> None:
    generated = (ROOT / "examples/generated/vehicle_telemetry/flows/readings.py").read_text("utf-8")
    assert python_blocks()[1] in generated


def test_every_link_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"]
    for page in pages:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"make (\w[\w-]*)", README):
        assert f"\n{target}:" in makefile, target
