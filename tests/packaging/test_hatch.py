"""The build hook: a project's packages are generated while it is built, and are in what is built."""

from __future__ import annotations

import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Final

import pytest

from tests.packaging.conftest import Distribution
from tests.packaging.environments import REPOSITORY, Environment, make_environment, once

PROJECT: Final = """
[build-system]
requires = ["hatchling", "sift-codegen[generator]"]
build-backend = "hatchling.build"

[project]
name = "rover"
version = "1.0"
dependencies = ["sift-codegen"]

[tool.hatch.build.hooks.sift-codegen]

[tool.hatch.build.targets.wheel]
packages = ["src/rover"]

[tool.hatch.build.targets.sdist]
include = ["/src/rover"]

[[tool.sift-codegen.packages]]
config = "telemetry/vehicle.yaml"
output = "src/vehicle_telemetry"
named-expressions = ["telemetry/named_expressions.yml"]
"""
_USE: Final = "from rover import TELEMETRY; import vehicle_telemetry as v; print(TELEMETRY.asset_name, v.__file__)"


@pytest.fixture(scope="session")
def builder(shared_folder: Path, distribution: Distribution) -> Environment:
    """Install what [build-system] asks for, with this wheel as sift-codegen."""
    folder = shared_folder / "builder"
    requirements = (f"{distribution.wheel}[generator]", "hatchling", "build", "editables")
    return Environment(once(folder, lambda: make_environment(folder, *requirements)))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project whose generated package is not in git, and which imports it."""
    folder = tmp_path / "project"
    for path in (folder / "src/rover", folder / "telemetry"):
        path.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / ".gitignore").write_text("vehicle_telemetry/\n")
    (folder / "src/rover/__init__.py").write_text("from vehicle_telemetry import TELEMETRY\n")
    for name in ("vehicle.yaml", "named_expressions.yml"):
        (folder / "telemetry" / name).write_bytes((REPOSITORY / "examples" / name).read_bytes())
    return folder


def build(builder: Environment, project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [builder.command("python"), "-P", "-m", "build", "--no-isolation", *words, str(project)]
    return subprocess.run(command, cwd=project.parent, capture_output=True, text=True, check=False)


def test_the_wheel_holds_the_generated_package_and_it_imports(
    builder: Environment, distribution: Distribution, project: Path, tmp_path: Path
) -> None:
    done = build(builder, project)  # the source distribution, and the wheel from what is in it
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,), (sdist,) = (project / "dist").glob("*.whl"), (project / "dist").glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names))
    generated = project / "src/vehicle_telemetry"
    expected = {path.relative_to(generated.parent).as_posix() for path in generated.rglob("*") if path.is_file()}
    assert "vehicle_telemetry/flows/readings.py" in expected
    assert {name for name in names if ".dist-info/" not in name} == {"rover/__init__.py", *expected}
    with tarfile.open(sdist) as packed:
        assert {"rover-1.0/telemetry/vehicle.yaml", "rover-1.0/telemetry/named_expressions.yml"} <= set(
            packed.getnames()
        )
    clean = make_environment(tmp_path / "clean", str(wheel), str(distribution.wheel))
    asset, _, place = clean.python(_USE, cwd=tmp_path).strip().partition(" ")
    assert asset == "NostromoLV426"
    assert Path(place).is_relative_to(clean.folder)


@pytest.mark.parametrize("packages", ["src/rover", 'src/rover", "src/vehicle_telemetry'])
def test_a_package_that_the_wheel_lists_itself_is_in_it_once(
    builder: Environment, project: Path, packages: str
) -> None:
    (project / "pyproject.toml").write_text(PROJECT.replace('packages = ["src/rover"]', f'packages = ["{packages}"]'))
    done = build(builder, project, "--wheel")
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (project / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert archive.namelist().count("vehicle_telemetry/telemetry.py") == 1


def test_an_editable_build_generates_and_copies_nothing(builder: Environment, project: Path, tmp_path: Path) -> None:
    code = "import sys, hatchling.build as b; print(b.build_editable(sys.argv[1]))"
    name = builder.python(code, str(tmp_path), cwd=project).splitlines()[-1]
    assert (project / "src/vehicle_telemetry/telemetry.py").exists()
    with zipfile.ZipFile(tmp_path / name) as archive:
        assert not [name for name in archive.namelist() if name.startswith("vehicle_telemetry/")]


def test_a_config_with_mistakes_ends_the_build_with_the_messages_of_the_command(
    builder: Environment, project: Path
) -> None:
    config = project / "telemetry/vehicle.yaml"
    config.write_text(
        config.read_text().replace("data_type: double", "data_type: dobule").replace("unit: Volts", "units: V")
    )
    done = build(builder, project, "--wheel")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "telemetry/vehicle.yaml:12:16: unknown data_type 'dobule' of channel 'velocity'\n" in said
    assert "did you mean 'double'?" in said
    assert "2 errors; nothing was written" in said
    assert not (project / "src/vehicle_telemetry").exists()
    assert not list((project / "dist").glob("*"))
    assert "sift_codegen/" not in said


def test_a_project_without_packages_is_told(builder: Environment, project: Path) -> None:
    (project / "pyproject.toml").write_text(PROJECT.partition("[[tool.sift-codegen")[0])
    done = build(builder, project, "--wheel")
    assert done.returncode != 0
    assert "[[tool.sift-codegen.packages]] names nothing to generate" in done.stdout + done.stderr


_WITHOUT_EXTRA: Final = """
import sys
sys.modules.update(dict.fromkeys(("black", "click", "jinja2", "yaml")))  # as if they were not installed
import hatchling.build
hatchling.build.build_wheel("dist")
"""


def test_without_the_generators_extra_the_build_says_what_to_require(builder: Environment, project: Path) -> None:
    command = [builder.command("python"), "-P", "-c", _WITHOUT_EXTRA]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert said.startswith("sift-codegen needs ")
    assert said.endswith(": write sift-codegen[generator] into requires of [build-system]\n")
