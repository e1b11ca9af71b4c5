"""The base of every generated flow."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sift_runtime._schema import FlowSchema

__all__ = ["Flow"]


class Flow:
    """One reading of every channel of a flow; generated packages derive from it, users do not."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def schema(cls) -> FlowSchema:
        """Return the flow's wire name and its channels, in wire order."""

    @abstractmethod
    def encode(self) -> bytes:
        """Return the wire bytes of the ordered channel_values fields.

        Byte-identical to protobuf's serializer for the same IngestWithConfigDataStreamRequest.channel_values.
        Raises SerializationError, naming every value that does not fit its channel.
        """

    def asdict(self) -> dict[str, object]:
        """Return the values by field name, in wire order; enums and bit fields as their generated types."""
        return {channel.field: getattr(self, channel.field) for channel in self.schema().channels}
