"""The example's C header, in the hands of a C compiler."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.generator.packages import channel, config_of, write_config
from tests.generator.test_command import sift_codegen

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/templates"
COMPILER = shutil.which("gcc") or shutil.which("cc")
ASSETS = ["rover", 'a "b" \\ ??/', "line\nbreak", "größe 7\u2028", "\x01" + "7", "%d */ /* //"]


@pytest.mark.skipif(COMPILER is None, reason="no C compiler here")
@pytest.mark.parametrize("asset", ASSETS)
def test_the_header_compiles_and_has_every_key_and_text(tmp_path: Path, asset: str) -> None:
    labels = [{"name": "Off", "key": 0}, {"name": "*/ #error", "key": 7}, {"name": "Full\\", "key": 2**32 - 1}]
    state = channel("state", "enum", enum_types=labels, description=asset)
    config = {**config_of(state), "asset_name": asset}
    name = write_config(tmp_path, config).name
    done = sift_codegen(name, "-o", "sdk", "--templates", EXAMPLE, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "main.c").write_text(
        '#include <stdio.h>\n#include "sdk/enums.h"\n#include "sdk/enums.h"\n'
        "int main(void) {\n"
        "  State all[] = {State_Off, State_error, State_Full};\n"
        '  printf("%s", TELEMETRY_ASSET);\n'
        '  for (int i = 0; i < 3; i++) printf(" %lu", (unsigned long)all[i]);\n'
        "  return 0;\n}\n",
        "utf-8",
    )
    strict = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
    subprocess.run([str(COMPILER), *strict, "main.c", "-o", "main"], cwd=tmp_path, check=True)
    told = subprocess.run([str(tmp_path / "main")], capture_output=True, check=True).stdout
    assert told.decode() == f"{asset} 0 7 4294967295"
