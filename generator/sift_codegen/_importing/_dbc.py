"""From a CAN database to a config: messages become flows, signals channels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sift_codegen._importing._dbc_signals import channels_of
from sift_codegen._importing._imported import Imported, ImportedFlow, ImportingError, Source, finish
from sift_codegen._importing._unique import Names

if TYPE_CHECKING:
    from cantools.database.can import Database

__all__ = ["DbcRequest", "import_dbc"]

_LARGEST: Final = 64 * 1024 * 1024  # bytes; the parser takes some fifty times as much memory


@dataclass(frozen=True, slots=True, kw_only=True)
class DbcRequest:
    """A CAN database; the asset is named as the file where it is not named here."""

    path: Path
    asset: str | None = None
    output: Path | None = None


def import_dbc(request: DbcRequest) -> Imported:
    """Return the config of a CAN database.

    Raises ImportingError where it is none, where it has no signals, and where cantools is not installed.
    """
    text, encoding_note = _text(request.path)
    notes = [encoding_note] if encoding_note else []
    flows = tuple(_flows(_parsed(request.path, text), notes))
    if not flows:
        raise ImportingError(f"{request.path}: has no message with signals")
    source = Source(path=request.path, asset=request.asset or request.path.stem, output=request.output)
    return finish(source, flows, tuple(notes))


def _flows(database: Database, notes: list[str]) -> list[ImportedFlow]:
    names = Names()
    flows = []
    for message in database.messages:
        if not message.signals:
            notes.append(f"message {message.name!r} has no signals, so it is no flow")
            continue
        name = names.take(message.name)
        if name != message.name:
            notes.append(f"a second message {message.name!r} (0x{message.frame_id:X}) is called {name!r}")
        flows.append(ImportedFlow(name, tuple(channels_of(message, name, notes))))
    return flows


def _text(path: Path) -> tuple[str, str]:
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as error:
        raise ImportingError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(content) > _LARGEST:
        raise ImportingError(f"{path}: has more than {_LARGEST} bytes, which is no CAN database of one vehicle")
    if b"\0" in content:
        raise ImportingError(f"{path}: is no text: there is a NUL in it")
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "the file is no UTF-8; it was read as Windows-1252"


def _parsed(path: Path, text: str) -> Database:
    try:
        from cantools.database.can import Database as CanDatabase  # noqa: PLC0415 - an extra, and slow to load
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "cantools":
            raise
        raise ImportingError("this needs cantools: pip install 'sift-codegen[dbc]'") from error
    database = CanDatabase(strict=False)  # signals that overlap are the decoder's affair
    try:
        database.add_dbc_string(text)
    except Exception as error:  # the parser raises its own errors, and for some files anything
        first_line = (str(error).splitlines() or [type(error).__name__])[0]
        raise ImportingError(f"{path}: is no CAN database (DBC): {first_line[:300]}") from error
    return database
