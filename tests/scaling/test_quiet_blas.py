"""NumPy's own threads stand still while a fit runs, and work again after it."""

from __future__ import annotations

import numpy as np
import pytest

from amity.scaling import quiet_blas


def test_threads_are_given_back_after_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    held = [7]
    monkeypatch.setattr(quiet_blas, "_switch", lambda: (lambda: held[-1], held.append))
    with pytest.raises(ZeroDivisionError), quiet_blas.one_thread():
        held.append(held[-1] // 0)
    assert held == [7, 1, 7]


def test_another_library_than_openblas_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet_blas, "NAMES", ("nobody_{}_calls_it_so",))
    quiet_blas._switch.cache_clear()
    try:
        assert quiet_blas._switch() is None
        with quiet_blas.one_thread():
            assert np.ones(4) @ np.ones(4) == 4
    finally:
        quiet_blas._switch.cache_clear()
