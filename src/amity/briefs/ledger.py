"""The ledger of claims: statements about the two, each supported, contradicted or not decidable by the record.

Without a file of a user's own a brief puts a few statements to the record that can be put of any pair
(`assets/claims.yaml`), chosen so that they take no time; a file is read as `amity claims` reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING

from amity.briefs import tense, words
from amity.briefs.part import Part
from amity.insight import claims
from amity.insight.claim_form import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amity.briefs.answer import Brief
    from amity.briefs.gather import Asked
    from amity.dimensions.pair import Relation
    from amity.evidence import Evidence
    from amity.insight.checks.statement import Statement

__all__ = ["Claim", "Ledger", "ledger", "part", "usual"]

MARKS = {"supported": "✓", "contradicted": "✗", "not decidable": "?"}
HEADS = ("", "Statement", "Verdict", "Figure", "90% interval", "Rests on")
RECENT, WINDOW = 4, 30
"""Years that count as of late, and in which visits are compared."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement and what was found of it; a figure that is None is unknown."""

    number: int
    says: str
    verdict: str
    figure: float | None
    low: float | None
    high: float | None
    unit: str
    n: int
    counted: str
    sentence: str
    rows: tuple[tuple[str, str], ...]
    """Sources and the publishers' own rows."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Statements in their order."""

    own: bool
    """Whether they are a user's."""
    claims: tuple[Claim, ...]


def ledger(
    ev: Evidence,
    asked: Asked,
    last: date,
    relation: Relation | None,
    statements: Sequence[Statement] | None = None,
) -> Ledger | None:
    """A user's statements checked as `amity claims` checks them; by default the usual ones. None: nothing to put."""
    if statements is None and relation is None:
        return None
    own = statements is not None
    put = statements if statements is not None else usual(asked, last)
    found = claims.ask(ev, put, None if own else relation)
    return Ledger(own, tuple(_claim(one) for one in found))


def usual(asked: Asked, last: date) -> tuple[Statement, ...]:
    """The statements that are put of every pair, to the year of `last`."""
    a, b, third = asked.a, asked.b, asked.third
    recent = last.year - RECENT + 1
    filled = {
        "who": a.ccode,
        "whom": b.ccode,
        "third": third.ccode if third else 0,
        "a": words.upper_first(words.the(a.name)),
        "b": words.the(b.name),
        "whose_a": words.whose(words.the(a.name)),
        "c": words.the(third.name) if third else "",
        "start": min(asked.start, last.year),
        "end": last.year,
        "recent": recent,
        "earlier": recent - 2 * RECENT,
        "before": recent - 1,
        "window": max(last.year - WINDOW + 1, asked.start),
    }
    text = _asset("claims.yaml") + (_asset("claims_third.yaml") if third else "")
    past = tense.over(asked)
    return tuple(replace(one, says=tense.told(one.says, past=past)) for one in read(text.format_map(filled)))


def _asset(name: str) -> str:
    return files("amity.briefs").joinpath("assets", name).read_text(encoding="utf-8")


def _claim(answer: claims.Answer) -> Claim:
    one, found = answer.statement, answer.finding
    return Claim(
        one.number,
        one.says,
        found.verdict,
        *(
            None if value is None else round(float(value), 4)
            for value in (found.figure, found.low, found.high)
        ),
        unit=found.unit,
        n=found.n,
        counted=found.counted,
        sentence=found.sentence,
        rows=tuple((row.source, row.ref) for row in found.rows),
    )


# In words


def part(brief: Brief) -> Part | None:
    """The ledger in words and as a table; None where nothing was put to the record."""
    told = brief.ledger
    if told is None or not told.claims:
        return None
    whose = (
        "Your statements"
        if told.own
        else "A few statements that can be put of any pair; `--claims FILE` puts yours"
    )
    return Part(
        title=title(told),
        how=(
            f"{whose}. ✓ supported: the whole interval lies on the side that is claimed. ✗ contradicted: it lies on "
            "the other. ? not decidable: it reaches both, or no loaded source speaks: no verdict on what is said."
        ),
        heads=HEADS,
        rows=tuple(row(one) for one in told.claims),
        plain=tuple(line(one) for one in told.claims),
    )


def title(told: Ledger) -> str:
    """How many statements came out how."""
    verdicts = [one.verdict for one in told.claims]
    supported, contradicted, left = (words.none_or(verdicts.count(name)) for name in MARKS)
    return (
        f"Of {words.count(len(verdicts), 'statement')} the record supports {supported}, contradicts {contradicted} and "
        f"leaves {left} open"
    )


def line(one: Claim) -> str:
    """A statement as a line of a terminal."""
    mark, says, verdict, figure, interval, rests = row(one)
    found = f"{figure} ({interval}), {rests}" if one.figure is not None else f"{rests}"
    return f"{mark} {says} {words.upper_first(verdict)}: {found}"


def row(one: Claim) -> tuple[str, ...]:
    """A row of `HEADS`."""
    at, low, high = spelled(one.figure, one.low, one.high)
    known = one.figure is not None
    return (
        MARKS[one.verdict],
        one.says,
        one.verdict,
        measured(at, one.unit) if known else "–",
        f"{low} to {high}" if known else "–",
        rests(one.n, one.counted),
    )


def spelled(*ends: float | None) -> list[str]:
    """A figure and the ends of its interval, as short as they go.

    >>> spelled(2.0, 2.0, None), spelled(-0.5, -1.0, 0.25)
    (['2', '2', 'unknown'], ['−0.50', '−1.00', '0.25'])
    """
    digits = 0 if all(end is None or float(end).is_integer() for end in ends) else 2
    return ["unknown" if end is None else f"{end:.{digits}f}".replace("-", "−") for end in ends]


def measured(at: str, unit: str) -> str:
    """A figure with its unit.

    >>> measured("1", "times"), measured("2", "times"), measured("−2.87", "visits per decade")
    ('1 time', '2 times', '−2.87 visits per decade')
    """
    first, _, rest = unit.partition(" ")
    return f"{at} {first.removesuffix('s') if at == '1' else first}{' ' if rest else ''}{rest}"


def rests(n: int, counted: str) -> str:
    """How much of what a figure rests on.

    >>> rests(1, "fields known"), rests(47, "changes from year to year")
    ('1 field known', '47 changes from year to year')
    """
    first, _, rest = counted.partition(" ")
    return f"{n:,} {first.removesuffix('s') if n == 1 else first}{' ' if rest else ''}{rest}"
