"""Packages that are hard on the checkers pass them all the same: names of Python and of the generated code; size."""

from __future__ import annotations

from pathlib import Path

import pytest

from sift_codegen import GenerateRequest, generate
from tests.generator.packages import Config, channel, write_config
from tests.typing.checkers import mypy_findings, pyright_findings

# Modules and classes that generated code imports, its methods and variables, and the classes of the package itself.
WORDS = [
    *("dataclasses", "struct", "typing", "enum", "sift", "sift_runtime", "Self", "ClassVar", "IntEnum", "final"),
    *("AnyFlow", "TELEMETRY", "telemetry", "enums", "bit_fields", "flows", "annotations", "BitField", "bytes", "int"),
    *("encode", "schema", "asdict", "channel_values", "pack", "unpack", "layout", "BYTE_COUNT", "SCHEMA", "RUN_0"),
    *("self", "cls", "data", "bits", "error", "name", "value", "mro", "Exception", "WordsFlow", "Label", "Bits"),
]
FLOW_WORDS = ["dataclasses", "struct", "typing", "enums", "flows", "any_flow", "sift_runtime", "schema", "Label"]
CLASS_WORDS = ["dataclasses", "struct", "typing", "enum", "sift_runtime", "Self", "IntEnum", "encode", "cls", "data"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the packages and no configuration of any tool."""
    folder = tmp_path_factory.mktemp("project")
    for name, config in (("words", _words()), ("wide", _wide(300))):
        source = folder / f"{name}_config"
        source.mkdir()
        generate(GenerateRequest(config=write_config(source, config), output=folder / name))
    return folder


def test_mypy_strict(project: Path) -> None:
    assert mypy_findings(project) == []


def test_pyright(project: Path) -> None:
    assert pyright_findings(project) == []


def _words() -> Config:
    """Return a config that calls everything by every word: flows, fields, labels and elements; and classes by some."""
    label = channel("Label", "enum", enum_types=[{"name": word, "key": key} for key, word in enumerate(WORDS)])
    elements = [{"name": word, "index": index, "bit_count": 1} for index, word in enumerate(WORDS)]
    bits = channel("Bits", "bit_field", bit_field_elements=elements)
    others = [channel(word, "double") for word in WORDS if word not in ("Label", "Bits")]
    flows = [{"name": word, "channels": [channel(word, "double")]} for word in FLOW_WORDS]
    typed = [channel(f"of {word}", "enum", enum_types=[{"name": word, "key": 0}]) for word in CLASS_WORDS]
    return {
        "asset_name": "rover",
        "flows": [*flows, {"name": "words", "channels": [label, bits, *others, *typed]}],
        "x-sift-codegen": {"names": {"types": {f"of {word}": word for word in CLASS_WORDS}}},
    }


def _wide(count: int) -> Config:
    elements = [{"name": f"e{index}", "index": index, "bit_count": 1} for index in range(count)]
    flows = [{"name": "wide", "channels": [channel("pins", "bit_field", bit_field_elements=elements)]}]
    return {"asset_name": "rover", "flows": flows}
