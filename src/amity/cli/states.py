"""`amity states`: which states exist or existed, and the names and codes that are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from amity.states import State


@click.command(
    epilog="""\b
Examples:
  amity states Kampuchea      one country, by any of its names or codes
  amity states                every state of the system today
  amity states --on 1960      every state of that year"""
)
@click.argument("name", required=False)
@click.option("--on", "year", type=click.IntRange(1816, 2100), help="States of this year, at its end.")
def command(name: str | None, year: int | None) -> None:
    """Say which states exist or existed, and the names and codes that amity reads.

    NAME is a name (old ones included), an ISO-3, ISO-2, COW or Gleditsch-Ward code. A name that could be two
    states is refused with the choices; nothing is guessed.
    """
    from datetime import date

    from amity import states

    on = date(year, 12, 31) if year else None
    if name:
        click.echo(one(states.find(name, on=on)))
    else:
        click.echo(table(states.every(on or date.today())))  # noqa: DTZ011  (a civil date is meant)


def one(state: State) -> str:
    """A country in full: its codes, and its spells in the system."""
    codes = {
        "COW": state.ccode,
        "COW letters": state.cowc,
        "Gleditsch-Ward": state.gwcode,
        "ISO-3": state.iso3c,
        "ISO-2": state.iso2c,
        "FIPS": state.fips,
        "CAMEO": state.cameo,
        "region": state.region,
    }
    lines = [state.name, *(f"  {label:<15} {code}" for label, code in codes.items() if code is not None)]
    spells = [
        f"  {s.start.isoformat()} to {s.end.isoformat() if s.end else 'today':<10}  {s.name} ({s.ccode})"
        for s in state.spells
    ]
    return "\n".join([*lines, "  in the system:", *(f"  {spell}" for spell in spells)])


def table(states: tuple[State, ...]) -> str:
    heads = f"{'ccode':>5}  {'ISO-3':<5}  {'ISO-2':<5}  {'COW':<4} {'GW':>4}  name"
    rows = (
        f"{s.ccode:>5}  {s.iso3c or '–':<5}  {s.iso2c or '–':<5}  {s.cowc:<4} {s.gwcode or '–':>4}  {s.name}"
        for s in sorted(states, key=lambda state: state.name)
    )
    return "\n".join([heads, *rows])
