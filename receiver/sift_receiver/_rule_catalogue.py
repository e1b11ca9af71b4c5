"""The rules, the tags, and what was said of channels after their registration, held in memory like the catalogue."""

from __future__ import annotations

from sift_receiver._records import RuleRecord, TagRecord
from sift_runtime.messages import channels_pb2 as channels

__all__ = ["RuleCatalogue"]


class RuleCatalogue:
    """Look-ups by identifier, name and client key."""

    def __init__(self) -> None:
        """Start empty."""
        self._rules: dict[str, RuleRecord] = {}
        self._tags: dict[str, TagRecord] = {}
        self._channels: dict[str, channels.Channel] = {}

    def publish_rule(self, record: RuleRecord) -> None:
        """Add or replace a rule."""
        self._rules[record.message.rule_id] = record

    def publish_tag(self, record: TagRecord) -> None:
        """Add a tag."""
        self._tags[record.message.tag_id] = record

    def publish_channel_settings(self, channel: channels.Channel) -> None:
        """Add or replace what was said of a channel."""
        self._channels[channel.channel_id] = channel

    def rule(self, rule_id: str) -> RuleRecord | None:
        """Find a rule by its id."""
        return self._rules.get(rule_id)

    def rule_with_client_key(self, client_key: str) -> RuleRecord | None:
        """Find a rule by its client key; an empty key finds none."""
        return next((rule for rule in self.rules() if client_key and rule.message.client_key == client_key), None)

    def rules(self) -> list[RuleRecord]:
        """List the rules, newest first."""
        return list(self._rules.values())[::-1]

    def tag(self, tag_id: str) -> TagRecord | None:
        """Find a tag by its id."""
        return self._tags.get(tag_id)

    def tag_named(self, name: str) -> TagRecord | None:
        """Find a tag by its exact name."""
        return next((tag for tag in self.tags() if tag.message.name == name), None)

    def tags(self) -> list[TagRecord]:
        """List the tags in the order of their creation."""
        return list(self._tags.values())

    def channel_settings(self, channel_id: str) -> channels.Channel | None:
        """Find what was said of a channel."""
        return self._channels.get(channel_id)
