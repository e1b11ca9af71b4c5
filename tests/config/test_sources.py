"""From a path to text: encodings, line breaks, documents, and files that cannot be read."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from sift_codegen import ConfigError, SideInputs
from sift_codegen._read_config import read_telemetry_config
from tests.config.reading import errors_of, read

CONFIG = "asset_name: rover\nflows:\n- name: f\n  channels: [{name: \u00e9, data_type: dobule}]\n"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfasset_name: rover\n"
    config = read(tmp_path, content)
    assert config.asset_name == "rover"
    assert config.sources[0].sha256 == hashlib.sha256(content).hexdigest()
    assert config.sources[0].name == "vehicle.yaml"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_positions_by_any_line_break(tmp_path: Path, line_break: str) -> None:
    (error,) = errors_of(tmp_path, CONFIG.replace("\n", line_break))
    assert error.startswith("4:35: unknown data_type 'dobule'")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (
            b"asset_name: rover\nunit: \xe2\x82\xac \xe9\n",
            "2:9: not UTF-8: byte 0xe9 at offset 28; save the file as UTF-8",
        ),
        (CONFIG.encode("utf-16"), "1:1: not UTF-8: byte 0xff at offset 0; save the file as UTF-8"),
        (b"\xed\xa0\x80", "1:1: not UTF-8: byte 0xed at offset 0; save the file as UTF-8"),
    ],
)
def test_utf_8_only(tmp_path: Path, content: bytes, error: str) -> None:
    assert errors_of(tmp_path, content) == [error]


def test_an_escape_beyond_unicode(tmp_path: Path) -> None:
    (error,) = errors_of(tmp_path, 'asset_name: "\\ud83d\\ude00"\norganization_id: "\\UFFFFFFFF"\n')
    assert error.startswith("2:1: not YAML: ")


def test_a_document_may_have_its_marks(tmp_path: Path) -> None:
    assert read(tmp_path, "%YAML 1.2\n---\nasset_name: rover\n...\n").asset_name == "rover"


@pytest.mark.parametrize("name", ["nowhere.yaml", ".", "nul\0.yaml"])
def test_what_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=": cannot be read: "):
        read_telemetry_config(tmp_path / name)


def test_errors_of_several_files_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("z.yaml", "m.yml", "a.yml"))
    first.write_text("asset_name: 1\n")
    second.write_text("limit: 1\n")
    third.write_text("rules: 1\n")
    with pytest.raises(ConfigError) as caught:
        read_telemetry_config(first, SideInputs((second,), (third,)))
    assert [found.position.source.path for found in caught.value.diagnostics] == [str(first), str(second), str(third)]


def test_files_that_are_no_yaml_are_told_all_at_once(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("z.yaml", "m.yml", "a.yml")]
    for path in paths:
        path.write_text("[")
    with pytest.raises(ConfigError) as caught:
        read_telemetry_config(paths[0], SideInputs((paths[1],), (paths[2],)))
    assert [found.position.source.path for found in caught.value.diagnostics] == list(map(str, paths))


def test_both_parsers_of_pyyaml_read_alike() -> None:
    """Where PyYAML was built without libyaml, its own parser reads; the whole of a real config agrees."""
    script = (
        "import sys; from pathlib import Path; import yaml\n"
        "if sys.argv[1] == 'slow' and hasattr(yaml, 'CSafeLoader'): del yaml.CSafeLoader\n"
        "from sift_codegen._read_config import SideInputs, read_telemetry_config\n"
        "print(read_telemetry_config(Path('nostromo.yml'), SideInputs((Path('named_expressions.yml'),))))\n"
    )
    folder = Path(__file__).parents[1] / "configs"
    fast, slow = (
        subprocess.run([sys.executable, "-c", script, speed], cwd=folder, capture_output=True, text=True, check=True)
        for speed in ("fast", "slow")
    )
    assert fast.stdout == slow.stdout
    assert "NostromoLV426" in fast.stdout
