"""Use sift_client's own calls: calls_of_sift_client.py ADDRESS KEY; prints what they gave as JSON."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

from sift_client import SiftClient
from sift_client.sift_types.channel import ChannelReference
from sift_client.sift_types.rule import RuleAction, RuleAnnotationType, RuleCreate, RuleUpdate
from sift_client.sift_types.run import RunCreate
from sift_client.transport import SiftConnectionConfig


def main(address, key):
    url = f"http://{address}"
    client = SiftClient(connection_config=SiftConnectionConfig(url, "http://127.0.0.1:1", key, use_ssl=False))
    told = {"ping": client.ping.ping()} | runs(client) | channels(client) | rules(client) | queries(client)
    json.dump(told, sys.stdout)


def runs(client):
    run = client.runs.create(RunCreate(name="hop", client_key="hop-1", metadata={"mass": 2.5, "manned": True}))
    asset = client.assets.find(name="PeerRover")
    now = datetime.now(UTC)
    adhoc = client.runs.create(
        RunCreate(name="afterwards", start_time=now - timedelta(seconds=9), stop_time=now),
        assets=[asset],
        associate_new_data=False,
    )
    client.runs.stop(run)
    return {
        "run": client.runs.get(client_key="hop-1").metadata,
        "runs": sorted(each.name for each in client.runs.list_(name_contains="hop")),
        "adhoc": [adhoc.is_adhoc, adhoc.asset_ids == [asset.id_]],
        "archived": client.runs.archive(run).is_archived,
    }


def channels(client):
    asset = client.assets.find(name="PeerRover")
    (velocity,) = client.channels.list_(asset=asset, name="velocity")
    changed = client.channels.update(velocity, {"description": "how fast"})
    client.channels.archive([velocity])
    tagged = client.assets.update(asset, {"tags": ["flying"]})
    return {
        "channels": len(client.channels.list_(asset=asset)),
        "velocity": [velocity.name, velocity.data_type.name, velocity.unit, velocity.id_ == changed.id_],
        "described": changed.description,
        "active": client.channels.get(channel_id=velocity.id_).is_archived,
        "tags": tagged.tags,
    }


def rules(client):
    asset = client.assets.find(name="PeerRover")
    (tag,) = client.tags.find_or_create(["hot"])
    action = RuleAction.annotation(RuleAnnotationType.DATA_REVIEW, [tag])
    references = [ChannelReference(channel_reference="$1", channel_identifier="velocity")]
    create = RuleCreate(
        name="too fast",
        description="",
        expression="$1 > 10",
        channel_references=references,
        action=action,
        client_key="too-fast",
        asset_ids=[asset.id_],
        evaluate_on_live_data=True,
    )
    rule = client.rules.create(create)
    changed = client.rules.update(rule, RuleUpdate(expression="$1 > 20"))
    other = create.model_copy(update={"name": "faster", "client_key": "faster"})
    (made,) = client.rules.batch_update_or_create_rules([other])
    return {
        "rule": [rule.name, rule.expression, changed.expression, changed.id_ == rule.id_],
        "tags_again": [each.name for each in client.tags.list_(names=["hot"])],
        "rules": sorted(each.name for each in client.rules.list_()),
        "made": made.name,
        "rule_archived": client.rules.archive(rule).is_archived,
        "left": [each.name for each in client.rules.list_()],
    }


def queries(client):
    asset = client.assets.find(name="PeerRover")
    (flying,) = [tag for tag in client.tags.list_(names=["flying"]) if tag.name == "flying"]
    (flown,) = client.runs.list_(name="peer run")
    return {
        "channels_of_run": len(client.channels.list_(run=flown)),
        "flown": [flown.asset_ids == [asset.id_], flown.start_time <= flown.stop_time],
        "long": [each.name for each in client.runs.list_(duration_greater_than=timedelta(seconds=8))],
        "of_flying": [each.name for each in client.runs.list_(asset_tags=[flying])],
        "named": [each.name for each in client.runs.list_(filter_query="asset_name == 'PeerRover'")],
        "tagged": [each.name for each in client.runs.list_(tags=["hot"])],
        "with_runs": client.assets.archive(asset, archive_runs=True).is_archived,
        "archived_too": [each.name for each in client.runs.list_(include_archived=True, filter_query="is_archived")],
    }


main(*sys.argv[1:])
