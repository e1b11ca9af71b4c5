"""A reader made of docs/spool-format.md alone reads what an Sdk wrote."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import Any
from zlib import crc32

from sift_runtime import Sdk
from sift_runtime.messages import ingest_pb2 as ingest
from sift_runtime.messages import ingestion_configs_pb2 as configs
from tests.runtime.scripted_server import ScriptedServer
from tests.runtime.waiting import DEADLINE
from vehicle_telemetry import TELEMETRY, VoltageFlow

from .conftest import leave

HEADER = struct.Struct("<8sIIQIIIQQ")


def read_header(copy: bytes) -> tuple[int, int, int, dict[str, Any]]:
    magic, checksum, version, _, records, payload, seed, _, size = HEADER.unpack_from(copy)
    assert (magic, version) == (b"SIFTSEGM", 1)
    assert crc32(copy[12 : 52 + size]) == checksum
    return records, payload, seed, json.loads(copy[52 : 52 + size])


def read_segment(path: Path) -> tuple[dict[str, Any], list[ingest.IngestWithConfigDataStreamRequest]]:
    content = path.read_bytes()
    records, payload_size, seed, origin = read_header(content[:4096])
    assert read_header(content[4096:8192]) == (records, payload_size, seed, origin)
    payload = content[8192 + 8 * records :]
    assert len(payload) == payload_size or (len(payload) < payload_size and len(content) % 4096 == 0)
    start, requests = 0, []
    for word in struct.unpack_from(f"<{records}Q", content, 8192):
        if word:
            end = word >> 32
            assert crc32(payload[start:end], seed) == word & 0xFFFF_FFFF
            requests += frames(payload[start:end])
            start = end
    return origin, requests


def frames(record: bytes) -> list[ingest.IngestWithConfigDataStreamRequest]:
    found, at = [], 0
    while at < len(record):
        compressed, size = struct.unpack_from(">BI", record, at)
        assert compressed == 0
        found.append(ingest.IngestWithConfigDataStreamRequest.FromString(record[at + 5 : at + 5 + size]))
        at += 5 + size
    return found


def read_lines(path: Path) -> list[dict[str, Any]]:
    lines = [line for line in path.read_bytes().split(b"\n") if line]
    assert all(b"%08x" % crc32(line[9:]) == line[:8] for line in lines)
    return [json.loads(line[9:]) for line in lines]


def test_segments_are_as_the_page_says(tmp_path: Path) -> None:
    leave(tmp_path)
    first, second = (read_segment(path) for path in sorted(tmp_path.rglob("*.segment")))
    assert [request.channel_values[0].int32 for request in first[1]] == [0, 1, 2, 3, 4]
    sizes = [path.stat().st_size for path in sorted(tmp_path.rglob("*.segment"))]
    assert sizes == [5 * 4096, 65_536], "the one that another was begun after is cut"
    assert [request.flow for request in second[1]] == ["readings", "logs"]
    assert (first[0]["client_key"], first[0]["config_id"], first[0]["run"]) == (TELEMETRY.client_key, "", None)
    assert second[0]["run"]["name"] == "Hop 7"
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in tmp_path.rglob("*") if file.is_file())
    assert all(folder.stat().st_mode & 0o777 == 0o700 for folder in tmp_path.rglob("*") if folder.is_dir())


def test_registrations_are_as_the_page_says(tmp_path: Path, server: ScriptedServer) -> None:
    with Sdk(TELEMETRY, uri=server.uri, api_key="key", spool=tmp_path) as sdk:
        sdk.track(VoltageFlow(voltage=1))
    (file,) = tmp_path.rglob("registrations")
    request, config = read_lines(file)
    flows = configs.CreateIngestionConfigRequest.FromString(base64.b64decode(request["request"])).flows
    assert [flow.name for flow in flows] == [flow.schema().name for flow in TELEMETRY.flows]
    assert config == {"schema": request["schema"], "server": server.uri[7:], "config_id": "config-1"}


def test_settlements_ledger_and_dead_letters_are_as_the_page_says(tmp_path: Path, server: ScriptedServer) -> None:
    server.refuses = lambda request: request.channel_values[0].int32 == 2
    with Sdk(TELEMETRY, uri=server.uri, api_key="key", spool=tmp_path) as sdk:
        sdk.connect(DEADLINE)  # what comes before it is in a segment of its own, which is done and gone
        for number in (1, 2, 3):
            sdk.track(VoltageFlow(voltage=number))
        sdk.flush()
        (log,) = [path for path in tmp_path.rglob("*.settled") if path.stat().st_size]
        _, _, seed, _ = read_header(log.with_suffix(".segment").read_bytes()[:4096])
        entries = [struct.unpack_from("<IIII", log.read_bytes(), at) for at in range(0, log.stat().st_size, 16)]
        assert all(crc32(struct.pack("<III", *entry[:3]), seed) == entry[3] for entry in entries)
        assert {entry[2] for entry in entries} == {1, 2}
        assert sum(end - first for first, end, *_ in entries) == 3
    (letters,) = tmp_path.rglob("dead-letters")
    (letter,) = read_lines(letters)
    assert (letter["flow"], letter["code"], letter["words"]) == ("voltage", "INVALID_ARGUMENT", "channel 3 is a lie")
    assert frames_of(letter) == 2
    (ledger,) = tmp_path.rglob("ledger")
    counts = [line["counts"] for line in read_lines(ledger) if line["counts"]]
    assert counts == [{"ACKNOWLEDGED": {"voltage": 2}, "REJECTED": {"voltage": 1}}]
    assert not list(tmp_path.rglob("*.segment"))


def frames_of(letter: dict[str, Any]) -> int:
    message = base64.b64decode(letter["message"])
    return ingest.IngestWithConfigDataStreamRequest.FromString(message).channel_values[0].int32
