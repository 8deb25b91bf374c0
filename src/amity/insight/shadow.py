r"""The shadow of a third power over a pair: what knowing its acts and dealings with the two adds to foreseeing them.

The pair's share of co-operative acts in a week or month is foreseen from its own past, from what the two have with all
others and from the world's news; and once more with what the third power did to the two and they to it. The gain out
of sample is the shadow, in nats of log score and in CRPS, by horizon. It is told both ways (the pair after the third
power, the third power after the pair), in rolling windows, and beside the same for **every other state that has
dealings with both**: a shadow that any bystander casts is no shadow. None of it says what caused what.

The verdict rests on the first horizon and was fixed in simulated worlds: `adds` where the Wald test of presence has
$p < 0.05$ and the mean gain is above 0; where all bystanders lean the same way, $p$ must lie below what that leaves of
0.05 (`shadowing.held_to`). Where that is not so, and a third power that moves the pair by 0.15 standard
deviations would be found with a chance below 0.6, it is `cannot be told`, with the number of periods that would do.
`benchmarks/shadow.py` measured, of 300 worlds of 300 periods with each of five seeds, beside eight bystanders:
`adds` in 4 to 5 % with no effect, in 3 to 4 % with a common shock alone, in 63 to 71 % with an effect of 0.15, and
with both in 30 to 39 %. Where a shock that all share **lasts**, and the world's news measures it badly, it is 3 to 6
%, but 17 to 21 % where no bystander says so. The stated power is for news that is known without noise: of counted
acts less is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from amity.dimensions.observed import lines
from amity.engine.decomposition import decomposed, fit
from amity.engine.shadowing import ADDED, FEWEST, Mean, foresee, held_to, mean_of, needed, power, presence
from amity.errors import NoEvidenceError, UsageError
from amity.evidence.daily_acts import daily_acts
from amity.evidence.event_days import covered_months, spans
from amity.insight.shadow_series import backward, described_series, forward, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from amity.engine.shadowing import Seen
    from amity.evidence import Evidence
    from amity.evidence.event_columns import Scope
    from amity.evidence.event_days import Span
    from amity.insight.shadow_series import Step, Tallies

__all__ = ["Horizon", "Placebo", "Shadow", "Verdict", "Way", "Window", "ask", "compute", "enough"]

Verdict = Literal["adds", "adds nothing that shows", "cannot be told"]
Leads = Literal["the third power", "the pair", "both", "neither shows", "cannot be told"]

LEVEL = 0.05
"""Of the test of presence."""
EFFECT = 0.15
"""Standard deviations by which a third power is to move a pair to be worth finding."""
POWER = 0.6
"""The chance of finding it below which silence says nothing."""
MOVES = 20
"""Periods in which the third power must have acted towards the two, and they towards it."""
MEETINGS = 10
"""Periods in which it must have had dealings with each of them."""
MONTHS = 120
"""With so many months the step is a month, with fewer a week."""
WINDOW: dict[Step, int] = {"week": 52, "month": 120}
"""Periods of a rolling window; the next begins a quarter of it later."""
FEWEST_IN_WINDOW = 20


@dataclass(frozen=True, slots=True)
class Horizon:
    """What knowing one side added to foreseeing the other so many periods ahead. Intervals of 90 %."""

    horizon: int
    log_score: Mean
    """Nats an outcome, out of sample."""
    crps: Mean
    """Share of co-operative acts (0 to 1), out of sample: by so much forecasts were nearer."""
    clark_west: float
    """Chance of so much out of sample if nothing followed, one-sided (Clark and West 2007)."""
    presence: float
    """p of the Wald test over all periods that nothing follows."""
    effect: tuple[float, float]
    """Standard deviations of the outcome for one of each added column's news."""


@dataclass(frozen=True, slots=True)
class Way:
    """One direction. With too few outcomes there are no horizons."""

    verdict: Verdict
    horizons: tuple[Horizon, ...]
    outcomes: int
    """Outcomes that could be foreseen one period ahead."""
    level: float
    """p of the test of presence below which it `adds`: 0.05, or less where bystanders all lean the same way."""
    power: float
    """Chance of finding an effect of 0.15 standard deviations at that level with so many."""
    needed: int
    """Outcomes with which the chance would be 0.6."""
    periods: int | None
    """Covered periods that this takes at the pace so far; None where there was no outcome yet."""


@dataclass(frozen=True, slots=True)
class Window:
    """The gain in log score of outcomes in some periods, one ahead, the third power first."""

    first: date
    last: date
    gain: Mean


@dataclass(frozen=True, slots=True)
class Placebo:
    """Another state in the third power's place."""

    ccode: int
    gain: float
    """Mean gain in log score, one period ahead."""
    presence: float
    """p of the Wald test."""
    adds: bool
    """Whether it would `add` at 0.05: a common shock makes many do."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """The shadow of `third` over `pair`."""

    pair: tuple[int, int]
    third: int
    step: Step
    source: str | None
    first: date
    last: date
    """First days of the first and last period covered."""
    covered: int
    """Periods of which the source speaks whole."""
    toward: Way
    """The pair after the third power. Added: what it did to the two, what they did to it."""
    back: Way
    """The third power's acts towards the two after the pair. Added: the first's acts to the second, and back."""
    leads: Leads
    placebos: tuple[Placebo, ...]
    """All other third powers with enough dealings, best first."""
    rank: int | None
    """Of the third power among itself and the placebos by gain; 1 is the greatest. None: not worked out."""
    placebo_p: float | None
    """The share of itself and the placebos with as great a gain: what chance is there of such a rank for any state."""
    windows: tuple[Window, ...]
    described: float | None
    """DESCRIPTIVE, no answer: percent of the pair's forecast error variance that the generalised decomposition hands to
    the third power. A common shock alone gives it a third."""


def enough(tallies: Tallies) -> NDArray[np.bool_]:
    """(thirds,) which of them had enough dealings with both, both ways, for anything to be worked out."""
    sent, received = (one[..., 1] for one in (tallies.sent, tallies.received))
    moves = np.minimum((sent.sum(1) > 0).sum(-1), (received.sum(1) > 0).sum(-1)) >= MOVES
    return moves & ((sent + received > 0).sum(-1).min(-1) >= MEETINGS)


def _way(seen: Seen, horizons: Sequence[int], covered: int, known: bool, level: float) -> Way:
    outcomes = int((np.isfinite(seen.base[:-1]).all(1) & np.isfinite(seen.y[1:])).sum())
    columns = 1 + seen.base.shape[1] + ADDED
    chance, wanted = power(outcomes, EFFECT, columns, level), needed(EFFECT, POWER, columns, level)
    periods = round(wanted * covered / outcomes) if outcomes else None
    told = [] if not known or outcomes < FEWEST else [_horizon(seen, h) for h in horizons]
    return Way(_verdict(told, chance, level), tuple(told), outcomes, level, chance, wanted, periods)


def _horizon(seen: Seen, horizon: int) -> Horizon:
    gains, present = foresee(seen, horizon), presence(seen, horizon)
    return Horizon(
        horizon,
        mean_of(gains.log_score),
        mean_of(gains.crps),
        mean_of(gains.adjusted, horizon - 1).p,
        present.p if present else np.nan,
        present.effect if present else (np.nan, np.nan),
    )


def _verdict(told: Sequence[Horizon], chance: float, level: float = LEVEL) -> Verdict:
    if told and told[0].presence < level and told[0].log_score.value > 0:
        return "adds"
    judged = bool(told) and np.isfinite([told[0].presence, told[0].log_score.value]).all()
    return "adds nothing that shows" if judged and chance >= POWER else "cannot be told"


def _leads(toward: Way, back: Way) -> Leads:
    found = (toward.verdict == "adds", back.verdict == "adds")
    if any(found):
        return "both" if all(found) else "the third power" if found[0] else "the pair"
    return "cannot be told" if "cannot be told" in {toward.verdict, back.verdict} else "neither shows"


def _windows(tallies: Tallies, seen: Seen) -> tuple[Window, ...]:
    gains, size = foresee(seen).log_score, WINDOW[tallies.step]
    judged = np.flatnonzero(np.isfinite(gains))
    if not len(judged):
        return ()
    made: list[Window] = []
    for first in range(int(judged[0]), max(int(judged[-1]) - size, int(judged[0])) + 1, size // 4):
        last = min(first + size, len(gains)) - 1
        gain = mean_of(gains[first : last + 1])
        if gain.count >= FEWEST_IN_WINDOW:
            made.append(Window(tallies.starts[first], tallies.starts[last], gain))
    return tuple(made)


def _level(tallies: Tallies, others: Sequence[int], way: Callable[[Tallies, int], Seen]) -> float:
    """That of the test of presence beside other third powers, indices into `thirds`, the same way."""
    found = [presence(way(tallies, other)) for other in others]
    return held_to([one.scores for one in found if one is not None], LEVEL)


def placebo(tallies: Tallies, third: int) -> Placebo | None:
    """What a state, an index into `thirds`, adds to foreseeing the pair; None where nothing can be judged."""
    seen = forward(tallies, third)
    gain, present = mean_of(foresee(seen).log_score), presence(seen)
    if gain.count < FEWEST_IN_WINDOW or present is None:
        return None
    adds = present.p < LEVEL and gain.value > 0
    return Placebo(tallies.thirds[third], gain.value, present.p, adds)


def compute(
    acts: pl.DataFrame,
    pair: tuple[int, int],
    third: int,
    days: Sequence[Span],
    *,
    step: Step,
    horizons: Sequence[int] = (1, 2, 3),
    source: str | None = None,
) -> Shadow:
    """The shadow of a third power over a pair, from acts (`date, ccode_from, ccode_to, quad`) in any order.

    `days` are the spells of which the source of the acts speaks; `horizons` in periods, the first of them 1. Raises
    `UsageError` where states are the same or no horizon is 1, `NoEvidenceError` where no day is spoken of.

    >>> from datetime import date
    >>> acts = pl.DataFrame({"date": [date(2014, 3, 5), date(2014, 3, 9)], "ccode_from": [2, 710],
    ...                      "ccode_to": [811, 811], "quad": [1, 4]})
    >>> told = compute(acts, (811, 2), 710, [(date(2014, 1, 1), date(2014, 12, 31))], step="week")
    >>> told.covered, told.toward.verdict, told.toward.needed
    (51, 'cannot be told', 280)
    """
    if third in pair or pair[0] == pair[1]:
        raise UsageError("the shadow of a state over itself was asked for", "name three states")
    if not horizons or horizons[0] != 1 or min(horizons) < 1:
        raise UsageError(
            f"horizons {tuple(horizons)} do not begin with 1", "the verdict rests on one period ahead"
        )
    tallies = tally(acts, pair, days, step, [third])
    if not tallies.covered.any():
        raise NoEvidenceError(f"no {step} is covered as a whole by a source of acts", "load coded events")
    at, covered, sure = tallies.thirds.index(third), int(tallies.covered.sum()), enough(tallies)
    others = [int(n) for n in np.flatnonzero(sure) if n != at] if sure[at] else []
    seen = forward(tallies, at)
    toward, back = (
        _way(way(tallies, at), horizons, covered, bool(sure[at]), _level(tallies, others, way))
        for way in (forward, backward)
    )
    told = [placebo(tallies, int(n)) for n in np.flatnonzero(sure)] if toward.horizons else []
    made = sorted((one for one in told if one), key=lambda one: (-one.gain, one.ccode))
    own = next((one.gain for one in made if one.ccode == third), None)
    rank = None if own is None else 1 + sum(one.gain > own for one in made)
    spoken = np.flatnonzero(tallies.covered)
    return Shadow(
        pair,
        third,
        step,
        source,
        tallies.starts[int(spoken[0])],
        tallies.starts[int(spoken[-1])],
        covered,
        toward,
        back,
        _leads(toward, back),
        tuple(one for one in made if one.ccode != third),
        rank,
        None if own is None else sum(one.gain >= own for one in made) / len(made),
        _windows(tallies, seen) if toward.horizons else (),
        _described(tallies, at) if toward.horizons else None,
    )


def _described(tallies: Tallies, third: int) -> float | None:
    model = fit(described_series(tallies, third))
    return None if model is None else float(decomposed(model)[0, 1:].sum())


def ask(  # noqa: PLR0913  (three states, and how to look at them)
    ev: Evidence,
    i: int,
    j: int,
    k: int,
    *,
    source: str | None = None,
    scope: Scope = "state",
    step: Step | None = None,
    horizons: Sequence[int] = (1, 2, 3),
    within: Span | None = None,
) -> Shadow:
    """The shadow of state `k` over the pair `i`, `j`, from one source of coded events.

    States are COW codes; a state's acts under all codes of its line count as its own. `source`: the one that speaks of
    most days if left out, as a change of sources in the middle would move a pair by itself. `step`: months where ten
    years of them are covered, weeks otherwise. `within`: the first and last day to look at; None: all. With too few
    acts the answer is `cannot be told` and says what would do. Raises `UsageError` where states are the same,
    `NoEvidenceError` where no source of acts is loaded.
    """
    told = {name: _inside(days, within) for name, days in spans(ev).items()}
    if source is None and told:
        source = max(sorted(told), key=lambda name: sum((b - a).days + 1 for a, b in told[name]))
    days = told.get(source, ()) if source else ()
    if not days:
        raise NoEvidenceError(
            "no source of acts by day is loaded", "load coded events, such as ICEWS or GDELT"
        )
    if step is None:
        step = "month" if len(covered_months(days)) >= MONTHS else "week"
    line = dict(lines().iter_rows())
    acts = daily_acts(ev, None, (days[0][0], days[-1][1]), source=source, scope=scope).with_columns(
        pl.col("ccode_from", "ccode_to").replace(line)
    )
    one, two, third = (line.get(code, code) for code in (i, j, k))
    return compute(acts, (one, two), third, days, step=step, horizons=horizons, source=source)


def _inside(days: Sequence[Span], within: Span | None) -> tuple[Span, ...]:
    """The parts of some spells that lie between two days."""
    if within is None:
        return tuple(days)
    kept = ((max(first, within[0]), min(last, within[1])) for first, last in days)
    return tuple((first, last) for first, last in kept if first <= last)
