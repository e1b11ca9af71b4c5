"""An explanation for programs."""

from __future__ import annotations

import json
from dataclasses import asdict

from sift_codegen._explain._facts import Explanation

__all__ = ["render_json"]


def render_json(explanation: Explanation) -> str:
    """Return the explanation as one JSON object; its keys are the facts' names."""
    return json.dumps(asdict(explanation), indent=2, ensure_ascii=True, allow_nan=False)
