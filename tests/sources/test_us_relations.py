"""The guide to recognition and relations: headings into spells, dates out of clauses, and what is set aside."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.catalog import polars_schema
from amity.errors import BadFileError, UnknownStateError, UnknownValueError
from amity.sources import us_relations
from amity.sources.us_relations import articles, days, guide, prose, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amity.sources import Parsed
    from amity.sources.us_relations.articles import Reading

SAMPLES = Path(__file__).parents[1] / "samples" / "us_relations"
FACTS = tomllib.loads(Path(__file__).with_name("us_relations_facts.toml").read_text())


def sample(*stems: str) -> dict[str, bytes]:
    return {f"{stem}.xml": (SAMPLES / f"{stem}.xml").read_bytes() for stem in stems}


def article(stem: str, *entries: tuple[str, str]) -> dict[str, bytes]:
    """A file with these headings and paragraphs, in the guide's shape."""
    told = "".join(f'<div type="timeline"><head>{head}</head><p>{text}</p></div>' for head, text in entries)
    return {
        f"{stem}.xml": (
            '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>'
            f"<title>A Guide to the United States’ History of Recognition: {stem}</title></titleStmt>"
            "<publicationStmt><p>Department of State, 2008</p></publicationStmt></fileDesc></teiHeader><text><body>"
            f'<div type="section" xml:id="diplomatic-relations">{told}</div></body></text></TEI>'
        ).encode()
    }


def spells(parsed: Parsed, ccode: int, kind: str) -> list[tuple[object, ...]]:
    """Start, how it began, end, how it ended, level; dates as text."""
    rows = parsed.tables["ties"].filter(pl.col("ccode_to") == ccode, pl.col("kind") == kind).sort("start")
    return [
        (str(row["start"]), row["began"], str(row["end"] or ""), row["ended"], row["level"])
        for row in rows.iter_rows(named=True)
    ]


@pytest.fixture(scope="module")
def real(publisher_data: Path) -> dict[str, bytes]:
    folder = publisher_data / "state_dept" / "rdcr"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.xml"))}


@pytest.fixture(scope="module")
def whole(real: dict[str, bytes]) -> Parsed:
    return us_relations.parse(real)


@pytest.fixture(scope="module")
def readings(real: dict[str, bytes]) -> dict[str, Reading]:
    entries = [entry for name, data in real.items() for entry in guide.read(name, data).entries]
    return {entry.ref: articles.read(entry) for entry in entries}


# --- what the samples say ------------------------------------------------------------------------------------


def test_a_severed_tie_ends_the_day_relations_were_severed() -> None:
    relations = spells(us_relations.parse(sample("cambodia")), 811, "relations")
    assert relations == [
        ("1950-07-11", "established", "1965-05-03", "severed by the other side", None),
        ("1969-07-02", "re-established", "1975-04-12", "interrupted", None),
        ("1994-05-17", "resumed", "", None, None),
    ]


def test_an_embassy_cannot_outlive_the_relations_that_it_serves() -> None:
    posts = spells(us_relations.parse(sample("cambodia")), 811, "post")
    assert posts == [
        ("1950-11-14", "established", "1952-06-24", "raised", "legation"),
        ("1952-06-24", "raised", "1965-05-03", "relations severed by the other side", "embassy"),
        ("1969-08-16", "reopened", "1975-04-12", "closed", "embassy"),
        ("1991-11-11", "established", "1994-05-17", "raised", "mission"),
        ("1994-05-17", "re-established", "", None, "embassy"),
    ]


def test_every_tie_leads_back_to_the_entries_that_tell_of_its_beginning_and_its_end() -> None:
    ties = us_relations.parse(sample("cambodia")).tables["ties"]
    assert ties.filter(ended="severed by the other side")["ref"].to_list() == [
        "cambodia.xml#2|cambodia.xml#5"
    ]


def test_north_and_south_yemen_are_told_in_one_file_and_kept_apart() -> None:
    parsed = us_relations.parse(sample("yemen"))
    assert spells(parsed, 680, "post") == [("1967-12-07", "established", "1969-10-26", "closed", "embassy")]
    assert spells(parsed, 678, "relations")[0][2] == "1967-06-07"


def test_ties_go_on_under_the_code_of_the_united_state() -> None:
    parsed = us_relations.parse(sample("yemen"))
    assert spells(parsed, 678, "relations")[1] == ("1972-01-01", "resumed", "1990-05-21", "continued", None)
    assert spells(parsed, 679, "relations") == [("1990-05-22", "continued", "", None, None)]


def test_ties_end_with_a_state_that_nobody_continues() -> None:
    recognition = spells(us_relations.parse(sample("yemen")), 680, "recognition")
    assert recognition == [("1967-01-01", "recognised", "1990-05-21", "state ended", None)]


def test_a_reopened_embassy_shows_that_relations_were_resumed_where_no_heading_says_so() -> None:
    parsed = us_relations.parse(sample("france"))
    assert spells(parsed, 220, "relations")[-1] == ("1944-12-01", "resumed", "", None, None)
    assert (
        "no heading says when relations were resumed" in parsed.tables["review"]["why"].str.join(" ").item()
    )


def test_a_moved_embassy_is_the_same_embassy() -> None:
    posts = spells(us_relations.parse(sample("france")), 220, "post")
    assert [post[0] for post in posts] == ["1893-04-08", "1944-12-01"]


def test_their_recognition_of_us_is_not_our_recognition_of_them() -> None:
    assert spells(us_relations.parse(sample("france")), 220, "recognition") == []


def test_the_guide_speaks_from_a_countrys_first_entry_to_the_month_in_which_it_was_written() -> None:
    coverage = us_relations.parse(sample("cambodia")).tables["coverage"].filter(kind="relations")
    assert [str(day) for day in coverage.select("start", "end").row(0)] == ["1950-02-07", "2009-02-01"]


def test_of_posts_nothing_is_claimed_between_restored_relations_and_the_next_heading_about_a_post() -> None:
    coverage = us_relations.parse(sample("cambodia")).tables["coverage"].filter(kind="post").sort("start")
    assert [str(day) for day in coverage["end"]] == ["1969-07-01", "2009-02-01"]


def test_the_order_of_the_files_does_not_matter() -> None:
    files = sample("cambodia", "france", "yemen")
    backwards = dict(reversed(files.items()))
    for table, frame in us_relations.parse(files).tables.items():
        assert frame.equals(us_relations.parse(backwards).tables[table])


# --- contradictions and slips -------------------------------------------------------------------------------


def whys(files: Mapping[str, bytes]) -> str:
    return " | ".join(us_relations.parse(files).tables["review"]["why"])


def test_a_second_establishment_without_an_end_between_goes_to_review_and_the_first_is_kept() -> None:
    heading = "Establishment of Diplomatic Relations, {}"
    files = article("cuba", (heading.format(1902), "."), (heading.format(1910), "."))
    assert [row[0] for row in spells(us_relations.parse(files), 40, "relations")] == ["1902-01-01"]
    assert "the first date was kept" in whys(files)


def test_a_resumption_whose_break_is_not_told_leaves_the_first_spell_out() -> None:
    files = article(
        "chile",
        ("Establishment of Diplomatic Relations, 1902", "."),
        ("Diplomatic Relations Reestablished, 1920", "."),
    )
    assert [row[0] for row in spells(us_relations.parse(files), 155, "relations")] == ["1920-01-01"]
    assert "is not told" in whys(files)


def test_relations_ended_with_a_state_that_was_gone_for_a_while() -> None:
    files = article(
        "austria",
        ("Establishment of Diplomatic Relations, 1921", "."),
        ("Re-establishment of Diplomatic Relations, 1946", "."),
    )
    first, second = spells(us_relations.parse(files), 305, "relations")
    assert first[2:4] == ("1938-03-13", "state ended")
    assert second[0] == "1946-01-01"


def test_severing_what_no_heading_began_goes_to_review() -> None:
    files = article("cuba", ("Diplomatic Relations Severed, 1961", "."))
    assert us_relations.parse(files).tables["ties"].is_empty()
    assert "it ends what no heading began" in whys(files)


def test_an_embassy_older_than_the_first_american_embassy_goes_to_review() -> None:
    assert "before 1893" in whys(article("cuba", ("Legation Raised to Embassy, 1882", ".")))


def test_a_heading_that_nobody_foresaw_goes_to_review() -> None:
    assert "not in the vocabulary" in whys(article("cuba", ("A Most Unusual Day, 1902", ".")))


def test_an_event_without_any_year_goes_to_review() -> None:
    assert "no date is sure" in whys(article("cuba", ("Establishment of Diplomatic Relations.", ".")))


def test_a_legation_whose_raising_nobody_tells_may_have_become_an_embassy() -> None:
    files = article("iran", ("Establishment of the American Legation in Iran, 1883", "."))
    assert spells(us_relations.parse(files), 630, "post")[0][4] == "legation or embassy"


def test_where_only_the_year_is_sure_the_end_is_the_last_day_that_it_can_be() -> None:
    files = article(
        "cuba",
        ("Establishment of Diplomatic Relations, 1902", "."),
        ("Diplomatic Relations Severed, 1961", "."),
    )
    row = us_relations.parse(files).tables["ties"].row(0, named=True)
    assert (str(row["start"]), str(row["end"])) == ("1902-01-01", "1961-12-31")
    assert (row["start_precision"], row["end_precision"]) == ("year", "year")


# --- reading a day ------------------------------------------------------------------------------------------

CLAUSES = [
    ("Relations were severed on May 3, 1965.", "1965-05-03"),
    ("On May 3, 1965, the United States severed relations with the kingdom.", "1965-05-03"),
    ("Relations were severed when, on May 3, 1965, the envoy left.", "1965-05-03"),
    ("The United States severed relations on May 3, 1965, after a raid on May 1, 1965.", "1965-05-03"),
    ("The United States severed relations after a raid on May 3, 1965.", None),
    ("Following a raid on May 3, 1965, the United States severed relations.", None),
    ("The war began on May 3, 1965. The United States severed relations.", None),
    ("The United States never severed relations on May 3, 1965.", None),
    ("The United States severed relations on or about May 3, 1965.", "1965-05-01"),
    ("The United States severed relations in May 1965.", "1965-05-01"),
    ("The United States severed relations on May 3, 1964.", None),
    ("The raid was on April 30, 1965. The United States severed relations on May 3.", "1965-05-03"),
    ("The raid was on May 3, 1965. On the same day, the United States severed relations.", "1965-05-03"),
    ("The United States severed relations on February 31, 1965.", None),
]


@pytest.mark.parametrize(("text", "expected"), CLAUSES)
def test_a_day_is_read_only_where_the_clause_ties_it_to_the_event(text: str, expected: str | None) -> None:
    found = days.of_clause(text, re.compile("severed"), (1965,))
    assert (str(found[0].first) if found else None) == expected


@given(st.text(max_size=300), st.integers(1700, 2100))
def test_a_day_read_is_always_in_a_year_of_the_heading(noise: str, year: int) -> None:
    text = f"{noise} They severed relations on May 3, 1965 {noise}"
    found = days.of_clause(text, re.compile("severed"), (year,))
    assert found is None or found[0].first.year == year


@given(st.text(max_size=200))
def test_any_heading_is_set_aside_or_read_or_unknown_but_never_fails(heading: str) -> None:
    vocabulary.set_aside(heading, "recognition")
    assert all(event.word for event in vocabulary.events(heading))


@given(
    st.sampled_from(("U.S.", "United States", "American")),
    st.sampled_from(("Re-established", "Reestablished")),
)
def test_ways_to_write_a_heading_do_not_change_what_it_says(ours: str, again: str) -> None:
    assert vocabulary.events(f"{ours} Embassy {again}") == vocabulary.events("American Embassy Reestablished")


# --- hostile and broken files ----------------------------------------------------------------------------------


def test_damaged_copies_are_parsed_or_refused(survives: Callable[[object, str, bytes], None]) -> None:
    survives(us_relations, "cambodia.xml", sample("cambodia")["cambodia.xml"])


def test_a_country_that_amity_does_not_know_stops_the_parse() -> None:
    with pytest.raises(UnknownStateError, match="atlantis"):
        us_relations.parse({"atlantis.xml": sample("cambodia")["cambodia.xml"]})


def test_a_part_of_a_kind_nobody_knows_stops_the_parse() -> None:
    data = sample("cambodia")["cambodia.xml"].replace(b'type="timeline"', b'type="story"', 1)
    with pytest.raises(UnknownValueError, match="story"):
        us_relations.parse({"cambodia.xml": data})


def test_an_absurd_year_in_a_heading_is_refused() -> None:
    data = sample("cambodia")["cambodia.xml"].replace(b'when="1965"', b'when="9965"')
    with pytest.raises(BadFileError, match="9965"):
        us_relations.parse({"cambodia.xml": data})


def test_the_same_country_given_twice_is_refused() -> None:
    data = sample("cambodia")["cambodia.xml"]
    with pytest.raises(BadFileError, match="more than once"):
        us_relations.parse({"a/cambodia.xml": data, "b/cambodia.xml": data})


def test_a_large_file_of_dates_is_read_in_bounded_time() -> None:
    text = "The United States severed relations after May 3, 1965, and recognized " * 3000
    us_relations.parse(article("cuba", ("Diplomatic Relations Severed, 1961", text)))


def test_an_empty_folder_gives_empty_tables() -> None:
    for table, frame in us_relations.parse({}).tables.items():
        assert dict(frame.schema) == polars_schema(table)
        assert frame.is_empty()


def test_the_guide_is_recognised_by_its_title() -> None:
    assert us_relations.recognises("x/cambodia.xml", sample("cambodia")["cambodia.xml"][:4096])
    assert not us_relations.recognises(
        "cambodia.xml", b"<country-mission><territory-id>cambodia</territory-id>"
    )


# --- the publisher's files ---------------------------------------------------------------------------------


@pytest.mark.publisher_data
@pytest.mark.parametrize("ccode", sorted(FACTS["anchors"], key=int))
def test_known_turns_of_relations_are_in_the_ties(ccode: str, whole: Parsed) -> None:
    ties = whole.tables["ties"].filter(pl.col("ccode_to") == int(ccode))
    for fact in FACTS["anchors"][ccode]:
        kind, side, written, *level = fact.split(" ")
        end = "start" if side == "+" else "end"
        rows = ties.filter(pl.col("kind") == kind, pl.col(f"{end}_precision") == _precision(written))
        rows = rows.filter(pl.col(end).cast(pl.String).str.starts_with(written))
        assert rows.height == 1, fact
        assert not level or rows["level"].item() == " ".join(level), fact


def _precision(written: str) -> str:
    return {4: "year", 7: "month", 10: "day"}[len(written)]


@pytest.mark.publisher_data
def test_the_anchors_speak_of_more_than_forty_countries() -> None:
    assert len(FACTS["anchors"]) > 50


@pytest.mark.publisher_data
def test_a_hand_read_sample_of_headings_is_read_without_an_error_and_mostly_to_the_day(
    readings: dict[str, Reading],
) -> None:
    assert len(FACTS["annotated"]) == 60
    wrong: list[str] = []
    hits = exact = told = known = 0
    for ref, facts in FACTS["annotated"].items():
        expected = dict(fact.rsplit(" ", 1) for fact in facts)
        found = {_side(one): one.day for one in readings[ref].told}
        told += len(found)
        known += len(expected)
        for what, day in found.items():
            right = expected.get(what, "nothing")
            fits = right.startswith(str(day.first)[: {"day": 10, "month": 7, "year": 4}[day.precision]])
            hits += fits
            exact += fits and len(right) == {"day": 10, "month": 7, "year": 4}[day.precision]
            if not fits:
                wrong.append(f"{ref}: {what} {day}, a person reads {right}")
    assert wrong == []
    assert (told, known, hits, exact) == (46, 46, 46, 40)


def _side(one: prose.Told) -> str:
    return f"{one.event.kind} {'-' if one.event.change == 'ends' else '+'}"


@pytest.mark.publisher_data
def test_no_heading_is_dropped_in_silence(readings: dict[str, Reading], whole: Parsed) -> None:
    fates = Counter(
        "set aside" if reading.set_aside is not None else "read" if reading.told else "review"
        for reading in readings.values()
    )
    assert fates.total() == 1222
    reviewed = {f"{file}{place.split(' ')[0]}" for file, place, _ in whole.tables["review"].iter_rows()}
    unread = {place for place, reading in readings.items() if reading.set_aside is None and not reading.told}
    assert unread <= reviewed
    assert len(unread) < 15


@pytest.mark.publisher_data
def test_a_whole_release_is_above_its_floor(whole: Parsed) -> None:
    assert whole.tables["ties"].height >= us_relations.ABOUT.table("ties").floor


@pytest.mark.publisher_data
def test_spells_of_one_tie_never_overlap_where_their_days_are_known(whole: Parsed) -> None:
    exact = whole.tables["ties"].filter(
        pl.col("start_precision") == "day", pl.col("end_precision").fill_null("day") == "day"
    )
    following = exact.sort("ccode_to", "kind", "start").with_columns(
        next_start=pl.col("start").shift(-1).over("ccode_to", "kind")
    )
    clash = following.filter(pl.col("next_start").is_not_null()).filter(
        pl.col("end").is_null() | (pl.col("end") > pl.col("next_start"))
    )
    assert clash.is_empty(), clash


@pytest.mark.publisher_data
def test_no_spell_ends_before_it_begins(whole: Parsed) -> None:
    assert whole.tables["ties"].filter(pl.col("end") < pl.col("start")).is_empty()


@pytest.mark.publisher_data
def test_no_sentence_of_the_guide_is_kept(whole: Parsed) -> None:
    for frame in whole.tables.values():
        for column in frame.select(pl.col(pl.String)):
            assert (column.drop_nulls().str.len_chars().max() or 0) < 160
