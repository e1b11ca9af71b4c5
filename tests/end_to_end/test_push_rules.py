"""Rules on their way to the receiver: from flight, by the command, and as sift_py writes them."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sift_receiver import Receiver, ReceiverSettings
from sift_runtime import RequestError, Rule, RuleError, RuleReport, Sdk, push_rules
from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import rules_pb2 as messages
from sift_runtime.messages import tags_pb2 as tags
from tests.packaging.environments import run
from tests.peers.environment import peers_environment
from tests.receiver.client import Client
from tests.receiver.conftest import connected
from tests.runtime.waiting import wait_until
from vehicle_telemetry import TELEMETRY, VoltageFlow

TESTS = Path(__file__).parents[1]
CONFIGS = TESTS / "configs"
LOAD = TESTS / "peers/scripts/load_rule_modules.py"
ASSIGNEE = "cthulhu@rlyeh.com"
NAMES = ("overheating", "kinetic_energy", "failure")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "flight.duckdb"


@pytest.fixture
def receiver(store: Path) -> Iterator[Receiver]:
    with Receiver(ReceiverSettings(store=store, api_key="key", users=(ASSIGNEE,))) as serving:
        yield serving


@pytest.fixture
def client(receiver: Receiver) -> Iterator[Client]:
    with connected(receiver, "key") as connection:
        yield connection


def rules_of(client: Client) -> dict[str, messages.Rule]:
    path = "/sift.rules.v1.RuleService/ListRules"
    found = client.call(path, messages.ListRulesRequest(page_size=1000), messages.ListRulesResponse).rules
    return {rule.name: rule for rule in found}


def names_of_tags(client: Client, kind: tags.TagType.ValueType) -> dict[str, str]:
    request = tags.ListTagsRequest(tag_type=kind)
    known = client.call("/sift.tags.v2.TagService/ListTags", request, tags.ListTagsResponse).tags
    return {tag.tag_id: tag.name for tag in known}


def tag_an_asset(client: Client, *names: str) -> None:
    request = assets.CreateAssetRequest(name="Sulaco", tags=names)
    client.call("/sift.assets.v1.AssetService/CreateAsset", request, assets.CreateAssetResponse)


def test_rules_are_created_and_then_left_alone_until_they_change(receiver: Receiver) -> None:
    def push(*rules: Rule) -> RuleReport:
        return push_rules(replace(TELEMETRY, rules=rules or TELEMETRY.rules), uri=receiver.uri, api_key="key")

    assert push() == RuleReport(created=NAMES)
    assert push() == RuleReport(unchanged=NAMES)
    first, *others = TELEMETRY.rules
    assert push(replace(first, description="too hot"), *others) == RuleReport(updated=NAMES[:1], unchanged=NAMES[1:])


def test_nothing_that_the_config_says_is_dropped(receiver: Receiver, client: Client) -> None:
    phase = Rule(
        name="stopped",
        type="phase",
        expression='$1 == "Stopped"',
        channel_references=(("$1", "vehicle_state"),),
        contextual_channels=("log",),
        tags=("nostromo",),
        tag_names=("field",),
        rule_client_key="stopped-key",
        is_external=True,
        is_live_evaluation_enabled=True,
    )
    tag_an_asset(client, "field", "nostromo")
    push_rules(replace(TELEMETRY, rules=(*TELEMETRY.rules, phase)), uri=receiver.uri, api_key="key")
    rules = rules_of(client)
    conditions = {name: rule.conditions[0] for name, rule in rules.items()}
    expressions = {name: each.expression.calculated_channel.expression for name, each in conditions.items()}
    assert expressions == {
        "overheating": '$1 == "Accelerating" && $2 > 80',
        "kinetic_energy": "0.5 * 10 * $1 * $1 > 470",
        "failure": 'contains($1, "failure")',
        "stopped": '$1 == "Stopped"',
    }
    names = names_of_tags(client, tags.TAG_TYPE_ANNOTATION)
    annotations = {name: each.actions[0].configuration.annotation for name, each in conditions.items()}
    assert {name: sorted(names[tag] for tag in each.tag_ids) for name, each in annotations.items()} == {
        "overheating": [],
        "kinetic_energy": ["nostromo"],
        "failure": ["failure", "nostromo"],
        "stopped": ["nostromo"],
    }
    assert annotations["kinetic_energy"].assigned_to_user_id
    assert annotations["stopped"].annotation_type == messages.ANNOTATION_TYPE_PHASE
    stopped = rules["stopped"]
    assert (stopped.client_key, stopped.is_external, stopped.is_live_evaluation_enabled) == ("stopped-key", True, True)
    assert [names_of_tags(client, tags.TAG_TYPE_ASSET)[tag] for tag in stopped.asset_configuration.tag_ids] == ["field"]
    assert [each.name for each in stopped.contextual_channels.channels] == ["log"]
    assert rules["overheating"].client_key == "NostromoLV426.overheating"
    assert len(rules["overheating"].asset_configuration.asset_ids) == 1


def test_all_that_is_missing_is_told_before_anything_is_changed(receiver: Receiver, client: Client) -> None:
    first, *others = TELEMETRY.rules
    strange = replace(first, asset_names=("Nostromo", "NostromoLV426", "Sulaco"), assignee="ash@weyland.example")
    strange = replace(strange, tags=("new",), tag_names=("landers",))
    unwritten = {"$a": float("nan"), "$b": None, "$c": "x", "$d": "x"}
    strange = replace(strange, expression='"is $c" == $d', sub_expressions=tuple(unwritten.items()))
    with pytest.raises(RuleError) as refusal:
        push_rules(replace(TELEMETRY, rules=(strange, *others)), uri=receiver.uri, api_key="key")
    for text in (
        "asset 'Nostromo' is not there",
        "asset 'Sulaco' is not there",
        "asset tag 'landers'",
        "user 'ash@weyland.example'",
    ):
        assert text in str(refusal.value)
    assert "'$d'" not in str(refusal.value)
    assert rules_of(client) == {}
    assert names_of_tags(client, tags.TAG_TYPE_UNSPECIFIED) == {}


def test_many_may_push_at_once(receiver: Receiver, client: Client) -> None:
    """Whoever comes second finds the tags and rules of the first."""
    first = TELEMETRY.rules[0]
    rules = tuple(replace(first, name=f"rule {number}", tags=(f"tag {number}", "all")) for number in range(5))
    pushed = replace(TELEMETRY, rules=rules)
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda _: push_rules(pushed, uri=receiver.uri, api_key="key"), range(8)))
    assert sorted(name for report in reports for name in report.created) == sorted(rule.name for rule in rules)
    assert not any(report.updated for report in reports)
    assert sorted(rules_of(client)) == sorted(rule.name for rule in rules)
    assert len(names_of_tags(client, tags.TAG_TYPE_ANNOTATION)) == 6


def test_wrong_key_is_told(receiver: Receiver) -> None:
    with pytest.raises(RequestError, match="UNAUTHENTICATED"):
        push_rules(TELEMETRY, uri=receiver.uri, api_key="another")


@pytest.mark.parametrize("lazy", [False, True])
def test_rules_are_pushed_from_flight(
    receiver: Receiver, client: Client, lazy: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sift_runtime")
    with Sdk(TELEMETRY, uri=receiver.uri, api_key="key", rules=True, lazy=lazy) as sdk:
        sdk.track(VoltageFlow(voltage=1))
        assert sdk.flush(30).acknowledged_all
        wait_until(lambda: "rules of asset 'NostromoLV426': 3 created, 0 updated, 0 unchanged" in caplog.text)
        assert sorted(rules_of(client)) == sorted(NAMES)


def test_rules_that_are_refused_are_in_no_datas_way(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    receiver = Receiver(ReceiverSettings(store=store))  # which knows no users
    with receiver, Sdk(TELEMETRY, uri=receiver.uri, api_key="key", rules=True) as sdk:
        sdk.track(VoltageFlow(voltage=1))
        assert sdk.flush(30).acknowledged_all
        wait_until(lambda: "the rules were not pushed" in caplog.text)
    (error,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert f"the rules were not pushed: rules of asset 'NostromoLV426': user '{ASSIGNEE}' is not there" in error


def test_rules_of_modules_are_those_that_sift_py_writes(receiver: Receiver, client: Client, tmp_path: Path) -> None:
    with Sdk(TELEMETRY, uri=receiver.uri, api_key="key") as sdk:
        sdk.connect(30)
    for name in ("nostromo", "failure"):  # sift_py leaves out tags that are not there
        client.call("/sift.tags.v2.TagService/CreateTag", tags.CreateTagRequest(name=name), tags.CreateTagResponse)
    modules = tmp_path / "rule_modules"
    shutil.copytree(CONFIGS / "rule_modules", modules)
    address = receiver.uri.removeprefix("http://")
    run(peers_environment().command("python"), "-W", "ignore", str(LOAD), address, "key", str(modules), cwd=tmp_path)
    written = rules_of(client)
    assert len(written) >= 7
    config = tmp_path / "vehicle.yaml"
    text = (CONFIGS / "nostromo.yml").read_text("utf-8")
    config.write_text(text.partition("\nrules:")[0] + text[text.index("\nflows:") :], "utf-8")
    told = command("push-rules", str(config), "--rule-modules", str(modules), "--uri", receiver.uri)
    assert told.returncode == 0, told.stderr
    assert sorted(told.stdout.splitlines()[:-1]) == sorted(f"unchanged: {name}" for name in written)
    assert rules_of(client) == written


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "SIFT_API_KEY": "key", **environment}
    words = [sys.executable, "-m", "sift_codegen", *arguments]
    return subprocess.run(words, env=variables, capture_output=True, text=True, timeout=60, check=False)


def test_command_creates_rules_and_says_what_became_of_them(receiver: Receiver) -> None:
    config = str(CONFIGS / "nostromo.yml")
    expressions = ("--named-expressions", str(CONFIGS / "named_expressions.yml"))
    first = command("push-rules", config, *expressions, SIFT_GRPC_URI=receiver.uri)
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[-1].startswith("3 rules: 3 created")
    again = command("push-rules", config, *expressions, "--uri", receiver.uri)
    assert again.stdout.splitlines()[-1] == "3 rules: 0 created, 0 updated"


def test_command_tells_apart_what_is_wrong(receiver: Receiver, tmp_path: Path) -> None:
    config = tmp_path / "vehicle.yaml"
    head = "asset_name: a\nflows: [{name: f, channels: [{name: c, data_type: double}]}]\nrules:\n"
    rule = "  - {name: r, type: review, expression: $1 > 1, channel_references: [{$1: c}]%s}\n"
    config.write_text(head + rule % "", "utf-8")
    assert command("push-rules", str(config), "--uri", "http://127.0.0.1:1").returncode == 3
    assert command("push-rules", str(config), "--uri", receiver.uri, SIFT_API_KEY="wrong").returncode == 3
    config.write_text(head + rule % ", assignee: nobody@example.com", "utf-8")
    refused = command("push-rules", str(config), "--uri", receiver.uri)
    assert (refused.returncode, "nobody@example.com" in refused.stderr) == (1, True)
    config.write_text(head + (rule % "").replace("$1 > 1", "$2 > 1"), "utf-8")
    mistaken = command("push-rules", str(config), "--uri", receiver.uri)
    assert mistaken.returncode == 2
    assert "$2 stands for no channel" in mistaken.stderr
    assert "1 error; nothing was pushed" in mistaken.stderr


def test_command_pushes_what_only_sift_understands_and_says_whose_it_is(
    receiver: Receiver, client: Client, tmp_path: Path
) -> None:
    config = tmp_path / "vehicle.yaml"
    config.write_text(
        """\
asset_name: a
flows: [{name: f, channels: [{name: c, data_type: double}]}]
rules:
  - {name: r, type: review, expression: '$1 == "much"', channel_references: [{$1: c}]}
""",
        "utf-8",
    )
    options = ("--uri", receiver.uri, "--rule-mistakes", "warning", "--organization-id", "weyland")
    done = command("push-rules", str(config), *options)
    assert (done.returncode, done.stdout.splitlines()) == (0, ["created: r", "1 rule: 1 created, 0 updated"])
    assert "warning: expression of rule 'r'" in done.stderr
    assert rules_of(client)["r"].organization_id == "weyland"


def test_rules_are_pushed_for_an_organization(receiver: Receiver, client: Client) -> None:
    push_rules(TELEMETRY, organization_id="weyland", uri=receiver.uri, api_key="key")
    assert {rule.organization_id for rule in rules_of(client).values()} == {"weyland"}
