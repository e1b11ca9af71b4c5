"""List filters through the list calls: what passes, what is refused, and where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given, settings
from hypothesis import strategies as st

from sift_runtime.messages import metadata_pb2 as metadata
from sift_runtime.messages import runs_pb2 as runs

from .client import Client, status_of
from .conftest import Bench


def _metadata(name: str, number: float) -> metadata.MetadataValue:
    return metadata.MetadataValue(key=metadata.MetadataKey(name=name), number_value=number)


RUNS = [
    runs.CreateRunRequest(
        name="hop", client_key="k1", tags=["red", "blue"], start_time=Timestamp(seconds=1_700_000_000)
    ),
    runs.CreateRunRequest(name='it\'s "quoted"', description="a\\b"),
    runs.CreateRunRequest(
        name="Leap",
        start_time=Timestamp(seconds=1_800_000_000),
        stop_time=Timestamp(seconds=1_800_000_090),
        metadata=[_metadata("mass", 12.5)],
    ),
]
HOP, QUOTED, LEAP = (run.name for run in RUNS)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    path: Path = tmp_path_factory.mktemp("filters")
    with Bench(path / "flight.duckdb").serving() as serving:
        for run in RUNS:
            serving.create_run(run)
        yield serving


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("", [HOP, QUOTED, LEAP]),
        ("  ", [HOP, QUOTED, LEAP]),
        ('name=="hop"', [HOP]),
        ("name == 'hop'", [HOP]),
        ("'hop' == name", [HOP]),
        ("name != 'hop'", [QUOTED, LEAP]),
        ("name == 'it\\'s \"quoted\"'", [QUOTED]),
        ('name == "it\'s \\"quoted\\""', [QUOTED]),
        ("description == 'a\\\\b'", [QUOTED]),
        ('name in ["hop","hop", "Leap"]', [HOP, LEAP]),
        ("name in []", []),
        ("!(name in ['hop'])", [QUOTED, LEAP]),
        ("!(name == 'hop') && !(name == 'Leap')", [QUOTED]),
        ("name == 'hop' || name == 'Leap' && is_archived == true", [HOP]),
        ("(name == 'hop' || name == 'Leap') && is_archived == false", [HOP, LEAP]),
        ("is_archived", []),
        ("!is_archived", [HOP, QUOTED, LEAP]),
        ("name.contains('o')", [HOP, QUOTED]),
        ("name.startsWith('Le')", [LEAP]),
        ("name.endsWith('p')", [HOP, LEAP]),
        ("name.matches('^[a-z]+$')", [HOP]),
        ("client_key == null", [QUOTED, LEAP]),
        ("client_key != null", [HOP]),
        ("start_time > timestamp('2023-11-14T22:13:20Z')", [LEAP]),
        ("start_time >= timestamp('2023-11-14T23:13:20.000+01:00')", [HOP, LEAP]),
        ("start_time < timestamp('2023-11-14T22:13:20.000000001Z')", [HOP]),
        ("duration <= duration('90s')", [LEAP]),
        ("duration == duration('1m30s')", [LEAP]),
        ("duration > duration('90s')", []),
        ("tag_name == 'blue'", [HOP]),
        ("tag_name in ['green', 'red']", [HOP]),
        ("tag_name != 'blue'", [QUOTED, LEAP]),
        ("tag_name.contains('lu')", [HOP]),
        ('metadata["mass"] > 12', [LEAP]),
        ("metadata['mass'] == 12.5", [LEAP]),
        ("metadata['nope'] == null", [HOP, QUOTED, LEAP]),
        ("name == true", []),
    ],
)
def test_a_filter_is_applied(client: Client, where: str, expected: list[str]) -> None:
    assert client.list_runs(where, order_by="created_date asc") == expected


@pytest.mark.parametrize(
    ("where", "reason", "position"),
    [
        ("name = 'hop'", "unexpected character '='", 5),
        ("name == 'hop", "a string that is not closed", 8),
        ("nam == 'hop'", "unknown field 'nam'", 0),
        ("name == 'hop' name", "expected '&&', '||' or the end", 14),
        ("name ==", "end of the filter", 7),
        ("name in ['a'", "expected ']'", 12),
        ("name in [name]", "expected a value", 9),
        ("name.reversed('a')", "expected one of contains", 5),
        ("name.matches('(')", "bad regular expression", 13),
        ("name == 'a\\q'", "unknown escape \\q", 10),
        ("start_time > timestamp('yesterday')", "not an RFC 3339 time", 23),
        ("duration > duration('soon')", "not a duration", 20),
        ("name < 5", "string < number cannot be compared", 5),
        ("metadata == 5", "needs a key", 0),
        ("name['a'] == 5", "takes no key", 0),
        ("(" * 60 + "is_archived" + ")" * 60, "nested deeper than 50", 51),
    ],
)
def test_a_bad_filter_is_refused_with_its_position(client: Client, where: str, reason: str, position: int) -> None:
    code, details = status_of(lambda: client.list_runs(where))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert reason in details
    assert f"at position {position};" in details


_WORDS = ("name", "is_archived", "metadata", "in", "contains", "matches", "timestamp", "duration", "null", "true")
_SYMBOLS = ("[", "]", "(", ")", "==", "!=", "!", "&&", "||", ",", ".", "'", "\\", "\n", "é")
_PIECES = st.sampled_from((*_WORDS, *_SYMBOLS, "'a'", '"b"', "1", "-2.5e3", "1e999"))


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=30), st.lists(_PIECES, max_size=12).map(" ".join), st.lists(_PIECES).map("".join)))
def test_any_text_is_applied_or_refused_with_a_position(client: Client, where: str) -> None:
    try:
        client.list_runs(where)
    except grpc.RpcError:
        code, details = status_of(lambda: client.list_runs(where))
        assert code is grpc.StatusCode.INVALID_ARGUMENT
        assert " at position " in details


@settings(max_examples=50)
@given(name=st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_any_name_is_found_by_its_escaped_form(client: Client, name: str) -> None:
    client.create_run(runs.CreateRunRequest(name=f"any {name}"))
    escaped = f"any {name}".replace("\\", "\\\\").replace("'", "\\'")
    assert set(client.list_runs(f"name == '{escaped}'")) == {f"any {name}"}
