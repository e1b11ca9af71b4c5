"""sift.channels.v3.ChannelService and sift.unit.v2.UnitService."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import duckdb
from google.protobuf.field_mask_pb2 import FieldMask

from sift_receiver._catalogue_writing import write_channel_settings
from sift_receiver._channel_view import asset_channels, find_channel, run_names, runs_of_channels, units_of
from sift_receiver._filter_fields import metadata_fields, time_field
from sift_receiver._filter_model import Fields
from sift_receiver._identifiers import found
from sift_receiver._paging import Listing, PageRequest
from sift_receiver._rpc import Handler, unary_handler
from sift_receiver._store import Store
from sift_receiver._timestamps import now_nanoseconds, timestamp_message
from sift_receiver._update_masks import apply_mask
from sift_runtime.messages import channels_pb2 as channels
from sift_runtime.messages import units_pb2 as units

__all__ = ["CHANNEL_SERVICE", "UNIT_SERVICE", "channel_handlers", "unit_handlers"]

CHANNEL_SERVICE = "sift.channels.v3.ChannelService"
UNIT_SERVICE = "sift.unit.v2.UnitService"

_FIELDS = frozenset({"channel_id", "asset_id", "name", "description", "active", "metadata"})
_DATES = frozenset({"created_date", "modified_date", "created_by_user_id", "modified_by_user_id"})


def _fields(channel: channels.Channel) -> Fields:
    return {
        "channel_id": channel.channel_id,
        "asset_id": channel.asset_id,
        "name": channel.name,
        "description": channel.description,
        "active": channel.active,
        "metadata": metadata_fields(channel.metadata),
        "created_date": time_field(channel.created_date),
        "modified_date": time_field(channel.modified_date),
        "created_by_user_id": channel.created_by_user_id,
        "modified_by_user_id": channel.modified_by_user_id,
    }


_CHANNELS: Listing[channels.Channel, channels.Channel] = Listing(
    _FIELDS | _DATES | {"run_id", "run_name", "run_client_key"},
    _fields,
    lambda channel: channel,
    lambda channel: channel.channel_id,
    whole=True,
)
_UNITS: Listing[units.Unit, units.Unit] = Listing(
    frozenset({"unit_id", "abbreviated_name"}),
    lambda unit: {"unit_id": unit.unit_id, "abbreviated_name": unit.abbreviated_name},
    lambda unit: unit,
    lambda unit: unit.unit_id,
    whole=True,
)


def channel_handlers(store: Store) -> dict[str, Handler]:
    """Serve channels from this store."""
    service = _ChannelService(store)
    return {
        "GetChannel": unary_handler(channels.GetChannelRequest, service.get),
        "ListChannels": unary_handler(channels.ListChannelsRequest, service.list),
        "BatchArchiveChannels": unary_handler(channels.BatchArchiveChannelsRequest, service.archive),
        "BatchUnarchiveChannels": unary_handler(channels.BatchUnarchiveChannelsRequest, service.unarchive),
        "UpdateChannel": unary_handler(channels.UpdateChannelRequest, service.update),
    }


def unit_handlers(store: Store) -> dict[str, Handler]:
    """Serve the units of channels from this store."""

    def list_units(request: units.ListUnitsRequest) -> units.ListUnitsResponse:
        query = PageRequest(request.page_size, request.page_token, request.filter, request.order_by)
        page = _UNITS.page(units_of(store), query)
        return units.ListUnitsResponse(units=page.messages, next_page_token=page.next_token)

    return {"ListUnits": unary_handler(units.ListUnitsRequest, list_units)}


class _ChannelService:
    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, request: channels.GetChannelRequest) -> channels.GetChannelResponse:
        return channels.GetChannelResponse(channel=self._channel(request.channel_id))

    def list(self, request: channels.ListChannelsRequest) -> channels.ListChannelsResponse:
        query = PageRequest(request.page_size, request.page_token, request.filter, request.order_by)
        page = self._listing().page(asset_channels(self._store), query)
        return channels.ListChannelsResponse(channels=page.messages, next_page_token=page.next_token)

    def _listing(self) -> Listing[channels.Channel, channels.Channel]:
        runs = runs_of_channels(self._store)

        def fields(channel: channels.Channel) -> Fields:
            return {**_fields(channel), **run_names(self._store, runs.get(channel.channel_id, ()))}

        return replace(_CHANNELS, fields=fields)

    def update(self, request: channels.UpdateChannelRequest) -> channels.UpdateChannelResponse:
        def prepare(connection: duckdb.DuckDBPyConnection) -> Callable[[], channels.Channel]:
            channel = channels.Channel()
            channel.CopyFrom(self._channel(request.channel.channel_id))
            apply_mask(request.update_mask, _UPDATES, channel, request.channel)
            channel.modified_date.CopyFrom(timestamp_message(now_nanoseconds()))
            write_channel_settings(connection, self._store.tables, channel)

            def publish() -> channels.Channel:
                self._store.rules.publish_channel_settings(channel)
                return channel

            return publish

        return channels.UpdateChannelResponse(channel=self._store.change(prepare))

    def archive(self, request: channels.BatchArchiveChannelsRequest) -> channels.BatchArchiveChannelsResponse:
        self._activate(request.channel_ids, active=False)
        return channels.BatchArchiveChannelsResponse()

    def unarchive(self, request: channels.BatchUnarchiveChannelsRequest) -> channels.BatchUnarchiveChannelsResponse:
        self._activate(request.channel_ids, active=True)
        return channels.BatchUnarchiveChannelsResponse()

    def _activate(self, channel_ids: Iterable[str], *, active: bool) -> None:
        for channel_id in [self._channel(channel_id).channel_id for channel_id in channel_ids]:
            channel = channels.Channel(channel_id=channel_id, active=active)
            self.update(channels.UpdateChannelRequest(channel=channel, update_mask=FieldMask(paths=["active"])))

    def _channel(self, channel_id: str) -> channels.Channel:
        return found(find_channel(self._store, channel_id), "channel", channel_id)


def _update_description(target: channels.Channel, source: channels.Channel) -> None:
    target.display_description = source.display_description


def _update_unit(target: channels.Channel, source: channels.Channel) -> None:
    target.display_unit_id = source.display_unit_id


def _update_metadata(target: channels.Channel, source: channels.Channel) -> None:
    target.ClearField("metadata")
    target.metadata.extend(source.metadata)


def _update_active(target: channels.Channel, source: channels.Channel) -> None:
    target.active = source.active


_UPDATES: Mapping[str, Callable[[channels.Channel, channels.Channel], None]] = {
    "display_description": _update_description,
    "display_unit_id": _update_unit,
    "display_units": _update_unit,
    "metadata": _update_metadata,
    "active": _update_active,
}
