"""TLS by scheme: verified against a certificate authority of the test's own, refused without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
import trustme

from sift_runtime import ConnectTimeoutError, RequestError, SettingsError

from .conftest import OpenSdk
from .flows import received, track
from .scripted_server import ScriptedServer
from .waiting import wait_until


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with an authority, ca.pem and ca.key, and what it signed: ours, and others for another host."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.private_key_pem.write_to_path(folder / "ca.key")
    for name, hosts in (("ours", ("localhost", "127.0.0.1")), ("others", ("elsewhere.example",))):
        issued = authority.issue_cert(*hosts)
        issued.private_key_pem.write_to_path(folder / f"{name}.key")
        issued.cert_chain_pems[0].write_to_path(folder / f"{name}.pem")
    return folder


def serving(certificates: Path, name: str) -> ScriptedServer:
    pair = ((certificates / f"{name}.key").read_bytes(), (certificates / f"{name}.pem").read_bytes())
    return ScriptedServer(credentials=grpc.ssl_server_credentials([pair]))


@pytest.fixture
def tls_server(certificates: Path) -> Iterator[ScriptedServer]:
    with serving(certificates, "ours") as server:
        yield server


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_https_with_a_trusted_certificate(
    open_sdk: OpenSdk, tls_server: ScriptedServer, certificates: Path, host: str
) -> None:
    with open_sdk(uri=f"https://{host}:{tls_server.port}", ca_certificate=certificates / "ca.pem") as sdk:
        track(sdk, 1, 2)
        assert sdk.flush().acknowledged_all
        assert received(tls_server) == [1, 2]


def assert_refused(open_sdk: OpenSdk, uri: str, server: ScriptedServer, ca: Path | None) -> None:
    with open_sdk(uri=uri, ca_certificate=ca) as sdk:
        track(sdk, 1)
        wait_until(lambda: sdk.stats.retries)
        assert isinstance(sdk.last_request_error, RequestError)
        assert sdk.last_request_error.code is grpc.StatusCode.UNAVAILABLE
        with pytest.raises(ConnectTimeoutError, match="UNAVAILABLE"):
            sdk.connect(0)
        assert sdk.close(0).left == 1
    assert server.calls == []


def test_certificate_of_an_unknown_authority_is_refused(open_sdk: OpenSdk, tls_server: ScriptedServer) -> None:
    assert_refused(open_sdk, f"https://localhost:{tls_server.port}", tls_server, None)


def test_certificate_of_another_host_is_refused(open_sdk: OpenSdk, certificates: Path) -> None:
    with serving(certificates, "others") as server:
        assert_refused(open_sdk, f"https://localhost:{server.port}", server, certificates / "ca.pem")


def test_http_to_a_tls_server_is_refused(open_sdk: OpenSdk, tls_server: ScriptedServer) -> None:
    assert_refused(open_sdk, f"http://localhost:{tls_server.port}", tls_server, None)


def test_https_to_a_server_without_tls_is_refused(
    open_sdk: OpenSdk, server: ScriptedServer, certificates: Path
) -> None:
    assert_refused(open_sdk, f"https://localhost:{server.port}", server, certificates / "ca.pem")


def test_ca_certificate_that_cannot_be_used(open_sdk: OpenSdk, certificates: Path, tmp_path: Path) -> None:
    absent = tmp_path / "absent.pem"
    with pytest.raises(SettingsError, match=r"absent\.pem' cannot be read: No such file"):
        open_sdk(uri="https://localhost:1", ca_certificate=absent)
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        open_sdk(uri="https://localhost:1", ca_certificate=tmp_path)
    with pytest.raises(SettingsError, match="holds no PEM certificate"):
        open_sdk(uri="https://localhost:1", ca_certificate=certificates / "ca.key")
    damaged = tmp_path / "damaged.pem"
    damaged.write_bytes((certificates / "ca.pem").read_bytes()[:400] + b"\n-----END CERTIFICATE-----\n")
    with pytest.raises(SettingsError, match=r"damaged\.pem' holds a damaged certificate"):
        open_sdk(uri="https://localhost:1", ca_certificate=damaged)
    with pytest.raises(SettingsError, match="needs an https:// uri"):
        open_sdk(uri="http://localhost:1", ca_certificate=certificates / "ca.pem")


def test_roots_of_the_environment_that_are_not_there_are_told_and_leave_grpcs_own(
    open_sdk: OpenSdk,
    tls_server: ScriptedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", str(tmp_path / "absent.pem"))
    assert_refused(open_sdk, f"https://localhost:{tls_server.port}", tls_server, None)
    assert not any(record.levelname == "CRITICAL" for record in caplog.records)
