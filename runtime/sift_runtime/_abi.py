"""The handshake between a generated package and the runtime it was generated for."""

from __future__ import annotations

from typing import Final

from sift_runtime._errors import GeneratedPackageError

__all__ = ["ABI", "require_abi"]

ABI: Final = 1
"""Raised by one whenever generated code and runtime would no longer fit together; patch releases leave it alone."""


def require_abi(package: str, abi: int) -> None:
    """Refuse to load a generated package that was made for another runtime.

    Raises GeneratedPackageError, which says which side to bring up to date.
    """
    if abi == ABI:
        return
    mend = (
        "upgrade the runtime: pip install --upgrade sift-codegen"
        if abi > ABI
        else "generate it again with this version's sift-codegen; the command is in the header of its files"
    )
    raise GeneratedPackageError(f"package {package!r} needs runtime interface {abi}, this runtime has {ABI}: {mend}")
