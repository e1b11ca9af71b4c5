"""What changes from one config to another, and what each change breaks.

compare_flows(before, after) is for flows from anywhere; compare_configs(before, after) knows the Python names, too.
"""

from __future__ import annotations

from sift_codegen._compare._change import Change, ChangeClass, Side
from sift_codegen._compare._configs import compare_configs, compare_flows
from sift_codegen._compare._telling import describe, describe_in_place, place_in
from sift_codegen._compare._wire import wire_changes

__all__ = [
    "Change",
    "ChangeClass",
    "Side",
    "compare_configs",
    "compare_flows",
    "describe",
    "describe_in_place",
    "place_in",
    "wire_changes",
]
