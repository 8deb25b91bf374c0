r"""The posterior itself, by the published sampler: draws of every point and every item (Albert and Chib 1993).

A sweep draws, for every vote, the latent $z$ between the cuts that its vote says; given them, each item's
$\beta$ from its normal, and each cut uniformly between the votes that it parts; then every seat, in the order
of time, from its normal given the seat before it (Bailey, Strezhnev and Voeten 2017). After each sweep points
are put back to mean 0 and standard deviation 1, and items are not. **That step is part of the model.** The
one-sided prior by itself has no proper posterior: a bloc that always votes together at an end can drift outwards
for ever. What holds it is that each sweep shrinks all points by the half percent by which they would spread.
Samplers of the same densities that mix better, or that move the items along, end elsewhere (docs/decisions/0011
has the figures), so that these draws are exact for this scheme, not for a prior that could be written down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from amity.errors import UsageError
from amity.scaling.drawing import move_items, move_seats
from amity.scaling.fitting import standardised
from amity.scaling.ordered import MILLS, PHI
from amity.scaling.steps import seat_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from amity.scaling.fitting import Fit
    from amity.scaling.layout import RollCalls

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Posterior:
    """Draws of the points, and how far they can be trusted."""

    draws: NDArray[np.float32]
    """(chains, kept, N) points, each draw with mean 0 and standard deviation 1."""
    items: Array
    """(J, 3) posterior means of β and the two cuts."""
    r_hat: Array
    """(N,) split R̂ of each point (Gelman and others 2013, section 11.4): 1 where chains and their halves
    agree."""
    effective: Array
    """(N,) effective number of draws behind each mean, from the spread of batch means."""

    @property
    def theta(self) -> Array:
        """(N,) posterior means."""
        return self.draws.mean(axis=(0, 1), dtype=np.float64)

    @property
    def variance(self) -> Array:
        """(N,) posterior variances."""
        return self.draws.reshape(-1, self.draws.shape[2]).var(axis=0, dtype=np.float64)


def sample(
    calls: RollCalls,
    begin: Fit,
    seed: int,
    *,
    draws: int = 500,
    burn: int = 100,
    thin: int = 1,
    chains: int = 2,
    progress: Callable[[int], None] | None = None,
) -> Posterior:
    """Draws from the posterior, begun at a fast fit; the same seed gives the same draws on any number of
    threads.

    `draws` are kept a chain, every `thin`-th after the first `burn` sweeps; `progress` is called with 1 after
    each sweep. Raises `UsageError` for fewer than 4 draws, or less than one chain.
    """
    if draws < 4 or burn < 0 or thin < 1 or chains < 1:
        raise UsageError(
            "too few draws to say anything", "ask for 4 draws or more, thin of 1 or more, 1 chain or more"
        )
    random = np.random.Generator(np.random.PCG64(seed)).spawn(chains)
    kept = np.empty((chains, draws, len(begin.theta)), dtype=np.float32)
    items, latent = np.zeros((len(begin.items), 3)), np.empty(len(calls.seat_of))
    for chain, generator in enumerate(random):
        theta = _scattered(begin, generator)
        now = begin.items[:, :3].copy()
        for sweep in range(burn + draws * thin):
            _sweep(calls, begin.slack, theta, now, latent, generator)
            after = sweep - burn
            if after >= 0 and after % thin == 0:
                kept[chain, after // thin] = theta
                items += now
            if progress:
                progress(1)
    return Posterior(kept, items / (chains * draws), r_hat(kept), effective(kept))


def as_fit(calls: RollCalls, begin: Fit, drawn: Posterior) -> Fit:
    """The posterior means in the place of a fit's, with each seat's variance given its items and the seat
    before it."""
    items = begin.items.copy()
    items[:, :3] = drawn.items
    told = np.empty((len(begin.theta), 3))
    seat_step(calls.seat_runs, calls.item_of, drawn.theta, items, PHI, MILLS, told)
    given = 1 / (told[:, 1] + 1 / begin.slack)
    sweeps = drawn.draws.shape[0] * drawn.draws.shape[1]
    carried = np.where(begin.carried > 0, given / begin.slack, 0.0)
    return replace(begin, theta=drawn.theta, spread=given, carried=carried, items=items, rounds=sweeps)


def _scattered(begin: Fit, generator: np.random.Generator) -> Array:
    """Where a chain starts: the fit, moved by as much again as it is uncertain."""
    theta = begin.theta + generator.standard_normal(len(begin.theta)) * np.sqrt(begin.spread)
    return standardised(theta)


def _sweep(
    calls: RollCalls, slack: Array, theta: Array, items: Array, latent: Array, generator: np.random.Generator
) -> None:
    """Draw every latent z, item and seat once, in place."""
    many = len(items)
    uniform, normal = generator.random(len(latent)), generator.standard_normal(many + len(theta))
    cuts = generator.random((many, 2))
    move_items(
        calls.item_runs,
        calls.seat_of,
        calls.kind,
        calls.times,
        theta,
        items,
        uniform,
        normal[:many],
        cuts,
        latent,
    )
    move_seats(
        calls.state_start,
        calls.seat_runs,
        calls.item_of,
        calls.place,
        slack,
        items,
        latent,
        normal[many:],
        theta,
    )
    theta[:] = standardised(theta)


def r_hat(draws: NDArray[np.floating]) -> Array:
    """(N,) split R̂ of (chains, kept, N) draws: total over within-half standard deviation."""
    half = draws.shape[1] // 2
    split = np.concatenate([draws[:, :half], draws[:, half : 2 * half]]).astype(np.float64)
    within = split.var(axis=1, ddof=1).mean(axis=0)
    between_means = split.mean(axis=1).var(axis=0, ddof=1)
    return np.sqrt((half - 1) / half + between_means / within)


def effective(draws: NDArray[np.floating], batches: int = 10) -> Array:
    """(N,) effective number of (chains, kept, N) draws: their variance over that of the mean, from batch
    means."""
    many = min(batches, draws.shape[1] // 2)
    length = draws.shape[1] // many
    means = draws[:, : many * length].reshape(-1, length, draws.shape[2]).mean(axis=1, dtype=np.float64)
    total = draws.reshape(-1, draws.shape[2]).var(axis=0, dtype=np.float64)
    return np.minimum(total / (means.var(axis=0, ddof=1) / len(means)), draws.shape[0] * draws.shape[1])
