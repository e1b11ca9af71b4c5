"""Have sift_py write rules: rules_with_sift_py.py ADDRESS KEY CONFIG; prints what it reads back as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sift_py.grpc.transport import use_sift_channel
from sift_py.ingestion.config.telemetry import TelemetryConfig
from sift_py.ingestion.service import IngestionService
from sift_py.rule.config import RuleActionCreateDataReviewAnnotation, RuleConfig
from sift_py.rule.service import RuleService

REFERENCES = [{"channel_reference": "$1", "channel_identifier": "velocity"}]


def told(rule):
    return {
        "name": rule.name,
        "expression": rule.expression,
        "description": rule.description,
        "references": {each["channel_reference"]: each["channel_identifier"] for each in rule.channel_references},
        "assets": rule.asset_names,
        "contextual": rule.contextual_channels,
        "tags": len(rule.action.tags or []) if rule.action else None,
        "live": rule.is_live_evaluation_enabled,
    }


def main(address, key, config_path):
    config = TelemetryConfig.try_from_yaml(Path(config_path))
    with use_sift_channel({"uri": address, "apikey": key, "use_ssl": False}) as channel:
        for _ in range(2):  # created, then updated
            IngestionService(channel, config)
        service = RuleService(channel)
        external = RuleConfig(
            name="outside",
            channel_references=REFERENCES,
            expression="$1 > 100",
            action=RuleActionCreateDataReviewAnnotation(),
            asset_names=[config.asset_name],
            is_external=True,
        )
        (identifier,) = service.create_external_rules([external])
        read = {rule.rule_client_key: told(service.get_rule(rule.rule_client_key)) for rule in config.rules}
        missing = service.get_rule("nobody's")
        outside = service.get_rule(identifier.rule_id)
        json.dump({"rules": read, "missing": missing, "outside": told(outside)}, sys.stdout)


main(*sys.argv[1:])
