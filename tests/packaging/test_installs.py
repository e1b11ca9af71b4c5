"""The wheel in clean environments: what flies is small, the generator is complete, the lower bounds are true."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.golden.cases import CASES, GoldenCase, folder_contents, golden_package
from tests.packaging.environments import Environment, run
from tests.runtime.hostile_server import HostileServer

_FLY = """
import json, sys
from sift_runtime.messages.ingest_pb2 import IngestWithConfigDataStreamRequest
from nostromo_telemetry import TELEMETRY, Gpio, ReadingsFlow, VehicleState

readings = ReadingsFlow(
    mainmotor_velocity=1.5, voltage=-5, vehicle_state=VehicleState.Stopped, gpio=Gpio(_12v=1, charge=2, led=7, heater=0)
)
message = IngestWithConfigDataStreamRequest(flow="readings", channel_values=readings.channel_values())
again = IngestWithConfigDataStreamRequest.FromString(message.SerializeToString())
first, second, third, fourth = again.channel_values
print(json.dumps({
    "values": [first.double, second.int32, third.enum, fourth.bit_field.hex()],
    "same_bytes": readings.encode() == IngestWithConfigDataStreamRequest(
        channel_values=readings.channel_values()
    ).SerializeToString(),
    "asset": TELEMETRY.asset_name,
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
}))
"""
_FLIGHT_DISTRIBUTIONS = {"sift-codegen", "protobuf", "grpcio", "pycurl", "typing-extensions"}
_STAYS_ON_THE_GROUND = {"jinja2", "click", "black", "yaml", "duckdb", "numpy", "rich", "sift_codegen", "sift_receiver"}


@pytest.fixture
def flight_code(tmp_path: Path) -> Path:
    """Return a folder of flight code: nothing but the generated package."""
    package = golden_package("nostromo")
    shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_a_flight_computer_gets_protobuf_and_grpcio_and_loads_no_generator(
    flight: Environment, flight_code: Path
) -> None:
    assert set(flight.distributions()) == _FLIGHT_DISTRIBUTIONS
    flown = json.loads(flight.python("import sift_runtime\n" + _FLY, cwd=flight_code))
    _assert_flown(flown)
    assert "google" in flown["modules"]
    assert not _STAYS_ON_THE_GROUND.intersection(flown["modules"])


def test_the_lowest_versions_of_the_dependencies_fly(oldest_flight: Environment, flight_code: Path) -> None:
    versions = oldest_flight.distributions()
    assert (versions["protobuf"], versions["grpcio"], versions["pycurl"]) == ("5.27.2", "1.66.2", "7.45.7")
    warnings_are_errors = "import warnings; warnings.simplefilter('error')\nimport grpc, sift_runtime\n"
    _assert_flown(json.loads(oldest_flight.python(warnings_are_errors + _FLY, cwd=flight_code)))


_SEND = """
import sys
from sift_runtime._link import transport_for
from sift_runtime._connection import ConnectionSettings, connection_from
given = ConnectionSettings(
    uri=sys.argv[1], api_key="key", ca_certificate=None, request_timeout=30, transport="curl", compression="none"
)
transport_for(connection_from(given), None).ship(bytes.fromhex(sys.argv[2]))
"""


def test_the_lowest_version_of_libcurl_sends(oldest_flight: Environment, tmp_path: Path) -> None:
    frame = b"\0\0\0\0\3\x12\1f"
    with HostileServer() as server:
        oldest_flight.python(_SEND, server.uri, (frame * 2).hex(), cwd=tmp_path)
        assert server.bodies == [frame * 2]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_installed_generator_reproduces_the_golden_package(
    generator: Environment, case: GoldenCase, tmp_path: Path
) -> None:
    output = tmp_path / case.package
    run(generator.command("sift-codegen"), *case.arguments(output), cwd=tmp_path)
    assert folder_contents(output) == folder_contents(case.expected / case.package)


_CRASH = """
import os, sys
from sift_runtime import Sdk
from nostromo_telemetry import TELEMETRY, VoltageFlow
sdk = Sdk(TELEMETRY, uri="http://127.0.0.1:1", api_key="key", spool=sys.argv[1])
for number in range(5):
    sdk.track(VoltageFlow(voltage=number))
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("installed", ["flight", "oldest_flight"])
def test_what_a_crash_leaves_is_found_on_a_flight_computer(
    installed: str, flight_code: Path, request: pytest.FixtureRequest
) -> None:
    environment: Environment = request.getfixturevalue(installed)
    spool = flight_code / "spool"
    python = [environment.command("python"), "-c", _CRASH, str(spool)]
    assert subprocess.run(python, cwd=flight_code, check=False).returncode == -signal.SIGKILL
    listed = run(environment.command("sift-spool"), "ls", str(spool), cwd=flight_code)
    assert "left: 5 voltage; dead letters: 0" in listed
    assert "voltage=4" in run(environment.command("sift-spool"), "cat", str(spool), cwd=flight_code)


def _assert_flown(flown: dict[str, object]) -> None:
    assert flown["values"] == [1.5, -5, 2, "3d"]
    assert flown["same_bytes"] is True
    assert flown["asset"] == "NostromoLV426"


@pytest.mark.parametrize(("command", "extra"), [("sift-codegen", "generator"), ("sift-receiver", "receiver")])
def test_a_command_without_its_extra_says_what_to_install(flight: Environment, command: str, extra: str) -> None:
    done = subprocess.run([flight.command(command), "--version"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(f"{command} needs ")
    assert done.stderr.endswith(f": pip install 'sift-codegen[{extra}]'\n")
    assert "Traceback" not in done.stderr
