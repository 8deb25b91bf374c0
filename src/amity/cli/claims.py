"""`amity claims`: statements about a relation, each supported, contradicted or not decidable."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from amity.cli import screen
from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.insight.claims import Answer
    from amity.settings import Settings

FORMATS = (".json", ".md", ".csv")


@click.command(
    epilog="""\b
Examples:
  amity claims examples/khm-usa.yaml
  amity claims examples/khm-usa.yaml --out claims.md"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write: .json, .md or .csv, with all rows.",
)
@click.pass_obj
def command(settings: Settings, file: Path, out: Path | None) -> None:
    """Check statements about a relation against the record.

    FILE is YAML: who, whom, a third state where one is needed, and statements, each with what it says, a measure, a
    direction and a period. Each comes back as supported, contradicted or not decidable, with the figure, its 90 %
    interval and how much it rests on. A statement is supported only where the whole interval lies on its side; where
    no loaded source speaks, it is not decidable.
    """
    if out is not None and out.suffix.lower() not in FORMATS:
        raise UsageError(
            f"nobody writes '{out.suffix or out.name}' files of claims", f"say any of {', '.join(FORMATS)}"
        )
    from amity.evidence import open_evidence
    from amity.insight.claim_form import read_file
    from amity.insight.claims import ask
    from amity.store import open_store

    statements = read_file(file)
    with open_evidence(open_store(settings.home, settings.packs)) as ev:
        answers = ask(ev, statements)
    click.echo(table(answers, screen.width(120)))
    if out is not None:
        try:
            out.write_text(written(answers, out.suffix.lower()), encoding="utf-8", newline="")
        except OSError as error:
            raise UsageError(f"{out} cannot be written", "name a file in a folder that is there") from error
        click.echo(f"\nWritten: {out}")


def figure(answer: Answer) -> str:
    """The figure with its interval, as short as it goes."""
    from amity.briefs.ledger import spelled

    found = answer.finding
    at, low, high = spelled(found.figure, found.low, found.high)
    return at if found.figure is None else f"{at} ({low} to {high})"


def table(answers: Sequence[Answer], width: int) -> str:
    """Statement, verdict, figure with its interval, and n: a row each, and what was found under it."""
    figures = [figure(answer) for answer in answers]
    wide = max([20, *(len(told) for told in figures)])
    room = max(width - 4 - 15 - wide - 7, 24)
    lines = [f"{'':4}{'statement':<{room}} {'verdict':<13} {'figure (90 % interval)':<{wide}} {'n':>5}"]
    for answer, told in zip(answers, figures, strict=True):
        says = textwrap.wrap(answer.statement.says, room - 1)
        found = answer.finding
        lines.append(
            f"{answer.statement.number:>2}. {says[0]:<{room}} {found.verdict:<13} {told:<{wide}} {found.n:>5}"
        )
        lines += [f"    {more}" for more in says[1:]]
        lines += textwrap.wrap(found.sentence, width, initial_indent="    – ", subsequent_indent="      ")
    verdicts = [answer.finding.verdict for answer in answers]
    counts = [f"{verdicts.count(name)} {name}" for name in ("supported", "contradicted", "not decidable")]
    return "\n".join([*lines, "", f"{len(answers)} statements: {', '.join(counts)}."])


def written(answers: Sequence[Answer], form: str) -> str:
    """All of it as text of a form."""
    from amity.insight.claims import COLUMNS, Claims, to_row

    if form == ".json":
        return json.dumps(Claims(tuple(answers)).to_dict(), ensure_ascii=False, indent=2) + "\n"
    if form == ".md":
        return markdown(answers)
    out = io.StringIO()
    sheet = csv.DictWriter(out, COLUMNS)
    sheet.writeheader()
    sheet.writerows(to_row(answer) for answer in answers)
    return out.getvalue()


def markdown(answers: Sequence[Answer]) -> str:
    """A table, and under it what was found of each statement and the rows behind it."""
    lines = [
        "# Claims",
        "",
        "| | statement | verdict | figure (90 % interval) | n |",
        "|---|---|---|---|---|",
    ]
    for answer in answers:
        one, found = answer.statement, answer.finding
        unit = f" {found.unit}" if found.figure is not None else ""
        said = one.says.replace("|", "\\|")
        lines.append(
            f"| {one.number} | {said} | {found.verdict} | {figure(answer)}{unit} | {found.n} {found.counted} |"
        )
    for answer in answers:
        one, found = answer.statement, answer.finding
        lines += ["", f"## {one.number}. {one.says}", "", f"**{found.verdict}**. {found.sentence}"]
        if found.rows:
            lines += ["", "Rows: " + "; ".join(f"{row.source}: {row.ref}" for row in found.rows) + "."]
    return "\n".join(lines) + "\n"
