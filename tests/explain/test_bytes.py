"""What generated packages encode is read back as it was; what nobody encoded is told, and never a traceback."""

from __future__ import annotations

import functools
import math
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st

from sift_codegen import SideInputs
from sift_codegen._explain import (
    ConfigSource,
    Explanation,
    KnownConfig,
    Question,
    SubjectError,
    SubjectKind,
    explain,
    read_configs,
    render_json,
    render_text,
)
from sift_runtime.generated import Flow
from sift_runtime.messages.ingest_pb2 import IngestWithConfigDataChannelValue as Value
from sift_runtime.messages.ingest_pb2 import IngestWithConfigDataStreamRequest as Request
from tests.generator.conftest import EVERY_TYPE
from tests.generator.packages import config_of, load_package
from tests.generator.protobuf_reference import draw_flow, vars_of
from tests.generator.strategies import channel_configs
from tests.generator.test_wire_bytes import camel_case_types

OPTIONAL: dict[str, Any] = {"x-sift-codegen": {"optional": {"readings": [each["name"] for each in EVERY_TYPE]}}}


def made(directory: Path, config: Any) -> tuple[ModuleType, tuple[KnownConfig, ...]]:
    package = load_package(directory, config)
    configs, errors = read_configs((ConfigSource(directory / "vehicle.yaml", SideInputs()),))
    assert errors == ()
    return package, configs


@functools.cache
def every_type() -> tuple[ModuleType, tuple[KnownConfig, ...]]:
    """Return the package of all types, each optional; strategies need it, too, and they cannot have fixtures."""
    with tempfile.TemporaryDirectory() as directory:
        return made(Path(directory), config_of(*EVERY_TYPE, **OPTIONAL))


def explained(data: bytes, configs: tuple[KnownConfig, ...], flow: str | None = None) -> Explanation:
    explanation = explain(Question(subject=data.hex(" "), kind="hex", flow=flow), configs)
    render_json(explanation)
    assert "\x1b" not in render_text(explanation)
    return explanation


def expected(flow: Flow) -> list[object]:
    return [expected_value(each, getattr(flow, each.field)) for each in flow.schema().channels]


def expected_value(channel: Any, value: Any) -> object:
    kind = channel.data_type.name
    if value is None:
        return None
    if kind == "ENUM":
        return {"label": next(each.name for each in channel.enum_types if each.key == value), "key": int(value)}
    if kind == "BIT_FIELD":
        names = [each.name for each in channel.bit_field_elements]
        elements = dict(zip(names, vars_of(value), strict=True))
        return {"elements": elements, "bytes": value.pack().hex()}
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{'-' if value < 0 else ''}Infinity"
    return value if kind != "FLOAT" else float_32(value)


def float_32(value: float) -> float:
    return Value.FromString(Value(float=value).SerializeToString()).float


def same(one: object, other: object) -> bool:
    """Compare; -0.0 and 0.0 differ, and so do True and 1."""
    return repr(one) == repr(other)


@given(data=st.data())
@settings(max_examples=300)
def test_what_is_encoded_is_explained_as_it_was(data: st.DataObject) -> None:
    package, configs = every_type()
    flow = draw_flow(data, package, package.ReadingsFlow, optional=True)
    (message,) = explained(flow.encode(), configs).messages
    assert (message.what, message.flow, message.flow_by, message.problems) == (
        "channel values",
        "readings",
        "types",
        (),
    )
    assert same([value.value for value in message.values], expected(flow))
    assert [value.channel for value in message.values] == [each.name for each in flow.schema().channels]
    assert sum(value.size for value in message.values) == len(flow.encode())


@given(data=st.data(), count=st.integers(1, 12))
@settings(max_examples=15)
def test_flows_of_any_channels_are_explained_as_they_were(data: st.DataObject, count: int) -> None:
    channels = [data.draw(channel_configs(f"channel_{number}")) for number in range(count)]
    with tempfile.TemporaryDirectory() as directory:
        package, configs = made(Path(directory), camel_case_types(config_of(*channels)))
    sizes = explain(Question(subject="readings"), configs).flows[0]
    for _ in range(3):
        flow = draw_flow(data, package, package.ReadingsFlow)
        (message,) = explained(flow.encode(), configs).messages
        assert message.problems == ()
        assert same([value.value for value in message.values], expected(flow))
        assert sizes.least_bytes <= len(flow.encode()) <= (sizes.most_bytes or math.inf)
        for value, row in zip(message.values, sizes.rows, strict=True):
            assert row.wire.least_bytes <= value.size <= (row.wire.most_bytes or math.inf)
            begun = flow.encode()[value.offset : value.offset + 3].hex(" ")
            assert row.wire.entry.replace("..", begun[3:5]) == begun or value.size > 129


@given(data=st.data(), count=st.integers(1, 3))
@settings(max_examples=50)
def test_frames_and_requests_are_explained_as_they_were(data: st.DataObject, count: int) -> None:
    package, configs = every_type()
    flow = draw_flow(data, package, package.ReadingsFlow, optional=True)
    texts = st.text(st.characters(exclude_categories=["Cs"]))
    names: dict[str, Any] = {name: data.draw(texts) for name in ("ingestion_config_id", "run_id", "organization_id")}
    request = Request(flow="readings", channel_values=flow.channel_values(), **names)
    request.timestamp.FromNanoseconds(data.draw(st.integers(0, 2**61)))
    request.end_stream_on_validation_error = data.draw(st.booleans())
    raw = request.SerializeToString()
    frame = b"\0" + len(raw).to_bytes(4, "big") + raw
    messages = [*explained(raw, configs).messages, *explained(frame * count, configs).messages]
    assert [message.what for message in messages] == ["request", *["gRPC frame"] * count]
    for message in messages:
        assert (message.flow_by, message.problems) == ("name", ())
        assert same([value.value for value in message.values], expected(flow))
        told = {name: value for name, value in message.fields.items() if name in names}
        assert told == {name: text for name, text in names.items() if text}
        assert message.fields["timestamp"] == request.timestamp.ToJsonString()[:19] + nanoseconds_of(request)
        assert ("end_stream_on_validation_error" in message.fields) == request.end_stream_on_validation_error


def nanoseconds_of(request: Request) -> str:
    return f".{request.timestamp.nanos:09d}Z"


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw what may once have been a request: some bytes of it changed, cut out, or put in."""
    package, _ = every_type()
    flow = draw_flow(draw(st.data()), package, package.ReadingsFlow, optional=True)
    request = Request(flow="readings", channel_values=flow.channel_values(), run_id="r")
    request.timestamp.FromNanoseconds(1_700_000_000_123_456_789)
    data = bytearray(request.SerializeToString()[:4096])
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(data)


@given(data=st.one_of(st.binary(min_size=1), damaged()))
@settings(max_examples=1000)
def test_any_bytes_are_read_as_protobuf_reads_them_or_told_with_an_offset(data: bytes) -> None:
    if not data:
        return
    _, configs = every_type()
    messages = explained(data, configs).messages
    for problem in (problem for message in messages for problem in message.problems):
        assert problem.offset is None or 0 <= problem.offset <= len(data)
    if data[0] in (0, 1):  # frames
        return
    (message,) = messages
    malformed = [problem for problem in message.problems if problem.message.startswith("malformed")]
    if any("a group" in problem.message for problem in malformed):
        return  # which protobuf skips, and no message of Sift's has
    try:
        request = Request.FromString(data)
    except DecodeError:
        assert malformed
        return
    assert malformed == []
    read = [value.WhichOneof("type") or "" for value in request.channel_values]
    assert [value.wire_field for value in message.values] == read
    for value, theirs in zip(message.values, request.channel_values, strict=True):
        if value.wire_field not in ("", "empty", "enum", "bit_field", "float", "double", "bytes"):
            assert value.value == getattr(theirs, value.wire_field)
    assert message.fields.get("run_id", "") == request.run_id
    assert message.fields.get("flow", "") == request.flow


@given(
    data=st.binary(max_size=3), filler=st.sampled_from([b"\0" * 5, b"\x22\0", b"\x22\2\x5a\0", b"\xff", b"\x22\x7f"])
)
@settings(max_examples=30)
def test_long_inputs_are_explained_in_proportion(data: bytes, filler: bytes) -> None:
    _, configs = every_type()
    explanation = explain(Question(subject=(data + filler * 2000).hex(), kind="hex"), configs)
    assert len(render_text(explanation)) < 2000 * 200


FLOWS = {
    "asset_name": "rover",
    "flows": [
        {"name": "one", "channels": [{"name": "a", "data_type": "double"}]},
        {"name": "two", "channels": [{"name": "b", "data_type": "double"}]},
        {"name": "four", "channels": [{"name": name, "data_type": "double"} for name in ("a", "b", "c", "d")]},
        {"name": "three", "channels": [{"name": "c", "data_type": "enum", "enum_types": [{"name": "On", "key": 1}]}]},
    ],
}
DOUBLE = "22 09 11 00 00 00 00 00 00 f8 3f"


@pytest.mark.parametrize(
    ("text", "flow", "problems"),
    [
        (DOUBLE, None, ["the types are those of several flows: 'one', 'two'; say with --flow which one it is"]),
        (DOUBLE, "three", ["channel 'c' is of type double on the wire, not enum"]),
        (DOUBLE + DOUBLE, "one", ["values: 2; channels of flow 'one': 1"]),
        (DOUBLE * 3, None, ["the types are those of no flow; say with --flow which one it should be"]),
        (DOUBLE * 3 + "22", None, ["malformed: the bytes end within a varint"]),
        ("22025001", None, []),
        ("22025007", None, ["channel 'c' has no label of key 7"]),
        ("12 03 6f 6e 65" + DOUBLE, None, []),
        ("12 03 6f 6e 66" + DOUBLE, None, ["no flow 'onf' is known; did you mean 'one'?"]),
        ("12 03 6f 6e 65" + DOUBLE, "two", ["the request names the flow 'one', not 'two'"]),
        (DOUBLE[:-3], None, ["malformed: field 4 takes 9 bytes; left: 8"]),
        ("22 00", "one", ["an entry without a value, which Sift does not take; None is sent as Empty"]),
        ("22 04 50 01 50 01", None, ["a second value in one entry: enum after enum; the last one counts"]),
        ("52 01 00" + "22025001", None, ["IngestWithConfigDataStreamRequest has no field 10 of wire type 2; skipped"]),
        ("01 00000002 1f8b", None, ["a compressed gRPC frame, which is not read here; decompress it first"]),
        ("00 00000003 2202", None, ["malformed: the frame's", "malformed: field 4 takes 2 bytes; left: 0"]),
        ("00 0000", None, ["malformed: a gRPC frame begins with 5 bytes; left: 3"]),
        ("22 02 0a ff", None, ["malformed: the bytes end within a varint"]),
        ("0a 01 ff", None, ["malformed: a string that is no UTF-8"]),
        ("22 0c 40" + "ff" * 11, None, ["malformed: a varint of more than 10 bytes"]),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, flow: str | None, problems: list[str]) -> None:
    (tmp_path / "config").mkdir()
    _, configs = made(tmp_path / "config", FLOWS)
    explanation = explain(Question(subject=text, kind="hex", flow=flow), configs)
    told = [problem.message for message in explanation.messages for problem in message.problems]
    assert [each[: len(wanted)] for each, wanted in zip(told, problems, strict=True)] == problems
    assert explanation.has_problems == bool(problems)


@given(subject=st.text(max_size=40), kind=st.sampled_from([None, "channel", "flow", "hex"]), flow=st.none() | st.text())
@settings(max_examples=300)
def test_any_word_is_explained_or_refused(subject: str, kind: SubjectKind | None, flow: str | None) -> None:
    _, configs = every_type()
    try:
        explanation = explain(Question(subject=subject, kind=kind, flow=flow), configs)
    except SubjectError as refusal:
        assert len(str(refusal)) < 2000  # noqa: PT017 - refusing is one of the two things it may do
        return
    assert explanation.channels or explanation.flows or explanation.messages
