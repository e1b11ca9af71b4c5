"""`sift-codegen status`: a config beside the ingestion config that a server has under its client key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sift_codegen._client_key import client_key
from sift_codegen._compare import Change, ChangeClass, compare_flows
from sift_codegen._config import FlowConfig, TelemetryConfig
from sift_codegen._read_config import read_without_rules
from sift_codegen._read_source import read_source
from sift_codegen.remote._asking import ServerWords, ask_for_config
from sift_codegen.remote._server_flows import flow_configs

__all__ = ["ServerStatus", "status_of"]

_WHOLE_FLOWS: Final = ("new flow", "flow removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatus:
    """What differs between a config and a server; changes go from the server to the config.

    `asset_there` is the asset that the server has the ingestion config for, None where it has none, or does not tell.
    """

    path: Path
    config: TelemetryConfig
    client_key: str
    is_registered: bool = False
    asset_there: str | None = None
    changes: tuple[Change, ...] = ()
    only_here: tuple[FlowConfig, ...] = ()
    only_there: tuple[FlowConfig, ...] = ()

    @property
    def has_other_asset(self) -> bool:
        """Whether what is sent under this client key would be filed under another asset than the config names."""
        return self.asset_there not in (None, self.config.asset_name)

    def has(self, kind: ChangeClass) -> bool:
        """Tell whether there are changes of a class; another asset is WIRE, flows that are only here are ADDED."""
        if kind is ChangeClass.WIRE and self.has_other_asset:
            return True
        if kind is ChangeClass.ADDED and self.only_here:
            return True
        return any(change.kind is kind for change in self.changes)


def status_of(path: Path, server: ServerWords) -> ServerStatus:
    """Compare a config with what a server has under its client key, given or made from the flows.

    Raises ConfigError with every error of the config but for its rules, ServerError, UnknownTypeError.
    """
    config = read_without_rules(read_source(path))
    key = config.client_key or client_key(config.asset_name, config.flows)
    registered = ask_for_config(key, server)
    if registered is None:
        return ServerStatus(path=path, config=config, client_key=key, only_here=config.flows)
    there = flow_configs(registered.flows)
    return ServerStatus(
        path=path,
        config=config,
        client_key=key,
        is_registered=True,
        asset_there=registered.asset_name,
        changes=tuple(_drift(there, config.flows)),
        only_here=_without(config.flows, there),
        only_there=_without(there, config.flows),
    )


def _without(flows: tuple[FlowConfig, ...], others: tuple[FlowConfig, ...]) -> tuple[FlowConfig, ...]:
    names = {flow.name for flow in others}
    return tuple(flow for flow in flows if flow.name not in names)


def _drift(there: tuple[FlowConfig, ...], here: tuple[FlowConfig, ...]) -> Iterator[Change]:
    """Yield what differs in flows that both have.

    A server does not take on a flow as it has become: what is new in one it has is as wrong there as what is gone.
    """
    for change in compare_flows(there, here):
        if change.message not in _WHOLE_FLOWS:
            kind = ChangeClass.WIRE if change.kind is ChangeClass.ADDED else change.kind
            before = replace(change.before, position=None) if change.before else None  # it stands in no file
            yield replace(change, kind=kind, before=before)
