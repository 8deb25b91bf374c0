"""Every measure is in the list, says what it is, and keeps the fixed names."""

from __future__ import annotations

from inspect import signature
from pathlib import Path

import pytest

import amity.measures
from amity import measures
from amity.catalog import SCHEMAS
from amity.errors import UsageError
from amity.measures.bibliography import BIBLIOGRAPHY

NOT_MEASURES = {
    "bibliography",
    "__init__",
    "panel",
    "issues",
    "joint_votes",
    "event_months",
    "dispute_risk",
    "dyad_structure",
    "kept_points",
    "roll_call_links",
    "roll_call_rules",
}


def test_no_module_of_the_folder_is_left_out() -> None:
    folder = Path(amity.measures.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - NOT_MEASURES
    assert set(measures.ALL) == modules


@pytest.mark.parametrize("name", measures.ALL)
def test_a_measure_says_what_it_is_and_what_it_reads(name: str) -> None:
    module = measures.load(name)
    assert module.ABOUT.says
    assert module.ABOUT.unit
    assert module.ABOUT.undefined
    assert module.ABOUT.bounds[0] < module.ABOUT.bounds[1]
    assert set(module.ABOUT.reads) <= set(SCHEMAS)
    assert module.compute.__doc__
    assert len(signature(module.compute).parameters) >= 1


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(UsageError, match="friendship"):
        measures.load("friendship")


def test_every_work_that_a_measure_cites_is_named_in_full() -> None:
    cited = {key for name in measures.ALL for key in measures.load(name).ABOUT.cite}
    assert cited == set(BIBLIOGRAPHY), "no key without its work, no work without its measure"
    assert all(key[-4:] in work for key, work in BIBLIOGRAPHY.items())
