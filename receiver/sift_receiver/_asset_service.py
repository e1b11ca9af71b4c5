"""sift.assets.v1.AssetService."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import duckdb
from google.protobuf.field_mask_pb2 import FieldMask

from sift_receiver._catalogue_writing import write_asset
from sift_receiver._filter_fields import ASSET_FIELDS, asset_fields
from sift_receiver._identifiers import found
from sift_receiver._paging import Listing, PageRequest
from sift_receiver._records import AssetRecord
from sift_receiver._registration import create_asset
from sift_receiver._rpc import Handler, unary_handler
from sift_receiver._run_changes import updated_run
from sift_receiver._run_view import save_run, views
from sift_receiver._store import Store
from sift_receiver._timestamps import now_nanoseconds, timestamp_message
from sift_receiver._update_masks import apply_mask
from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import runs_pb2 as runs

__all__ = ["ASSET_SERVICE", "asset_handlers"]

ASSET_SERVICE = "sift.assets.v1.AssetService"

_ASSETS: Listing[AssetRecord, assets.Asset] = Listing(
    ASSET_FIELDS, asset_fields, lambda record: record.message, lambda record: record.message.asset_id
)


def asset_handlers(store: Store) -> dict[str, Handler]:
    """Serve assets from this store."""
    service = _AssetService(store)
    return {
        "CreateAsset": unary_handler(assets.CreateAssetRequest, service.create),
        "GetAsset": unary_handler(assets.GetAssetRequest, service.get),
        "ListAssets": unary_handler(assets.ListAssetsRequest, service.list),
        "ArchiveAsset": unary_handler(assets.ArchiveAssetRequest, service.archive),
        "UpdateAsset": unary_handler(assets.UpdateAssetRequest, service.update),
    }


class _AssetService:
    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, request: assets.CreateAssetRequest) -> assets.CreateAssetResponse:
        return assets.CreateAssetResponse(asset=create_asset(self._store, request))

    def get(self, request: assets.GetAssetRequest) -> assets.GetAssetResponse:
        record = found(self._store.catalogue.asset(request.asset_id), "asset", request.asset_id)
        return assets.GetAssetResponse(asset=record.message)

    def list(self, request: assets.ListAssetsRequest) -> assets.ListAssetsResponse:
        query = PageRequest(request.page_size, request.page_token, request.filter, request.order_by)
        page = _ASSETS.page(self._store.catalogue.assets(), query)
        return assets.ListAssetsResponse(assets=page.messages, next_page_token=page.next_token)

    def update(self, request: assets.UpdateAssetRequest) -> assets.UpdateAssetResponse:
        def prepare(connection: duckdb.DuckDBPyConnection) -> Callable[[], assets.Asset]:
            asset_id = request.asset.asset_id
            current = found(self._store.catalogue.asset(asset_id), "asset", asset_id)
            record = AssetRecord(_updated(current.message, request), current.schema)
            write_asset(connection, self._store.tables, record)

            def publish() -> assets.Asset:
                self._store.catalogue.publish_asset(record)
                return record.message

            return publish

        return assets.UpdateAssetResponse(asset=self._store.change(prepare))

    def archive(self, request: assets.ArchiveAssetRequest) -> assets.ArchiveAssetResponse:
        archived = assets.Asset(asset_id=request.asset_id, is_archived=True)
        self.update(assets.UpdateAssetRequest(asset=archived, update_mask=FieldMask(paths=["is_archived"])))
        return assets.ArchiveAssetResponse(archived_run_ids=self._archive_runs(request) if request.archive_runs else [])

    def _archive_runs(self, request: assets.ArchiveAssetRequest) -> Sequence[str]:
        of_asset = [
            record.message.run_id for record in views(self._store) if request.asset_id in record.message.asset_ids
        ]
        for run_id in of_asset:
            archived = runs.Run(run_id=run_id, is_archived=True)
            update = runs.UpdateRunRequest(run=archived, update_mask=FieldMask(paths=["is_archived"]))
            save_run(self._store, partial(self._updated_run, update))
        return of_asset

    def _updated_run(self, update: runs.UpdateRunRequest) -> runs.Run:
        run_id = update.run.run_id
        return updated_run(found(self._store.catalogue.run(run_id), "run", run_id).message, update)


def _updated(current: assets.Asset, request: assets.UpdateAssetRequest) -> assets.Asset:
    asset = assets.Asset()
    asset.CopyFrom(current)
    apply_mask(request.update_mask, _UPDATES, asset, request.asset)
    asset.modified_date.CopyFrom(timestamp_message(now_nanoseconds()))
    return asset


def _update_tags(target: assets.Asset, source: assets.Asset) -> None:
    target.ClearField("tags")
    target.tags.extend(source.tags)


def _update_metadata(target: assets.Asset, source: assets.Asset) -> None:
    target.ClearField("metadata")
    target.metadata.extend(source.metadata)


def _update_archived_date(target: assets.Asset, source: assets.Asset) -> None:
    target.ClearField("archived_date")
    if source.HasField("archived_date"):
        target.archived_date.CopyFrom(source.archived_date)
    target.is_archived = source.HasField("archived_date")


def _update_is_archived(target: assets.Asset, source: assets.Asset) -> None:
    target.is_archived = source.is_archived
    if not source.is_archived:
        target.ClearField("archived_date")
    elif not target.HasField("archived_date"):
        target.archived_date.CopyFrom(timestamp_message(now_nanoseconds()))


_UPDATES: Mapping[str, Callable[[assets.Asset, assets.Asset], None]] = {
    "tags": _update_tags,
    "metadata": _update_metadata,
    "archived_date": _update_archived_date,
    "is_archived": _update_is_archived,
}
