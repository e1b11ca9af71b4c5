"""The commands that talk to a server: the only part of the generator that imports the runtime."""

from __future__ import annotations

from sift_codegen.remote._pushing import PushError, PushFailure, PushRequest, push_rules_of

__all__ = ["PushError", "PushFailure", "PushRequest", "push_rules_of"]
