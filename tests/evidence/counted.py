"""Worlds of events for tests, and their pair-months counted in plain Python: the oracle of every engine."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from amity.catalog import FIELDS, polars_schema
from amity.evidence.engines import ORDER

if TYPE_CHECKING:
    from pathlib import Path

    Row = dict[str, Any]

STATE_ROLES = ("GOV", "MIL")
CLASSES = pl.DataFrame(
    [
        {"code": f"{root:02}{leaf}", "root": f"{root:02}", "quad": 1 + (root > 5) + (root > 8) + (root > 13),
         "field": FIELDS[(root + place) % 6], "goldstein_tenths": (37 * root + 61 * place) % 201 - 100}
        for root in range(1, 21)
        for place, leaf in enumerate(["", "0", "1", "12"])
    ],
    schema={"code": pl.String, "root": pl.String, "quad": pl.Int8, "field": pl.String, "goldstein_tenths": pl.Int16},
)  # fmt: skip
"""Four codes a root, with weights of both signs in one field: ties between +w and −w are sought out below."""
WHO = (2, 2, 2, 710, 710, 811, 365, None)
ROLES = (None, None, "GOV", "MIL", "OPP", "MED")
EVENTS = {**polars_schema("events"), "source": pl.String()}
VOLUMES = {**polars_schema("volumes"), "source": pl.String()}
PAIR_MONTHS = {**polars_schema("pair_months"), "source": pl.String()}


def events(count: int, seed: int, sources: tuple[str, ...] = ("one", "own:two")) -> pl.DataFrame:
    """Events of a few states over three months and two new years; all but `own:two` count articles, with gaps."""
    dice = random.Random(seed)  # noqa: S311  (a world that is the same each time)
    codes = CLASSES["code"].to_list()
    rows: list[Row] = []
    for number in range(count):
        source = dice.choice(sources)
        rows.append(
            {"date": date(2017, 11, 15) + timedelta(days=dice.randrange(80)), "ccode_from": dice.choice(WHO),
             "role_from": dice.choice(ROLES), "ccode_to": dice.choice(WHO), "role_to": dice.choice(ROLES),
             "code": dice.choice(codes[: dice.choice((4, 20, 80))]),
             "articles": dice.randrange(1, 60) if source != "own:two" and dice.random() > 0.02 else None,
             "ref": str(number), "source": source}
        )  # fmt: skip
    return pl.DataFrame(rows, schema=EVENTS)


def volumes(of: pl.DataFrame) -> pl.DataFrame:
    """How many events each source has of each state, and of all, by month: each event once a state."""
    found: Counter[tuple[str, date, int | None]] = Counter()
    for row in of.iter_rows(named=True):
        for ccode in {None, row["ccode_from"], row["ccode_to"]}:
            found[row["source"], row["date"].replace(day=1), ccode] += 1
    rows = [{"source": s, "month": m, "ccode": c, "events": n} for (s, m, c), n in found.items()]
    return pl.DataFrame(rows, schema=VOLUMES)


def oracle(
    of: pl.DataFrame, state_roles: tuple[str, ...] = STATE_ROLES, classes: pl.DataFrame = CLASSES
) -> pl.DataFrame:
    """The pair-months of events, one event at a time."""
    known = {row["code"]: row for row in classes.iter_rows(named=True)}
    volume = {(r["source"], r["month"], r["ccode"]): r["events"] for r in volumes(of).iter_rows(named=True)}
    groups: dict[tuple[Any, ...], list[tuple[date, int, int | None]]] = defaultdict(list)
    for row in of.iter_rows(named=True):
        a, b = row["ccode_from"], row["ccode_to"]
        if a is None or b is None or a == b:
            continue
        its = known[row["code"]]
        states = all(role is None or role in state_roles for role in (row["role_from"], row["role_to"]))
        for scope in ("country", "state")[: 1 + states]:
            month = row["date"].replace(day=1)
            key = (row["source"], month, a, b, scope, its["field"], its["quad"], its["root"])
            groups[key].append((row["date"], its["goldstein_tenths"], row["articles"]))
    rows = [_row(key, told, volume) for key, told in groups.items()]
    return pl.DataFrame(rows, schema=PAIR_MONTHS).sort(ORDER)


def _row(key: tuple[Any, ...], told: list[tuple[date, int, int | None]], volume: dict[Any, int]) -> Row:
    source, month, a, b, scope, field, quad, root = key
    days: dict[date, list[int]] = defaultdict(list)
    for day, weight, _ in told:
        days[day].append(weight)
    articles = [count for _, _, count in told]
    return {
        "month": month, "ccode_from": a, "ccode_to": b, "scope": scope, "field": field, "quad": quad, "code": root,
        "events": len(told), "incidents": len(days),
        "articles": None if None in articles else sum(filter(None, articles)),
        "force_events": sum(weight for _, weight, _ in told),
        "force_incidents": sum(min(weights, key=lambda weight: (-abs(weight), weight)) for weights in days.values()),
        "volume": volume[source, month, None], "volume_from": volume[source, month, a],
        "volume_to": volume[source, month, b], "source": source,
    }  # fmt: skip


def written(frame: pl.DataFrame, folder: Path, name: str, pieces: int = 3) -> dict[str, list[Path]]:
    """A frame as Parquet parts of each source, as a store holds them: without the column `source`."""
    paths: dict[str, list[Path]] = {}
    for (source,), rows in frame.partition_by("source", as_dict=True).items():
        for piece in range(pieces):
            path = folder / f"{name}-{str(source).replace(':', '-')}-{piece}.parquet"
            rows.gather_every(pieces, piece).drop("source").write_parquet(path)
            paths.setdefault(str(source), []).append(path)
    return paths
