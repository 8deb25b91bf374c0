"""Which votes count for ideal points: the rules of the published estimates, each with a name, each to be
switched.

With all of them, and the published links, votes of 1946 to 2019 are the published ones in every row: 797,473
votes on 4,784 items by 10,469 states in sessions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity import states
from amity.catalog import VOTES
from amity.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

SOUTH_AFRICA, ZANZIBAR = 560, 511
STANCES = pl.Enum(VOTES)
"""Votes as numbers: 0 yes, 1 abstain, 2 no."""
ABSENT = VOTES.index("absent")


RULES: dict[str, tuple[str, pl.Expr]] = {
    "no session 19": ("the Assembly of 1964-65 voted once, to avoid a vote", pl.col("session") != 19),
    "no Zanzibar": ("a member for some months of one session", pl.col("ccode") != ZANZIBAR),
    "South Africa from 49": (
        "it had been kept from voting since 1974, and came back as session 48 ended",
        ~((pl.col("ccode") == SOUTH_AFRICA) & (pl.col("session") == 48)),
    ),
    "whole after 1989": (
        "amendments and paragraphs count until 1989 only",
        (pl.col("part") == "whole") | (pl.col("date").dt.year() <= 1989).fill_null(value=False),
    ),
}
"""What is left out, by name: why, and which rows stay. Two more rules have no choice: items on which all voted
alike say nothing and are left out, and those who stayed away did not vote."""
JANUARY = "codes of January"
"""The rule that a state bears, in a session, the code that it had on 1 January of the year in which the
session opens, as in the published file: Germany stays 260, and Yemen 678, in the session of 1990."""
ALL = (*RULES, JANUARY)


def apply(
    votes: pl.DataFrame,
    items: pl.DataFrame,
    rules: Collection[str] = ALL,
    named: Sequence[str] = ("item",),
) -> pl.DataFrame:
    """Votes that count, with their session: `item, session, ccode, vote` (0 yes, 1 abstain, 2 no).

    `votes` (`item, ccode, vote`) and `items` (`item, session, date, part`) are one record
    (`evidence.roll_calls.one_record`); `named` are columns of `items` that come back in the place of its name.
    Raises `UsageError` for a rule that there is not.

    >>> from datetime import date
    >>> items = pl.DataFrame({"item": ["x", "y"], "session": [19, 20], "date": [date(1964, 12, 1), date(1965, 12, 1)],
    ...                       "part": ["whole", "whole"]})
    >>> votes = pl.DataFrame({"item": ["x", "y"], "ccode": [2, 2], "vote": ["yes", "no"]})
    >>> apply(votes, items).rows()
    [('y', 20, 2, 2)]
    """
    unknown = [rule for rule in rules if rule not in ALL]
    if unknown:
        raise UsageError(f"no rule is called '{unknown[0]}'", f"say any of: {', '.join(ALL)}")
    calls = items.select("item", "date", "part", pl.col("session").cast(pl.Int16), *_unless_there(named))
    chosen = [RULES[rule][1] for rule in rules if rule in RULES]
    of_call = [rule for rule in chosen if set(rule.meta.root_names()) <= set(calls.columns)]
    calls = calls.filter(*of_call).unique("item", keep="first", maintain_order=True)
    # A join of a million votes takes a hundred megabytes; a roll call's number finds its row without one.
    at = pl.col("item").cast(pl.Enum(calls["item"].cast(pl.String)), strict=False).to_physical()
    level = pl.col("vote").cast(STANCES).to_physical().cast(pl.Int8)
    kept = votes.select(pl.col("ccode").cast(pl.Int16), vote=level, at=at)
    kept = kept.filter(pl.col("at").is_not_null(), pl.col("vote") < ABSENT)
    kept = kept.with_columns(session=calls["session"].gather(kept["at"]))
    kept = kept.filter(*(rule for rule in chosen if not any(rule is other for other in of_call)))
    if JANUARY in rules:
        kept = _with_codes_of_january(kept)
    return kept.select(*(calls[name].gather(kept["at"]) for name in named), "session", "ccode", "vote")


def _unless_there(named: Sequence[str]) -> list[str]:
    """The columns asked for that `apply` does not need itself."""
    return [name for name in dict.fromkeys(named) if name not in ("item", "date", "part", "session")]


def _with_codes_of_january(votes: pl.DataFrame) -> pl.DataFrame:
    code = pl.col("ccode")
    for ccode, session, january in january_codes(votes).iter_rows():
        here = (pl.col("ccode") == ccode) & (pl.col("session") == session)
        code = pl.when(here).then(pl.lit(january, pl.Int16)).otherwise(code)
    return votes.with_columns(ccode=code)


def january_codes(votes: pl.DataFrame) -> pl.DataFrame:
    """The codes that `codes of January` changes: `ccode, session, january`."""
    seats = votes.select(pl.col("ccode").cast(pl.Int32) * 1000 + pl.col("session")).to_series().unique()
    rows = [
        (ccode, session, january)
        for ccode, session in (divmod(seat, 1000) for seat in seats.sort())
        if (january := _in_january(ccode, session)) != ccode
    ]
    return pl.DataFrame(
        rows, schema={"ccode": pl.Int16, "session": pl.Int16, "january": pl.Int16}, orient="row"
    )


def _in_january(ccode: int, session: int) -> int:
    """The code of a state's line on 1 January of the year in which a session opens."""
    from datetime import date  # noqa: PLC0415

    line = states.by_ccode(ccode)
    on = date(1945 + session, 1, 1)
    return next((spell.ccode for spell in line.spells if spell.holds(on)), ccode)
