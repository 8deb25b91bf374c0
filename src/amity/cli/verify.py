"""`amity verify`: prove that the store on this disk is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.errors import StoreError

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
    click.echo("\n".join(checked(held)))
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
