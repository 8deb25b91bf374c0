"""amity: how two countries have stood to each other, from open data, with every number traceable.

The same words as on the command line:

* `amity.brief("KHM", "USA", shadow="CHN")`: the brief as a frozen record; a notebook shows it as text.
* `amity.relation("KHM", "USA")`: tone, engagement and alignment month by month, with intervals.
* `amity.panel("KHM", "USA")`: the same facts as rows, a polars frame.
* `amity.portrait("KHM")`: all ties of one state at once, ranked.
* `amity.between("KHM", "USA", "CHN")`: where states stand between two powers, domain by domain.
* `amity.claims({...})`: statements about a relation, each supported, contradicted or not decidable.
* `amity.whatif("KHM", "USA", ["2031-06 visit up"])`: the outlook with some acts and without; `amity.track` asks
  afterwards which were done, and what moved.
* `amity.ideal_points()`: where every state stands in the UN General Assembly, session by session.
* `amity.states.find("Kampuchea")`: a country by any of its names or codes.

Importing amity costs next to nothing; what a call needs is imported when it is made.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from types import ModuleType
    from typing import Any

    import polars as pl

    from amity import states
    from amity.briefs.answer import Brief
    from amity.briefs.portrait import Portrait
    from amity.dimensions.pair import Relation
    from amity.insight.between import Leanings
    from amity.insight.checks.statement import Statement
    from amity.insight.claims import Claims
    from amity.insight.tracking import Tracked
    from amity.insight.whatif import Step, WhatIf
    from amity.measures.ideal_points import IdealPoints
    from amity.store import Store

__all__ = [
    "between",
    "brief",
    "claims",
    "ideal_points",
    "open_store",
    "panel",
    "portrait",
    "relation",
    "states",
    "track",
    "whatif",
]
__version__ = "0.1.0"
GRAINS: dict[str, Literal["dyad-year", "dyad-month"]] = {"year": "dyad-year", "month": "dyad-month"}


def __getattr__(name: str) -> ModuleType:
    """`amity.states`, imported when it is first asked for."""
    if name == "states":
        return import_module("amity.states")
    raise AttributeError(f"module 'amity' has no attribute '{name}'")


def open_store(home: str | Path | None = None) -> Store:
    """The user's store over the starter pack.

    `home` is its folder, by default that of `AMITY_HOME`, else the system's place for a user's data.
    """
    from amity.settings import Settings, default_home  # noqa: PLC0415
    from amity.store import open_store as opened  # noqa: PLC0415

    settings = Settings(home=Path(home) if home else default_home())
    return opened(settings.home, settings.packs)


def brief(  # noqa: PLR0913
    a: str | int,
    b: str | int,
    *,
    shadow: str | int | None = None,
    start: int = 1946,
    end: int | None = None,
    claims: Mapping[str, Any] | str | Path | None = None,
    programmes: Mapping[str, Sequence[str | Step] | Path] | None = None,
    home: str | Path | None = None,
) -> Brief:
    """How two states have stood to each other, as a frozen record of plain values.

    `a`, `b` and the third power `shadow` are names, ISO-3, ISO-2, COW or GW codes; `start` and `end` are years,
    `end` by default the last about which anything is known. `claims` are put to the record in place of the usual ones,
    as `amity.claims` takes them; `programmes`, by name and as `amity.whatif` takes acts, are tried in place of the two
    that come with amity. `brief.to_dict()` gives JSON's types, `amity.briefs.write.write` the page and the other forms.

    Raises `UnknownStateError`, `AmbiguousStateError`, `UsageError` or `BadFileError`.

    >>> answer = brief("KHM", "USA", shadow="CHN", programmes={"a visit": ["2031-06 visit up"]})
    >>> answer.question.a.name
    'Cambodia'
    """
    from amity.briefs.ask import ask  # noqa: PLC0415
    from amity.briefs.programmes import Plan  # noqa: PLC0415
    from amity.insight.whatif import steps_of  # noqa: PLC0415

    plans = tuple(Plan(name, steps_of(do)) for name, do in (programmes or {}).items())
    put = None if claims is None else _statements(claims)
    return ask(open_store(home), a, b, third=shadow, start=start, end=end, claims=put, plans=plans)


def relation(
    a: str | int, b: str | int, *, end: int | None = None, home: str | Path | None = None
) -> Relation:
    """How two states have stood to each other, month by month since 1946: tone, engagement and alignment.

    `.smoothed` is what is known now, `.filtered` what could be known then, `.contributions` who told it, `.observed`
    the rows behind it: polars frames. `.of("tone")` is one dimension. Values lie between -100 and 100, 0 being a pair
    at rest, with 90 % intervals. Where `sd` is 0.9 or more the state is unknown, whatever its value.
    `end` is the last year, by default the last of which anything is known.

    Raises `UnknownStateError`, `AmbiguousStateError` or `UsageError`.

    >>> told = relation("KHM", "USA")
    >>> now = told.of("tone").row(-1, named=True)
    >>> now["low"] < now["value"] < now["high"]
    True
    """
    from datetime import date  # noqa: PLC0415

    from amity import states  # noqa: PLC0415
    from amity.dimensions.pair import relation_of  # noqa: PLC0415
    from amity.evidence import open_evidence  # noqa: PLC0415

    with open_evidence(open_store(home)) as ev:
        return relation_of(ev, states.find(a), states.find(b), date(end, 12, 1) if end else None)


def portrait(
    state: str | int,
    *,
    between: tuple[str | int, str | int] | None = None,
    month: date | None = None,
    home: str | Path | None = None,
) -> Portrait:
    """All ties of one state at once, ranked by engagement where it is known, and how its dealings are spread.

    `between` are two powers between which it is placed. `month` is the month that is told, by default the last of which
    all dimensions are still told. `.frame` has a row for every other state, a polars frame; `.to_dict()` JSON's types;
    `amity.briefs.portrait_page.html` the page. The first time on a machine it takes a minute.

    Raises `UnknownStateError`, `AmbiguousStateError`, `UsageError` or `NoEvidenceError`.

    >>> told = portrait("KHM")
    >>> told.frame["engagement"].drop_nulls().is_sorted(descending=True)
    True
    """
    from datetime import date  # noqa: PLC0415

    from amity import states  # noqa: PLC0415
    from amity.briefs.portrait import portrait as asked  # noqa: PLC0415
    from amity.errors import UsageError  # noqa: PLC0415

    if month is not None and not isinstance(month, date):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError(f"{month!r} is no date", "give the month as a date: datetime.date(2018, 6, 1)")
    party = states.find(state)
    powers = (states.find(between[0]), states.find(between[1])) if between else None
    if powers and party in powers:
        raise UsageError(f"{party.name} was named as the state and as a power", "name three different states")
    return asked(open_store(home), party, powers, month)


def between(
    *parties: str | int,
    domains: Sequence[str] = (),
    issues: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
    home: str | Path | None = None,
) -> Leanings:
    """Where states stand between two powers A and B, the last two named; before them the states, or none: all.

    `.tilts` has a row a state, year and domain, above 0 towards A, with 90 % intervals; `.summary` what they add up to
    by state and year, with the name of the stand and its chance: polars frames. `.plane("KHM")` is the path of a state.
    `domains` are some of votes, tone, visits, trade, aid, arms, alliances, representation (all, if none is named),
    `issues` adds votes on an issue, `weights` are those of domains in the alignment, 1 each unless said.

    Raises `UnknownStateError`, `AmbiguousStateError` or `UsageError`.

    >>> told = between("KHM", "USA", "CHN", domains=["votes"])
    >>> told.tilts.filter(year=2015)["tilt"][0] < 0  # nearer to China
    True
    """
    from amity import states  # noqa: PLC0415
    from amity.errors import UsageError  # noqa: PLC0415
    from amity.evidence import open_evidence  # noqa: PLC0415
    from amity.insight.between import leanings  # noqa: PLC0415

    if len(parties) < 2:
        raise UsageError(
            "between which two powers?", 'name two, after the states: between("KHM", "USA", "CHN")'
        )
    *asked, a, b = [states.find(party) for party in parties]
    with open_evidence(open_store(home)) as ev:
        return leanings(ev, a, b, asked, of_domains=domains, issues=issues, weights=weights)


def claims(statements: Mapping[str, Any] | str | Path, *, home: str | Path | None = None) -> Claims:
    """Statements about a relation, each supported, contradicted or not decidable, with its figure and 90 % interval.

    `statements` is the form of [the guide](../guide/claims.md): a dictionary, or the path of a file in YAML.
    `.answers` has each with what was found and the rows behind it; `.frame` a row each, a polars frame.

    Raises `UsageError`, `BadFileError`, `UnknownStateError` or `AmbiguousStateError`, with the number of the statement.

    >>> told = claims({
    ...     "who": "KHM", "whom": "USA",
    ...     "statements": [{"says": "Broken off twice.", "measure": "severed", "direction": "exactly", "times": 2,
    ...                     "period": [1950, None]}],
    ... })
    >>> told.frame["verdict"].to_list()
    ['supported']
    """
    from amity.evidence import open_evidence  # noqa: PLC0415
    from amity.insight.claims import Claims, ask  # noqa: PLC0415

    asked = _statements(statements)
    with open_evidence(open_store(home)) as ev:
        return Claims(ask(ev, asked))


def _statements(told: Mapping[str, Any] | str | Path) -> tuple[Statement, ...]:
    from amity.insight import claim_form  # noqa: PLC0415

    return claim_form.read_file(Path(told)) if isinstance(told, str | Path) else claim_form.formed(told)


def whatif(
    a: str | int,
    b: str | int,
    do: Sequence[str | Step] | Path = (),
    *,
    home: str | Path | None = None,
) -> WhatIf:
    """The outlook of two states with some acts and without them, for 24 months from the first act.

    `do` are acts such as `"2031-06 visit up"` (a month, and a class of acts), in any order, or the path of a programme
    in YAML. `.rows` is a polars frame, without outlook where how the two stand is not known; `.behind` says on which
    cases it rests, `.doubts` what speaks against it. What acts add is what followed such acts in other pairs,
    never what they caused. `amity.insight.comparing` sets programmes beside each other.

    Raises `UnknownStateError`, `AmbiguousStateError`, `UsageError`, `BadFileError`, or `NoEvidenceError` for a class of
    which too few cases are on record.

    >>> told = whatif("KHM", "USA", ["2031-06 visit up"])
    >>> told.rows.filter(dimension="tone", horizon=12)["difference"].null_count()
    0
    """
    from amity import states  # noqa: PLC0415
    from amity.insight.whatif import ask_pair, steps_of  # noqa: PLC0415

    return ask_pair(open_store(home), states.find(a), states.find(b), steps_of(do))


def track(
    a: str | int,
    b: str | int,
    do: Sequence[str | Step] | Path,
    *,
    today: date | None = None,
    home: str | Path | None = None,
) -> Tracked:
    """What came of a programme of acts: which were done, with the row that shows each, and what moved.

    `do` is as of `whatif`, `today` the day on which it is asked (this one). `.frame` has a row a step: kept, late, not
    yet due, not kept, or not knowable where no loaded source speaks of its days; `.now` what moved, by dimension,
    beside the outlook that could be made before the first step; `.moved` the same month by month: polars frames.

    Raises `UnknownStateError`, `AmbiguousStateError`, `UsageError` or `BadFileError`.

    >>> told = track("KHM", "USA", ["2012-11 visit head-of-state down", "2013-04 visit up"])
    >>> told.frame["verdict"].to_list()
    ['kept', 'not kept']
    """
    from amity import states  # noqa: PLC0415
    from amity.evidence import open_evidence  # noqa: PLC0415
    from amity.insight import tracking  # noqa: PLC0415
    from amity.insight.whatif import steps_of  # noqa: PLC0415

    with open_evidence(open_store(home)) as ev:
        return tracking.track(ev, states.find(a), states.find(b), steps_of(do), today)


def panel(
    *parties: str | int,
    all_pairs: bool = False,
    grain: Literal["year", "month"] = "year",
    start: int = 1946,
    end: int | None = None,
    undirected: bool = False,
    columns: Sequence[str] = (),
    home: str | Path | None = None,
) -> pl.DataFrame:
    """What is known of pairs of states by year or month, as rows: a polars frame, one row a pair and period.

    One state gives its pairs with all others, several give every pair among them, `all_pairs` those of the world.
    Rows are directed (what state 1 did to state 2) unless `undirected`. Zero means none; a missing value means that
    no source speaks about that pair and time. `amity panel --explain` says what each column is. The frame converts
    by its own `.to_pandas()`, `.write_csv()` and so on.

    Raises `UnknownStateError`, `AmbiguousStateError`, `UsageError` or `NoEvidenceError`.

    >>> panel("KHM", "USA", start=1990, end=1999).height
    20
    """
    from datetime import date  # noqa: PLC0415

    import polars as pl  # noqa: PLC0415

    from amity import states  # noqa: PLC0415
    from amity.errors import UsageError  # noqa: PLC0415
    from amity.evidence import open_evidence  # noqa: PLC0415
    from amity.measures.panel import pairs_among, parts  # noqa: PLC0415

    if bool(parties) == all_pairs:
        raise UsageError("which pairs?", "name one state or more, or say all_pairs=True, and not both")
    if grain not in GRAINS:
        raise UsageError(f"'{grain}' is no grain of the panel", f"say one of: {', '.join(GRAINS)}")
    pairs = pairs_among([states.find(party) for party in parties])
    days = (date(start, 1, 1), date(end, 12, 31) if end else None)
    with open_evidence(open_store(home)) as ev:
        rows = parts(
            ev,
            pairs,
            GRAINS[grain],
            days,
            undirected=undirected,
            only=columns,
        )
        return pl.concat(rows)


def ideal_points(
    *,
    issue: str | None = None,
    start: int | None = None,
    end: int | None = None,
    home: str | Path | None = None,
) -> IdealPoints:
    """Where states stand in the UN General Assembly: points by session, with what is needed to compare any two.

    `issue` is one of `me, nu, di, co, hr, ec`, `important`, or a subject of the UN; `start` and `end` are the years in
    which sessions open. Without a choice the points kept with the votes come back; any choice fits anew, in a second or
    two. `.points` is a polars frame, `.difference` and `.movement` give a value and its standard deviation.
    `amity.measures.ideal_points` has the mathematics, and more choices.

    Raises `UsageError` for an issue that no roll call is about, `NoEvidenceError` where no votes are loaded.

    >>> told = ideal_points()
    >>> told.points.filter(ccode=2)["point"].mean() > 1
    True
    >>> apart, sd = told.difference(2, 811, 74)
    >>> bool(apart > 10 * sd)
    True
    """
    from amity.evidence import open_evidence  # noqa: PLC0415
    from amity.measures import ideal_points as measure  # noqa: PLC0415
    from amity.measures import kept_points  # noqa: PLC0415

    with open_evidence(open_store(home)) as ev:
        if issue is None and start is None and end is None:
            return kept_points.of_store(ev)
        votes, items = kept_points.record(ev)
        return measure.fit(votes, measure.asked_for(items, issue, start, end))
