"""A package imports what is used of it, and otherwise behaves as one that has imported everything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden.cases import golden_package

_LOADED = """
import json, sys
exec(sys.argv[1])
print(json.dumps(sorted(name for name in sys.modules if name.startswith("every_type_telemetry."))))
"""
_FLOW = ["_lazy", "any_flow", "flows", "flows.mixed"]
_TYPES = ["bit_fields", "bit_fields.a_bit_field", "enums", "enums.an_enum"]
_COLUMNS = ["columns", "columns.mixed"]


def run(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *words]
    folder = golden_package("every_type").parent
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def loaded_by(statement: str) -> list[str]:
    done = run(_LOADED, statement)
    assert done.returncode == 0, done.stderr
    return [name.removeprefix("every_type_telemetry.") for name in json.loads(done.stdout)]


@pytest.mark.parametrize(
    ("statement", "modules"),
    [
        ("import every_type_telemetry", ["_lazy"]),
        ("from every_type_telemetry import MixedFlow", _FLOW),
        ("from every_type_telemetry.flows.mixed import MixedFlow", _FLOW),
        ("from every_type_telemetry import MixedColumns", [*_FLOW, *_COLUMNS]),
        ("from every_type_telemetry.columns import MixedColumns", [*_FLOW, *_COLUMNS]),
        ("from every_type_telemetry import AnEnum", ["_lazy", "enums", "enums.an_enum"]),
        ("from every_type_telemetry import RequiredFlow", [*_FLOW[:3], "flows.required", *_TYPES]),
    ],
)
def test_what_is_used_is_loaded_and_nothing_else(statement: str, modules: list[str]) -> None:
    assert loaded_by(statement) == sorted(modules)


@pytest.mark.parametrize(
    "code",
    [
        "from every_type_telemetry import *; assert MixedFlow and MixedColumns and AnEnum and TELEMETRY",
        "import every_type_telemetry as p; assert set(p.__all__) <= set(dir(p)) and 'flows' in dir(p)",
        "import every_type_telemetry as p; assert p.enums.AnEnum is p.AnEnum is vars(p)['AnEnum']",
        "import every_type_telemetry as p; assert p.bit_fields.ABitField is p.ABitField",
        "import every_type_telemetry as p, pickle; f = p.OptionalFlow(); assert pickle.loads(pickle.dumps(f)) == f",
        "import every_type_telemetry as p, copy; assert copy.deepcopy(p.AnEnum(*list(p.AnEnum)[:1])) in p.AnEnum",
        "import every_type_telemetry as p; assert p.MixedFlow in p.TELEMETRY.flows",
    ],
)
def test_a_package_is_as_whole_as_ever(code: str) -> None:
    done = run(code)
    assert done.returncode == 0, done.stderr


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    done = run("import every_type_telemetry as p; assert not hasattr(p, 'MixdFlow'); p.MixdFlow")
    assert "AttributeError: module 'every_type_telemetry' has no attribute 'MixdFlow'" in done.stderr
    done = run("from every_type_telemetry import MixdFlow")
    assert "ImportError: cannot import name 'MixdFlow' from 'every_type_telemetry'" in done.stderr


def test_what_a_module_cannot_import_is_told_as_it_is(tmp_path: Path) -> None:
    done = run("import sys; sys.modules['sift_runtime.generated'] = None\nfrom every_type_telemetry import MixedFlow")
    assert "ModuleNotFoundError: import of sift_runtime.generated halted" in done.stderr
