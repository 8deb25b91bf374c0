"""What states did to each other day by day, each act once: for readings that go act by act."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from amity import cameo
from amity.evidence.arrow import put, to_frame
from amity.evidence.months import roles_of
from amity.evidence.reports import held_between
from amity.evidence.rows import statement
from amity.ingest import own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amity.evidence.event_columns import Scope
    from amity.evidence.rows import Evidence

SCHEMA = {
    "date": pl.Date(),
    "ccode_from": pl.Int16(),
    "ccode_to": pl.Int16(),
    "root": pl.String(),
    "quad": pl.Int8(),
    "source": pl.String(),
}
ALWAYS = (date(1800, 1, 1), date(2200, 1, 1))


def daily_acts(
    ev: Evidence,
    senders: Sequence[int] | None = None,
    days: tuple[date, date] = ALWAYS,
    *,
    source: str | None = None,
    scope: Scope = "state",
    prefer: Sequence[str] = (),
) -> pl.DataFrame:
    """Acts of states towards each other from coded events and users' own records, by day, each once.

    Columns `date, ccode_from, ccode_to, root` (CAMEO, 01 to 20), `quad` (1 verbal and 2 material co-operation, 3 verbal
    and 4 material conflict) and `source` (of several that tell of an act a user's own, else one of `prefer`, and of
    several of those the first by name); sorted by the first four.
    An act is a day, a direction and a root: more reports or sources that tell of it change nothing. Bare statements
    (01, 010, 011) are none. An act of a user's own that is dated to a month or year stands on the last day of it.

    `senders` are those who act (None: all); `source` is one source (None: each that is loaded); with the scope `state`
    both sides are the country as a whole or a role that counts as the state.
    """
    roles = roles_of(ev.store) if ev.store else cameo.STATE_ROLES
    asked = {
        "first": days[0],
        "last": days[1],
        "source": source,
        "senders": None if senders is None else list(senders),
        "everybody": scope == "country",
        "roles": list(roles),
        "own": own.PREFIX,
        "prefer": list(prefer),
    }
    with ev.connection.cursor() as connection:
        put(connection, "classes", cameo.classes().select("code", "root", "quad"))
        connection.execute(f"CREATE OR REPLACE TEMP VIEW told AS {held_between(ev, *days, source)}")
        found = to_frame(connection.sql(statement("daily_acts"), params=asked))
    return found.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
