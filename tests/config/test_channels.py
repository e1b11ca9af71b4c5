"""Channels and flows, as valid configs state them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sift_codegen import Severity
from sift_codegen._config import DataType
from tests.config.reading import channels_of, read

PARTS = {
    DataType.ENUM: ", enum_types: [{name: On, key: 1}, {name: Off, key: 0}]",
    DataType.BIT_FIELD: ", bit_field_elements: [{name: b, index: 7, bit_count: 65529}, "
    "{name: a, index: 0, bit_count: 7}]",
}


@pytest.mark.parametrize("data_type", DataType)
def test_every_data_type(tmp_path: Path, data_type: DataType) -> None:
    parts = PARTS.get(data_type, "")
    (channel,) = channels_of(
        tmp_path, f"flows: [{{name: f, channels: [{{name: n, data_type: {data_type.value}{parts}}}]}}]"
    )
    assert channel.data_type is data_type
    labels = [(label.name, label.key) for label in channel.enum_types]
    assert labels == ([("On", 1), ("Off", 0)] if data_type is DataType.ENUM else [])
    elements = [(element.name, element.index, element.bit_count) for element in channel.bit_field_elements]
    assert elements == ([("b", 7, 65529), ("a", 0, 7)] if data_type is DataType.BIT_FIELD else [])


def test_parts_may_be_none_at_all(tmp_path: Path) -> None:
    enum, bits = channels_of(
        tmp_path,
        "flows:",
        "- name: f",
        "  channels:",
        "  - {name: e, data_type: enum, enum_types: []}",
        "  - {name: b, data_type: bit_field, bit_field_elements: []}",
    )
    assert (enum.enum_types, bits.bit_field_elements) == ((), ())


def test_what_is_null_is_left_out(tmp_path: Path) -> None:
    lines = ["ingestion_client_key:", "organization_id: ~", "channels:", "x-sift-codegen:"]
    channel = "{name: n, data_type: bool, unit: , description: null, component: ~, enum_types: }"
    (found,) = channels_of(tmp_path, *lines, f"flows: [{{name: f, channels: [{channel}]}}]")
    assert (found.name, found.unit, found.description) == ("n", "", "")


def test_an_empty_client_key_is_none(tmp_path: Path) -> None:
    config = read(tmp_path, "asset_name: ''\ningestion_client_key: ''\n")
    assert (config.asset_name, config.client_key, config.organization_id, config.flows) == ("", None, "", ())
    assert read(tmp_path, "asset_name: a\ningestion_client_key: k\norganization_id: o\n").client_key == "k"


def test_a_component_goes_in_front_of_the_name_with_a_warning(tmp_path: Path) -> None:
    lines = ["channels:", "  v: &v {name: velocity, data_type: double, component: motor}", "flows:"]
    flows = ["- {name: f, channels: [*v]}", "- {name: g, channels: [<<: *v]}", "- {name: h, channels: [*v]}"]
    config = read(tmp_path, "\n".join(["asset_name: rover", *lines, *flows]))
    assert [flow.channels[0].name for flow in config.flows] == ["motor.velocity"] * 3
    (warning,) = config.warnings
    assert warning.severity is Severity.WARNING
    assert (warning.position.line, warning.position.column) == (3, 56)
    assert warning.message == "'component' of channel 'velocity' is deprecated"
    assert warning.notes == ("leave it out and name the channel 'motor.velocity'",)


def test_one_channel_may_be_in_several_flows_and_types(tmp_path: Path) -> None:
    flows = [
        "- {name: f, channels: [{name: n, data_type: double}]}",
        "- {name: F, channels: [{name: n, data_type: int32}]}",
    ]
    config = read(tmp_path, "\n".join(["asset_name: rover", "flows:", *flows]))
    assert [(flow.name, flow.channels[0].data_type.value) for flow in config.flows] == [("f", "double"), ("F", "int32")]


def test_channels_that_no_flow_lists_are_not_in_the_config(tmp_path: Path) -> None:
    config = read(tmp_path, "asset_name: rover\nchannels: {v: {name: v, data_type: double}}\nflows: []\n")
    assert config.flows == ()
