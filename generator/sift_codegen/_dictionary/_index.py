"""Which channels a config has: equal ones are one, in however many flows they stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from sift_codegen._config import ChannelConfig, RuleConfig, TelemetryConfig
from sift_codegen._dictionary._anchors import anchor
from sift_codegen._dictionary._model import Link, Use
from sift_codegen._symbols import Symbols

__all__ = ["Index"]


@dataclass(slots=True)
class Index:
    """The differing channels with their anchors and uses, in the order of first use, and the rules that read them."""

    anchors: dict[ChannelConfig, str] = field(default_factory=dict)
    uses: dict[ChannelConfig, list[Use]] = field(default_factory=dict)
    by_name: dict[str, list[ChannelConfig]] = field(default_factory=dict)
    rules: dict[str, list[Link]] = field(default_factory=dict)
    """By the name of a channel: rules know channels by name only."""

    @classmethod
    def of(cls, config: TelemetryConfig, symbols: Symbols) -> Index:
        """Return the index of a config."""
        index = cls()
        for flow in config.flows:
            optional = config.extension.optional_channels.get(flow.name, {})
            class_name = symbols.flow_class(flow)
            link = Link(flow.name, anchor("flow", flow.name))
            for number, channel in enumerate(flow.channels, start=1):
                index.link(channel)
                use = Use(
                    flow=link,
                    number=number,
                    class_name=class_name,
                    field=symbols.field(channel),
                    is_optional=channel.name in optional,
                )
                index.uses.setdefault(channel, []).append(use)
        for rule in config.rules:
            index._add_rule(rule)
        return index

    def link(self, channel: ChannelConfig) -> Link:
        """Return the link to a channel's entry, which it gets with the first one asked for."""
        found = self.anchors.get(channel)
        if found is None:
            namesakes = self.by_name.setdefault(channel.name, [])
            namesakes.append(channel)
            found = self.anchors[channel] = anchor("channel", channel.name, len(namesakes))
        return Link(channel.name, found)

    def named(self, name: str) -> Link:
        """Return the link to the first channel of a name; to nowhere where there is none, which rules may say."""
        namesakes = self.by_name.get(name)
        return self.link(namesakes[0]) if namesakes else Link(name, "")

    def _add_rule(self, rule: RuleConfig) -> None:
        read = dict.fromkeys((*(name for _, name in rule.channel_references), *rule.contextual_channels))
        for name in read:
            self.rules.setdefault(name, []).append(Link(rule.name, anchor("rule", rule.name)))
