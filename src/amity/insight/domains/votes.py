r"""Votes: whose point in the UN General Assembly a state's point stands nearer to.

With $\theta$ the ideal points of a session, nearness to a power is minus the distance, and the tilt

$$T_i = |\theta_i - \theta_B| - |\theta_i - \theta_A| = w_i \theta_i + w_A \theta_A + w_B \theta_B,$$

a weighted sum with weights of $\pm 2, \pm 1, 0$ that add to nothing: a shift of the whole session does not touch it.
Its variance is that of the three points in the sum, and $T_i^2$ times that of the session's stretch. Beyond either
power $T$ is the distance of the powers, whatever the state's point: many states tie there, as most did about China in
the 1980s.

Bailey, Strezhnev and Voeten 2017 give the points; a session stands in the year in which it opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.errors import NoEvidenceError
from amity.insight.domains import NEAR, Domain, by_line
from amity.measures import ideal_points, kept_points

if TYPE_CHECKING:
    from amity.evidence import Evidence
    from amity.insight.domains import Asked
    from amity.measures.ideal_points import IdealPoints

__all__ = ["ABOUT", "near", "observe", "on_issue"]

ABOUT = Domain(
    "votes",
    "nearness of ideal points in the UN",
    "standard deviations of points",
    engages=False,
    reads=("unga_votes", "unga_resolutions"),
)
OPENED = 1945
"""Sessions count from the year after."""


def observe(ev: Evidence, of: Asked) -> pl.DataFrame:
    """Nearness in all votes of a session, from the points that are kept; no rows where no votes are loaded."""
    try:
        return near(kept_points.of_store(ev), of)
    except NoEvidenceError:
        return NEAR.to_frame()


def on_issue(ev: Evidence, of: Asked, issue: str) -> pl.DataFrame:
    """As `observe`, from points that are fitted anew to the roll calls about an issue (`measures.issues`)."""
    votes, items = kept_points.record(ev)
    return near(ideal_points.fit(votes, ideal_points.asked_for(items, issue)), of)


def near(points: IdealPoints, of: Asked) -> pl.DataFrame:
    """Nearness to both powers of every state that has a point in a session with both: columns of `NEAR`."""
    stands = (
        points.distances()
        .with_columns(ccode=by_line("ccode"), year=(pl.col("session").cast(pl.Int32) + OPENED).cast(pl.Int16))
        .unique(["ccode", "year"], keep="last", maintain_order=True)
    )
    powers = [
        stands.filter(ccode=power.ccode).select("year", pl.col("point", "own").name.suffix(f"_{name}"))
        for name, power in (("a", of.a), ("b", of.b))
    ]
    wide = stands.join(powers[0], on="year").join(powers[1], on="year")
    wide = wide.join(of.years, on=["ccode", "year"], how="semi")
    side_a, side_b = ((pl.col("point") - pl.col(f"point_{name}")).sign() for name in "ab")
    to_a, to_b = (-(pl.col("point") - pl.col(f"point_{name}")).abs() for name in "ab")
    own = (side_b - side_a) ** 2 * pl.col("own") + side_b**2 * pl.col("own_b") + side_a**2 * pl.col("own_a")
    return wide.select(
        pl.col("ccode").cast(pl.Int16),
        "year",
        to_a=to_a,
        to_b=to_b,
        sd_a=(pl.col("own") + pl.col("own_a") + to_a**2 * pl.col("stretch")).sqrt(),
        sd_b=(pl.col("own") + pl.col("own_b") + to_b**2 * pl.col("stretch")).sqrt(),
        sd=(own + (to_a - to_b) ** 2 * pl.col("stretch")).sqrt(),
    )
