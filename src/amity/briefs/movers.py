"""What moved the estimates, as tables: the latest news of each dimension, by year, and month by month."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from amity.briefs import bands

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amity.briefs.answer import Brief
    from amity.briefs.estimated import Change

TOLD = 0.1
"""Standard deviations from which on a change stands in a table of the page; the JSON has all of them."""
WIDEST = 1.5
"""Standard deviations that fill half of a cell's bar."""
TONED = {"tone": ("colder", "warmer"), "engagement": ("less", "more"), "alignment": ("apart", "closer")}
HEADS = ("When", "What moved", "By", "Evidence", "Observed", "Source")


@dataclass(frozen=True, slots=True)
class Mover:
    """A line of a table: its cells in the order of `HEADS`, and the bar that says how much. Places are percent."""

    cells: tuple[str, ...]
    left: float
    width: float
    year: int


@dataclass(frozen=True, slots=True)
class Movers:
    """The section: its title, how to read it, and its tables, newest first."""

    title: str
    how: str
    latest: tuple[Mover, ...]
    by_year: tuple[Mover, ...]
    by_month: tuple[Mover, ...]


def movers(brief: Brief) -> Movers | None:
    """What moved the estimates; None where nothing is estimated."""
    if brief.state is None:
        return None
    moved = brief.state.moved
    latest = newest(moved)
    return Movers(
        title=title(latest),
        how=(
            "What each kind of evidence changed in what could be known when it came in, in standard deviations (sd) of "
            f"the world's pairs: one sd is a large step. Changes below {TOLD} sd are left out of the tables."
        ),
        latest=tuple(mover(one, f"{bands.month(one.month)}") for one in latest),
        by_year=by_year(moved),
        by_month=tuple(
            mover(one, bands.month(one.month)) for one in reversed(moved) if abs(one.news) >= TOLD
        ),
    )


def newest(moved: Sequence[Change]) -> tuple[Change, ...]:
    """What was observed in the latest month with news of each dimension, the strongest first."""
    last = {one.dimension: one.month for one in moved}
    told = [one for one in moved if one.month == last[one.dimension]]
    order = {name: n for n, name in enumerate(bands.ENDS)}
    return tuple(sorted(told, key=lambda one: (order[one.dimension], -abs(one.news), one.source)))


def title(latest: Sequence[Change]) -> str:
    """The strongest of the latest news, as a finding."""
    if not latest:
        return "Nothing that is loaded has moved it"
    one = max(latest, key=lambda one: (one.month, abs(one.news)))
    return f"What moved it last: {one.says}, {bands.month(one.month)}"


def by_year(moved: Iterable[Change]) -> tuple[Mover, ...]:
    """The sum of each kind of evidence and source in each year, the newest year first and its strongest first."""
    rows: list[tuple[int, str, str, str, float, str]] = []
    for (year, dimension, says, source), told in groupby(sorted(moved, key=year_of), key=year_of):
        some = list(told)
        seen = some[0].seen if len(some) == 1 else f"in {len(some)} months"
        rows.append((year, dimension, says, source, float(sum(one.news for one in some)), seen))
    rows.sort(key=lambda row: (-row[0], -abs(row[4]), row[1:4]))
    return tuple(
        line((str(year), dimension, by(dimension, news), says, seen, source), news, year)
        for year, dimension, says, source, news, seen in rows
        if abs(news) >= TOLD
    )


def year_of(one: Change) -> tuple[int, str, str, str]:
    return one.month.year, one.dimension, one.says, one.source


def mover(one: Change, when: str) -> Mover:
    cells = (when, one.dimension, by(one.dimension, one.news), one.says, one.seen, one.source)
    return line(cells, one.news, one.month.year)


def line(cells: tuple[str, ...], news: float, year: int) -> Mover:
    width = round(50 * min(abs(news) / WIDEST, 1), 1)
    return Mover(cells, 50.0 if news > 0 else round(50 - width, 1), width, year)


def by(dimension: str, news: float) -> str:
    """A change with its sign and the word for its direction.

    >>> by("tone", -0.416), by("alignment", 0.1)
    ('−0.42 sd, colder', '+0.10 sd, closer')
    """
    sign = "+" if news > 0 else "−"
    return f"{sign}{abs(news):.2f} sd, {TONED[dimension][news > 0]}"
