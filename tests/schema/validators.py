"""The schemas, in a validator that is not ours."""

from __future__ import annotations

from typing import Any, Final

from jsonschema import Draft7Validator

from sift_codegen._schema import DOCUMENTS, schema_of

__all__ = ["VALIDATORS", "mistakes"]

VALIDATORS: Final = {kind: Draft7Validator(schema_of(kind)) for kind in DOCUMENTS}


def mistakes(kind: str, data: Any) -> list[str]:
    """Return what a schema finds wrong, as `path: message`."""
    errors = VALIDATORS[kind].iter_errors(data)
    return [f"{error.json_path}: {error.message}" for error in errors]
