"""The fields of each resource that a list filter and an order may name, as Sift documents them per list call."""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf.timestamp_pb2 import Timestamp as WireTimestamp

from sift_receiver._filter_model import Duration, Fields, Scalar, Timestamp
from sift_receiver._records import AssetRecord, ConfigRecord, FlowRecord, RunRecord
from sift_receiver._tag_ids import tag_ids
from sift_receiver._timestamps import timestamp_nanoseconds
from sift_runtime.messages import metadata_pb2 as metadata
from sift_runtime.messages import runs_pb2 as runs
from sift_runtime.messages import tags_pb2 as tags

__all__ = [
    "ASSET_FIELDS",
    "CONFIG_FIELDS",
    "FLOW_FIELDS",
    "RUN_FIELDS",
    "asset_fields",
    "config_fields",
    "flow_fields",
    "metadata_fields",
    "run_fields",
    "time_field",
]

CONFIG_FIELDS = frozenset({"ingestion_config_id", "client_key", "asset_id", "created_date", "modified_date"})
FLOW_FIELDS = frozenset({"flow_name", "flow_id", "created_date", "modified_date"})
_DATED = frozenset({"created_date", "modified_date", "created_by_user_id", "modified_by_user_id", "archived_date"})
ASSET_FIELDS = _DATED | {"asset_id", "name", "name_lower", "tag_name", "tag_id", "is_archived", "metadata"}
RUN_FIELDS = _DATED | {
    "run_id",
    "organization_id",
    "asset_id",
    "asset_name",
    "asset_tag_id",
    "client_key",
    "name",
    "name_lower",
    "description",
    "start_time",
    "stop_time",
    "duration",
    "duration_string",
    "tag_id",
    "tag_name",
    "is_archived",
    "is_pinned",
    "is_stopped",
    "metadata",
}


def config_fields(record: ConfigRecord) -> Fields:
    """Fields of an ingestion config; it is never modified, so both dates are that of its creation."""
    config, created = record.message, Timestamp(record.created)
    return {
        "ingestion_config_id": config.ingestion_config_id,
        "client_key": config.client_key,
        "asset_id": config.asset_id,
        "created_date": created,
        "modified_date": created,
    }


def flow_fields(record: FlowRecord) -> Fields:
    """Fields of a flow; a flow is never modified."""
    created = Timestamp(record.created)
    return {
        "flow_name": record.definition.name,
        "flow_id": record.flow_id,
        "created_date": created,
        "modified_date": created,
    }


def asset_fields(record: AssetRecord) -> Fields:
    """Fields of an asset."""
    asset = record.message
    return {
        "asset_id": asset.asset_id,
        "name": asset.name,
        "name_lower": asset.name.lower(),
        "created_date": time_field(asset.created_date),
        "modified_date": time_field(asset.modified_date),
        "created_by_user_id": asset.created_by_user_id,
        "modified_by_user_id": asset.modified_by_user_id,
        "archived_date": time_field(asset.archived_date) if asset.HasField("archived_date") else None,
        "is_archived": asset.is_archived,
        "tag_id": tag_ids(tags.TAG_TYPE_ASSET, asset.tags),
        "tag_name": tuple(asset.tags),
        "metadata": metadata_fields(asset.metadata),
    }


def run_fields(record: RunRecord) -> Fields:
    """Fields of a run by itself; absent times and keys are null."""
    run = record.message
    return {
        "run_id": run.run_id,
        "organization_id": run.organization_id,
        "asset_id": tuple(run.asset_ids),
        "client_key": run.client_key if run.HasField("client_key") else None,
        "name": run.name,
        "name_lower": run.name.lower(),
        "description": run.description,
        "created_date": time_field(run.created_date),
        "modified_date": time_field(run.modified_date),
        "created_by_user_id": run.created_by_user_id,
        "modified_by_user_id": run.modified_by_user_id,
        "archived_date": time_field(run.archived_date) if run.HasField("archived_date") else None,
        "start_time": time_field(run.start_time) if run.HasField("start_time") else None,
        "stop_time": time_field(run.stop_time) if run.HasField("stop_time") else None,
        "duration": _duration(run),
        "tag_name": tuple(run.tags),
        "is_archived": run.is_archived,
        "is_pinned": run.is_pinned,
        "is_stopped": run.is_stopped,
        "metadata": metadata_fields(run.metadata),
    }


def time_field(timestamp: WireTimestamp) -> Timestamp:
    """Return a time as filters compare it."""
    return Timestamp(timestamp_nanoseconds(timestamp))


def _duration(run: runs.Run) -> Duration | None:
    if not (run.HasField("start_time") and run.HasField("stop_time")):
        return None
    return Duration(timestamp_nanoseconds(run.stop_time) - timestamp_nanoseconds(run.start_time))


def metadata_fields(values: Iterable[metadata.MetadataValue]) -> dict[str, Scalar]:
    """Return metadata by name."""
    return {value.key.name: _metadata_scalar(value) for value in values}


def _metadata_scalar(value: metadata.MetadataValue) -> Scalar:
    match value.WhichOneof("value"):
        case "string_value":
            return value.string_value
        case "number_value":
            return value.number_value
        case "boolean_value":
            return value.boolean_value
        case "relation_value":
            return value.relation_value.resource_id
        case None:
            return None
