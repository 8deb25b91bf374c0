"""The panel's columns of coded events: the same ten of every source that is loaded, declared by function."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from amity.evidence.columns import PanelColumn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Scope = Literal["country", "state"]
"""`country`: actors of every role. `state`: on either side the whole country or a role that counts as the state."""

LONGEST = 18
"""Letters of a source's id in a column's name, so that `…_articles_1to2` has Stata's 32."""
KEYS = ("ccode1", "ccode2", "year", "month")


@dataclass(frozen=True, slots=True)
class Counted:
    """Whose events stand in a panel, and of which actors."""

    sources: tuple[str, ...] = ()
    scope: Scope = "country"


def event_columns(counted: Counted) -> tuple[PanelColumn, ...]:
    """The columns of those sources, source by source.

    >>> [column.name for column in event_columns(Counted(("icews_tkg",)))][:2]
    ['icews_tkg_vcoop_1to2', 'icews_tkg_mcoop_1to2']
    """
    named = prefixes(counted.sources)
    return tuple(
        column for source in counted.sources for column in _columns(named[source], source, counted.scope)
    )


def prefixes(sources: Iterable[str]) -> dict[str, str]:
    """How each source's id begins its columns: letters, digits and underscores, short enough, no two alike.

    >>> prefixes(["gdelt2_translated", "own:desk officer's log", "own:desk officer's list"])
    {'gdelt2_translated': 'gdelt2_translated', "own:desk officer's log": 'own_desk_officer_s', "own:desk officer's list": 'own_desk_officer_2'}
    """  # noqa: E501
    made: dict[str, str] = {}
    for source in sources:
        plain = re.sub(r"\W", "_", source, flags=re.ASCII)
        name, number = plain[:LONGEST], 1
        while name in made.values():
            number += 1
            name = f"{plain[: LONGEST - 1 - len(str(number))]}_{number}"
        made[source] = name
    return made


def _columns(prefix: str, source: str, scope: Scope) -> tuple[PanelColumn, ...]:
    who = ", states only" if scope == "state" else ""
    outside = f"{source} does not speak about every day of the period"
    uncounted = f"{outside}, or does not count the articles of every event"

    def directed(
        name: str, says: str, dtype: Literal["int32", "float64"], unit: str, missing: str
    ) -> PanelColumn:
        one, both = (f"{prefix}: {says} {way}{who}" for way in ("of 1 towards 2", "both ways"))
        return PanelColumn(f"{prefix}_{name}_1to2", dtype, one, "sum", both, unit, missing)

    def volume(name: str, says: str) -> PanelColumn:
        label = f"{prefix}: events of the months, {says}"
        return PanelColumn(f"{prefix}_{name}", "int32", label, "same", "", "events", outside)

    return (
        directed("vcoop", "verbal co-operation", "int32", "incidents", outside),
        directed("mcoop", "material co-operation", "int32", "incidents", outside),
        directed("vconf", "verbal conflict", "int32", "incidents", outside),
        directed("mconf", "material conflict", "int32", "incidents", outside),
        directed("events", "coded events", "int32", "events", outside),
        directed("articles", "articles", "int32", "articles", uncounted),
        directed("force", "Goldstein sum of incidents", "float64", "points", outside),
        volume("volume1", "those with state 1"),
        volume("volume2", "those with state 2"),
        volume("volume", "all of them"),
    )


def with_events(rows: pl.DataFrame, told: pl.DataFrame, sources: Sequence[str]) -> pl.DataFrame:
    """A panel's rows with the columns of each source; `told` has a row for each pair and period that one speaks of."""
    for source, prefix in prefixes(sources).items():
        mine = told.filter(source=source).select(
            *KEYS,
            *(
                pl.col(name).alias(f"{prefix}_{name}{'' if name.startswith('volume') else '_1to2'}")
                for name in told.columns
                if name not in {*KEYS, "source"}
            ),
        )
        rows = rows.join(mine, on=KEYS, how="left", maintain_order="left")
    return rows
