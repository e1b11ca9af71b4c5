"""Wire names become legal Python names, changed as little as Python allows; two that become one are an error."""

from __future__ import annotations

import keyword
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sift_codegen import ConfigError, GenerateRequest, generate
from sift_codegen._python_names import FIELD_RESERVED, class_name, identifier, module_name
from tests.generator.packages import Config, channel, config_of, load_package, write_config


@pytest.mark.parametrize(
    ("wire_name", "field"),
    [
        ("velocity", "velocity"),
        ("BatteryTemp", "BatteryTemp"),
        ("mainmotor.velocity", "mainmotor_velocity"),
        ("main motor/speed (rpm)", "main_motor_speed_rpm"),
        ("12v", "_12v"),
        ("class", "class_"),
        ("match", "match"),
        ("int", "int_"),
        ("id", "id_"),
        ("encode", "encode_"),
        ("asdict", "asdict_"),
        ("self", "self_"),
        ("__init__", "init__"),
        ("_private", "private"),
        ("time", "time"),
        ("grpc", "grpc"),
        ("é", "e"),
        ("température", "temperature"),
        ("温度", "u6e29u5ea6"),
        ("µ", "u3bc"),
        ("{{ x }}", "x"),
        ("", "unnamed"),
        ("%", "unnamed"),
    ],
)
def test_fields(wire_name: str, field: str) -> None:
    assert identifier(wire_name, FIELD_RESERVED) == field


@pytest.mark.parametrize(
    ("wire_name", "flow_class", "module"),
    [
        ("readings", "ReadingsFlow", "readings"),
        ("gpio_channel", "GpioChannelFlow", "gpio_channel"),
        ("IMU", "IMUFlow", "imu"),
        ("motor.left-rear", "MotorLeftRearFlow", "motor_left_rear"),
        ("12v", "_12vFlow", "_12v"),
        ("any", "AnyFlow_", "any_flow_"),
        ("con", "ConFlow", "con_"),
        ("COM0", "COM0Flow", "com0_"),
        ("lpt9", "Lpt9Flow", "lpt9_"),
        ("", "UnnamedFlow", "unnamed"),
        ("f" * 300, "F" + "f" * 299 + "Flow", "f" * 100 + "_288ba0fa"),
    ],
)
def test_flows(wire_name: str, flow_class: str, module: str) -> None:
    assert class_name(wire_name, "Flow") == flow_class
    assert module_name(flow_class) == module


@given(st.text())
def test_every_text_becomes_a_public_legal_name(wire_name: str) -> None:
    name = identifier(wire_name, FIELD_RESERVED)
    assert name.isidentifier()
    assert name.isascii()
    assert not keyword.iskeyword(name)
    assert name not in FIELD_RESERVED
    assert not name.startswith("_") or name[1].isdigit()
    assert identifier(name.removesuffix("_") if name.endswith("_") else name, FIELD_RESERVED) in (name, name[:-1])


def errors_of(tmp_path: Path, config: Config) -> str:
    with pytest.raises(ConfigError) as caught:
        generate(GenerateRequest(config=write_config(tmp_path, config), output=tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    found = caught.value.diagnostics
    return "\n".join(f"{each.position.line}: {each.message}\n" + "\n".join(each.notes) for each in found)


def test_colliding_channels_name_both_lines_and_the_override(tmp_path: Path) -> None:
    shown = errors_of(tmp_path, config_of(channel("a.b", "double"), channel("a_b", "double")))
    assert "7: channel 'a_b' and channel 'a.b' both become 'a_b' in flow 'readings'" in shown
    assert "'a.b' is at " in shown
    assert "vehicle.yaml:5:" in shown
    assert '  x-sift-codegen:\n    names:\n      channels:\n        "a_b": a_b_2' in shown


def test_the_override_shown_is_the_mend(tmp_path: Path) -> None:
    override = {"names": {"channels": {"a_b": "a_b_2"}}}
    config = config_of(channel("a.b", "double"), channel("a_b", "double")) | {"x-sift-codegen": override}
    package = load_package(tmp_path, config)
    assert package.ReadingsFlow(a_b=1.0, a_b_2=2.0).asdict() == {"a_b": 1.0, "a_b_2": 2.0}
    assert [each.name for each in package.ReadingsFlow.schema().channels] == ["a.b", "a_b"]


@pytest.mark.parametrize(
    ("flows", "message"),
    [
        (["a b", "a.b"], "flow 'a.b' and flow 'a b' both become 'ABFlow' in the package"),
        (["HTTPLog", "HttpLog"], "both become 'http_log' in the modules of flows/"),
    ],
)
def test_colliding_flows(tmp_path: Path, flows: list[str], message: str) -> None:
    config = {"asset_name": "rover", "flows": [{"name": name, "channels": []} for name in flows]}
    assert message in errors_of(tmp_path, config)


def test_colliding_labels_elements_and_types(tmp_path: Path) -> None:
    labels = [{"name": "on!", "key": 0}, {"name": "on?", "key": 1}]
    elements = [{"name": "a b", "index": 0, "bit_count": 1}, {"name": "a-b", "index": 1, "bit_count": 1}]
    config = config_of(
        channel("state", "enum", enum_types=labels),
        channel("STATE", "bit_field", bit_field_elements=elements),
        channel("readings_flow", "enum", enum_types=labels[:1]),
        channel("State", "enum", enum_types=labels[:1]),
    )
    shown = errors_of(tmp_path, config)
    assert "label 'on?' and label 'on!' both become 'on' in channel 'state'" in shown
    assert "element 'a-b' and element 'a b' both become 'a_b' in channel 'STATE'" in shown
    assert "enum channel 'readings_flow' and flow 'readings' both become 'ReadingsFlow' in the package" in shown
    assert "enum channel 'State' and enum channel 'state' both become 'State' in the package" in shown


@pytest.mark.parametrize("name", ["_private", "encode", "int", "unnamed__"])
def test_overrides_that_generated_code_could_not_bear_are_refused(tmp_path: Path, name: str) -> None:
    config = config_of(channel("a", "double")) | {"x-sift-codegen": {"names": {"channels": {"a": name}}}}
    if name == "unnamed__":
        load_package(tmp_path, config)
    else:
        assert f"{name!r} cannot be a name here" in errors_of(tmp_path, config)


@pytest.mark.parametrize("name", ["annotations", "any_flow", "bit_fields", "enums", "flows", "telemetry", "AnyFlow"])
@pytest.mark.parametrize("kind", ["flows", "types"])
def test_no_class_hides_a_module_of_the_package(tmp_path: Path, kind: str, name: str) -> None:
    config = config_of(channel("readings", "enum", enum_types=[{"name": "on", "key": 0}]))
    config["x-sift-codegen"] = {"names": {kind: {"readings": name}}}
    assert f"{name!r} cannot be a name here" in errors_of(tmp_path, config)


def test_overrides_whose_keys_hold_slashes_are_told_at_their_own_place(tmp_path: Path) -> None:
    channels = [
        channel(name, "enum", enum_types=[{"name": label, "key": 0}]) for name, label in (("a/b", "c"), ("a", "b/c"))
    ]
    names = {"members": {"a/b": {"c": "_bad"}, "a": {"b/c": "good"}}}
    config = config_of(*channels) | {"x-sift-codegen": {"names": names}}
    path = write_config(tmp_path, config)
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "_bad" in text)
    assert errors_of(tmp_path, config).startswith(f"{line}: '_bad' cannot be a name")


def test_one_channel_with_two_sets_of_labels_is_an_error(tmp_path: Path) -> None:
    first = channel("state", "enum", enum_types=[{"name": "on", "key": 0}])
    second = channel("state", "enum", enum_types=[{"name": "on", "key": 1}])
    flows = [{"name": "f", "channels": [first]}, {"name": "g", "channels": [second]}]
    shown = errors_of(tmp_path, {"asset_name": "rover", "flows": flows})
    assert "channel 'state' has other enum_types here than in an earlier flow" in shown


def test_colliding_columns(tmp_path: Path) -> None:
    labels, elements = [{"name": "on", "key": 0}], [{"name": "a", "index": 0, "bit_count": 1}]
    config = config_of(
        channel("readings_columns", "enum", enum_types=labels),
        channel("gpio", "bit_field", bit_field_elements=elements),
        channel("gpio_element_columns", "enum", enum_types=labels),
    )
    shown = errors_of(tmp_path, config)
    package = "in the package"
    both = f"and enum channel 'readings_columns' both become 'ReadingsColumns' {package}"
    assert f"columns of flow 'readings' {both}" in shown
    both = f"and enum channel 'gpio_element_columns' both become 'GpioElementColumns' {package}"
    assert f"columns of bit_field channel 'gpio' {both}" in shown
    assert '"readings": Readings2Flow' in shown
    assert '"gpio": Gpio2' in shown


def test_a_flow_and_a_bit_field_of_one_name_have_columns_of_their_own(tmp_path: Path) -> None:
    elements = [{"name": "a", "index": 0, "bit_count": 1}]
    package = load_package(tmp_path, config_of(channel("gpio", "bit_field", bit_field_elements=elements), flow="gpio"))
    assert {"Gpio", "GpioFlow", "GpioColumns", "GpioElementColumns"} <= set(package.__all__)
