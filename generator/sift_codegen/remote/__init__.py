"""The commands that talk to a server: the only part of the generator that imports the runtime."""

from __future__ import annotations

from sift_codegen.remote._asking import ServerError, ServerWords
from sift_codegen.remote._comparing import ServerStatus, status_of
from sift_codegen.remote._pulling import NotRegisteredError, Pulled, PullRequest, pull
from sift_codegen.remote._pushing import PushError, PushFailure, PushRequest, push_rules_of
from sift_codegen.remote._status_text import status_github_lines, status_json, status_lines

__all__ = [
    "NotRegisteredError",
    "PullRequest",
    "Pulled",
    "PushError",
    "PushFailure",
    "PushRequest",
    "ServerError",
    "ServerStatus",
    "ServerWords",
    "pull",
    "push_rules_of",
    "status_github_lines",
    "status_json",
    "status_lines",
    "status_of",
]
