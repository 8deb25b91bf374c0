"""`amity whatif`: the outlook of a pair with some acts and without, and which past cases that rests on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from amity.errors import UsageError

if TYPE_CHECKING:
    from amity.insight.response import Response
    from amity.insight.whatif import WhatIf
    from amity.settings import Settings

SHOWN = (1, 3, 6, 12, 18, 24)
KINDS = (".json", ".csv")
SURE = 1.96
YEAR = 11
"""Where twelve months stand."""


@click.command(
    epilog="""\b
Examples:
  amity whatif KHM USA --do "2026-06 visit head-of-state up" --do "2026-09 sanction lifted"
  amity whatif KHM USA --programme acts.yaml --out outlook.csv"""
)
@click.argument("a")
@click.argument("b")
@click.option(
    "--do", "acts", metavar='"YYYY-MM CLASS"', multiple=True, help="An act; may be given again, in any order."
)
@click.option(
    "--programme",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A longer programme in YAML: a list `do` of month and act.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write: .json or .csv.")
@click.pass_obj
def command(
    settings: Settings, a: str, b: str, acts: tuple[str, ...], file: Path | None, out: Path | None
) -> None:
    """Set the outlook of A and B with some acts beside the outlook without them.

    What acts add is what followed such acts in other pairs, compared with similar moments without: never what they
    caused. Each class says how many cases it rests on; a class with too few is refused. Visits go up, to the stronger
    of the two, or down. Values lie between -100 and 100, with 90% intervals.
    """
    from amity import states
    from amity.briefs import words
    from amity.dimensions import named
    from amity.dimensions.constants import read
    from amity.dimensions.pair import relation_of
    from amity.evidence import open_evidence
    from amity.insight import whatif
    from amity.insight.response import DIMENSIONS
    from amity.store import open_store

    if out and out.suffix not in KINDS:
        raise UsageError(
            f"'{out.name}' is no kind of file for this", "name a file that ends in .json or .csv"
        )
    steps = [whatif.step(one) for one in acts]
    if file:
        steps += whatif.programme(file.read_text(encoding="utf-8"))
    one, other = states.find(a), states.find(b)
    with open_evidence(open_store(settings.home, settings.packs)) as ev:
        relation = relation_of(ev, one, other)
    constants = {name: read(named(name).ABOUT, named(name).ITEMS, settings.home) for name in DIMENSIONS}
    kept = {name: known.persistence[0] for name, known in constants.items()}
    found = whatif.ask(relation.filtered, steps, kept)
    title = words.upper_first(f"{words.the(one.name)} and {words.the(other.name)}")
    click.echo(written(found, title, out) if out else "\n".join(table(found, title)))


def table(found: WhatIf, title: str) -> list[str]:
    """The outlook at some horizons, and what it rests on, as lines."""
    lines = [f"{title}, from what is known to {found.since:%B %Y}"]
    lines += [f"  {one.month:%Y-%m}  {one.name}" for one in found.steps] or ["  no act: nothing changes"]
    for (dimension,), rows in found.rows.group_by("dimension", maintain_order=True):
        lines += ["", f"{dimension:<11} {'without':>20} {'with':>20} {'difference':>24}"]
        for row in rows.iter_rows(named=True):
            if row["horizon"] in SHOWN:
                cells = [spell(row, name) for name in ("without", "with")]
                gap = spell(row, "difference", 1)
                lines.append(f"  {row['month']:%Y-%m}   {cells[0]:>20} {cells[1]:>20} {gap:>24}")
    lines += (
        ["", "What followed such acts in other pairs, compared with similar moments:"] if found.behind else []
    )
    for told in found.behind:
        years = f"{told.first} to {told.last}"
        lines.append(
            f"  {told.name}, {told.dimension}: {told.n:,} cases in {told.pairs:,} pairs, {years}, "
            f"beside {max(told.controls):,} moments"
        )
        lines += rival(told)
    return [*lines, *(f"  doubt: {doubt}" for doubt in found.doubts)]


def rival(told: Response) -> list[str]:
    """What followed a year on where other powers were active and where not, where the two can be told apart."""
    from amity.insight.response import read

    lines: list[str] = []
    for one in read().contests:
        gap, error = one.gap[YEAR], one.error[YEAR]
        if (one.name, one.dimension) == (told.name, told.dimension) and apart(gap, error):
            lines.append(f"    with a rival of the acting power active {spread(gap, error)} beside without")
    if apart(told.contested_gap, told.contested_error):
        gap = spread(told.contested_gap, told.contested_error)
        lines.append(f"    where another major power is closer to the weaker side {gap} beside elsewhere")
    return lines


def apart(gap: float | None, error: float | None) -> bool:
    """Whether a 95 % interval leaves out nothing."""
    return gap is not None and error is not None and abs(gap) >= SURE * error


def spread(gap: float | None, error: float | None) -> str:
    """
    >>> spread(-0.05, 0.02)
    '−0.05 ± 0.04 sd a year on'
    """
    return f"{gap or 0:+.2f} ± {SURE * (error or 0):.2f} sd a year on".replace("-", "−")


def spell(row: dict[str, float | None], name: str, digits: int = 0) -> str:
    """A value with its interval, or that it is not known."""
    value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if value is None or low is None or high is None:
        return "not known"
    at, start, end = (signed(one, digits) for one in (value, low, high))
    return f"{at} ({start} to {end})"


def signed(value: float, digits: int) -> str:
    """A number with its sign; what rounds to nothing has none.

    >>> signed(-0.2, 0), signed(-0.2, 1), signed(3.0, 0)
    ('0', '−0.2', '+3')
    """
    text = f"{value:+.{digits}f}"
    return text.replace("-", "−") if float(text) else f"{0:.{digits}f}"


def written(found: WhatIf, title: str, out: Path) -> str:
    """Write the rows, as JSON with what they rest on; and say so."""
    if out.suffix == ".csv":
        found.rows.write_csv(out)
    else:
        from dataclasses import asdict

        told = {
            "pair": title,
            "since": found.since,
            "steps": [asdict(one) for one in found.steps],
            "rows": found.rows.to_dicts(),
            "behind": [asdict(one) for one in found.behind],
            "doubts": found.doubts,
        }
        out.write_text(json.dumps(told, default=str, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return f"wrote {out}: {found.rows.height} rows"
