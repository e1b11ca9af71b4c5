"""`sift-codegen import csv`: names, units and types of real and of awkward files."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sift_codegen._importing import ImportingError
from tests.importing.importing import FILES, command, csv_of, read_back, types_of


def types_in(folder: Path, content: str | bytes) -> dict[str, str]:
    return types_of(read_back(folder, csv_of(folder, content)))


def test_a_real_file(tmp_path: Path) -> None:
    done = command("csv", FILES / "sample_data.csv", "-o", "vehicle.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "vehicle.yaml: 1 flow, 50 channels\n")
    assert "note: column 1 ('time') is the time of its row (by its name), so no channel" in done.stderr
    assert "note: inferred from all 49 rows" in done.stderr
    document = yaml.safe_load((tmp_path / "vehicle.yaml").read_text("utf-8"))
    assert document["asset_name"] == "sample_data"
    assert [each["name"] for each in document["flows"][0]["channels"]] == [f"col{number}" for number in range(1, 51)]


@pytest.mark.parametrize(
    ("cells", "data_type"),
    [
        (["1", "-2", "9223372036854775807"], "int64"),
        (["1", "9223372036854775808"], "double"),
        (["1", "2.5", "1e9", "nan", "-inf"], "double"),
        (["true", "False"], "bool"),
        (["0", "1"], "int64"),
        (["true", "1"], "string"),
        (["007", "12"], "string"),
        (["1_000"], "string"),
        (["12", "off"], "string"),
        (["ON", "OFF"], "string"),
        (["٣"], "string"),
    ],
)
def test_types(tmp_path: Path, cells: list[str], data_type: str) -> None:
    rows = "".join(f"x,{cell}\n" for cell in cells)
    assert types_in(tmp_path, "a,b\n" + rows) == {"a": "string", "b": data_type}


def test_units_gaps_doubles_and_columns_without_name(tmp_path: Path) -> None:
    imported = csv_of(tmp_path, "speed (m/s),temp [°C], speed ,,f(x),()\n1,2,3,4,5,\n")
    config = read_back(tmp_path, imported)
    channels = [(channel.name, channel.unit) for channel in config.flows[0].channels]
    assert channels == [("speed", "m/s"), ("temp", "°C"), ("speed_2", ""), ("column_4", ""), ("f", "x"), ("()", "")]
    assert list(config.extension.optional_channels["flight"]) == ["()"]
    assert "column 3 is called 'speed_2': 'speed' is taken" in imported.notes
    assert "column 4 is called 'column_4': it has no name" in imported.notes


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("a,when,b\n1,2024-01-28T09:12:44.5-08:00,2\n", "when"),
        ("a,when,Timestamp\n1,2024-01-28 09:12:44,3.5\n", "Timestamp"),
        ("a,Time (s)\n1,0.5\n", "Time (s)"),
        ("t0,b\n1706461964,2\n1706461965,2\n", "t0"),
        ("ns,b\n1706461964000000000,2\n", "ns"),
    ],
)
def test_the_time_is_no_channel(tmp_path: Path, content: str, name: str) -> None:
    imported = csv_of(tmp_path, content)
    assert name not in types_of(read_back(tmp_path, imported))
    assert any(f"({name!r}) is the time of its row" in note for note in imported.notes)


@pytest.mark.parametrize("content", ["b,t0\n1,1706461964\n", "t0,b\n1706461964,1\n1706461963,1\n", "time,b\nnoon,1\n"])
def test_what_may_not_be_the_time_is_a_channel(tmp_path: Path, content: str) -> None:
    imported = csv_of(tmp_path, content)
    assert len(types_of(read_back(tmp_path, imported))) == 2
    assert "no column is the time of its row" in imported.notes


def test_delimiters_and_encodings(tmp_path: Path) -> None:
    expected = {"é": "int64", "b": "string"}
    for delimiter in ",;\t|":
        text = f"é{delimiter}b\r\n1{delimiter}x\r\n"
        for encoding in ("utf-8", "utf-8-sig", "latin-1", "utf-16"):
            imported = csv_of(tmp_path, text.encode(encoding))
            assert types_of(read_back(tmp_path, imported)) == expected, (delimiter, encoding)
            assert ("the file is no UTF-8; it was read as Latin-1" in imported.notes) == (encoding == "latin-1")


def test_only_the_first_rows_are_read(tmp_path: Path) -> None:
    imported = csv_of(tmp_path, b"a\n" + b"1\n" * 10_000 + b'x"\xff\0\n', rows=2)
    assert types_of(read_back(tmp_path, imported)) == {"a": "int64"}
    assert imported.notes[0] == "inferred from the first 2 rows, of more"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"a,b\n", "no rows"),
        (b"1,2\n3,4\n", "has no header"),
        (b"\x7fELF\0\0\0", "is no text"),
        (b"\xff\xfea", "begins as UTF-16, but is none"),
        (b"a,b\n1,2,3\n", "flight.csv:2: has 3 cells; the header has 2"),
        (b'a,b\n1,"2\n', "is no CSV"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "is no CSV: field larger than field limit"),
        (b"x" * 9_000_000, "a row of more than 8388608 characters"),
        (b'a\n"' + b'x","\n' * 2_000_000, "a row of more than 8388608 characters"),
        (b"a," * 100_001 + b"b\n1\n", "has 100002 columns"),
        (b"time\n2024-01-01 00:00:00\n", "no column but the time"),
    ],
)
def test_what_is_no_csv_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(ImportingError) as caught:
        csv_of(tmp_path, content)
    assert told in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "flight.csv"))


any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(st.lists(any_text, min_size=1, max_size=5), st.lists(any_text, min_size=1, max_size=5))
def test_any_header_and_cells(header: list[str], cells: list[str]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["first", *header], ["x", *cells[: len(header)]]])
    with tempfile.TemporaryDirectory() as directory:
        imported = csv_of(Path(directory), stream.getvalue(), delimiter=",")
        assert {each.code for each in imported.mistakes} <= {"SC311"}
        config = read_back(Path(directory), imported)
        assert yaml.safe_load(imported.text)["flows"][0]["name"] == "flight"
    channels = config.flows[0].channels
    assert len({channel.name for channel in channels}) == len(channels)
    names = {channel.name for channel in channels}
    for text in map(str.strip, header):
        if text and text[-1] not in ")]" and any(cells) and text.casefold() not in ("utc", "ts", "time", "epoch"):
            assert text in names


@given(st.binary(max_size=200))
def test_any_bytes_are_a_config_or_an_error(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        try:
            imported = csv_of(Path(directory), content)
        except ImportingError:
            return
        read_back(Path(directory), imported)
