"""The reference as Markdown, from the commands, the sources' and measures' records and the tables' columns."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import TYPE_CHECKING

import click

from amity import catalog
from amity import measures as all_measures
from amity import sources as all_sources
from amity.cli import COMMANDS, cli
from amity.ingest import own_kinds
from amity.measures.bibliography import BIBLIOGRAPHY
from amity.measures.panel import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from amity.catalog import Column, Source, Table
    from amity.evidence.columns import PanelColumn
    from amity.ingest.own_kinds import Table as OwnTable
_UPRIGHT = re.compile(r"`[^`]*`|\|")
"""A piece of code, whose upright strokes stay as they are, or an upright stroke, which would end the cell."""

ROW_IS = {
    "acts": "One row is something that one state did to another on a day.",
    "ties": "One row is a relation that held from a day to a day.",
    "votes": "One row is a state's vote on a roll call.",
    "items": "One row is a roll call.",
    "figures": "One row is an amount from one state to another in a period.",
    "traits": "One row is what a state is on its own for a while, such as how strong; it says nothing of a pair.",
    "events": "One row is an event that a machine or a person coded from news.",
    "volumes": "One row is how many events a source has of a state, or of all, in a month.",
    "pair_months": "One row is how many events of a class one state directed at another in a month.",
    "coverage": "One row says about whom and when a source speaks. Inside it a missing row is a zero; outside it "
    "nothing is known.",
    "review": "One row is a place in a publisher's file that was set aside rather than guessed at, with the reason.",
}


def commands() -> str:
    """Every command: what it does, its usage, its options, its examples."""
    intro = """# Commands

`amity COMMAND --help` says the same in the terminal. Wherever a state is asked for, a name (old names included), an
ISO-3, ISO-2, Correlates of War or Gleditsch-Ward code will do. What goes wrong is said in two lines on the
standard error, what is wrong and how to mend it, and the exit status is 1.
"""
    context = click.Context(cli, info_name="amity")
    parts = [intro, _command("amity", cli, context)]
    for name, command in ((name, cli.get_command(context, name)) for name in COMMANDS):
        if command is not None:
            inner = click.Context(command, info_name=name, parent=context)
            parts.append(_command(f"amity {name}", command, inner))
    return "\n\n".join(parts)


def _command(name: str, command: click.Command, context: click.Context) -> str:
    usage = context.get_usage().removeprefix("Usage:").strip()
    parts = [f"## {name}", cleandoc(command.help or "").replace("\b\n", ""), f"```\n{usage}\n```"]
    records = [found for param in command.get_params(context) if (found := param.get_help_record(context))]
    records = [(what, says) for what, says in records if says]
    if records:
        parts.append(_table(("option", "what it does"), [(f"`{what}`", says) for what, says in records]))
    examples = re.sub(r"^(?:Examples?|Start with):\s*", "", (command.epilog or "").replace("\b", "").strip())
    lines = [line.removeprefix("  ") for line in examples.splitlines()]
    return "\n\n".join([*parts, "```sh\n" + "\n".join(lines) + "\n```"])


def sources() -> str:
    """Every source: what it holds, how far it reaches, on which terms, its oddities, how to cite it."""
    intro = """# Sources

One section a publisher's product, in the words of the record that its parser carries. *Nothing there means* says what a
missing row is inside the coverage; outside it, nothing is known. `amity sources` shows what is loaded on your machine.
"""
    return "\n\n".join([intro, sources_in_short(), *map(_source, _abouts())])


def sources_in_short(page: str = "") -> str:
    """One row a source, each with a link to its section of the page."""
    rows = [
        (
            f"[{about.title}]({page}#{about.id})",
            ", ".join(dict.fromkeys(table.name for table in about.tables)),
            _years(about.tables),
            f"[{about.licence.id}]({about.licence.url})",
        )
        for about in _abouts()
    ]
    return _table(("source", "tables", "years", "licence"), rows)


def _abouts() -> list[Source]:
    return [all_sources.about(name) for name in (*all_sources.ALL, *all_sources.STREAMED)]


def _years(tables: Sequence[Table]) -> str:
    start = min(table.coverage.start for table in tables)
    ends = [table.coverage.end for table in tables]
    return f"{start.year}–{max(end.year for end in ends if end)}" if all(ends) else f"since {start.year}"


def _source(about: Source) -> str:
    got = (
        f"by hand, from [{about.by_hand}]({about.by_hand}), then `amity load`"
        if about.by_hand
        else f"`amity pull {about.id}`"
    )
    facts = (
        ("producer", about.producer),
        ("home", f"[{about.homepage}]({about.homepage})"),
        ("licence", f"[{about.licence.name}]({about.licence.url}) (`{about.licence.id}`)"),
        (
            "may be passed on",
            "yes: in the starter pack" if about.may_share else "no: it stays on your machine",
        ),
        ("files", about.files),
        ("how to get it", got),
    )
    odd = "\n".join(f"* {oddity}" for oddity in about.oddities)
    return "\n\n".join(
        [
            f"## {about.title} {{ #{about.id} }}",
            about.says,
            _table(("", ""), facts),
            _tables_of(about),
            *(["**Oddities of the publisher's files**", odd] if odd else []),
            f"**To cite it**\n\n{about.citation}",
            f"```bibtex\n{about.bibtex.strip()}\n```",
        ]
    )


def _tables_of(about: Source) -> str:
    """What the source writes, one column a table."""
    told = [
        (
            f"[{table.name}](tables.md#{table.name})",
            ", ".join(kind.replace("_", " ") for kind in table.kinds if kind != "*") or "all",
            table.coverage.states,
            table.coverage.start.isoformat(),
            table.coverage.end.isoformat() if table.coverage.end else "the last day in the files",
            table.coverage.zero,
            f"{table.floor:,} rows",
        )
        for table in about.tables
    ]
    labels = ("table", "kinds", "about", "from", "to", "nothing there means", "a whole release has at least")
    heads, *rows = zip(labels, *told, strict=True)
    return _table(heads, rows)


def tables() -> str:
    """Every table of evidence, column by column."""
    intro = """# Tables

Sources write these tables, and everything else reads them. Wherever evidence is read, a column `source` says
whose row it is. States are Correlates of War (COW) codes of the day; a row that could not be read with certainty
is in `review` and nowhere else.
"""
    return "\n\n".join(
        [intro, *(f"## {name}\n\n{ROW_IS[name]}\n\n{_columns(of)}" for name, of in catalog.SCHEMAS.items())]
    )


def _columns(of: Iterable[Column]) -> str:
    rows = [
        (
            f"`{column.name}`",
            column.dtype,
            column.unit,
            "" if column.required else "may be missing",
            column.says
            + (f": {', '.join(f'`{value}`' for value in column.values)}" if column.values else ""),
        )
        for column in of
    ]
    return _table(("column", "type", "unit", "", "what it says"), rows)


def panel_columns() -> str:
    """The columns of the directed panel, and what becomes of each where one row stands for both directions."""
    undirected = {column.label: column for column in columns("dyad-month", undirected=True)}
    rows = [_panel_column(column, undirected) for column in columns("dyad-month")]
    return _table(("column", "type", "what it is", "missing when", "undirected"), rows)


def _panel_column(column: PanelColumn, undirected: dict[str, PanelColumn]) -> tuple[str, ...]:
    other = undirected.get(column.label_undirected or column.label)
    says = f"{column.label} [{column.unit}]" if column.unit else column.label
    levels = f" (from low to high: {', '.join(column.levels)})" if column.levels else ""
    both = column.rule if other is None or other.name == column.name else f"`{other.name}`: {column.rule}"
    return f"`{column.name}`", column.dtype, says + levels, column.missing or "never", both


def own_columns(table: OwnTable) -> str:
    """The columns of a person's own record."""
    return _table(
        ("column", "what to write"),
        [(f"`{name}`", says) for name, says in own_kinds.COLUMNS[table].items()],
    )


def own_acts() -> str:
    """The kinds of act that need no code, field or force of their own."""
    rows = [
        (kind, f"`{means.code}`", means.field, f"{means.force_tenths / 10:.1f}".replace("-", "−"))
        for kind, means in own_kinds.KINDS.items()
    ]
    return _table(("kind", "CAMEO", "field", "weight"), rows)


def measures() -> str:
    """Every measure: its record, and its docstring with the formula and an example."""
    intro = """# Measures

One section a measure. Frames go in and a frame comes out; `amity panel` and `amity brief` call the same functions.
"""
    return "\n\n".join([intro, *(_measure(name) for name in all_measures.ALL)])


def _measure(name: str) -> str:
    about = all_measures.load(name).ABOUT
    low, high = (f"{bound:g}".replace("inf", "no bound") for bound in about.bounds)
    facts = [
        ("per", about.grain),
        ("reads", ", ".join(f"[{table}](tables.md#{table})" for table in about.reads)),
        ("unit", f"{about.unit}, from {low} to {high}"),
        ("no value when", about.undefined),
    ]
    if about.cite:
        facts.append(("after", "; ".join(BIBLIOGRAPHY[key] for key in about.cite)))
    says = about.says[0].upper() + about.says[1:]
    return (
        f"## {about.name} {{ #{name} }}\n\n{says}.\n\n{_table(('', ''), facts)}\n\n"
        f"::: amity.measures.{name}.compute\n    options:\n      heading_level: 3\n      show_root_toc_entry: false\n"
    )


def decisions(folder: Path) -> str:
    """The decisions by number, each by its title."""
    titles = {
        path.name: path.read_text(encoding="utf-8").split("\n", 1)[0].lstrip("# ").split(". ", 1)[-1]
        for path in sorted(folder.glob("[0-9]*.md"))
    }
    return "\n".join(f"* [{int(name[:4])}. {title}]({name})" for name, title in titles.items())


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([_UPRIGHT.sub(_kept, cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _kept(found: re.Match[str]) -> str:
    return "\\|" if found[0] == "|" else found[0]
