r"""Series of a pair and its third powers from dated acts: what is foreseen, and what is known to foresee it from.

Acts between some states in some direction have by period $n$ acts, $c$ of them co-operative. Their **level** is a
discounted share, and their **news** what a period said beyond it,

$$L_t = \frac{\kappa p_0 + \sum_{s \le t} \lambda^{t-s} c_s}{\kappa + \sum_{s \le t} \lambda^{t-s} n_s},\qquad
z_t = \frac{c_t - n_t L_{t-1}}{n_t + \nu},$$

so that volume gives precision, never warmth: a period without acts brings no news, and is no outcome either. An
outcome is the share $c_t / n_t$ with the precision $n_t / (n_t + \nu)$, as acts of a period are alike. Outside the
days of which a source speaks nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from amity.engine.shadowing import Seen
from amity.errors import UsageError
from amity.evidence.event_days import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from amity.evidence.event_days import Span

    Floats = NDArray[np.float64]

__all__ = ["Step", "Tallies", "backward", "described_series", "forward", "starts_of", "tally"]

Step = Literal["week", "month"]

TRUNCATE: dict[Step, str] = {"week": "1w", "month": "1mo"}
HALF_LIFE: dict[Step, float] = {"week": 26.0, "month": 6.0}
"""Periods in which an act loses half its weight for the level: half a year."""
USUAL, USUAL_ACTS = 0.8, 10.0
"""What a level is before anything is known, and the acts that counts for."""
ALIKE = 3.0
"""ν: with so many acts a period says half of what it could say with any number, as acts of a period are alike."""


@dataclass(frozen=True, slots=True)
class Tallies:
    """Acts by period: the last axis of each array is co-operative acts, then all acts."""

    starts: tuple[date, ...]
    """First day of each period."""
    covered: NDArray[np.bool_]
    """(periods,) whether the source speaks of every day."""
    step: Step
    pair: Floats
    """(2, periods, 2) what the first does to the second, and the second to the first."""
    thirds: tuple[int, ...]
    """Codes of all other states, ascending: the first axis of what follows."""
    sent: Floats
    """(thirds, 2, periods, 2) what each does to the first and to the second."""
    received: Floats
    """(thirds, 2, periods, 2) what the first and the second do to each."""
    elsewhere: Floats
    """(thirds, periods, 2) acts between each and all states but the two, both ways."""
    world: Floats
    """(periods, 2) acts among all states but the two."""


def starts_of(days: Sequence[Span], step: Step) -> tuple[tuple[date, ...], NDArray[np.bool_]]:
    """First days of all periods from the first to the last of which spells speak, and whether they speak of all of it.

    >>> from datetime import date
    >>> starts, whole = starts_of([(date(2014, 1, 1), date(2014, 1, 26))], "week")
    >>> starts[0], whole.tolist()
    (datetime.date(2013, 12, 30), [False, True, True, True])
    """
    spells = joined(days)
    if not spells:
        return (), np.zeros(0, bool)
    every = pl.date_range(spells[0][0], spells[-1][1], "1d", eager=True)
    spoken = pl.concat([pl.date_range(a, b, "1d", eager=True) for a, b in spells])
    start = pl.DataFrame({"day": every}).select("day", start=pl.col("day").dt.truncate(TRUNCATE[step]))
    length = pl.col("start").dt.offset_by(TRUNCATE[step]) - pl.col("start")
    told = (
        start.with_columns(spoken=pl.col("day").is_in(spoken.implode()))
        .group_by("start")
        .agg(pl.col("spoken").sum())
        .sort("start")
        .with_columns(whole=pl.col("spoken") == length.dt.total_days())
    )
    return tuple(told["start"].to_list()), told["whole"].to_numpy()


def tally(
    acts: pl.DataFrame, pair: tuple[int, int], days: Sequence[Span], step: Step, thirds: Iterable[int] = ()
) -> Tallies:
    """Count acts (`date, ccode_from, ccode_to, quad`, in any order) around a pair; `thirds` are there without any.

    Raises `UsageError` where the two are the same state.
    """
    if pair[0] == pair[1]:
        raise UsageError("a pair of one state was asked for", "name two states")
    starts, covered = starts_of(days, step)
    index = pl.DataFrame({"start": starts}, schema={"start": pl.Date}).with_row_index("period")
    told = (
        acts.with_columns(start=pl.col("date").dt.truncate(TRUNCATE[step]))
        .filter(pl.col("ccode_from") != pl.col("ccode_to"))
        .join(index, on="start")
        .group_by("ccode_from", "ccode_to", "period")
        .agg(good=(pl.col("quad") <= 2).sum(), all=pl.len())
    )
    told = told.filter(pl.col("period").is_in(np.flatnonzero(covered).tolist()))
    codes = sorted({*told["ccode_from"], *told["ccode_to"], *thirds} - set(pair))
    of = {code: n for n, code in enumerate([*pair, *codes])}
    one, two = (
        told[name].replace_strict(of, return_dtype=pl.Int64).to_numpy() for name in ("ccode_from", "ccode_to")
    )
    when = told["period"].to_numpy()
    count = told.select(pl.col("good", "all").cast(pl.Float64)).to_numpy()

    def summed(chosen: NDArray[np.bool_], *at: NDArray[np.int64], shape: tuple[int, ...]) -> Floats:
        out = np.zeros((*shape, len(starts), 2))
        np.add.at(out, (*(axis[chosen] for axis in at), when[chosen]), count[chosen])
        return out

    others, far = len(codes), (one >= 2) & (two >= 2)
    return Tallies(
        starts,
        covered,
        step,
        summed((one < 2) & (two < 2), one, shape=(2,)),
        tuple(codes),
        summed((one >= 2) & (two < 2), one - 2, two, shape=(others, 2)),
        summed((one < 2) & (two >= 2), two - 2, one, shape=(others, 2)),
        summed(far, one - 2, shape=(others,)) + summed(far, two - 2, shape=(others,)),
        summed(far, shape=()),
    )


def news(counts: Floats, step: Step) -> tuple[Floats, Floats]:
    """News and level (periods,) of acts (periods, 2), each period's from itself and earlier ones.

    >>> z, level = news(np.array([[8.0, 10.0], [0.0, 0.0], [0.0, 2.0]]), "week")
    >>> z.round(2).tolist(), level.round(2).tolist()
    ([0.0, 0.0, -0.32], [0.8, 0.8, 0.73])
    """
    keep = 0.5 ** (1 / HALF_LIFE[step])
    z, level = np.empty(len(counts)), np.empty(len(counts))
    good, every, before = 0.0, 0.0, USUAL
    for t, (c, n) in enumerate(counts.tolist()):
        z[t] = (c - n * before) / (n + ALIKE)
        good, every = keep * good + c, keep * every + n
        before = level[t] = (USUAL_ACTS * USUAL + good) / (USUAL_ACTS + every)
    return z, level


def outcome(counts: Floats) -> tuple[Floats, Floats]:
    """Share of co-operative acts, NaN in periods without acts, and its precision."""
    n = counts[:, 1]
    share = np.divide(counts[:, 0], n, out=np.full(len(n), np.nan), where=n > 0)
    return share, n / (n + ALIKE)


def forward(tallies: Tallies, third: int) -> Seen:
    """The pair as it is foreseen with and without a third power, an index into `thirds`.

    Base: news and level of the pair, news of what the two have with all others, news of the world beyond, the third
    power left out of both. Added: news of what it does to the two, and of what they do to it.
    """
    sent, received = tallies.sent[third].sum(0), tallies.received[third].sum(0)
    others = tallies.sent.sum((0, 1)) + tallies.received.sum((0, 1)) - sent - received
    world = tallies.world - tallies.elsewhere[third]
    both = tallies.pair.sum(0)
    step = tallies.step
    return _seen(
        tallies, both, [*news(both, step), news(others, step)[0], news(world, step)[0]], [sent, received]
    )


def backward(tallies: Tallies, third: int) -> Seen:
    """What a third power does to the two as it is foreseen with and without the pair.

    Base: news and level of it, news of what the two do to it, of what it has with all others, of the world beyond.
    Added: news of what the first does to the second, and the second to the first.
    """
    sent, step = tallies.sent[third].sum(0), tallies.step
    shocks = [
        tallies.received[third].sum(0),
        tallies.elsewhere[third],
        tallies.world - tallies.elsewhere[third],
    ]
    base = [*news(sent, step), *(news(counts, step)[0] for counts in shocks)]
    return _seen(tallies, sent, base, list(tallies.pair))


def _seen(tallies: Tallies, of: Floats, base: list[Floats], added: list[Floats]) -> Seen:
    y, weight = outcome(of)
    known = np.where(tallies.covered, 0.0, np.nan)
    columns = [news(counts, tallies.step)[0] for counts in added]
    own, third = (np.column_stack(one) + known[:, None] for one in (base, columns))
    return Seen(y + known, weight, own, third, USUAL * (1 - USUAL) / ALIKE)


def described_series(tallies: Tallies, third: int) -> Floats:
    """(periods, 3) news of the pair, of what the third power does to the two, and of what they do to it."""
    known = np.where(tallies.covered, 0.0, np.nan)
    counts = [tallies.pair.sum(0), tallies.sent[third].sum(0), tallies.received[third].sum(0)]
    return np.column_stack([news(one, tallies.step)[0] for one in counts]) + known[:, None]
