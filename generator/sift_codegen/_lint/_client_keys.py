"""SC011: differing configs that Sift takes for one, as they have one client key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sift_codegen._client_key import client_key
from sift_codegen._config import TelemetryConfig
from sift_codegen._diagnostics import Diagnostic, Position
from sift_codegen._lint._finding import found
from sift_codegen._lint._walk import root_entry
from sift_codegen._read_config import Reading

__all__ = ["check_client_keys"]


def check_client_keys(readings: Iterable[Reading]) -> Iterator[Diagnostic]:
    """Yield a finding for each config that has the client key of an earlier one and says something else.

    A generated key is a hash of the config's texts without separators: flow `ab` with channel `c` has the key of flow
    `a` with channel `bc`.
    """
    taken: dict[str, Reading] = {}
    for reading in readings:
        config = reading.config
        if config is None or reading.errors:
            continue
        key = config.client_key or client_key(config.asset_name, config.flows)
        first = taken.setdefault(key, reading)
        if first.config and _content(first.config) != _content(config):
            other, what = _place(first), "key" if config.client_key else "generated key"
            message = f"another config has the client {what} {key!r} too, and says something else"
            note = "give one of them another 'ingestion_client_key'"
            yield found("SC011", _place(reading), message, f"first at {other}", note, also=(other,))


def _content(config: TelemetryConfig) -> object:
    return config.asset_name, config.flows


def _place(reading: Reading) -> Position:
    document = reading.documents[0]
    entry = root_entry(document.root, "ingestion_client_key") or root_entry(document.root, "asset_name")
    return entry.value.position if entry else Position(document.source, 1, 1)
