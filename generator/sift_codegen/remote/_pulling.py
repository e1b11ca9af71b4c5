"""`sift-codegen pull`: from an ingestion config on a server to a telemetry config."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sift_codegen._config import FlowConfig
from sift_codegen._config_text import ConfigParts, config_text
from sift_codegen._diagnostics import ConfigError, Diagnostic, SiftCodegenError, SourceFile
from sift_codegen._literals import shell_word
from sift_codegen._read_config import read_without_rules
from sift_codegen._symbols import assign_symbols
from sift_codegen.remote._asking import ServerWords, ask_for_config
from sift_codegen.remote._server_flows import flow_configs
from sift_runtime import RegisteredConfig

__all__ = ["NotRegisteredError", "PullRequest", "Pulled", "pull"]


class NotRegisteredError(SiftCodegenError):
    """The server has no ingestion config with this client key, or does not show it to this API key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """Which ingestion config, from where, and the file that it is to become, if any: messages and comments name it."""

    client_key: str
    server: ServerWords
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class Pulled:
    """A config as text, and what keeps a package from being generated from it as it is."""

    text: str
    flows: tuple[FlowConfig, ...]
    mistakes: tuple[Diagnostic, ...]


def pull(request: PullRequest) -> Pulled:
    """Return an ingestion config as a telemetry config with the same flows, in the same order.

    Raises NotRegisteredError, ServerError, UnknownTypeError.
    """
    registered = ask_for_config(request.client_key, request.server)
    if registered is None:
        message = f"no ingestion config with client key {request.client_key!r} is there, or none that this key may see"
        raise NotRegisteredError(message)
    flows = flow_configs(registered.flows)
    text = config_text(
        ConfigParts(
            comments=tuple(_comments(request, registered)),
            asset_name=registered.asset_name or "",
            client_key=registered.client_key,
            flows=flows,
        )
    )
    return Pulled(text, flows, _mistakes(request, text))


def _comments(request: PullRequest, registered: RegisteredConfig) -> Iterator[str]:
    output = f" -o {shell_word(request.output.name)}" if request.output else ""
    yield f"Pulled from Sift: sift-codegen pull --client-key {shell_word(request.client_key)}{output}"
    yield "An ingestion config has flows with their channels, and nothing else: add here what the server cannot tell,"
    yield "which is rules, channels that may be left out and Python names (x-sift-codegen), and comments."
    if registered.asset_name is None:
        yield "The server does not show the asset to this API key: fill in its name."
    if registered.organization_id:
        yield "The asset's organization, which only a user of several organizations has to name:"
        yield f"organization_id: {registered.organization_id}"


def _mistakes(request: PullRequest, text: str) -> tuple[Diagnostic, ...]:
    """Read the text as `generate` will: servers take more than can be generated from."""
    path = str(request.output or "pulled.yaml")
    try:
        config = read_without_rules(SourceFile(Path(path).name, text, "", path))
    except ConfigError as error:
        return error.diagnostics
    return tuple(assign_symbols(config)[1])
