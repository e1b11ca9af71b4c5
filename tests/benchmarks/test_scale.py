"""The page of large configs says what the results say, and the configs are what the page says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.scale.__main__ import PAGE, RESULTS
from benchmarks.scale.config import config_text
from benchmarks.scale.page import page_with
from sift_codegen import GenerateRequest, generate

_RESULTS_TEXT = RESULTS.read_text("utf-8")


def test_the_page_is_made_of_the_results() -> None:
    page = PAGE.read_text("utf-8")
    assert page == page_with(page, json.loads(_RESULTS_TEXT)), "run `python -m benchmarks.scale --report`"


def test_another_figure_is_another_page() -> None:
    page, results = PAGE.read_text("utf-8"), json.loads(_RESULTS_TEXT)
    results["sizes"][-1]["generate"]["seconds"] = 12345.0
    assert "1.23e+04 s" in page_with(page, results)


def test_the_results_name_no_machine_and_no_path() -> None:
    assert "/" not in _RESULTS_TEXT


@pytest.fixture(scope="module")
def largest() -> dict[str, Any]:
    sizes = json.loads(_RESULTS_TEXT)["sizes"]
    assert [size["channels"] for size in sizes] == [1_000, 10_000, 100_000]
    largest: dict[str, Any] = sizes[-1]
    return largest


def test_the_published_run_met_the_aims(largest: dict[str, Any]) -> None:
    smaller = json.loads(_RESULTS_TEXT)["sizes"][1]
    assert largest["generate"]["seconds"] < 30
    assert largest["flow_import_ms"] < 50
    assert largest["generate"]["cpu_seconds"] < 12 * smaller["generate"]["cpu_seconds"]


def test_a_config_has_the_channels_it_says(tmp_path: Path) -> None:
    config = tmp_path / "scale.yaml"
    config.write_text(config_text(300), "utf-8")
    report = generate(GenerateRequest(config=config, output=tmp_path / "sdk"))
    assert [len(flow.channels) for flow in report.config.flows] == [100, 100, 100]
