"""Read a config with sift_py: read_with_sift_py.py READER CONFIG [EXPRESSIONS].

Prints asset, client key, flows and the names of rules as JSON. READER is rapidyaml, its default, or pyyaml, what it
falls back to.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sift_py.ingestion.config.telemetry import TelemetryConfig
from sift_py.yaml import utils


def told(channel):
    labels = [[label.name, label.key] for label in channel.enum_types]
    elements = [[element.name, element.index, element.bit_count] for element in channel.bit_field_elements]
    data_type = channel.data_type.as_human_str()
    return [channel.name, data_type, channel.unit or "", channel.description or "", labels, elements]


def main(reader, config_path, *expressions):
    utils._HAS_RYML = reader == "rapidyaml"
    config = TelemetryConfig.try_from_yaml(Path(config_path), list(map(Path, expressions)))
    flows = [[flow.name, [told(channel) for channel in flow.channels]] for flow in config.flows]
    json.dump([config.asset_name, config.ingestion_client_key, flows, [rule.name for rule in config.rules]], sys.stdout)


main(*sys.argv[1:])
