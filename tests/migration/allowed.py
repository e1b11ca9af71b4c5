"""In what the halves of a pair may differ: exactly this, and in words on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["ALLOWED", "Difference"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that is another with ours than with sift_py; None where it is none. `said` stands on the page."""

    fact: str
    theirs: object
    ours: object
    said: str


def _own_key(run: str, said: str = "A run that we create has a client key, as above.") -> Difference:
    return Difference(f"run {run}: has a client key", False, True, said)


def _voltage(value: int) -> dict[str, int]:
    return {"timestamp_ns": 1_735_689_600 * 10**9, "voltage": value}


_REVIEW: Final = "ANNOTATION_TYPE_DATA_REVIEW"
_TAGS: Final = "leaves out tags that are not there yet; ours are created"
_EVERY_TIME: Final = (
    "`create_or_update_rules` updates it every time, so that each start of the flight software makes a new"
)

_CONFIG: Final = "IngestionConfigService/CreateIngestionConfig"
_RULE: Final = "RuleService/CreateRule"

_CUTS: Final = "`try_value_from` cuts the fraction off a float that is meant for an integer channel."

ALLOWED: Final[Mapping[str, tuple[Difference, ...]]] = {
    "A dict with a value of another type": (
        Difference("rover-v1, readings, reading 0", _voltage(48), _voltage(49), _CUTS),
        Difference(
            "rover-v1, readings, reading 1", _voltage(49), None, "the first reading here is sent by sift_py alone"
        ),
    ),
    "A run by name": (_own_key("Hop 7", "A run that we create has a client key, so that a second try finds the run"),),
    "Another run of the same name": (_own_key("Hop 8"), _own_key("Hop 8 (2)")),
    "The organization": (_own_key("Hop 9"),),
    "Rules of the config": (
        Difference("rule too_fast: expression", "$1 > $limit", "$1 > 120", "leaves sub-expressions out"),
        Difference("rule too_fast: contextual channels", [], ["log"], "leaves out contextual channels"),
        Difference("rule too_fast: live", False, True, "leaves out `is_live_evaluation_enabled`"),
        Difference("rule too_fast: actions", [(_REVIEW, True, [])], [(_REVIEW, True, ["hot"])], _TAGS),
        Difference("tags", [], ["hot"], _TAGS),
        Difference("calls TagService/CreateTag", None, 1, _TAGS),
        Difference("order of calls", [_CONFIG, _RULE], [_CONFIG, "TagService/CreateTag", _RULE], _TAGS),
        Difference(
            "rule moving: actions", [], [("ANNOTATION_TYPE_PHASE", False, [])], "sends a phase rule without its action"
        ),
    ),
    "Rules made in code": (
        Difference("rule low: version", "2", "1", _EVERY_TIME),
        Difference("calls RuleService/UpdateRule", 1, None, _EVERY_TIME),
        Difference("order of calls", [_CONFIG, _RULE, "RuleService/UpdateRule"], [_CONFIG, _RULE], _EVERY_TIME),
    ),
}
