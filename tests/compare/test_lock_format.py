"""A lock file holds any names, comes back as it was, and no other text is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sift_codegen import ConfigError
from sift_codegen._compare import Change, wire_changes
from sift_codegen._config import (
    BitFieldElementConfig,
    ChannelConfig,
    DataType,
    EnumTypeConfig,
    FlowConfig,
)
from sift_codegen._diagnostics import Position, SourceFile
from sift_codegen._lock import LockedConfig, lock_of
from sift_codegen._lock._encode import encode_lock
from sift_codegen._read_source import source_of

PLACE = Position(SourceFile("x", "", ""), 1, 1)
names = st.text(st.characters(exclude_categories=["Cs"]))


@st.composite
def locked_channels(draw: st.DrawFn, name: str) -> ChannelConfig:
    data_type = draw(st.sampled_from(DataType))
    labels = draw(st.dictionaries(names, st.integers(0, 2**32 - 1))) if data_type is DataType.ENUM else {}
    bits = draw(st.dictionaries(names, st.tuples(st.integers(0, 99), st.integers(1, 99))))
    elements = bits.items() if data_type is DataType.BIT_FIELD else ()
    return ChannelConfig(
        name=name,
        data_type=data_type,
        enum_types=tuple(EnumTypeConfig(name=label, key=key, position=PLACE) for label, key in labels.items()),
        bit_field_elements=tuple(
            BitFieldElementConfig(name=label, index=index, bit_count=count, position=PLACE)
            for label, (index, count) in elements
        ),
        position=PLACE,
        name_position=PLACE,
        definition=PLACE,
        key_positions={},
    )


@st.composite
def locked_configs(draw: st.DrawFn) -> list[LockedConfig]:
    def flow(name: str) -> FlowConfig:
        channels = [draw(locked_channels(each)) for each in draw(st.lists(names, max_size=3, unique=True))]
        return FlowConfig(name=name, channels=tuple(channels), position=PLACE)

    paths = draw(st.lists(names, max_size=2, unique=True))
    return [LockedConfig(path, tuple(map(flow, draw(st.lists(names, max_size=2, unique=True))))) for path in paths]


def told(changes: tuple[Change, ...]) -> list[tuple[object, ...]]:
    return [(change.kind, change.flow, change.channel, change.message) for change in changes]


@given(locked_configs(), st.booleans())
@settings(max_examples=200)
def test_a_lock_file_comes_back_as_it_was(locked: list[LockedConfig], has_windows_ends: bool) -> None:
    content = encode_lock(locked)
    assert encode_lock(reversed(locked)) == content
    written = content.replace(b"\n", b"\r\n") if has_windows_ends else content
    file = lock_of(source_of(written, "sift-codegen.lock", "sift-codegen.lock"))
    assert encode_lock(file.configs) == content
    lines = content.decode().split("\n")
    for config in locked:
        flows = file.flows_of(config.path)
        assert flows is not None
        assert told(tuple(wire_changes(config.flows, flows))) == []
        for flow in flows:
            assert lines[flow.position.line - 1].startswith("name = ")
            for channel in flow.channels:
                assert lines[channel.position.line - 1].startswith("    { name = ")


@given(locked_configs().filter(bool), st.data())
@settings(max_examples=200)
def test_no_edit_of_a_lock_file_goes_unnoticed(locked: list[LockedConfig], data: st.DataObject) -> None:
    lines = encode_lock(locked).decode().split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["remove", "double", "change"]))
    edited = {"remove": [], "double": [lines[at]] * 2, "change": [lines[at].replace("e", "a") + " "]}[how]
    text = "\n".join([*lines[:at], *edited, *lines[at + 1 :]])
    if text == "\n".join(lines):
        return
    with pytest.raises(ConfigError) as caught:
        lock_of(source_of(text.encode(), "sift-codegen.lock", "sift-codegen.lock"))
    assert caught.value.diagnostics[0].notes


@given(st.one_of(st.text(), st.text(st.sampled_from('[]{}=" \nconfigflow.1x'))))
def test_any_text_is_a_lock_file_or_an_error_of_ours(text: str) -> None:
    with pytest.raises(ConfigError):
        lock_of(source_of(text.encode("utf-8", "replace"), "sift-codegen.lock", "sift-codegen.lock"))
