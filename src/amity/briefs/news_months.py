"""A month of coded events: its name, its counts, and its share of all that the source told."""

from __future__ import annotations

from calendar import monthrange

from amity.briefs.answer import NewsMonth, Told

NOTHING = Told(0, 0, 0, 0, 0, 0)


def named(one: NewsMonth) -> str:
    """A month with, where the source covers it in part, the days that it covers.

    >>> from datetime import date
    >>> named(NewsMonth(date(2014, 11, 1), 4, 9, NOTHING, NOTHING))
    '2014-11 (4 of 30 days)'
    """
    whole = monthrange(one.month.year, one.month.month)[1]
    part = f" ({one.days} of {whole} days)" if one.days < whole else ""
    return f"{one.month:%Y-%m}{part}"


def counts(one: NewsMonth) -> tuple[int, int, int, int]:
    """Co-operative and conflictual events of the first direction, then of the other."""
    return (one.a_to_b.cooperative, one.a_to_b.conflictual, one.b_to_a.cooperative, one.b_to_a.conflictual)


def share_of(one: NewsMonth) -> float:
    """Events of the pair, both ways, in 10,000 of the source; nought in a month without any."""
    return 10_000 * sum(counts(one)) / one.volume if one.volume else 0.0


def share(one: NewsMonth) -> str:
    """The share with two digits that count.

    >>> from datetime import date
    >>> share(NewsMonth(date(2014, 11, 1), 30, 700_000, Told(3, 1, None, 0, 0, None), NOTHING))
    '0.043'
    """
    value = share_of(one)
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"
