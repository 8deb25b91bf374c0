"""Pair-months: coded events counted by directed pair, month and class, and what is read of them further up.

They are derived: `refresh` counts a source's year again where the parts behind it, the CAMEO table, the roles that
count as the state, or the statement are no longer those of its last count. So whoever is killed between reading events
and counting them leaves a store whose pair-months are `behind`, and the next refresh mends it.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING

import polars as pl

from amity import cameo, store
from amity.catalog import polars_schema
from amity.errors import NoEvidenceError, UsageError
from amity.evidence.engines import Job, counting
from amity.evidence.rows import query, statement
from amity.store import batches, choices

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from pathlib import Path

    from amity.evidence.event_columns import Scope
    from amity.evidence.rows import Evidence
    from amity.store import Part, Store

    Span = tuple[Part, date, date]

TABLE = "pair_months"
CHOICE = "state roles"
MEANINGS = ("code", "root", "quad", "field", "goldstein_tenths")
"""Columns of the CAMEO table that the statement reads."""
SCRATCH = "scratch"
"""Folder of the store in which DuckDB spills; there only while something is counted."""


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year of a source's events: the parts that reach into it, and the name of a count made of them."""

    source: str
    year: int
    events: tuple[Part, ...]
    """None: the events are gone, and their pair-months should go."""
    volumes: tuple[Part, ...]
    made_from: str


@dataclass(frozen=True, slots=True)
class Recount:
    """What became of a year: how many pair-months it now has (0: its events are gone, or none has two states)."""

    source: str
    year: int
    rows: int


def roles_of(held: Store) -> tuple[str, ...]:
    """The roles that count as the state in this store, beside the country as a whole: chosen, or the usual ones."""
    chosen = choices.remembered(held, CHOICE)
    return cameo.STATE_ROLES if chosen is None else tuple(chosen)


def checked(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles as they are remembered: known ones, sorted, each once. Raises `UnknownValueError`.

    >>> checked(["MIL", "GOV", "MIL"])
    ('GOV', 'MIL')
    """
    return tuple(sorted({cameo.role(role).role for role in roles}))


def refresh(
    held: Store,
    source: str | None = None,
    *,
    state_roles: Sequence[str] | None = None,
    told: Callable[[Recount], None] = lambda _: None,
) -> tuple[Recount, ...]:
    """Count what is stale of one source's pair-months, or of all, year by year; what was counted, in that order.

    `state_roles` changes which roles count as the state in this store, from now on, and makes every source stale. Each
    year is atomic; memory is bounded; nothing is written where nothing is stale. Raises `StoreError` as all writers.
    """
    own = store.open_store(held.root)
    if state_roles is not None and checked(state_roles) != checked(roles_of(own)):
        choices.remember(own, CHOICE, checked(state_roles))
    if not behind(own, source):
        return ()
    done: list[Recount] = []
    with store.one_at_a_time(own, TABLE), scratch(own.root) as folder:
        for year in behind(own, source):
            rows = _counted(year, roles_of(own), folder) if year.events else None
            batches.replace_derived(own, year.source, TABLE, str(year.year), rows, year.made_from)
            done.append(Recount(year.source, year.year, 0 if rows is None else rows.height))
            told(done[-1])
    return tuple(done)


def behind(held: Store, source: str | None = None) -> tuple[Year, ...]:
    """The years whose pair-months are not what would now be counted."""
    own = store.open_store(held.root)
    found: list[Year] = []
    for name in sources_of_events(own) if source is None else (source,):
        now = years(own, name)
        made = batches.derived(own, name, TABLE)
        found += [year for year in now if made.get(str(year.year)) != year.made_from]
        gone = made.keys() - {str(year.year) for year in now}
        found += [Year(name, int(key), (), (), "") for key in sorted(gone)]
    return tuple(found)


def sources_of_events(held: Store) -> tuple[str, ...]:
    """The sources in the user's own store that have events, or pair-months of events that are gone."""
    return tuple(sorted({part.source for part in store.parts(held) if part.table in {"events", TABLE}}))


def years(held: Store, source: str) -> tuple[Year, ...]:
    """The calendar years into which a source's events reach, each with its parts and the name of its count."""
    events, volumes = (_spans(held, source, table) for table in ("events", "volumes"))
    reached = {year for _, first, last in events for year in range(first.year, last.year + 1)}
    roles = roles_of(held)
    return tuple(_year(source, year, events, volumes, roles) for year in sorted(reached))


def _year(
    source: str, year: int, events: Sequence[Span], volumes: Sequence[Span], roles: Sequence[str]
) -> Year:
    told, loud = (
        tuple(part for part, first, last in spans if first.year <= year <= last.year)
        for spans in (events, volumes)
    )
    named = [counting(), _meanings(), *sorted(roles), *sorted(part.sha256 for part in (*told, *loud))]
    return Year(source, year, told, loud, hashlib.sha256("\n".join(named).encode()).hexdigest())


def _spans(held: Store, source: str, table: str) -> tuple[Span, ...]:
    """The parts of a table with the first and last day in each; those without a row have none and are left out."""
    batched = batches.batch_parts(held, source, table)
    whole = store.parts(held, table, source, kinds=("part",))
    spans = [(one.part, one.first, one.last) for one in batched if one.first and one.last]
    unsaid = [one.part for one in batched if not (one.first and one.last)]
    return (*spans, *(span for part in (*whole, *unsaid) if (span := _read_span(part)) is not None))


@cache
def _read_span(part: Part) -> Span | None:
    """The first and last day of a part, from the file itself; parts never change."""
    day = "date" if part.table == "events" else "month"
    first, last = (
        pl.scan_parquet(part.path).select(low=pl.col(day).min(), high=pl.col(day).max()).collect().row(0)
    )
    return None if first is None else (part, first, last)


@cache
def _meanings() -> str:
    return cameo.classes().select(MEANINGS).write_csv()


def job(wanted: Iterable[Year], days: tuple[date, date], roles: Sequence[str]) -> Job:
    """The job of counting years of events between two days."""
    events: dict[str, dict[Path, None]] = {}
    volumes: dict[str, dict[Path, None]] = {}
    for year in wanted:
        for files, parts in ((events, year.events), (volumes, year.volumes)):
            files.setdefault(year.source, {}).update(dict.fromkeys(part.path for part in parts))
    told, loud = ({source: [*paths] for source, paths in files.items()} for files in (events, volumes))
    return Job(told, loud, days, cameo.classes().select(MEANINGS), roles)


def event_parts(held: Store, start: date, end: date, source: str | None = None) -> tuple[Part, ...]:
    """The parts that can hold a source's (None: every source's) events of the days from `start` to `end`."""
    whole = store.parts(held, "events", source, kinds=("part",))
    return (*(one.part for one in batches.batch_parts(held, source, "events", start, end)), *whole)


def _counted(year: Year, roles: Sequence[str], folder: Path) -> pl.DataFrame:
    """The pair-months of a year: columns of `catalog.PAIR_MONTHS`, sorted by pair and month."""
    from amity.evidence.engines import duckdb  # noqa: PLC0415

    out = folder / f"{year.year}.parquet"
    duckdb.count(job([year], (date(year.year, 1, 1), date(year.year, 12, 31)), roles), out, folder)
    rows = pl.read_parquet(out).drop("source")
    out.unlink()
    return rows


def write(
    held: Store,
    out: Path,
    names: Sequence[str] | None = None,
    days: tuple[date, date] | None = None,
    *,
    engine: str = "duckdb",
    master: str = "",
) -> int:
    """Count the events of some sources (None: all that are loaded) into a .parquet or .csv file; gives the rows.

    `days` are whole months (None: all). `engine` is `duckdb` or `spark`, the latter at `master` (empty: two cores of
    this machine). Columns of `catalog.PAIR_MONTHS` and `source`. Raises `NoEvidenceError` where there are no events.
    """
    own = store.open_store(held.root)
    wanted = [
        year
        for name in names or sources_of_events(own)
        for year in years(own, name)
        if year.events and (days is None or days[0].year <= year.year <= days[1].year)
    ]
    if not wanted:
        raise NoEvidenceError(
            "there are no coded events of that time to count",
            "see `amity load --help` and `amity pull --help`",
        )
    if out.suffix not in (".parquet", ".csv"):
        raise UsageError(f"{out.name} is neither .parquet nor .csv", "end the name with one of them")
    reach = date(min(year.year for year in wanted), 1, 1), date(max(year.year for year in wanted), 12, 31)
    with store.one_at_a_time(own, TABLE), scratch(own.root) as folder:
        made = folder / "counted.parquet"
        counting_of(engine, master)(job(wanted, days or reach, roles_of(own)), made, folder)
        rows = pl.scan_parquet(made)
        if out.suffix == ".csv":
            rows.sink_csv(out)
        else:
            shutil.move(made, out)
            rows = pl.scan_parquet(out)
        return rows.select(pl.len()).collect().item()


def counting_of(engine: str, master: str) -> Callable[[Job, Path, Path], None]:
    """The function of an engine that counts a job into a file, with a folder for what it spills."""
    if engine == "duckdb":
        from amity.evidence.engines import duckdb  # noqa: PLC0415

        return duckdb.count
    from amity.evidence.engines import spark  # noqa: PLC0415

    return partial(spark.count, master=master)


@contextmanager
def scratch(root: Path) -> Generator[Path]:
    """An empty folder in the store for what an engine spills; what a killed run left there is swept first."""
    shutil.rmtree(root / SCRATCH, ignore_errors=True)
    folder = root / SCRATCH
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def pair_months(
    ev: Evidence,
    from_codes: Sequence[int],
    to_codes: Sequence[int],
    *,
    source: str | None = None,
    scope: Scope = "country",
) -> pl.DataFrame:
    """What the first states did to the second ones by month and class: columns of `catalog.PAIR_MONTHS` and `source`.

    Sorted by source and month. A month without a row has no event inside the coverage of its source, and is unknown
    outside it. `source` is one source of events (None: each that is loaded).
    """
    sql = (
        "SELECT * FROM pair_months WHERE ccode_from = ANY($senders) AND ccode_to = ANY($receivers) AND scope = $scope "
        "AND source = coalesce($source, source) ORDER BY source, month, ccode_from, ccode_to, field, quad, code"
    )
    asked = {"senders": list(from_codes), "receivers": list(to_codes), "scope": scope, "source": source}
    schema = {**polars_schema("pair_months"), "source": pl.String()}
    return query(ev, sql, asked).select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def mixes(ev: Evidence, ccodes: Sequence[int]) -> pl.DataFrame:
    """What some states did to each other by month: `source, month, ccode_from, ccode_to, incidents, hostile`.

    `hostile` are the incidents of conflict among all. Only acts of states are counted, on both sides. A month without
    an act has no row, and nothing to say of the mix.
    """
    return query(ev, statement("mixes"), {"ccodes": list(ccodes)})


def event_sources(ev: Evidence) -> pl.DataFrame:
    """The sources of coded events that are loaded: `source, first, last, events`, sorted by source.

    `first` and `last` are the first days of the first and last month with an event; `events` counts all, whoever acts.
    """
    sql = (
        "SELECT source, min(month) AS first, max(month) AS last, sum(events)::BIGINT AS events "
        "FROM volumes WHERE ccode IS NULL GROUP BY source ORDER BY source"
    )
    return query(ev, sql)
