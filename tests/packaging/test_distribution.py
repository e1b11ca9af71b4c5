"""What a release holds: the four packages whole, and nothing else."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path
from typing import Final

import pytest

from tests.packaging.conftest import Distribution
from tests.packaging.environments import REPOSITORY

ROOMS: Final = {
    "sift_codegen": "generator",
    "sift_codegen_templates": "templates",
    "sift_runtime": "runtime",
    "sift_receiver": "receiver",
}


@pytest.fixture
def wheel_files(distribution: Distribution) -> set[str]:
    with zipfile.ZipFile(distribution.wheel) as wheel:
        return {name for name in wheel.namelist() if not name.endswith("/")}


def test_the_wheel_holds_four_packages_and_their_metadata(wheel_files: set[str]) -> None:
    tops = {name.split("/", 1)[0] for name in wheel_files}
    (metadata,) = (top for top in tops if top.endswith(".dist-info"))
    assert tops == {*ROOMS, metadata}
    assert f"{metadata}/licenses/LICENSE" in wheel_files
    assert f"{metadata}/entry_points.txt" in wheel_files


@pytest.mark.parametrize("package", ROOMS)
def test_each_package_is_whole_typed_and_without_tests(wheel_files: set[str], package: str) -> None:
    room = REPOSITORY / ROOMS[package]
    packed = {name for name in wheel_files if name.startswith(f"{package}/")}
    assert packed == {path.relative_to(room).as_posix() for path in _sources(room / package)}
    assert f"{package}/py.typed" in packed
    assert not [name for name in packed if "test" in name]


def test_templates_and_messages_are_packed(wheel_files: set[str]) -> None:
    assert "sift_codegen_templates/flow.py.j2" in wheel_files
    assert {"sift_runtime/messages/ingest_pb2.py", "sift_runtime/messages/ingest_pb2.pyi"} <= wheel_files


def test_the_source_distribution_holds_the_rooms_and_no_tests(distribution: Distribution) -> None:
    with tarfile.open(distribution.sdist) as archive:
        tops = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    rooms = {*ROOMS.values(), "protos"}
    assert tops == {*rooms, "README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", "PKG-INFO", ".gitignore"}


def _sources(package: Path) -> set[Path]:
    return {path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
