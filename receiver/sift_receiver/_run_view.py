"""A run as it is shown: its times and its assets are those of what was ingested, where anything was."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from sift_receiver._catalogue_writing import write_run
from sift_receiver._filter_fields import run_fields
from sift_receiver._filter_model import Fields
from sift_receiver._records import RunRecord
from sift_receiver._run_changes import check_run, with_duration
from sift_receiver._store import Store
from sift_receiver._tag_ids import tag_ids
from sift_receiver._timestamps import timestamp_message
from sift_runtime.messages import runs_pb2 as runs
from sift_runtime.messages import tags_pb2 as tags

__all__ = ["fields_of_view", "save_run", "view_of", "views"]


def view_of(store: Store, run: runs.Run) -> runs.Run:
    """Return a run with what is known of it by its data."""
    extents = store.extents.of_run(run.run_id)
    if not extents:
        return run
    view = runs.Run()
    view.CopyFrom(run)
    view.start_time.CopyFrom(timestamp_message(min(first for first, _ in extents.values())))
    view.stop_time.CopyFrom(timestamp_message(max(last for _, last in extents.values())))
    flows = (flow for flow in store.catalogue.all_flows() if flow.flow_id in extents)
    configs = (store.catalogue.config(flow.config_id) for flow in flows)
    asset_ids = dict.fromkeys([*run.asset_ids, *(config.message.asset_id for config in configs if config)])
    del view.asset_ids[:]
    view.asset_ids.extend(asset_ids)
    return with_duration(view)


def views(store: Store) -> list[RunRecord]:
    """List the runs as they are shown."""
    return [RunRecord(view_of(store, record.message)) for record in store.catalogue.runs()]


def fields_of_view(store: Store, record: RunRecord) -> Fields:
    """Return the fields of a run, also those that are of its assets."""
    found = [asset.message for asset_id in record.message.asset_ids if (asset := store.catalogue.asset(asset_id))]
    fields = run_fields(record)
    return {
        **fields,
        "duration_string": fields["duration"],
        "asset_name": tuple(asset.name for asset in found),
        "asset_tag_id": tag_ids(tags.TAG_TYPE_ASSET, [name for asset in found for name in asset.tags]),
        "tag_id": tag_ids(tags.TAG_TYPE_RUN, record.message.tags),
    }


def save_run(store: Store, make: Callable[[], runs.Run]) -> runs.Run:
    """Keep a run, and return it as it is shown.

    It is made on the writer thread, so that a read-modify-write and the uniqueness of keys are not raced.
    """

    def prepare(connection: duckdb.DuckDBPyConnection) -> Callable[[], runs.Run]:
        record = RunRecord(make())
        check_run(record.message, store.catalogue.run_with_client_key(record.message.client_key))
        write_run(connection, store.tables, record)

        def publish() -> runs.Run:
            store.catalogue.publish_run(record)
            return record.message

        return publish

    return view_of(store, store.change(prepare))
