"""`sift-codegen import dbc`: messages, signals, value tables, and what is no CAN database."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from pathlib import Path

import pytest
from cantools.database import Database
from cantools.database.can import Message, Signal
from cantools.database.conversion import BaseConversion
from hypothesis import given
from hypothesis import strategies as st

from sift_codegen._importing import DbcRequest, Imported, ImportingError, import_dbc
from tests.importing.importing import FILES, read_back, types_of
from tests.lint.linting import codes_of, lint_text


def imported_from(folder: Path, content: str | bytes) -> Imported:
    path = folder / "rover.dbc"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_dbc(DbcRequest(path=path))


def signal_as(folder: Path, signal: str, more: str) -> Imported:
    head = 'VERSION ""\nBU_: A\nBO_ 1 M: 64 A\n'
    return imported_from(folder, f'{head} SG_ S : {signal} [0|0] "" A\n\n{more}\n')


def test_a_database(tmp_path: Path) -> None:
    imported = import_dbc(DbcRequest(path=FILES / "rover.dbc"))
    config = read_back(tmp_path, imported)
    assert config.asset_name == "rover"
    assert [flow.name for flow in config.flows] == ["Motor", "Battery"]
    assert types_of(config) == {
        "Motor.Speed": "double",
        "Motor.Torque": "int32",
        "Motor.State": "enum",
        "Motor.Enabled": "bool",
        "Motor.Quality": "double",
        "Battery.Page": "uint32",
        "Battery.Voltage": "float",
        "Battery.Serial": "uint64",
        "Battery.State": "int32",
    }
    speed, _, state, _, quality = config.flows[0].channels
    assert (speed.unit, speed.description) == ("rpm", "Speed of the shaft, behind the gear")
    assert [(label.name, label.key) for label in state.enum_types] == [
        ("off", 0), ("on", 1), ("fault", 2), ("fault_2", 3),
    ]  # fmt: skip
    assert quality.description == "Raw values: 255 = not available."
    assert list(config.extension.optional_channels["Battery"]) == ["Battery.Voltage", "Battery.Serial"]
    assert "message 'Sync' has no signals, so it is no flow" in imported.notes
    assert codes_of(lint_text(tmp_path, imported.text).findings) == []


@pytest.mark.parametrize(
    ("signal", "more", "data_type"),
    [
        ("0|1@1+ (1,0)", "", "bool"),
        ("0|1@1+ (1,0)", 'VAL_ 1 S 0 "off" 1 "on" ;', "enum"),
        ("0|1@1+ (2,0)", "", "double"),
        ("0|32@1+ (1,0)", "", "uint32"),
        ("0|32@1- (1,0)", "", "int32"),
        ("0|33@1+ (1,0)", "", "uint64"),
        ("0|64@1- (1,0)", "", "int64"),
        ("0|65@1+ (1,0)", "", "bytes"),
        ("0|8@1+ (1,-40)", "", "double"),
        ("0|32@1- (1,0)", "SIG_VALTYPE_ 1 S : 1;", "float"),
        ("0|64@1- (1,0)", "SIG_VALTYPE_ 1 S : 2;", "double"),
        ("0|16@1+ (1,0)", 'VAL_ 1 S 65535 "not available" ;', "uint32"),
        ("0|8@1- (1,0)", 'VAL_ 1 S -1 "back" 1 "forth" ;', "int32"),
    ],
)
def test_types(tmp_path: Path, signal: str, more: str, data_type: str) -> None:
    imported = signal_as(tmp_path, signal, more)
    assert types_of(read_back(tmp_path, imported)) == {"M.S": data_type}


def test_signals_of_one_name_in_two_messages_are_two_channels(tmp_path: Path) -> None:
    message = 'BO_ {} M{}: 8 A\n SG_ S : 0|8@1{} (1,0) [0|0] "{}" A\n\n'
    text = 'VERSION ""\nBU_: A\n' + message.format(1, "", "+", "V") + message.format(2, "", "-", "A")
    imported = imported_from(tmp_path, text)
    assert types_of(read_back(tmp_path, imported)) == {"M.S": "uint32", "M_2.S": "int32"}
    assert "a second message 'M' (0x2) is called 'M_2'" in imported.notes


def test_encodings(tmp_path: Path) -> None:
    text = 'VERSION ""\nBU_: A\nBO_ 1 M: 8 A\n SG_ S : 0|8@1+ (1,0) [0|0] "°C" A\n'
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        imported = imported_from(tmp_path, text.encode(encoding))
        assert read_back(tmp_path, imported).flows[0].channels[0].unit == "°C"
        assert (imported.notes != ()) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", ""),
        (b"\x7fELF\0", "is no text"),
        (b"asset_name: rover\n", "is no CAN database"),
        (b'VERSION "', "is no CAN database"),
        (b'VERSION ""\nBO_ 1 M: 8 A\n SG_ S : 0|8@1+ (0,0,0)\n', "is no CAN database"),
        (b'VERSION ""\nBU_: A\n', "has no message with signals"),
    ],
)
def test_what_is_no_database_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(ImportingError) as caught:
        imported_from(tmp_path, content)
    assert str(tmp_path / "rover.dbc") in str(caught.value)
    assert told in str(caught.value)


names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True)
# What can stand in a text of a DBC file as it is.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), max_size=12)
tables = st.none() | st.dictionaries(st.integers(-3, 300), texts, min_size=1, max_size=4)


@st.composite
def signals(draw: st.DrawFn, name: str) -> Signal:
    table = draw(tables)
    choices = OrderedDict(sorted(table.items())) if table else None
    scale, offset = draw(st.sampled_from([(1, 0), (2, 0), (0.5, -40), (1, 1)]))
    # mypy: cantools takes plain texts, and says that it makes values of its own of them
    conversion = BaseConversion.factory(scale, offset, choices=choices)  # type: ignore[arg-type]
    length = draw(st.integers(1, 64))
    unit, comment = draw(texts), draw(texts)
    return Signal(name, 0, length, is_signed=draw(st.booleans()), conversion=conversion, unit=unit, comment=comment)


@st.composite
def databases(draw: st.DrawFn) -> Database:
    messages = []
    for number, name in enumerate(draw(st.lists(names, min_size=1, max_size=3, unique=True))):
        found = [draw(signals(each)) for each in draw(st.lists(names, min_size=1, max_size=4, unique=True))]
        messages.append(Message(number + 1, name, 8, found, strict=False))
    return Database(messages, strict=False)


@given(databases())
def test_any_database(database: Database) -> None:
    text = database.as_dbc_string()
    with tempfile.TemporaryDirectory() as directory:
        imported = imported_from(Path(directory), text)
        assert {each.code for each in imported.mistakes} <= {"SC311"}
        config = read_back(Path(directory), imported)
    for message, flow in zip(database.messages, config.flows, strict=True):
        assert flow.name == message.name
        wanted = {f"{message.name}.{signal.name}": (signal.unit or "").strip() for signal in message.signals}
        assert {channel.name: channel.unit for channel in flow.channels} == wanted
