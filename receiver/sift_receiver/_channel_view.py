"""Channels as Sift lists them: per asset, one for each name and data type that any flow of it has."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping

from sift_receiver._records import FlowRecord
from sift_receiver._store import Store
from sift_receiver._timestamps import timestamp_message
from sift_runtime.messages import channels_pb2 as channels
from sift_runtime.messages import ingestion_configs_pb2 as configs
from sift_runtime.messages import units_pb2 as units

__all__ = ["asset_channels", "find_channel", "run_names", "runs_of_channels", "unit_of", "units_of"]


def asset_channels(store: Store, asset_id: str | None = None) -> list[channels.Channel]:
    """List the channels of an asset, or of all of them, in the order of their registration."""
    assets = [asset.message.asset_id for asset in reversed(store.catalogue.assets())]
    wanted = assets if asset_id is None else [asset_id]
    return [channel for each in wanted for channel in _channels_of(store, each)]


def find_channel(store: Store, channel_id: str) -> channels.Channel | None:
    """Find a channel by its id."""
    return next((channel for channel in asset_channels(store) if channel.channel_id == channel_id), None)


def runs_of_channels(store: Store) -> Mapping[str, tuple[str, ...]]:
    """Return the ids of the runs in which a flow with the channel was ingested, by the channel's id."""
    runs_by_flow = store.extents.runs_by_flow()
    found: dict[str, tuple[str, ...]] = {}
    for flow in store.catalogue.all_flows():
        config = store.catalogue.config(flow.config_id)
        run_ids = runs_by_flow.get(flow.flow_id, ())
        for channel in flow.definition.channels if config is not None and run_ids else ():
            channel_id = _channel_id(config.message.asset_id, channel) if config else ""
            found[channel_id] = tuple(dict.fromkeys((*found.get(channel_id, ()), *run_ids)))
    return found


def run_names(store: Store, run_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return what filters call these runs."""
    known = [record.message for run_id in run_ids if (record := store.catalogue.run(run_id))]
    return {
        "run_id": tuple(run_ids),
        "run_name": tuple(run.name for run in known),
        "run_client_key": tuple(run.client_key for run in known if run.client_key),
    }


def units_of(store: Store) -> list[units.Unit]:
    """List every unit that a channel has."""
    flows = store.catalogue.all_flows()
    texts = {channel.unit: None for flow in flows for channel in flow.definition.channels if channel.unit}
    return [unit_of(text) for text in texts]


def unit_of(text: str) -> units.Unit:
    """Return the unit of this abbreviated name; the same in every receiver."""
    return units.Unit(unit_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"unit:{text}")), abbreviated_name=text)


def _channels_of(store: Store, asset_id: str) -> Iterator[channels.Channel]:
    seen: set[tuple[str, int]] = set()
    for flow in store.catalogue.asset_flows(asset_id):
        for config in flow.definition.channels:
            if (config.name, config.data_type) not in seen:
                seen.add((config.name, config.data_type))
                channel = _channel(asset_id, flow, config)
                yield store.rules.channel_settings(channel.channel_id) or channel


def _channel_id(asset_id: str, config: configs.ChannelConfig) -> str:
    return str(uuid.uuid5(uuid.UUID(asset_id), f"{config.data_type} {config.name}"))


def _channel(asset_id: str, flow: FlowRecord, config: configs.ChannelConfig) -> channels.Channel:
    created = timestamp_message(flow.created)
    unit_id = unit_of(config.unit).unit_id if config.unit else ""
    return channels.Channel(
        channel_id=_channel_id(asset_id, config),
        name=config.name,
        asset_id=asset_id,
        description=config.description,
        unit_id=unit_id,
        display_description=config.description,
        display_unit_id=unit_id,
        created_date=created,
        modified_date=created,
        data_type=config.data_type,
        enum_types=config.enum_types,
        bit_field_elements=config.bit_field_elements,
        active=True,
    )
