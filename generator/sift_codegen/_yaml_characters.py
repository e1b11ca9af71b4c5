"""Characters on which YAML 1.2 and PyYAML, which scans YAML 1.1, do not agree."""

from __future__ import annotations

import re
from typing import Final

from sift_codegen._diagnostics import ConfigError, Diagnostic, Position, SourceFile

__all__ = ["has_surrogate_escape", "join_surrogates", "require_printable", "stand_ins"]

_BREAKS_OF_1_1: Final = "\x85\u2028\u2029"
_PRIVATE_USE: Final = range(0xE000, 0xF900)
_UNPRINTABLE: Final = re.compile(
    r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)  # https://yaml.org/spec/1.2.2/#51-character-set, less the byte order mark, which belongs at the start
_SURROGATE_ESCAPE: Final = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F]")


def require_printable(source: SourceFile) -> None:
    """Raise ConfigError at the first character that YAML does not allow unescaped."""
    found = _UNPRINTABLE.search(source.text)
    if found is None:
        return
    lines = SourceFile(source.name, source.text[: found.start()], "").lines
    code = ord(found[0])
    escape = f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}"
    message = f'not YAML: the character U+{code:04X}; write it as "{escape}", in double quotes'
    place = Position(source, len(lines), len(lines[-1]) + 1)
    raise ConfigError((Diagnostic(place, message, code="SC003"),))


def stand_ins(text: str) -> dict[int, int]:
    """Return what stands in for U+0085, U+2028 and U+2029 while PyYAML scans, empty if there are none.

    YAML 1.1, which it scans, takes them for line breaks; in YAML 1.2 they are characters like others. One stands for
    one, so that columns stay right, and none of them is in the text, be it as an escape.
    """
    breaks = [ord(character) for character in _BREAKS_OF_1_1 if character in text]
    if not breaks:
        return {}
    lower, used = text.lower(), set(text)
    free = (code for code in _PRIVATE_USE if chr(code) not in used and f"{code:x}" not in lower)
    return dict(zip(breaks, free, strict=False))


def has_surrogate_escape(text: str) -> bool:
    r"""Say whether a text may hold half of a surrogate pair as an escape, as JSON writes them: "\ud83d\ude00"."""
    return _SURROGATE_ESCAPE.search(text) is not None


def join_surrogates(text: str) -> str:
    """Join surrogate pairs written as two escapes; raises ValueError for half of one."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError as error:
        raise ValueError("half of a surrogate pair is no character") from error
