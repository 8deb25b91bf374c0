"""`amity verify`: prove that the store on this disk is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.errors import StoreError

SAID = {
    "rows": "events",
    "kept": "kept",
    "without_state": "without a state",
    "repaired": "with bytes that are no UTF-8",
    "repeated": "repeated",
    "set_aside": "set aside",
}
"""The counts of a receipt, as they are said."""

if TYPE_CHECKING:
    from amity.settings import Settings
    from amity.store import Part, Store


@click.command(
    epilog="""\b
Example:
  amity verify"""
)
@click.pass_obj
def command(settings: Settings) -> None:
    """Prove that the store on this disk, and the facts that came with amity, are whole.

    Every table and every publisher's file that is kept is hashed and compared with what was written. Exit status 1
    where something is wrong.
    """
    from amity import store
    from amity.store.checking import left_over

    held = store.open_store(settings.home, settings.packs)
    problems = store.verify(held)
    click.echo("\n".join([*checked(held), *of_events(held)]))
    left = left_over(held)
    if left:
        files = f"{len(left)} file{'s' * (len(left) != 1)}"
        click.echo(f"{files} left by a writer that was stopped: harmless, the next write sweeps them")
    if not problems:
        click.echo("whole")
        return
    for problem in problems:
        click.echo(f"  {problem.path}: {problem.what}")
    sources = " ".join(dict.fromkeys(problem.path.split()[0] for problem in problems if " " in problem.path))
    raise StoreError(
        f"{len(problems)} thing{'s' * (len(problems) != 1)} wrong in {settings.home}",
        f"fetch the files again (`amity pull {sources}`) or load them (`amity load PATH`), then `amity verify`",
    )


def checked(held: Store) -> list[str]:
    """What was looked at: tables and files, in the store and in the packs."""
    from amity import store

    own = store.open_store(held.root)
    mine = {part.path for part in store.parts(own)}
    packed = [part for part in store.parts(held) if part.path not in mine]
    files = store.receipts(own)
    tables = [part for part in store.parts(held) if part.path in mine]
    return [
        f"store {held.root}",
        f"  {len(tables)} tables, {sum(part.rows for part in tables):,} rows, {size(bytes_of(tables))}",
        f"  {len(files)} publishers' files, {size(sum(receipt.size for receipt in files))}",
        "with amity itself",
        f"  {len(packed)} tables, {sum(part.rows for part in packed):,} rows, {size(bytes_of(packed))}",
    ]


def of_events(held: Store) -> list[str]:
    """What became of the lines of each source of coded events that is read file by file, and what is lacking."""
    from amity.cli.pull_events import lacked
    from amity.store import batches

    told: list[str] = []
    receipts = batches.file_receipts(held, current=None)
    for source in dict.fromkeys(one.source for one in receipts):
        current = [one for one in receipts if one.source == source and one.current]
        earlier = sum(one.source == source and not one.current for one in receipts)
        sums = {name: sum(getattr(one, name) for one in current) for name in SAID}
        lines = sum(one.lines for one in current)
        sums["kept"] = 0 if sums["kept"] == sums["rows"] else sums["kept"]
        counts = ", ".join(f"{sums[name]:,} {says}" for name, says in SAID.items() if sums[name])
        told += [f"{source}", f"  {lines:,} lines of {len(current):,} files: {counts}"]
        told += [f"  {earlier:,} receipt{'s' * (earlier != 1)} of earlier issues"] if earlier else []
        told += [
            f"  {rows:>9,} set aside: {why}, first {place}" for why, rows, place in set_aside(held, source)
        ]
        gaps = batches.missing_days(held, source)
        told += [f"  {lacked(gaps)}"] if gaps else []
    return told


def set_aside(held: Store, source: str) -> list[tuple[str, int, str]]:
    """Why lines of a source were set aside, the commonest reason first, with how many and where the first one is."""
    import polars as pl

    from amity.store import batches

    paths = [one.part.path for one in batches.batch_parts(held, source, "review")]
    if not paths:
        return []
    place = (pl.col("file") + ", " + pl.col("place")).first().alias("place")
    by_reason = pl.concat([pl.scan_parquet(path) for path in paths]).group_by("why", maintain_order=True)
    return by_reason.agg(pl.len(), place).sort("len", "why", descending=[True, False]).collect().rows()


def bytes_of(parts: list[Part]) -> int:
    return sum(part.path.stat().st_size for part in parts if part.path.exists())


def size(count: int) -> str:
    """Bytes as people read them.

    >>> size(811), size(204_946), size(23_400_000)
    ('811 bytes', '205 kB', '23.4 MB')
    """
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
