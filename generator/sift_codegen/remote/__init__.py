"""The commands that talk to a server: the only part of the generator that imports the runtime."""

from __future__ import annotations

from sift_codegen.remote._asking import ServerError, ServerWords
from sift_codegen.remote._pulling import NotRegisteredError, Pulled, PullRequest, pull
from sift_codegen.remote._pushing import PushError, PushFailure, PushRequest, push_rules_of

__all__ = [
    "NotRegisteredError",
    "PullRequest",
    "Pulled",
    "PushError",
    "PushFailure",
    "PushRequest",
    "ServerError",
    "ServerWords",
    "pull",
    "push_rules_of",
]
