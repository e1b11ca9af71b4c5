"""docs/schema.md and docs/project.md: what they show is what happens."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import yaml

from sift_codegen._project._read import _PACKAGE_KEYS
from tests.documentation.consoles import ROOT, assert_shown, blocks
from tests.packaging.test_hatch import PROJECT
from tests.schema.test_editor import MISTAKEN


def test_the_schemas_page_shows_what_is_printed(tmp_path: Path) -> None:
    for block in blocks("schema.md", "console"):
        assert_shown(block, tmp_path)
    assert blocks("schema.md", "yaml") == [MISTAKEN]


def test_the_table_of_the_projects_page_generates_as_shown(tmp_path: Path) -> None:
    for name in ("vehicle.yaml", "named_expressions.yml"):
        shutil.copy(ROOT / "examples" / name, tmp_path)
    (tmp_path / "pyproject.toml").write_text(blocks("project.md", "toml")[0])
    (block,) = blocks("project.md", "console")
    assert_shown(block, tmp_path)
    flow = (tmp_path / "src/vehicle_telemetry/flows/motor_readings.py").read_text()
    assert "    velocity: float\n" in flow
    assert "    voltage: int | None = None\n" in flow
    assert "    Halted = 2\n" in (tmp_path / "src/vehicle_telemetry/enums/vehicle_state.py").read_text()
    assert "    mainmotor_velocity: float\n" in (tmp_path / "src/ground_telemetry/flows/readings.py").read_text()


def test_the_projects_page_has_every_key_of_a_package() -> None:
    page = (ROOT / "docs/project.md").read_text("utf-8")
    (table,) = re.findall(r"\| key of a package \|.*?\n\n", page, re.DOTALL)
    assert {key.partition(".")[0] for key in re.findall(r"`([a-z.-]+)`", table)} >= set(_PACKAGE_KEYS)


def test_the_build_of_the_projects_page_is_the_one_that_is_tested() -> None:
    shown, tested = tomllib.loads(blocks("project.md", "toml")[1]), tomllib.loads(PROJECT)
    assert shown["build-system"] == tested["build-system"]
    assert shown["tool"]["hatch"]["build"]["hooks"] == tested["tool"]["hatch"]["build"]["hooks"]
    assert shown["tool"]["sift-codegen"]["packages"][0].items() <= tested["tool"]["sift-codegen"]["packages"][0].items()


def test_the_hooks_of_the_projects_page_are_those_of_the_manifest() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    page = (ROOT / "docs/project.md").read_text("utf-8")
    assert re.findall(r"^\| `([\w-]+)` \| `(sift-codegen \w+)`", page, re.MULTILINE) == [
        (hook["id"], hook["entry"]) for hook in hooks
    ]
    (shown,) = yaml.safe_load(blocks("project.md", "yaml")[0])["repos"]
    assert {hook["id"] for hook in shown["hooks"]} <= {hook["id"] for hook in hooks}
