"""Sift's own packages and ours in one process, whichever comes first."""

from __future__ import annotations

import json
import shutil
import venv
from pathlib import Path

import pytest

from tests.golden.cases import CASES, golden_package
from tests.packaging.environments import REPOSITORY, Environment
from tests.typing.checkers import mypy_findings, pyright_findings

_THEIRS = """
import sift_py.ingestion.service
import sift.ingest.v1.ingest_pb2 as theirs
"""
_OURS = """
import sift_runtime
import sift_runtime.messages.ingest_pb2 as ours
import nostromo_telemetry
import sift_stack_py_messages_telemetry as rover
"""
_COMPARE = """
import json
drive = rover.DriveFlow(velocity=1.5, note="text", state=rover.State.Driving)
values = drive.channel_values()
logs = nostromo_telemetry.LogsFlow(log="text")
fields = {"ingestion_config_id": "id", "flow": "drive", "run_id": "run", "end_stream_on_validation_error": True}
same = theirs.IngestWithConfigDataStreamRequest(channel_values=values, **fields)
own = ours.IngestWithConfigDataStreamRequest(**fields)
own.MergeFromString(drive.encode())
print(json.dumps({
    "theirs": all(type(value) is theirs.IngestWithConfigDataChannelValue for value in values),
    "ours": all(type(value) is ours.IngestWithConfigDataChannelValue for value in logs.channel_values()),
    "values": [values[0].double, values[1].string, values[2].enum],
    "same_bytes": same.SerializeToString() == own.SerializeToString(),
    "read_back": theirs.IngestWithConfigDataStreamRequest.FromString(own.SerializeToString()) == same,
}))
"""
_TYPED_USE = """\
from sift.ingest.v1.ingest_pb2 import IngestWithConfigDataChannelValue
from sift_stack_py_messages_telemetry import DriveFlow, State

drive = DriveFlow(velocity=1.5, note="", state=State.Parked)
values: list[IngestWithConfigDataChannelValue] = drive.channel_values()
"""


@pytest.fixture
def together(peers: Environment, tmp_path: Path) -> Environment:
    """Return an environment in which Sift's packages, our runtime and the golden packages are installed."""
    environment = Environment(tmp_path / "together")
    venv.create(environment.folder, symlinks=True)
    (their_site,) = peers.folder.glob("lib/python*/site-packages")
    (site,) = environment.folder.glob("lib/python*/site-packages")
    installed = [REPOSITORY / "runtime", *(case.expected for case in CASES), their_site]
    (site / "together.pth").write_text("".join(f"{path}\n" for path in installed), "utf-8")
    return environment


@pytest.mark.parametrize("imports", [_THEIRS + _OURS, _OURS + _THEIRS], ids=["theirs first", "ours first"])
def test_both_load_in_one_process_and_say_the_same_on_the_wire(
    together: Environment, imports: str, tmp_path: Path
) -> None:
    assert json.loads(together.python(imports + _COMPARE, cwd=tmp_path)) == {
        "theirs": True,
        "ours": True,
        "values": [1.5, "text", 1],
        "same_bytes": True,
        "read_back": True,
    }


def test_a_package_with_sifts_own_messages_passes_the_checkers(together: Environment, tmp_path: Path) -> None:
    project = tmp_path / "project"
    package = golden_package("sift_stack_py_messages")
    shutil.copytree(package, project / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    (project / "use.py").write_text(_TYPED_USE, "utf-8")
    python = together.command("python")
    assert mypy_findings(project, python) == []
    assert pyright_findings(project, python) == []
