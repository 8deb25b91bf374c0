"""The all-pairs panel as a researcher would write it in plain pandas: the yardstick of `benchmarks/panel.py`.

    uv run --no-project --with pandas --with pyarrow python benchmarks/panel_in_pandas.py FOLDER OUT

FOLDER holds `system, acts, ties, figures, coverage` as Parquet. Dates known to the month or year only are taken at
their word, where amity leaves the value open; everything else is the same rule.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

PAIR = ["ccode1", "ccode2"]
KEY = [*PAIR, "year"]
ONE_DAY = pd.Timedelta(days=1)


def read(folder: Path, name: str) -> pd.DataFrame:
    frame = pd.read_parquet(folder / f"{name}.parquet")
    dates = [column for column in ("start", "end", "date") if column in frame]
    return frame.assign(**{column: pd.to_datetime(frame[column]) for column in dates})


def dyad_years(system: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Pairs and years, with the first and last day together and the days between."""
    years = pd.DataFrame({"year": range(first, last + 1)})
    state = system.merge(years, how="cross")
    state["first"] = state["start"].clip(lower=pd.to_datetime(state["year"].astype(str) + "-01-01"))
    state["last"] = state["end"].clip(upper=pd.to_datetime(state["year"].astype(str) + "-12-31"))
    state = state[state["first"] <= state["last"]][["ccode", "iso3c", "year", "first", "last"]]
    both = state.merge(state, on="year", suffixes=("1", "2"))
    both = both[both["ccode1"] != both["ccode2"]]
    both["first"] = both[["first1", "first2"]].max(axis=1)
    both["last"] = both[["last1", "last2"]].min(axis=1)
    both = both[both["first"] <= both["last"]]
    both["days"] = (both["last"] - both["first"]).dt.days + 1
    return both.groupby([*KEY, "iso3c1", "iso3c2"], as_index=False, dropna=False).agg(
        first=("first", "min"), last=("last", "max"), days=("days", "sum")
    )


def seen(
    coverage: pd.DataFrame, codes: pd.Series, table: str, kind: str, *, both_ways: bool = False
) -> pd.DataFrame:
    """First and last day on record, by pair."""
    rows = coverage[(coverage["table"] == table) & coverage["kind"].isin([kind, "*"])]
    parts = []
    for row in rows.itertuples():
        here = codes if pd.isna(row.ccode_from) else [row.ccode_from]
        there = codes if pd.isna(row.ccode_to) else [row.ccode_to]
        pairs = pd.MultiIndex.from_product([here, there], names=PAIR).to_frame(index=False)
        parts.append(pairs.assign(since=row.start, until=row.end))
    known = pd.concat(parts).astype({"ccode1": "int64", "ccode2": "int64"})
    if both_ways:
        known = pd.concat([known, known.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})])
    return known.groupby(PAIR, as_index=False).agg(since=("since", "min"), until=("until", "max"))


def covered(panel: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    rows = panel.merge(known, on=PAIR)
    rows["whole"] = (rows["since"] <= rows["first"]) & (rows["until"] >= rows["last"])
    rows["at_end"] = (rows["since"] <= rows["last"]) & (rows["until"] >= rows["last"])
    return rows


def visits(panel: pd.DataFrame, acts: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    acts = acts[acts["kind"] == "visit"].rename(columns={"ccode_from": "ccode1", "ccode_to": "ccode2"})
    acts = acts.assign(year=acts["date"].dt.year).merge(panel, on=KEY)
    acts = acts[acts["date"].between(acts["first"], acts["last"])]
    ranks = {
        "visits_hos": "head of state",
        "visits_hog": "head of government",
        "visits_fm": "foreign minister",
    }
    counts = {"visits_1to2": acts.groupby(KEY)["count"].sum()}
    counts |= {
        f"{name}_1to2": acts[acts["rank"] == rank].groupby(KEY)["count"].sum() for name, rank in ranks.items()
    }
    rows = covered(panel, known)
    rows = rows[rows["whole"]][KEY].merge(pd.DataFrame(counts).reset_index(), on=KEY, how="left")
    return rows.fillna(0)


def held(panel: pd.DataFrame, ties: pd.DataFrame, known: pd.DataFrame, kind: str, name: str) -> pd.DataFrame:
    """1 where a tie of the kind held on the last day, 0 where it is known that none did."""
    ties = ties[ties["kind"] == kind].rename(columns={"ccode_from": "ccode1", "ccode_to": "ccode2"})[
        [*PAIR, "start", "end"]
    ]
    if kind == "relations":
        ties = pd.concat([ties, ties.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})])
    rows = covered(panel, known)
    rows = rows[rows["at_end"]][[*KEY, "last"]]
    on = rows.merge(ties, on=PAIR)
    on = on[(on["start"] <= on["last"]) & (on["end"].isna() | (on["end"] >= on["last"]))]
    rows[name] = rows.set_index(KEY).index.isin(on.set_index(KEY).index).astype("int8")
    return rows[[*KEY, name]]


def share(panel: pd.DataFrame, ties: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Share of days with a chief of mission; spells that overlap are joined first."""
    ties = ties[ties["kind"] == "envoy"].rename(columns={"ccode_from": "ccode1", "ccode_to": "ccode2"})
    ties = (
        ties[[*PAIR, "start", "end"]]
        .fillna({"end": pd.Timestamp("2100-01-01")})
        .sort_values([*PAIR, "start", "end"])
    )
    reached = ties.groupby(PAIR)["end"].cummax().groupby([ties["ccode1"], ties["ccode2"]]).shift()
    ties["spell"] = (reached.isna() | (ties["start"] > reached + ONE_DAY)).cumsum()
    spells = ties.groupby([*PAIR, "spell"], as_index=False).agg(start=("start", "min"), end=("end", "max"))
    rows = covered(panel, known)
    rows = rows[rows["whole"]][[*KEY, "first", "last", "days"]]
    on = rows.merge(spells, on=PAIR)
    on["served"] = (on[["end", "last"]].min(axis=1) - on[["start", "first"]].max(axis=1)).dt.days + 1
    served = on[on["served"] > 0].groupby(KEY)["served"].sum().reset_index()
    rows = rows.merge(served, on=KEY, how="left").fillna({"served": 0})
    rows["envoy_share_1to2"] = (rows["served"] / rows["days"]).astype("float32")
    return rows[[*KEY, "envoy_share_1to2"]]


def aid(
    panel: pd.DataFrame, every: pd.DataFrame, figures: pd.DataFrame, known: pd.DataFrame, kind: str
) -> pd.DataFrame:
    """Fiscal years spread over calendar years, by the days on which both states exist."""
    figures = figures[figures["kind"] == kind].rename(columns={"ccode_from": "ccode1", "ccode_to": "ccode2"})
    figures = figures.reset_index(names="figure")[[*PAIR, "figure", "start", "end", "value"]]
    on = every[[*KEY, "first", "last"]].merge(figures, on=PAIR)
    on["days"] = (on[["end", "last"]].min(axis=1) - on[["start", "first"]].max(axis=1)).dt.days + 1
    on = on[on["days"] > 0]
    on["part"] = on["value"] * on["days"] / on.groupby("figure")["days"].transform("sum")
    rows = covered(panel, known)
    rows = (
        rows[rows["whole"]][KEY]
        .merge(on.groupby(KEY)["part"].sum().reset_index(), on=KEY, how="left")
        .fillna({"part": 0.0})
    )
    return rows.rename(columns={"part": f"{kind}_1to2"})


def main(folder: Path, out: Path) -> None:
    system, acts, ties, figures, coverage = (
        read(folder, name) for name in ("system", "acts", "ties", "figures", "coverage")
    )
    codes = system["ccode"].drop_duplicates()
    every = dyad_years(system, 1945, coverage["end"].max().year)  # the fiscal year 1946 begins in 1945
    panel = every[every["year"] >= 1946]
    parts = [visits(panel, acts, seen(coverage, codes, "acts", "visit"))]
    for kind, name in (("relations", "relations"), ("recognition", "recognition_1to2")):
        parts.append(
            held(panel, ties, seen(coverage, codes, "ties", kind, both_ways=kind == "relations"), kind, name)
        )
    parts.append(share(panel, ties, seen(coverage, codes, "ties", "envoy")))
    parts += [
        aid(panel, every, figures, seen(coverage, codes, "figures", kind), kind)
        for kind in ("aid_obligated", "aid_disbursed")
    ]
    for part in parts:
        panel = panel.merge(part, on=KEY, how="left")
    panel = panel.drop(columns=["first", "last"]).sort_values(KEY)
    panel.to_parquet(out, index=False, compression="zstd")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
