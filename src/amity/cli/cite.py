"""`amity cite`: how to cite amity and the sources behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from amity.settings import Settings


@click.command(
    epilog="""\b
Examples:
  amity cite                      amity and every source, one line each
  amity cite us_missions          one source
  amity cite own:desk             a record of your own
  amity cite --bibtex > amity.bib"""
)
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--bibtex", is_flag=True, help="BibTeX entries in place of lines.")
@click.pass_obj
def command(settings: Settings, names: tuple[str, ...], bibtex: bool) -> None:
    """Say how to cite amity and the sources that its figures rest on: cite both."""
    from amity import __version__, sources
    from amity.cli.sources import about as about_of
    from amity.store import open_store

    store = open_store(settings.home, settings.packs)
    about = [about_of(store, name) for name in names or (*sources.ALL, *sources.STREAMED)]
    if bibtex:
        told = (one.bibtex.strip() for one in about)
        click.echo("\n\n".join([own_bibtex(__version__), *filter(None, told)]))
        return
    own = f"The amity authors (2026). amity {__version__}: relations between two countries from open data."
    click.echo("\n".join([own, *(one.citation for one in about)]))


def own_bibtex(version: str) -> str:
    return (
        "@software{amity,\n"
        "  author = {{The amity authors}},\n"
        "  title = {amity: relations between two countries from open data},\n"
        f"  version = {{{version}}},\n"
        "  year = {2026}\n"
        "}"
    )
