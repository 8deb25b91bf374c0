"""`amity whatif` as a person types it, over the starter pack."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from amity.cli.whatif import command
from amity.cli.whatif_words import MOST, rival
from amity.errors import NoEvidenceError, UnknownStateError, UsageError
from amity.insight import response
from amity.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

ACT = ("--do", "2031-06 visit up")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def typed(settings: Settings, *words: str) -> str:
    return CliRunner().invoke(command, ["KHM", "USA", *words], obj=settings, catch_exceptions=False).output


def test_the_outlook_is_shown_with_what_it_rests_on(settings: Settings) -> None:
    said = typed(settings, *ACT)
    assert said.startswith("Cambodia and the United States")
    assert "2031-07" in said
    assert "2033-06" in said
    assert " cases in " in said
    assert "compared with similar moments" in said
    assert "caus" not in said


def test_an_outlook_without_an_act_is_asked_for_one(settings: Settings, tmp_path: Path) -> None:
    empty, other = a_file(tmp_path, "empty.yaml"), a_file(tmp_path, "other.yaml", "2031-06 visit up")
    for words in ((), ("--programme", empty)):
        with pytest.raises(UsageError, match="no act was named"):
            typed(settings, *words)
    assert "no act: nothing changes" in typed(settings, "--programme", empty, "--programme", other)


def test_what_is_not_known_is_not_carried_forward_as_zero(settings: Settings, tmp_path: Path) -> None:
    pair = ["FJI", "NRU", *ACT]
    said = CliRunner().invoke(command, pair, obj=settings, catch_exceptions=False).output
    assert said.count("not known") == 2 * 12 + 2
    assert "(−68 to +68)" not in said
    files = [a_file(tmp_path, f"{n}.yaml", f"2031-0{n} visit up") for n in (6, 7)]
    both = [*pair[:2], "--programme", files[0], "--programme", files[1]]
    said = CliRunner().invoke(command, both, obj=settings, catch_exceptions=False).output
    assert said.count("not known") == 3 * 12 + 2


def test_two_that_are_no_longer_both_states_have_no_outlook(settings: Settings) -> None:
    with pytest.raises(UsageError, match="1990-10-02, their last common day") as refused:
        CliRunner().invoke(command, ["GDR", "USA", *ACT], obj=settings, catch_exceptions=False)
    assert len(str(refused.value).splitlines()) == 2


def test_the_order_of_the_two_states_changes_nothing_but_the_title(settings: Settings) -> None:
    other = CliRunner().invoke(command, ["USA", "KHM", *ACT], obj=settings, catch_exceptions=False).output
    assert other.splitlines()[1:] == typed(settings, *ACT).splitlines()[1:]


def test_a_programme_says_the_same_as_its_acts(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "acts.yaml"
    file.write_text("do:\n- month: 2031-06\n  act: visit up\n", encoding="utf-8")
    assert typed(settings, "--programme", str(file)) == typed(settings, *ACT)


def test_it_is_written_for_a_table_and_for_a_program(settings: Settings, tmp_path: Path) -> None:
    for name in ("out.csv", "out.json"):
        assert "48 rows" in typed(settings, *ACT, "--out", str(tmp_path / name))
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert pl.read_csv(tmp_path / "out.csv").height == len(told["rows"]) == 48
    assert told["steps"] == [{"month": "2031-06-01", "name": "visit up"}]
    assert {one["dimension"] for one in told["behind"]} == {"tone", "engagement"}


def test_other_powers_are_spoken_of_where_they_make_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    told = replace(response.ask("threat"), contested_gap=-0.3, contested_error=0.1)
    gap = replace(response.contest("threat"), gap=(-0.5,) * 24, error=(0.2,) * 24)
    monkeypatch.setattr(response, "read", lambda: SimpleNamespace(contests=(gap,)))
    first, second = rival(told)
    assert "a rival of the acting power active −0.50 ± 0.39 sd a year on" in first
    assert "closer to the weaker side −0.30 ± 0.20 sd" in second
    unsure = replace(gap, error=(0.4,) * 24)
    monkeypatch.setattr(response, "read", lambda: SimpleNamespace(contests=(unsure,)))
    assert rival(replace(told, contested_gap=None)) == []


def test_what_cannot_be_said_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NoEvidenceError, match="dialogue"):
        typed(settings, "--do", "2031-06 dialogue")
    with pytest.raises(UsageError, match="no class of acts"):
        typed(settings, "--do", "2031-06 tea")
    with pytest.raises(UsageError, match="no later"):
        typed(settings, "--do", "1999-06 visit up")
    with pytest.raises(UsageError, match="no kind of file"):
        typed(settings, *ACT, "--out", str(tmp_path / "out.xlsx"))
    with pytest.raises(UnknownStateError):
        CliRunner().invoke(command, ["KHM", "Atlantis"], obj=settings, catch_exceptions=False)


def a_file(folder: Path, name: str, *acts: str) -> str:
    rows = [f"- {{month: {act[:7]}, act: {act[8:]}}}" for act in acts]
    (folder / name).write_text("\n".join(["do:" if rows else "do: []", *rows]) + "\n", encoding="utf-8")
    return str(folder / name)


def test_programmes_are_set_beside_each_other(settings: Settings, tmp_path: Path) -> None:
    slow = a_file(tmp_path, "slow.yaml", "2031-09 visit up")
    bold = a_file(tmp_path, "bold.yaml", "2031-06 visit up", "2031-09 sanction lifted")
    both = ("--programme", slow, "--programme", bold)
    said = typed(settings, *both)
    assert "slow less bold" in said
    assert "2031-09  sanction lifted" in said
    assert "caus" not in said
    typed(settings, *both, "--out", str(tmp_path / "out.json"))
    typed(settings, *both, "--out", str(tmp_path / "out.csv"))
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert list(told["programmes"]) == ["slow", "bold"]
    assert pl.read_csv(tmp_path / "out.csv").height == len(told["differences"]) == 48
    same = typed(
        settings, "--programme", slow, "--programme", a_file(tmp_path, "same.yaml", "2031-09 visit up")
    )
    assert same.split("slow less same")[1].count(" 0.0 (0.0 to 0.0)") == 12


def test_a_programme_is_tracked_through_the_public_and_the_own_record(
    settings: Settings, tmp_path: Path
) -> None:
    from amity.cli.add import command as add

    file = a_file(
        tmp_path, "acts.yaml", "2012-11 visit head-of-state down", "2016-09 sanction lifted", "2017-03 threat",
        "2099-01 visit up",
    )  # fmt: skip
    asked = ("--programme", file, "--track")
    before = typed(settings, *asked)
    assert "4 steps: 1 kept, 2 not knowable, 1 not yet due." in before
    assert "by the United States: Barack Obama, head of state  [us_travels " in before
    desk = tmp_path / "desk.csv"
    desk.write_text("date,from,to,kind\n2016-11-03,USA,Cambodia,sanction lifted\n", encoding="utf-8")
    CliRunner().invoke(add, [str(desk)], obj=settings, catch_exceptions=False)
    said = typed(settings, *asked)
    assert "4 steps: 1 kept, 1 late, 1 not knowable, 1 not yet due." in said
    assert "2016-11-03  by the United States: sanction lifted  [own:desk line 2]" in said
    assert "What moved since October 2012, read without" in said
    for name in ("out.csv", "out.json"):
        assert "4 rows" in typed(settings, *asked, "--out", str(tmp_path / name))
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [one["verdict"] for one in told["steps"]] == ["kept", "late", "not knowable", "not yet due"]
    assert pl.read_csv(tmp_path / "out.csv")["verdict"].to_list() == [one["verdict"] for one in told["steps"]]


def test_what_cannot_be_compared_or_tracked_is_refused(settings: Settings, tmp_path: Path) -> None:
    file, other = (a_file(tmp_path, name, "2031-06 visit up") for name in ("one.yaml", "two.yaml"))
    for words, why in (
        ((*ACT, "--programme", file, "--programme", other), "beside two programmes"),
        (("--track", "--programme", file, "--programme", other), "cannot be tracked at once"),
        (("--track",), "promises nothing"),
        ((*ACT, "--out", str(tmp_path / "nowhere" / "out.csv")), "cannot be written"),
    ):
        with pytest.raises(UsageError) as refused:
            typed(settings, *words)
        assert why in str(refused.value)
        assert len(str(refused.value).splitlines()) == 2


def test_of_a_very_long_programme_the_first_steps_are_shown_and_the_rest_counted(
    settings: Settings, tmp_path: Path
) -> None:
    every = a_file(tmp_path, "every.yaml", *(f"{year}-06 visit up" for year in range(2031, 2231, 2)))
    one = a_file(tmp_path, "one.yaml", "2031-06 visit up")
    for words in (
        ("--programme", every),
        ("--programme", every, "--programme", one),
        ("--programme", every, "--track"),
    ):
        said = typed(settings, *words)
        assert said.count("-06  visit up") == MOST + ("--track" not in words and one in words)
        assert "  … and 60 more; --out FILE writes all" in said
    typed(settings, "--programme", every, "--out", str(tmp_path / "all.json"))
    assert len(json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))["steps"]) == 100


@pytest.mark.parametrize("words", [("--track",), ("--programme", "later.yaml"), ()])
def test_no_line_is_wider_than_the_screen(settings: Settings, tmp_path: Path, words: tuple[str, ...]) -> None:
    acts = a_file(tmp_path, "acts.yaml", "2027-06 visit head-of-state up", "2027-09 sanction lifted")
    later = a_file(tmp_path, "later.yaml", "2027-12 sanction lifted")
    asked = ["KHM", "USA", "--programme", acts, *(later if word == "later.yaml" else word for word in words)]
    said = (
        CliRunner().invoke(command, asked, obj=settings, env={"COLUMNS": "85"}, catch_exceptions=False).output
    )
    assert "sanction lifted" in said
    assert max(map(len, said.splitlines())) <= 85
