"""What came of a programme: which acts count, what is not knowable, and that the outlook knows nothing later."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity import states
from amity.errors import UsageError
from amity.insight.judging import Promise, judge
from amity.insight.promised import SHOWN
from amity.insight.response_acts import CLASSES, named
from amity.insight.tracking import MOVED, chance_of, track
from amity.insight.whatif import step
from tests.insight.test_whatif import TOLD
from tests.made import evidence_of

if TYPE_CHECKING:
    from amity.evidence import Evidence
    from amity.insight.tracking import Tracked

KHM, USA = states.find("KHM"), states.find("USA")
TODAY = date(2020, 6, 30)
WHOLE = [(date(1990, 1, 1), date(2030, 12, 31))]


def done(*days: str, precision: str = "day") -> pl.DataFrame:
    """Visits on some days; a year stands for all its days."""
    rows = []
    for n, day in enumerate(days):
        first, last = (date.fromisoformat(one) for one in (day, day))
        if precision == "year":
            first, last = first.replace(month=1, day=1), first.replace(month=12, day=31)
        rows.append(("visit up", first, last, precision, 811, 2, "a visitor", "test", str(n)))
    return pl.DataFrame(rows, schema=SHOWN, orient="row")


def judged(
    *months: str, rows: pl.DataFrame, spells: Any = WHOLE, name: str = "visit up"
) -> tuple[Promise, ...]:
    of = named(name)
    assert of is not None
    steps = [step(f"{month} {name}") for month in months]
    return judge(of, steps, rows, spells, steps[0].month, TODAY)


def verdicts(*told: Promise) -> list[str]:
    return [one.verdict for one in told]


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("2016-02-01", "kept"),
        ("2016-02-29", "kept"),
        ("2016-03-01", "late"),
        ("2017-02-28", "late"),
        ("2017-03-01", "not kept"),
        ("2016-01-31", "not kept"),
    ],
)
def test_an_act_counts_from_its_programme_to_a_year_late(day: str, verdict: str) -> None:
    assert verdicts(*judged("2016-02", rows=done(day))) == [verdict]


def test_an_act_done_early_is_kept_and_says_so() -> None:
    first, second = judged("2014-02", "2016-02", rows=done("2014-02-10", "2015-12-01"))
    assert (first.verdict, second.verdict, second.why) == ("kept", "kept", "2 months before it was due")


def test_one_act_keeps_one_step_and_the_nearest() -> None:
    told = judged("2015-06", "2016-07", rows=done("2016-05-05"))
    assert verdicts(*told) == ["not kept", "kept"]
    assert verdicts(*judged("2015-06", "2017-02", rows=done("2016-02-16"))) == ["late", "not kept"]


def test_the_order_of_rows_changes_nothing() -> None:
    rows = done("2015-07-01", "2015-06-03", "2016-07-02")
    assert judged("2015-06", "2016-07", rows=rows) == judged("2015-06", "2016-07", rows=rows.reverse())


def test_an_act_of_which_only_the_year_is_known_counts_in_its_year() -> None:
    (told,) = judged("2016-09", rows=done("2016-01-01", precision="year"))
    assert told.verdict == "kept"
    assert "not known" in told.why
    (later,) = judged("2016-09", rows=done("2017-01-01", precision="year"))
    assert later.verdict == "late"


def test_a_class_of_years_is_due_within_its_year() -> None:
    rows = done("2016-11-01").with_columns(name=pl.lit("arms"))
    assert verdicts(*judged("2016-03", rows=rows, name="arms")) == ["kept"]
    assert verdicts(*judged("2016-03", rows=done("2016-11-01"))) == ["late"]


def test_what_no_source_could_have_shown_is_not_knowable() -> None:
    nothing = SHOWN.to_frame()
    for spells, why in (
        ([], "no loaded source"),
        ([(date(1990, 1, 1), date(2005, 12, 31))], "ends on 2005-12-31"),
        ([(date(1990, 1, 1), date(2016, 2, 10)), (date(2016, 2, 12), date(2020, 1, 1))], "all days"),
    ):
        (told,) = judged("2016-02", rows=nothing, spells=spells)
        assert told.verdict == "not knowable"
        assert why in told.why
        assert (told.day, told.source) == (None, None)
    (told,) = judged("2016-02", rows=nothing, spells=[(date(2016, 2, 1), date(2016, 5, 3))])
    assert (told.verdict, told.why) == ("not kept", "none on record to 2016-05-03")


def test_what_is_due_later_is_not_yet_due_whatever_is_covered() -> None:
    for spells in ([], WHOLE):
        assert verdicts(*judged("2020-06", rows=SHOWN.to_frame(), spells=spells)) == ["not yet due"]
    assert verdicts(*judged("2020-05", rows=SHOWN.to_frame())) == ["not kept"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.dates(date(2014, 1, 1), date(2019, 12, 31)), max_size=6),
    st.lists(st.integers(0, 60), min_size=1, max_size=4, unique=True),
)
def test_no_act_keeps_two_steps_and_more_acts_never_break_a_promise(days: list[date], ats: list[int]) -> None:
    months = [f"{2014 + at // 12}-{at % 12 + 1:02}" for at in sorted(ats)]
    rows = done(*(str(day) for day in days))
    told = judged(*months, rows=rows)
    used = [one.ref for one in told if one.ref is not None]
    assert len(used) == len(set(used))
    found = {"kept", "late"}
    more = judged(*months, rows=done(*(str(day) for day in days), f"{months[-1]}-05"))
    assert sum(one.verdict in found for one in more) >= sum(one.verdict in found for one in told)


def a_visit(day: str, source: str = "wire", **more: Any) -> dict[str, Any]:
    return {
        "date": date.fromisoformat(day), "precision": "day", "ccode_from": 811, "ccode_to": 2, "kind": "visit",
        "rank": "head of government", "who": "A visitor", "code": "042", "field": "diplomacy", "force_tenths": 19,
        "count": 1, "ref": f"v{day}", "source": source, **more,
    }  # fmt: skip


def a_power(ccode: int, share: float) -> dict[str, Any]:
    return {
        "start": date(2012, 1, 1), "end": date(2012, 12, 31), "ccode": ccode, "kind": "capability_share",
        "value": share, "ref": "p",
    }  # fmt: skip


def covered(table: str, kind: str, last: date = date(2019, 12, 31), **more: Any) -> dict[str, Any]:
    return {"table": table, "kind": kind, "start": date(1990, 1, 1), "end": last, "source": "wire", **more}


def a_world(*acts: dict[str, Any], **more: list[dict[str, Any]]) -> Evidence:
    tables: dict[str, list[dict[str, Any]]] = {
        "acts": list(acts),
        "traits": [a_power(2, 0.2), a_power(811, 0.001)],
        "coverage": [covered("acts", "visit")],
    }
    return evidence_of(**{**tables, **more})


def tracked(ev: Evidence, *acts: str) -> Tracked:
    return track(ev, KHM, USA, [step(one) for one in acts], TODAY, TOLD)


def test_a_visit_to_the_stronger_is_found_with_its_row_and_the_other_way_is_not() -> None:
    with a_world(a_visit("2016-02-16")) as ev:
        (told,) = tracked(ev, "2016-02 visit up").promises
        assert (told.verdict, told.source, told.ref, told.ccode_from) == ("kept", "wire", "v2016-02-16", 811)
        (other,) = tracked(ev, "2016-02 visit down").promises
        assert other.verdict == "not kept"


def test_where_nobody_knows_who_is_the_stronger_nothing_is_known_of_visits_up() -> None:
    visit = a_visit("2016-02-16", ccode_to=812)
    with a_world(visit, traits=[]) as ev:
        (told,) = track(ev, KHM, states.find("LAO"), [step("2016-02 visit up")], TODAY, TOLD).promises
        assert (told.verdict, told.why) == (
            "not knowable",
            "which of the two is the stronger is not on record",
        )


def test_a_permanent_member_of_the_security_council_is_the_stronger_where_no_figures_are_loaded() -> None:
    with a_world(a_visit("2016-02-16"), traits=[]) as ev:
        assert verdicts(*tracked(ev, "2016-02 visit up").promises) == ["kept"]
        assert verdicts(*tracked(ev, "2016-02 visit down").promises) == ["not kept"]


def test_a_list_of_heads_of_government_tells_of_no_foreign_minister() -> None:
    with a_world(a_visit("2014-02-16")) as ev:
        (told,) = tracked(ev, "2016-02 visit foreign-minister up").promises
        assert told.verdict == "not knowable"
    with a_world(a_visit("2014-02-16", rank="foreign minister")) as ev:
        (told,) = tracked(ev, "2016-02 visit foreign-minister up").promises
        assert told.verdict == "not kept"


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("sanction lifted", "sanction lifted", "085"),
        ("dialogue", "meeting", "044"),
        ("aid cut", "aid cut", "162"),
        ("threat", "threat", "130"),
    ],
)
def test_an_act_of_ones_own_record_keeps_a_step_and_is_not_missed_where_it_is_complete(
    name: str, kind: str, code: str
) -> None:
    mine = a_visit("2016-09-10", source="own:desk", kind=kind, code=code, rank=None, ref="line 3")
    with a_world(mine) as ev:
        (told,) = tracked(ev, f"2016-09 {name}").promises
        assert (told.verdict, told.source, told.ref) == ("kept", "own:desk", "line 3")
    with a_world({**mine, "source": "wire"}) as ev:  # a publisher's act is no evidence of this class
        (told,) = tracked(ev, f"2016-09 {name}").promises
        assert told.verdict == "not knowable"
    whole = covered("acts", kind, ccode_from=811, ccode_to=2, source="own:desk")
    with a_world(coverage=[whole]) as ev:
        (told,) = tracked(ev, f"2016-09 {name}").promises
        assert told.verdict == "not kept"


def test_a_sanction_is_imposed_at_its_start_and_lifted_at_its_end() -> None:
    tie = {
        "start": date(2014, 3, 2), "start_precision": "day", "began": "imposed", "end": date(2016, 5, 1),
        "end_precision": "day", "ended": "settled", "ccode_from": 2, "ccode_to": 811, "kind": "sanction_imposed",
        "level": "travel", "ref": "case 1", "source": "wire",
    }  # fmt: skip
    with a_world(ties=[tie], coverage=[covered("ties", "sanction_imposed")]) as ev:
        told = tracked(ev, "2014-03 sanction imposed", "2016-03 sanction lifted").promises
        assert [(one.verdict, str(one.day)) for one in told] == [
            ("kept", "2014-03-02"),
            ("late", "2016-05-01"),
        ]


def test_every_class_can_be_tracked() -> None:
    with a_world(a_visit("2016-02-16")) as ev:
        told = tracked(ev, *(f"2016-02 {one.name}" for one in CLASSES))
        assert {one.step.name for one in told.promises} == {one.name for one in CLASSES}
        assert {one.verdict for one in told.promises} == {"kept", "not kept", "not knowable"}
        assert told.frame.height == len(CLASSES)


def a_dispute(year: int) -> dict[str, Any]:
    day = {
        "start": date(year, 1, 1),
        "start_precision": "year",
        "end": date(year, 12, 31),
        "end_precision": "year",
    }
    return {
        **day, "began": "began", "ended": "ended", "ccode_from": 2, "ccode_to": 811, "kind": "dispute",
        "level": "use of force", "ref": f"d{year}", "source": "wire",
    }  # fmt: skip


BEFORE = [a_dispute(year) for year in (*range(1992, 2003), 2010)]


def test_what_came_later_changes_nothing_of_before_or_of_the_outlook() -> None:
    spoken = [covered("acts", "visit"), covered("ties", "dispute")]
    with a_world(coverage=spoken, ties=BEFORE) as ev:
        calm = tracked(ev, "2013-02 visit up")
    with a_world(coverage=spoken, ties=[*BEFORE, *map(a_dispute, range(2013, 2020))]) as ev:
        rough = tracked(ev, "2013-02 visit up")
    assert calm.since == rough.since == date(2013, 1, 1)
    then = ["dimension", "month", *(n for n in MOVED if n.startswith(("before", "without", "with")))]
    tones = [one.moved.filter(dimension="tone").head(24).select(then) for one in (calm, rough)]
    assert tones[0].equals(tones[1])
    assert rough.moved.filter(dimension="tone")["moved"].drop_nulls()[-1] < -5
    assert rough.now.filter(dimension="tone")["chance_without"][0] < 0.1


def test_where_nothing_is_heard_after_the_outlook_nothing_has_moved_or_stood_still() -> None:
    spoken = [covered("acts", "visit"), covered("ties", "dispute", date(2012, 12, 31))]
    with a_world(coverage=spoken, ties=BEFORE) as ev:
        rows = tracked(ev, "2013-02 visit up").moved.filter(dimension="tone")
    assert rows["moved"].null_count() == rows.height == 24
    assert rows["without"].null_count() == rows["before"].null_count() == 0


def test_what_is_not_known_before_has_not_moved_from_zero() -> None:
    spoken = [covered("acts", "visit"), covered("ties", "dispute", start=date(2013, 1, 1))]
    with a_world(coverage=spoken, ties=[a_dispute(year) for year in range(2013, 2020)]) as ev:
        rows = tracked(ev, "2013-02 visit up").moved.filter(dimension="tone")
    for name in ("before", "without", "with", "moved"):
        assert rows[name].null_count() == rows[f"{name}_low"].null_count() == rows.height
    assert rows["chance_without"].null_count() < rows.height


def an_event(day: str, ref: str) -> dict[str, Any]:
    return {
        "date": date.fromisoformat(day), "ccode_from": 2, "ccode_to": 811, "code": "057", "ref": ref, "source": "icews",
    }  # fmt: skip


def test_trust_is_told_from_acts_seen_since_the_first_step_with_their_number() -> None:
    spoken = [covered("acts", "visit"), covered("events", "*", source="icews")]
    old, new = [an_event("2011-03-03", "a"), an_event("2012-03-03", "b")], an_event("2014-05-03", "c")
    with a_world(coverage=spoken, events=old) as ev:
        assert tracked(ev, "2013-02 visit up").moved.filter(dimension="trust_2to1").is_empty()
    with a_world(coverage=spoken, events=[*old, new]) as ev:
        told = tracked(ev, "2013-02 visit up").moved
    trust = told.filter(dimension="trust_2to1")
    assert trust["month"].min() == trust["last_act"].max() == date(2014, 5, 1)
    assert trust["acts"].unique().to_list() == [3]
    assert told.filter(dimension="trust_1to2").is_empty()


def test_the_act_itself_is_no_evidence_of_what_moved() -> None:
    with a_world(*(a_visit(f"2013-{month:02}-05") for month in range(2, 12))) as ev:
        told = tracked(ev, "2013-02 visit up")
    assert {"visits", "meetings"} <= set(told.left_out)
    with a_world() as ev:
        quiet = tracked(ev, "2013-02 visit up")
    assert told.moved.equals(quiet.moved)


def test_a_step_of_which_nothing_can_be_foreseen_is_tracked_all_the_same() -> None:
    with a_world(a_visit("2013-02-16")) as ev:
        told = tracked(ev, "2013-02 visit up", "2013-03 dialogue")
    assert told.promises[0].verdict == "kept"
    assert "29 comparable cases" in told.doubts[0]
    assert told.behind == ()


def test_a_programme_of_the_future_is_not_yet_due_and_nothing_has_moved() -> None:
    with a_world(a_visit("2013-02-16")) as ev:
        told = tracked(ev, "2026-02 visit up")
    assert verdicts(*told.promises) == ["not yet due"]
    assert told.moved["came"].null_count() == told.moved.height


def test_an_act_promised_twice_needs_two_acts() -> None:
    with a_world(a_visit("2016-02-16")) as ev:
        once = tracked(ev, "2016-02 visit up", "2016-02 visit up")
    assert sorted(verdicts(*once.promises)) == ["kept", "not kept"]
    assert "within a year" in once.doubts[0]


def test_either_order_of_the_two_states_tells_the_same() -> None:
    with a_world(a_visit("2016-02-16")) as ev:
        steps = [step("2016-02 visit up")]
        one, other = track(ev, KHM, USA, steps, TODAY, TOLD), track(ev, USA, KHM, steps, TODAY, TOLD)
    assert one.promises == other.promises
    assert one.moved.equals(other.moved)


def test_what_cannot_be_tracked_is_refused_in_two_lines() -> None:
    with a_world() as ev:
        for steps in ([], [step("1946-01 visit up")]):
            with pytest.raises(UsageError) as refused:
                track(ev, KHM, USA, steps, TODAY, TOLD)
            assert len(str(refused.value).splitlines()) == 2
        with pytest.raises(UsageError, match="with itself"):
            track(ev, KHM, KHM, [step("2016-02 visit up")], TODAY, TOLD)


def test_a_chance_of_a_gap_is_uniform_where_the_outlook_is_right() -> None:
    """Forty pairs of a made world: each is drawn, seen and tracked by the law of the outlook itself."""
    import numpy as np

    rng = np.random.default_rng(11)
    n, m0, v0, phi, months, noise = 4000, 0.4, 0.2, 0.99, 24, 0.5
    x0 = rng.normal(m0, v0**0.5, n)
    ahead = phi**months
    variance = ahead**2 * v0 + 1 - ahead**2
    x1 = ahead * x0 + rng.normal(0, (1 - ahead**2) ** 0.5, n)
    seen = x1 + rng.normal(0, noise, n)
    left = 1 / (1 / variance + 1 / noise**2)
    came = left * (ahead * m0 / variance + seen / noise**2)
    chances = np.array([chance_of(float(one) - ahead * m0, variance - left) for one in came])
    for level in (0.05, 0.1, 0.5, 0.9):
        assert (chances < level).mean() == pytest.approx(level, abs=0.025)
