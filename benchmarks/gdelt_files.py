"""Files in GDELT's format, of any size: for benchmarks, where the real ones cannot be had.

    uv run --no-sync python benchmarks/gdelt_files.py FOLDER --rows 1_500_000 --files 10 --seed 7

Country and actor frequencies are skewed as in news, articles give several events that share address, tone and
place, and about 12 % of the first actors are blank. In a million rows there are some 500 repeated rows, 20 lines
with a wrong number of columns, 20 events of unknown class, 20 with a day that does not exist, 20 bytes that are no
UTF-8, stray quotes and `#` in a latitude; the last file repeats 100 events of the one before with another count:
late corrections.
"""

from __future__ import annotations

import argparse
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from amity import cameo, states

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = (
    "GOV",
    "MIL",
    "COP",
    "OPP",
    "BUS",
    "MED",
    "EDU",
    "JUD",
    "LEG",
    "CVL",
    "REB",
    "NGO",
    "CRM",
    "HLH",
    "ELI",
    "LAB",
)
ROLE_SHARES = np.array([30, 8, 8, 5, 9, 6, 7, 5, 5, 8, 3, 2, 4, 3, 2, 1.0])
SYLLABLES = (
    "ba",
    "ko",
    "ri",
    "san",
    "ta",
    "mu",
    "del",
    "nor",
    "vik",
    "gra",
    "po",
    "lis",
    "che",
    "an",
    "zu",
    "hal",
)
LATE_DAYS = (0, 1, 7, 30, 365, 3650)
LATE_SHARES = (0.93, 0.03, 0.015, 0.015, 0.007, 0.003)
PLACES, SITES, WORDS = 20_000, 4_000, 3_000


@dataclass(frozen=True, slots=True)
class World:
    """What all files share: countries, places, addresses and classes, with how often each occurs."""

    countries: pl.DataFrame
    country_shares: np.ndarray
    places: pl.DataFrame
    sites: pl.Series
    words: pl.Series
    codes: pl.DataFrame
    code_shares: np.ndarray


def shares(n: int, power: float) -> np.ndarray:
    weights = 1 / np.arange(1, n + 1) ** power
    return weights / weights.sum()


def world(rng: np.random.Generator) -> World:
    known = [(s.cameo, s.fips or "", s.name.upper()) for s in states.every() if s.cameo]
    order = rng.permutation(len(known))
    countries = pl.DataFrame([known[i] for i in order], schema=["code", "fips", "name"], orient="row")
    codes = cameo.classes().filter(pl.col("code").str.len_chars() > 2)
    syllables = pl.Series(SYLLABLES)

    def made(n: int, length: int) -> pl.Series:
        picked = [syllables[rng.integers(0, len(SYLLABLES), n)] for _ in range(length)]
        return pl.select(pl.concat_str([pl.lit(part) for part in picked])).to_series()

    country = rng.choice(len(known), PLACES, p=shares(len(known), 1.1))
    names = made(PLACES, 3).str.to_titlecase()
    places = pl.DataFrame(
        {
            "full": names
            + ", "
            + made(PLACES, 2).str.to_titlecase()
            + ", "
            + countries["name"][country].str.to_titlecase(),
            "fips": countries["fips"][country],
            "adm1": countries["fips"][country] + pl.Series(rng.integers(10, 50, PLACES)).cast(pl.String),
            "adm2": pl.Series(rng.integers(10_000, 55_000, PLACES)).cast(pl.String),
            "lat": pl.Series(np.round(rng.uniform(-55, 70, PLACES), 4)).cast(pl.String),
            "long": pl.Series(np.round(rng.uniform(-180, 180, PLACES), 4)).cast(pl.String),
            "feature": pl.Series(rng.integers(-3_500_000, 2_000_000, PLACES)).cast(pl.String),
        }
    )
    code_shares = rng.gamma(0.5, size=codes.height)
    return World(
        countries, shares(len(known), 1.1), places, "http://www." + made(SITES, 4) + ".com/news/", made(WORDS, 3),
        codes, code_shares / code_shares.sum(),
    )  # fmt: skip


def actor(rng: np.random.Generator, of: World, country: np.ndarray, number: int) -> dict[str, pl.Series]:
    """The ten columns of an actor: the country alone, a role of it, a role without country, or nothing."""
    n = len(country)
    luck = pl.Series(rng.random(n))
    role = pl.Series(ROLES)[rng.choice(len(ROLES), n, p=ROLE_SHARES / ROLE_SHARES.sum())]
    code, name = of.countries["code"][country], of.countries["name"][country]
    blank, bare, of_country = luck < 0.12, luck < 0.55, luck < 0.83
    frame = pl.DataFrame({"c": code, "n": name, "r": role, "blank": blank, "bare": bare, "of": of_country})
    lone = pl.when("blank").then(pl.lit(""))
    made = frame.select(
        code=lone.when("bare").then("c").when("of").then(pl.col("c") + pl.col("r")).otherwise("r"),
        name=lone.when("bare").then("n").when("of").then(pl.col("n") + " " + pl.col("r")).otherwise("r"),
        country=lone.when("of").then("c").otherwise(pl.lit("")),
        type1=lone.when("bare").then(pl.lit("")).otherwise("r"),
    )
    empty = pl.Series([""]).new_from_index(0, n)
    prefix = f"Actor{number}"
    return {
        f"{prefix}Code": made["code"], f"{prefix}Name": made["name"], f"{prefix}CountryCode": made["country"],
        f"{prefix}KnownGroupCode": empty, f"{prefix}EthnicCode": empty, f"{prefix}Religion1Code": empty,
        f"{prefix}Religion2Code": empty, f"{prefix}Type1Code": made["type1"], f"{prefix}Type2Code": empty,
        f"{prefix}Type3Code": empty,
    }  # fmt: skip


def place(of: World, picked: np.ndarray, prefix: str, columns: int) -> dict[str, pl.Series]:
    rows = of.places[picked]
    made = {
        f"{prefix}Geo_Type": pl.Series(["4"]).new_from_index(0, rows.height), f"{prefix}Geo_FullName": rows["full"],
        f"{prefix}Geo_CountryCode": rows["fips"], f"{prefix}Geo_ADM1Code": rows["adm1"],
        f"{prefix}Geo_ADM2Code": rows["adm2"], f"{prefix}Geo_Lat": rows["lat"], f"{prefix}Geo_Long": rows["long"],
        f"{prefix}Geo_FeatureID": rows["feature"],
    }  # fmt: skip
    if columns < 61:
        del made[f"{prefix}Geo_ADM2Code"]
    return made


def table(
    rng: np.random.Generator, of: World, day: date, n: int, first_id: int, columns: int = 58
) -> pl.DataFrame:
    """A file's rows, all text: 57, 58 or 61 columns."""
    articles = n // 3 + 1
    article = np.sort(rng.integers(0, articles, n))
    late = np.array(LATE_DAYS)[rng.choice(len(LATE_DAYS), n, p=LATE_SHARES)]
    when = pl.Series([day]).new_from_index(0, n) - pl.Series(late).cast(pl.Int64) * timedelta(days=1)
    class_ = of.codes[rng.choice(of.codes.height, n, p=of.code_shares)]
    mentions = pl.Series(rng.geometric(0.18, n)).cast(pl.String)
    in_article = rng.choice(len(of.countries), (articles, 3), p=of.country_shares)
    one, other = in_article[article, rng.integers(0, 2, n)], in_article[article, rng.integers(0, 3, n)]
    where = rng.choice(PLACES, (articles, 2), p=shares(PLACES, 0.8))
    tone = pl.Series(np.round(rng.normal(-1.5, 3.5, articles), 12)).cast(pl.String)
    words = [of.words[rng.integers(0, WORDS, articles)] for _ in range(5)]
    url = of.sites[rng.choice(SITES, articles, p=shares(SITES, 0.9))] + pl.select(
        pl.concat_str([pl.lit(word) for word in words], separator="-")
    ).to_series() + "-" + pl.Series(rng.integers(10**5, 10**9, articles)).cast(pl.String)  # fmt: skip
    added = f"{day:%Y%m%d}" + ("120000" if columns == 61 else "")
    made = {
        "GLOBALEVENTID": pl.Series(np.arange(first_id, first_id + n)).cast(pl.String),
        "SQLDATE": when.dt.strftime("%Y%m%d"), "MonthYear": when.dt.strftime("%Y%m"), "Year": when.dt.strftime("%Y"),
        "FractionDate": when.dt.strftime("%Y.") + when.dt.ordinal_day().cast(pl.String),
        **actor(rng, of, one, 1), **actor(rng, of, other, 2),
        "IsRootEvent": pl.Series((rng.random(n) < 0.55).astype(np.int8)).cast(pl.String),
        "EventCode": class_["code"], "EventBaseCode": class_["code"].str.slice(0, 3), "EventRootCode": class_["root"],
        "QuadClass": class_["quad"].cast(pl.String),
        "GoldsteinScale": (class_["goldstein_tenths"].cast(pl.Float64) / 10).cast(pl.String),
        "NumMentions": mentions, "NumSources": pl.Series(rng.geometric(0.75, n)).cast(pl.String),
        "NumArticles": mentions, "AvgTone": tone[article],
        **place(of, where[article, 0], "Actor1", columns), **place(of, where[article, 1], "Actor2", columns),
        **place(of, where[article, 0], "Action", columns),
        "DATEADDED": pl.Series([added]).new_from_index(0, n), "SOURCEURL": url[article],
    }  # fmt: skip
    if columns == 57:
        del made["SOURCEURL"]
    return pl.DataFrame(made)


def soiled(rng: np.random.Generator, rows: pl.DataFrame) -> bytes:
    """The rows as a file, with what is wrong in real ones."""
    n = rows.height
    many = max(1, n // 50_000)
    repeated = rows[np.sort(rng.integers(0, n, max(1, n // 2000)))]
    spots = rng.choice(n, 4 * many, replace=False)
    at = pl.Series(np.arange(n))
    rows = rows.with_columns(
        EventCode=pl.when(at.is_in(spots[:many].tolist())).then(pl.lit("999")).otherwise("EventCode"),
        SQLDATE=pl.when(at.is_in(spots[many : 2 * many].tolist()))
        .then(pl.lit("20159999"))
        .otherwise("SQLDATE"),
        ActionGeo_Lat=pl.when(at.is_in(spots[2 * many : 3 * many].tolist()))
        .then(pl.lit("#"))
        .otherwise("ActionGeo_Lat"),
        Actor1Geo_FullName=pl.when(at.is_in(spots[3 * many :].tolist()))
        .then(pl.col("Actor1Geo_FullName") + '"é日')
        .otherwise("Actor1Geo_FullName"),
    )
    text = (
        pl.concat([rows, repeated])
        .write_csv(include_header=False, separator="\t", quote_style="never")
        .encode()
    )
    lines = text.splitlines(keepends=True)
    for spot in rng.choice(n, many, replace=False):
        lines[spot] = lines[spot].replace(b"\t", b"", 1)
    for spot in rng.choice(n, many, replace=False):
        lines[spot] = lines[spot].replace(b"a", b"\xe9", 1)
    return b"".join(lines)


def files(
    n: int, count: int, seed: int, columns: int = 58, start: date = date(2014, 11, 20)
) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of `count` files with `n` rows in all; a day apart (57 columns: a month)."""
    rng = np.random.default_rng(seed)
    of = world(rng)
    each = n // count
    before: pl.DataFrame | None = None
    for number in range(count):
        day = start + timedelta(days=number * (31 if columns == 57 else 1))
        rows = table(rng, of, day, each, 410_000_000 + number * each, columns)
        if before is not None and number == count - 1:
            rows = pl.concat([rows, before.head(100).with_columns(NumArticles=pl.lit("77"))])
        before = rows
        name = {57: f"{day:%Y%m}.csv", 58: f"{day:%Y%m%d}.export.CSV", 61: f"{day:%Y%m%d}120000.export.CSV"}[
            columns
        ]
        yield name, soiled(rng, rows)


def write(folder: Path, n: int, count: int, seed: int, columns: int = 58) -> list[Path]:
    """Zipped files in a folder, as the publisher has them."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for name, data in files(n, count, seed, columns):
        made.append(folder / f"{name}.zip")
        with zipfile.ZipFile(made[-1], "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.writestr(name, data)
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_500_000)
    parser.add_argument("--files", type=int, default=10)
    parser.add_argument("--columns", type=int, choices=(57, 58, 61), default=58)
    parser.add_argument("--seed", type=int, required=True)
    asked = parser.parse_args()
    made = write(asked.folder, asked.rows, asked.files, asked.seed, asked.columns)
    print(f"{len(made)} files, {sum(path.stat().st_size for path in made) / 1e6:.1f} MB zipped")
