"""The table that holds one flow: its columns, derived from the registered flow definition alone.

The same definition always gives the same columns, so a reopened store needs no second record of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sift_receiver._columns import Column, InsertTarget, TableName
from sift_receiver._names import NameAllocator, readable_name
from sift_runtime.messages import channel_types_pb2 as types
from sift_runtime.messages import ingestion_configs_pb2 as configs

__all__ = ["FIXED_COLUMNS", "PLAIN_SQL_TYPES", "ChannelColumns", "FlowTable", "lay_out_flow", "type_word"]

# A TIMESTAMP holds microseconds for every year the wire can carry; TIMESTAMP_NS would end in 2262, and so would a
# BIGINT of nanoseconds. The exact nanoseconds stand beside it.
FIXED_COLUMNS = (Column("timestamp", "TIMESTAMP"), Column("timestamp_ns", "HUGEINT"), Column("run_id", "VARCHAR"))

PLAIN_SQL_TYPES: dict[int, str] = {
    types.CHANNEL_DATA_TYPE_DOUBLE: "DOUBLE",
    types.CHANNEL_DATA_TYPE_STRING: "VARCHAR",
    types.CHANNEL_DATA_TYPE_BOOL: "BOOLEAN",
    types.CHANNEL_DATA_TYPE_FLOAT: "FLOAT",
    types.CHANNEL_DATA_TYPE_INT_32: "INTEGER",
    types.CHANNEL_DATA_TYPE_UINT_32: "UINTEGER",
    types.CHANNEL_DATA_TYPE_INT_64: "BIGINT",
    types.CHANNEL_DATA_TYPE_UINT_64: "UBIGINT",
    types.CHANNEL_DATA_TYPE_BYTES: "BLOB",
}


@dataclass(frozen=True, slots=True)
class ChannelColumns:
    """The columns of one channel.

    `value` is the plain value, an enum's label, or a bit field's raw bytes; `key` is an enum's number as it came;
    `elements` are a bit field's elements in their registered order.
    """

    value: Column
    key: Column | None = None
    elements: tuple[Column, ...] = ()

    @property
    def all(self) -> tuple[Column, ...]:
        """Every column of the channel, in row order."""
        return (self.value, *([self.key] if self.key else []), *self.elements)


@dataclass(frozen=True, slots=True)
class FlowTable:
    """Where the rows of one flow go."""

    name: TableName
    channels: tuple[ChannelColumns, ...]

    @property
    def target(self) -> InsertTarget:
        """The insert for whole rows: the fixed columns, then those of each channel."""
        return InsertTarget(
            self.name, (*FIXED_COLUMNS, *(column for channel in self.channels for column in channel.all))
        )


def lay_out_flow(name: TableName, flow: configs.FlowConfig) -> FlowTable:
    """Give every channel its columns.

    Channel names come first, so that a channel keeps its own name even where an element of another would take it.
    """
    allocator = NameAllocator(column.name for column in FIXED_COLUMNS)
    values = [
        allocator.allocate(readable_name(channel.name, f"channel_{position}"))
        for position, channel in enumerate(flow.channels, start=1)
    ]
    return FlowTable(
        name,
        tuple(
            _channel_columns(allocator, column, channel) for column, channel in zip(values, flow.channels, strict=True)
        ),
    )


def _channel_columns(allocator: NameAllocator, name: str, channel: configs.ChannelConfig) -> ChannelColumns:
    if channel.data_type == types.CHANNEL_DATA_TYPE_ENUM:
        return ChannelColumns(Column(name, "VARCHAR"), key=Column(allocator.allocate(f"{name}.key"), "UINTEGER"))
    if channel.data_type == types.CHANNEL_DATA_TYPE_BIT_FIELD:
        return ChannelColumns(
            Column(name, "BLOB"),
            elements=tuple(_element_column(allocator, name, element) for element in channel.bit_field_elements),
        )
    return ChannelColumns(Column(name, PLAIN_SQL_TYPES[channel.data_type]))


def _element_column(allocator: NameAllocator, name: str, element: types.ChannelBitFieldElement) -> Column:
    column = allocator.allocate(f"{name}.{readable_name(element.name, f'bit_{element.index}')}")
    return Column(column, "UBIGINT" if element.bit_count <= 64 else "BLOB")


def type_word(data_type: types.ChannelDataType.ValueType) -> str:
    """Name a data type as Sift's YAML does: double, int32, bit_field and so on."""
    return types.ChannelDataType.Name(data_type).removeprefix("CHANNEL_DATA_TYPE_").lower().replace("int_", "int")
