"""The floors: requests that are bytes already, sent by grpcio alone, and frames that are bytes already, by libcurl."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import repeat
from typing import Final

from benchmarks.clients.job import Answer, Job, answer
from benchmarks.clients.meter import Meter
from benchmarks.clients.requests import request_of

__all__ = ["measure"]

_METHOD: Final = "/sift.ingest.v1.IngestService/IngestWithConfigDataStream"
_BODY_BYTES: Final = 1024 * 1024  # 4 MiB: 7 % more at 50 channels, 4 % less at 200; smaller ones: less at both
Send = Callable[[int], None]


def main() -> None:
    """Measure the job of the command line."""
    answer(measure)


def measure(job: Job) -> Answer:
    """Warm up, then measure."""
    request = request_of(job, time.time_ns())
    send = (_grpcio if job.path == "grpcio_alone" else _libcurl)(job, request)
    meter = Meter(job)
    warm = max(1000, job.flows // 10)
    meter.expect(warm)
    send(warm)
    meter.wait()
    meter.expect(job.flows)
    send(job.flows)
    return meter.result()


def _grpcio(job: Job, request: bytes) -> Send:
    import grpc  # noqa: PLC0415  # the other floor must not carry its memory

    channel = grpc.insecure_channel(job.address)
    stream = channel.stream_unary(_METHOD, request_serializer=bytes, response_deserializer=bytes)

    def send(count: int) -> None:
        stream(repeat(request, count))

    return send


def _libcurl(job: Job, request: bytes) -> Send:
    import pycurl  # noqa: PLC0415  # as above

    frame = b"\0" + len(request).to_bytes(4, "big") + request
    batch = max(1, _BODY_BYTES // len(frame))
    curl = pycurl.Curl()
    for option, value in (
        (pycurl.URL, f"http://{job.address}{_METHOD}"),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE),
        (pycurl.HTTPHEADER, ["content-type: application/grpc", "te: trailers", "expect:"]),
        (pycurl.WRITEFUNCTION, lambda data: None),
    ):
        curl.setopt(option, value)

    def send(count: int) -> None:
        body, last = frame * batch, frame * (count % batch)
        for _ in range(count // batch):
            curl.setopt(pycurl.POSTFIELDS, body)
            curl.perform()
        if last:
            curl.setopt(pycurl.POSTFIELDS, last)
            curl.perform()

    return send


if __name__ == "__main__":
    main()
