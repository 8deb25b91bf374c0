# pyright: basic
r"""Trust act by act: one pass over dated acts, compiled. Arrays only.

An act of $j$ towards $i$ on a day is co-operative ($y = 1$) or not. Some classes of act are foreseen (all, or deeds
alone, or words alone); the others are heard as well. With what was known the day before,

$$\eta = b + s + u + \beta m' + \gamma R,\qquad
T = E\,\sigma(\eta) \approx \sigma\big(\bar\eta / \sqrt{1 + \pi v / 8}\big)$$

for an act of a class that is foreseen; of one of the others $\eta + o$. That is on the scale of the coder of news from
whose acts the constants come: an act that another coder tells is foreseen, and learned from, by that one's habit, which
is learned beside (`trust_coders`).

* $s$: the level of the directed pair, learned slowly; $u$: its recent turn, which fades. Both are Gaussian with a mean
  and a variance; each relaxes to 0 and to its own stationary variance by its half-life. $v = \mathrm{Var}(s + u)$.
* $m'$: mean of $s + u$ of the other direction (reciprocity). $R = \sum w (y - \sigma(b)) / (\kappa + \sum w)$ over the
  days on which $j$ acted towards anybody but $i$, fading by a half-life (reputation); $b + o$ for the other classes.

The acts of a day move the mean of $\eta$ to the top of $-(\eta - \bar\eta)^2 / 2v + \sum_a \lambda_a \log p_a(\eta)$,
so by $v \sum_a \lambda_a (y_a - p_a(\hat\eta))$: learned weight times surprise, and the less the more is known. The
weight of an act of class $q$ among $n$ on the day is $\lambda_q / (1 + (n - 1)\rho)$: what comes together says less.
Variances shrink by Laplace's rule (West and Harrison 1997, chapter 14; Glickman 1999 for ratings) with
$\min(\lambda_q, 1)$ in place of $\lambda_q$: an act may move trust by more than one draw would, but makes nobody surer
than one draw. All acts of a day are foreseen before any is learned from, so that their order says nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from amity.engine.compiled import compiled
from amity.insight import trust_coders as coders
from amity.insight.trust_coders import Habits, Told
from amity.insight.trust_steps import MACKAY, forget, kept, moved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.engine.compiled import Floats, Whole

__all__ = ["Acts", "Constants", "Path", "asked_of", "chance", "follow", "logistic"]

COOPERATION = 2
"""The highest quad class that is co-operative."""
CLASSES = (1, 2, 3, 4)


class Acts(NamedTuple):
    """Dated acts as arrays, each act once, sorted by day and then by pair."""

    day: Whole
    """(acts,) day, counted from anywhere."""
    pair: Whole
    """(acts,) directed pair (who acts, towards whom), an index into `link`."""
    quad: Whole
    """(acts,) class: 1 verbal and 2 material co-operation, 3 verbal and 4 material conflict."""
    link: Whole
    """(pairs, 2) who acts, as an index from 0, and the index of the pair the other way round."""
    coder: Whole | None = None
    """(acts,) who tells of the act: 0 the coder on whose scale trust is, the others from 1. None: 0 tells of all."""

    def only(self, classes: Sequence[int]) -> Acts:
        """Those of some quad classes."""
        ours = np.isin(self.quad, classes)
        coder = None if self.coder is None else self.coder[ours]
        return Acts(self.day[ours], self.pair[ours], self.quad[ours], self.link, coder)


class Constants(NamedTuple):
    """What is learned. Half-lives are in months, deviations and effects in log-odds."""

    base: float
    """b, log-odds of a co-operative act where nothing is known of the pair."""
    level: float
    """Standard deviation of the level s over directed pairs."""
    turn: float
    """Standard deviation of the turn u."""
    level_half_life: float
    turn_half_life: float
    weight: tuple[float, float, float, float]
    """Weight of an act of quad class 1 to 4, in acts: 1 would be that of an independent draw."""
    together: float
    """How alike acts of a pair on one day are: 0 not at all, 1 wholly."""
    reciprocity: float
    """Log-odds for each log-odd of the other direction's state."""
    reputation: float
    """Log-odds for each unit of conduct towards others, a difference of shares."""
    reputation_prior: float
    """Partner-days that conduct towards others counts as unknown."""
    reputation_half_life: float
    other: float = 0.0
    """o, log-odds by which acts of the classes that are not foreseen are kinder."""


@dataclass(frozen=True, slots=True)
class Path:
    """Trust before each act, and the states asked for. Means and variances are of log-odds."""

    mean: Floats
    """(acts,) before the day of the act."""
    variance: Floats
    """(acts,)."""
    told_mean: Floats
    """(acts,) the same as the act's coder would tell it; of a class that is not foreseen with o."""
    told_variance: Floats
    """(acts,)."""
    seen: Floats
    """(acts,) acts of the directed pair before that day; here and below of classes that are foreseen."""
    asked_mean: Floats
    """(pairs asked, days asked) at the end of each day asked, that day's acts known."""
    asked_variance: Floats
    """As `asked_mean`."""
    asked_seen: Floats
    """(pairs asked, days asked) acts of the directed pair up to then."""
    asked_last: Whole
    """(pairs asked, days asked) day of the last of them; without meaning where there is none."""
    habits: Habits
    """What is known of coders after all acts."""

    @property
    def trust(self) -> Floats:
        """(acts,) chance that who tells of the act would call it co-operative, as known the day before."""
        return chance(self.told_mean, self.told_variance)


def chance(mean: Floats, variance: Floats) -> Floats:
    r"""Mean of $\sigma(\eta)$ over Gaussian log-odds, by MacKay's (1992) approximation, within 0.02 of the integral.

    >>> chance(np.array([0.0, 2.0]), np.array([1.0, 0.0])).round(3)
    array([0.5  , 0.881])
    """
    return logistic(mean / np.sqrt(1 + MACKAY * variance))


def logistic(x: Floats) -> Floats:
    """
    >>> logistic(np.array([-1e4, 0.0, 1e4]))
    array([0. , 0.5, 1. ])
    """
    return 0.5 * (1 + np.tanh(0.5 * x))


class _Law(NamedTuple):
    """Constants as the pass reads them: variances, and what is kept of each thing in a day."""

    base: float
    level: float
    turn: float
    keep_level: float
    keep_turn: float
    weight: Floats
    together: float
    reciprocity: float
    reputation: float
    prior: float
    keep: float
    other: float


class _State(NamedTuple):
    """What the pass has learned so far, each carried to a day of its own."""

    mean: Floats
    """(pairs, 2) of level and turn."""
    variance: Floats
    """(pairs, 3) of level, of turn, and their covariance."""
    at: Whole
    towards: Floats
    """(pairs, 2) a sender's conduct towards one: faded sum and count of days."""
    towards_at: Whole
    conduct: Floats
    """(senders, 2) towards all."""
    conduct_at: Whole
    seen: Floats
    last: Whole


class _Asked(NamedTuple):
    """Directed pairs and days asked, and (pairs, days, 4) what is told of them: mean, variance, acts seen, last day."""

    pairs: Whole
    days: Whole
    then: Floats


def _law(of: Constants) -> _Law:
    keep = [kept(life) for life in (of.level_half_life, of.turn_half_life, of.reputation_half_life)]
    ties = (of.together, of.reciprocity, of.reputation, of.reputation_prior)
    return _Law(
        of.base, of.level**2, of.turn**2, keep[0], keep[1], np.array(of.weight), *ties, keep[2], of.other
    )


def _blank(pairs: int, senders: int, law: _Law, first: int) -> _State:
    variance = np.zeros((pairs, 3))
    variance[:, 0], variance[:, 1] = law.level, law.turn
    return _State(
        np.zeros((pairs, 2)),
        variance,
        np.full(pairs, first),
        np.zeros((pairs, 2)),
        np.full(pairs, first),
        np.zeros((senders, 2)),
        np.full(senders, first),
        np.zeros(pairs),
        np.full(pairs, first),
    )


@compiled
def _fade(now: _State, law: _Law, p: int, day: int) -> None:
    """Carry the state of pair `p` to a day."""
    gap = float(day - now.at[p])
    if gap > 0.0:
        f, g = law.keep_level**gap, law.keep_turn**gap
        m, v = now.mean, now.variance
        m[p, 0] *= f
        m[p, 1] *= g
        v[p, 0] = law.level + (v[p, 0] - law.level) * f * f
        v[p, 1] = law.turn + (v[p, 1] - law.turn) * g * g
        v[p, 2] *= f * g
        now.at[p] = day


@compiled
def _look(now: _State, law: _Law, link: Whole, p: int, day: int) -> tuple[float, float]:
    """Mean and variance of the log-odds of pair `p` on a day, with what was known before it."""
    sender, back = link[p, 0], link[p, 1]
    _fade(now, law, p, day)
    _fade(now, law, back, day)
    forget(now.towards, now.towards_at, p, day, law.keep)
    forget(now.conduct, now.conduct_at, sender, day, law.keep)
    count = max(now.conduct[sender, 1] - now.towards[p, 1], 0.0)
    conduct = (now.conduct[sender, 0] - now.towards[p, 0]) / (law.prior + count)
    other = now.mean[back, 0] + now.mean[back, 1]
    offset = law.base + law.reciprocity * other + law.reputation * conduct
    v = now.variance[p]
    return offset + now.mean[p, 0] + now.mean[p, 1], v[0] + v[1] + 2.0 * v[2]


@compiled
def _learn(now: _State, p: int, r: float, push: float, shrink: float) -> None:
    """Move pair `p` by a push on log-odds of which the pair's own are the r-fold part."""
    v = now.variance
    a, b = r * (v[p, 0] + v[p, 2]), r * (v[p, 1] + v[p, 2])
    now.mean[p, 0] += a * push
    now.mean[p, 1] += b * push
    v[p, 0] -= a * a * shrink
    v[p, 1] -= b * b * shrink
    v[p, 2] -= a * b * shrink


@compiled
def _hear(now: _State, law: _Law, habits: Habits, p: int, eta: float, sums: Floats) -> None:
    """Learn from what coders tell of a pair's day: the first one, then the others one by one.

    Rows of `sums`, for each of them those of classes that are foreseen and of the others: the weights of good and of
    bad acts, and as how many draws they make sure.
    """
    v = now.variance
    wide, before = v[p, 0] + v[p, 1] + 2.0 * v[p, 2], now.mean[p, 0] + now.mean[p, 1]
    if wide <= 0.0:
        return
    if sums[0, 2] + sums[1, 2] > 0.0:
        push, shrink = moved(eta, wide, sums[:2], law.other)
        _learn(now, p, 1.0, push, shrink)
    for row in range(2, len(sums)):
        if sums[row, 2] > 0.0:
            x = eta + now.mean[p, 0] + now.mean[p, 1] - before + law.other * (row % 2)
            mean, wide = coders.as_told(habits, row, p, x, v[p, 0] + v[p, 1] + 2.0 * v[p, 2])
            push, shrink = moved(mean, wide, sums[row : row + 1], 0.0)
            _learn(now, p, habits.mean[row, 1], push, shrink)
            coders.learn_picture(habits, row, p, push, shrink)


@compiled
def _take(acts: Acts, now: _State, law: _Law, told: Told, habits: Habits, e: int, eta: float) -> int:
    """Learn from the acts of one pair on one day, the first of which is `e`; the act after the last one."""
    p, day, begin = acts.pair[e], acts.day[e], e
    sums, lean, heard, seen = np.zeros((len(habits.mean), 3)), 0.0, 0.0, 0.0
    while e < len(acts.day) and acts.day[e] == day and acts.pair[e] == p:
        row, good, weight = told.row[e], told.good[e], law.weight[acts.quad[e] - 1]
        draws = min(weight, 1.0)
        weight = draws if row > 1 else weight
        o, r, n = habits.mean[row, 0], habits.mean[row, 1], told.weight[e]
        usual = 1.0 / (1.0 + math.exp(-o - r * (law.base + law.other * (row % 2))))
        sums[row, 0] += weight * good * n
        sums[row, 1] += weight * (1.0 - good) * n
        sums[row, 2] += draws * n
        lean += r * (good - usual)
        heard += r
        seen += 1.0 - row % 2
        e += 1
    acted = float(e - begin)
    _hear(now, law, habits, p, eta, sums)
    sender = acts.link[p, 0]
    now.towards[p, 0] += lean / acted
    now.towards[p, 1] += heard / acted
    now.conduct[sender, 0] += lean / acted
    now.conduct[sender, 1] += heard / acted
    if seen > 0.0:
        now.seen[p] += seen
        now.last[p] = day
    return e


@compiled
def _foresee(acts: Acts, now: _State, law: _Law, told: Told, habits: Habits, e: int, out: Floats) -> int:
    """Fill `out` for the acts of the day of `e`, the first of it; the act after the last one."""
    day, begin = acts.day[e], e
    while e < len(acts.day) and acts.day[e] == day:
        p = acts.pair[e]
        if e > begin and acts.pair[e - 1] == p:
            out[e] = out[e - 1]
        else:
            out[e, 0], out[e, 1] = _look(now, law, acts.link, p, day)
            out[e, 2] = now.seen[p]
        row, v = told.row[e], out[e, 1]
        z = out[e, 0] + law.other * (row % 2)
        out[e, 5] = z
        if row > 1:
            coders.fade_picture(habits, row, p, day)
            more = coders.doubt(habits, row, z, v)
            z, v = coders.as_told(habits, row, p, z, v)
            v += more
        out[e, 3], out[e, 4] = z, v
        e += 1
    return e


@compiled
def _run(acts: Acts, told: Told, now: _State, law: _Law, habits: Habits, of: _Asked, out: Floats) -> None:
    """The pass. `out` (acts, 6) gets mean, variance, acts seen, mean and variance as told, and mean by class."""
    e, d = 0, 0
    while e < len(acts.day) or d < len(of.days):
        if d < len(of.days) and (e == len(acts.day) or of.days[d] < acts.day[e]):
            for k in range(len(of.pairs)):
                p = of.pairs[k]
                of.then[k, d, 0], of.then[k, d, 1] = _look(now, law, acts.link, p, of.days[d])
                of.then[k, d, 2], of.then[k, d, 3] = now.seen[p], now.last[p]
            d += 1
            continue
        begin = e
        stop = _foresee(acts, now, law, told, habits, e, out)
        if len(habits.mean) > 2:
            coders.learn_habits(habits, told, out, (begin, stop))
        while e < stop:
            e = _take(acts, now, law, told, habits, e, out[e, 0])


def follow(
    acts: Acts,
    of: Constants,
    asked: Whole | None = None,
    days: Whole | None = None,
    classes: Sequence[int] = CLASSES,
) -> Path:
    """Trust before each act, from earlier days alone, and at the end of some days for some directed pairs.

    `asked` are directed pairs, indices into the acts' `link`, and `days` the days at whose end their states are told,
    ascending; none of either if left out. `classes` are the quad classes that are foreseen.

    >>> of = Constants(1.0, 1.0, 1.0, 60.0, 3.0, (1.0, 1.0, 1.0, 1.0), 0.0, 0.0, 0.0, 1.0, 3.0)
    >>> acts = Acts(np.array([0, 30, 60]), np.array([0, 0, 0]), np.array([4, 4, 4]), np.array([[0, 1], [1, 0]]))
    >>> follow(acts, of).trust.round(2)
    array([0.68, 0.52, 0.44])
    """
    asked, days, first = asked_of(acts, asked, days)
    law, told = _law(of), _told(acts, of, classes)
    senders = int(acts.link[:, 0].max()) + 1 if len(acts.link) else 0
    many = 1 + int(told.row.max(initial=0)) // 2
    habits = coders.unmet(many, len(acts.link), first, law.level + law.turn, law.keep_level)
    now, out = _blank(len(acts.link), senders, law, first), np.empty((len(acts.day), 6))
    then = np.empty((len(asked), len(days), 4))
    _run(acts._replace(coder=None), told, now, law, habits, _Asked(asked, days, then), out)
    mean, variance, seen, *as_coded, _ = np.moveaxis(out, -1, 0)
    *states, last = np.moveaxis(then, -1, 0)
    return Path(mean, variance, *as_coded, seen, *states, last.astype(np.int64), habits)  # pyright: ignore[reportCallIssue]


def _told(acts: Acts, of: Constants, classes: Sequence[int]) -> Told:
    """Acts as coders tell them; one among n of a pair and day counts for 1 / (1 + (n - 1) ρ)."""
    coder = np.zeros_like(acts.day) if acts.coder is None else acts.coder
    fresh = np.flatnonzero((np.diff(acts.day, prepend=-1) != 0) | (np.diff(acts.pair, prepend=-1) != 0))
    n = np.diff(fresh, append=len(acts.day))
    weight = np.repeat(1 / (1 + (n - 1) * of.together), n)
    good = (acts.quad <= COOPERATION).astype(float)
    return Told(acts.pair, 2 * coder + ~np.isin(acts.quad, classes), good, weight)


def asked_of(acts: Acts, asked: Whole | None, days: Whole | None) -> tuple[Whole, Whole, int]:
    """What was asked, and the first day of all."""
    none = np.empty(0, np.int64)
    asked, days = none if asked is None else asked, none if days is None else days
    return asked, days, int(min([*acts.day[:1], *days[:1]], default=0))
