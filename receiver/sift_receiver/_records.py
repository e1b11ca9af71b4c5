"""What the receiver knows: assets, ingestion configs, flows, runs, rules and tags.

Records are never changed in place; an update publishes a new record. Readers therefore need no lock.
"""

from __future__ import annotations

from dataclasses import dataclass

from sift_receiver._columns import InsertTarget, TableName
from sift_receiver._flow_table import FlowTable, lay_out_flow
from sift_receiver._row_decoder import RowDecoder, build_row_decoder
from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import ingestion_configs_pb2 as configs
from sift_runtime.messages import rules_pb2 as rules
from sift_runtime.messages import runs_pb2 as runs
from sift_runtime.messages import tags_pb2 as tags

__all__ = ["AssetRecord", "ConfigRecord", "FlowRecord", "RuleRecord", "RunRecord", "TagRecord", "build_flow_record"]


@dataclass(frozen=True, slots=True)
class AssetRecord:
    """An asset and the schema that holds its tables."""

    message: assets.Asset
    schema: str


@dataclass(frozen=True, slots=True)
class ConfigRecord:
    """An ingestion config; `created` in nanoseconds since 1970."""

    message: configs.IngestionConfig
    created: int


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """A registered flow, exactly as it was sent, and how its requests become rows."""

    flow_id: str
    config_id: str
    created: int
    definition: configs.FlowConfig
    table: FlowTable
    target: InsertTarget
    decoder: RowDecoder


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run."""

    message: runs.Run


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """A rule."""

    message: rules.Rule


@dataclass(frozen=True, slots=True)
class TagRecord:
    """A tag."""

    message: tags.Tag


def build_flow_record(
    flow_id: str, config_id: str, created: int, definition: configs.FlowConfig, name: TableName
) -> FlowRecord:
    """Derive the table and the decoder from the definition."""
    table = lay_out_flow(name, definition)
    return FlowRecord(
        flow_id, config_id, created, definition, table, table.target, build_row_decoder(table, definition)
    )
