"""`amity cite`: how to cite amity and the sources behind it."""

from __future__ import annotations

import click


@click.command(
    epilog="""\b
Examples:
  amity cite                      amity and every source, one line each
  amity cite us_missions          one source
  amity cite --bibtex > amity.bib"""
)
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--bibtex", is_flag=True, help="BibTeX entries in place of lines.")
def command(names: tuple[str, ...], bibtex: bool) -> None:
    """Say how to cite amity and the sources that its figures rest on: cite both."""
    from amity import __version__, sources

    about = [sources.about(name) for name in names or (*sources.ALL, *sources.STREAMED)]
    if bibtex:
        click.echo("\n\n".join([own_bibtex(__version__), *(one.bibtex.strip() for one in about)]))
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
