"""Checks of settings: what is wrong is told with the setting, the value found and what it must be."""

from __future__ import annotations

from sift_runtime._errors import SettingsError

__all__ = [
    "require_above_zero",
    "require_count",
    "require_one_of",
    "require_seconds",
    "require_text",
]


def require_one_of(setting: str, value: object, choices: tuple[object, ...]) -> None:
    """Refuse anything but these; raises SettingsError."""
    if value not in choices:
        raise SettingsError(f"{setting} is {value!r}; it is {' or '.join(map(repr, choices))}")


def require_above_zero(setting: str, value: object) -> None:
    """Refuse what is no number, NaN and what is not above 0; raises SettingsError."""
    if not isinstance(value, (int, float)) or not value > 0:  # NaN is not below either
        raise SettingsError(f"{setting} is {value!r}; it must be a number above 0")


def require_count(setting: str, value: object) -> None:
    """Refuse what is no whole number above 0; raises SettingsError."""
    require_above_zero(setting, value)
    if not isinstance(value, int):
        raise SettingsError(f"{setting} is {value!r}; it must be a whole number")


def require_seconds(setting: str, value: object) -> None:
    """Refuse a timeout that would never pass; raises SettingsError. None waits for ever, below 0 is as good as 0."""
    if value is not None and not (isinstance(value, (int, float)) and value == value):  # noqa: PLR0124  # NaN differs
        raise SettingsError(f"{setting} is {value!r}; give a number of seconds, or None to wait for ever")


def require_text(setting: str, value: object) -> None:
    """Refuse what cannot be sent as text, for example a UUID that was not made one; raises SettingsError."""
    if not isinstance(value, str):
        kind = type(value).__name__
        raise SettingsError(f"{setting} is {value!r}, of type {kind}; give it as text, for example str({setting})")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise SettingsError(f"{setting} is {value!r}; it has half of a surrogate pair in it") from error
