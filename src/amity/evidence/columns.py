"""The columns of the panel, each declared once: for the frame, the documentation, and the labels in Stata."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

Rule = Literal["key", "same", "sum", "known sum", "largest known", "highest known"]
"""How the two directions of a pair make one row of an undirected panel.

* `key`: names the row. `same`: holds both ways alike.
* `sum`: of both directions; missing where either is.
* `known sum`, `largest known`, `highest known`: of the directions that are on record; missing where neither is.
"""

POST_LEVELS = (
    "none", "unstated", "consulate", "consulate general", "representative office", "interests section",
    "liaison office", "mission", "legation", "legation or embassy", "embassy",
)  # fmt: skip
ENVOY_LEVELS = (
    "none", "unstated", "consul", "consul general", "agent", "head of office", "commissioner", "representative",
    "chargé ad interim", "chargé", "minister resident", "minister", "ambassador",
)  # fmt: skip
"""Levels of a post and of an envoy, from the lowest to the highest; one not listed ranks beside 'unstated'."""


@dataclass(frozen=True, slots=True)
class PanelColumn:
    """One column of the panel. `label` and `label_undirected` fit Stata's 80 characters."""

    name: str
    """As in a directed panel; the undirected one has no `_1to2`."""
    dtype: Literal["int8", "int16", "int32", "float32", "float64", "string"]
    label: str
    rule: Rule
    label_undirected: str = ""
    unit: str = ""
    missing: str = ""
    """When there is no value, and why."""
    levels: tuple[str, ...] = ()


OUTSIDE = "no loaded source speaks about every day of the period, in this direction"
LAST_DAY = "no loaded source speaks about that day, in this direction, or the dates on record are too vague"

KEYS = (
    PanelColumn("ccode1", "int16", "COW code of state 1", "key"),
    PanelColumn("ccode2", "int16", "COW code of state 2", "key"),
    PanelColumn(
        "iso3c1",
        "string",
        "ISO 3166-1 alpha-3 code of state 1 (its present line)",
        "key",
        missing="no such code",
    ),
    PanelColumn(
        "iso3c2",
        "string",
        "ISO 3166-1 alpha-3 code of state 2 (its present line)",
        "key",
        missing="no such code",
    ),
    PanelColumn("year", "int16", "Calendar year", "key"),
    PanelColumn("month", "int8", "Calendar month, 1 to 12", "key"),
    PanelColumn(
        "days", "int16", "Days of the period on which both states are in the state system", "key", unit="days"
    ),
)

FACTS = (
    PanelColumn(
        "visits_1to2",
        "int16",
        "Visits of leaders of state 1 to state 2, begun in the period",
        "sum",
        "Visits of leaders of either state to the other, begun in the period",
        "visits",
        OUTSIDE,
    ),
    PanelColumn(
        "visits_hos_1to2",
        "int16",
        "Visits of heads of state of 1 to 2",
        "sum",
        "Visits of heads of state of either to the other",
        "visits",
        OUTSIDE,
    ),
    PanelColumn(
        "visits_hog_1to2",
        "int16",
        "Visits of heads of government of 1 to 2",
        "sum",
        "Visits of heads of government of either to the other",
        "visits",
        OUTSIDE,
    ),
    PanelColumn(
        "visits_fm_1to2",
        "int16",
        "Visits of foreign ministers of 1 to 2",
        "sum",
        "Visits of foreign ministers of either to the other",
        "visits",
        OUTSIDE,
    ),
    PanelColumn(
        "relations",
        "int8",
        "Diplomatic relations on the last day of the period: 1 yes, 0 no",
        "same",
        "",
        "",
        LAST_DAY,
    ),
    PanelColumn(
        "recognition_1to2",
        "int8",
        "State 1 recognises state 2 on the last day: 1 yes, 0 no",
        "largest known",
        "Either recognises the other on the last day, as far as on record",
        "",
        LAST_DAY,
    ),
    PanelColumn(
        "post_level_1to2",
        "string",
        "Highest post of 1 in 2 on the last day; 'none' where there is none",
        "highest known",
        "Highest post of either in the other on the last day, of those on record",
        "",
        LAST_DAY,
        POST_LEVELS,
    ),
    PanelColumn(
        "envoy_level_1to2",
        "string",
        "Chief of mission of 1 in 2 on the last day; 'none' where none in post",
        "highest known",
        "Highest chief of mission of either on the last day, of those on record",
        "",
        LAST_DAY,
        ENVOY_LEVELS,
    ),
    PanelColumn(
        "envoy_share_1to2",
        "float32",
        "Share of days with a chief of mission of 1 in post in 2",
        "largest known",
        "Share of days with a chief of mission, the larger of those on record",
        "share",
        OUTSIDE + ", or the dates on record are too vague",
    ),
    PanelColumn(
        "aid_obligated_1to2",
        "float64",
        "Aid obligated by 1 to 2, fiscal years spread by days, constant USD",
        "known sum",
        "Aid obligated by either to the other, of that on record, constant USD",
        "USD, constant",
        OUTSIDE,
    ),
    PanelColumn(
        "aid_disbursed_1to2",
        "float64",
        "Aid disbursed by 1 to 2, fiscal years spread by days, constant USD",
        "known sum",
        "Aid disbursed by either to the other, of that on record, constant USD",
        "USD, constant",
        OUTSIDE,
    ),
    PanelColumn(
        "acts_coop_1to2",
        "int32",
        "Other acts of 1 to 2 on record with a Goldstein weight of 0 or more",
        "sum",
        "Other acts of either with a Goldstein weight of 0 or more",
        "acts",
        OUTSIDE,
    ),
    PanelColumn(
        "acts_conf_1to2",
        "int32",
        "Other acts of 1 to 2 on record with a Goldstein weight below 0",
        "sum",
        "Other acts of either with a Goldstein weight below 0",
        "acts",
        OUTSIDE,
    ),
)
"""What the four tables say of a pair in a period. Votes are measures: `measures.panel` adds them."""


def as_undirected(column: PanelColumn) -> PanelColumn:
    """The column as it stands in an undirected panel.

    >>> as_undirected(next(column for column in FACTS if column.name == "visits_1to2")).name
    'visits'
    """
    return replace(
        column, name=column.name.removesuffix("_1to2"), label=column.label_undirected or column.label
    )


def dtype(column: PanelColumn) -> pl.DataType:
    """The polars type of a column."""
    import polars as pl  # noqa: PLC0415  (the records stay importable without polars)

    kinds: dict[str, pl.DataType] = {
        "int8": pl.Int8(), "int16": pl.Int16(), "int32": pl.Int32(),
        "float32": pl.Float32(), "float64": pl.Float64(), "string": pl.String(),
    }  # fmt: skip
    return kinds[column.dtype]
