"""The command: what it shows, what it writes, and that a package comes of it that type-checks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.generator.packages import import_package
from tests.importing.importing import FILES, command
from tests.typing.checkers import mypy_findings

FLIGHT = """\
from pathlib import Path
from dbc_package import BatteryFlow, MotorFlow, MotorState
from csv_package import FlightFlow

MotorFlow(
    Motor_Speed=1.5, Motor_Torque=-3, Motor_State=MotorState.fault_2, Motor_Enabled=True, Motor_Quality=0.5
)
BatteryFlow(Battery_Page=0, Battery_Voltage=3.7, Battery_State=-1)
FlightFlow(speed=1.5, gear=3, armed=True, note="x")
"""
CSV = "time,speed (m/s),gear,armed,note\n1,1.5,3,true,x\n"


def test_packages_of_imported_configs_type_check(tmp_path: Path) -> None:
    (tmp_path / "flight.csv").write_text(CSV)
    for kind, file in (("dbc", FILES / "rover.dbc"), ("csv", tmp_path / "flight.csv")):
        assert command(kind, file, "-o", f"{kind}.yaml", cwd=tmp_path).returncode == 0
        words = [f"{kind}.yaml", "-o", f"{kind}_package"]
        subprocess.run([sys.executable, "-m", "sift_codegen", *words], cwd=tmp_path, check=True, capture_output=True)
        package = import_package(tmp_path, tmp_path / f"{kind}.yaml")
        assert package.TELEMETRY.asset_name == ("rover" if kind == "dbc" else "flight")
    (tmp_path / "fly.py").write_text(FLIGHT)
    assert mypy_findings(tmp_path) == []


def test_without_output_the_config_is_printed_and_with_it_a_table_comes_first(tmp_path: Path) -> None:
    (tmp_path / "flight.csv").write_text(CSV)
    printed = command("csv", "flight.csv", "--asset", "my: rover", "--flow", "f", cwd=tmp_path)
    assert printed.returncode == 0
    assert 'asset_name: "my: rover"\n' in printed.stdout
    assert "  - name: f\n" in printed.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["flight.csv"]
    written = command("csv", "flight.csv", "--asset", "my: rover", "--flow", "f", "-o", "out.yaml", cwd=tmp_path)
    assert written.stderr.splitlines()[:2] == [
        "flow  channel  type    unit  from",
        "f     speed    double  m/s   column 2",
    ]
    assert (tmp_path / "out.yaml").read_text("utf-8") == printed.stdout


def test_a_file_that_is_there_stays_unless_it_is_forced(tmp_path: Path) -> None:
    (tmp_path / "flight.csv").write_text(CSV)
    (tmp_path / "out.yaml").write_text("mine")
    refused = command("csv", "flight.csv", "-o", "out.yaml", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "out.yaml: is there already" in refused.stderr
    assert (tmp_path / "out.yaml").read_text() == "mine"
    assert command("csv", "flight.csv", "-o", "out.yaml", "--force", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out.yaml").read_text().startswith("# Imported from flight.csv")


@pytest.mark.parametrize(
    "words",
    [
        ("csv", "none.csv"),
        ("dbc", "none.dbc"),
        ("csv", "."),
        ("dbc", "."),
        ("dbc", "flight.csv"),
        ("csv", "flight.csv", "--rows", "0"),
        ("csv", "flight.csv", "--delimiter", "ab"),
        ("csv", "flight.csv", "--asset", ""),
    ],
)
def test_what_cannot_be_imported_is_a_message(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "flight.csv").write_text(CSV)
    done = command(*words, "-o", "out.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.yaml").exists()


def test_names_that_are_one_in_python_and_names_that_sift_refuses_are_told(tmp_path: Path) -> None:
    (tmp_path / "flight.csv").write_text("a b,a.b,größe\n1,2,3\n", "utf-8")
    done = command("csv", "flight.csv", "-o", "out.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "no package can be generated from it as it is: 1 error" in done.stderr
    assert "Sift takes ASCII only" in done.stderr
    assert (tmp_path / "out.yaml").exists()


def test_without_cantools_the_extra_is_named(tmp_path: Path) -> None:
    code = "import sys; sys.modules['cantools'] = None; from sift_codegen.__main__ import main; main()"
    line = [sys.executable, "-c", code, "import", "dbc", str(FILES / "rover.dbc")]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "sift-codegen: this needs cantools: pip install 'sift-codegen[dbc]'\n"
