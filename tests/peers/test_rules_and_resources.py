"""The official clients' calls for rules, runs, assets, channels and tags, unmodified, against the receiver."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from sift_receiver import Receiver, ReceiverSettings
from sift_runtime.messages import rules_pb2 as rules

from .conftest import Peers

KEY = "peer-key"
CONFIG = Path(__file__).with_name("ruled_vehicle.yaml")
PLAIN = Path(__file__).with_name("vehicle.yaml")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "flight.duckdb"


def receiving(store: Path) -> Receiver:
    return Receiver(ReceiverSettings(store=store, api_key=KEY, users=("ripley@nostromo.space",)))


def stored_rules(store: Path) -> dict[str, rules.Rule]:
    with duckdb.connect(str(store), read_only=True) as connection:
        rows = connection.execute("SELECT definition FROM rules").fetchall()
    return {rule.client_key: rule for rule in (rules.Rule.FromString(row[0]) for row in rows)}


def test_rules_of_sift_py_are_created_updated_and_read_back(peers: Peers, store: Path) -> None:
    with receiving(store) as receiver:
        told = peers.fly("rules_with_sift_py.py", f"127.0.0.1:{receiver.port}", KEY, str(CONFIG))
    read = json.loads(json.dumps(told))
    assert read["missing"] is None
    assert read["rules"]["too-fast"] == {
        "name": "too_fast",
        # Of a rule that stands in the config itself, sift_py drops sub-expressions, contextual channels and the flag.
        "expression": "$1 > $limit",
        "description": "nobody should",
        "references": {"$1": "velocity"},
        "assets": ["PeerRover"],
        "contextual": [],
        "tags": 0,  # sift_py leaves out, without a word, tags that are not there
        "live": False,
    }
    assert (read["outside"]["name"], read["outside"]["references"]) == ("outside", {"$1": "velocity"})
    kept = stored_rules(store)
    assert {key: rule.rule_version.version for key, rule in kept.items()} == {"too-fast": "2", "stopped": "2", "": "1"}
    (condition,) = kept["too-fast"].conditions
    assert condition.actions[0].configuration.annotation.assigned_to_user_id
    assert list(kept["stopped"].conditions[0].actions) == []  # sift_py makes the action and does not send it
    assert kept[""].is_external


def test_calls_of_sift_client(peers: Peers, store: Path) -> None:
    with receiving(store) as receiver:
        address = f"127.0.0.1:{receiver.port}"
        peers.fly("fly_sift_py.py", address, KEY, str(PLAIN))
        told = peers.fly("calls_of_sift_client.py", address, KEY)
    assert told == {
        "ping": told["ping"],
        "run": {"mass": 2.5, "manned": True},
        "runs": ["hop"],
        "adhoc": [True, True],
        "archived": True,
        "channels": 12,  # with the one that came later
        "velocity": ["velocity", "DOUBLE", "Miles Per Hour", True],
        "described": "how fast",
        "active": True,
        "tags": ["flying"],
        "rule": ["too fast", "$1 > 10", "$1 > 20", True],
        "tags_again": ["hot"],
        "rules": ["faster", "too fast"],
        "made": "faster",
        "rule_archived": True,
        "left": ["faster"],
        "channels_of_run": 12,
        "flown": [True, True],
        "long": ["afterwards"],
        "of_flying": ["afterwards", "peer run"],
        "named": ["afterwards", "peer run"],
        "tagged": [],
        "with_runs": True,
        "archived_too": ["afterwards", "hop", "peer run"],
    }
