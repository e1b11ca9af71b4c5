"""TLS on loopback. The certificate beside this file is self-signed for localhost and protects nothing."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest

from sift_receiver import Receiver, ReceiverError, ReceiverSettings, TlsFiles

from .client import Client
from .conftest import Bench
from .process import running

HERE = Path(__file__).parent
CERTIFICATE, KEY = HERE / "loopback_certificate.pem", HERE / "loopback_key.pem"


def test_it_serves_https_with_a_certificate(bench: Bench) -> None:
    with running(bench.store, "--tls-certificate", str(CERTIFICATE), "--tls-key", str(KEY)) as receiver:
        assert receiver.first_line.startswith("listening on https://127.0.0.1:")
        credentials = grpc.ssl_channel_credentials(CERTIFICATE.read_bytes())
        with grpc.secure_channel(receiver.address, credentials) as channel:
            Client(channel).ping()


def test_missing_tls_files_are_an_error_and_leave_the_store_free(bench: Bench, tmp_path: Path) -> None:
    settings = ReceiverSettings(store=bench.store, tls=TlsFiles(CERTIFICATE, tmp_path / "none.pem"))
    with pytest.raises(ReceiverError, match="TLS files cannot be read"):
        Receiver(settings).start()
    with bench.serving() as client:
        client.ping()
