"""Where the server's address and the key come from: arguments, the environment, profiles in sift.toml.

As Sift's own client reads them (sift_client.credentials, sift-stack-py 0.25): an argument first, then a profile that an
argument names, then the environment, then the profile that SIFT_PROFILE names, or else the top of the file.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sift_runtime._errors import SettingsError

__all__ = ["API_KEY_VARIABLE", "URI_VARIABLE", "resolve_credentials"]

URI_VARIABLE: Final = "SIFT_GRPC_URI"
API_KEY_VARIABLE: Final = "SIFT_API_KEY"
_PROFILE_VARIABLE: Final = "SIFT_PROFILE"
_FILE_VARIABLE: Final = "SIFT_CONFIG_FILE"
_FILE_NAME: Final = "sift.toml"
_KEYS: Final = {"uri": ("grpc_uri",), "api_key": ("api_key", "apikey")}
_VARIABLES: Final = {"uri": URI_VARIABLE, "api_key": API_KEY_VARIABLE}


def resolve_credentials(uri: str | None, api_key: str | None, profile: str | None) -> tuple[str, str]:
    """Return URI and key; what an argument says is not looked for anywhere else.

    Raises SettingsError where one is nowhere to be found, and for a file or a profile that cannot be read. No message
    has a key in it.
    """
    found_uri = _looked_up("uri", profile) if uri is None else uri
    return found_uri, _looked_up("api_key", profile) if api_key is None else api_key


def _looked_up(field: str, profile: str | None) -> str:
    from_file = {} if profile is None else _profile(profile)
    value = _text(from_file, field) or os.environ.get(_VARIABLES[field]) or None
    if value is None and profile is None:
        named = os.environ.get(_PROFILE_VARIABLE)
        value = _text(_profile(named) if named else _read(_file()), field)
    if value is None:
        name, path = profile or os.environ.get(_PROFILE_VARIABLE), _file()
        where = f"profile {name!r} of {path}" if name else f"{path}"
        mend = f"give Sdk(…, {field}=…), set {_VARIABLES[field]}, or write {_KEYS[field][0]} into {where}"
        raise SettingsError(f"no {field}: {mend}")
    return _with_scheme(value) if field == "uri" else value


def _with_scheme(uri: str) -> str:
    """Return a URI as it is; a bare host, which Sift's own client takes in these places, has TLS."""
    return uri if "://" in uri or not uri else f"https://{uri}"


def _text(table: Mapping[str, Any], field: str) -> str | None:
    """Return a value of a profile; what is empty or no text counts as absent."""
    values = (table.get(key) for key in _KEYS[field])
    return next((value for value in values if isinstance(value, str) and value), None)


def _profile(name: str) -> Mapping[str, Any]:
    path = _file()
    content = _read(path)
    table = content.get(name)
    if isinstance(table, dict):
        return table
    there = ", ".join(repr(key) for key, value in content.items() if isinstance(value, dict)) or "none"
    raise SettingsError(f"profile {name!r} is not in {path}; the profiles there: {there}")


def _read(path: Path | None) -> Mapping[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        problem = error.strerror
    except ValueError as error:
        problem = type(error).__name__  # its words may quote a line with a key in it
    raise SettingsError(f"{path} cannot be read: {problem}")


def _file() -> Path | None:
    """Return the file that sift-cli writes; None where there is no home directory."""
    named = os.environ.get(_FILE_VARIABLE)
    if named:
        return Path(named)
    base = _config_directory()
    return None if base is None else base / _FILE_NAME


def _config_directory() -> Path | None:
    if sys.platform == "win32":
        appdata = os.environ.get("APPDATA")
        return Path(appdata) if appdata else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    named = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(named) if Path(named).is_absolute() else home / ".config"
