"""The runtime's exceptions: one root, and messages that name flow, channel, value, limit and mend."""

from __future__ import annotations

__all__ = ["GeneratedPackageError", "SerializationError", "SiftRuntimeError"]


class SiftRuntimeError(Exception):
    """Root of every error that this runtime raises on purpose."""


class SerializationError(SiftRuntimeError, ValueError):
    """A value that does not fit its channel; nothing of its flow was sent.

    `flow` is the flow's wire name, `problems` one text per bad channel.
    """

    def __init__(self, flow: str, problems: tuple[str, ...]) -> None:
        self.flow = flow
        self.problems = problems
        super().__init__(f"flow {flow!r}: " + "; ".join(problems))

    def __reduce__(self) -> tuple[type[SerializationError], tuple[str, tuple[str, ...]]]:
        return type(self), (self.flow, self.problems)


class GeneratedPackageError(SiftRuntimeError, ImportError):
    """A generated package and this runtime do not fit together."""
