"""`amity whatif`: the outlook of a pair with some acts and without, programmes compared, and what came of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amity.cli import screen
from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from amity.insight.comparing import Compared
    from amity.insight.tracking import Tracked
    from amity.insight.whatif import Step, WhatIf
    from amity.settings import Settings

KINDS = (".json", ".csv")


@click.command(
    epilog="""\b
Examples:
  amity whatif KHM USA --do "2027-06 visit head-of-state up" --do "2027-09 sanction lifted"
  amity whatif KHM USA --programme acts.yaml --out outlook.csv
  amity whatif KHM USA --programme slow.yaml --programme bold.yaml
  amity whatif KHM USA --programme acts.yaml --track"""
)
@click.argument("a")
@click.argument("b")
@click.option(
    "--do", "acts", metavar='"YYYY-MM CLASS"', multiple=True, help="An act; may be given again, in any order."
)
@click.option(
    "--programme",
    "files",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="A longer programme in YAML: a list `do` of month and act. Two or more are set beside each other.",
)
@click.option("--track", is_flag=True, help="Ask afterwards: which acts were done, and what moved.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write: .json or .csv.")
@click.pass_obj
def command(
    settings: Settings,
    a: str,
    b: str,
    acts: tuple[str, ...],
    files: tuple[Path, ...],
    track: bool,
    out: Path | None,
) -> None:
    """Set the outlook of A and B with some acts beside the outlook without them.

    What acts add is what followed such acts in other pairs, compared with similar moments without: never what they
    caused. Each class says how many cases it rests on; a class with too few is refused. Visits go up, to the stronger
    of the two, or down. Values lie between -100 and 100, with 90% intervals.

    With --track the acts are looked for in every loaded source and in your own record (`amity add`): each was kept,
    late, not kept, is not yet due, or is not knowable where no source speaks of its days. What moved since is set
    beside the outlook that could be made before the first of them.
    """
    from amity import states
    from amity.briefs import words
    from amity.cli import whatif_words
    from amity.store import open_store

    if out and out.suffix not in KINDS:
        raise UsageError(
            f"'{out.name}' is no kind of file for this", "name a file that ends in .json or .csv"
        )
    programmes = named_programmes(acts, files)
    if track and len(programmes) > 1:
        raise UsageError(
            "two programmes cannot be tracked at once", "name one with --programme, then the other"
        )
    one, other, held = states.find(a), states.find(b), open_store(settings.home, settings.packs)
    if not track and len(programmes) == 1 and not next(iter(programmes.values())):
        raise UsageError(
            "no act was named, and without one nothing changes",
            'say --do "2031-06 visit up", or name a --programme',
        )
    title = words.upper_first(f"{words.the(one.name)} and {words.the(other.name)}")
    steps = next(iter(programmes.values()))
    if track:
        from amity.evidence import open_evidence
        from amity.insight import tracking

        with open_evidence(held) as ev:
            came = tracking.track(ev, one, other, steps)
        told, rows, lines = of_tracked(came), came.frame, whatif_words.tracked(came, title)
    elif len(programmes) > 1:
        from amity.insight.comparing import compare_pair

        apart = compare_pair(held, one, other, programmes)
        told, rows, lines = of_compared(apart), apart.rows, whatif_words.compared(apart, title)
    else:
        from amity.insight.whatif import ask_pair

        found = ask_pair(held, one, other, steps)
        told, rows, lines = of_outlook(found), found.rows, whatif_words.table(found, title)
    click.echo(written({"pair": title, **told}, rows, out) if out else "\n".join(screen.fitted(lines)))


def named_programmes(acts: Sequence[str], files: Sequence[Path]) -> dict[str, tuple[Step, ...]]:
    """The programmes that are asked for, each by the name of its file; acts belong to the only one.

    Raises `UsageError` where acts are given beside several files, or two files have one name.
    """
    from amity.insight import whatif

    steps = whatif.steps_of(acts)
    if acts and len(files) > 1:
        raise UsageError("an act stands beside two programmes", "write it into the file of one of them")
    made: dict[str, tuple[Step, ...]] = {}
    for file in files:
        name = file.stem if file.stem not in made else str(file)
        made[name] = steps + whatif.steps_of(file)
    if len(made) < len(files):
        raise UsageError("one programme was named twice", "name two different files")
    return made or {"acts": steps}


def of_outlook(found: WhatIf) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "since": found.since,
        "steps": [asdict(one) for one in found.steps],
        "rows": found.rows.to_dicts(),
        "behind": [asdict(one) for one in found.behind],
        "doubts": found.doubts,
    }


def of_compared(found: Compared) -> dict[str, Any]:
    outlooks = {name: of_outlook(one) for name, one in found.outlooks.items()}
    return {"programmes": outlooks, "differences": found.rows.to_dicts()}


def of_tracked(found: Tracked) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "since": found.since,
        "today": found.today,
        "steps": found.frame.to_dicts(),
        "moved": found.moved.to_dicts(),
        "left_out": found.left_out,
        "behind": [asdict(one) for one in found.behind],
        "doubts": found.doubts,
    }


def written(told: Mapping[str, Any], rows: pl.DataFrame, out: Path) -> str:
    """Write the rows, as JSON with all the rest; and say so."""
    try:
        if out.suffix == ".csv":
            rows.write_csv(out)
        else:
            text = json.dumps(told, default=str, ensure_ascii=False, indent=1)
            out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out} cannot be written", "name a file in a folder that is there") from error
    return f"wrote {out}: {rows.height} rows"
