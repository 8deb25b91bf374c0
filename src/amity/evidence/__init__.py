"""What is known of pairs of states: the rows behind every number, and what they say of a month or a year.

Coverage is applied here once: inside it a missing row is a zero, outside it nothing is known, and nobody
downstream fills anything.
"""

from __future__ import annotations

from amity.evidence.dyads import FIRST, Grain, columns, panel, panel_parts
from amity.evidence.rows import (
    UNDIRECTED,
    Evidence,
    acts,
    coverage,
    figures,
    items,
    known,
    open_evidence,
    reach,
    spoken,
    stances,
    ties,
    ties_of,
    traits,
    visits,
    votes,
)
from amity.evidence.system import together

__all__ = [
    "FIRST",
    "UNDIRECTED",
    "Evidence",
    "Grain",
    "acts",
    "columns",
    "coverage",
    "figures",
    "items",
    "known",
    "open_evidence",
    "panel",
    "panel_parts",
    "reach",
    "spoken",
    "stances",
    "ties",
    "ties_of",
    "together",
    "traits",
    "visits",
    "votes",
]
