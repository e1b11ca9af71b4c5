"""The version of the installed distribution."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Final

__all__ = ["__version__"]


def _installed_version() -> str:
    try:
        return version("sift-codegen")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0+unknown"


__version__: Final = _installed_version()
