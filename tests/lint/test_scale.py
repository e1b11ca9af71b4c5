"""The work grows as the config does, and no faster."""

from __future__ import annotations

import cProfile
import pstats
from pathlib import Path

import pytest

from sift_codegen._lint import LintRequest, Selection, lint, render_findings
from tests.lint.linting import written

SHARED = "  c{0}: &c{0} {{name: sensor.{0}, data_type: double, unit: V}}\n"
MERGED = "      - <<: *c{0}\n"
FAULTY = "      - {{name: é.{0}, data_type: double, unit: on, unit: on}}  # sift-codegen: ignore[SC303]\n"


def config(channels: int, faulty: bool) -> str:
    lines = [
        "asset_name: rover\n",
        *([] if faulty else ["channels:\n", *map(SHARED.format, range(channels))]),
        "flows:\n",
    ]
    for first in range(0, channels, 50):
        lines += [f"  - name: flow {first}\n    channels:\n"]
        lines += [(FAULTY if faulty else MERGED).format(number) for number in range(first, first + 50)]
    return "".join(lines)


def calls(directory: Path, text: str) -> int:
    """Return how many function calls it takes to lint a config and to show the findings."""
    path = written(directory, text)
    profile = cProfile.Profile()
    profile.enable()
    report = lint([LintRequest(config=path)], Selection())
    for form in ("text", "json", "github"):
        render_findings(report.findings, form)
    profile.disable()
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]  # which typeshed leaves out


@pytest.mark.parametrize("faulty", [False, True])
def test_four_times_the_channels_take_about_four_times_the_work(tmp_path: Path, faulty: bool) -> None:
    calls(tmp_path, config(50, faulty))  # what is done once
    few, many = (calls(tmp_path, config(channels, faulty)) for channels in (200, 800))
    assert many < 4.3 * few
