"""Numba's decorator, typed; and the arrays' types."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Inputs = NDArray[np.int32]

if TYPE_CHECKING:
    _F = TypeVar("_F")

    def njit(*, cache: bool) -> Callable[[_F], _F]: ...

else:
    from numba import njit

__all__ = ["Floats", "Inputs", "njit"]
