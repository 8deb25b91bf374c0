"""`amity build-pack`: make a starter pack from the loaded sources that may be shared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from amity.ingest.pack import Computed
    from amity.settings import Settings
    from amity.store import Store


@click.command(
    epilog="""\b
Examples:
  amity load DATA --retrieved 2026-03-01
  amity build-pack src/amity/pack"""
)
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def command(settings: Settings, out: Path) -> None:
    """Write the loaded sources that may be shared into the folder OUT: facts and figures, receipts, licences.

    Ideal points of the loaded votes go with it, as posterior means of the published sampler; drawing them takes a
    minute. No publisher's file goes into a pack. The same store gives the same bytes.
    An earlier pack in OUT is replaced.
    """
    from amity import ingest
    from amity.cli.verify import size
    from amity.store import open_store

    held = open_store(settings.home)
    packed = ingest.build_pack(held, out, computed(held))
    for name, rows in packed.rows.items():
        click.echo(f"{name:<17} {rows:>9,} rows")
    for name in packed.left_out:
        click.echo(f"{name:<17} left out: its licence does not let it be shared")
    click.echo(f"{out}: {size(packed.size)}")


def computed(held: Store) -> dict[str, Computed]:
    """The tables to go with the pack: known states of all pairs, and ideal points, of what may be shared."""
    return {**states_of(held), **points_of(held)}


def states_of(held: Store) -> dict[str, Computed]:
    """The known states of all pairs, where everything that is loaded may be shared."""
    from amity import sources
    from amity.dimensions import kept_states
    from amity.evidence import open_evidence
    from amity.ingest.pack import Computed
    from amity.store import parts

    loaded = {part.source for part in parts(held)}
    if not all(source in sources.ALL and sources.about(source).may_share for source in loaded):
        return {}
    with open_evidence(held) as ev:
        return {kept_states.NAME: Computed(kept_states.made_from(held), kept_states.worked_out(ev))}


def points_of(held: Store) -> dict[str, Computed]:
    """Ideal points, where votes are loaded and all of them may be shared."""
    from amity import sources
    from amity.evidence import open_evidence
    from amity.ingest.pack import Computed
    from amity.measures import kept_points
    from amity.store import parts

    voted = {part.source for part in parts(held, "votes")}
    if not voted or not all(source in sources.ALL and sources.about(source).may_share for source in voted):
        return {}
    sweeps = 2 * (kept_points.DRAWS + kept_points.BURN)
    with (
        open_evidence(held) as ev,
        click.progressbar(length=sweeps, label="ideal points", file=sys.stderr) as bar,
    ):
        drawn = kept_points.tables(kept_points.drawn(ev, bar.update))
    made_from = kept_points.made_from(held)
    return {name: Computed(made_from, table) for name, table in drawn.items()}
