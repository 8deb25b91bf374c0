"""`amity fit`: learn the engine's constants from the evidence that is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from amity.cli import screen

if TYPE_CHECKING:
    from amity.dimensions.constants import Constants
    from amity.settings import Settings

DIMENSIONS = ("tone", "engagement", "alignment")


@click.command(
    epilog="""\b
Examples:
  amity fit
  amity fit --dimension tone --out constants"""
)
@click.option(
    "--dimension",
    "names",
    type=click.Choice(DIMENSIONS),
    multiple=True,
    help="Only this dimension; may be given again. By default all three.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write constants.json into; by default the store, which then uses them.",
)
@click.option("--rounds", type=click.IntRange(1, 500), default=60, show_default=True, help="Rounds at most.")
@click.pass_obj
def command(settings: Settings, names: tuple[str, ...], out: Path | None, rounds: int) -> None:
    """Learn how strongly each kind of evidence speaks of tone, engagement and alignment, and how fast these move.

    The states of the pairs are integrated out, and errors are taken over pairs. It takes a minute or
    two. Tone and engagement are learned from neighbours and major powers, so that their publishers' files must be
    loaded (cow_contiguity, cow_majors). Briefs and panels from this store use what was learned; remove constants.json
    from the store to go back to what amity brings. What is observed of all pairs is kept beside it, so that
    briefs are quicker until something else is loaded.
    """
    from amity.dimensions import fitting, kept_states
    from amity.dimensions.constants import keep
    from amity.evidence import open_evidence
    from amity.store import open_store

    learned: dict[str, Constants] = {}
    with open_evidence(open_store(settings.home, settings.packs)) as ev:
        for name in names or DIMENSIONS:
            with screen.progress(f"learning {name}", rounds) as told:
                learned[name] = fitting.learned(
                    ev,
                    name,
                    rounds=rounds,
                    told=lambda over: told(over, f"{over} of at most {rounds} rounds"),
                )
            click.echo("\n".join(table(name, learned[name])))
        click.echo(f"wrote {keep(learned, out or settings.home)}")
        if out is None:
            screen.say("working out the world's pairs …")
            click.echo(f"kept {kept_states.keep(ev):,} known years of pairs, to compare one with")


def table(name: str, constants: Constants) -> list[str]:
    """The constants of a dimension as aligned text, each with its standard error."""
    rows: list[tuple[str, ...]] = [("item", "intercept", "", "loading", "", "dispersion", "")]
    for item, one in sorted(constants.items.items()):
        errors = (one.intercept_error, one.loading_error, one.dispersion_error)
        shown = ["" if error is None else f"± {error:.3f}" for error in errors]
        values = (f"{one.intercept:.3f}", f"{one.loading:.3f}", f"{one.dispersion:.3f}")
        rows.append((item, *(cell for pair in zip(values, shown, strict=True) for cell in pair)))
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(size) if n == 0 else cell.rjust(size)
            for n, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    moves, widths_at_rest = (
        ", ".join(f"{value:.4f}" for value in values)
        for values in (constants.persistence, constants.variance)
    )
    head = f"{name}: persistence a month {moves}; variance {widths_at_rest}"
    return [head, *lines, f"from {constants.learned_from}", ""]
