"""The package that has every data type, required and optional."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.generator.packages import channel, load_package
from tests.generator.strategies import ENUM_KEYS, SCALAR_VALUES

ELEMENTS = [
    {"name": "mode", "index": 9, "bit_count": 3},
    {"name": "armed", "index": 0, "bit_count": 1},
    {"name": "count", "index": 12, "bit_count": 64},
]
EVERY_TYPE = [
    *(channel(f"the_{data_type}", data_type) for data_type in SCALAR_VALUES),
    channel("state", "enum", enum_types=[{"name": f"label_{key}", "key": key} for key in ENUM_KEYS]),
    channel("pins", "bit_field", bit_field_elements=ELEMENTS),
]


@pytest.fixture(scope="session")
def every_type(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    optional = {"optional": {"maybe": [each["name"] for each in EVERY_TYPE]}}
    flows = [{"name": "readings", "channels": EVERY_TYPE}, {"name": "maybe", "channels": EVERY_TYPE}]
    config = {"asset_name": "rover", "flows": flows, "x-sift-codegen": optional}
    return load_package(tmp_path_factory.mktemp("every_type"), config)
