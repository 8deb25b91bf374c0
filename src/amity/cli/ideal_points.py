"""`amity ideal-points`: where states stand in the UN General Assembly, by session, with intervals."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from amity.cli import screen
from amity.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from amity.evidence import Evidence
    from amity.measures.ideal_points import IdealPoints
    from amity.settings import Settings

SHOWN_SESSIONS, ROWS_SHOWN = 10, 200
AGREED = 1.1


@click.command(
    epilog="""\b
Examples:
  amity ideal-points --states KHM,USA,CHN
  amity ideal-points --out points.csv
  amity ideal-points --issue hr --from 1970 --states KHM,USA
  amity ideal-points --issue "HUMAN RIGHTS" --from 2020 --out rights.parquet
  amity ideal-points --sample --seed 2026 --out posterior.csv"""
)
@click.option(
    "--issue",
    metavar="WORD",
    help="Only roll calls about: me, nu, di, co, hr, ec, important, or a subject of the UN.",
)
@click.option("--from", "start", type=click.IntRange(1946, 2100), help="First year in which a session opens.")
@click.option("--to", "end", type=click.IntRange(1946, 2100), help="Last such year.")
@click.option(
    "--states", "names", metavar="NAMES", default="", help="Show only these states, joined by commas."
)
@click.option(
    "--links",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A list of roll calls that are one item (CSV: rcid1, rcid2), such as the published one.",
)
@click.option(
    "--without", metavar="RULES", default="", help="Rules to leave out, joined by commas (see the guide)."
)
@click.option(
    "--sample", is_flag=True, help="Draw from the posterior by the published sampler; takes a minute."
)
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the draws; needed with --sample.")
@click.option(
    "--draws", type=click.IntRange(4, 100_000), default=500, show_default=True, help="Draws to keep a chain."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write: .csv, .parquet or .dta."
)
@click.pass_obj
def command(
    settings: Settings,
    issue: str | None,
    start: int | None,
    end: int | None,
    names: str,
    links: Path | None,
    without: str,
    sample: bool,
    seed: int | None,
    draws: int,
    out: Path | None,
) -> None:
    """Scale the UN General Assembly's roll calls: one line on which states that vote alike stand together.

    Points have mean 0 and standard deviation 1 over all states and sessions asked for, the United States high by
    the field's convention, each with its standard deviation and 90 % interval. All states are scaled, whichever are
    shown.
    Without options the points are those kept with the votes; any choice fits anew, in a second or two.
    """
    from amity import states
    from amity.evidence import open_evidence
    from amity.store import open_store

    if sample and seed is None:
        raise UsageError("draws without a seed cannot be had again", "give --seed, any whole number")
    asked = [states.find(name.strip()) for name in names.split(",") if name.strip()]
    if names and not asked:
        raise UsageError(f"--states '{names}' names no state", "say --states KHM,USA")
    with open_evidence(open_store(settings.home, settings.packs)) as ev:
        if not (issue or start or end or links or without or sample):
            points = _kept(ev)
        else:
            points = _anew(
                ev,
                issue,
                (start, end),
                links,
                without,
                (seed, draws) if seed is not None and sample else None,
            )
    frame = points.points
    if asked:
        frame = frame.filter(frame["ccode"].is_in([code for state in asked for code in state.ccodes]))
    click.echo(written(frame, out) if out else "\n".join(table(frame)))


def _kept(ev: Evidence) -> IdealPoints:
    from amity.measures import kept_points

    return kept_points.of_store(ev, made=lambda: screen.say("fitting all votes, once …"))


def _anew(
    ev: Evidence,
    issue: str | None,
    years: tuple[int | None, int | None],
    links: Path | None,
    without: str,
    drawn: tuple[int, int] | None,
) -> IdealPoints:
    """A fit or draws of the roll calls asked for."""
    import polars as pl

    from amity.measures import ideal_points, kept_points, roll_call_links, roll_call_rules

    votes, items = kept_points.record(ev)
    chosen = ideal_points.asked_for(items, issue, *years)
    left_out = [rule.strip() for rule in without.split(",") if rule.strip()]
    unknown = [rule for rule in left_out if rule not in roll_call_rules.ALL]
    if unknown:
        raise UsageError(f"no rule is called '{unknown[0]}'", f"say any of: {', '.join(roll_call_rules.ALL)}")
    rules = [rule for rule in roll_call_rules.ALL if rule not in left_out]
    pairs = roll_call_links.published(links.read_bytes()) if links else None
    if drawn is None:
        screen.say(f"fitting {chosen.height:,} roll calls …")
        return ideal_points.fit(votes, chosen, rules=rules, links=pairs)
    seed, draws = drawn
    sweeps = 2 * (draws + kept_points.BURN)
    with click.progressbar(length=sweeps, label="drawing", file=sys.stderr) as bar:
        points, sure = ideal_points.draw(
            votes,
            chosen,
            seed,
            rules=rules,
            links=pairs,
            draws=draws,
            burn=kept_points.BURN,
            progress=bar.update,
        )
    told = sure.select(
        agree=(pl.col("r_hat") < AGREED).mean(),
        r_hat=pl.col("r_hat").median(),
        effective=pl.col("effective").median(),
    ).row(0)
    click.echo(
        f"R-hat below {AGREED} for {told[0]:.0%} of points, median {told[1]:.3f}; "
        f"effective draws, median {told[2]:.0f}",
        err=True,
    )
    return points


def written(frame: pl.DataFrame, out: Path) -> str:
    """Write the points, and say so."""
    from amity.evidence.columns import PanelColumn
    from amity.evidence.export import write
    from amity.measures.ideal_points import EXPLAINED

    columns = [
        PanelColumn(name, kind, label, "same", unit=unit) for name, (kind, label, unit) in EXPLAINED.items()
    ]
    count = write([frame], columns, out, title="amity ideal-points")
    return f"wrote {out}: {count:,} points, {out.stat().st_size / 1e6:,.1f} MB"


def table(frame: pl.DataFrame) -> list[str]:
    """The last sessions of each state, a row each."""
    from amity import states

    rows = frame.group_by("ccode", maintain_order=True).tail(SHOWN_SESSIONS)
    lines = [f"{'state':<24} {'session':>7} {'opens':>5} {'votes':>5} {'point':>7} {'90 % interval':>16}"]
    for row in rows.head(ROWS_SHOWN).iter_rows(named=True):
        name, interval = states.by_ccode(row["ccode"]).name, f"{row['low']:.2f} to {row['high']:.2f}"
        counts = f"{row['session']:>7} {row['year']:>5} {row['n']:>5}"
        lines.append(f"{name[:24]:<24} {counts} {row['point']:>7.2f} {interval:>16}")
    shown = min(rows.height, ROWS_SHOWN)
    return [
        *lines,
        "",
        f"{shown} of {frame.height:,} points: the last {SHOWN_SESSIONS} sessions; --out FILE writes all",
    ]
