"""`amity sources`: what the evidence is, how far it reaches, and on which terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from amity.cli.screen import fitted, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from amity.catalog import Receipt, Source
    from amity.settings import Settings
    from amity.store import Part, Store

BESIDE = ("coverage", "review", "volumes", "pair_months")
"""Tables that say something of the evidence, or are counted from it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the store and its packs hold of a source; `where` is `loaded`, `pack`, or `–` for nothing."""

    where: str
    parts: tuple[Part, ...]
    receipts: tuple[Receipt, ...]
    reach: tuple[date, date] | None

    @property
    def rows(self) -> int:
        """Rows of evidence; where a source has none (the state system), those of its coverage."""
        evidence = [part.rows for part in self.parts if part.table not in BESIDE]
        return sum(evidence) or sum(part.rows for part in self.parts if part.table == "coverage")

    @property
    def years(self) -> str:
        return f"{self.reach[0].year}–{self.reach[1].year}" if self.reach else "–"

    @property
    def retrieved(self) -> str:
        """The day on which the newest file was fetched or loaded."""
        return max((receipt.retrieved[:10] for receipt in self.receipts), default="–")


@click.command(
    epilog="""\b
Examples:
  amity sources               all of them
  amity sources us_missions   one, with its terms, reach, oddities and how to get it"""
)
@click.argument("name", required=False)
@click.pass_obj
def command(settings: Settings, name: str | None) -> None:
    """Say what the evidence is, where it comes from, how far it reaches, and on which terms.

    Held: `pack` came with amity, `loaded` you fetched or loaded. Share: whether facts computed from it may be
    passed on. Your own records (`amity add`) stand at the end.
    """
    from amity.store import open_store

    store = open_store(settings.home, settings.packs)
    if name:
        click.echo(one(about(store, name), held(store, name)))
    else:
        click.echo(table([(source, held(store, source.id)) for source in every(store)]))


def every(store: Store) -> list[Source]:
    """The publishers' sources, then the user's own."""
    from amity import sources
    from amity.ingest import own

    return [
        *(sources.about(name) for name in (*sources.ALL, *sources.STREAMED)),
        *(own.about(name) for name in own.names(store)),
    ]


def about(store: Store, name: str) -> Source:
    from amity import sources
    from amity.ingest import own

    return own.about(name) if name in own.names(store) else sources.about(name)


def held(store: Store, name: str) -> Held:
    import polars as pl

    from amity import store as stores
    from amity.store import batches

    parts = stores.parts(store, source=name)
    mine = stores.parts(stores.open_store(store.root), source=name)
    frames = [pl.read_parquet(part.path) for part in parts if part.table == "coverage"]
    spoken = pl.concat(frames) if frames else None
    reach = (spoken["start"].min(), spoken["end"].max()) if spoken is not None and spoken.height else None
    files = batches.file_receipts(store, name)
    if files:
        reach = min(one.start for one in files), max(one.end for one in files)
    where = "loaded" if mine else "pack" if parts else "–"
    return Held(where, parts, stores.receipts(store, name), reach)  # pyright: ignore[reportArgumentType]  (dates)


def table(rows: Iterable[tuple[Source, Held]]) -> str:
    """Two lines a source: how it stands here, then its title."""
    lines = [
        f"{'source':<17} {'held':<7} {'rows':>9}  {'reach':<9}  {'retrieved':<10}  {'share':<5}  licence"
    ]
    for source, had in rows:
        share = "yes" if source.may_share else "no"
        rows_ = f"{had.rows:,}" if had.parts else "–"
        lines.append(
            f"{source.id:<17} {had.where:<7} {rows_:>9}  {had.years:<9}  {had.retrieved:<10}  {share:<5}  "
            f"{source.licence.id.removeprefix('LicenseRef-')}"
        )
        lines += wrapped(source.title, "  ", "  ")
    return "\n".join(fitted(lines))


def one(source: Source, had: Held) -> str:
    """Everything about a source."""
    said = [
        ("says", source.says),
        ("producer", source.producer),
        ("homepage", source.homepage),
        ("licence", f"{source.licence.name} ({source.licence.id}) {source.licence.url}".strip()),
        ("share", "yes" if source.may_share else "no: it may be read here, and is never part of a pack"),
        ("cite", source.citation),
        ("files", source.files),
        ("get it", how(source)),
        ("here", here(had)),
    ]
    lines = wrapped(f"{source.id}: {source.title}", "", "  ")
    for label, text in said:
        if text:
            lines += wrapped(text, f"  {label:<10}", " " * 12)
    for item in source.tables:
        reach = item.coverage
        lines += wrapped(f"{item.name} ({', '.join(item.kinds)})".replace(" (*)", ""), "  ", " " * 6)
        lines += wrapped(
            f"from {reach.start} to {reach.end or 'the last day seen in the files'}: {reach.states}",
            " " * 4,
            " " * 4,
        )
        lines += wrapped(f"a row that is missing means: {reach.zero}", " " * 4, " " * 4)
    if source.oddities:
        lines.append("  oddities of the publisher's files")
        for oddity in source.oddities:
            lines += wrapped(oddity, "    – ", " " * 6)
    return "\n".join(lines)


def how(source: Source) -> str:
    """How to get the source: by pull, by hand, or from the user."""
    from amity import sources
    from amity.ingest import own

    if own.is_own(source.id):
        return "`amity add FILE`"
    streamed = source.id in sources.STREAMED
    requests = (sources.load_events if streamed else sources.load)(source.id).requests()
    ways = [f"`amity pull {source.id}{' --from DAY --to DAY' * streamed}`"] if requests else []
    page = source.by_hand or source.homepage
    return ", or ".join([*ways, f"download from {page} and `amity load PATH`"])


def here(had: Held) -> str:
    if not had.parts:
        return "not loaded"
    rows = dict.fromkeys((part.table for part in had.parts), 0)
    for part in had.parts:
        rows[part.table] += part.rows
    tables = ", ".join(f"{count:,} {table.replace('_', '-')}" for table, count in rows.items())
    files = f"{len(had.receipts)} file{'s' * (len(had.receipts) != 1)}"
    where = "came with amity" if had.where == "pack" else "loaded"
    return f"{where}; {tables}; from {files} retrieved {had.retrieved}; reach {had.years}"
