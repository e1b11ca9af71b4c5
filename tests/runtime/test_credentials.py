"""Where URI and key come from: each source, and which of them counts; held against Sift's own client."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from sift_runtime import Sdk, SettingsError
from tests.packaging.environments import run
from tests.peers.environment import peers_environment
from vehicle_telemetry import TELEMETRY, AnyFlow

SCRIPT = Path(__file__).parents[1] / "peers/scripts/resolve_credentials.py"
TOML = """
grpc_uri = "http://top.example:1"
rest_uri = "http://top.example:2"
api_key = "key of the top"

[staging]
grpc_uri = "http://staging.example:1"
rest_uri = "http://staging.example:2"
apikey = "key of staging"

[flight]
grpc_uri = "flight.example:1"
rest_uri = "https://flight.example:2"
api_key = "key of flight"

[keyless]
grpc_uri = "http://keyless.example:1"
rest_uri = "http://keyless.example:2"
api_key = ""
"""
VARIABLES = ("SIFT_GRPC_URI", "SIFT_REST_URI", "SIFT_API_KEY", "SIFT_PROFILE", "SIFT_CONFIG_FILE")


@pytest.fixture
def config_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    path = tmp_path / "sift.toml"
    path.write_text(TOML, "utf-8")
    monkeypatch.setenv("SIFT_CONFIG_FILE", str(path))
    return path


def opened(**given: str) -> tuple[str, str]:
    """Return where an Sdk goes, and with which key."""
    sdk: Sdk[AnyFlow] = Sdk(TELEMETRY, **given)  # type: ignore[arg-type]
    connection = sdk._settings.host.connection
    sdk.close(0)
    scheme = "https" if connection.endpoint.tls else "http"
    return f"{scheme}://{connection.endpoint.target}", connection.api_key


ARGUMENTS: tuple[dict[str, str], ...] = (
    {},
    {"uri": "http://argument.example:1"},
    {"api_key": "key of the argument"},
    {"profile": "staging"},
    {"profile": "flight", "uri": "http://argument.example:1"},
    {"profile": "keyless"},
)
ENVIRONMENTS: tuple[dict[str, str], ...] = (
    {},
    {"SIFT_GRPC_URI": "http://environment.example:1", "SIFT_REST_URI": "http://environment.example:2"},
    {"SIFT_API_KEY": "key of the environment"},
    {"SIFT_PROFILE": "staging"},
    {"SIFT_PROFILE": "flight", "SIFT_API_KEY": "key of the environment"},
    {"SIFT_PROFILE": "keyless", "SIFT_API_KEY": ""},
)


def test_the_same_counts_as_in_sifts_own_client(config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = list(itertools.product(ARGUMENTS, ENVIRONMENTS))
    printed = run(
        peers_environment().command("python"), str(SCRIPT), str(config_file), json.dumps(cases), cwd=config_file.parent
    )
    assert [ours(arguments, environment, monkeypatch) for arguments, environment in cases] == json.loads(printed)


def ours(arguments: dict[str, str], environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[str] | None:
    with monkeypatch.context() as changed:
        for variable, value in environment.items():
            changed.setenv(variable, value)
        try:
            return list(opened(**arguments))
        except SettingsError as error:
            return None if "no api_key: give" in str(error) else [str(error)]


def test_profile_that_is_not_there_is_told_with_those_that_are(config_file: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        opened(profile="stagin")
    assert str(refusal.value) == (
        f"profile 'stagin' is not in {config_file}; the profiles there: 'staging', 'flight', 'keyless'"
    )


def test_file_that_cannot_be_read_is_told_without_what_is_in_it(config_file: Path) -> None:
    config_file.write_text('api_key = "secret', "utf-8")
    with pytest.raises(SettingsError, match="cannot be read: TOMLDecodeError") as refusal:
        opened()
    assert "secret" not in str(refusal.value)
    assert refusal.value.__context__ is None  # nothing that a log would show with it


def test_file_is_not_needed_where_all_is_given(config_file: Path) -> None:
    config_file.write_text("rubbish", "utf-8")
    assert opened(uri="http://argument.example:1", api_key="key") == ("http://argument.example:1", "key")


def test_file_of_the_users_config_directory_is_found(
    config_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIFT_CONFIG_FILE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert opened() == ("http://top.example:1", "key of the top")
