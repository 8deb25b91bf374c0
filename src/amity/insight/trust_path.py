# pyright: basic
r"""Trust act by act: one pass over dated acts, compiled. Arrays only.

An act of $j$ towards $i$ on a day is co-operative ($y = 1$) or not. Some classes of act are foreseen (all, or deeds
alone, or words alone); the others are heard as well. With what was known the day before,

$$\eta = b + s + u + \beta m' + \gamma R,\qquad
T = E\,\sigma(\eta) \approx \sigma\big(\bar\eta / \sqrt{1 + \pi v / 8}\big)$$

for an act of a class that is foreseen; of one of the others $\eta + o$.

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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.engine.compiled import Floats, Whole

__all__ = ["Acts", "Constants", "Path", "asked_of", "chance", "follow", "forget", "kept", "logistic"]

MONTH = 365.2425 / 12
"""Days in a month."""
COOPERATION = 2
"""The highest quad class that is co-operative."""
CLASSES = (1, 2, 3, 4)
STEPS = 60
"""Newton's steps at most to the mode of a day; three or four are usual."""
CLOSE = 1e-10
"""They end with one that is shorter."""
MACKAY = math.pi / 8


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

    def only(self, classes: Sequence[int]) -> Acts:
        """Those of some quad classes."""
        ours = np.isin(self.quad, classes)
        return Acts(self.day[ours], self.pair[ours], self.quad[ours], self.link)


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

    @property
    def trust(self) -> Floats:
        """(acts,) chance that an act of a class that is foreseen would be co-operative, as known the day before."""
        return chance(self.mean, self.variance)


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
    usual: float
    other: float
    usual_other: float
    aside: Whole
    """(4,) 0 for each class that is foreseen, 1 for the others."""


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


def _law(of: Constants, classes: Sequence[int]) -> _Law:
    keep = [kept(life) for life in (of.level_half_life, of.turn_half_life, of.reputation_half_life)]
    usual, usual_other = (1 / (1 + math.exp(-at)) for at in (of.base, of.base + of.other))
    aside = np.array([int(quad not in classes) for quad in CLASSES])
    ties = (of.together, of.reciprocity, of.reputation, of.reputation_prior)
    return _Law(
        of.base,
        of.level**2,
        of.turn**2,
        keep[0],
        keep[1],
        np.array(of.weight),
        *ties,
        keep[2],
        usual,
        of.other,
        usual_other,
        aside,
    )


def kept(half_life: float) -> float:
    """What is left of something after a day, its half-life in months."""
    return 0.5 ** (1 / (MONTH * half_life))


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
def forget(sums: Floats, at: Whole, k: int, day: int, keep: float) -> None:
    """Carry a faded sum and count to a day."""
    f = keep ** float(day - at[k])
    sums[k, 0] *= f
    sums[k, 1] *= f
    at[k] = day


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
def _mode(start: float, v: float, told: Floats, other: float) -> float:
    """Where -(x - start)²/2v + Σ good·log σ(x + o) + bad·log σ(-x - o) is highest: Newton's steps, halving where they
    leave. Rows of `told`: good and bad of classes that are foreseen (o is 0), and of the others."""
    low, high = start - v * (told[0, 1] + told[1, 1]), start + v * (told[0, 0] + told[1, 0])
    x = start
    for _ in range(STEPS):
        slope, bend = (start - x) / v, 1.0 / v
        for k in range(2):
            p, weight = 1.0 / (1.0 + math.exp(-x - k * other)), told[k, 0] + told[k, 1]
            slope += told[k, 0] - weight * p
            bend += weight * p * (1.0 - p)
        if slope > 0.0:
            low = x
        else:
            high = x
        step = slope / bend
        x = x + step if low <= x + step <= high else 0.5 * (low + high)
        if abs(step) < CLOSE:
            break
    return x


@compiled
def _learn(now: _State, p: int, eta: float, told: Floats, other: float) -> None:
    """Move pair `p` by a day's acts, given its log-odds before. Rows of `told`: of classes that are foreseen and of the
    others the weights of good and of bad acts, and as how many draws they make sure."""
    v = now.variance
    a, b = v[p, 0] + v[p, 2], v[p, 1] + v[p, 2]
    wide = a + b
    if wide <= 0.0:
        return
    x = _mode(eta, wide, told, other)
    g, h = (x - eta) / wide, 0.0
    for k in range(2):
        q = 1.0 / (1.0 + math.exp(-x - k * other))
        h += told[k, 2] * q * (1.0 - q)
    now.mean[p, 0] += a * g
    now.mean[p, 1] += b * g
    shrink = h / (1.0 + h * wide)
    v[p, 0] -= a * a * shrink
    v[p, 1] -= b * b * shrink
    v[p, 2] -= a * b * shrink


@compiled
def _take(acts: Acts, now: _State, law: _Law, e: int, eta: float) -> int:
    """Learn from the acts of one pair on one day, the first of which is `e`; the act after the last one."""
    p, day, begin = acts.pair[e], acts.day[e], e
    told, lean, seen = np.zeros((2, 3)), 0.0, 0.0
    while e < len(acts.day) and acts.day[e] == day and acts.pair[e] == p:
        quad = acts.quad[e]
        weight, k = law.weight[quad - 1], law.aside[quad - 1]
        good = 1.0 if quad <= COOPERATION else 0.0
        told[k, 0] += weight * good
        told[k, 1] += weight * (1.0 - good)
        told[k, 2] += min(weight, 1.0)
        lean += good - (law.usual_other if k else law.usual)
        seen += 1.0 - k
        e += 1
    n = float(e - begin)
    _learn(now, p, eta, told / (1.0 + (n - 1.0) * law.together), law.other)
    sender = acts.link[p, 0]
    now.towards[p, 0] += lean / n
    now.towards[p, 1] += 1.0
    now.conduct[sender, 0] += lean / n
    now.conduct[sender, 1] += 1.0
    if seen > 0.0:
        now.seen[p] += seen
        now.last[p] = day
    return e


@compiled
def _run(acts: Acts, now: _State, law: _Law, asked: Whole, days: Whole, out: Floats, told: Floats) -> None:
    """The pass. `out` (acts, 3) gets mean, variance, acts seen; `told` (asked, days, 4) those and the last day."""
    e, d = 0, 0
    while e < len(acts.day) or d < len(days):
        if d < len(days) and (e == len(acts.day) or days[d] < acts.day[e]):
            for k in range(len(asked)):
                p = asked[k]
                told[k, d, 0], told[k, d, 1] = _look(now, law, acts.link, p, days[d])
                told[k, d, 2], told[k, d, 3] = now.seen[p], now.last[p]
            d += 1
            continue
        day, begin = acts.day[e], e
        while e < len(acts.day) and acts.day[e] == day:
            p = acts.pair[e]
            if e > begin and acts.pair[e - 1] == p:
                out[e] = out[e - 1]
            else:
                out[e, 0], out[e, 1] = _look(now, law, acts.link, p, day)
                out[e, 2] = now.seen[p]
            e += 1
        stop, e = e, begin
        while e < stop:
            e = _take(acts, now, law, e, out[e, 0])


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
    law = _law(of, classes)
    senders = int(acts.link[:, 0].max()) + 1 if len(acts.link) else 0
    out, told = np.empty((len(acts.day), 3)), np.empty((len(asked), len(days), 4))
    _run(acts, _blank(len(acts.link), senders, law, first), law, asked, days, out, told)
    mean, variance, seen = np.moveaxis(out, -1, 0)
    asked_mean, asked_variance, asked_seen, last = np.moveaxis(told, -1, 0)
    return Path(mean, variance, seen, asked_mean, asked_variance, asked_seen, last.astype(np.int64))


def asked_of(acts: Acts, asked: Whole | None, days: Whole | None) -> tuple[Whole, Whole, int]:
    """What was asked, and the first day of all."""
    none = np.empty(0, np.int64)
    asked, days = none if asked is None else asked, none if days is None else days
    return asked, days, int(min([*acts.day[:1], *days[:1]], default=0))
