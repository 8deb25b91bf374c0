"""`amity between`: where states stand between two powers, domain by domain, and what that is called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amity.cli import screen
from amity.cli.screen import wrapped
from amity.errors import UnknownStateError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from amity.settings import Settings
    from amity.states import State

YEARS_SHOWN, STATES_SHOWN = 12, 60


@click.command(
    epilog="""\b
Examples:
  amity between KHM USA CHN
  amity between USA CHN --region "South-eastern Asia"
  amity between USA CHN --states KHM,VNM,SGP --from 2000
  amity between KHM USA CHN --issue hr --domain votes,trade
  amity between USA CHN --out tilt.csv"""
)
@click.argument("parties", nargs=-1, required=True, metavar="[STATE]... A B")
@click.option("--states", "names", metavar="NAMES", default="", help="More states, joined by commas.")
@click.option("--region", metavar="NAME", default="", help="All states of a region, such as Eastern Africa.")
@click.option("--from", "start", type=click.IntRange(1946, 2100), help="First year.")
@click.option("--to", "end", type=click.IntRange(1946, 2100), help="Last year.")
@click.option(
    "--domain",
    "only",
    metavar="NAMES",
    default="",
    help="Only these domains, joined by commas: votes, tone, visits, trade, aid, arms, alliances, representation.",
)
@click.option(
    "--issue",
    "issues",
    metavar="WORDS",
    default="",
    help="Votes on these issues beside all votes: me, nu, di, co, hr, ec, important, or a subject.",
)
@click.option(
    "--weight",
    "weighed",
    metavar="DOMAIN=W",
    multiple=True,
    help="Weight of a domain in the alignment; every one has 1 unless said.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write: .csv, .parquet or .dta."
)
@click.pass_obj
def command(
    settings: Settings,
    parties: tuple[str, ...],
    names: str,
    region: str,
    start: int | None,
    end: int | None,
    only: str,
    issues: str,
    weighed: tuple[str, ...],
    out: Path | None,
) -> None:
    """Show how states lean between two powers, A and B.

    Each domain has a tilt, above 0 towards A, where it is known of both powers; alignment is their weighted mean in
    pooled standard deviations, with its 90 % interval. The stand is named by a rule, with its chance. Without a state
    all states are shown as they stand in the last year that is known well enough.
    """
    from amity import states
    from amity.evidence import open_evidence
    from amity.insight import between
    from amity.insight.domains import ALL
    from amity.store import open_store

    if len(parties) < 2:
        raise UsageError("between which two powers?", "name two, after the states: amity between KHM USA CHN")
    if start and end and end < start:
        raise UsageError(f"the years {start} to {end} run backwards", "give --from a year before --to")
    *said, a, b = [states.find(party) for party in parties]
    if names and not listed(names):
        raise UsageError(f"--states '{names}' names no state", "say --states KHM,VNM")
    around = [state for state in of_region(region) if state not in (a, b)]
    asked = [*said, *(states.find(name) for name in listed(names)), *around]
    weights = {**between.WEIGHTS, **weights_of(weighed)}
    of_domains = listed(only) or list(ALL)
    with open_evidence(open_store(settings.home, settings.packs)) as ev:
        if "tone" in of_domains:
            screen.say("Estimating how all states stand with both powers …")
        codes = [state.ccode for state in asked] or None
        found = between.tilts(ev, a, b, codes, of_domains=of_domains, issues=listed(issues))
    told = between.summary(found, weights)
    found, told = (within(frame, start, end) for frame in (found, told))
    if told.is_empty():
        click.echo("Nothing that is loaded speaks of both powers in these years.")
    elif out:
        click.echo(written(found, told, (a, b), out))
    else:
        click.echo("\n".join(table(found, told, asked, (a, b), weights)))


def listed(text: str) -> list[str]:
    """Words joined by commas.

    >>> listed(" KHM, VNM,")
    ['KHM', 'VNM']
    """
    return [word.strip() for word in text.split(",") if word.strip()]


def of_region(name: str) -> list[State]:
    """All states of a sub-region of the UN's list; raises `UnknownStateError` where there is none of that name."""
    from amity import states

    if not name:
        return []
    found = [state for state in states.every() if state.region.casefold() == name.strip().casefold()]
    if not found:
        known = ", ".join(sorted({state.region for state in states.every()}))
        raise UnknownStateError(f"no region is called '{name}'", f"say one of {known}")
    return found


def weights_of(weighed: Sequence[str]) -> dict[str, float]:
    """Weights as they are typed; raises `UsageError` for one that is none.

    >>> weights_of(["votes=2", "trade=0.5"])
    {'votes': 2.0, 'trade': 0.5}
    """
    import math

    from amity.insight.domains import named

    told: dict[str, float] = {}
    for text in weighed:
        name, _, number = text.partition("=")
        try:
            weight = float(number)
        except ValueError:
            weight = math.nan
        if not (math.isfinite(weight) and weight >= 0):
            raise UsageError(
                f"'{text}' is no weight of a domain", "say a number, 0 or more: --weight votes=2"
            )
        told[named(name.strip()).ABOUT.name] = weight
    return told


def within(frame: pl.DataFrame, start: int | None, end: int | None) -> pl.DataFrame:
    """The rows of some years, both included."""
    return frame.filter(frame["year"].is_between(start or 0, end or 9999))


def written(found: pl.DataFrame, told: pl.DataFrame, powers: tuple[State, State], out: Path) -> str:
    """Write a row a state and year, and say so."""
    from amity.evidence.export import write
    from amity.insight.between_rows import columns, wide

    a, b = (power.iso3c or power.name for power in powers)
    rows = wide(found, told)
    chosen = columns(a, b, found["domain"].unique(maintain_order=True).to_list())
    count = write([rows], chosen, out, title=f"amity between {a} and {b}")
    return (
        f"wrote {out}: {count:,} states and years, {len(chosen)} columns, {out.stat().st_size / 1e6:,.1f} MB"
    )


def table(
    found: pl.DataFrame,
    told: pl.DataFrame,
    asked: Sequence[State],
    powers: tuple[State, State],
    weights: dict[str, float],
) -> list[str]:
    """The years of one state with its domains in the last of them, or a year of many states."""
    single = len(asked) == 1
    rows = told.tail(YEARS_SHOWN) if single else last_named(told)
    a, b = (power.iso3c or power.name for power in powers)
    name = "year" if single else "state"
    heads = (
        f"{name:<20}",
        "alignment",
        f"{'90 % interval':>16}",
        "of",
        f"{'with ' + a:>8}",
        f"{'with ' + b:>8}",
    )
    lines = [f"{' '.join(heads)}  stands"]
    for row in rows.head(STATES_SHOWN).iter_rows(named=True):
        lines += line(row, a, b, year=single)
    if rows.height > STATES_SHOWN:
        lines.append(f"and {rows.height - STATES_SHOWN} more; --out FILE writes all")
    if single:
        lines += ["", *by_domain(found, rows, a, b)]
    else:
        lines += ["", f"The year {rows['year'][0]}; above 0 towards {a}, below it towards {b}."]
    told_weights = ", ".join(f"{domain} {weight:g}" for domain, weight in weights.items())
    return [
        *lines,
        "",
        *wrapped(f"Weights: {told_weights}."),
        *wrapped(
            "Alignment and engagement (`with`) are in pooled standard deviations. `of` is how many of these "
            "domains are known of both powers; alignments of different domains do not compare."
        ),
    ]


def last_named(told: pl.DataFrame) -> pl.DataFrame:
    """All states in the last year in which most of those named at all are named, furthest to A first."""
    import polars as pl

    counts = told.group_by("year").agg(named=pl.col("stands").is_not_null().sum()).sort("year")
    most = counts.filter(pl.col("named") >= 0.9 * pl.col("named").max())
    return told.filter(pl.col("year") == most["year"].max()).sort("alignment", descending=True)


def line(row: dict[str, Any], a: str, b: str, *, year: bool) -> list[str]:
    """A state in a year as a line of the table, or more where it has many names."""
    from amity import states
    from amity.insight.between import said

    name = str(row["year"]) if year else states.by_ccode(row["ccode"]).name
    interval = f"{row['low']:+.2f} to {row['high']:+.2f}"
    dealt = " ".join(
        f"{'.' if value is None else format(value, '+.2f'):>8}" for value in (row["with_a"], row["with_b"])
    )
    many = len(row["domains"])
    numbers = f"{name[:20]:<20} {row['alignment']:>+9.2f} {interval:>16} {many:>2} {dealt}  "
    return wrapped(said(row, a, b), numbers, " " * len(numbers))


def by_domain(found: pl.DataFrame, rows: pl.DataFrame, a: str, b: str) -> list[str]:
    """The tilts of the last year of which most domains are known: standardised, as in a brief, and in own units."""
    import polars as pl

    from amity.insight.between import NINETY, told_year
    from amity.insight.domains import named

    year = told_year(rows)
    lines = [
        f"In {year}, by domain (above 0 towards {a}, below it towards {b}):",
        f"  {'':<15} {'pooled standard dev.':<25} in its own unit",
    ]
    for row in found.filter(pl.col("year") == year).iter_rows(named=True):
        about = named(row["domain"].partition(":")[0]).ABOUT
        tilt = own = "unknown"
        if row["known"]:
            wide = NINETY * row["tilt_sd"]
            tilt = f"{row['tilt']:+.2f} ({row['tilt'] - wide:+.2f} to {row['tilt'] + wide:+.2f})"
            own = f"{row['value']:+.2f} ({row['low']:+.2f} to {row['high']:+.2f})"
        lines.append(f"  {row['domain']:<15} {tilt:<25} {own}")
        lines += wrapped(f"{about.says} [{about.unit}]", " " * 6, " " * 6)
    return lines
