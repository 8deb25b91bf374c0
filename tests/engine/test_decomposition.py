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


# Least squares by `fit` (four lags) on the daily log volatilities of Diebold and Yilmaz (2012): S&P 500, 10-year Treasury,
# DJ-UBS commodities, dollar index, 25 January 1999 to 29 January 2010, 2,767 rows. The series are not passed on.
VOLATILITIES = Autoregression(
    np.array([
        [
            [0.18351, -0.02424, -0.00363, 0.02200], [0.06815, 0.16377, 0.05259, 0.00433],
            [-0.02277, 0.09819, 0.18335, 0.04829], [0.06467, -0.01931, 0.02517, 0.06996],
        ],
        [
            [0.27415, 0.00279, -0.01080, 0.00403], [0.02551, 0.17472, 0.02493, 0.01397],
            [-0.01329, -0.01313, 0.20741, 0.04420], [0.03590, -0.02073, 0.01067, 0.20848],
        ],
        [
            [0.20251, 0.03607, -0.01581, 0.00078], [0.04135, 0.12990, -0.04314, 0.01185],
            [-0.04983, 0.00460, 0.18520, -0.03752], [-0.01250, 0.03781, -0.00394, 0.18186],
        ],
        [
            [0.16205, 0.03337, -0.00296, -0.00073], [-0.02608, 0.21860, 0.03913, -0.02750],
            [-0.03025, 0.06024, 0.15604, 0.03872], [-0.01551, 0.05072, 0.01667, 0.11442],
        ],
    ]),
    np.array([
        [0.69407, 0.19866, 0.07544, 0.12526], [0.19866, 0.88774, 0.06681, 0.19003],
        [0.07544, 0.06681, 1.42713, 0.06423], [0.12526, 0.19003, 0.06423, 0.72200],
    ]),
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


def test_it_gives_the_table_that_diebold_and_yilmaz_published() -> None:
    table = decomposed(VOLATILITIES, 10)
    published = [
        [88.76, 7.29, 0.35, 3.61],
        [10.21, 81.45, 2.73, 5.61],
        [0.47, 3.70, 93.69, 2.14],
        [5.69, 7.03, 1.55, 85.73],
    ]
    np.testing.assert_allclose(table, published, rtol=0, atol=0.005)
    to_others = table.sum(0) - np.diag(table)
    np.testing.assert_allclose(to_others, [16.37, 18.01, 4.62, 11.36], rtol=0, atol=0.005)
    assert to_others.sum() / 4 == pytest.approx(12.59, abs=0.005)


def test_from_a_series_to_the_table_it_agrees_with_another_implementation() -> None:
    # pyconnectedness 0.1.0 (PyPI; statsmodels' VAR): static_connectedness(series, horizon=10, method="generalized", lags=4).fevd
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
