"""Which states existed when, what people and publishers call them, and who held whose seat.

`find` reads what a person types; `resolve` reads a publisher's column; `spells` and `gw_spells` are the two state
systems as frames, `members` and `amity.states.seats` the United Nations. Importing this costs no polars.
"""

from __future__ import annotations

from amity.states.finding import find
from amity.states.frames import gw_spells, spells
from amity.states.naming import former_names, name_in
from amity.states.resolving import resolve
from amity.states.seats import members
from amity.states.system import Spell, State, by_ccode, code_on, every, neighbours

__all__ = [
    "Spell",
    "State",
    "by_ccode",
    "code_on",
    "every",
    "find",
    "former_names",
    "gw_spells",
    "members",
    "name_in",
    "neighbours",
    "resolve",
    "spells",
]
