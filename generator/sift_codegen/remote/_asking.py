"""Asking a server for an ingestion config, with the command line's words for where it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sift_codegen._diagnostics import SiftCodegenError
from sift_runtime import RegisteredConfig, RegistrationError, RequestError, SettingsError, read_ingestion_config

__all__ = ["ServerError", "ServerWords", "UnknownTypeError", "ask_for_config"]


class ServerError(SiftCodegenError):
    """The server could not be asked: no connection, or no credentials that it takes."""


class UnknownTypeError(SiftCodegenError):
    """The server has a channel of a type that no config can have yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerWords:
    """Where the server is; what is None comes from the environment or a profile."""

    uri: str | None = None
    profile: str | None = None
    ca_certificate: Path | None = None


def ask_for_config(client_key: str, server: ServerWords) -> RegisteredConfig | None:
    """Return the ingestion config with this client key, None where there is none.

    Raises ServerError, UnknownTypeError. No message has the API key in it.
    """
    try:
        return read_ingestion_config(
            client_key, uri=server.uri, profile=server.profile, ca_certificate=server.ca_certificate
        )
    except (RequestError, SettingsError) as error:
        raise ServerError(str(error)) from error
    except RegistrationError as error:
        raise UnknownTypeError(f"client key {client_key!r}: {error}") from error
