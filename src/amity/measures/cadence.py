"""How often two states' leaders meet, against the same state's meetings with its peers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, lgamma, log
from typing import TYPE_CHECKING

import polars as pl

from amity import evidence, sources
from amity.catalog import Measure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from amity.evidence import Evidence

ABOUT = Measure(
    name="cadence",
    says="visits of leaders in either direction, per ten years, against peers",
    grain="dyad",
    reads=("acts",),
    unit="visits per decade",
    bounds=(0.0, float("inf")),
    cite=("garwood1936",),
    undefined="no source speaks of visits in both directions on any day on which both states existed",
)

TOP = ("head of state", "head of government")
"""Ranks that meet at the top; foreign ministers and others are counted beside them."""
DECADE = 3652.425
"""Days in ten years."""

WINDOW = ["peer", "start", "end"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one pair stands among its peers, by visits per decade."""

    rank: int | None
    """1: meets most often (ties share the better rank). None: unknown."""
    of: int
    """Pairs whose rate is known, this one included."""
    median: float | None
    q1: float | None
    q3: float | None
    """Quartiles of the peers' rates, this pair left out. None: no peer's rate is known."""


def gather(
    ev: Evidence, hub: Sequence[int], peers: Mapping[int, Sequence[int]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Visits between a state and each of its peers, and the days about which they are known.

    States are lines of COW codes: `hub` is one, `peers` names each by one code. Two frames: visits
    (`peer, to_peer, date, latest, rank, count, who, source, ref`) and known days (`peer, start, end`): both directions
    are on record and both states are in the state system. Visits outside those days are left out; so are those of a
    publisher that speaks of one peer only, where another one speaks of all: it would make that peer look closer.
    """
    lines = pl.DataFrame(
        [(peer, code) for peer, codes in peers.items() for code in codes if code not in hub],
        schema={"peer": pl.Int16, "code": pl.Int16},
        orient="row",
    )
    codes = lines["code"].to_list()
    there = evidence.visits(ev, hub, codes).with_columns(to_peer=True, code="ccode_to")
    back = evidence.visits(ev, codes, hub).with_columns(to_peer=False, code="ccode_from")
    told = _comparable(ev, hub, pl.concat([there, back]))
    visits = told.join(lines, on="code").sort("date", "ref")
    days = _known_days(ev, hub, lines)
    inside = visits.join_where(
        days.rename({"peer": "known_peer", "start": "since", "end": "until"}),
        pl.col("peer") == pl.col("known_peer"),
        pl.col("date") >= pl.col("since"),
        pl.col("date") <= pl.col("until"),
    )
    dated = inside.with_columns(latest=_latest())
    columns = ("peer", "to_peer", "date", "latest", "rank", "count", "who", "source", "ref")
    return dated.select(columns).sort("date", "ref"), days


def _latest() -> pl.Expr:
    """The last day on which a visit can have begun: the end of its month or year, where no more is known."""
    ends = {"month": pl.col("date").dt.month_end(), "year": pl.date(pl.col("date").dt.year(), 12, 31)}
    when = pl.col("date")
    for precision, end in ends.items():
        when = pl.when(pl.col("precision") == precision).then(end).otherwise(when)
    return when


def _comparable(ev: Evidence, hub: Sequence[int], visits: pl.DataFrame) -> pl.DataFrame:
    """Visits of publishers that speak of all peers alike, where there are such, and of a user's own record."""
    spoken = evidence.coverage(ev, "acts").filter(pl.col("kind").is_in(["visit", "*"]))
    sides = {True: ("ccode_from", "ccode_to"), False: ("ccode_to", "ccode_from")}
    kept = [visits.clear()]
    for to_peer, (ours, theirs) in sides.items():
        of_all = spoken.filter(
            pl.col(theirs).is_null() & (pl.col(ours).is_null() | pl.col(ours).is_in(list(hub)))
        )["source"].unique()
        one_way = visits.filter(pl.col("to_peer") == to_peer)
        of_one = pl.col("source").is_in(sources.ALL) & ~pl.col("source").is_in(of_all.implode())
        kept.append(one_way.filter(~of_one) if of_all.len() else one_way)
    return pl.concat(kept)


def _known_days(ev: Evidence, hub: Sequence[int], lines: pl.DataFrame) -> pl.DataFrame:
    pairs = [(here, there) for here in hub for there in lines["code"]]
    there = evidence.reach(ev, "acts", "visit", pairs).rename({"ccode_from": "hub", "ccode_to": "code"})
    back = evidence.reach(ev, "acts", "visit", [(b, a) for a, b in pairs]).rename(
        {"ccode_from": "code", "ccode_to": "hub"}
    )
    together = evidence.together(pairs).rename({"ccode1": "hub", "ccode2": "code"})
    both = _overlap(_overlap(there, back), together)
    return both.join(lines, on="code").select("peer", "start", "end").sort("peer", "start")


def _overlap(these: pl.DataFrame, those: pl.DataFrame) -> pl.DataFrame:
    joined = these.join(those, on=["hub", "code"], suffix="_other")
    start, end = pl.max_horizontal("start", "start_other"), pl.min_horizontal("end", "end_other")
    return joined.select("hub", "code", start=start, end=end).filter(pl.col("start") <= pl.col("end"))


def compute(
    visits: pl.DataFrame,
    known: pl.DataFrame,
    windows: Sequence[tuple[date, date]],
    ranks: Sequence[str] = TOP,
) -> pl.DataFrame:
    r"""Visits at the given ranks and their rate per decade, for each peer and window, with a 90% interval.

    $$\lambda = n / t$$ with $t$ the days known in the window; the interval is Garwood's exact one for a Poisson count,
    $\chi^2_{2n}(0.05)/2t$ to $\chi^2_{2n+2}(0.95)/2t$ (Garwood 1936, Biometrika 28). It says how far chance alone could
    move the count; visits in clusters (two in one tour) make it a little narrow.

    `visits` and `known` are as `gather` gives them (`latest` may be left out where every day is known). Columns:
    `peer, start, end, days` (known in the window), `visits`, `to_peer`, `from_peer`, `per_decade, low, high` (missing
    where no day is known), `last` (date of the last one in the window; the last day it can have been, where only the
    month or year is known), `months_since` (whole months from then to the last known day; missing: none on record).

    >>> from datetime import date
    >>> visits = pl.DataFrame({"peer": [811], "to_peer": [True], "date": [date(2012, 11, 19)],
    ...                        "rank": ["head of state"], "count": [1]})
    >>> known = pl.DataFrame({"peer": [811], "start": [date(1953, 11, 9)], "end": [date(2019, 12, 31)]})
    >>> rows = compute(visits, known, [(date(2010, 1, 1), date(2019, 12, 31))])
    >>> rows.select("visits", pl.col("per_decade", "low", "high").round(2), "months_since").row(0)
    (1, 1.0, 0.05, 4.74, 85)
    """
    spans = pl.DataFrame(list(windows), schema={"start": pl.Date, "end": pl.Date}, orient="row")
    counted = visits.filter(pl.col("rank").is_in(list(ranks)))
    rows = [_window(counted, known, start, end) for start, end in spans.iter_rows()]
    return pl.concat(rows).sort(WINDOW)


def _window(visits: pl.DataFrame, known: pl.DataFrame, start: date, end: date) -> pl.DataFrame:
    day_first, day_last = pl.max_horizontal("start", pl.lit(start)), pl.min_horizontal("end", pl.lit(end))
    length = ((day_last - day_first).dt.total_days() + 1).clip(lower_bound=0)
    exposed = known.group_by("peer").agg(
        days=length.sum(), until=day_last.filter(day_first <= day_last).max()
    )
    met = (
        visits.filter(pl.col("date").is_between(start, end))
        .group_by("peer")
        .agg(
            visits=pl.col("count").sum(),
            to_peer=pl.col("count").filter(pl.col("to_peer")).sum(),
            last=_day(visits).max(),
        )
    )
    rows = exposed.join(met, on="peer", how="left").with_columns(pl.col("visits", "to_peer").fill_null(0))
    known_at_all = pl.col("days") > 0
    counts = [
        pl.when(known_at_all).then(pl.col(name)).cast(pl.Int32).alias(name) for name in ("visits", "to_peer")
    ]
    rows = rows.with_columns(counts)
    bounds = pl.DataFrame(
        [poisson_interval(n) for n in rows["visits"]],
        schema={"low": pl.Float64, "high": pl.Float64},
        orient="row",
    )
    decades = pl.when(known_at_all).then(pl.col("days") / DECADE)
    last = pl.when(pl.col("last").is_not_null()).then(pl.min_horizontal("last", "until"))
    return rows.hstack(bounds).select(
        pl.col("peer").cast(pl.Int16),
        pl.lit(start).alias("start"),
        pl.lit(end).alias("end"),
        pl.col("days").cast(pl.Int32),
        "visits",
        "to_peer",
        from_peer=pl.col("visits") - pl.col("to_peer"),
        per_decade=pl.col("visits") / decades,
        low=pl.col("low") / decades,
        high=pl.col("high") / decades,
        last=last,
        months_since=months_between(last, pl.col("until")),
    )


def _day(visits: pl.DataFrame) -> pl.Expr:
    return pl.col("latest" if "latest" in visits.columns else "date")


def by_rank(visits: pl.DataFrame) -> pl.DataFrame:
    """Visits by peer, direction and rank: columns `peer, to_peer, rank, visits, first, last`."""
    return (
        visits.group_by("peer", "to_peer", "rank")
        .agg(visits=pl.col("count").sum(), first=pl.col("date").min(), last=pl.col("date").max())
        .sort("peer", "to_peer", "rank")
    )


def since_last(
    visits: pl.DataFrame, known: pl.DataFrame, peer: int, ranks: Sequence[str] = TOP
) -> pl.DataFrame:
    """Whole months since the last visit at the given ranks, at the end of each month that is known.

    Columns `date` (last day of the month) and `months`; missing where the record holds no visit up to then.
    """
    month_ends = [
        pl.date_range(start.replace(day=1), end, "1mo", eager=True).dt.month_end().alias("date")
        for start, end in known.filter(pl.col("peer") == peer).select("start", "end").iter_rows()
    ]
    ends = known.filter(pl.col("peer") == peer)["end"].to_list()
    inside = [months.filter(months <= end) for months, end in zip(month_ends, ends, strict=True)]
    dates = pl.concat([pl.Series("date", [], dtype=pl.Date), *inside]).unique().sort().to_frame()
    met = (
        visits.filter((pl.col("peer") == peer) & pl.col("rank").is_in(list(ranks)))
        .select(met=_day(visits), date=_day(visits))
        .unique()
        .sort("date")
    )
    joined = dates.join_asof(met, on="date", strategy="backward")
    return joined.select("date", months=months_between(pl.col("met"), pl.col("date")))


def standing(rows: pl.DataFrame, peer: int) -> Standing:
    """Where the pair with `peer` stands among the rows of one window (as `compute` gives them)."""
    rate = rows.filter(pl.col("peer") == peer)["per_decade"].drop_nulls()
    others = rows.filter(pl.col("peer") != peer)["per_decade"].drop_nulls()
    quartiles = [others.quantile(q, "linear") for q in (0.25, 0.5, 0.75)]
    rank = 1 + int((others > rate[0]).sum()) if len(rate) else None
    return Standing(
        rank=rank, of=len(others) + len(rate), median=quartiles[1], q1=quartiles[0], q3=quartiles[2]
    )


def decades(start: date, end: date) -> list[tuple[date, date]]:
    """Calendar decades that meet the days from `start` to `end`, cut at both.

    >>> from datetime import date
    >>> decades(date(1946, 1, 1), date(1955, 6, 30))
    [(datetime.date(1946, 1, 1), datetime.date(1949, 12, 31)), (datetime.date(1950, 1, 1), datetime.date(1955, 6, 30))]
    """
    firsts = range(start.year - start.year % 10, end.year + 1, 10)
    return [
        (
            max(start, start.replace(year=year, month=1, day=1)),
            min(end, end.replace(year=year + 9, month=12, day=31)),
        )
        for year in firsts
    ]


def months_between(earlier: pl.Expr, later: pl.Expr) -> pl.Expr:
    """Whole months from one date to a later one."""
    months = (later.dt.year().cast(pl.Int32) - earlier.dt.year()) * 12 + later.dt.month() - earlier.dt.month()
    return (months - (later.dt.day() < earlier.dt.day()).cast(pl.Int32)).cast(pl.Int32)


@cache
def poisson_interval(count: int | None, tail: float = 0.05) -> tuple[float | None, float | None]:
    """Garwood's exact interval for the mean of a Poisson count, leaving `tail` on each side.

    >>> [round(bound, 3) for bound in poisson_interval(0)]
    [0.0, 2.996]
    >>> [round(bound, 3) for bound in poisson_interval(10)]
    [5.425, 16.962]
    """
    if count is None:
        return None, None
    low = 0.0 if count == 0 else _crossing(lambda mean: 1 - _at_most(count - 1, mean), tail, count)
    return low, _crossing(lambda mean: 1 - _at_most(count, mean), 1 - tail, count)


def _at_most(count: int, mean: float) -> float:
    """Chance of a Poisson count of at most `count`."""
    if mean <= 0:
        return 1.0
    by_log = log(mean)
    return sum([exp(k * by_log - mean - lgamma(k + 1)) for k in range(count + 1)])


def _crossing(rising: Callable[[float], float], level: float, count: int) -> float:
    """Where a function that rises from 0 to 1 crosses a level, by halving."""
    low, high = 0.0, 2.0 * count + 20.0
    while high - low > 1e-10 * (1 + high):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < level else (low, middle)
    return (low + high) / 2
