"""Counting in months: how many lie between two, and which day lies some of them on."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

__all__ = ["months_between", "shifted"]


def months_between(first: date, last: date) -> int:
    """Months from one to another.

    >>> months_between(date(2025, 11, 1), date(2026, 2, 1))
    3
    """
    return (last.year - first.year) * 12 + last.month - first.month


def shifted(day: date, months: int) -> date:
    """The first or last day of a month, some months on: last days stay last days.

    >>> shifted(date(2015, 6, 30), 8), shifted(date(2015, 6, 1), -12)
    (datetime.date(2016, 2, 29), datetime.date(2014, 6, 1))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1 if day.day == 1 else monthrange(year, month + 1)[1])
