r"""The generalised variance decomposition of a vector autoregression: descriptive, never an answer.

Of the variance of the errors in foreseeing series $i$ up to $H$ periods ahead, the share that goes with shocks to $j$,

$$\theta_{ij} = \frac{\sum_{h<H} (\Phi_h \Sigma)_{ij}^2 / \Sigma_{jj}}{\sum_{h<H} (\Phi_h \Sigma \Phi_h')_{ii}},$$

rows scaled to 100 (Pesaran and Shin 1998; Diebold and Yilmaz 2012, *Int. J. Forecasting* 28). Shocks that strike two
series together count for both, so that a common shock alone looks like the effect of one on the other: with shocks
correlated at one half and no effect at all it hands a sixth of one series to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amity.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["Autoregression", "decomposed", "fit"]


@dataclass(frozen=True, slots=True)
class Autoregression:
    """A vector autoregression with intercepts, by least squares."""

    lags: Floats
    """(lags, series, series) coefficients; row: the series that is foreseen."""
    shocks: Floats
    """(series, series) covariance of what is not foreseen."""


def fit(series: ArrayLike, lags: int = 1) -> Autoregression | None:
    """Fitted to (periods, series); a period with NaN among itself and its lags is left out. None if too few are left.

    >>> y = np.random.default_rng(1).normal(size=(500, 2))
    >>> bool(np.abs(fit(y).lags).max() < 0.15)
    True
    """
    y = np.asarray(series, float)
    if y.ndim != 2 or lags < 1:
        raise UsageError("an autoregression needs (periods, series) and a lag", "lay the series side by side")
    n, width = y.shape
    x = np.column_stack([np.ones(max(n - lags, 0)), *(y[lags - k : n - k] for k in range(1, lags + 1))])
    whole = np.isfinite(x).all(1) & np.isfinite(y[lags:]).all(1)
    x, y = x[whole], y[lags:][whole]
    if len(y) <= 2 * x.shape[1]:
        return None
    b = np.linalg.lstsq(x, y, rcond=None)[0]
    left = y - x @ b
    held: Floats = np.asarray(b[1:], np.float64).reshape(lags, width, width).transpose(0, 2, 1)
    return Autoregression(held, left.T @ left / (len(y) - x.shape[1]))


def decomposed(model: Autoregression, periods: int = 10) -> Floats:
    """(series, series) percent of the row's error variance that goes with shocks to the column's; rows add to 100.

    >>> still = Autoregression(np.zeros((1, 2, 2)), np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> decomposed(still)
    array([[80., 20.],
           [20., 80.]])
    """
    lags, width = len(model.lags), len(model.shocks)
    moves = [np.eye(width)]
    for h in range(1, periods):
        moves.append(np.sum([model.lags[k] @ moves[h - 1 - k] for k in range(min(lags, h))], axis=0))
    struck = np.array(moves) @ model.shocks
    own = np.einsum("hij,hij->i", struck, np.array(moves))
    share = (struck**2).sum(0) / np.diag(model.shocks) / own[:, None]
    return 100 * share / share.sum(1, keepdims=True)
