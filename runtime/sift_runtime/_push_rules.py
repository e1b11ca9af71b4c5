"""Pushing rules from the ground: registration and rules at once, waited for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sift_runtime._connection import ConnectionSettings
from sift_runtime._ground_control import ground_control
from sift_runtime._network_options import NetworkOptions
from sift_runtime._registration import Registrar, RulePusher, RuleReport, registration_of
from sift_runtime._requirements import require_text
from sift_runtime._schema import Telemetry

__all__ = ["push_rules"]


def push_rules(  # noqa: PLR0913  # the keyword arguments are the user's settings, each with a default
    telemetry: Telemetry[Any],
    *,
    organization_id: str | None = None,
    uri: str | None = None,
    api_key: str | None = None,
    profile: str | None = None,
    ca_certificate: Path | None = None,
    network: NetworkOptions | None = None,
    request_timeout: float = 30.0,
) -> RuleReport:
    """Register a package's flows and create or update its rules; returns what became of each.

    The arguments mean what they mean to Sdk. Raises SettingsError; RegistrationError where the server has another idea
    of a flow; RuleError with all assets, asset tags and users that the rules name
    and the server does not know; RequestError.
    """
    if organization_id is not None:
        require_text("organization_id", organization_id)
        telemetry = replace(telemetry, organization_id=organization_id)
    settings = ConnectionSettings(
        uri=uri,
        api_key=api_key,
        ca_certificate=ca_certificate,
        request_timeout=request_timeout,
        transport="grpcio",
        profile=profile,
        network=network or NetworkOptions(),
    )
    with ground_control(settings) as control:
        Registrar(registration_of(telemetry), control).register()
        return RulePusher(telemetry, control).push()
