"""What stands between two powers as rows for other programs: one a state and year, all domains side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import states
from amity.evidence.columns import PanelColumn
from amity.insight import domains
from amity.insight.between import SAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["columns", "wide"]

POOLED = "pooled standard deviations"
SHORT = "pooled SD"
WIDEST = 80
"""Characters of a label in Stata."""


def columns(a: str, b: str, of_domains: Sequence[str] = domains.ALL) -> tuple[PanelColumn, ...]:
    """The declared columns, in order; `a` and `b` are the powers' codes, as labels name them.

    >>> [column.name for column in columns("USA", "CHN", ["votes"])][-4:]
    ['votes', 'votes_sd', 'votes_near_a', 'votes_near_b']
    """
    whole = [
        PanelColumn(
            "alignment", "float64", f"Weighted mean tilt, above 0 towards {a} ({SHORT})", "same", unit=POOLED
        ),
        PanelColumn("sd", "float64", f"Standard deviation of alignment ({SHORT})", "same", unit=POOLED),
        PanelColumn("low", "float64", f"Low end of its 90% interval ({SHORT})", "same", unit=POOLED),
        PanelColumn("high", "float64", f"High end of its 90% interval ({SHORT})", "same", unit=POOLED),
        PanelColumn(
            "disagreement",
            "float64",
            f"Standard deviation of the domains' tilts ({SHORT})",
            "same",
            unit=POOLED,
        ),
        PanelColumn("with_a", "float64", f"Engagement with {a}, 0 the mean ({SHORT})", "same", unit=POOLED),
        PanelColumn("with_b", "float64", f"Engagement with {b}, 0 the mean ({SHORT})", "same", unit=POOLED),
        PanelColumn("stands", "string", f"Likeliest name of the stand (a: {a}, b: {b})", "same"),
        PanelColumn("chance", "float64", "Its chance", "same"),
        *(
            PanelColumn(f"p_{name}", "float64", f"Chance that it {_does(name).format(a=a, b=b)}", "same")
            for name in SAYS
        ),
        PanelColumn("domains", "int16", "Domains that are known", "same"),
    ]
    return (
        PanelColumn("ccode", "int16", "State (COW code)", "key"),
        PanelColumn("iso3c", "string", "State (ISO 3166-1 alpha-3)", "key", missing="no such code"),
        PanelColumn("year", "int16", "Year", "key"),
        *whole,
        *(column for name in of_domains for column in _of_domain(name, a, b)),
    )


def _does(name: str) -> str:
    """A name of `SAYS` as the end of 'it …'."""
    return f"is {SAYS[name]}" if name in ("neutral", "even") else SAYS[name]


def _fitting(label: str, unit: str) -> str:
    """A label with its unit, or where that is too long, that it is the domain's own.

    >>> _fitting("Tilt in trade, above 0 to USA", "share")
    'Tilt in trade, above 0 to USA (share)'
    """
    whole = f"{label} ({unit})"
    return whole if len(whole) <= WIDEST else f"{label} (its own unit)"


def _of_domain(name: str, a: str, b: str) -> list[PanelColumn]:
    plain = name.replace(":", "_")
    about = domains.named(name.partition(":")[0]).ABOUT
    unknown = "not known of both powers"
    return [
        PanelColumn(
            plain,
            "float64",
            _fitting(f"Tilt in {name}, above 0 to {a}", about.unit),
            "same",
            unit=about.unit,
            missing=unknown,
        ),
        PanelColumn(
            f"{plain}_sd",
            "float64",
            _fitting("Its standard deviation", about.unit),
            "same",
            unit=about.unit,
            missing=unknown,
        ),
        PanelColumn(
            f"{plain}_near_a", "float64", f"Nearness to {a} ({SHORT})", "same", unit=POOLED, missing=unknown
        ),
        PanelColumn(
            f"{plain}_near_b", "float64", f"Nearness to {b} ({SHORT})", "same", unit=POOLED, missing=unknown
        ),
    ]


def wide(found: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """`between.tilts` and `between.summary` as the rows of `columns`; years of which nothing is known are left out."""
    names = {state.ccode: state.iso3c for state in states.every()}
    rows = told.with_columns(
        pl.col("domains").list.len().cast(pl.Int16),
        iso3c=pl.col("ccode").replace_strict(names, return_dtype=pl.String),
    )
    order = found["domain"].unique(maintain_order=True).to_list()
    for name in order:
        plain = name.replace(":", "_")
        one = found.filter(pl.col("domain") == name, "known").select(
            "ccode",
            "year",
            pl.col("value").alias(plain),
            pl.col("sd").alias(f"{plain}_sd"),
            pl.col("near_a").alias(f"{plain}_near_a"),
            pl.col("near_b").alias(f"{plain}_near_b"),
        )
        rows = rows.join(one, on=["ccode", "year"], how="left")
    return rows.select(column.name for column in columns("A", "B", order)).sort("ccode", "year")
