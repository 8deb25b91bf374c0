"""Where the two states and the third stand in the UN General Assembly: from ideal points to the brief's own records."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import polars as pl

from amity import evidence
from amity.briefs.points import Apart, Divided, Moved, Nearer, Point, Standing
from amity.briefs.words import last_full
from amity.errors import NoEvidenceError, UsageError
from amity.evidence.roll_calls import one_record
from amity.measures import NINETY, ideal_points, kept_points
from amity.measures.bibliography import BIBLIOGRAPHY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from amity.briefs.answer import RollCall
    from amity.briefs.gather import Asked, Voting
    from amity.briefs.points import Side
    from amity.evidence import Evidence
    from amity.measures.ideal_points import IdealPoints
    from amity.states import State

SPAN = 10
"""Sessions over which a movement is told."""
SURE = 0.95
"""Probability from which the sign of a difference is certain: its 90% interval then excludes zero."""
SEAT_BEFORE = {710: 713}
HOLDERS = {713: "the Republic of China (Taiwan)"}
"""Whose seat a state took over, and who that was: China's was the Republic of China's until October 1971."""


def standing(
    ev: Evidence, asked: Asked, voting: Voting, made: Callable[[], None] | None = None
) -> Standing | None:
    """Points of the states asked about within the years asked for, and what divided the two in one of them.

    That year is by default the last one of which enough roll calls are known. `made` is called before votes are
    scaled that have no kept points. None where no votes are loaded, where
    none of them divided anybody, or where neither of the pair has a point in these years.
    """
    try:
        whole = kept_points.of_store(ev, made=made)
    except (NoEvidenceError, UsageError):
        return None
    parties = sides(asked)
    series: dict[Side, tuple[Point, ...]] = {
        side: points(whole, asked, party) for side, party in parties.items()
    }
    if not series["a"] and not series["b"]:
        return None
    session = latest(series, parties)
    held = seats(whole, parties, session)
    full = last_full(voting.pair)
    chosen = asked.year if asked.year is not None else (full.year if full else None)
    rolls = [one for one in voting.roll_calls if one.year == chosen]
    return Standing(
        a=series["a"],
        b=series["b"],
        third=series.get("third", ()),
        session=session,
        apart=apart(whole, held),
        moved=moved(whole, asked, session, held),
        nearer=nearer(whole, held),
        year=chosen,
        divided=divided(ev, whole, asked, rolls),
        shared=len(rolls),
        citations=tuple(BIBLIOGRAPHY[key] for key in ideal_points.ABOUT.cite),
    )


def sides(asked: Asked) -> dict[Side, State]:
    parties: dict[Side, State] = {"a": asked.a, "b": asked.b}
    return {**parties, "third": asked.third} if asked.third else parties


def points(whole: IdealPoints, asked: Asked, party: State) -> tuple[Point, ...]:
    """One state's points in time order, those of its seat under an earlier holder among them.

    The earlier holder's are left out where it is itself one of the states asked about.
    """
    others = {code for state in sides(asked).values() for code in state.ccodes}
    before = {SEAT_BEFORE[code] for code in party.ccodes if code in SEAT_BEFORE} - others
    rows = whole.points.filter(
        pl.col("ccode").is_in([*party.ccodes, *before]) & pl.col("year").is_between(asked.start, asked.end)
    ).sort("session", pl.col("ccode").is_in(list(party.ccodes)))
    return tuple(point(row, before) for row in rows.iter_rows(named=True))


def point(row: Mapping[str, Any], before: set[int]) -> Point:
    holder = HOLDERS[row["ccode"]] if row["ccode"] in before else None
    counted = (row["session"], row["year"], row["n"], row["point"], row["low"], row["high"], row["ccode"])
    return Point(*counted, holder)


def latest(series: Mapping[Side, Sequence[Point]], parties: Mapping[Side, State]) -> int | None:
    """The latest session in which both of the pair hold a seat and have a point."""
    own = [{one.session for one in series[side] if one.ccode in parties[side].ccodes} for side in ("a", "b")]
    return max(own[0] & own[1], default=None)


def seats(whole: IdealPoints, parties: Mapping[Side, State], session: int | None) -> dict[Side, int]:
    """The rows of the states' points in a session; those without one are left out."""
    held: dict[Side, int] = {}
    for side, party in parties.items():
        at = seat(whole, party, session) if session is not None else None
        if at is not None:
            held[side] = at
    return held


def seat(whole: IdealPoints, party: State, session: int) -> int | None:
    """The row of a state's point in a session, under whichever code it voted; None where it has none."""
    here = whole.points.with_row_index("row").filter(
        pl.col("ccode").is_in(list(party.ccodes)) & (pl.col("session") == session)
    )
    return int(here["row"][0]) if here.height else None


# Distances, movements


def contrast(whole: IdealPoints, one: int, other: int) -> tuple[float, float, float, float, bool]:
    """First less second point, its standard deviation and 90% interval, and whether that excludes zero."""
    value, sd = whole.spread.contrast([one, other], [1.0, -1.0])
    low, high = value - NINETY * sd, value + NINETY * sd
    return value, sd, low, high, low > 0 or high < 0


def apart(whole: IdealPoints, held: Mapping[Side, int]) -> tuple[Apart, ...]:
    """The pair's distance, then that of each to the third; those without a seat in the session are left out."""
    pairs: tuple[tuple[Side, Side], ...] = (("a", "b"), ("a", "third"), ("b", "third"))
    return tuple(
        Apart(one, other, *contrast(whole, held[one], held[other]))
        for one, other in pairs
        if one in held and other in held
    )


def moved(
    whole: IdealPoints, asked: Asked, session: int | None, held: Mapping[Side, int]
) -> tuple[Moved, ...]:
    """How each state came to where it stands from ten sessions before, or from the first point after that.

    A state that bore another code then is followed to it: the two points have no common history in the model, so
    that the movement is the less sure.
    """
    found: list[Moved] = []
    for side, at in held.items():
        if session is None or (before := earlier(whole, asked, sides(asked)[side], session)) is None:
            continue
        found.append(Moved(side, int(whole.points["session"][before]), session, *contrast(whole, at, before)))
    return tuple(found)


def earlier(whole: IdealPoints, asked: Asked, party: State, session: int) -> int | None:
    """The row of a state's first point in the ten sessions before one, within the years asked for."""
    rows = whole.points.with_row_index("row").filter(
        pl.col("ccode").is_in(list(party.ccodes))
        & pl.col("session").is_between(session - SPAN, session - 1)
        & (pl.col("year") >= asked.start)
    )
    return int(rows.sort("session")["row"][0]) if rows.height else None


def nearer(whole: IdealPoints, held: Mapping[Side, int]) -> Nearer | None:
    r"""Which of the pair stands closer to the third, by the joint distribution of the three points.

    The first does where $(\theta_a - \theta_c)^2 < (\theta_b - \theta_c)^2$, which is where
    $(\theta_a - \theta_b)(\theta_a + \theta_b - 2\theta_c) < 0$: the probability that two normal variables
    differ in sign. It is undecided between 5% and 95%, which is where the 90% interval of the difference of the
    two distances spans zero. None without a third in the session.
    """
    if len(held) < 3:
        return None
    import numpy as np  # noqa: PLC0415

    seats = [held[side] for side in ("a", "b", "third")]
    weights = np.array([[1.0, -1.0, 0.0], [1.0, 1.0, -2.0]])
    mean = weights @ whole.spread.theta[seats]
    cov = weights @ whole.spread.covariance(seats) @ weights.T
    chance = differ_in_sign(float(mean[0]), float(mean[1]), float(cov[0, 0]), float(cov[1, 1]), cov[0, 1])
    side = "a" if chance >= SURE else ("b" if chance <= 1 - SURE else None)
    return Nearer(side, chance)


def differ_in_sign(
    mean1: float, mean2: float, var1: float, var2: float, cov: float, steps: int = 500
) -> float:
    """Probability that two jointly normal variables have different signs, to about four digits.

    The first is summed over `steps` equally likely values on either side of zero; given it, the second is normal.

    >>> round(differ_in_sign(0, 0, 1, 1, 0), 3), round(differ_in_sign(0, 0, 1, 1, 0.5), 3)
    (0.5, 0.333)
    """
    first, rest = NormalDist(mean1, var1**0.5), max(var2 - cov**2 / var1, 1e-12) ** 0.5
    below = first.cdf(0.0)
    total = 0.0
    for start, size, low in ((0.0, below, False), (below, 1 - below, True)):
        ranks = [start + size * (at + 0.5) / steps for at in range(steps)]
        values = [first.inv_cdf(rank) for rank in ranks if 0 < rank < 1]
        under = [NormalDist(mean2 + cov / var1 * (value - mean1), rest).cdf(0.0) for value in values]
        total += size * sum(one if low else 1 - one for one in under) / max(len(under), 1)
    return total


# What divided the two


def divided(ev: Evidence, whole: IdealPoints, asked: Asked, rolls: Sequence[RollCall]) -> tuple[Divided, ...]:
    """Roll calls on which the two voted differently: yes against no first, then one step apart.

    Within each, those first on which two states that stand where these do most surely differ, by the model
    (`chances`): they are the divisions that the distance of the two consists of. Those that the model does not
    scale (paragraphs and amendments after 1989) come last, by date.
    """
    parted = [one for one in rolls if one.vote_a != one.vote_b]
    by_model = chances(ev, whole, asked, [one.item for one in parted])
    rows = [division(one, by_model.get(one.item)) for one in parted]
    return tuple(sorted(rows, key=lambda row: (not row.opposed, -(row.chance or 0.0), row.date, row.item)))


def division(one: RollCall, chance: float | None) -> Divided:
    what = (one.item, one.date, one.precision, one.symbol, one.title)
    opposed = {one.vote_a, one.vote_b} == {"yes", "no"}
    return Divided(*what, one.vote_a, one.vote_b, one.vote_third, opposed, chance, one.source)


def chances(ev: Evidence, whole: IdealPoints, asked: Asked, names: Sequence[str]) -> dict[str, float]:
    """Of roll calls that are scaled, the probability that two states at the pair's points vote differently.

    $1 - \\sum_v P(v \\mid \\theta_a) P(v \\mid \\theta_b)$ over yes, abstain and no.
    """
    items, _ = one_record(evidence.items(ev), evidence.votes(ev, ()))
    rows = (
        items.filter(pl.col("item").is_in(list(names)))
        .select("item", "session")
        .join(ideal_points.linked(items), on="item")
        .join(whole.items, on="linked")
    )
    sides_at = {session: places(whole, asked, session) for session in rows["session"].unique()}
    found: dict[str, float] = {}
    for row in rows.iter_rows(named=True):
        shares = [vote_chances(row, theta) for theta in sides_at[row["session"]]]
        if len(shares) == 2:
            found[row["item"]] = 1 - sum(one * other for one, other in zip(*shares, strict=True))
    return found


def places(whole: IdealPoints, asked: Asked, session: int) -> list[float]:
    """The points of the pair in a session, of those that have one."""
    held = (seat(whole, party, session) for party in (asked.a, asked.b))
    return [float(whole.spread.theta[at]) for at in held if at is not None]


def vote_chances(item: Mapping[str, Any], theta: float) -> tuple[float, float, float]:
    """Probabilities of yes, abstain and no at a point; a cut that nobody crossed is out of reach.

    >>> [round(p, 2) for p in vote_chances({"beta": 1.0, "cut_yes": 0.0, "cut_no": None}, 0.0)]
    [0.5, 0.5, 0.0]
    """
    latent = NormalDist(item["beta"] * theta)
    yes = 0.0 if item["cut_yes"] is None else latent.cdf(item["cut_yes"])
    no = 0.0 if item["cut_no"] is None else 1 - latent.cdf(item["cut_no"])
    return yes, max(0.0, 1 - yes - no), no
