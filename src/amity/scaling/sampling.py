r"""The posterior itself: draws of every point and every item, in the scheme of the published sampler.

A sweep steps each item's cuts with the latent $z$ of its votes integrated out (Cowles 1996; Johnson and Albert 1999),
draws $z$ between the cuts that each vote says and, given them, each item's $\beta$ from its normal (Albert and Chib
1993); then every seat, all at once (Bailey, Strezhnev and Voeten 2017). Points are cut off at ±5 and put back to mean
0 and standard deviation 1, and items are not.

**What is carried from session to session.** A seat's prior stands not at the draw of the seat before it, as a Gibbs
sampler of the model would have it, but at that seat's *mean* given its votes, as the last sweep had it, before noise
and before points are put back (`carry="means"`). So the authors' code does, though the article does not say it, and
the level of whole sessions hangs on it: each sweep puts back points with their noise, two percent narrower than the
means, so that votes draw a session's level towards zero, and the means of the session before hold it up. Nothing else
says where the first sessions stand. `carry="draws"` takes the article at its word, with cuts drawn uniformly between
the votes that they part: it mixes badly and ends elsewhere (docs/decisions/0011 has the figures). Neither is a
sampler of a posterior that could be written down; what is kept is the published scheme, and that chains agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from amity.errors import UsageError
from amity.scaling.drawing import FURTHEST_CUT, STRIDE, carry_seats, move_items, move_seats, step_items
from amity.scaling.fitting import standardised
from amity.scaling.layout import NOBODY_ABSTAINED, NOBODY_NO, NOBODY_YES
from amity.scaling.ordered import FAR, MILLS, PHI
from amity.scaling.steps import seat_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from amity.scaling.fitting import Fit
    from amity.scaling.layout import RollCalls

    Array = NDArray[np.float64]

Carry = Literal["means", "draws"]
FURTHEST = 5.0
"""Where a draw of a point is cut off, as in the published sampler."""


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
    carry: Carry = "means",
    progress: Callable[[int], None] | None = None,
) -> Posterior:
    """Draws from the posterior, begun at a fast fit; the same seed gives the same draws on any number of
    threads.

    `draws` are kept a chain, every `thin`-th after the first `burn` sweeps; `carry` is what of a seat its next one
    starts from; `progress` is called with 1 after each sweep. Raises `UsageError` for fewer
    than 4 draws, or less than one chain.
    """
    if draws < 4 or burn < 0 or thin < 1 or chains < 1:
        raise UsageError(
            "too few draws to say anything", "ask for 4 draws or more, thin of 1 or more, 1 chain or more"
        )
    random = np.random.Generator(np.random.PCG64(seed)).spawn(chains)
    kept = np.empty((chains, draws, len(begin.theta)), dtype=np.float32)
    items = np.zeros((len(begin.items), 3))
    for chain, generator in enumerate(random):
        now = _Chain.begun(calls, begin, generator)
        if carry == "means":
            now.part_cuts()
        sweep_once = now.carry_means if carry == "means" else now.carry_draws
        for sweep in range(burn + draws * thin):
            sweep_once()
            after = sweep - burn
            if after >= 0 and after % thin == 0:
                kept[chain, after // thin] = now.theta
                items += now.items
            if progress:
                progress(1)
    items /= chains * draws
    items[calls.kind == NOBODY_NO, 2], items[calls.kind == NOBODY_YES, 1] = FAR, -FAR
    joined = calls.kind == NOBODY_ABSTAINED
    items[joined, 1:] = items[joined, 1:].mean(axis=1, keepdims=True)
    return Posterior(kept, items, r_hat(kept), effective(kept))


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


@dataclass(slots=True)
class _Chain:
    """Where a chain is: points, their means given their votes, items and latent votes, moved in place."""

    calls: RollCalls
    slack: Array
    generator: np.random.Generator
    theta: Array
    means: Array
    items: Array
    latent: Array

    @classmethod
    def begun(cls, calls: RollCalls, begin: Fit, generator: np.random.Generator) -> _Chain:
        """A chain at the fit, moved by as much again as it is uncertain."""
        noise = generator.standard_normal(len(begin.theta)) * np.sqrt(begin.spread)
        theta, latent = standardised(begin.theta + noise), np.empty(len(calls.seat_of))
        return cls(calls, begin.slack, generator, theta, theta.copy(), begin.items[:, :3].copy(), latent)

    def part_cuts(self) -> None:
        """Give every item two cuts within the bounds of the published sampler, also where only one was crossed."""
        edge, kind, cuts = 0.99 * FURTHEST_CUT, self.calls.kind, self.items[:, 1:]
        cuts[:] = np.clip(cuts, -edge, edge)
        cuts[kind == NOBODY_NO, 1] = np.clip(cuts[kind == NOBODY_NO, 0] + 2.0, 4.0, edge)
        cuts[kind == NOBODY_YES, 0] = np.clip(cuts[kind == NOBODY_YES, 1] - 2.0, -edge, -4.0)
        cuts[:, 1] = np.maximum(cuts[:, 1], cuts[:, 0] + 1e-3)

    def carry_means(self) -> None:
        """A sweep of the published code."""
        calls, many, votes = self.calls, len(self.items), len(self.latent)
        uniform, chance = self.generator.random(votes), self.generator.random((many, 3))
        step_items(
            calls.item_runs,
            calls.seat_of,
            calls.times,
            self.theta,
            PHI,
            STRIDE,
            self.items,
            uniform,
            self.generator.standard_normal(many),
            chance,
            self.latent,
        )
        means = np.empty_like(self.means)
        carry_seats(
            calls.state_start,
            calls.seat_runs,
            calls.item_of,
            calls.place,
            self.slack,
            self.items,
            self.latent,
            self.generator.standard_normal(len(means)),
            self.means,
            means,
            self.theta,
        )
        self.means, self.theta = means, standardised(np.clip(self.theta, -FURTHEST, FURTHEST))

    def carry_draws(self) -> None:
        """A sweep of the article."""
        calls, many, votes = self.calls, len(self.items), len(self.latent)
        uniform = self.generator.random(votes)
        normal = self.generator.standard_normal(many + len(self.theta))
        cuts = self.generator.random((many, 2))
        move_items(
            calls.item_runs,
            calls.seat_of,
            calls.kind,
            calls.times,
            self.theta,
            self.items,
            uniform,
            normal[:many],
            cuts,
            self.latent,
        )
        move_seats(
            calls.state_start,
            calls.seat_runs,
            calls.item_of,
            calls.place,
            self.slack,
            self.items,
            self.latent,
            normal[many:],
            self.theta,
        )
        self.theta = standardised(self.theta)


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
