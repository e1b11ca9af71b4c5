"""Rules, inline and from rule modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sift_codegen._config import RuleConfig, ScalarValue
from sift_codegen._config_reader import ConfigReader, Fields
from sift_codegen._diagnostics import Position
from sift_codegen._read_channels import ChannelReader
from sift_codegen._read_expressions import NamedExpression
from sift_codegen._suggestion import did_you_mean
from sift_codegen._yaml_nodes import Child, Entry, Mapping, Scalar, describe

__all__ = ["EXPRESSION_KEYS", "PLACEHOLDER", "REFERENCE", "RULE_KEYS", "RULE_TYPES", "RuleReader"]

RULE_KEYS: Final = (
    "name",
    "expression",
    "type",
    "assignee",
    "description",
    "rule_client_key",
    "tags",
    "asset_names",
    "tag_names",
    "contextual_channels",
    "channel_references",
    "sub_expressions",
    "is_external",
    "is_live_evaluation_enabled",
)
EXPRESSION_KEYS: Final = ("name",)
RULE_TYPES: Final = ("review", "phase")
REFERENCE: Final = re.compile(r"\$[0-9]+")
PLACEHOLDER: Final = re.compile(r"\$[a-zA-Z_]+")


@dataclass(frozen=True, slots=True)
class RuleReader:
    """Reads rules; named expressions are looked up in `expressions`."""

    reader: ConfigReader
    channels: ChannelReader
    expressions: dict[str, NamedExpression]

    def read(self, children: list[Child]) -> tuple[RuleConfig, ...]:
        """Return the rules of several lists (the config's own and those of the modules); names are unique over all."""
        rules: dict[str, RuleConfig] = {}
        for child in children:
            for item in self.reader.items(child, "'rules'"):
                rule = self._rule(item)
                first = rules.setdefault(rule.name, rule) if rule else None
                if rule and first is not rule and first is not None:
                    message, place = f"the rule {rule.name!r} stands twice", first.position
                    note = f"first at {place}"
                    self.reader.findings.error(rule.position, message, note, code="SC412", also=(place,))
        return tuple(rules.values())

    def _rule(self, child: Child) -> RuleConfig | None:
        fields = self.reader.fields(child, "a rule", RULE_KEYS)
        name = fields.required_text("name") if fields else None
        if fields is None or name is None:
            return None
        fields = replace(fields, what=f"rule {name!r}")
        expression, expression_name = self._expression(fields)
        names: dict[str, Position] = {}
        keys = {key: entry.key.position for key, entry in fields.entries.items()}
        written = fields.child("expression")
        return RuleConfig(
            name=name,
            type=self._type(fields),
            expression=expression,
            expression_name=expression_name,
            description=fields.text("description"),
            channel_references=tuple(self._channel_references(fields, names, keys)),
            sub_expressions=tuple(self._sub_expressions(fields, expression, keys)),
            contextual_channels=tuple(self._contextual_channels(fields, names)),
            assignee=fields.text("assignee") or None,
            tags=fields.texts("tags"),
            asset_names=fields.texts("asset_names"),
            tag_names=fields.texts("tag_names"),
            rule_client_key=fields.text("rule_client_key") or None,
            is_external=fields.boolean("is_external"),
            is_live_evaluation_enabled=fields.boolean("is_live_evaluation_enabled"),
            position=fields.entries["name"].value.position,
            expression_position=written.position if written else None,
            names=names,
            key_positions=keys,
        )

    def _type(self, fields: Fields) -> str:
        text = fields.required_text("type")
        if text is not None and text not in RULE_TYPES:
            position = fields.entries["type"].value.position
            message = f"'type' of {fields.what} is {text!r}; it is review or phase"
            self.reader.error(position, message, *did_you_mean(text, RULE_TYPES), code="SC417")
        return text or ""

    def _expression(self, fields: Fields) -> tuple[str, str | None]:
        """Return the expression's text, and its name where it is a named one."""
        child = fields.required("expression")
        if child is None:
            return "", None
        if not isinstance(child.node, Mapping):
            return self.reader.text(child, f"'expression' of {fields.what}") or "", None
        named = self.reader.fields(child, f"'expression' of {fields.what}", EXPRESSION_KEYS)
        name = named.required_text("name") if named else None
        if named is None or name is None:
            return "", None
        if name not in self.expressions:
            notes = did_you_mean(name, self.expressions) or ("is its file given with --named-expressions?",)
            position = named.entries["name"].value.position
            message = f"unknown named expression {name!r} in {fields.what}"
            self.reader.error(position, message, *notes, code="SC413")
            return "", name
        return self.expressions[name].text, name

    def _contextual_channels(self, fields: Fields, names: dict[str, Position]) -> Iterator[str]:
        what = f"'contextual_channels' of {fields.what}"
        child = fields.optional("contextual_channels")
        for item in self.reader.items(child, what) if child else []:
            name = self.reader.text(item, f"an entry of {what}")
            if name is not None:
                names.setdefault(name, item.position)
                yield name

    def _channel_references(
        self, fields: Fields, names: dict[str, Position], keys: dict[str, Position]
    ) -> Iterator[tuple[str, str]]:
        """Yield reference and wire name; a rule module names the channel, a config lends it by its anchor."""
        for what, entry in self._single_entries(fields, "channel_references", "channel reference"):
            reference = entry.key.text
            keys.setdefault(reference, entry.key.position)
            if not REFERENCE.fullmatch(reference):
                message = f"{what}: a reference is a $ and digits, such as $1"
                self.reader.error(entry.key.position, message, code="SC415")
            if isinstance(entry.value.node, Scalar):
                name = self.reader.text(entry.value, what)
            else:
                channel = self.channels.read(entry.value, what)
                name = channel.name if channel else None
            if name is not None:
                names.setdefault(name, entry.value.position)
                yield reference, name

    def _sub_expressions(
        self, fields: Fields, expression: str, keys: dict[str, Position]
    ) -> Iterator[tuple[str, ScalarValue]]:
        for what, entry in self._single_entries(fields, "sub_expressions", "sub-expression"):
            placeholder = entry.key.text
            keys.setdefault(placeholder, entry.key.position)
            if not PLACEHOLDER.fullmatch(placeholder):
                message = f"{what}: it is a $, letters and underscores, such as $limit"
                self.reader.error(entry.key.position, message, code="SC415")
            elif expression and placeholder not in expression:
                message = f"{what} does not stand in its expression {expression!r}"
                self.reader.error(entry.key.position, message, code="SC416")
            if isinstance(entry.value.node, Scalar):
                yield placeholder, entry.value.node.value
            else:
                message = f"{what} must be a scalar, found {describe(entry.value.node)}"
                self.reader.error(entry.value, message, code="SC005")

    def _single_entries(self, fields: Fields, key: str, noun: str) -> Iterator[tuple[str, Entry]]:
        """Yield the entries of a list of mappings, each usually of one entry, with what to call them."""
        child = fields.optional(key)
        taken: dict[str, Entry] = {}
        for item in self.reader.items(child, f"{key!r} of {fields.what}") if child else []:
            for name, entry in self.reader.entries(item, f"an entry of {key!r} of {fields.what}").items():
                what = f"{noun} {name!r} of {fields.what}"
                first = taken.setdefault(name, entry)
                if first is not entry:
                    place, note = first.key.position, f"first at {first.key.position}"
                    message = f"{what} stands twice"
                    self.reader.findings.error(entry.key.position, message, note, code="SC403", also=(place,))
                yield what, entry
