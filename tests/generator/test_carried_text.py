"""No text of a config can be anything but text in the package: it imports, and carries every text exactly."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sift_codegen import GenerateRequest, generate
from tests.generator.packages import channel, config_of, load_package, write_config

NASTY = [
    '"""',
    "'''",
    '"',
    "\\",
    '\\"""',
    '""" + __import__("os").abort() + """',
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{# x #}",
    "\n",
    "\r\n",
    "\r",
    "# coding: latin-1",
    "\u2028",
    "\u2029",
    "\x85",
    "\0",
    "\x1b[31m",
    "\u202e",
    "\\N{BULLET}",
    "\\x41",
    "é",
    "\U0001f680",
    "`",
    "fmt: off",
    " ",
    "\t",
]
texts = st.lists(st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=4))).map(
    "".join
)


@given(names=st.lists(texts, min_size=8, max_size=8), description=texts, unit=texts)
@settings(max_examples=60)
def test_text_is_carried_exactly_and_never_run(names: list[str], description: str, unit: str) -> None:
    asset, flow, plain, state, label, pins, element, key = names
    config = config_of(
        channel(f"plain{plain}", "double", description=description, unit=unit),
        channel(f"state{state}", "enum", description=description, enum_types=[{"name": label, "key": 0}]),
        channel(
            f"pins{pins}",
            "bit_field",
            description=description,
            bit_field_elements=[{"name": element, "index": 0, "bit_count": 1}],
        ),
        flow=flow,
        rules=[{"name": key, "type": "review", "expression": description, "description": unit}],
    )
    config["asset_name"] = asset
    config["ingestion_client_key"] = key
    config["x-sift-codegen"] = {
        "names": {
            "flows": {flow: "ReadingsFlow"},
            "channels": {f"plain{plain}": "plain", f"state{state}": "state", f"pins{pins}": "pins"},
            "types": {f"state{state}": "State", f"pins{pins}": "Pins"},
        }
    }
    with tempfile.TemporaryDirectory() as directory:
        telemetry = load_package(Path(directory), config).TELEMETRY
    schema = telemetry.flows[0].schema()
    assert telemetry.asset_name == asset
    assert telemetry.client_key == key or not key
    assert schema.name == flow
    assert [each.name for each in schema.channels] == [f"plain{plain}", f"state{state}", f"pins{pins}"]
    assert [each.description for each in schema.channels] == [description] * 3
    assert schema.channels[0].unit == unit
    assert schema.channels[1].enum_types[0].name == label
    assert schema.channels[2].bit_field_elements[0].name == element
    assert (telemetry.rules[0].name, telemetry.rules[0].expression) == (key, description)


VALUES = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1e308, 5e-324, True, False, None, 0, -1, "nan", 2**63]


def test_scalars_are_carried_exactly(tmp_path: Path) -> None:
    names = ["$" + "v" * number for number in range(1, len(VALUES) + 1)]
    expression = " + ".join(names)
    values = [{name: value} for name, value in zip(names, VALUES, strict=True)]
    rule = {"name": "r", "type": "phase", "expression": expression, "sub_expressions": values}
    config = config_of(channel("a", "double"), rules=[rule])
    carried = load_package(tmp_path, config).TELEMETRY.rules[0].sub_expressions
    assert repr(carried) == repr(tuple(zip(names, VALUES, strict=True)))


@pytest.mark.parametrize("name", ["flight-encoding=v2.yaml", "coding: latin-1.yaml", "vim: set fileencoding=x :.yaml"])
def test_no_file_name_is_taken_for_a_coding(tmp_path: Path, name: str) -> None:
    config = write_config(tmp_path, config_of(channel("größe", "double", description="größer"))).rename(tmp_path / name)
    generate(GenerateRequest(config=config, output=tmp_path / "sdk", rule_mistakes="warning"))
    for path in (tmp_path / "sdk").rglob("*.py"):
        compile(path.read_bytes(), str(path), "exec")
