"""Read a config with sift_py: read_with_sift_py.py READER CONFIG [EXPRESSIONS].

Prints asset, client key, the key that sift_py and sift_client generate, flows and the names of rules as JSON. READER is
rapidyaml, its default, or pyyaml, what it falls back to.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sift_client._internal.low_level_wrappers.ingestion import _hash_flows
from sift_client.sift_types.channel import ChannelBitFieldElement, ChannelDataType
from sift_client.sift_types.ingestion import ChannelConfig, FlowConfig
from sift_py.ingestion.config.telemetry import TelemetryConfig
from sift_py.yaml import utils


def told(channel):
    labels = [[label.name, label.key] for label in channel.enum_types]
    elements = [[element.name, element.index, element.bit_count] for element in channel.bit_field_elements]
    data_type = channel.data_type.as_human_str()
    return [channel.name, data_type, channel.unit or "", channel.description or "", labels, elements]


def generated_key(config):
    """The key that sift_client makes for the same flows; sift_py's own stands for them where it is the same."""
    try:
        flows = [FlowConfig(name=flow.name, channels=channels(flow)) for flow in config.flows]
    except ValueError:  # sift_client has no bit fields without elements, for example
        return config.hash()
    key = _hash_flows(config.asset_name, flows)
    return key if key == config.hash() else f"{key} for sift_client, {config.hash()} for sift_py"


def channels(flow):
    return [
        ChannelConfig(
            name=channel.name,
            data_type=ChannelDataType(channel.data_type.value),
            description=channel.description,
            unit=channel.unit,
            bit_field_elements=[
                ChannelBitFieldElement(name=element.name, index=element.index, bit_count=element.bit_count)
                for element in channel.bit_field_elements
            ],
            enum_types={label.name: label.key for label in channel.enum_types} or None,
        )
        for channel in flow.channels
    ]


def main(reader, config_path, *expressions):
    utils._HAS_RYML = reader == "rapidyaml"
    config = TelemetryConfig.try_from_yaml(Path(config_path), list(map(Path, expressions)))
    flows = [[flow.name, [told(channel) for channel in flow.channels]] for flow in config.flows]
    keys = [config.ingestion_client_key, generated_key(config)]
    json.dump([config.asset_name, *keys, flows, [rule.name for rule in config.rules]], sys.stdout)


main(*sys.argv[1:])
