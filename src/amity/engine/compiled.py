# pyright: basic
"""Numba's decorators with our settings, typed: what is compiled once is kept beside the source for the next process.

No fast mathematics: NaN and infinity mean something here, and sums must not depend on the machine's mood. Each pair of
states is worked out whole by one thread and written to its own place, so that results do not depend on how many
threads there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import numba
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy import float64, int8, int64
    from numpy.typing import NDArray

    Floats = NDArray[float64]
    Whole = NDArray[int64]
    Signs = NDArray[int8]
    prange = range
else:
    prange = numba.prange
    Floats = Whole = Signs = Any

__all__ = ["Floats", "Signs", "Whole", "compiled", "in_parallel", "prange"]

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code, for one thread."""
    made: Any = numba.njit(cache=True, error_model="numpy", nogil=True)
    return cast("Callable[P, R]", _quickly_loaded(made(function)))


def in_parallel(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code whose loops over `prange` share the threads."""
    made: Any = numba.njit(cache=True, error_model="numpy", parallel=True)
    return cast("Callable[P, R]", _quickly_loaded(made(function)))


class _Kept(FunctionCache):
    """Kept machine code, taken without first importing everything that a compiler would need: a third of the time.

    What must be there is the runtime that allocates arrays. Where nothing is kept, compiling sets itself up.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


def _quickly_loaded(function: Any) -> Any:
    if isinstance(getattr(function, "_cache", None), FunctionCache):
        function._cache.__class__ = _Kept  # noqa: SLF001  (there is no public way to say it)
    return function
