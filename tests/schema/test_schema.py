"""The JSON Schemas against the reader: they accept what it accepts, and see every mistake that is one of structure."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from jsonschema import Draft7Validator

from sift_codegen import ConfigError
from sift_codegen._schema import DOCUMENTS, schema_of, schema_text
from sift_codegen._schema._parts import mapping, text
from tests.schema.plain import plain_data
from tests.schema.validators import mistakes

ROOT: Final = Path(__file__).parents[2]
# Its data would be 6 * 10^10 channels; whoever reads it has to know where to stop.
_BOMB: Final = "alias_bomb.yaml"
INVALID: Final = sorted({path.name for path in (ROOT / "tests/invalid").glob("*.yaml")} - {_BOMB})
VALID: Final = [
    *(("config", path) for path in sorted(ROOT.glob("tests/golden/*/config.yaml"))),
    *(("config", path) for path in sorted(ROOT.glob("tests/peers/*.yaml"))),
    ("config", ROOT / "tests/configs/nostromo.yml"),
    ("config", ROOT / "examples/vehicle.yaml"),
    *(("rules", path) for path in sorted(ROOT.glob("tests/configs/rule_modules/*.yml"))),
    *(("rules", path) for path in sorted(ROOT.glob("tests/golden/*/rules/**/*.y*ml"))),
    *(("expressions", path) for path in sorted(ROOT.glob("**/named_expressions.yml")) if ".venv" not in path.parts),
    ("expressions", ROOT / "tests/invalid/side/expressions.yml"),
]
_NO_YAML: Final = "it is no YAML, which is said before any schema is asked"
_TWICE: Final = "no keyword of JSON Schema compares one part of a list with another by one of its keys"
_TWO_KEYS: Final = "the data of a document no longer shows that a key stood twice"
_OTHER_FILES: Final = "a schema sees one file"
_NUMBERS: Final = "the sum of two numbers is no keyword of JSON Schema"
UNSEEN: Final = {
    "control_character.yaml": _NO_YAML,
    "cyclic_alias.yaml": _NO_YAML,
    "cyclic_merge.yaml": _NO_YAML,
    "deep_nesting.yaml": _NO_YAML,
    "half_surrogates.yaml": _NO_YAML,
    "key_that_is_a_list.yaml": _NO_YAML,
    "long_number.yaml": _NO_YAML,
    "syntax_error.yaml": _NO_YAML,
    "tab_indentation.yaml": _NO_YAML,
    "tags.yaml": _NO_YAML,
    "two_documents.yaml": _NO_YAML,
    "undefined_alias.yaml": _NO_YAML,
    "duplicate_channel.yaml": _TWICE,
    "duplicate_flow.yaml": _TWICE,
    "duplicate_key.yaml": _TWO_KEYS,
    "two_merge_keys.yaml": _TWO_KEYS,
    "missing_files.yaml": _OTHER_FILES,
    "named_expressions.yaml": _OTHER_FILES,
    "rule_modules.yaml": _OTHER_FILES,
}
"""The invalid configs that no schema can tell from valid ones, and why."""


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_schema_is_one(kind: str) -> None:
    Draft7Validator.check_schema(schema_of(kind))


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_schemas_in_the_tree_are_current(kind: str) -> None:
    name, _, _ = DOCUMENTS[kind]
    assert (ROOT / "docs" / name).read_text("utf-8") == schema_text(kind)


@pytest.mark.parametrize(("kind", "path"), VALID, ids=lambda part: str(part).removeprefix(f"{ROOT}/"))
def test_what_is_valid_validates(kind: str, path: Path) -> None:
    assert mistakes(kind, plain_data(path)) == []


@pytest.mark.parametrize("name", INVALID)
def test_what_is_invalid_is_rejected_or_in_the_table(name: str) -> None:
    try:
        found = mistakes("config", plain_data(ROOT / "tests/invalid" / name))
    except ConfigError:
        assert UNSEEN.get(name) == _NO_YAML
        return
    assert UNSEEN.get(name) != _NO_YAML
    assert bool(found) != (name in UNSEEN)


def test_the_table_names_only_what_is_there() -> None:
    assert UNSEEN.keys() <= set(INVALID)


@pytest.mark.parametrize("name", ["side/more_expressions.yml", "side/rules/none.yml", "side/rules/empty.yml"])
def test_side_files_with_mistakes_are_rejected(name: str) -> None:
    kind = "rules" if "rules" in name else "expressions"
    assert mistakes(kind, plain_data(ROOT / "tests/invalid" / name))


def test_keys_that_the_reader_does_not_know_cannot_be_described() -> None:
    with pytest.raises(ValueError, match="the reader knows"):
        mapping(("name", "unit"), {"name": text("A name.")})
    with pytest.raises(ValueError, match="the reader knows"):
        mapping(("name",), {"name": text("A name."), "units": text("A unit.")})
