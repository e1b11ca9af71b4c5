"""What each subcommand does; each returns its exit status."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from sift_runtime._errors import SettingsError
from sift_runtime._frames import with_config_id
from sift_runtime._origin import Origin
from sift_runtime._registration import registration_of
from sift_runtime._registration.saved import SavedRegistrations
from sift_runtime._spool_command.decoding import Flows, Reading, flows_of, reading, requests_of
from sift_runtime._spool_command.directories import SegmentFile, SpoolDirectory, find_directories
from sift_runtime._spool_command.exporting import write_pbfs
from sift_runtime._spool_command.listing import listing
from sift_runtime._spool_command.sending import send_all
from sift_runtime._spool_command.verifying import Verdict, verify

__all__ = ["export", "list_segments", "print_readings", "send", "verify_all"]


def list_segments(arguments: argparse.Namespace) -> int:
    """Print what is where."""
    _print(listing(find_directories(arguments.directory), as_json=arguments.json))
    return 0


def print_readings(arguments: argparse.Namespace) -> int:
    """Print readings, or dead letters."""
    directories = find_directories(arguments.directory)
    flows = _flows_of_package(arguments.package) if arguments.package else None
    found = _dead_letters(directories, flows) if arguments.dead_letters else _readings(directories, flows, arguments)
    wanted = (each for each in found if arguments.flow in (None, each["flow"]))
    _print(_line(each, as_json=arguments.json) for each in islice(wanted, arguments.limit))
    return 0


def verify_all(arguments: argparse.Namespace) -> int:
    """Print what is damaged."""
    verdict = Verdict()
    _print(verify(find_directories(arguments.directory), verdict))
    _print([verdict.summary()])
    return 1 if verdict.findings else 0


def export(arguments: argparse.Namespace) -> int:
    """Write PBFS files, one or more for each segment that anything is left in."""
    folder: Path = arguments.output
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SettingsError(f"--output {folder} is not empty; Sift's tool takes every file in it for a backup")
    total = 0
    for directory in find_directories(arguments.directory):
        for segment in directory.segments():
            messages = list(_exported(segment, directory, arguments))
            name = f"{directory.path.name}-{segment.path.stem}"
            files = write_pbfs(folder, name, messages)
            total += len(messages)
            _print(f"{file}" for file in files)
    _print([f"{total:,} readings exported"])
    return 0


def send(arguments: argparse.Namespace) -> int:
    """Send what is left; 1 if something was refused or is left, 3 if the server could not be reached."""
    return send_all(arguments.directory, arguments.uri, arguments.ca_certificate, arguments.timeout)


def _readings(
    directories: list[SpoolDirectory], flows: Flows | None, arguments: argparse.Namespace
) -> Iterator[Reading]:
    for directory in directories:
        requests = directory.registrations().requests
        for segment in directory.segments():
            schema = "" if segment.loaded is None else segment.loaded.header.origin.schema
            known = flows if flows is not None else flows_of(requests.get(schema))
            for message in requests_of(segment, _stretches(segment, everything=arguments.all)):
                yield reading(message, known)


def _dead_letters(directories: list[SpoolDirectory], flows: Flows | None) -> Iterator[Reading]:
    for directory in directories:
        saved = directory.registrations().requests.values()
        known = flows if flows is not None else {name: flow for each in saved for name, flow in flows_of(each).items()}
        for letter in directory.dead_letters():
            yield {**reading(letter.message, known), "refused": f"{letter.code}: {letter.words}"}


def _flows_of_package(name: str) -> Flows:
    return flows_of(registration_of(importlib.import_module(name).TELEMETRY))


def _stretches(segment: SegmentFile, *, everything: bool) -> list[tuple[int, int]]:
    if segment.loaded is None:
        return []
    return segment.whole() if everything else segment.unsettled


def _exported(segment: SegmentFile, directory: SpoolDirectory, arguments: argparse.Namespace) -> Iterator[bytes]:
    loaded = segment.loaded
    if loaded is None:
        return
    origin, saved = loaded.header.origin, directory.registrations()
    known = (config_id for (_, schema), config_id in saved.config_ids.items() if schema == origin.schema)
    config_id = arguments.config_id or origin.config_id or next(known, "")
    run_id = _run_of(origin, saved)
    if origin.run is not None and not run_id:
        sys.stderr.write(f"{segment.path}: run {origin.run['name']!r} was never created; exported without a run\n")
    for message in requests_of(segment, _stretches(segment, everything=arguments.all)):
        if not config_id:
            raise SettingsError(
                f"{segment.path}: the ingestion config of client key {origin.client_key!r} was never registered, "
                "so that its id is not known; give it with --config-id, or register with `sift-spool send`"
            )
        frame = b"\0" + len(message).to_bytes(4, "big") + message
        yield message if origin.config_id == config_id and not run_id else with_config_id(frame, config_id, run_id)[5:]


def _run_of(origin: Origin, saved: SavedRegistrations) -> str:
    """Return the id of a run that was asked for by name, if it has been created."""
    if origin.run is None:
        return ""
    return next((run_id for (_, key), run_id in saved.run_ids.items() if key == origin.run["client_key"]), "")


def _line(found: Reading, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(found)
    values = ", ".join(f"{name}={value!r}" for name, value in found["values"].items())
    run = f"  run {found['run']}" if found["run"] else ""
    refused = f"  {found['refused']}" if "refused" in found else ""
    return f"{found['time']}  {found['flow']}  {values}{run}{refused}"


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
