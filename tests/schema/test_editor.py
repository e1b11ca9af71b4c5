"""The schema in yaml-language-server, which is what editors run: what is marked, and what is offered."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.generator.test_command import sift_codegen
from tests.schema.language_server import LanguageServer, language_server

ROOT: Final = Path(__file__).parents[2]
_VERSION: Final = "1.25.0"
MISTAKEN: Final = """\
# yaml-language-server: $schema=sift-telemetry.schema.json
asset_name: rover
flow: []
x-common: anything
flows:
  - name: readings
    channels:
      - name: velocity
        data_type: dobule
        unit: 3
      - name: voltage
        data_type: double
        enum_types: []
      - {name: state, data_type: enum}
rules:
  - {name: r, type: review}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editor")
    done = sift_codegen("schema", "-o", "sift-telemetry.schema.json", cwd=folder)
    assert done.stdout.endswith("\n# yaml-language-server: $schema=sift-telemetry.schema.json\n")
    return folder


@pytest.fixture(scope="module")
def server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("this machine has no node and npm")
    installed = tmp_path_factory.mktemp("server")
    install = [
        npm,
        "install",
        "--prefix",
        str(installed),
        "--no-fund",
        "--no-audit",
        f"yaml-language-server@{_VERSION}",
    ]
    done = subprocess.run(install, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode != 0:
        pytest.skip(f"npm cannot install yaml-language-server: {done.stderr.strip().splitlines()[-1:]}")
    program = installed / "node_modules/yaml-language-server/bin/yaml-language-server"
    with language_server([node, str(program), "--stdio"], folder) as running:
        yield running


def test_a_valid_config_is_marked_nowhere_but_for_what_is_deprecated(server: LanguageServer, folder: Path) -> None:
    config = folder / "vehicle.yaml"
    modeline = "# yaml-language-server: $schema=sift-telemetry.schema.json\n"
    config.write_text(modeline + (ROOT / "examples/vehicle.yaml").read_text("utf-8"))
    assert server.open(config) == [(16, "write the component into the name: mainmotor.velocity")]


def test_mistakes_are_marked_where_they_stand(server: LanguageServer, folder: Path) -> None:
    (folder / "mistaken.yaml").write_text(MISTAKEN)
    marked = server.open(folder / "mistaken.yaml")
    assert [line for line, _ in marked] == [3, 9, 10, 13, 14, 16]
    page = (ROOT / "docs/schema.md").read_text("utf-8")
    assert "```text\n" + "".join(f"{line}: {message}\n" for line, message in marked) + "```" in page
    messages = dict(marked)
    assert messages[3] == "Property flow is not allowed."
    assert messages[9].startswith('Value is not accepted. Valid values: "double", "string"')
    assert messages[13] == "only a channel of type enum has 'enum_types'"
    assert messages[14] == 'Missing property "enum_types".'


def test_keys_and_types_are_offered_with_their_descriptions(server: LanguageServer, folder: Path) -> None:
    config = folder / "begun.yaml"
    config.write_text(MISTAKEN.replace("dobule", "").replace("unit: 3", ""))
    server.open(config)
    types = server.completions(config, 9, 20)
    assert types["int32"] == "signed, 32 bits: int in Python, refused where it does not fit"
    assert len(types) == 11
    keys = server.completions(config, 10, 9)
    assert keys["unit"] == "Unit of the values, as Sift is to show it."
    assert "name" not in keys
