"""The three kinds of files that have a schema, and the schema's text."""

from __future__ import annotations

import json
from typing import Final

from sift_codegen._read_config import CONFIG_KEYS, RULE_MODULE_KEYS
from sift_codegen._read_extension import EXTENSION_KEY
from sift_codegen._schema._channels import CHANNEL_DEFINITIONS, FLOW
from sift_codegen._schema._extension import EXTENSION
from sift_codegen._schema._parts import Schema, listed, mapping, mapping_of, reference, text
from sift_codegen._schema._rules import RULE

__all__ = ["DOCUMENTS", "modeline", "schema_of", "schema_text"]

# yaml-language-server supports draft-07 and below; 2020-12 has nothing that these files would need.
_HEAD: Final = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "$comment": "Made by `sift-codegen schema`, which makes it again.",
}
_OTHER_KEYS: Final = {"patternProperties": {"^x-": {"description": "Anything: a place for anchors."}}}


def _config() -> Schema:
    rules = listed("Rules; further ones may stand in rule modules.", reference("rule"), nullable=False)
    described = {
        "asset_name": text("Name of the asset that the telemetry is of.", "NostromoLV426", nullable=False),
        "ingestion_client_key": text(
            "Key of the ingestion config; without one it is the hash of the flows.", "nostromo_lv_426"
        ),
        "organization_id": text("Organization, for those who belong to several."),
        "channels": mapping_of(
            "Channels, each with an anchor (`&velocity`) by which flows and rules use it.",
            reference("channel"),
            type=["object", "null"],
        ),
        "flows": listed("Flows.", reference("flow"), nullable=False),
        "rules": rules,
        EXTENSION_KEY: EXTENSION,
    }
    return {
        **mapping((*CONFIG_KEYS, EXTENSION_KEY), described, required=("asset_name",), **_OTHER_KEYS),
        "definitions": {**CHANNEL_DEFINITIONS, "flow": FLOW, "rule": RULE},
    }


def _rules() -> Schema:
    described = {"rules": listed("Rules.", reference("rule"), nullable=False)}
    return {
        **mapping(RULE_MODULE_KEYS, described, required=RULE_MODULE_KEYS, **_OTHER_KEYS),
        "definitions": {**CHANNEL_DEFINITIONS, "rule": RULE},
    }


def _expressions() -> Schema:
    return mapping_of(
        "Named expressions: a name and its expression.",
        text("The expression.", nullable=False),
        examples=[{"kinetic_energy_gt": "0.5 * $mass * $1 * $1 > $threshold"}],
    )


DOCUMENTS: Final = {
    "config": ("sift-telemetry.schema.json", "Sift telemetry config", _config),
    "rules": ("sift-rules.schema.json", "Sift rule module", _rules),
    "expressions": ("sift-expressions.schema.json", "Sift named expressions", _expressions),
}
"""By kind: the name that its schema usually has, its title, and what makes it."""


def schema_of(kind: str) -> Schema:
    """Return the schema of a kind of file, a key of DOCUMENTS."""
    _, title, make = DOCUMENTS[kind]
    return {**_HEAD, "title": title, **make()}


def schema_text(kind: str) -> str:
    """Return the schema as it is written."""
    return json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n"


def modeline(path: str) -> str:
    """Return the comment that switches a schema on in the first lines of a file; the path is seen from there."""
    return f"# yaml-language-server: $schema={path}"
