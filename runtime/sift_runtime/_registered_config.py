"""Reading an ingestion config back: what was registered, by whomever, as a package would say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sift_runtime._connection import ConnectionSettings
from sift_runtime._errors import RegistrationError
from sift_runtime._ground_control import ground_control
from sift_runtime._network_options import NetworkOptions
from sift_runtime._registration import ControlPlane
from sift_runtime._schema import BitFieldElement, Channel, DataType, EnumType, FlowSchema
from sift_runtime.messages import ingestion_configs_pb2 as messages

__all__ = ["RegisteredConfig", "read_ingestion_config"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredConfig:
    """An ingestion config as the server has it; flows in the server's order, channels in that of the wire.

    The asset's name is None where the server does not show the asset to this key. Fields of channels are their wire
    names: what they are called in Python, no server knows.
    """

    ingestion_config_id: str
    client_key: str
    asset_name: str | None
    organization_id: str
    flows: tuple[FlowSchema, ...]


def read_ingestion_config(  # noqa: PLR0913  # the keyword arguments are the user's settings, each with a default
    client_key: str,
    *,
    uri: str | None = None,
    api_key: str | None = None,
    profile: str | None = None,
    ca_certificate: Path | None = None,
    network: NetworkOptions | None = None,
    request_timeout: float = 30.0,
) -> RegisteredConfig | None:
    """Return the ingestion config with this client key and all its flows; None where the server has none.

    The arguments mean what they mean to Sdk. Raises SettingsError; RegistrationError for a channel of a type that this
    version does not know; RequestError.
    """
    settings = ConnectionSettings(
        uri=uri,
        api_key=api_key,
        ca_certificate=ca_certificate,
        request_timeout=request_timeout,
        transport="grpcio",
        profile=profile,
        network=network or NetworkOptions(),
    )
    with ground_control(settings) as control:
        config = control.find(client_key)
        return None if config is None else _read(config, control)


def _read(config: messages.IngestionConfig, control: ControlPlane) -> RegisteredConfig:
    asset = control.asset(config.asset_id)
    return RegisteredConfig(
        ingestion_config_id=config.ingestion_config_id,
        client_key=config.client_key,
        asset_name=asset.name if asset else None,
        organization_id=asset.organization_id if asset else "",
        flows=tuple(_schema(flow) for flow in control.flows(config.ingestion_config_id)),
    )


def _schema(flow: messages.FlowConfig) -> FlowSchema:
    return FlowSchema(name=flow.name, channels=tuple(_channels(flow)))


def _channels(flow: messages.FlowConfig) -> Iterator[Channel]:
    known = {data_type.value: data_type for data_type in DataType}
    for channel in flow.channels:
        number = int(channel.data_type)
        if number not in known:
            where = f"flow {flow.name!r}, channel {channel.name!r}"
            raise RegistrationError(f"{where}: data type {number} is none that this version knows (1 to {max(known)})")
        yield Channel(
            name=channel.name,
            field=channel.name,
            data_type=known[number],
            unit=channel.unit,
            description=channel.description,
            enum_types=tuple(EnumType(label.name, label.key) for label in channel.enum_types),
            bit_field_elements=tuple(
                BitFieldElement(element.name, element.index, element.bit_count)
                for element in channel.bit_field_elements
            ),
        )
