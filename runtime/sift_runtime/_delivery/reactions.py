"""What each gRPC status asks of the sender (https://grpc.io/docs/guides/status-codes/)."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from grpc import StatusCode

from sift_runtime._errors import RequestError

__all__ = ["Reaction", "is_about_credentials", "reaction_to"]


class Reaction(Enum):
    """What to do after a failure; in none of these is anything given up but what is refused for good."""

    RETRY = auto()
    """The same may succeed soon: try again, at growing intervals."""
    NARROW = auto()
    """The same may succeed if it is less at once: try again with smaller batches."""
    HOLD = auto()
    """Nothing is wrong with the data, and trying again does not mend it: hold all, and look now and then."""
    REFUSED = auto()
    """A verdict on what was sent: the same will never succeed."""


_REACTIONS: Final = {
    StatusCode.ABORTED: Reaction.RETRY,
    StatusCode.CANCELLED: Reaction.RETRY,
    StatusCode.DATA_LOSS: Reaction.RETRY,
    StatusCode.INTERNAL: Reaction.RETRY,
    StatusCode.UNAVAILABLE: Reaction.RETRY,
    StatusCode.UNKNOWN: Reaction.RETRY,
    StatusCode.DEADLINE_EXCEEDED: Reaction.NARROW,
    StatusCode.RESOURCE_EXHAUSTED: Reaction.NARROW,
    StatusCode.INVALID_ARGUMENT: Reaction.REFUSED,
    StatusCode.OUT_OF_RANGE: Reaction.REFUSED,
}
_CREDENTIALS: Final = frozenset({StatusCode.UNAUTHENTICATED, StatusCode.PERMISSION_DENIED})
# What gRPC's own libraries say of a message above the receiver's limit: C-core and Go "received message larger than max
# (5 vs. 4)", Java "gRPC message exceeds maximum size 4: 5", tonic "message length too large".
_TOO_LARGE: Final = re.compile(
    r"message larger than max|message (?:length )?too large|message exceeds maximum size", re.IGNORECASE
)


def reaction_to(error: RequestError) -> Reaction:
    """Return what to do after this failure."""
    if error.code is StatusCode.RESOURCE_EXHAUSTED and _TOO_LARGE.search(error.details):
        return Reaction.REFUSED  # which looks for the message that is too large
    return _REACTIONS.get(error.code, Reaction.HOLD)


def is_about_credentials(error: RequestError) -> bool:
    """Tell whether it is the key that was refused."""
    return error.code in _CREDENTIALS
