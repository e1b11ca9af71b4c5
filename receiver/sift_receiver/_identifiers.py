"""New identifiers, and how they are found again or refused."""

from __future__ import annotations

import uuid
from typing import TypeVar

import grpc

from sift_receiver._errors import CallRefusedError

__all__ = ["already_exists", "found", "invalid", "new_identifier"]

_T = TypeVar("_T")


def new_identifier() -> str:
    """Make a random UUID, the form of every Sift identifier."""
    return str(uuid.uuid4())


def found(record: _T | None, kind: str, identifier: str) -> _T:
    """Return the record; raises NOT_FOUND with what was looked for."""
    if record is None:
        raise CallRefusedError(grpc.StatusCode.NOT_FOUND, f"{kind} {identifier!r} does not exist")
    return record


def invalid(reason: str) -> CallRefusedError:
    """Refuse an argument."""
    return CallRefusedError(grpc.StatusCode.INVALID_ARGUMENT, reason)


def already_exists(reason: str) -> CallRefusedError:
    """Refuse a duplicate; the official clients then look the existing one up."""
    return CallRefusedError(grpc.StatusCode.ALREADY_EXISTS, reason)
