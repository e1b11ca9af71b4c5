"""NumPy is for those who use columns: nobody else needs it, and who lacks it is told what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.generator.packages import channel, config_of, load_package

_FLY = """
import sys
{before}
import sift_runtime
from {package} import Pins, PinsElementColumns, ReadingsColumns, ReadingsFlow
from sift_runtime._columns import encode_columns

ReadingsFlow(speed=1.0, pins=Pins(armed=1)).encode()
columns = ReadingsColumns(timestamp=[1], speed=[1.0], pins=PinsElementColumns(armed=[1]))
{after}
"""
_REFUSED = """
try:
    encode_columns(columns, b"head", b"")
except sift_runtime.MissingExtraError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "print('numpy' in sys.modules)", "False\n"),
        (
            "sys.modules['numpy'] = None",  # as if it were not installed
            _REFUSED,
            "columns need NumPy, which is not installed: pip install 'sift-codegen[columns]'\n",
        ),
    ],
    ids=["not loaded", "not installed"],
)
def test_numpy_is_loaded_by_nobody_but_the_encoder_of_columns(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    pins = channel("pins", "bit_field", bit_field_elements=[{"name": "armed", "index": 0, "bit_count": 1}])
    package = load_package(tmp_path, config_of(channel("speed", "double"), pins)).__name__
    code = _FLY.format(before=before, package=package, after=after)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (said, "")
