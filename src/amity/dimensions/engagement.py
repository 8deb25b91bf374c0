r"""Engagement: how much two states have to do with each other, warm or cold.

Both states do it together, so that no observation has a side. Every amount is read beside what the size, the distance
or the habits of the two let expect; what is left speaks of the pair.

| item | field | law | one observation | known beforehand |
|---|---|---|---|---|
| `visits` | diplomacy | count | leaders' visits one way in a year | log of the hub's total by partners |
| `meetings` | diplomacy | count | meetings of a hub's leaders in a year | the same |
| `relations_opened`, `_closed` | diplomacy | mix, N = 1 | whether relations began or ended, by year | nothing |
| `mission_opened`, `_closed` | diplomacy | mix, N = 1 | whether a mission one way did, by year | nothing |
| `trade` | economy | gaussian | log of a year's goods by what gravity expects | variance of the misfit |
| `aid` | development | gaussian | log of a year's share of a giver's aid by an even one | the same |
| `chinese_projects` | development | count | China's projects of a year | log of an even share |
| `arms` | security | mix, N = 1 | whether major arms went one way in a year | log odds from both sides' habits |
| `acts_FIELD` | each | count | incidents in a month, by source | 0.7 log of events expected from both volumes |

Rows stand only where a source speaks; in it nothing told is a zero, or half the rounding of the figures. A year's
figure stands in its December. The formulas are in the modules of `engaged`, each with why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from amity.dimensions.engaged import acting, arming, giving, knowing, meeting, missions, trading
from amity.dimensions.kept_rows import kept
from amity.dimensions.observed import Dimension, Item

if TYPE_CHECKING:
    from amity.evidence import Evidence

__all__ = ["ABOUT", "ITEMS", "observe"]

ABOUT = Dimension(
    "engagement",
    "how much they have to do with each other",
    directed=False,
    persistence=(0.99,),
    variance=(1.0,),
    held=True,
)
"""The persistence is held: left to learn it goes to 0.997, because pairs differ for ever in what they trade and
tell, and a state so slow no longer turns where relations break off or are taken up."""

ACTS = {
    "diplomacy": (-1.94, 1.59, 0.58),
    "security": (-5.29, 2.16, 0.85),
    "economy": (-5.71, 2.11, 2.2),
    "development": (-5.43, 1.4, 2.16),
    "governance": (-5.51, 1.96, 1.32),
    "society": (-8.14, 2.16, 3.8),
}
"""Constants of acts by field: the mean of those of two sources."""

ITEMS = (
    Item("visits", "visits of leaders", "count", -0.65, 1.1, 0.12, field="diplomacy"),
    Item("meetings", "meetings of leaders", "count", -0.39, 1.37, 0.63, field="diplomacy"),
    Item("relations_opened", "relations taken up", "mix", -0.74, 2.26, field="diplomacy"),
    Item("relations_closed", "relations ended", "mix", -5.0, -1.0, field="diplomacy"),
    Item("mission_opened", "missions opened", "mix", -3.87, 0.96, each_source=True, field="diplomacy"),
    Item("mission_closed", "missions closed", "mix", -4.5, -1.0, each_source=True, field="diplomacy"),
    Item("trade", "trade in goods", "gaussian", 0.28, 0.4, field="economy"),
    Item("aid", "aid from one to the other", "gaussian", -0.94, 0.49, field="development"),
    Item("chinese_projects", "China's projects", "count", -0.38, 0.74, 0.97, field="development"),
    Item("arms", "deliveries of major arms", "mix", -0.33, 1.71, field="security"),
    *(
        Item(f"acts_{field}", f"acts of {field} coded from the news", "count", *constants,
             each_source=True, field=field)
        for field, constants in ACTS.items()
    ),
)  # fmt: skip
"""What feeds engagement, each with the constants that learning begins from.

What is used is learned from them, of all relevant pairs. The two gaussian laws have their variance from the observation
alone.
"""

FEEDS = (meeting, missions, trading, giving, arming, acting)


@kept("engagement")
def observe(ev: Evidence, pairs: pl.DataFrame) -> pl.DataFrame:
    """Everything that the loaded sources say of the engagement of pairs: rows of `observed.OBSERVED`, in no order.

    `pairs` are lines, `ccode1, ccode2`, as `observed.pairs_of` gives them.
    """
    of = knowing.asked(ev, pairs)
    return pl.concat([feed.observe(ev, of) for feed in FEEDS])
