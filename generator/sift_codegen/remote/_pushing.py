"""`sift-codegen push-rules`: from a config to the rules on a server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path
from typing import Literal

from sift_codegen._check_rules import check_rules
from sift_codegen._diagnostics import ConfigError, Diagnostic, Severity, SiftCodegenError
from sift_codegen._read_config import SideInputs, read_telemetry_config
from sift_codegen.remote._telemetry import telemetry_of
from sift_runtime import RegistrationError, RequestError, RuleError, RuleReport, SettingsError, push_rules

__all__ = ["PushError", "PushFailure", "PushRequest", "push_rules_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRequest:
    """What to push, and where to."""

    config: Path
    side_inputs: SideInputs = field(default_factory=SideInputs)
    rule_mistakes: Literal["error", "warning"] = "error"
    organization_id: str | None = None
    uri: str | None = None
    profile: str | None = None
    ca_certificate: Path | None = None


class PushFailure(Enum):
    """Why rules were not pushed: the server could not be asked, or it has other ideas."""

    NETWORK = auto()
    REFUSED = auto()


class PushError(SiftCodegenError):
    """Rules that were not pushed."""

    def __init__(self, failure: PushFailure, message: str) -> None:
        """Keep which kind it is."""
        super().__init__(message)
        self.failure = failure


def push_rules_of(request: PushRequest, warn: Callable[[Sequence[Diagnostic]], None]) -> RuleReport:
    """Check a config and push its rules, after its flows; the key comes from SIFT_API_KEY or a profile.

    Mistakes in rules that the request has as warnings are given to `warn`. Raises ConfigError with every mistake of
    config and rules, PushError.
    """
    config = read_telemetry_config(request.config, request.side_inputs)
    mistakes = check_rules(config)
    if mistakes and request.rule_mistakes == "error":
        raise ConfigError(mistakes)
    warn([replace(each, severity=Severity.WARNING) for each in mistakes])
    try:
        return push_rules(
            telemetry_of(config),
            organization_id=request.organization_id,
            uri=request.uri,
            profile=request.profile,
            ca_certificate=request.ca_certificate,
        )
    except (RequestError, SettingsError) as error:
        raise PushError(PushFailure.NETWORK, str(error)) from error
    except (RegistrationError, RuleError) as error:
        raise PushError(PushFailure.REFUSED, str(error)) from error
