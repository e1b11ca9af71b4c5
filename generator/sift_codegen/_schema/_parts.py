"""The pieces that schemas are put together from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

__all__ = ["Schema", "boolean", "listed", "mapping", "mapping_of", "reference", "text"]

Schema: TypeAlias = dict[str, object]


def text(description: str, *examples: str, nullable: bool = True, **more: object) -> Schema:
    """Return a text; null leaves one out where it may be left out."""
    schema: Schema = {"description": description, "type": ["string", "null"] if nullable else "string"}
    return schema | ({"examples": list(examples)} if examples else {}) | more


def boolean(description: str) -> Schema:
    """Return a boolean that may be left out."""
    return {"description": description, "type": ["boolean", "null"]}


def listed(description: str, items: Schema, *, nullable: bool = True, **more: object) -> Schema:
    """Return a list."""
    return {"description": description, "type": ["array", "null"] if nullable else "array", "items": items, **more}


def mapping(
    keys: Collection[str], described: Mapping[str, Schema], *, required: Collection[str] = (), **more: object
) -> Schema:
    """Return a mapping that has these keys, all of them described, and no others.

    `keys` is the reader's own table. Raises ValueError where a key is described that it does not have, or the reverse.
    """
    if set(keys) != described.keys():
        raise ValueError(f"the reader knows {sorted(keys)}, the schema {sorted(described)}")
    schema: Schema = {"type": "object", "properties": {key: described[key] for key in keys}}
    if required:
        schema["required"] = list(required)
    return {**schema, "additionalProperties": False, **more}


def mapping_of(description: str, values: Schema, *, keys: str = "", **more: object) -> Schema:
    """Return a mapping of any keys, or of those that a pattern tells, to values of one kind."""
    schema: Schema = {"description": description, "type": "object"}
    if keys:
        schema |= {"patternProperties": {keys: values}, "additionalProperties": False}
    else:
        schema["additionalProperties"] = values
    return schema | more


def reference(name: str) -> Schema:
    """Return a reference to a definition; in draft-07 nothing may stand beside one."""
    return {"$ref": f"#/definitions/{name}"}
