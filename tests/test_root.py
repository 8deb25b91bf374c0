"""The words of the command line in Python: what comes back is frozen, has frames, and costs nothing until asked."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import amity
from amity.errors import UsageError
from amity.insight.claims import COLUMNS

FORM: dict[str, Any] = {
    "who": "KHM",
    "whom": "USA",
    "statements": (
        {"says": "Broken off twice.", "measure": "severed", "direction": "exactly", "times": 2, "period": (1950, None)},
        {"says": "Low.", "measure": "tone", "direction": "low", "period": [2017, 2020]},
    ),
}  # fmt: skip
FILE = """
who: KHM
whom: USA
statements:
- {says: Broken off twice., measure: severed, direction: exactly, times: 2, period: [1950, null]}
- {says: Low., measure: tone, direction: low, period: [2017, 2020]}
"""


def test_importing_amity_imports_no_engine() -> None:
    code = (
        "import amity, sys; amity.between, amity.claims, amity.portrait, amity.track, amity.whatif; "
        "print(sorted({'polars', 'numpy', 'duckdb', 'numba', 'click', 'jinja2', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_can_be_called_or_is_a_module() -> None:
    for name in amity.__all__:
        assert getattr(amity, name).__doc__, name


def test_claims_are_the_same_from_a_dictionary_and_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "claims.yaml").write_text(FILE, encoding="utf-8")
    told = amity.claims(FORM, home=tmp_path)
    assert told == amity.claims(tmp_path / "claims.yaml", home=tmp_path)
    assert told == amity.claims(str(tmp_path / "claims.yaml"), home=tmp_path)
    assert tuple(told.frame.columns) == COLUMNS
    assert told.frame["verdict"].to_list() == [one["verdict"] for one in told.to_dict()["claims"]]
    with pytest.raises(FrozenInstanceError):
        told.answers = ()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(UsageError, match="there is no file"):
        amity.claims("nowhere.yaml", home=tmp_path)


def test_a_state_stands_between_two_powers_as_the_command_says(tmp_path: Path) -> None:
    told = amity.between(
        "KHM", "USA", "CHN", domains=["votes", "visits"], weights={"votes": 2}, home=tmp_path
    )
    assert (told.a.name, told.b.name, [one.name for one in told.states]) == (
        "United States",
        "China",
        ["Cambodia"],
    )
    assert set(told.tilts["domain"]) == {"votes", "visits"}
    assert told.weights["votes"] == 2
    assert set(told.plane("KHM").filter("own")["ccode"]) == {811}
    other = amity.between("KHM", "CHN", "USA", domains=["votes"], home=tmp_path)
    turned = (
        told.tilts.filter(domain="votes")
        .join(other.tilts, on=["ccode", "year"], suffix="_back")
        .drop_nulls("tilt")
    )
    assert turned.height > 30
    assert (turned["tilt"] + turned["tilt_back"]).abs().max() == pytest.approx(0.0, abs=1e-6)
    with pytest.raises(UsageError, match="which two powers"):
        amity.between("USA", home=tmp_path)
    with pytest.raises(UsageError):
        amity.between("KHM", "USA", "CHN", weights={"tea": 2}, home=tmp_path)


def test_a_programme_is_the_same_from_a_list_and_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "acts.yaml").write_text("do:\n- {month: 2031-06, act: visit up}\n", encoding="utf-8")
    told = amity.whatif("KHM", "USA", ["2031-06 visit up"], home=tmp_path)
    assert told.rows.equals(amity.whatif("USA", "KHM", tmp_path / "acts.yaml", home=tmp_path).rows)
    came = amity.track("KHM", "USA", tmp_path / "acts.yaml", home=tmp_path)
    assert came.frame["verdict"].to_list() == ["not yet due"]
    for wrong in ("2031-06 visit up", Path("nowhere.yaml")):
        with pytest.raises(UsageError) as refused:
            amity.whatif("KHM", "USA", wrong, home=tmp_path)
        assert len(str(refused.value).splitlines()) == 2


def test_a_portrait_has_a_row_for_every_tie_and_what_is_unknown_is_missing(tmp_path: Path) -> None:
    told = amity.portrait("KHM", home=tmp_path)
    rows = told.frame
    assert rows.height == len(told.ties)
    ranks = rows.drop_nulls("engagement")["rank"].to_list()
    assert ranks == rows["rank"].drop_nulls().to_list() == list(range(1, len(ranks) + 1))
    unknown = {tie.ccode for tie in told.ties if tie.tone is None}
    assert set(rows.filter(pl.col("tone").is_null())["ccode"]) == unknown
    known = rows.drop_nulls("engagement")
    assert (known["engagement_low"] <= known["engagement"]).all()
    with pytest.raises(UsageError, match="as a power"):
        amity.portrait("KHM", between=("KHM", "USA"), home=tmp_path)


def test_the_store_of_the_command_line_is_that_of_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMITY_HOME", str(tmp_path / "mine"))
    assert amity.open_store().root == tmp_path / "mine"
    assert amity.open_store(tmp_path / "other").root == tmp_path / "other"
    monkeypatch.delenv("AMITY_HOME")
    assert amity.open_store().root.name == "amity"
