"""One ingest request becomes one row, or a refusal that says which channel is wrong and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sift_receiver._bit_fields import bit_field_values
from sift_receiver._flow_table import FlowTable
from sift_receiver._timestamps import EARLIEST, LATEST, format_nanoseconds, timestamp_nanoseconds
from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import ingest_pb2 as ingest
from sift_runtime.messages import ingestion_configs_pb2 as configs

__all__ = ["InvalidRequestError", "Row", "RowDecoder", "build_row_decoder"]

Row = tuple[object, ...]

# The oneof field that carries each data type; the numbers of the two do not follow each other.
_ONEOF_FIELDS: dict[int, str] = {
    types.CHANNEL_DATA_TYPE_DOUBLE: "double",
    types.CHANNEL_DATA_TYPE_STRING: "string",
    types.CHANNEL_DATA_TYPE_ENUM: "enum",
    types.CHANNEL_DATA_TYPE_BIT_FIELD: "bit_field",
    types.CHANNEL_DATA_TYPE_BOOL: "bool",
    types.CHANNEL_DATA_TYPE_FLOAT: "float",
    types.CHANNEL_DATA_TYPE_INT_32: "int32",
    types.CHANNEL_DATA_TYPE_UINT_32: "uint32",
    types.CHANNEL_DATA_TYPE_INT_64: "int64",
    types.CHANNEL_DATA_TYPE_UINT_64: "uint64",
    types.CHANNEL_DATA_TYPE_BYTES: "bytes",
}


class InvalidRequestError(Exception):
    """A request does not fit its flow. `reason` is a fixed word for queries, the message is for people."""

    def __init__(self, reason: str, message: str) -> None:
        """Keep both forms."""
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _ChannelDecoder:
    """How the value of one channel becomes the values of its columns; `expand` None means the value as it is."""

    name: str
    field: str
    nulls: Row
    expand: Callable[[object], Row] | None


@dataclass(frozen=True, slots=True)
class RowDecoder:
    """Turns requests for one flow into rows for its table."""

    flow: str
    channels: tuple[_ChannelDecoder, ...]

    def row(self, request: ingest.IngestWithConfigDataStreamRequest) -> Row:
        """Build the row; raises InvalidRequestError if the request does not fit the flow.

        An explicit `empty` is NULL. An unset oneof is an error, because nothing tells it from a forgotten value.
        """
        self._check_count(len(request.channel_values))
        nanoseconds = _request_time(request)
        row: list[object] = [nanoseconds // 1000, nanoseconds, request.run_id or None]
        for channel, value in zip(self.channels, request.channel_values, strict=True):
            field = value.WhichOneof("type")
            if field == channel.field:
                plain = getattr(value, channel.field)
                if channel.expand is None:
                    row.append(plain)
                else:
                    row.extend(channel.expand(plain))
            elif field == "empty":
                row.extend(channel.nulls)
            else:
                raise self._wrong_type(channel, field)
        return tuple(row)

    def _check_count(self, count: int) -> None:
        if count != len(self.channels):
            raise InvalidRequestError(
                "wrong_count",
                f"flow {self.flow!r} has {len(self.channels)} channels, the request has {count} values: "
                "send one value per channel in the registered order, `empty` where there is none",
            )

    def _wrong_type(self, channel: _ChannelDecoder, field: str | None) -> InvalidRequestError:
        place = f"flow {self.flow!r}, channel {channel.name!r} (number {self.channels.index(channel) + 1})"
        if field is None:
            return InvalidRequestError("value_unset", f"{place}: no value is set; send {channel.field!r} or `empty`")
        return InvalidRequestError("wrong_type", f"{place}: expected {channel.field!r} or `empty`, got {field!r}")


def build_row_decoder(table: FlowTable, flow: configs.FlowConfig) -> RowDecoder:
    """Prepare the decoder of one registered flow."""
    return RowDecoder(
        flow.name,
        tuple(
            _ChannelDecoder(
                channel.name, _ONEOF_FIELDS[channel.data_type], (None,) * len(columns.all), _expander(channel)
            )
            for channel, columns in zip(flow.channels, table.channels, strict=True)
        ),
    )


def _expander(channel: configs.ChannelConfig) -> Callable[[object], Row] | None:
    if channel.data_type == types.CHANNEL_DATA_TYPE_ENUM:
        labels: dict[object, str] = {}
        for enum_type in channel.enum_types:
            labels.setdefault(enum_type.key, enum_type.name)
        # An unregistered key is kept with no label: an enum that grew on board must not cost the rest of the row.
        return lambda key: (labels.get(key), key)
    if channel.data_type == types.CHANNEL_DATA_TYPE_BIT_FIELD:
        return bit_field_values(channel.bit_field_elements)
    return None


def _request_time(request: ingest.IngestWithConfigDataStreamRequest) -> int:
    if not request.HasField("timestamp"):
        raise InvalidRequestError("timestamp_missing", f"flow {request.flow!r}: the request has no timestamp")
    nanoseconds = timestamp_nanoseconds(request.timestamp)
    if not EARLIEST <= nanoseconds <= LATEST:
        raise InvalidRequestError(
            "timestamp_out_of_range",
            f"flow {request.flow!r}: timestamp of {request.timestamp.seconds} s is outside "
            f"{format_nanoseconds(EARLIEST)} to {format_nanoseconds(LATEST)}",
        )
    return nanoseconds
