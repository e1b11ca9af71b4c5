"""The runtime's exceptions: one root, and messages that name flow, channel, value, limit and mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grpc import StatusCode

__all__ = [
    "ConnectTimeoutError",
    "FlowExistsError",
    "GeneratedPackageError",
    "MissingExtraError",
    "RegistrationError",
    "RequestError",
    "RuleError",
    "SdkClosedError",
    "SerializationError",
    "SettingsError",
    "SiftRuntimeError",
    "SpoolFullError",
    "TimestampError",
    "TrackError",
    "UnknownFlowError",
]


class SiftRuntimeError(Exception):
    """Root of every error that this runtime raises on purpose."""


class SettingsError(SiftRuntimeError, ValueError):
    """A setting of the Sdk that cannot work: URI, key, limits, certificate."""


class GeneratedPackageError(SiftRuntimeError, ImportError):
    """A generated package and this runtime do not fit together."""


class MissingExtraError(SiftRuntimeError, ImportError):
    """A part of this package was used whose optional dependency is not installed; the message has the command."""


class TrackError(SiftRuntimeError, ValueError):
    """A flow that could not be tracked; nothing of it was queued, and every other flow goes on."""


class SerializationError(TrackError):
    """A value that does not fit its channel.

    `flow` is the flow's wire name, `problems` one text per bad channel.
    """

    def __init__(self, flow: str, problems: tuple[str, ...]) -> None:
        """Keep both; the message joins them."""
        self.flow = flow
        self.problems = problems
        super().__init__(f"flow {flow!r}: " + "; ".join(problems))

    def __reduce__(self) -> tuple[type[SerializationError], tuple[str, tuple[str, ...]]]:
        """Pickle by the arguments, which are not the message."""
        return type(self), (self.flow, self.problems)


class TimestampError(TrackError):
    """A time that is naive, not a time, or outside the years 1 to 9999."""


class UnknownFlowError(TrackError):
    """An object that is no flow of the Sdk's generated package."""


class FlowExistsError(SiftRuntimeError):
    """A flow that was to be made at run time is there already, as it is or with other channels."""


class SpoolFullError(SiftRuntimeError, BufferError):
    """A flow was not tracked because the spool is full, and the Sdk is set to say so."""


class SdkClosedError(SiftRuntimeError, RuntimeError):
    """The Sdk was used after close()."""


class ConnectTimeoutError(SiftRuntimeError, TimeoutError):
    """The server did not answer registration in time; what is tracked stays queued and registration goes on."""


class RegistrationError(SiftRuntimeError):
    """The package and the server disagree on a flow; sending would put values into wrong channels."""


class RuleError(SiftRuntimeError):
    """Rules that cannot be pushed: they name assets or users that the server does not know."""


class RequestError(SiftRuntimeError):
    """A call to the server failed: `method` is its path, `code` the gRPC status, `details` the server's words.

    `retry_after` is how many seconds the server asks its clients to wait, if it does.
    """

    def __init__(self, method: str, code: StatusCode, details: str, retry_after: float | None = None) -> None:
        """Keep all four."""
        self.method = method
        self.code = code
        self.details = details
        self.retry_after = retry_after
        super().__init__(f"{method}: {code.name}: {details}")

    def __reduce__(self) -> tuple[type[RequestError], tuple[str, StatusCode, str, float | None]]:
        """Pickle by the arguments, which are not the message."""
        return type(self), (self.method, self.code, self.details, self.retry_after)
