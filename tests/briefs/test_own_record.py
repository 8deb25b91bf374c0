"""What a person adds stands on the same page as the public record, with its rows and its name."""

from __future__ import annotations

from pathlib import Path

from amity import ingest, store
from amity.briefs.ask import ask
from amity.briefs.write import rendered
from amity.ingest import own

SAMPLES = Path(__file__).parents[1] / "samples"
WHEN = "2026-03-01T00:00:00Z"


def test_own_acts_visits_and_ties_are_in_the_brief_and_their_record_is_named(tmp_path: Path) -> None:
    held = store.open_store(tmp_path)
    ingest.load(held, [SAMPLES / "us_visits", SAMPLES / "us_travels"], partial=True, retrieved=WHEN)
    for name in ("acts.csv", "ties.csv"):
        own.add(held, name, (SAMPLES / "own" / name).read_bytes(), WHEN, name="desk")
    brief = ask(held, "KHM", "USA", end=2020)
    assert [(act.kind, act.direction, act.count, act.source) for act in brief.acts] == [
        ("letter", "a to b", 1, "own:desk"),
        ("river patrol", "a to b", 3, "own:desk"),
    ]
    assert "own:desk" in {visit.source for visit in brief.visits}
    assert "own:desk" in {tie.source for tie in brief.ties}
    assert brief.sources[-1].id == "own:desk"
    assert "Rupture, Cambodia with the United States: severed" in {turn.what for turn in brief.turning_points}
    for form in ("html", "md"):
        page = rendered(brief, form)
        assert "From your own record" in page
        assert "Cambodia to the United States: river patrol, 3 times (Mekong, upper reach)" in page
        assert 'href=""' not in page


def test_a_brief_without_an_own_record_does_not_speak_of_one(tmp_path: Path) -> None:
    held = store.open_store(tmp_path)
    ingest.load(held, [SAMPLES / "us_visits"], partial=True, retrieved=WHEN)
    brief = ask(held, "KHM", "USA", end=2020)
    assert brief.acts == ()
    assert "own record" not in rendered(brief, "html")


def test_a_brief_reaches_to_the_last_day_of_an_own_record(tmp_path: Path) -> None:
    held = store.open_store(tmp_path)
    ingest.load(held, [SAMPLES / "us_visits"], partial=True, retrieved=WHEN)
    public = ask(held, "KHM", "USA").evidence_to
    later = b"date,from,to,kind\n2031-05-01,KHM,USA,letter\n"
    own.add(held, "letters.csv", later, WHEN)
    brief = ask(held, "KHM", "USA")
    assert public
    assert public.year < 2031
    assert brief.question.end == 2031
    assert [act.date.isoformat() for act in brief.acts] == ["2031-05-01"]
