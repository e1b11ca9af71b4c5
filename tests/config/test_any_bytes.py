"""Any bytes are a config or a ConfigError whose every finding can be shown; nothing else comes out."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sift_codegen import ConfigError, SideInputs
from sift_codegen._read_config import read_telemetry_config
from sift_codegen._render_diagnostics import render_diagnostic

VALID = (Path(__file__).parents[1] / "configs/nostromo.yml").read_bytes()
EXPRESSIONS = Path(__file__).parents[1] / "configs/named_expressions.yml"
YAML_WORDS = (
    *(
        "asset_name: ",
        "flows:",
        "channels: ",
        "rules: ",
        "name: ",
        "data_type: ",
        "enum_types: ",
        "key: ",
        "enum",
        "double",
    ),
    *("x-sift-codegen: ", "optional: ", "names: ", "types: ", "$1: ", "channel_references: ", "sub_expressions: "),
    *(
        "\n",
        "\n  ",
        "\n    ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ": ",
        "? ",
        "*a ",
        "&a ",
        "<<: ",
        "!!int ",
        "!x ",
        "---\n",
    ),
    *("~", "1", "1e400", '"', "'", "\\", "\\ud83d", "\\U00110000", "|", ">\n", "#", "%YAML 1.1\n"),
    *("\t", "\r", "\x00", "\x85", "\u2028", "\ufeff"),
)


def check(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "vehicle.yaml")
        path.write_bytes(content)
        try:
            # As a rule module and as named expressions too: every reader sees every text.
            read_telemetry_config(path, SideInputs((EXPRESSIONS,)))
            read_telemetry_config(path, SideInputs((EXPRESSIONS, path), (path,)))
        except ConfigError as error:
            check_shown(error)


def check_shown(error: ConfigError) -> None:
    assert error.diagnostics
    for diagnostic in error.diagnostics:
        shown = render_diagnostic(diagnostic)
        assert shown.startswith(str(diagnostic.position))
        assert all(line.isprintable() for line in shown.split("\n"))


@given(st.binary(max_size=300))
def test_bytes(content: bytes) -> None:
    check(content)


@given(st.lists(st.sampled_from(YAML_WORDS) | st.text(max_size=4), max_size=40).map("".join))
def test_words_of_yaml(text: str) -> None:
    check(text.encode("utf-8", "surrogatepass"))


@given(st.randoms(use_true_random=False), st.integers(1, 8))
def test_a_config_with_bytes_changed(chance: random.Random, changes: int) -> None:
    content = bytearray(VALID)
    for _ in range(changes):
        start = chance.randrange(len(content))
        content[start : start + chance.randrange(4)] = chance.choice(
            [b"", b"\t", b"*x", b": ", b"[", b"\xff", b"\n", b"- "]
        )
    check(bytes(content))
