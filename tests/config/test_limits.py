"""Small files that unfold without end, and large ones: bounded work, and an error that says where it was too much."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.reading import errors_of

MANY = 4_000_000


def shared_list(channels: int, flows: int) -> str:
    listed = ", ".join(f"{{name: c{number}, data_type: double}}" for number in range(channels))
    lines = "".join(f"- {{name: f{number}, channels: *all}}\n" for number in range(flows))
    return f"asset_name: rover\nx-all: &all [{listed}]\nflows:\n{lines}"


def wide_merge(keys: int, merges: int) -> str:
    mapping = ", ".join(f"k{number}: " for number in range(keys))
    return f"asset_name: rover\nx-wide: &w {{{mapping}}}\nflows: [{{<<: [{', '.join(['*w'] * merges)}]}}]\n"


def deep_merge(levels: int) -> str:
    """Return a channel that merges nine aliases of a mapping that merges nine aliases, and so on."""
    lines = "".join(f"- &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 9)}]}}\n" for level in range(1, levels))
    flows = f"flows: [{{name: f, channels: [*a{levels - 1}]}}]\n"
    return f"asset_name: rover\nx-all:\n- &a0 {{name: voltage}}\n{lines}{flows}"


@pytest.mark.parametrize("content", [shared_list(3000, 3000), wide_merge(3000, 3000)], ids=["list", "merge"])
def test_aliases_that_unfold_to_millions_of_values(tmp_path: Path, content: str) -> None:
    assert len(content) < MANY / 10
    errors = errors_of(tmp_path, content)
    assert errors[-1].endswith(f"the aliases of this config unfold to more than {MANY} values")


def test_merges_of_merges_cost_as_much_as_they_are_long(tmp_path: Path) -> None:
    assert errors_of(tmp_path, deep_merge(40)) == ["43:30: channel 'voltage' has no 'data_type'"]


def test_merges_too_deep_for_the_stack(tmp_path: Path) -> None:
    lines = "".join(f"- &a{level} {{<<: *a{level - 1}}}\n" for level in range(1, 3000))
    errors = errors_of(tmp_path, f"asset_name: rover\nx-all:\n- &a0 {{name: v}}\n{lines}flows: [*a2999]\n")
    assert errors[0].endswith("merge keys of merge keys, more than 100 levels deep")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_nesting_ends_early(tmp_path: Path, opening: str) -> None:
    assert errors_of(tmp_path, opening * 500_000)[-1].endswith(": nested deeper than 64 levels")


def test_more_errors_than_anybody_reads(tmp_path: Path) -> None:
    errors = errors_of(tmp_path, "asset_name: rover\nflows:\n" + "- 1\n" * 100_000)
    assert len(errors) == 1001
    assert errors[-1] == "1003:3: gave up after 1000 errors"


def test_a_long_name_is_not_told_in_full(tmp_path: Path) -> None:
    channel = f"{{name: {'n' * 100_000}, data_type: dobule}}"
    (error,) = errors_of(tmp_path, f"asset_name: rover\nflows: [{{name: f, channels: [{channel}]}}]\n")
    assert len(error) < 1100


def test_a_file_of_more_than_16_mib(tmp_path: Path) -> None:
    assert errors_of(tmp_path, "#" * (16 * 1024 * 1024 + 1)) == ["1:1: larger than 16 MiB; no telemetry config is"]


def test_bombs_cost_little_memory(tmp_path: Path) -> None:
    """A gigabyte of address space is enough for files that would unfold to terabytes."""
    paths = [tmp_path / name for name in ("merges.yaml", "lists.yaml")]
    for path, content in zip(paths, (deep_merge(64), shared_list(3000, 3000)), strict=True):
        path.write_text(content)
    script = (
        "import resource, sys; from pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))\n"
        "from sift_codegen import ConfigError\n"
        "from sift_codegen._read_config import read_telemetry_config\n"
        "for path in map(Path, sys.argv[1:]):\n"
        "    try: read_telemetry_config(path)\n"
        "    except ConfigError as error: print(path.name, len(error.diagnostics))\n"
    )
    words = [sys.executable, "-c", script, *map(str, paths)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "merges.yaml 1\nlists.yaml 1\n", "")
