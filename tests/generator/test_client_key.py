"""The generated client key is the one that Sift's own clients make."""

from __future__ import annotations

from pathlib import Path

from tests.generator.packages import channel, load_package


def test_documented_vector(tmp_path: Path) -> None:
    pins = channel(
        "g",
        "bit_field",
        bit_field_elements=[
            {"name": "b", "index": 3, "bit_count": 5},
            {"name": "a", "index": 0, "bit_count": 3},
        ],
    )
    state = channel("e", "enum", enum_types=[{"name": "two", "key": 2}, {"name": "one", "key": 1}])
    flows = [
        {"name": "zf", "channels": [channel("v", "double", description="desc", unit="V")]},
        {"name": "af", "channels": [pins, state]},
    ]
    telemetry = load_package(tmp_path, {"asset_name": "rover", "flows": flows}).TELEMETRY
    # The text rover·af·g·CHANNEL_DATA_TYPE_BIT_FIELD·a03·b35·e·CHANNEL_DATA_TYPE_ENUM·1one·2two·zf·v·…·desc·V, hashed.
    assert telemetry.client_key == "d6d581ec8e98b9e6fd2ee9a72e9b4b92fddba0dc7d12c5a79196baffa53a9334"


def test_a_key_in_the_config_is_kept(tmp_path: Path) -> None:
    config = {"asset_name": "rover", "ingestion_client_key": "mine", "flows": []}
    assert load_package(tmp_path, config).TELEMETRY.client_key == "mine"
