"""Numbers, times and durations as written in a filter."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from sift_receiver._errors import FilterError
from sift_receiver._filter_model import Duration, Timestamp
from sift_receiver._filter_tokens import Token
from sift_receiver._timestamps import parse_rfc3339

__all__ = ["duration_literal", "number_literal", "timestamp_literal"]

_LONGEST_NUMBER = 40
_UNITS = {"h": 3600 * 10**9, "m": 60 * 10**9, "s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
_DURATION = re.compile(r"-?(?:\d{1,18}(?:\.\d{1,18})?(?:h|ms|us|ns|m|s))+", re.ASCII)
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)", re.ASCII)


def number_literal(token: Token) -> float:
    """Read a number; whole ones stay exact."""
    if len(token.text) > _LONGEST_NUMBER:
        raise FilterError(f"a number of more than {_LONGEST_NUMBER} characters", token.position)
    number: float = float(token.text) if set(token.text) & set(".eE") else int(token.text)
    if not math.isfinite(number):
        raise FilterError(f"number {token.text} is too large", token.position)
    return number


def timestamp_literal(token: Token) -> Timestamp:
    """Read the text of `timestamp('2026-11-23T08:15:00Z')`."""
    try:
        return Timestamp(parse_rfc3339(token.text))
    except ValueError as error:
        raise FilterError(str(error), token.position) from error


def duration_literal(token: Token) -> Duration:
    """Read the text of `duration('1h30m')` or `duration('2.5s')`."""
    if not _DURATION.fullmatch(token.text):
        raise FilterError(f"{token.text!r} is not a duration such as 90s or 1h30m", token.position)
    total = sum((Fraction(count) * _UNITS[unit] for count, unit in _DURATION_PART.findall(token.text)), Fraction(0))
    return Duration(round(total) * (-1 if token.text.startswith("-") else 1))
