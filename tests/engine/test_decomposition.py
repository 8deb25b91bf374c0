"""The generalised variance decomposition, shown and never believed."""

from __future__ import annotations

import numpy as np
import pytest

from amity.engine.decomposition import Autoregression, decomposed, fit
from amity.errors import UsageError

MODEL = Autoregression(
    np.array([
        [[0.5, 0.1, 0.15], [0.0, 0.4, 0.2], [0.1, -0.1, 0.3]],
        [[0.1, 0.0, 0.05], [0.1, 0.1, 0.0], [0.0, 0.05, -0.1]],
    ]),
    np.array([[1.0, 0.5, 0.3], [0.5, 1.5, 0.2], [0.3, 0.2, 0.8]]),
)  # fmt: skip


def lived(model: Autoregression, shock: np.ndarray, periods: int) -> np.ndarray:
    """(periods, series) what follows a shock, the recursion lived through."""
    lags, path = len(model.lags), [shock]
    for h in range(1, periods):
        path.append(sum(model.lags[k] @ path[h - 1 - k] for k in range(min(lags, h))))
    return np.array(path)


def test_it_agrees_with_another_implementation() -> None:
    # diebold-yilmaz 0.1.0 (PyPI): connectedness(ma_coefficients(lags, 10), shocks, horizon=10).table
    expected = [
        [67.16547204, 17.31647116, 15.51805681],
        [18.43867019, 73.51346983, 8.04785998],
        [11.5023703, 2.88822464, 85.60940505],
    ]
    np.testing.assert_allclose(decomposed(MODEL, 10), expected, atol=1e-8)


def test_from_a_series_to_the_table_it_agrees_with_another_implementation() -> None:
    # Four lags and ten periods, as Diebold and Yilmaz (2012) take. pyconnectedness 0.1.0 (PyPI; statsmodels' VAR):
    # static_connectedness(series, horizon=10, method="generalized", lags=4).fevd. Their own series may not be passed on.
    rng = np.random.default_rng(2012)
    y = np.zeros((2771, 4))
    for t in range(1, len(y)):
        shock = rng.normal(size=4) + 0.5 * rng.normal()
        y[t] = 0.6 * y[t - 1] + 0.1 * y[t - 1, [3, 0, 1, 2]] + shock
    expected = [
        [80.325495, 3.071587, 4.234837, 12.368081],
        [8.217367, 84.292343, 3.577555, 3.912734],
        [4.097686, 7.951048, 83.646652, 4.304613],
        [4.928182, 4.133018, 7.305203, 83.633597],
    ]
    found = fit(y, 4)
    assert found is not None
    np.testing.assert_allclose(decomposed(found, 10), expected, atol=1e-6)


def test_it_is_what_follows_typical_shocks_to_each_series_squared() -> None:
    deviation = np.sqrt(np.diag(MODEL.shocks))
    follows = np.stack([lived(MODEL, MODEL.shocks[:, j] / deviation[j], 6) for j in range(3)])
    root = np.linalg.cholesky(MODEL.shocks)
    error = sum((lived(MODEL, root[:, j], 6) ** 2).sum(0) for j in range(3))
    share = (follows**2).sum(1).T / error[:, None]
    np.testing.assert_allclose(decomposed(MODEL, 6), 100 * share / share.sum(1, keepdims=True))


def test_series_that_share_nothing_keep_all_their_variance() -> None:
    apart = Autoregression(np.array([np.diag([0.9, 0.2])]), np.diag([1.0, 5.0]))
    np.testing.assert_allclose(decomposed(apart), 100 * np.eye(2))


def test_a_common_shock_alone_looks_like_an_effect() -> None:
    rng = np.random.default_rng(1)
    y = np.sqrt(0.5) * (rng.normal(size=(3000, 2)) + rng.normal(size=(3000, 1)))
    model = fit(y)
    assert model is not None
    assert decomposed(model)[0, 1] == pytest.approx(20.0, abs=2)


def test_an_autoregression_is_recovered_and_holes_in_it_are_left_out() -> None:
    rng = np.random.default_rng(2)
    y = np.zeros((20_000, 3))
    root = np.linalg.cholesky(MODEL.shocks)
    for t in range(2, len(y)):
        y[t] = MODEL.lags[0] @ y[t - 1] + MODEL.lags[1] @ y[t - 2] + root @ rng.normal(size=3)
    y[5000:5100, 1] = np.nan
    found = fit(y, 2)
    assert found is not None
    np.testing.assert_allclose(found.lags, MODEL.lags, atol=0.04)
    np.testing.assert_allclose(found.shocks, MODEL.shocks, atol=0.06)


def test_too_few_periods_have_no_autoregression() -> None:
    assert fit(np.zeros((5, 3)), 2) is None
    with pytest.raises(UsageError):
        fit(np.zeros(9))
