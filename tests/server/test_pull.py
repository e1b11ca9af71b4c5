"""`sift-codegen pull`: what was registered comes back as a config that generates the same."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from sift_codegen import ConfigError
from sift_codegen._client_key import client_key
from sift_codegen._config import TelemetryConfig
from sift_codegen._config_text import ConfigParts, config_text
from sift_codegen._read_config import read_telemetry_config
from sift_codegen.remote import PullRequest, ServerWords, pull
from sift_receiver import Receiver
from sift_runtime import DataType, Sdk
from sift_runtime.messages import channel_types_pb2 as types
from tests.config.test_agreement_with_sift_py import SCRIPT, told, told_channel
from tests.generator.packages import Config, import_package
from tests.generator.packages import channel as channel_of
from tests.generator.strategies import channel_configs
from tests.generator.test_command import sift_codegen
from tests.packaging.environments import run
from tests.peers.environment import peers_environment
from tests.receiver.client import channel, flow
from tests.receiver.conftest import connected
from tests.server.conftest import KEY, register

TESTS = Path(__file__).parents[1]
_AMBIGUOUS = [
    *("yes", "No", "ON", "off", "null", "~", "true", "nan", ".nan", "inf", "-.inf", "1e3", "0x10", "010", "1_000"),
    *("1:30", "2024-01-01", "12_5", "=", "<<", "- a", "a: b", "a #b", " a", "a ", "'", '"', "\\", "a\\nb", "|", ">"),
    *("*a", "&a", "!t", "!!str a", "%", "@", "`", "{a}", "[a]", ",", "?", ":", "12v", "é", "\U0001f680", "\u00a0"),
    *("a\nb", "\t", "\x85", "\u2028", "\ufeff", "\x07", "\0", "y", "N", "a" * 300, "---", "...", "+1", ".5"),
]


def client_key_of(path: Path) -> str:
    config = read_telemetry_config(path)
    return config.client_key or client_key(config.asset_name, config.flows)


any_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9)
names = st.one_of(st.sampled_from(_AMBIGUOUS), any_text)
EVERY_TYPE_KEY = client_key_of(TESTS / "golden/every_type/config.yaml")
numbers = itertools.count()


@st.composite
def configs(draw: st.DrawFn) -> Config:
    """Draw a config whose flows share some of their channels, with names from all of Unicode."""
    channels = [
        {**draw(channel_configs(name)), **draw(details())} for name in draw(st.lists(names, max_size=5, unique=True))
    ]
    flows = [
        {"name": name, "channels": draw(st.lists(st.sampled_from(channels), unique_by=id)) if channels else []}
        for name in draw(st.lists(names, min_size=1, max_size=4, unique=True))
    ]
    key = draw(st.none() | names.map(lambda text: f"{text} {next(numbers)}"))
    given_key = {} if key is None else {"ingestion_client_key": key}
    return {"asset_name": f"{draw(names)} {next(numbers)}", "flows": flows, **given_key}


def details() -> st.SearchStrategy[Config]:
    return st.fixed_dictionaries({}, optional={"unit": names, "description": names})


def written(directory: Path, config: Config) -> Path:
    """Write a config as JSON, which every reader takes for what it says: PyYAML would write `1e3` for a text."""
    path = directory / "vehicle.yaml"
    path.write_text(json.dumps(config), "utf-8")
    return path


def pulled(client_key: str, directory: Path) -> Path:
    path = directory / "pulled.yaml"
    path.write_text(pull(PullRequest(client_key=client_key, server=ServerWords())).text, "utf-8")
    return path


@given(config=configs())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_registered_generates_the_same_again(config: Config) -> None:
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        try:
            original = import_package(directory, written(directory, config)).TELEMETRY
        except ConfigError:
            reject()  # two names that are one in Python
        with Sdk(original) as sdk:
            sdk.connect(30)
        again = import_package(directory, pulled(original.client_key, directory)).TELEMETRY
    assert (again.asset_name, again.client_key) == (original.asset_name, original.client_key)
    assert [each.schema() for each in again.flows] == [each.schema() for each in original.flows]
    assert [each.__name__ for each in again.flows] == [each.__name__ for each in original.flows]


@given(config=configs())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_pulled_says_the_same_and_always_the_same(config: Config) -> None:
    with tempfile.TemporaryDirectory() as folder:
        original = register(written(Path(folder), config))
        key = original.client_key or client_key(original.asset_name, original.flows)
        first = pulled(key, Path(folder))
        text = first.read_text("utf-8")
        assert pulled(key, Path(folder)).read_text("utf-8") == text
        again = read_telemetry_config(first)
        assert reached_by_alias(again) == used_twice(original)
    assert (again.asset_name, again.client_key, again.flows) == (original.asset_name, key, original.flows)
    assert again.warnings == ()


def used_twice(config: TelemetryConfig) -> set[str]:
    uses = Counter(repr(told_channel(each)) for flow in config.flows for each in flow.channels)
    return {each for each, count in uses.items() if count > 1}


def reached_by_alias(config: TelemetryConfig) -> set[str]:
    every = [each for flow in config.flows for each in flow.channels]
    return {repr(told_channel(each)) for each in every if each.position != each.definition}


TAME = [name for name in _AMBIGUOUS if name.isprintable()]


@pytest.mark.parametrize("reader", ["rapidyaml", "pyyaml"])
def test_both_of_sift_pys_readers_read_what_is_pulled_as_we_do(reader: str, tmp_path: Path) -> None:
    labels = [{"name": name, "key": key} for key, name in enumerate(TAME)]
    channels = [channel_of(name, "double", unit=name, description=name) for name in TAME]
    flows = [{"name": name, "channels": channels[:3]} for name in TAME]
    typed = channel_of("state", "enum", enum_types=labels)
    flows[0] = {"name": TAME[0], "channels": [*channels, typed]}
    config = {"asset_name": f"rover: {reader}", "ingestion_client_key": f"12 {reader}", "flows": flows}
    original = register(written(tmp_path, config))
    path = pulled(f"12 {reader}", tmp_path)
    python = peers_environment().command("python")
    printed = json.loads(run(python, "-W", "ignore", str(SCRIPT), reader, str(path), cwd=TESTS))
    assert printed == told(original)


def test_what_sift_py_registers_generates_what_its_config_generates(receiver: Receiver, tmp_path: Path) -> None:
    config = TESTS / "peers/vehicle.yaml"
    address = f"127.0.0.1:{receiver.port}"
    fly = str(TESTS / "peers/scripts/fly_sift_py.py")
    run(peers_environment().command("python"), "-W", "ignore", fly, address, KEY, str(config), cwd=tmp_path)
    again = import_package(tmp_path, pulled("peer-rover-v1", tmp_path)).TELEMETRY
    original = import_package(tmp_path, config).TELEMETRY
    assert (again.asset_name, again.client_key) == (original.asset_name, original.client_key)
    *known, late = [each.schema() for each in again.flows]  # sift_py has added one while it flew
    assert known == [each.schema() for each in original.flows]
    assert (late.name, [each.data_type for each in late.channels]) == ("late", [DataType.DOUBLE])


def test_all_pages_are_read(receiver: Receiver, tmp_path: Path) -> None:
    with connected(receiver, KEY) as client:
        config = client.create_config(client_key="large", asset="large")
        wide = channel("c", types.CHANNEL_DATA_TYPE_DOUBLE, description="x" * (1 << 20))
        for number in range(5):
            client.create_flows(config.ingestion_config_id, flow(f"flow {number}", wide))
        assert client.list_flows(config.ingestion_config_id, size=1000).next_page_token
    read = read_telemetry_config(pulled("large", tmp_path))
    assert [each.name for each in read.flows] == [f"flow {number}" for number in range(5)]


def test_the_command_writes_a_file_and_overwrites_none(tmp_path: Path) -> None:
    register(TESTS / "golden/every_type/config.yaml")
    words = ("pull", "--client-key", EVERY_TYPE_KEY)
    done = sift_codegen(*words, "-o", "vehicle.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "vehicle.yaml: 3 flows, 28 channels\n", "")
    text = (tmp_path / "vehicle.yaml").read_text("utf-8")
    assert sift_codegen(*words, cwd=tmp_path).stdout == text.replace(" -o vehicle.yaml", "")
    (tmp_path / "vehicle.yaml").write_text("mine")
    refused = sift_codegen(*words, "-o", "vehicle.yaml", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "vehicle.yaml: is there already; overwrite it with --force" in refused.stderr
    assert (tmp_path / "vehicle.yaml").read_text() == "mine"
    (tmp_path / "vehicle.yaml").chmod(0o640)
    forced = sift_codegen(*words, "-o", "vehicle.yaml", "--force", cwd=tmp_path)
    assert forced.returncode == 0, forced.stderr
    assert (tmp_path / "vehicle.yaml").read_text("utf-8") == text
    assert (tmp_path / "vehicle.yaml").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["vehicle.yaml"]


def test_the_command_says_why_nothing_was_pulled(receiver: Receiver, tmp_path: Path) -> None:
    def pulling(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sift_codegen", "pull", *words, "-o", "vehicle.yaml"]
        variables = {**os.environ, **environment}
        return subprocess.run(
            command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False, timeout=60
        )

    unknown = pulling("--client-key", "nobody's")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert 'no ingestion config with client key "nobody\'s" is there' in unknown.stderr
    assert pulling("--client-key", "").returncode == 2
    secret = "a-key-that-nobody-may-see"
    for done in (
        pulling("--client-key", "k", SIFT_API_KEY=secret),
        pulling("--client-key", "k", "--uri", "http://127.0.0.1:1", SIFT_API_KEY=secret),
        pulling("--client-key", "k", "--profile", "none", SIFT_CONFIG_FILE=str(tmp_path / "no.toml")),
    ):
        assert (done.returncode, done.stdout) == (3, ""), done.stderr
        assert done.stderr.startswith("sift-codegen: ")
        assert secret not in done.stderr
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_generated_from_is_written_and_told(receiver: Receiver, tmp_path: Path) -> None:
    with connected(receiver, KEY) as client:
        double = channel("a.b", types.CHANNEL_DATA_TYPE_DOUBLE)
        client.create_config([flow("f", double, channel("a b", types.CHANNEL_DATA_TYPE_BOOL))], "clash", "clash")
        client.create_config([flow("f", double, double)], "twins", "twins")
    clash = sift_codegen("pull", "--client-key", "clash", "-o", "clash.yaml", cwd=tmp_path)
    assert clash.returncode == 1
    assert (tmp_path / "clash.yaml").exists()
    assert "clash.yaml:" in clash.stderr
    assert "no package can be generated from it as it is: 1 error" in clash.stderr
    twins = sift_codegen("pull", "--client-key", "twins", cwd=tmp_path)
    assert twins.returncode == 1
    assert "the channel 'a.b' stands twice in flow 'f'" in twins.stderr
    assert twins.stdout.count("*a_b") == 2


def test_no_text_of_a_server_leaves_its_comment(tmp_path: Path) -> None:
    text = config_text(ConfigParts(comments=("one\nasset_name: two",), asset_name="one", flows=()))
    (tmp_path / "vehicle.yaml").write_text(text, "utf-8")
    assert read_telemetry_config(tmp_path / "vehicle.yaml").asset_name == "one"
