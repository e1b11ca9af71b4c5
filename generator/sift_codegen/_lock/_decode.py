"""From the text of a lock file back to flows; what is not exactly as it was written is an error with its line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final, TypeVar

from sift_codegen._config import BitFieldElementConfig, ChannelConfig, DataType, EnumTypeConfig, FlowConfig
from sift_codegen._diagnostics import ConfigError, Diagnostic, Position, SourceFile
from sift_codegen._lock._encode import FORMAT, HEADER, LockedConfig, encode_lines

__all__ = ["decode_lock"]

_MENDS: Final = (
    "restore it from version control and generate again",
    "or remove it and generate with --lock, which freezes the config as it is now",
)
_Item = TypeVar("_Item")
_LINE: Final = re.compile(r"at line (\d+)")


def decode_lock(source: SourceFile) -> tuple[LockedConfig, ...]:
    """Return the configs of a lock file; each channel's position is its line.

    Raises ConfigError where the file is not as sift-codegen has written it.
    """
    document = _document(source)
    try:
        paths = [_is(str, path) for path in document.get("configs", [])]
        configs = _Reader(source, len(HEADER) + len(paths) + 2).configs(document)
        _refuse_missing(source, paths, {config.path for config in configs})
        written = encode_lines(configs)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _damaged(source, 1, f"damaged ({type(error).__name__}: {error})") from error
    found = source.text.replace("\r\n", "\n").split("\n")
    for number, (line, its) in enumerate(zip_longest([*written, ""], found), start=1):
        if line != its:
            raise _damaged(source, number, _what_is_wrong(its or ""))
    return configs


def _refuse_missing(source: SourceFile, paths: list[str], present: set[str]) -> None:
    for number, path in enumerate(paths, start=len(HEADER) + 2):
        if path not in present:
            raise _damaged(source, number, f"the section of {path!r} is missing: removed by hand, or in a merge")


def _what_is_wrong(line: str) -> str:
    if line.startswith("checksum"):
        return "edited by hand, merged or damaged: the checksum does not fit what stands below"
    return "edited by hand, or damaged: sift-codegen has not written this line so"


def _document(source: SourceFile) -> dict[str, Any]:
    try:
        document = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        if "\n<<<<<<< " in source.text:
            line = source.text[: source.text.index("\n<<<<<<< ")].count("\n") + 2
            message = "has the marks of a merge conflict"
            raise _error(source, line, message, "take either side as a whole, then generate again") from error
        at = _LINE.search(str(error))
        raise _damaged(source, int(at.group(1)) if at else 1, f"not TOML: {error}") from error
    if document.get("format") != FORMAT:
        message = f"format is {document.get('format')!r}; this sift-codegen knows format {FORMAT}"
        raise _error(source, 1, message, "update sift-codegen", *_MENDS)
    return document


def _damaged(source: SourceFile, line: int, message: str) -> ConfigError:
    return _error(source, line, message, *_MENDS)


def _error(source: SourceFile, line: int, message: str, *notes: str) -> ConfigError:
    return ConfigError((Diagnostic(Position(source, line, 1), message, notes),))


@dataclass(slots=True)
class _Reader:
    """Builds flows in the order of the file, counting its lines as they are written."""

    source: SourceFile
    line: int

    def configs(self, document: dict[str, Any]) -> tuple[LockedConfig, ...]:
        configs = tuple(self._config(table) for table in document.get("config", []))
        return _distinct(configs, {config.path for config in configs})

    def _config(self, table: dict[str, Any]) -> LockedConfig:
        self.line += 4  # an empty line, the header, path, checksum
        flows = tuple(self._flow(each) for each in table.get("flow", []))
        return LockedConfig(_is(str, table["path"]), _distinct(flows, {flow.name for flow in flows}))

    def _flow(self, table: dict[str, Any]) -> FlowConfig:
        position = Position(self.source, self.line + 3, 1)
        self.line += 5  # an empty line, the header, name, checksum, the beginning of the channels
        channels = tuple(self._channel(each) for each in table["channels"])
        self.line += 1
        return FlowConfig(name=_is(str, table["name"]), channels=channels, position=position)

    def _channel(self, table: dict[str, Any]) -> ChannelConfig:
        self.line += 1
        place = Position(self.source, self.line, 1)
        return ChannelConfig(
            name=_is(str, table["name"]),
            data_type=DataType(table["type"]),
            enum_types=tuple(
                EnumTypeConfig(name=name, key=_is(int, key), position=place)
                for name, key in table.get("keys", {}).items()
            ),
            bit_field_elements=tuple(
                BitFieldElementConfig(name=name, index=_is(int, index), bit_count=_is(int, count), position=place)
                for name, (index, count) in table.get("bits", {}).items()
            ),
            position=place,
            name_position=place,
            definition=place,
            key_positions={},
        )


def _distinct(items: tuple[_Item, ...], names: set[str]) -> tuple[_Item, ...]:
    if len(names) < len(items):
        raise ValueError("a name stands twice")
    return items


def _is(kind: type[Any], value: object) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
