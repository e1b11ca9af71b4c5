"""Rules, as configs and rule modules have them."""

from __future__ import annotations

from typing import Final

from sift_codegen._read_rules import EXPRESSION_KEYS, PLACEHOLDER, REFERENCE, RULE_KEYS, RULE_TYPES
from sift_codegen._schema._parts import Schema, boolean, listed, mapping, mapping_of, reference, text

__all__ = ["RULE"]


def _texts(description: str, *examples: str) -> Schema:
    return listed(description, {"type": "string", "examples": list(examples)})


_EXPRESSION: Final[Schema] = {
    "description": "When the rule applies: an expression, or the name of one from a file of named expressions.",
    "anyOf": [
        {"type": "string", "examples": ['$1 == "Accelerating" && $2 > 80']},
        mapping(
            EXPRESSION_KEYS,
            {"name": text("Name of the named expression.", "kinetic_energy_gt", nullable=False)},
            required=EXPRESSION_KEYS,
        ),
    ],
}

RULE: Final = mapping(
    RULE_KEYS,
    {
        "name": text("Name of the rule; once over the config and all rule modules.", "overheating", nullable=False),
        "expression": _EXPRESSION,
        "type": {
            "description": "What is made where the rule applies.",
            "type": "string",
            "enum": list(RULE_TYPES),
            "enumDescriptions": ["an annotation that somebody reviews", "an annotation that marks a phase"],
        },
        "assignee": text("Who reviews the annotations: an e-mail address.", "ripley@weyland.com"),
        "description": text("What the rule is for."),
        "rule_client_key": text("Key by which the rule is found again; by default its name is."),
        "tags": _texts("Tags of the annotations.", "failure"),
        "asset_names": _texts("Further assets that the rule is for.", "NostromoLV426"),
        "tag_names": _texts("Tags of assets that the rule is for.", "lander"),
        "contextual_channels": _texts("Names of channels to show beside the annotation.", "voltage"),
        "channel_references": listed(
            "Which channel each `$1`, `$2`, … of the expression is.",
            mapping_of(
                "A reference and its channel.",
                {
                    "description": "The channel: an alias (`*velocity`), or its name on the wire.",
                    "anyOf": [{"type": "string"}, reference("channel")],
                },
                keys=f"^{REFERENCE.pattern}$",
                examples=[{"$1": "velocity"}],
            ),
        ),
        "sub_expressions": listed(
            "What stands for each `$name` of a named expression.",
            mapping_of(
                "A placeholder and what stands for it: a text is put in as a quoted one.",
                {"type": ["string", "number", "boolean", "null"]},
                keys=f"^{PLACEHOLDER.pattern}$",
                examples=[{"$threshold": 470}],
            ),
        ),
        "is_external": boolean("Whether something outside of Sift evaluates the rule."),
        "is_live_evaluation_enabled": boolean("Whether the rule is evaluated while data comes in."),
    },
    required=("name", "expression", "type"),
    description="A rule: what to annotate, and when.",
)
