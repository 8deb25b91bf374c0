"""What one state gave another in aid, and how that compares with what it gave everybody else."""

from __future__ import annotations

import polars as pl

from amity.catalog import Measure

ABOUT = Measure(
    name="aid_flow",
    says="aid obligated and disbursed by year, with its share and rank among all recipients",
    grain="directed dyad-year",
    reads=("figures",),
    unit="USD, constant",
    bounds=(float("-inf"), float("inf")),
    undefined="no source speaks about every day of the year",
)

KINDS = ("aid_obligated", "aid_disbursed")


def compute(rows: pl.DataFrame) -> pl.DataFrame:
    r"""Yearly aid with its share and rank among the donor's recipients, from a directed panel.

    `rows` must hold the donor with **all** its possible recipients: `evidence.panel` of the donor and every other
    state. One row is a donor, recipient, year and kind (`aid_obligated`, `aid_disbursed`) whose amount is known:
    `value` in constant USD (fiscal years are spread over calendar years by days; below zero where more was returned
    than given), `share` of what went to states that got any,

    $$\text{share}_j = \max(v_j, 0) \Big/ \sum_k \max(v_k, 0)$$

    (missing where nobody got any), `rank` (1: the largest; missing where this one got nothing) and `recipients` (how
    many got any). Aid to places that are not states, and to regions, is in no row.

    >>> rows = pl.DataFrame({"ccode1": [2, 2], "ccode2": [811, 816], "year": [2010, 2010],
    ...                      "aid_obligated_1to2": [30.0, 90.0], "aid_disbursed_1to2": [None, None]})
    >>> compute(rows).filter(pl.col("ccode2") == 811).select("value", "share", "rank").row(0)
    (30.0, 0.25, 2)
    """
    amounts = rows.unpivot(
        on=[f"{kind}_1to2" for kind in KINDS],
        index=["ccode1", "ccode2", "year"],
        variable_name="kind",
        value_name="value",
    )
    given = pl.col("value").clip(lower_bound=0)
    total = given.sum().over("ccode1", "year", "kind")
    got_any = pl.col("value") > 0
    return (
        amounts.drop_nulls("value")
        .with_columns(
            kind=pl.col("kind").str.strip_suffix("_1to2"),
            share=pl.when(total > 0).then(given / total),
            rank=pl.when(got_any).then(
                pl.col("value").rank("min", descending=True).over("ccode1", "year", "kind")
            ),
            recipients=got_any.sum().over("ccode1", "year", "kind"),
        )
        .with_columns(pl.col("rank", "recipients").cast(pl.Int32))
        .sort("ccode1", "ccode2", "kind", "year")
    )
