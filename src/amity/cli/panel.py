"""`amity panel`: the facts as rows, for one pair, several, or all pairs of the world."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from amity.cli import screen
from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    import polars as pl

    from amity.evidence import Grain
    from amity.evidence.columns import PanelColumn
    from amity.evidence.event_columns import Scope
    from amity.settings import Settings

ROWS_SHOWN = 20
FIRST = (
    "iso3c1", "iso3c2", "year", "month", "visits", "relations", "envoy_level", "vote_agreement", "ideal_distance",
    "aid_obligated", "tone", "engagement", "alignment",
)  # fmt: skip
"""What is shown first where there is no room for all; then the rest as declared, and the `LAST` at the end."""
LAST = ("ccode1", "ccode2", "days")


@click.command(
    epilog="""\b
Examples:
  amity panel KHM USA
  amity panel KHM USA CHN --grain month --from 1960 --to 1975 --out triad.csv
  amity panel --all --out world.parquet
  amity panel --all --state --grain month --out states.parquet
  amity panel Cambodia --undirected --columns relations,visits --out cambodia.dta
  amity panel KHM USA CHN --grain month --scope state --from 2014 --out governments.csv"""
)
@click.argument("parties", nargs=-1, metavar="[STATE]...")
@click.option("--all", "world", is_flag=True, help="All pairs of the world.")
@click.option(
    "--grain",
    type=click.Choice(["year", "month"]),
    default="year",
    show_default=True,
    help="One row a pair and what.",
)
@click.option(
    "--from", "start", type=click.IntRange(1816, 2100), default=1946, show_default=True, help="First year."
)
@click.option(
    "--to", "end", type=click.IntRange(1816, 2100), help="Last year; by default the last one known."
)
@click.option(
    "--state",
    "estimated",
    is_flag=True,
    help="The estimated tone, engagement and alignment with intervals, in place of the facts.",
)
@click.option("--undirected", is_flag=True, help="One row a pair, ccode1 < ccode2, in place of one each way.")
@click.option(
    "--columns",
    "only",
    metavar="NAMES",
    default="",
    help="Only these columns (joined by commas) beside the keys.",
)
@click.option(
    "--scope",
    type=click.Choice(["country", "state"]),
    default="country",
    show_default=True,
    help="Whose coded events: those of the whole country, or of the state alone.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write: .csv, .parquet or .dta (Stata).",
)
@click.option(
    "--explain", is_flag=True, help="Say what each column is, and when it is missing, in place of rows."
)
@click.pass_obj
def command(
    settings: Settings,
    parties: tuple[str, ...],
    world: bool,
    grain: Literal["year", "month"],
    start: int,
    end: int | None,
    estimated: bool,
    undirected: bool,
    only: str,
    scope: Scope,
    out: Path | None,
    explain: bool,
) -> None:
    """Write what is known of pairs of states, by year or month, as rows.

    One STATE gives its pairs with all others, several give every pair among them, by name, ISO-3, ISO-2, COW or GW
    code. Rows are directed (what state 1 did to state 2) unless you ask otherwise. Zero means none; a missing
    value means that no source speaks about that pair and time. Each loaded source of coded events adds its columns.
    Without --out the first rows are shown. With --state the rows are what the engine makes of all this, one a pair
    (ccode1 < ccode2), at the end of each year or in every month.
    """
    from amity import states
    from amity.evidence import open_evidence
    from amity.evidence.event_columns import Counted
    from amity.evidence.months import event_sources
    from amity.measures.panel import columns, pairs_among, parts
    from amity.store import open_store

    if bool(parties) == world and not explain:
        raise UsageError("which pairs?", "name one state or more, or say --all, and not both")
    if estimated:
        if undirected or only:
            raise UsageError(
                "states are one row a pair, with all their columns", "leave out --undirected and --columns"
            )
        _states(settings, parties, grain, (start, end), out, explain)
        return
    per: Grain = "dyad-year" if grain == "year" else "dyad-month"
    names = tuple(name.strip() for name in only.split(",") if name.strip())
    with open_evidence(open_store(settings.home, settings.packs)) as ev:
        counted = Counted(tuple(event_sources(ev)["source"]), scope)
        chosen = columns(per, undirected=undirected, only=names, counted=counted)
        if explain:
            click.echo("\n".join(screen.fitted(explained(chosen))))
            return
        days = (date(start, 1, 1), date(end, 12, 31) if end else None)
        pairs = pairs_among([states.find(party) for party in parties])
        rows = parts(
            ev, pairs, per, days, undirected=undirected, only=[c.name for c in chosen], counted=counted
        )
        click.echo(told(_watched(rows, parties, "the facts"), chosen, out, per))


def _states(
    settings: Settings,
    parties: Sequence[str],
    grain: Literal["year", "month"],
    years: tuple[int, int | None],
    out: Path | None,
    explain: bool,
) -> None:
    """The panel of states, written or shown."""
    from amity import states
    from amity.dimensions.world import columns, panel_parts
    from amity.evidence import open_evidence
    from amity.store import open_store

    chosen = columns(grain)
    if explain:
        click.echo("\n".join(screen.fitted(explained(chosen))))
        return
    with open_evidence(open_store(settings.home, settings.packs)) as ev:
        rows = panel_parts(ev, [states.find(party) for party in parties], grain, years)
        rows = _watched(rows, parties, "tone, engagement and alignment")
        click.echo(told(rows, chosen, out, f"states, dyad-{grain}"))


def _watched(
    rows: Iterator[pl.DataFrame], parties: Sequence[str], what: str
) -> Generator[pl.DataFrame, None, None]:
    """The rows; stderr tells how far they are, but for those of a few pairs, which take a moment."""
    if len(parties) > 1:
        yield from rows
    else:
        whose = f"{parties[0]} and all others" if parties else "all pairs of the world"
        yield from screen.watched(rows, f"Working out {what} of {whose}")


def told(
    rows: Generator[pl.DataFrame, None, None], chosen: Sequence[PanelColumn], out: Path | None, per: str
) -> str:
    """The rows written, and that they were; or the first of them as text."""
    with closing(rows):
        return written(rows, chosen, out, per) if out else "\n".join(table(rows, screen.width()))


def written(rows: Iterator[pl.DataFrame], chosen: Sequence[PanelColumn], out: Path, per: str) -> str:
    """Write the rows, and say so."""
    from amity.evidence.export import write

    count = write(rows, chosen, out, title=f"amity panel, {per}")
    return f"wrote {out}: {count:,} rows, {len(chosen)} columns, {out.stat().st_size / 1e6:,.1f} MB"


def table(rows: Iterator[pl.DataFrame], width: int) -> list[str]:
    """The first rows as aligned text, the columns that matter most as many as fit; a missing value is a point.

    An estimate and the ends of its interval stand in one column.
    """
    first = next(rows)
    total = (
        f"{min(ROWS_SHOWN, first.height)} of {first.height:,}"
        if next(rows, None) is None
        else f"the first {ROWS_SHOWN}"
    )
    unknown = [name for name in first.columns if first[name].null_count() == first.height]
    cells = columns_of(first.drop(unknown).head(ROWS_SHOWN))
    fitting = fit(cells, width)
    height = len(next(iter(cells.values())))
    lines = ["  ".join(cells[name][n].rjust(size) for name, size in fitting.items()) for n in range(height)]
    notes = [f"{total} rows; --out FILE writes all, --explain says what each column is"]
    if any(f"{name}_low" in first.columns for name in fitting):
        notes.append("in brackets the 90 % interval")
    if len(fitting) < len(cells):
        notes.append(f"no room for: {', '.join(name for name in cells if name not in fitting)}")
    if unknown:
        notes.append(f"nothing known of: {', '.join(unknown)}")
    return [*lines, "", *(line for note in notes for line in screen.wrapped(note, "", "  ", width))]


def columns_of(head: pl.DataFrame) -> dict[str, list[str]]:
    """The cells of each column as text, its name first; the ends of an interval beside the value they are of.

    >>> import polars as pl
    >>> columns_of(pl.DataFrame({"tone": [-78.0, None], "tone_low": [-87.2, None], "tone_high": [-63.4, None]}))
    {'tone': ['tone', '-78 (-87 to -63)', '.']}
    """
    ends = {name + end for name in head.columns if f"{name}_low" in head.columns for end in ("_low", "_high")}
    return {
        name: [name, *(spelled(head, name) if f"{name}_low" in ends else map(shown, head[name]))]
        for name in head.columns
        if name not in ends
    }


def spelled(head: pl.DataFrame, name: str) -> list[str]:
    """Values with their intervals, in whole points.

    >>> import polars as pl
    >>> spelled(pl.DataFrame({"tone": [34.0], "tone_low": [-0.3], "tone_high": [61.4]}), "tone")
    ['34 (0 to 61)']
    """
    rows = head.select(name, f"{name}_low", f"{name}_high").iter_rows()
    return ["." if at is None else f"{at:z.0f} ({low:z.0f} to {high:z.0f})" for at, low, high in rows]


def fit(cells: dict[str, list[str]], width: int) -> dict[str, int]:
    """How wide each column is that finds room, in the order declared; those of `FIRST` are seated first.

    >>> fit({"ccode1": ["ccode1", "811"], "iso3c1": ["iso3c1", "KHM"], "visits_1to2": ["visits_1to2", "3"]}, 20)
    {'iso3c1': 6, 'visits_1to2': 11}
    """

    def rank(name: str) -> int:
        short = name.removesuffix("_1to2")
        short = name if short in sizes else short  # each way stands behind both together
        return FIRST.index(short) if short in FIRST else len(FIRST) + (name in LAST)

    sizes = {name: max(map(len, column)) for name, column in cells.items()}
    seated: set[str] = set()
    room = width + 2
    for name in sorted(sizes, key=rank):
        if sizes[name] + 2 <= room or not seated:
            seated.add(name)
            room -= sizes[name] + 2
        elif rank(name) >= len(FIRST):
            break
    return {name: size for name, size in sizes.items() if name in seated}


def shown(value: object) -> str:
    """A value as text.

    >>> shown(None), shown(0.8579), shown(148150000.0), shown(3)
    ('.', '0.858', '148,150,000', '3')
    """
    if value is None:
        return "."
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3f}"
    return str(value)


def explained(chosen: Sequence[PanelColumn]) -> list[str]:
    """What each column is, one paragraph each."""
    lines: list[str] = []
    for column in chosen:
        unit = f" [{column.unit}]" if column.unit else ""
        lines.append(f"{column.name}{unit}\n    {column.label}")
        if column.missing:
            lines.append(f"    missing: {column.missing}")
    return lines
