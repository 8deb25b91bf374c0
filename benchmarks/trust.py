"""Trust against simple baselines on acts that it has never seen: constants from 2014, every act of 2018 foreseen.

    uv run --group dev python benchmarks/trust.py STORE [--seeds 5] [--constants FILE]

Prints tables in Markdown. The store must hold ICEWS' events of 2014 and 2018 (`icews_tkg`); those of other sources are
foreseen as well, each coder's by its habit as known the day before. Each act of states towards each other, once a day
and CAMEO root, is foreseen from the days before it; constants, priors and rates come from 2014 alone. 2018 starts after
three years without news: what was known at the end of 2014 fades on through them. Intervals are of a bootstrap that
draws pairs of states (both directions together) with all their acts, a thousand draws for each of several seeds. Beside
the furthest miss of a decile stands what a forecaster would show who is right about every act: within so many points in
95 of a hundred draws of the same acts.

Where several coders tell, the yardstick is shown with their habits too: what the discounted Beta says is put through
the same o and r, learned by the same filter, or through o alone. The last tables change what is believed of a coder
whom nobody has met.

The first table is what was chosen by: constants of January to September 2014, foreseen is the rest of that year. With
`--constants` nothing is judged: the constants that ship are learned from 2014 and written, in some ten seconds.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import stats

import amity
from amity.evidence import open_evidence
from amity.evidence.daily_acts import daily_acts
from amity.insight import trust, trust_coders
from amity.insight.trust_coders import Told, learn_habits, unmet
from amity.insight.trust_learning import learn, log_score, prior_of_beta
from amity.insight.trust_path import COOPERATION, Acts, chance, follow
from amity.insight.trust_sources import heard
from amity.insight.trust_yardstick import discounted_beta

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amity.insight.trust import Kind, Laid
    from amity.insight.trust_coders import Habits

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

FIT = (date(2014, 1, 1), date(2014, 12, 31))
TEST = date(2018, 1, 1)
WARM = date(2018, 3, 1)
DRAWS = 1000
WEEK = 7
MANY = 1000
"""Acts below which tenths of them say nothing."""
YARDSTICK = "discounted Beta, six months"
SHIFTED = "the yardstick with each coder's o"
FAIR = "the yardstick with each coder's o and r"
WORD = "trust, every coder taken at its word"
OURS = "+ reputation"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Chances that each act of a kind would be co-operative, by who says so; and what each act is."""

    laid: Laid
    chances: dict[str, Floats]
    late: Floats
    """Days since the directed pair's last act; infinite for its first."""
    habits: Habits
    """Of the coders, as known in the end."""


MODELS = (
    ("trust, own acts", {"reciprocity": 0.0, "reputation": 0.0}),
    ("+ reciprocity", {"reputation": 0.0}),
    ("+ reputation", {}),
)
ALONE = "the same, hearing its own kind alone"


def foreseen(acts: pl.DataFrame, kind: Kind, fit: tuple[date, date] = FIT) -> Foreseen:
    """Every baseline and every model, each learned from the fit period."""
    whole, laid = trust.laid_out(acts, "icews_tkg"), of_kind(acts, kind)
    first = of_kind(acts.filter(pl.col("date").is_between(*fit)), kind)
    rate = float((first.arrays.quad <= COOPERATION).mean())
    chances = {"rate of 2014": np.full(len(laid.acts), rate)}
    for name, half_life in (
        ("expanding Beta", np.inf),
        (YARDSTICK, 6.0),
        ("discounted Beta, best half-life", best(first)),
    ):
        prior = prior_of_beta(first.arrays, half_life)
        chances[name] = discounted_beta(laid.arrays, half_life, prior)[0]
    heard = trust.laid_out(acts.filter(pl.col("date").is_between(*fit))).arrays
    ours, classes = np.isin(whole.arrays.quad, trust.KINDS[kind]), trust.KINDS[kind]
    for name, held in MODELS:
        found = learn(heard, classes=classes, held=held)
        print(f"{kind} {name}: settled {found.settled}, {found.constants}", flush=True)
        path = follow(whole.arrays, found.constants, classes=classes)
        chances[name] = path.trust[ours]
    if whole.arrays.coder is not None:
        plain = whole.arrays._replace(coder=None)
        chances[WORD] = follow(plain, found.constants, classes=classes).trust[ours]
        for name, alike in ((SHIFTED, False), (FAIR, True)):
            chances[name] = by_habit(chances[YARDSTICK], laid.arrays, found.constants.together, alike=alike)
    elif kind != "all":
        chances[ALONE] = follow(laid.arrays, learn(first.arrays).constants).trust
    return Foreseen(laid, chances, waited(laid), path.habits)


def of_kind(acts: pl.DataFrame, kind: Kind) -> Laid:
    return trust.laid_out(acts.filter(pl.col("quad").is_in(list(trust.KINDS[kind]))), "icews_tkg")


def by_habit(given: Floats, acts: Acts, together: float, *, alike: bool) -> Floats:
    """Chances of anybody as each coder would tell them, its o (and with `alike` its r) learned online as trust does.

    The first coder's stay what they are; a coder has no picture of its own here.
    """
    coder = np.zeros_like(acts.day) if acts.coder is None else acts.coder
    habits = unmet(int(coder.max()) + 1, len(acts.link), 0, 0.0, 1.0)
    if not alike:
        habits.mean[2:, 1], habits.variance[2:, 1] = 1.0, 1e-12
    fresh = np.flatnonzero((np.diff(acts.day, prepend=-1) != 0) | (np.diff(acts.pair, prepend=-1) != 0))
    n = np.diff(fresh, append=len(acts.day))
    weight = np.repeat(1 / (1 + (n - 1) * together), n)
    told = Told(acts.pair, 2 * coder, (acts.quad <= COOPERATION).astype(float), weight)
    z = np.log(given / (1 - given))
    known, out = np.zeros((len(z), 6)), np.empty_like(z)
    known[:, 5] = z
    for begin, stop in pairwise([*np.flatnonzero(np.diff(acts.day, prepend=-1)), len(z)]):
        at, row = z[begin:stop], told.row[begin:stop]
        (o, r), (a, b, c) = habits.mean[row].T, habits.variance[row].T
        out[begin:stop] = chance(o + r * at, a + at * (2 * c + at * b))
        learn_habits(habits, told, known, (begin, stop))
    return out


def best(first: Laid) -> float:
    """The half-life in months that foresees the fit period best."""

    def score(half_life: float) -> float:
        prior = prior_of_beta(first.arrays, half_life)
        return float(log_score(discounted_beta(first.arrays, half_life, prior)[0], first.arrays.quad).sum())

    return max((0.5, 1.0, 2.0, 3.0, 6.0, 12.0), key=score)


def waited(laid: Laid) -> Floats:
    days = laid.acts.select("ccode_from", "ccode_to", "date").unique()
    gap = (pl.col("date") - pl.col("date").shift(1)).over("ccode_from", "ccode_to", order_by="date")
    told = laid.acts.join(
        days.with_columns(gap=gap.dt.total_days()),
        on=["ccode_from", "ccode_to", "date"],
        how="left",
        maintain_order="left",
    )
    return told["gap"].cast(pl.Float64).fill_null(np.inf).to_numpy()


def drawn(laid: Laid, gain: Floats, chosen: Mask, seeds: int) -> tuple[float, float]:
    """95 % interval of the mean gain, pairs of states drawn whole."""
    low = laid.acts.select(pair=pl.struct(
        pl.min_horizontal("ccode_from", "ccode_to"), b=pl.max_horizontal("ccode_from", "ccode_to")
    ).rank("dense"))["pair"].to_numpy()  # fmt: skip
    _, pair = np.unique(low[chosen], return_inverse=True)
    total, count = np.bincount(pair, gain[chosen]), np.bincount(pair)
    means = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        for _ in range(DRAWS):
            each = rng.integers(0, len(count), len(count))
            means.append(total[each].sum() / count[each].sum())
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def table(what: str, seen: Foreseen, chosen: Mask, seeds: int, against: str = YARDSTICK) -> None:
    quad = seen.laid.arrays.quad
    y = (quad <= COOPERATION).astype(float)
    plain = log_score(seen.chances[against], quad)
    print(
        f"\n**{what}**: {chosen.sum():,} acts of {len(np.unique(seen.laid.arrays.pair[chosen])):,} directed pairs, "
        f"{y[chosen].mean():.3f} co-operative\n"
    )
    beaten = "the yardstick" if against == YARDSTICK else against
    print(f"| | log score | Brier | gain on {beaten}, 95 % |\n|---|---|---|---|")
    for name, given in seen.chances.items():
        score = log_score(given, quad)
        low, high = drawn(seen.laid, score - plain, chosen, seeds)
        print(
            f"| {name} | {score[chosen].mean():.4f} | {((given - y) ** 2)[chosen].mean():.4f} "
            f"| {(score - plain)[chosen].mean():+.4f} [{low:+.4f}, {high:+.4f}] |",
            flush=True,
        )


def calibration(what: str, seen: Foreseen, chosen: Mask) -> None:
    """By tenths of the acts, ordered by the chance given: what was said and what came, in percent."""
    y = (seen.laid.arrays.quad <= COOPERATION).astype(float)
    print(f"\n**{what}, calibration by decile** (said / came, %)\n")
    for name in (YARDSTICK, FAIR, WORD, OURS, ALONE):
        if name not in seen.chances:
            continue
        given = seen.chances[name][chosen]
        parts = np.array_split(np.argsort(given, kind="stable"), 10)
        cells = [(100 * given[part].mean(), 100 * y[chosen][part].mean()) for part in parts]
        worst = max(abs(a - b) for a, b in cells)
        print(
            f"* {name}: {', '.join(f'{a:.1f}/{b:.1f}' for a, b in cells)}; furthest {worst:.1f}, "
            f"of one who is right {right(given, parts):.1f}"
        )


def right(given: Floats, parts: list[NDArray[np.int64]]) -> float:
    """The furthest miss of a decile that 95 of 100 draws stay within, each act drawn with the chance given."""
    rng, found = np.random.default_rng(0), []
    for _ in range(DRAWS):
        missed = (rng.random(len(given)) < given) - given
        found.append(max(abs(missed[part].mean()) for part in parts))
    return 100 * float(np.quantile(found, 0.95))


def chosen_by(acts: pl.DataFrame, seeds: int) -> None:
    """Whether a kind is better foreseen by hearing the other too: learned on nine months, foreseen the last three."""
    year = acts.filter(pl.col("date").is_between(*FIT))
    for kind in ("material", "verbal"):
        seen = foreseen(year, kind, (FIT[0], date(2014, 9, 30)))
        late = seen.laid.acts["date"].to_numpy() >= np.datetime64("2014-10-01")
        table(f"{kind}, October to December 2014, constants of January to September", seen, late, seeds)


def coverage(kind: Kind, acts: pl.DataFrame) -> None:
    """How often the acts of a month came out as the interval of trust at the end of the month before had room for.

    The number of co-operative ones among n is binomial given the chance, the log-odds of which are Gaussian. As it is
    whole, the share of its own probability that lies between 5 and 95 % is counted.
    """
    laid = trust.laid_out(acts)
    record = trust.learn(acts, kind, FIT, source="icews_tkg", scope="state", learned=TEST)
    firsts = pl.date_range(TEST, date(2018, 10, 1), "1mo", eager=True)
    ends = firsts.to_physical().to_numpy().astype(np.int64) - 1
    path = follow(laid.arrays, record.constants, np.arange(len(laid.pairs)), ends, classes=trust.KINDS[kind])
    own = laid.arrays.only(trust.KINDS[kind])
    pair, day = own.pair, own.day
    month = np.searchsorted(ends, day, side="left") - 1
    came = day > ends[0]
    n, good = (np.zeros(path.asked_mean.shape, np.int64) for _ in range(2))
    np.add.at(n, (pair[came], month[came]), 1)
    np.add.at(good, (pair[came], month[came]), own.quad[came] <= COOPERATION)
    z, w = np.polynomial.hermite_e.hermegauss(41)
    cells = []
    for least, most in ((1, 1), (2, 4), (5, 19), (20, 10**6)):
        chosen = (n >= least) & (n <= most) & (path.asked_seen > 0)
        odds = path.asked_mean[chosen][:, None] + np.sqrt(path.asked_variance[chosen])[:, None] * z
        law = stats.binom(n[chosen][:, None], 1 / (1 + np.exp(-odds)))
        upto, below = (law.cdf(good[chosen][:, None] - k) @ (w / w.sum()) for k in (0, 1))
        room = np.clip(np.minimum(upto, 0.95) - np.maximum(below, 0.05), 0, None)
        held = (room / np.maximum(upto - below, 1e-12)).mean()
        many = f"{least}" if least == most else f"{least} to {most}" if most < 10**6 else f"{least} or more"
        cells.append(f"{100 * held:.1f} % of {chosen.sum():,} months with {many} acts")
    print(f"\n**{kind}, what 90 % intervals held**: {'; '.join(cells)}")


def coders(kind: Kind, acts: pl.DataFrame, seeds: int) -> None:
    """Several coders' acts of 2018: all of them, each coder's, and each day of one that is heard for a few days."""
    seen = foreseen(acts, kind)
    days, source = seen.laid.acts["date"].to_numpy(), seen.laid.acts["source"].to_numpy()
    test = days >= np.datetime64(TEST)
    what = f"{kind}, 2018 as every source loaded tells it, each act once"
    table(what, seen, test, seeds)
    table(what, seen, test, seeds, FAIR)
    calibration(f"{kind}, 2018, every source", seen, test)
    for k, name in enumerate(seen.laid.coders[1:], 1):
        o, r = seen.habits.mean[2 * k]
        so, sr = np.sqrt(seen.habits.variance[2 * k, :2])
        print(f"\n**{kind}, habit of {name}**: o {o:+.2f} ± {so:.2f}, r {r:.2f} ± {sr:.2f}")
    for one in np.unique(source[test]):
        its = test & (source == one)
        table(f"{kind}, what {one} tells", seen, its, seeds)
        if its.sum() >= MANY:
            calibration(f"{kind}, what {one} tells", seen, its)
        if seen.laid.arrays.coder[its].any() and len(told := np.unique(days[its])) <= WEEK:
            for day in told:
                calibration(f"{kind}, what {one} tells on {day}", seen, its & (days == day))
    believed(kind, seen, acts, test)


def believed(kind: Kind, seen: Foreseen, acts: pl.DataFrame, test: Mask) -> None:
    """What becomes of the deciles if less or something else is believed of coders, or o of the first is learned too."""
    whole = trust.laid_out(acts, "icews_tkg").arrays
    quad, classes = seen.laid.arrays.quad, trust.KINDS[kind]
    ours, of = np.isin(whole.quad, classes), trust.records()[kind].constants
    y = (quad[test] <= COOPERATION).astype(float)

    def line(name: str, given: Floats) -> None:
        parts = np.array_split(np.argsort(given[test], kind="stable"), 10)
        worst = max(abs(given[test][part].mean() - y[part].mean()) for part in parts)
        print(f"| {name} | {log_score(given, quad)[test].mean():.4f} | {100 * worst:.1f} |")

    print(f"\n**{kind}, other beliefs**\n\n| | log score | furthest miss of a decile |\n|---|---|---|")
    unmet = trust_coders.unmet
    alone = {"TELLS": 1.0, "TELLS_VARIANCE": 1e-9}
    plain = {"unmet": lambda *given: unmet(*given)._replace(differ=0.0)}
    for name, changed in (
        ("as it ships", {}),
        ("o alone", alone),
        ("o and r, no picture of its own", plain),
        ("o 0 ± 0.5", {"KINDER": 0.5}),
        ("o 0 ± 2", {"KINDER": 2.0}),
        ("r 0.75 ± 0.29", {"TELLS": 0.75}),
        ("r 1 ± 0.29", {"TELLS": 1.0}),
    ):
        usual = {key: getattr(trust_coders, key) for key in changed}
        for key, value in changed.items():
            setattr(trust_coders, key, value)
        line(name, follow(whole, of, classes=classes).trust[ours])
        for key, value in usual.items():
            setattr(trust_coders, key, value)
    arrays = seen.laid.arrays
    first = arrays._replace(coder=(arrays.coder == 0).astype(np.int64))
    line("o of the first coder learned too", by_habit(seen.chances[OURS], first, of.together, alike=False))


def keep(acts: pl.DataFrame, path: Path) -> None:
    """Write the constants of every kind, as the package ships them."""
    today, made = datetime.now(UTC).date(), {}
    for kind in trust.KINDS:
        found = asdict(trust.learn(acts, kind, FIT, source="icews_tkg", scope="state", learned=today))
        of = found.pop("constants")._asdict()
        of["weight"] = [round(one, 4) for one in of["weight"]]
        constants = {name: value if name == "weight" else round(value, 4) for name, value in of.items()}
        found["log_score"] = round(found["log_score"], 4)
        found["yardstick"] = [round(one, 4) for one in found["yardstick"]]
        made[kind] = {"constants": constants, **{name: one for name, one in found.items() if name != "kind"}}
    path.write_text(json.dumps(made, indent=2, default=str) + "\n", encoding="utf-8")
    print(path)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("store", help="folder of a store that holds icews_tkg")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--constants", type=Path)
    asked = parser.parse_args()
    with open_evidence(amity.open_store(asked.store)) as ev:
        acts, every = daily_acts(ev, source="icews_tkg"), heard(ev, "icews_tkg")
    kinds: tuple[Kind, ...] = ("all", "material", "verbal")
    if asked.constants:
        keep(acts, asked.constants)
        return
    chosen_by(acts, asked.seeds)
    for kind in kinds:
        seen = foreseen(acts, kind)
        days = seen.laid.acts["date"].to_numpy()
        test, warm = days >= np.datetime64(TEST), days >= np.datetime64(WARM)
        table(f"{kind}, January to October 2018", seen, test, asked.seeds)
        table(f"{kind}, only after more than {WEEK} quiet days", seen, test & (seen.late > WEEK), asked.seeds)
        table(f"{kind}, from March 2018 (two months to warm up)", seen, warm, asked.seeds)
        calibration(f"{kind}, 2018", seen, test)
        calibration(f"{kind}, from March 2018", seen, warm)
        coverage(kind, acts)
        coders(kind, every, asked.seeds)


if __name__ == "__main__":
    main()
