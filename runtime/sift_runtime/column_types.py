"""What generated columns take, for type checkers; never imported at run time, so that NumPy need not be there.

A checker sees the kind of number. Its range is checked when columns are encoded, as it is for single flows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Bools",
    "BytesColumn",
    "ElementBits",
    "Integers",
    "OptionalBytesColumn",
    "OptionalStrings",
    "Reals",
    "Strings",
    "Times",
    "WideElementBits",
]

Times: TypeAlias = NDArray[np.integer[Any]] | NDArray[np.datetime64]
Reals: TypeAlias = NDArray[np.floating[Any] | np.integer[Any]]
Integers: TypeAlias = NDArray[np.integer[Any]]
Bools: TypeAlias = NDArray[np.bool_]
ElementBits: TypeAlias = NDArray[np.integer[Any] | np.bool_]
WideElementBits: TypeAlias = NDArray[np.integer[Any] | np.bool_ | np.object_]
Strings: TypeAlias = Sequence[str] | NDArray[np.str_] | NDArray[np.object_]
BytesColumn: TypeAlias = Sequence[bytes] | NDArray[np.object_]
OptionalStrings: TypeAlias = Sequence[str | None] | NDArray[np.str_] | NDArray[np.object_]
OptionalBytesColumn: TypeAlias = Sequence[bytes | None] | NDArray[np.object_]
