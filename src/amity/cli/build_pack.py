"""`amity build-pack`: make a starter pack from the loaded sources that may be shared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from amity.settings import Settings


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

    No publisher's file goes into a pack. The same store gives the same bytes. An earlier pack in OUT is replaced.
    """
    from amity import ingest
    from amity.cli.verify import size
    from amity.store import open_store

    packed = ingest.build_pack(open_store(settings.home), out)
    for name, rows in packed.rows.items():
        click.echo(f"{name:<17} {rows:>9,} rows")
    for name in packed.left_out:
        click.echo(f"{name:<17} left out: its licence does not let it be shared")
    click.echo(f"{out}: {size(packed.size)}")
