"""Where states stand in the UN General Assembly: dynamic ordinal ideal points, session by session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from amity.catalog import Measure
from amity.errors import NoEvidenceError, UsageError
from amity.measures import NINETY, roll_call_links, roll_call_rules
from amity.measures.issues import about

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from amity.scaling.covariance import Spread
    from amity.scaling.fitting import Fit, Prior
    from amity.scaling.layout import RollCalls

ABOUT = Measure(
    name="ideal_points",
    says="where a state stands on the line that best tells votes apart: the United States high",
    grain="state-year",
    reads=("votes", "items"),
    unit="standard deviations of all states and sessions",
    bounds=(-10.0, 10.0),
    cite=("bailey2017", "albert1993"),
    undefined="the state cast no vote in the session on a roll call that divided anybody",
)

UP = 2
"""The state whose points are high on average, by the field's convention: the United States."""
POINTS = {
    "ccode": pl.Int16, "session": pl.Int16, "year": pl.Int16, "n": pl.Int32,
    "point": pl.Float64, "sd": pl.Float64, "low": pl.Float64, "high": pl.Float64,
}  # fmt: skip
"""`session` and the `year` in which it opens; `n` votes; `point` with its standard deviation and 90 %
interval."""

EXPLAINED: dict[str, tuple[Literal["int16", "int32", "float64"], str, str]] = {
    "ccode": ("int16", "State (COW code)", ""),
    "session": ("int16", "Session of the UN General Assembly", ""),
    "year": ("int16", "Year in which the session opens", ""),
    "n": ("int32", "Votes of the state that the point rests on", "votes"),
    "point": ("float64", "Ideal point, United States high", ABOUT.unit),
    "sd": ("float64", "Standard deviation of the ideal point", ABOUT.unit),
    "low": ("float64", "Lower end of its 90 % interval", ABOUT.unit),
    "high": ("float64", "Upper end of its 90 % interval", ABOUT.unit),
}
"""What the columns of `POINTS` are, for files that carry labels: type, label, unit."""


@dataclass(frozen=True, slots=True)
class IdealPoints:
    """Points of every state and session, with what is needed to compare any two."""

    points: pl.DataFrame
    """Columns of `POINTS`, by `ccode, session`."""
    items: pl.DataFrame
    """`linked` (the first roll call of those that are one item), `n`, `beta`, `cut_yes`, `cut_no`: a state at
    θ votes yes below `cut_yes`, no above `cut_no`, of βθ + e; a cut is missing where nobody crossed it."""
    spread: Spread
    rounds: int = 0
    """Rounds of the fast fit, or sweeps of the sampler."""
    settled: bool = True

    def difference(self, ccode1: int, ccode2: int, session: int) -> tuple[float, float]:
        """How far apart two states stand in a session, first less second, and its standard deviation.

        Raises `NoEvidenceError` where one of them has no point.
        """
        return self._contrast((ccode1, session), (ccode2, session))

    def movement(self, ccode: int, session1: int, session2: int) -> tuple[float, float]:
        """How far a state moved from the first to the second session, and its standard deviation.

        It is wider than two intervals suggest: sessions can slide against each other as a whole.
        Raises `NoEvidenceError` where one of the points is missing.
        """
        return self._contrast((ccode, session2), (ccode, session1))

    def _contrast(self, one: tuple[int, int], other: tuple[int, int]) -> tuple[float, float]:
        return self.spread.contrast([self.seat(*one), self.seat(*other)], [1.0, -1.0])

    def distances(self) -> pl.DataFrame:
        """What is needed for the distance of any two states of one session: `ccode, session, point, own, stretch`.

        Its variance is the sum of both `own` and the squared distance times `stretch`: a shift of the whole session
        moves both, a stretch moves them apart. It equals what `difference` says.
        """
        many = len(self.spread.common) // 2
        stretch = self.spread.common.diagonal()[many:][self.spread.session_at]
        return self.points.select("ccode", "session", "point").with_columns(
            own=pl.Series(self.spread.own), stretch=pl.Series(stretch)
        )

    def seat(self, ccode: int, session: int) -> int:
        """The row of `points` (and of `spread`) of a state in a session."""
        row = self.points.with_row_index("row").filter(ccode=ccode, session=session)["row"]
        if row.is_empty():
            raise NoEvidenceError(
                f"{ccode} has no ideal point in session {session}", "look at the points to see which it has"
            )
        return int(row[0])


def compute(votes: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    r"""Ideal points of every state and session, by the fast fit, with every rule and the links found by title.

    $$z_{iv} = \beta_v \theta_{it} + e,\quad e \sim N(0, 1);\qquad \text{yes: } z < c_1,\ \text{no: } z > c_2$$

    with points $\theta$ of mean 0 and standard deviation 1, $\theta_{it} \sim N(\theta_{i,t-1}, q_{it})$
    (Bailey, Strezhnev and Voeten 2017; `amity.scaling.fitting` has the mathematics). `votes` (`item, ccode,
    vote`) and `items` (`item, date, session, part, title`) are one record, as `evidence.roll_calls.one_record`
    gives it; columns as in `POINTS`.

    >>> from datetime import date
    >>> day, names = date(1980, 11, 1), [f"r{n}" for n in range(8)]
    >>> items = pl.DataFrame({"item": names, "date": day, "session": 35, "part": "whole", "title": names})
    >>> cast = [(name, ccode, "no" if n + place > 5 else "yes") for n, name in enumerate(names)
    ...         for place, ccode in enumerate((811, 365, 20, 2))]
    >>> votes = pl.DataFrame(cast, orient="row", schema=["item", "ccode", "vote"])
    >>> compute(votes, items).sort("point")["ccode"].to_list()
    [811, 365, 20, 2]
    """
    return fit(votes, items).points


def fit(
    votes: pl.DataFrame,
    items: pl.DataFrame,
    *,
    rules: Collection[str] = roll_call_rules.ALL,
    links: pl.DataFrame | None = None,
    prior: Prior = "one-sided",
    tolerance: float = 5e-4,
) -> IdealPoints:
    """As `compute`, with the choices in hand: which rules, which roll calls are one item, how states move.

    `links` are pairs `item1, item2` (`roll_call_links.published`) beside those found by title from session 73 on.
    Raises `UsageError` where no roll call divided anybody.
    """
    calls, names = laid_out(votes, items, rules, links)
    from amity.scaling import fitting  # noqa: PLC0415  (numba: who only reads kept points does without)

    fitted = fitting.fit(calls, prior=prior, tolerance=tolerance)
    return _told(calls, names, upward(calls, fitted))


def draw(  # noqa: PLR0913
    votes: pl.DataFrame,
    items: pl.DataFrame,
    seed: int,
    *,
    rules: Collection[str] = roll_call_rules.ALL,
    links: pl.DataFrame | None = None,
    draws: int = 400,
    burn: int = 100,
    chains: int = 2,
    progress: Callable[[int], None] | None = None,
) -> tuple[IdealPoints, pl.DataFrame]:
    """Posterior means by the published sampler, begun at the fast fit; and how well each point has converged.

    The second frame has `ccode, session, r_hat, effective`: R̂ near 1 where chains agree, and the effective
    number of draws.
    """
    calls, names = laid_out(votes, items, rules, links)
    from amity.scaling import fitting, sampling  # noqa: PLC0415

    begin = upward(calls, fitting.fit(calls, tolerance=1e-3))
    drawn = sampling.sample(calls, begin, seed, draws=draws, burn=burn, chains=chains, progress=progress)
    told = _told(calls, names, sampling.as_fit(calls, begin, drawn), drawn.variance)
    sure = pl.DataFrame(
        {
            "ccode": calls.states,
            "session": calls.sessions,
            "r_hat": drawn.r_hat,
            "effective": drawn.effective,
        },
        schema_overrides={"ccode": pl.Int16, "session": pl.Int16},
    )
    return told, sure


def asked_for(
    items: pl.DataFrame, issue: str | None = None, start: int | None = None, end: int | None = None
) -> pl.DataFrame:
    """The roll calls on an issue (`issues.about`), of the sessions that open between two years, both included.

    Raises `UsageError` for years that run backwards, and as `issues.about` does.
    """
    if start and end and end < start:
        raise UsageError(f"the years {start} to {end} run backwards", "give a first year before the last")
    chosen = about(items, issue) if issue else items
    opens = pl.col("session").cast(pl.Int32) + 1945
    return chosen.filter(opens.is_between(start or 0, end or 9999))


def foretell(
    votes: pl.DataFrame,
    items: pl.DataFrame,
    asked: pl.DataFrame,
    *,
    rules: Collection[str] = roll_call_rules.ALL,
    links: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The chance that a state votes yes, abstains or votes no, by its point and its habit: of votes unseen.

    `asked` has `item, ccode`, and comes back as `item, session, ccode, yes, abstain, no`, the chances of a row adding
    up to 1. Rows of a state without a point in that session, or of a roll call that divided nobody, are left out. A
    state leaves the line in a share of its votes, and goes there with the others (`scaling.foretelling`).
    A vote that is among `votes` has told on its own chance; leave it out to see how well it was foretold.
    """
    from amity.scaling import fitting, foretelling  # noqa: PLC0415

    calls, names = laid_out(votes, items, rules, links)
    fitted = fitting.fit(calls, tolerance=5e-4)
    seats = pl.DataFrame({"ccode": calls.states, "session": calls.sessions}).with_row_index("seat")
    known = pl.Series("linked", names)[calls.items].to_frame().with_row_index("at")
    wanted = roll_call_rules.apply(asked.select("item", "ccode", vote=pl.lit("yes")), items, rules)
    rows = (
        wanted.drop("vote")
        .join(linked(items, links), on="item")
        .join(known, on="linked")
        .join(seats.cast({"ccode": pl.Int16, "session": pl.Int16}), on=["ccode", "session"])
        .sort("item", "ccode")
    )
    chance = foretelling.chances(calls, fitted, rows["seat"].to_numpy(), rows["at"].to_numpy())
    told = pl.DataFrame(chance, schema=["yes", "abstain", "no"])
    return pl.concat([rows.select("item", "session", "ccode"), told], how="horizontal")


def laid_out(
    votes: pl.DataFrame, items: pl.DataFrame, rules: Collection[str], links: pl.DataFrame | None
) -> tuple[RollCalls, list[str]]:
    """The votes that count as arrays, and the names of the linked items in their order."""
    from amity.scaling.layout import lay_out  # noqa: PLC0415

    of = linked(items, links)
    names = of["linked"].unique().sort()
    ranks = pl.col("linked").replace_strict(names, range(len(names)), return_dtype=pl.Int32)
    number = items.join(of.select("item", number=ranks), on="item").with_row_index("call")
    told = roll_call_rules.apply(votes, number, rules, ("number", "call"))
    if told.is_empty():
        raise UsageError(
            "there is no vote to scale", "ask for more sessions, states or issues, or fewer rules"
        )
    # The published estimates give a slope the same prior however many roll calls it stands for; see `fitting`.
    columns = ("number", "ccode", "session", "vote", *(("call",) if links is None else ()))
    arrays = (told[column].to_numpy() for column in columns)
    return lay_out(*arrays), names.to_list()


def linked(items: pl.DataFrame, links: pl.DataFrame | None = None) -> pl.DataFrame:
    """For every roll call the first of those that are one item with it: `item, linked`.

    `links` are pairs (`roll_call_links.published`) beside those found by title.
    """
    by_title = roll_call_links.by_title(items)
    pairs = by_title if links is None else pl.concat([links, by_title])
    return roll_call_links.joined(items["item"], pairs)


def upward(calls: RollCalls, fitted: Fit) -> Fit:
    """The fit with the field's sign: the United States high; without it, the sign by which most items rise
    towards no."""
    from dataclasses import replace  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415

    here = calls.states == UP
    high = fitted.theta[here].mean() if here.any() else np.median(fitted.items[:, 0])
    if high >= 0:
        return fitted
    turned = fitted.items.copy()
    turned[:, 0] *= -1
    return replace(fitted, theta=-fitted.theta, items=turned)


def _told(
    calls: RollCalls, names: Sequence[str], fitted: Fit, variance: NDArray[np.float64] | None = None
) -> IdealPoints:
    import numpy as np  # noqa: PLC0415

    from amity.scaling.ordered import FAR  # noqa: PLC0415
    from amity.scaling.spread import spread  # noqa: PLC0415

    whole = spread(calls, fitted)
    sd = np.sqrt(whole.variance() if variance is None else variance)
    points = pl.DataFrame(
        {
            "ccode": calls.states,
            "session": calls.sessions,
            "year": calls.sessions + 1945,
            "n": calls.votes_of_seat,
            "point": fitted.theta,
            "sd": sd,
            "low": fitted.theta - NINETY * sd,
            "high": fitted.theta + NINETY * sd,
        }
    ).select(pl.col(name).cast(kind) for name, kind in POINTS.items())
    cut = [pl.when(pl.col(name).abs() < FAR / 2).then(pl.col(name)) for name in ("cut_yes", "cut_no")]
    items = pl.DataFrame(
        {
            "linked": [names[number] for number in calls.items],
            "n": calls.counts.sum(axis=1),
            "beta": fitted.items[:, 0],
            "cut_yes": fitted.items[:, 1],
            "cut_no": fitted.items[:, 2],
        }
    ).with_columns(cut)
    return IdealPoints(points, items, whole, fitted.rounds, fitted.converged)
