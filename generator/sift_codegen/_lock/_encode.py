"""From flows to the text of a lock file: TOML, one line a channel, the same for the same flows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sift_codegen._config import ChannelConfig, FlowConfig

__all__ = ["FORMAT", "HEADER", "LOCK_MARK", "LockedConfig", "encode_lines", "encode_lock"]

FORMAT: Final = 1
LOCK_MARK: Final = "# What bytes on the wire mean: "
"""What every lock file begins with."""

HEADER: Final = (
    f"{LOCK_MARK}the order, types, enum keys and bit layouts of each flow's channels.",
    "# sift-codegen writes this file, adds what is new, and refuses what breaks it. Review it; do not edit it.",
    "# keys: label = key; bits: element = [index, bit_count].",
    f"format = {FORMAT}",
)


@dataclass(frozen=True, slots=True)
class LockedConfig:
    """The flows of one config; its path is relative to the lock file, with / as separator."""

    path: str
    flows: tuple[FlowConfig, ...]


def encode_lock(configs: Iterable[LockedConfig]) -> bytes:
    """Return the content of a lock file."""
    return "".join(f"{line}\n" for line in encode_lines(configs)).encode()


def encode_lines(configs: Iterable[LockedConfig]) -> list[str]:
    """Return the lines of a lock file: the paths of its configs, so that none goes unnoticed, then each config.

    Configs come by path, flows and channels in their own order.
    """
    in_order = sorted(configs, key=lambda config: config.path)
    lines = [*HEADER, "configs = [", *(f"    {_text(config.path)}," for config in in_order), "]"]
    for config in in_order:
        names = [_text(flow.name) for flow in config.flows]
        lines += ["", "[[config]]", f"path = {_text(config.path)}", f'checksum = "{_checksum(names)}"']
        for flow in config.flows:
            lines += _flow_lines(flow)
    return lines


def _flow_lines(flow: FlowConfig) -> list[str]:
    channels = [f"    {{ {', '.join(_fields(channel))} }}," for channel in flow.channels]
    name = f"name = {_text(flow.name)}"
    return [
        "",
        "[[config.flow]]",
        name,
        f'checksum = "{_checksum([name, *channels])}"',
        "channels = [",
        *channels,
        "]",
    ]


def _fields(channel: ChannelConfig) -> Iterable[str]:
    yield f"name = {_text(channel.name)}"
    yield f'type = "{channel.data_type.value}"'
    if channel.enum_types:
        labels = sorted(channel.enum_types, key=lambda label: (label.key, label.name))
        yield f"keys = {_table(f'{_text(label.name)} = {label.key}' for label in labels)}"
    if channel.bit_field_elements:
        elements = sorted(channel.bit_field_elements, key=lambda element: (element.index, element.name))
        entries = (f"{_text(element.name)} = [{element.index}, {element.bit_count}]" for element in elements)
        yield f"bits = {_table(entries)}"


def _table(entries: Iterable[str]) -> str:
    return f"{{ {', '.join(entries)} }}"


def _checksum(lines: list[str]) -> str:
    """Return what tells a line that was edited, removed or put elsewhere; it is no secret, and no proof."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _text(text: str) -> str:
    """Return a TOML text; what does not print is escaped, so that a review sees it."""
    return '"' + "".join(_character(character) for character in text) + '"'


def _character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"
