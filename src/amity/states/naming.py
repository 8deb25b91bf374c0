"""What a state was called in a year: its line has one name, that of today, and some had others before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amity.states.system import State

__all__ = ["former_names", "name_in"]

FORMER: dict[int, tuple[tuple[str, int, int], ...]] = {
    343: (("Macedonia", 1991, 2018),),
    345: (("Yugoslavia", 1918, 2002), ("Serbia and Montenegro", 2003, 2005)),
    365: (("Soviet Union", 1922, 1991),),
    402: (("Cape Verde", 1975, 2012),),
    434: (("Dahomey", 1960, 1974),),
    439: (("Upper Volta", 1960, 1983),),
    490: (("Zaire", 1971, 1996),),
    510: (("Tanganyika", 1961, 1963),),
    552: (("Rhodesia", 1965, 1979),),
    572: (("Swaziland", 1968, 2017),),
    630: (("Persia", 1816, 1934),),
    640: (("Ottoman Empire", 1816, 1922),),
    775: (("Burma", 1948, 1988),),
    780: (("Ceylon", 1948, 1971),),
    800: (("Siam", 1816, 1938),),
}
"""By code: a name, the first and the last year in which it is said; a year of change mostly has the name that it ended
with, but 1991 is the Soviet Union's."""


def name_in(state: State, year: int) -> str:
    """The name by which a line was known in a year.

    >>> from amity.states.system import by_ccode
    >>> [name_in(by_ccode(345), year) for year in (1910, 1991, 2005, 2020)]
    ['Serbia', 'Yugoslavia', 'Serbia and Montenegro', 'Serbia']
    """
    return next((name for name, first, last in former_names(state) if first <= year <= last), state.name)


def former_names(state: State) -> tuple[tuple[str, int, int], ...]:
    """The names that a line has borne and bears no more, each with its first and last year, in their order."""
    return FORMER.get(state.ccode, ())
