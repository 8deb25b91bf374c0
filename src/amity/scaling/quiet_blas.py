"""NumPy's linear algebra on one thread for a while.

OpenBLAS wakes a thread for products of ten thousand numbers, and that thread then spins for a while before it sleeps:
in a fit of thirty rounds it takes as much processor time as the fit, and time from whoever else is on the machine. The
products of a fit are too small to gain anything by it.
"""

from __future__ import annotations

import ctypes
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

NAMES = ("scipy_openblas_{}_num_threads64_", "scipy_openblas_{}_num_threads", "openblas_{}_num_threads64_",
         "openblas_{}_num_threads")  # fmt: skip
"""What OpenBLAS's functions are called in NumPy's own wheels, and where it comes from a distribution."""


@contextmanager
def one_thread() -> Generator[None]:
    """Let NumPy's linear algebra use one thread inside; where it is not OpenBLAS, nothing is changed.

    >>> with one_thread():
    ...     float(np.ones(3) @ np.ones(3))
    3.0
    """
    found = _switch()
    if found is None:
        yield
        return
    get, put = found
    before = get()
    put(1)
    try:
        yield
    finally:
        put(before)


@cache
def _switch() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    """OpenBLAS's own functions that say and set how many threads it uses; None where there is no OpenBLAS."""
    try:
        # NumPy has no public name for the library that it brings.
        library = ctypes.CDLL(np.linalg._umath_linalg.__file__)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    except (AttributeError, OSError):
        return None
    for name in NAMES:
        try:
            return getattr(library, name.format("get")), getattr(library, name.format("set"))
        except AttributeError:
            continue
    return None
