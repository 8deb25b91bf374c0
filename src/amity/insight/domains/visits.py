r"""Visits: whose leaders a state sees more of, than a state of the world does on average.

With $n$ the visits of five years and $E$ those that the power's mean partner had with it in these years,

$$x = \log\Big(1 + \frac{n}{E + \tfrac{1}{2}}\Big),\qquad \mathrm{sd}(x) = \frac{\sqrt{n + 1}}{n + E + \tfrac{1}{2}}.$$

No visits are nought; as many as the mean partner's are about 0.7. A power whose record is fuller, or whose leaders
travel more, is not nearer to everybody for it. A way (to the powers, or from them) and a year count only where sources
speak of both powers: the visits that China receives are on no record here, so that beside the United States it is
compared in those that it pays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from amity import evidence
from amity.dimensions.observed import lines
from amity.insight.domains import Domain, both, by_line, known_years

if TYPE_CHECKING:
    from amity.evidence import Evidence
    from amity.insight.domains import Asked
    from amity.states import State

    Way = Literal["out", "in"]

__all__ = ["ABOUT", "YEARS", "observe"]

ABOUT = Domain(
    "visits",
    "leaders' visits in five years beside the mean partner's",
    "log ratio",
    engages=True,
    reads=("us_visits", "us_travels", "china_trips", "china_engagements"),
)
YEARS = 5
"""Visits are rare: those of so many years count together, the year itself the last."""
KEYS = ["ccode", "year"]


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Visits with each power, in both ways or in the one that is known of both."""
    ways: tuple[Way, Way] = ("out", "in")
    every = lines()["ccode"].to_list()
    paid = evidence.visits(ev, every, every)
    parts: dict[str, list[pl.DataFrame]] = {"a": [], "b": []}
    for way in ways:
        known = known_years(of, ["visit"], of.a, way).join(
            known_years(of, ["visit"], of.b, way), on=KEYS, how="semi"
        )
        for name, power in (("a", of.a), ("b", of.b)):
            parts[name].append(_counted(paid, power, way, known))
    a, b = (_windowed(pl.concat(parts[name])) for name in "ab")
    return both(a, b, a.select(KEYS))


def _counted(paid: pl.DataFrame, power: State, way: Way, known: pl.DataFrame) -> pl.DataFrame:
    """Visits one way of every known state and year, beside those of the mean partner: `ccode, year, n, mean`."""
    own, other = ("ccode_from", "ccode_to") if way == "out" else ("ccode_to", "ccode_from")
    counted = (
        paid.filter(pl.col(own).is_in(list(power.ccodes)))
        .select(ccode=by_line(other), year=pl.col("date").dt.year().cast(pl.Int16))
        .filter(pl.col("ccode") != power.ccode)
        .group_by(KEYS)
        .agg(n=pl.len())
    )
    return (
        known.join(counted, on=KEYS, how="left")
        .with_columns(pl.col("n").fill_null(0).cast(pl.Float64))
        .with_columns(mean=pl.col("n").mean().over("year"))
    )


def _windowed(counted: pl.DataFrame) -> pl.DataFrame:
    """Nearness by the visits of the last years that are known: `ccode, year, near, sd`."""
    yearly = counted.group_by(KEYS).agg(pl.col("n", "mean").sum())
    spread = yearly.select("ccode", "n", "mean", told="year").with_columns(
        year=pl.int_ranges(pl.col("told").cast(pl.Int32), pl.col("told").cast(pl.Int32) + YEARS)
    )
    summed = (
        spread.explode("year")
        .with_columns(pl.col("year").cast(pl.Int16))
        .group_by(KEYS)
        .agg(pl.col("n", "mean").sum())
        .join(yearly, on=KEYS, how="semi")
    )
    base = pl.col("mean") + 0.5
    return summed.select(
        *KEYS, near=(1 + pl.col("n") / base).log(), sd=(pl.col("n") + 1).sqrt() / (pl.col("n") + base)
    )
