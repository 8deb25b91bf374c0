r"""Where states stand between two powers: their tilt in each domain, what it adds up to, and what to call it.

In a domain a state is near to A by $x_A$ and to B by $x_B$, in the domain's own unit (`insight.domains` has one
file for each). Its tilt is $x_A - x_B$, above 0 towards A. To set domains beside each other nearness is put in pooled
standard deviations: with $m$ and $s$ the mean and the pooled standard deviation of the nearness of all states of the
world to the two powers in all years that are known,

$$z_A = \frac{x_A - m}{s},\qquad D_k = z_A - z_B = \frac{x_A - x_B}{s},\qquad s^2 = \tfrac{1}{2} (\mathrm{Var}\, x_A +
\mathrm{Var}\, x_B).$$

So $D_k$ does not depend on which states are asked for. What is not known of both powers is unknown, never 0; nothing
with either, where both are known, is a tilt of 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity import states
from amity.engine.scale import NINETY
from amity.errors import UsageError
from amity.insight import domains, leaning
from amity.insight.domains import votes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amity.evidence import Evidence
    from amity.states import State

__all__ = [
    "LEAST",
    "NINETY",
    "PLANE",
    "SUMMARY",
    "TILTS",
    "WEIGHTS",
    "Leanings",
    "leanings",
    "plane",
    "said",
    "summary",
    "tilts",
    "told_year",
]

WEIGHTS: dict[str, float] = dict.fromkeys(domains.ALL, 1.0)
"""Every domain counts alike; votes on single issues are shown and do not count."""
LEAST = 3
"""Domains that must be known before a state's stand is named; one of them must be dealings."""
SWING = 5
"""Years after which a change of sides counts as a swing."""

TILTS = pl.Schema(
    {
        "ccode": pl.Int16, "year": pl.Int16, "domain": pl.String, "known": pl.Boolean,
        "value": pl.Float64, "sd": pl.Float64, "low": pl.Float64, "high": pl.Float64,
        "tilt": pl.Float64, "tilt_sd": pl.Float64,
        "near_a": pl.Float64, "near_b": pl.Float64, "sd_a": pl.Float64, "sd_b": pl.Float64,
    }
)  # fmt: skip
SUMMARY = pl.Schema(
    {
        "ccode": pl.Int16, "year": pl.Int16, "domains": pl.List(pl.String),
        "alignment": pl.Float64, "sd": pl.Float64, "low": pl.Float64, "high": pl.Float64,
        "disagreement": pl.Float64, "with_a": pl.Float64, "with_b": pl.Float64,
        "stands": pl.String, "chance": pl.Float64, **{f"p_{name}": pl.Float64 for name in leaning.NAMES},
    }
)  # fmt: skip
PLANE = pl.Schema(
    {
        "ccode": pl.Int16, "year": pl.Int16, "own": pl.Boolean, "domains": pl.Int8,
        "near_a": pl.Float64, "near_b": pl.Float64, "sd_a": pl.Float64, "sd_b": pl.Float64,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leanings:
    """Where states stand between two powers, A and B."""

    a: State
    b: State
    states: tuple[State, ...]
    """Those that were asked for; none: all."""
    weights: Mapping[str, float]
    """Of the domains in the alignment."""
    tilts: pl.DataFrame
    """Columns of `TILTS`."""
    summary: pl.DataFrame
    """Columns of `SUMMARY`."""

    def plane(self, state: str | int, others: Sequence[int] | None = None) -> pl.DataFrame:
        """The path of a state between the two, and those of its neighbours that were asked for: see `plane`."""
        return plane(self.tilts, states.find(state).ccode, others, self.weights)


def leanings(
    ev: Evidence,
    power_a: State,
    power_b: State,
    of_states: Sequence[State] = (),
    *,
    of_domains: Sequence[str] = (),
    issues: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
) -> Leanings:
    """The tilts of some states, or of all, and what they add up to: `tilts` and `summary` in one.

    Weights that are not named are 1. Raises `UsageError` as these do, and for a weight of a domain that there is not.
    """
    told = {**WEIGHTS, **{domains.named(name).ABOUT.name: float(w) for name, w in (weights or {}).items()}}
    codes = [one.ccode for one in of_states] or None
    found = tilts(ev, power_a, power_b, codes, of_domains=of_domains or domains.ALL, issues=issues)
    return Leanings(power_a, power_b, tuple(of_states), told, found, summary(found, told))


def tilts(
    ev: Evidence,
    power_a: State,
    power_b: State,
    ccodes: Sequence[int] | None = None,
    *,
    of_domains: Sequence[str] = domains.ALL,
    issues: Sequence[str] = (),
) -> pl.DataFrame:
    """The tilt of states between two powers, by domain and year since 1946: columns of `TILTS`, sorted.

    One row for every state of `ccodes` (lines of states, by the code of today; None: all), year in which it was in the
    system with both powers, and domain, to the last year that any domain tells. `value` is the tilt in the domain's
    unit, above 0 towards A, with its 90 % interval `low` to `high`; `tilt` the same in pooled standard deviations of
    the domain; `near_a` and `near_b` the standardised nearness to each power, with their own `sd_a` and `sd_b`. Where
    `known` is False they are missing.
    Each of `issues` (`measures.issues`, such as `hr`) adds a domain `votes:hr`, from points fitted anew to it.
    Raises `UsageError` for the same power twice, for a power as a state between the two, or a domain that there is not.
    """
    of = domains.asked(ev, power_a, power_b)
    for power in (power_a, power_b):
        if power.ccode in {states.by_ccode(code).ccode for code in ccodes or ()}:
            raise UsageError(
                f"{power.name} is one of the powers, and stands nowhere between them", "name another state"
            )
    near = {name: domains.named(name).observe(ev, of) for name in of_domains}
    near |= {f"votes:{issue}": votes.on_issue(ev, of, issue) for issue in issues}
    told = [_scaled(rows, name) for name, rows in near.items() if rows.height]
    if not told:
        return TILTS.to_frame()
    found = pl.concat(told)
    every = of.years.filter(pl.col("year") <= found["year"].max())
    if ccodes is not None:
        lines = {states.by_ccode(code).ccode for code in ccodes}
        every = every.filter(pl.col("ccode").is_in(lines))
    order = pl.DataFrame({"domain": list(near), "order": range(len(near))})
    return (
        every.join(order, how="cross")
        .join(found, on=["ccode", "year", "domain"], how="left")
        .with_columns(known=pl.col("value").is_not_null())
        .sort("ccode", "year", "order")
        .select(pl.col(name).cast(kind) for name, kind in TILTS.items())
    )


def _scaled(rows: pl.DataFrame, domain: str) -> pl.DataFrame:
    """Tilts of a domain in its unit and in pooled standard deviations."""
    rows = rows.sort("ccode", "year")  # so that the same rows give the same bits, however they came
    a, b = rows["to_a"].to_numpy(), rows["to_b"].to_numpy()
    mean, s = (a.mean() + b.mean()) / 2, float(np.sqrt((a.var() + b.var()) / 2))
    unit = 1 / s if s > 0 else 0.0
    # States beyond a power tie in votes: what is left of the subtraction must not put them in an order.
    value, sd = (pl.col("to_a") - pl.col("to_b")).round(9), pl.col("sd")
    return rows.select(
        "ccode",
        "year",
        domain=pl.lit(domain),
        value=value,
        sd=sd,
        low=value - NINETY * sd,
        high=value + NINETY * sd,
        tilt=value * unit,
        tilt_sd=sd * unit,
        near_a=(pl.col("to_a") - mean) * unit,
        near_b=(pl.col("to_b") - mean) * unit,
        sd_a=pl.col("sd_a") * unit,
        sd_b=pl.col("sd_b") * unit,
    )


def summary(found: pl.DataFrame, weights: Mapping[str, float] = WEIGHTS) -> pl.DataFrame:
    """What the tilts of each state and year add up to: columns of `SUMMARY`, for those with any known domain.

    `alignment` is the weighted mean of the known domains' tilts, with its 90 % interval: that of the measurements, not
    of the choice of domains, which `domains` names. `disagreement` is the weighted standard deviation of those tilts,
    `with_a` and `with_b` the engagement with each power (the mean standardised nearness of the domains of dealings; 0
    is the mean of the world's states and both powers), `stands` the likeliest name of `leaning.NAMES`, `chance` its
    chance, and `p_*` the chance of each. They are missing with fewer than three known domains, or none of dealings.
    Raises `UsageError` for weights that are negative or no number, or all 0 of the domains that are asked for.
    """
    asked = found["domain"].unique().to_list() or list(weights)
    whole = all(math.isfinite(weight) and weight >= 0 for weight in weights.values())
    if not whole or not any(weights.get(name) for name in asked):
        raise UsageError(
            "weights of domains are negative, endless or all nought",
            "give each domain a weight of 0 or more, and one of them more",
        )
    counted = {name: weight for name, weight in weights.items() if weight > 0}
    rows = found.filter("known", pl.col("domain").is_in(list(counted)))
    if rows.is_empty():
        return SUMMARY.to_frame()
    keys, known = _laid(rows, counted)
    total = known.weight.sum(axis=1)
    share = known.weight / total[:, None]
    d = (share * known.tilt).sum(axis=1)
    sd = np.sqrt((share**2 * known.tilt_sd**2).sum(axis=1))
    apart = np.sqrt((share * (known.tilt - d[:, None]) ** 2).sum(axis=1))
    keys = keys.with_columns(
        alignment=d, sd=sd, low=d - NINETY * sd, high=d + NINETY * sd, disagreement=apart
    )
    before = keys.select("ccode", "alignment", "sd", year=pl.col("year") + SWING)
    past = keys.join(before, on=["ccode", "year"], how="left", maintain_order="left", suffix="_before")
    known.before[:] = past.select("alignment_before", "sd_before").fill_null(float("nan")).to_numpy()
    return _named(keys, known)


def _laid(rows: pl.DataFrame, weights: Mapping[str, float]) -> tuple[pl.DataFrame, leaning.Known]:
    """Known tilts as arrays: the states and years of their rows, and the numbers, domains along the second axis."""
    order = list(weights)
    keys = (
        rows.group_by("ccode", "year")
        .agg(domains=pl.col("domain"))
        .sort("ccode", "year")
        .with_row_index("row")
    )
    at = rows.join(keys.select("ccode", "year", "row"), on=["ccode", "year"])
    row = at["row"].to_numpy()
    column = at["domain"].replace_strict({name: n for n, name in enumerate(order)}).to_numpy()
    shape = (keys.height, len(order))

    def spread(*names: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        out = np.zeros((*shape, len(names)))
        for n, name in enumerate(names):
            out[row, column, n] = at[name].to_numpy()
        return out if len(names) > 1 else out[..., 0]

    weight = np.zeros(shape)
    weight[row, column] = np.array([weights[name] for name in order])[column]
    engages = np.array([name in domains.ALL and domains.named(name).ABOUT.engages for name in order])
    known = leaning.Known(
        weight,
        spread("tilt"),
        spread("tilt_sd"),
        spread("near_a", "near_b"),
        spread("sd_a", "sd_b"),
        engages,
        np.full((keys.height, 2), np.nan),
    )
    return keys.drop("row"), known


def _named(keys: pl.DataFrame, known: leaning.Known) -> pl.DataFrame:
    """The engagement with each power, and the names with their chances, where enough is known."""
    dealt = known.weight * known.engages
    with np.errstate(invalid="ignore"):
        dealings = (dealt[..., None] * known.near).sum(axis=1) / dealt.sum(axis=1)[:, None]
    enough = ((known.weight > 0).sum(axis=1) >= LEAST) & (dealt.sum(axis=1) > 0)
    p = np.full((keys.height, len(leaning.NAMES)), np.nan)
    chosen = leaning.Known(
        known.weight[enough],
        known.tilt[enough],
        known.tilt_sd[enough],
        known.near[enough],
        known.near_sd[enough],
        known.engages,
        known.before[enough],
    )
    p[enough] = leaning.chances(chosen)
    best = [leaning.NAMES[row.argmax()] if ok else None for row, ok in zip(p, enough, strict=True)]
    told = {f"p_{name}": p[:, n] for n, name in enumerate(leaning.NAMES)}
    wide = keys.with_columns(
        with_a=dealings[:, 0],
        with_b=dealings[:, 1],
        stands=pl.Series(best, dtype=pl.String),
        chance=p.max(axis=1),
        **told,
    )
    floats = [name for name, kind in SUMMARY.items() if kind == pl.Float64]
    return wide.with_columns(pl.col(floats).fill_nan(None)).select(
        pl.col(name).cast(kind) for name, kind in SUMMARY.items()
    )


def told_year(told: pl.DataFrame) -> int:
    """The year to tell of one state's `summary`: the last of which more than half of the domains are known.

    Where there is none, the last in which its stand is named; else the last of all.
    """
    most = told.filter(pl.col("domains").list.len() > len(domains.ALL) / 2, pl.col("stands").is_not_null())
    stood = told.filter(pl.col("stands").is_not_null())
    rows = next((rows for rows in (most, stood) if rows.height), told)
    return int(rows["year"].to_list()[-1])


def plane(
    found: pl.DataFrame,
    ccode: int,
    others: Sequence[int] | None = None,
    weights: Mapping[str, float] = WEIGHTS,
) -> pl.DataFrame:
    """The path of a state between the two powers, and those of its neighbours: columns of `PLANE`, sorted.

    `near_a` and `near_b` are the weighted means of the standardised nearness to each power over the domains that are
    known in the year, of which `domains` says how many there are: where that changes, so can the path. `own` marks the
    state; `others` are by default the states of its region that `found` has. With `weights={"votes": 1}` the path is
    that of the votes alone, the one domain that is known throughout.
    """
    line = states.by_ccode(ccode).ccode
    peers = states.neighbours(line) if others is None else [states.by_ccode(code).ccode for code in others]
    counted = pl.col("domain").replace_strict(dict(weights), default=0.0, return_dtype=pl.Float64)
    rows = found.filter("known", pl.col("ccode").is_in([line, *peers])).with_columns(w=counted)
    rows = rows.filter(pl.col("w") > 0)
    total = pl.col("w").sum()
    return (
        rows.group_by("ccode", "year")
        .agg(
            domains=pl.len(),
            near_a=(pl.col("w") * pl.col("near_a")).sum() / total,
            near_b=(pl.col("w") * pl.col("near_b")).sum() / total,
            sd_a=((pl.col("w") * pl.col("sd_a")) ** 2).sum().sqrt() / total,
            sd_b=((pl.col("w") * pl.col("sd_b")) ** 2).sum().sqrt() / total,
        )
        .with_columns(own=pl.col("ccode") == line)
        .sort(pl.col("own").not_(), "ccode", "year")
        .select(pl.col(name).cast(kind) for name, kind in PLANE.items())
    )


SAYS = {
    "swings_a": "swings to {a}",
    "swings_b": "swings to {b}",
    "sides_a": "sides with {a}",
    "sides_b": "sides with {b}",
    "leans_a": "leans to {a}",
    "leans_b": "leans to {b}",
    "neutral": "neutral",
    "hedges": "hedges",
    "even": "even",
}


def said(row: Mapping[str, object], a: str, b: str, least: float = 0.1) -> str:
    """A row of `summary` in words: every name with a chance of at least `least`, the likeliest first.

    >>> row = {"p_hedges": 0.62, "p_leans_b": 0.3, "p_even": 0.08}
    >>> said(row, "the United States", "China")
    'hedges 0.62, leans to China 0.30'
    """
    told = [(float(str(chance)), name) for name in SAYS if (chance := row.get(f"p_{name}")) is not None]
    shown = sorted((pair for pair in told if pair[0] >= least), key=lambda pair: -pair[0])
    if not shown:
        return "too little is known to name it"
    # Draws are finite, and a rule is no law: nothing is said to be certain.
    return ", ".join(f"{SAYS[name].format(a=a, b=b)} {min(chance, 0.99):.2f}" for chance, name in shown)
