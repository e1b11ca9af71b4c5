"""The registered assets, configs, flows and runs, held in memory.

Only the store's writer thread publishes; any thread reads. Every index is a dict whose entries are replaced whole, and
listings copy the values, so readers see each record either before or after a change.
"""

from __future__ import annotations

from sift_receiver._records import AssetRecord, ConfigRecord, FlowRecord, RunRecord

__all__ = ["Catalogue"]


class Catalogue:
    """Look-ups by identifier, name and client key."""

    def __init__(self) -> None:
        """Start empty."""
        self._assets: dict[str, AssetRecord] = {}
        self._asset_ids_by_name: dict[str, str] = {}
        self._configs: dict[str, ConfigRecord] = {}
        self._config_ids_by_client_key: dict[str, str] = {}
        self._flows: dict[str, dict[str, FlowRecord]] = {}
        self._runs: dict[str, RunRecord] = {}

    def publish_asset(self, record: AssetRecord) -> None:
        """Add or replace an asset."""
        self._assets[record.message.asset_id] = record
        self._asset_ids_by_name[record.message.name] = record.message.asset_id

    def publish_config(self, record: ConfigRecord) -> None:
        """Add an ingestion config, still without flows."""
        config = record.message
        self._configs[config.ingestion_config_id] = record
        self._flows.setdefault(config.ingestion_config_id, {})
        if config.client_key:
            self._config_ids_by_client_key[config.client_key] = config.ingestion_config_id

    def publish_flow(self, record: FlowRecord) -> None:
        """Add a flow to its config."""
        self._flows[record.config_id][record.definition.name] = record

    def publish_run(self, record: RunRecord) -> None:
        """Add or replace a run."""
        self._runs[record.message.run_id] = record

    def asset(self, asset_id: str) -> AssetRecord | None:
        """Find an asset by its id."""
        return self._assets.get(asset_id)

    def asset_named(self, name: str) -> AssetRecord | None:
        """Find an asset by its exact name."""
        return self._assets.get(self._asset_ids_by_name.get(name, ""))

    def assets(self) -> list[AssetRecord]:
        """List the assets, newest first."""
        return list(self._assets.values())[::-1]

    def config(self, config_id: str) -> ConfigRecord | None:
        """Find an ingestion config by its id."""
        return self._configs.get(config_id)

    def config_with_client_key(self, client_key: str) -> ConfigRecord | None:
        """Find an ingestion config by its client key; an empty key finds none."""
        return self._configs.get(self._config_ids_by_client_key.get(client_key, ""))

    def configs(self) -> list[ConfigRecord]:
        """List the ingestion configs in the order of their creation."""
        return list(self._configs.values())

    def flow(self, config_id: str, name: str) -> FlowRecord | None:
        """Find a flow of a config by its exact name."""
        return self._flows.get(config_id, {}).get(name)

    def flows(self, config_id: str) -> list[FlowRecord]:
        """List the flows of a config in the order of their registration."""
        return list(self._flows.get(config_id, {}).values())

    def all_flows(self) -> list[FlowRecord]:
        """List the flows of every config."""
        return [flow for flows in list(self._flows.values()) for flow in list(flows.values())]

    def asset_flows(self, asset_id: str) -> list[FlowRecord]:
        """List the flows of all configs of an asset, in the order of their registration."""
        return [
            flow
            for config in self.configs()
            if config.message.asset_id == asset_id
            for flow in self.flows(config.message.ingestion_config_id)
        ]

    def run(self, run_id: str) -> RunRecord | None:
        """Find a run by its id."""
        return self._runs.get(run_id)

    def run_with_client_key(self, client_key: str) -> RunRecord | None:
        """Find a run by its client key; an empty key finds none."""
        found = (run for run in self.runs() if client_key and run.message.client_key == client_key)
        return next(found, None)

    def runs(self) -> list[RunRecord]:
        """List the runs, newest first."""
        return list(self._runs.values())[::-1]
