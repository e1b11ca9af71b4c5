"""Setting a project up: a config to begin with, and what makes editors, git and pre-commit know of it."""

from __future__ import annotations

from sift_codegen._init._carry_out import carry_out
from sift_codegen._init._plan import plan_init
from sift_codegen._init._steps import Outcome, Step

__all__ = ["Outcome", "Step", "carry_out", "plan_init"]
