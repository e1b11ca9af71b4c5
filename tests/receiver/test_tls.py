"""TLS on loopback, with a certificate authority of the test's own."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest
import trustme

from sift_receiver import Receiver, ReceiverError, ReceiverSettings, TlsFiles

from .client import Client
from .conftest import Bench
from .process import running


@pytest.fixture
def tls(tmp_path: Path) -> TlsFiles:
    """Make a certificate for localhost, its key, and authority.pem to verify it by."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    issued = authority.issue_cert("localhost", "127.0.0.1")
    files = TlsFiles(tmp_path / "certificate.pem", tmp_path / "key.pem")
    issued.cert_chain_pems[0].write_to_path(files.certificate)
    issued.private_key_pem.write_to_path(files.key)
    return files


def test_it_serves_https_with_a_certificate(bench: Bench, tls: TlsFiles, tmp_path: Path) -> None:
    with running(bench.store, "--tls-certificate", str(tls.certificate), "--tls-key", str(tls.key)) as receiver:
        assert receiver.first_line.startswith("listening on https://127.0.0.1:")
        credentials = grpc.ssl_channel_credentials((tmp_path / "authority.pem").read_bytes())
        with grpc.secure_channel(receiver.address, credentials) as channel:
            Client(channel).ping()


def test_missing_tls_files_are_an_error_and_leave_the_store_free(bench: Bench, tls: TlsFiles, tmp_path: Path) -> None:
    settings = ReceiverSettings(store=bench.store, tls=TlsFiles(tls.certificate, tmp_path / "none.pem"))
    with pytest.raises(ReceiverError, match="TLS files cannot be read"):
        Receiver(settings).start()
    with bench.serving() as client:
        client.ping()
