"""Statements about a relation, each checked against the record: supported, contradicted or not decidable.

`claim_form` says how statements are written down, `checks` how each measure is checked and by which rule. What comes
out is told whatever it is; where the evidence does not reach, the answer is that it cannot be decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amity.errors import NoEvidenceError
from amity.insight.checks import measures
from amity.insight.checks.known import Known
from amity.insight.checks.statement import undecided

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from amity.dimensions.pair import Relation
    from amity.evidence import Evidence
    from amity.insight.checks.statement import Finding, Statement

__all__ = ["COLUMNS", "Answer", "Claims", "ask", "to_dict", "to_row"]

COLUMNS: tuple[str, ...] = (
    "number", "says", "who", "whom", "third", "measure", "direction", "from", "to",
    "verdict", "figure", "low", "high", "unit", "n", "counted", "sentence", "rows",
)  # fmt: skip
"""Of a statement as a row."""
NUMBERS = ("figure", "low", "high")


@dataclass(frozen=True, slots=True)
class Answer:
    """A statement, and what was found of it."""

    statement: Statement
    finding: Finding


@dataclass(frozen=True, slots=True)
class Claims:
    """Statements about a relation, and what was found of each, in their order."""

    answers: tuple[Answer, ...]

    @property
    def frame(self) -> pl.DataFrame:
        """A row a statement: `COLUMNS`; `rows` names the rows behind it, as text."""
        import polars as pl  # noqa: PLC0415

        schema = {
            name: pl.Float64() if name in NUMBERS else pl.Int64() if name in ("number", "n") else pl.String()
            for name in COLUMNS
        }
        return pl.DataFrame([to_row(answer) for answer in self.answers], schema=schema)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"claims": [to_dict(answer) for answer in self.answers]}


def ask(
    ev: Evidence, statements: Sequence[Statement], relation: Relation | None = None
) -> tuple[Answer, ...]:
    """Each statement with its verdict, figure, 90 % interval and the rows behind it, in their order.

    A `relation` that is at hand is not worked out again for statements about its pair; what is said of them then
    reaches as far as it does.

    >>> from pathlib import Path
    >>> from amity.evidence import open_evidence
    >>> from amity.insight.claim_form import read
    >>> from amity.store import open_store
    >>> told = "{who: KHM, whom: USA, statements: [{says: S., measure: severed, direction: exactly, times: 2}]}"
    >>> with open_evidence(open_store(Path("no-store-here"))) as ev:
    ...     [answer.finding.verdict for answer in ask(ev, read(told))]
    ['not decidable']
    """
    files = measures()
    known = Known(ev, {(relation.state1.ccode, relation.state2.ccode): relation} if relation else {})
    return tuple(Answer(one, _checked(known, one, files[one.measure].check)) for one in statements)


def _checked(known: Known, one: Statement, check: Any) -> Finding:
    try:
        return check(known, one)
    except NoEvidenceError as error:
        return undecided(f"{error.what}.", "", "rows")


def to_dict(answer: Answer) -> dict[str, Any]:
    """An answer in JSON's types: the statement as it was put, and what was found."""
    one, found = answer.statement, answer.finding
    days = {"from": one.period.start, "to": one.period.end}
    return {
        "number": one.number,
        "says": one.says,
        "who": one.who.name,
        "whom": one.whom.name,
        "third": one.third.name if one.third else None,
        "measure": one.measure,
        "direction": one.direction,
        "period": {name: day.isoformat() if day else None for name, day in days.items()},
        "verdict": found.verdict,
        "figure": found.figure,
        "low": found.low,
        "high": found.high,
        "unit": found.unit,
        "n": found.n,
        "counted": found.counted,
        "sentence": found.sentence,
        "rows": [{"source": row.source, "ref": row.ref} for row in found.rows],
    }


def to_row(answer: Answer) -> dict[str, Any]:
    """An answer as a row of a table: `COLUMNS`."""
    told = to_dict(answer)
    period, rows = told.pop("period"), told.pop("rows")
    return {**told, **period, "rows": "; ".join(f"{one['source']}: {one['ref']}" for one in rows)}
