"""How much a source tells: its events by month, of all and of each state, against which every pair is to be seen."""

from __future__ import annotations

import polars as pl

from amity.catalog import polars_schema


def volumes(events: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Events and articles by month, of all (`ccode` missing) and of each state on either side, sorted.

    `by` names further columns to count by; they stand behind the others.

    A state's event counts once for it, also where both sides are its own. `articles` is missing where no event of the
    month has a number of them.

    >>> from datetime import date
    >>> told = {"date": [date(2018, 1, 3)] * 2, "ccode_from": [2, 2], "ccode_to": [2, 811], "articles": [5, None]}
    >>> volumes(pl.DataFrame(told)).select("ccode", "events", "articles").rows()
    [(None, 2, 5), (2, 2, 5), (811, 1, None)]
    """
    pairs = events.group_by("date", "ccode_from", "ccode_to", *by).agg(
        events=pl.len(), articles=pl.col("articles").sum(), known=pl.col("articles").count()
    )
    sender, receiver = pl.col("ccode_from").cast(pl.Int16), pl.col("ccode_to").cast(pl.Int16)
    sides = [
        pairs.with_columns(ccode=pl.lit(None, pl.Int16)),
        pairs.with_columns(ccode=sender).filter(pl.col("ccode").is_not_null()),
        pairs.with_columns(ccode=receiver).filter(receiver.is_not_null() & receiver.ne_missing(sender)),
    ]
    counted = pl.concat(sides).group_by(pl.col("date").dt.truncate("1mo").alias("month"), "ccode", *by).agg(
        pl.col("events").sum(), pl.when(pl.col("known").sum() > 0).then(pl.col("articles").sum()).alias("articles")
    )  # fmt: skip
    schema = polars_schema("volumes")
    typed = [pl.col(name).cast(dtype) for name, dtype in schema.items()]
    return counted.select(*typed, *by).sort(*by, "month", "ccode")
