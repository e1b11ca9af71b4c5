"""Any wire name gets a table or column of its own, and the catalogue says which."""

from __future__ import annotations

import pytest

from sift_runtime.messages import channel_types_pb2 as types

from .client import Client, Value, channel, flow, query, request
from .conftest import Bench

DOUBLE = types.CHANNEL_DATA_TYPE_DOUBLE


def columns_of(bench: Bench, flow_name: str) -> list[tuple[object, ...]]:
    joined = "channels JOIN flows USING (flow_id)"
    return query(bench.store, f"SELECT channel, column_name FROM {joined} WHERE flow = '{flow_name}' ORDER BY position")


def test_channels_that_differ_in_case_only_have_columns_of_their_own(bench: Bench, client: Client) -> None:
    names = ["a", "A", "a_2", "timestamp", "run_id", "\uff21"]
    config_id = client.create_config([flow("f", *(channel(name, DOUBLE) for name in names))]).ingestion_config_id
    client.stream([request(config_id, "f", [Value(double=float(number)) for number in range(len(names))])])
    columns = [column for _, column in columns_of(bench, "f")]
    selected = ", ".join(f'"{column}"' for column in columns)
    assert query(bench.store, f"SELECT {selected} FROM rover.f") == [(0.0, 1.0, 2.0, 3.0, 4.0, 5.0)]
    assert columns[0] == "a"


def test_elements_and_keys_give_way_to_channels(bench: Bench, client: Client) -> None:
    bits = channel(
        "bits",
        types.CHANNEL_DATA_TYPE_BIT_FIELD,
        bit_field_elements=[types.ChannelBitFieldElement(name="x", index=0, bit_count=1)] * 2,
    )
    config = client.create_config([flow("f", bits, channel("bits.x", DOUBLE))])
    client.stream([request(config.ingestion_config_id, "f", [Value(bit_field=b"\1"), Value(double=2.0)])])
    assert columns_of(bench, "f") == [("bits", "bits"), ("bits.x", "bits.x")]
    elements = [str(name) for (name,) in query(bench.store, "SELECT column_name FROM bit_field_elements")]
    selected = ", ".join(f'"{column}"' for column in ["bits.x", *elements])
    assert query(bench.store, f"SELECT {selected} FROM rover.f") == [(2.0, 1, 1)]


@pytest.mark.parametrize("name", ["sp ace", 'quo"te', "semi;colon", "a.b", "\0nul", "select", "línea", "x" * 1000, " "])
def test_any_name_is_stored(bench: Bench, client: Client, name: str) -> None:
    config = client.create_config([flow(name, channel(name, DOUBLE))], asset=name)
    client.stream([request(config.ingestion_config_id, name, [Value(double=1.0)])])
    ((schema, table, column),) = query(
        bench.store, "SELECT schema_name, table_name, column_name FROM flows JOIN channels USING (flow_id)"
    )
    quoted = ['"' + str(part).replace('"', '""') + '"' for part in (schema, table, column)]
    assert query(bench.store, f"SELECT {quoted[2]} FROM {quoted[0]}.{quoted[1]}") == [(1.0,)]


def test_two_configs_may_hold_one_flow_name_with_other_channels(bench: Bench, client: Client) -> None:
    first = client.create_config([flow("f", channel("a", DOUBLE))]).ingestion_config_id
    second = client.create_config([flow("F", channel("b", types.CHANNEL_DATA_TYPE_BOOL))]).ingestion_config_id
    client.stream([request(first, "f", [Value(double=1.0)]), request(second, "F", [Value(bool=True)])])
    tables = query(bench.store, "SELECT table_name FROM flows ORDER BY created_ns")
    assert tables == [("f",), (f"F_{second[:8]}",)]
    assert query(bench.store, "SELECT a FROM rover.f") == [(1.0,)]
    assert query(bench.store, f'SELECT b FROM rover."F_{second[:8]}"') == [(True,)]


@pytest.mark.parametrize("asset", ["main", "flight", "information_schema", "TEMP"])
def test_an_asset_named_like_a_schema_of_duckdb_or_the_file_has_its_own(
    bench: Bench, client: Client, asset: str
) -> None:
    config_id = client.create_config([flow("assets")], asset=asset).ingestion_config_id
    client.stream([request(config_id, "assets", [Value(double=1.0)])])
    ((schema,),) = query(bench.store, "SELECT schema_name FROM assets")
    assert str(schema).startswith(f"{asset}_")
    assert query(bench.store, f'SELECT value FROM "{schema}".assets') == [(1.0,)]


def test_assets_that_differ_in_case_only_have_schemas_of_their_own(bench: Bench, client: Client) -> None:
    for asset in ("rover", "Rover"):
        client.create_config([flow("f")], asset=asset)
    schemas = [str(schema).casefold() for (schema,) in query(bench.store, "SELECT schema_name FROM assets")]
    assert len(set(schemas)) == 2
