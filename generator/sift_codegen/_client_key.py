"""The client key that Sift's own clients make when a config gives none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sift_codegen._config import ChannelConfig, DataType, FlowConfig

__all__ = ["client_key", "proto_name"]


def client_key(asset_name: str, flows: tuple[FlowConfig, ...]) -> str:
    """Return the SHA-256, lower-case hex, of the config's texts as Sift's clients join them.

    There are no separators, so that differing configs can share a key; it stays bit-compatible all the same, because
    the key is how an ingestion config made by sift_py or sift_client is found again.
    """
    digest = hashlib.sha256(asset_name.encode())
    for flow in sorted(flows, key=lambda flow: flow.name):
        digest.update(flow.name.encode())
        for channel in flow.channels:
            digest.update("".join(_channel_texts(channel)).encode())
    return digest.hexdigest()


def proto_name(data_type: DataType) -> str:
    """Return the name of a data type in Sift's ChannelDataType enum."""
    return "CHANNEL_DATA_TYPE_" + data_type.name


def _channel_texts(channel: ChannelConfig) -> Iterator[str]:
    yield from (channel.name, proto_name(channel.data_type), channel.description, channel.unit)
    for element in sorted(channel.bit_field_elements, key=lambda element: element.index):
        yield f"{element.name}{element.index}{element.bit_count}"
    for enum_type in sorted(channel.enum_types, key=lambda enum_type: enum_type.key):
        yield f"{enum_type.key}{enum_type.name}"
