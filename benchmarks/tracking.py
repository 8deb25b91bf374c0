"""How far apart an outlook and what came are, over real pairs: is the chance that a track tells one?

For pairs of the store and months, each with something observed in the year before and after, the filtered state of a
month is carried forward and set beside the filtered state a year and two years on, as `insight.tracking` does without
any act. If the outlook is right, a chance below 0.05 comes in one of twenty. No act is chosen, so that nothing here
speaks of acts.
"""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import amity
from amity.dimensions import named
from amity.dimensions.constants import read
from amity.dimensions.estimate import filtered, prepare, states_frame
from amity.dimensions.observed import pairs_of
from amity.evidence import open_evidence
from amity.insight.tracking import chance_of
from amity.insight.whatif import carried

if TYPE_CHECKING:
    from amity.evidence import Evidence

YEARS = range(1975, 2013, 3)
LEVELS = (0.05, 0.1, 0.5, 0.9)
MUCH = 1 / 3
BLOCK = 400


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--home", required=True)
    asked.add_argument("--pairs", type=int, default=1200)
    asked.add_argument("--seed", type=int, required=True)
    words = asked.parse_args()
    rng = np.random.default_rng(words.seed)
    with open_evidence(amity.open_store(words.home)) as ev:
        for name in ("tone", "engagement"):
            every = pairs_of()
            rows = named(name).observe(ev, every)
            heard = (
                rows.group_by("ccode1", "ccode2").len().filter(pl.col("len") > 60).sort("ccode1", "ccode2")
            )
            chosen = heard[np.sort(rng.choice(heard.height, min(words.pairs, heard.height), replace=False))]
            told = chances(ev, name, rows, chosen.select("ccode1", "ccode2"))
            report(name, told)
            report(
                f"{name}, where a third of the doubt or more was cleared up",
                told.filter(pl.col("cleared") >= MUCH),
            )


def chances(ev: Evidence, name: str, rows: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The chance of each gap: `ccode1, ccode2, month, horizon, chance`, and the share of doubt that it `cleared`."""
    one = named(name)
    constants = read(one.ABOUT, one.ITEMS, ev.store.root)
    phi = constants.persistence[0]
    made: list[tuple[int, int, date, int, float, float]] = []
    for first in range(0, pairs.height, BLOCK):
        block = pairs.slice(first, BLOCK)
        mine = rows.join(block, on=["ccode1", "ccode2"], how="semi")
        laid = prepare(mine, block, one.ABOUT, one.ITEMS, constants, date(2016, 12, 1), by_source=False)
        states = states_frame(laid, filtered(laid)).filter(dimension=name)
        by_pair = dict(states.group_by("ccode1", "ccode2"))
        months = {key: set(frame["month"]) for key, frame in mine.group_by("ccode1", "ccode2")}
        for key, frame in by_pair.items():
            at = {m: (x, sd) for m, x, sd in frame.select("month", "state", "sd").iter_rows()}
            heard = np.array(sorted(m.year * 12 + m.month for m in months.get(key, set())))
            for year in YEARS:
                since = date(year, 6, 1)
                now = year * 12 + 6
                for horizon in (12, 24):
                    before = ((heard > now - 12) & (heard <= now)).any()
                    after = ((heard > now) & (heard <= now + horizon)).any()
                    if not (before and after):
                        continue
                    mean, variance = carried(*at[since], phi, horizon)
                    came, unsure = at[date(year + horizon // 12, 6, 1)]
                    chance = chance_of(came - mean, variance - unsure**2)
                    if chance is not None:
                        made.append((*key, since, horizon, chance, 1 - unsure**2 / variance))
    return pl.DataFrame(
        made, schema=["ccode1", "ccode2", "month", "horizon", "chance", "cleared"], orient="row"
    )


def report(name: str, told: pl.DataFrame) -> None:
    for (horizon,), rows in told.sort("horizon").group_by("horizon", maintain_order=True):
        by_pair = rows.group_by("ccode1", "ccode2").agg(
            n=pl.len(), **{str(level): (pl.col("chance") < level).sum() for level in LEVELS}
        )
        cells = []
        for level in LEVELS:
            share = by_pair[str(level)].sum() / by_pair["n"].sum()
            off = by_pair[str(level)] - share * by_pair["n"]
            error = float((off**2).sum()) ** 0.5 / by_pair["n"].sum()
            cells.append(f"below {level}: {share:.3f} ± {1.96 * error:.3f}")
        print(
            f"{name}, {horizon} months, {rows.height:,} moments of {by_pair.height:,} pairs: {'; '.join(cells)}"
        )


if __name__ == "__main__":
    main()
