"""Which roll calls are about what: the scholars' six issues to January 2020, the UN's own subjects since.

The six codes are continued past their coders' end by the subjects of `CONTINUED`: a resolution that bears one of
them is taken for the issue. On the resolutions of 2019 that both describe, `docs/decisions/0011` says how often
they agree.
"""

from __future__ import annotations

import polars as pl

from amity.errors import UsageError

ISSUES = {
    "me": "the Palestinian conflict",
    "nu": "nuclear weapons and material",
    "di": "arms control and disarmament",
    "co": "colonialism",
    "hr": "human rights",
    "ec": "economic development",
}
IMPORTANT = "important"
"""Roll calls that the US Department of State named important; which ones is known from 1983 to 2017."""
CONTINUED = {
    "me": ("PALESTINE QUESTION", "PALESTINIANS", "PALESTINE REFUGEES", "TERRITORIES OCCUPIED BY ISRAEL",
           "GOLAN HEIGHTS", "ISRAEL", "MIDDLE EAST SITUATION", "EAST JERUSALEM (STATE OF PALESTINE)",
           "GAZA STRIP", "SETTLEMENT POLICY"),
    "nu": ("NUCLEAR DISARMAMENT", "NUCLEAR NON-PROLIFERATION", "NUCLEAR WEAPONS", "NUCLEAR WEAPONS USE",
           "NUCLEAR WEAPON STATES", "NUCLEAR WEAPON TESTS", "NUCLEAR-WEAPON-FREE ZONES", "NUCLEAR SAFEGUARDS"),
    "di": ("DISARMAMENT", "DISARMAMENT AGREEMENTS", "DISARMAMENT NEGOTIATIONS",
           "NUCLEAR DISARMAMENT", "REGIONAL DISARMAMENT", "ARMS RACE", "ARMS TRANSFERS",
           "CONVENTIONAL WEAPONS", "CHEMICAL WEAPONS", "OUTER SPACE", "WEAPONS"),
    "co": ("DECOLONIZATION", "NON-SELF-GOVERNING TERRITORIES", "SELF-DETERMINATION OF PEOPLES", "COLONIAL COUNTRIES"),
    "hr": ("HUMAN RIGHTS", "HUMAN RIGHTS VIOLATIONS", "HUMAN RIGHTS ADVANCEMENT", "RACIAL DISCRIMINATION", "RACISM",
           "CIVIL AND POLITICAL RIGHTS", "RIGHT TO DEVELOPMENT", "RIGHT TO FOOD"),
    "ec": ("ECONOMIC DEVELOPMENT", "DEVELOPING COUNTRIES", "DEVELOPMENT ASSISTANCE", "RIGHT TO DEVELOPMENT",
           "INTERNATIONAL TRADE", "POVERTY MITIGATION", "INTERNATIONAL ECONOMIC RELATIONS",
           "UNILATERAL COERCIVE MEASURES"),
}  # fmt: skip
"""The subjects that stand for each issue in the UN's own index."""


def about(items: pl.DataFrame, issue: str) -> pl.DataFrame:
    """The roll calls on an issue: one of the six codes, `important`, or a subject as the UN writes it (any case).

    `items` have `issues, subjects, important`. Raises `UsageError` where no roll call bears the word.

    >>> items = pl.DataFrame({"item": ["x", "y"], "issues": ["hr|me", None], "subjects": [None, "HUMAN RIGHTS|YOUTH"],
    ...                       "important": [True, None]})
    >>> [about(items, word)["item"].to_list() for word in ("hr", "me", "youth", "important")]
    [['x', 'y'], ['x'], ['y'], ['x']]
    """
    found = items.filter(_says(issue).fill_null(value=False))
    if found.is_empty():
        raise UsageError(
            f"no roll call is about '{issue}'",
            f"say one of {', '.join(ISSUES)}, {IMPORTANT}, or a subject of the UN such as 'HUMAN RIGHTS'",
        )
    return found


def _says(issue: str) -> pl.Expr:
    subjects = pl.col("subjects").str.to_uppercase().str.split("|")  # session 74 writes them in lower case
    if issue == IMPORTANT:
        return pl.col("important")
    if issue in ISSUES:
        coded = pl.col("issues").str.split("|").list.contains(issue)
        indexed = subjects.list.eval(pl.element().is_in(CONTINUED[issue])).list.any()
        return pl.when(pl.col("issues").is_not_null()).then(coded).otherwise(indexed)
    return subjects.list.contains(issue.upper())
