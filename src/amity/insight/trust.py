r"""Trust of one state in another, month by month: the chance that the other's next act towards it is co-operative.

Trust of $i$ in $j$ on a day is made of what $i$ could know then: what $j$ did to it, what it did to $j$, what $j$ did
to all others (`trust_path` says how). It is directed: in the frames here `ccode_from` is who trusts and `ccode_to` who
is trusted, so that it rests on acts from `ccode_to` to `ccode_from`. Three readings stand side by side, each with
constants of its own: the next act is of any kind (`all`), a `material` one (quad classes 2 and 4, which cost something)
or a `verbal` one (1 and 3). Each hears words and deeds, and weighs them as they were found to tell of what it foresees.
Where the other has done nothing of the kind that is on record trust is unknown, not average.

Several coders of news may tell of acts, each with a habit of its own. What is reported is on the scale of the one whose
acts the constants come from (`Record.source`): the chance that *it* would write the next act down as co-operative. The
others' habits are learned from what they tell of the whole world (`trust_coders`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import polars as pl

from amity.engine.scale import NINETY
from amity.errors import UsageError
from amity.evidence.event_days import covered_months, spans
from amity.insight.trust_sources import heard, indexed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from amity.engine.compiled import Floats
    from amity.evidence import Evidence
    from amity.evidence.event_columns import Scope
    from amity.insight.trust_path import Acts, Constants

Kind = Literal["all", "material", "verbal"]

KINDS: dict[Kind, tuple[int, ...]] = {"all": (1, 2, 3, 4), "material": (2, 4), "verbal": (1, 3)}
"""The quad classes that each reading of trust foresees."""
YARDSTICK_HALF_LIFE = 6.0
"""Months in which an act loses half its weight for the yardstick."""
ROWS = {
    "month": pl.Date(),
    "ccode_from": pl.Int16(),
    "ccode_to": pl.Int16(),
    "kind": pl.String(),
    "trust": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "age": pl.Float64(),
    "acts": pl.Int32(),
    "yardstick": pl.Float64(),
}
GAPS = {
    "month": pl.Date(),
    "ccode1": pl.Int16(),
    "ccode2": pl.Int16(),
    "kind": pl.String(),
    "gap": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
}


@dataclass(frozen=True, slots=True)
class Record:
    """Constants of one kind of trust, with where they come from."""

    kind: Kind
    constants: Constants
    yardstick: tuple[float, float]
    """The yardstick's prior: its weight in acts, and its mean."""
    source: str
    scope: Scope
    first: date
    last: date
    """First and last day of the fit period."""
    acts: int
    log_score: float
    """Mean log score in nats of the acts of the fit period, each foreseen from the days before it."""
    learned: date


class Laid(NamedTuple):
    """Acts laid out as arrays, and what their indices stand for."""

    arrays: Acts
    pairs: pl.DataFrame
    """`ccode_from, ccode_to` (who acts, towards whom), in the order of indices."""
    acts: pl.DataFrame
    """The acts, each once, in the order of the arrays."""
    coders: tuple[str, ...]
    """Who tells of them, in the order of indices: the source or producer on whose scale trust is, then the others."""


@cache
def records() -> dict[Kind, Record]:
    """The constants that come with amity, by kind.

    >>> records()["material"].kind
    'material'
    """
    from amity.insight.trust_path import Constants  # noqa: PLC0415  (numba is slow to import)

    text = files("amity.insight").joinpath("trust_constants.json").read_text(encoding="utf-8")
    made: dict[Kind, Record] = {}
    for kind in KINDS:
        row: dict[str, Any] = json.loads(text)[kind]
        held: dict[str, Any] = {**row["constants"], "weight": tuple(row["constants"]["weight"])}
        days: dict[str, Any] = {name: date.fromisoformat(row[name]) for name in ("first", "last", "learned")}
        own: dict[str, Any] = {
            "kind": kind,
            "constants": Constants(**held),
            "yardstick": tuple(row["yardstick"]),
        }
        made[kind] = Record(**{**row, **days, **own})
    return made


def laid_out(acts: pl.DataFrame, source: str | None = None) -> Laid:
    """Acts as arrays: each once, however often and by however many sources it is told.

    Columns `date, ccode_from, ccode_to, quad` are read, `root` where there is one: two acts of a day and direction
    are the same one if their root is the same, or, without roots, their class. And `source`, where that is given on
    whose coder's scale trust is: an act that this coder tells is its own, whoever tells it too; of others that tell of
    an act the first by name counts. What users record themselves is taken at its word, as if that coder told it.
    """
    from amity.insight.trust_path import Acts  # noqa: PLC0415  (numba is slow to import)

    same = ["date", "ccode_from", "ccode_to", "root" if "root" in acts.columns else "quad"]
    acts = acts.filter(pl.col("ccode_from") != pl.col("ccode_to"))
    coders, index = indexed(acts, source)
    told = acts.with_columns(coder=index).sort("coder", *(["source"] if len(coders) > 1 else []))
    once = told.unique([*same, "quad"], keep="first", maintain_order=True)
    there = once.select("ccode_from", "ccode_to")
    back = once.select(ccode_from="ccode_to", ccode_to="ccode_from")
    pairs = pl.concat([there, back]).unique().sort(pl.all()).with_row_index("pair")
    ordered = once.join(pairs, on=["ccode_from", "ccode_to"]).sort("date", "pair", "quad", *same[3:])
    other = pairs.join(
        pairs,
        left_on=["ccode_from", "ccode_to"],
        right_on=["ccode_to", "ccode_from"],
        how="left",
        maintain_order="left",
    )["pair_right"]
    link = np.column_stack([pairs["ccode_from"].rank("dense") - 1, other]).astype(np.int64)
    day, pair, quad, coder = (
        ordered[name].to_physical().to_numpy().astype(np.int64) for name in ("date", "pair", "quad", "coder")
    )
    arrays = Acts(day, pair, quad, link.reshape(-1, 2), coder if len(coders) > 1 else None)
    return Laid(arrays, pairs.drop("pair"), ordered.drop("pair", "coder"), coders)


def compute(
    acts: pl.DataFrame,
    pairs: Iterable[tuple[int, int]],
    months: Sequence[date],
    kind: Kind = "all",
    record: Record | None = None,
) -> pl.DataFrame:
    """Trust of the first state of each pair in the second, at the end of each month, from the acts up to then.

    `acts` has `date, ccode_from, ccode_to, quad` and may have `root` and `source`, in any order of rows: all that the
    trusted states did to anybody and the trusting ones to them. Where other coders tell of some than the one whose
    scale the record has, it has all that anybody did: their habits are known by that.

    Columns: `month` (first day), `ccode_from` (who trusts), `ccode_to` (who is trusted), `kind`, `trust` (chance of 0
    to 1 that the record's coder would write the next act of the kind down as co-operative), `low, high` (90 % interval
    of that chance), `age` (months since the last act of the kind), `acts` (how many those are up to then), `yardstick`
    (discounted Beta, each act for what it is called). Missing where no such act is on record up to then.

    >>> from datetime import date
    >>> acts = pl.DataFrame({"date": [date(2014, 3, 5), date(2014, 3, 9)], "ccode_from": [2, 2],
    ...                      "ccode_to": [811, 811], "quad": [1, 4]})
    >>> rows = compute(acts, [(811, 2), (2, 811)], [date(2014, 2, 1), date(2014, 3, 1)])
    >>> rows.select("ccode_from", "acts", pl.col("age").round(2), known=pl.col("trust").is_not_null()).rows()
    [(2, 0, None, False), (2, 0, None, False), (811, 0, None, False), (811, 2, 0.72, True)]
    """
    record = records()[kind] if record is None else record
    return _states(laid_out(acts, record.source), pairs, months, record)


def _states(
    laid: Laid, pairs: Iterable[tuple[int, int]], months: Sequence[date], record: Record
) -> pl.DataFrame:
    """Rows of `compute` from acts laid out on the scale of the record's coder."""
    from amity.insight.trust_path import follow  # noqa: PLC0415
    from amity.insight.trust_steps import MONTH  # noqa: PLC0415
    from amity.insight.trust_yardstick import discounted_beta  # noqa: PLC0415

    kind = record.kind
    asked = pl.DataFrame(
        list(pairs), schema={"ccode_from": pl.Int16, "ccode_to": pl.Int16}, orient="row"
    ).unique()
    firsts = pl.Series("month", sorted({month.replace(day=1) for month in months}), dtype=pl.Date)
    ends = firsts.dt.month_end().to_physical().to_numpy().astype(np.int64)
    index = {pair: k for k, pair in enumerate(laid.pairs.rows())}
    known = [(k, index[b, a]) for k, (a, b) in enumerate(asked.rows()) if (b, a) in index]
    wanted = np.array([p for _, p in known], np.int64)
    path = follow(laid.arrays, record.constants, wanted, ends, KINDS[kind])
    own = laid.arrays.only(KINDS[kind])
    _, plain = discounted_beta(own, YARDSTICK_HALF_LIFE, record.yardstick, wanted, ends)
    told = asked[[k for k, _ in known]].join(firsts.to_frame(), how="cross", maintain_order="left_right")
    told = told.with_columns(
        **_columns(path.asked_mean, path.asked_variance),
        age=((ends - path.asked_last) / MONTH).ravel(),
        acts=path.asked_seen.astype(np.int32).ravel(),
        yardstick=plain.ravel(),
    )
    rows = asked.join(firsts.to_frame(), how="cross").join(
        told, on=["ccode_from", "ccode_to", "month"], how="left"
    )
    seen = pl.col("acts") > 0
    rows = rows.with_columns(pl.col("acts").fill_null(0), kind=pl.lit(kind)).with_columns(
        pl.when(seen).then(pl.col(name)).alias(name) for name in ("trust", "low", "high", "age", "yardstick")
    )
    return rows.select(pl.col(name).cast(dtype) for name, dtype in ROWS.items()).sort(
        "ccode_from", "ccode_to", "month"
    )


def _columns(mean: Floats, variance: Floats) -> dict[str, NDArray[np.float64]]:
    from amity.insight.trust_path import chance, logistic  # noqa: PLC0415

    reach = NINETY * np.sqrt(variance)
    found = {"trust": chance(mean, variance), "low": logistic(mean - reach), "high": logistic(mean + reach)}
    return {name: values.ravel() for name, values in found.items()}


def gaps(rows: pl.DataFrame) -> pl.DataFrame:
    r"""Trust of state 1 in 2 minus trust of 2 in 1, with a 90 % interval, from rows of `compute` for both directions.

    Of two chances with intervals the difference has
    $d - \sqrt{(T_1 - l_1)^2 + (u_2 - T_2)^2}$ to $d + \sqrt{(u_1 - T_1)^2 + (T_2 - l_2)^2}$ (Zou and Donner 2008):
    it keeps the intervals' lean and takes them for independent. Columns `month, ccode1, ccode2` (`ccode1 < ccode2`),
    `kind, gap, low, high`; missing where either trust is unknown.

    >>> from datetime import date
    >>> one = {"month": [date(2014, 3, 1)] * 2, "kind": ["all"] * 2, "ccode_from": [2, 811], "ccode_to": [811, 2]}
    >>> told = {"trust": [0.9, 0.6], "low": [0.8, 0.5], "high": [0.95, 0.8]}
    >>> gaps(pl.DataFrame({**one, **told})).select(pl.col("gap", "low", "high").round(2)).row(0)
    (0.3, 0.08, 0.41)
    """
    keys = ["month", "ccode1", "ccode2", "kind"]
    one = rows.filter(pl.col("ccode_from") < pl.col("ccode_to")).rename(
        {
            "ccode_from": "ccode1",
            "ccode_to": "ccode2",
        }
    )
    two = rows.filter(pl.col("ccode_from") > pl.col("ccode_to")).rename(
        {
            "ccode_to": "ccode1",
            "ccode_from": "ccode2",
        }
    )
    both = one.join(two, on=keys, suffix="_back")
    gap = pl.col("trust") - pl.col("trust_back")
    down = ((pl.col("trust") - pl.col("low")) ** 2 + (pl.col("high_back") - pl.col("trust_back")) ** 2).sqrt()
    up = ((pl.col("high") - pl.col("trust")) ** 2 + (pl.col("trust_back") - pl.col("low_back")) ** 2).sqrt()
    made = both.with_columns(gap=gap, low=gap - down, high=gap + up)
    return made.select(pl.col(name).cast(dtype) for name, dtype in GAPS.items()).sort(
        "kind", "ccode1", "ccode2", "month"
    )


def foresee(acts: pl.DataFrame, kind: Kind = "all", record: Record | None = None) -> pl.DataFrame:
    """Every act with what was thought of it the day before: the record by which trust can be judged.

    The acts of the kind, each once, by day, with `trust, low, high` (missing before the pair's first one), `expected`
    (the chance that who tells of the act would call it co-operative, there too: for the coder on whose scale trust is
    the same), `seen` (such acts of the directed pair on earlier days) and `yardstick`. Here
    `ccode_from` is who acts.
    """
    from amity.insight.trust_path import follow  # noqa: PLC0415
    from amity.insight.trust_yardstick import discounted_beta  # noqa: PLC0415

    record = records()[kind] if record is None else record
    laid = laid_out(acts, record.source)
    path = follow(laid.arrays, record.constants, classes=KINDS[kind])
    plain, _ = discounted_beta(laid.arrays.only(KINDS[kind]), YARDSTICK_HALF_LIFE, record.yardstick)
    told = laid.acts.with_columns(
        **_columns(path.mean, path.variance), expected=path.trust, seen=path.seen
    ).filter(pl.col("quad").is_in(list(KINDS[kind])))
    told = told.with_columns(yardstick=plain)
    return told.with_columns(
        pl.when(pl.col("seen") > 0).then(pl.col(name)).alias(name) for name in ("trust", "low", "high")
    )


def learn(
    acts: pl.DataFrame,
    kind: Kind,
    days: tuple[date, date],
    *,
    source: str,
    scope: Scope,
    learned: date,
) -> Record:
    """Constants of a kind of trust from the acts of some days, all pairs together, as a record.

    Acts outside those days are not read. Raises `UsageError` where there are too few.
    """
    from amity.insight import trust_learning  # noqa: PLC0415

    laid = laid_out(acts.filter(pl.col("date").is_between(*days)))
    found = trust_learning.learn(laid.arrays, classes=KINDS[kind])
    prior = trust_learning.prior_of_beta(laid.arrays.only(KINDS[kind]), YARDSTICK_HALF_LIFE)
    return Record(kind, found.constants, prior, source, scope, *days, found.acts, found.log_score, learned)


def ask(
    ev: Evidence,
    a_codes: Sequence[int],
    b_codes: Sequence[int],
    *,
    source: str | None = None,
    scope: Scope = "state",
) -> pl.DataFrame:
    """Trust of two states in each other, of all three kinds, in each month from the first to the last that is covered.

    States are lines of COW codes, named by the first of each. Columns of `compute` and `covered`: whether a source of
    acts speaks about that month. Between such months trust grows older and less sure; `age` says how old. No rows
    where no source of acts is loaded: records of visits, votes or aid say nothing of trust. Raises `UsageError` where
    the two are the same state.
    """
    if set(a_codes) & set(b_codes):
        raise UsageError("a state's trust in itself was asked for", "name two states")
    acts = heard(ev, records()["all"].source, [*a_codes, *b_codes], source=source, scope=scope)
    named = {code: line[0] for line in (a_codes, b_codes) for code in line}
    acts = acts.with_columns(pl.col("ccode_from", "ccode_to").replace(named))
    spoken = {
        month for name, days in spans(ev).items() if source in {None, name} for month in covered_months(days)
    }
    spoken |= set(acts["date"].dt.month_start())
    if not spoken:
        return pl.DataFrame(schema={**ROWS, "covered": pl.Boolean()})
    months = pl.date_range(min(spoken), max(spoken), "1mo", eager=True).to_list()
    ways = [(a_codes[0], b_codes[0]), (b_codes[0], a_codes[0])]
    by_scale = {scale: laid_out(acts, scale) for scale in {record.source for record in records().values()}}
    rows = pl.concat(
        [_states(by_scale[record.source], ways, months, record) for record in records().values()]
    )
    return rows.with_columns(covered=pl.col("month").is_in(sorted(spoken)))
