"""Makes `src/amity/briefs/assets/world.json`, the outlines of the world's states, from those of Natural Earth.

Natural Earth is in the public domain; its outlines come in the package `world-atlas` of npm (ISC licence):

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    uv run python benchmarks/world_outlines.py package

Land is that of the generalised map (1:110 million), in the Equal Earth projection (Šavrič, Patterson and Jenny 2018)
about 11° E, so that no state is cut. States that are not on that map, or smaller on it than a dot, are dots at the
middle of their largest piece on the finer one (1:50 million). Land of no state of the list (Greenland, Western Sahara)
is land alone; Antarctica is left out. Borders are drawn once, apart from the land.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

from amity import states
from amity.errors import AmityError

OUT = Path(__file__).parents[1] / "src" / "amity" / "briefs" / "assets" / "world.json"
WIDE, MIDDLE = 2000, 11.0
A = (1.340264, -0.081106, 0.000893, 0.003796)
SMALL = 60.0
"""Area on the map, in its units, below which a state is a dot."""
SEAM = -169.3
"""Where the paper is cut, between Chukotka and Alaska."""
CALLED = {
    "Dem. Rep. Congo": "COD", "Central African Rep.": "CAF", "Eq. Guinea": "GNQ", "Dominican Rep.": "DOM",
    "Bosnia and Herz.": "BIH", "Solomon Is.": "SLB", "eSwatini": "SWZ", "Czechia": "CZE", "S. Sudan": "SSD",
    "Marshall Is.": "MHL", "St. Vin. and Gren.": "VCT", "St. Kitts and Nevis": "KNA", "Antigua and Barb.": "ATG",
    "São Tomé and Principe": "STP", "Macedonia": "MKD", "Côte d'Ivoire": "CIV", "Congo": "COG", "Vatican": "",
    "Somaliland": "SOM", "N. Cyprus": "CYP",
}  # fmt: skip
"""Names that are shortened on the map; land that the list of states counts to another."""
LACKING = {"Tuvalu": (179.2, -8.5)}
"""Where states lie that neither map shows, by longitude and latitude."""
LEFT_OUT = ("Antarctica",)
Point = tuple[float, float]


def project(lon: float, lat: float) -> Point:
    """A place in the Equal Earth projection, in units of the globe's radius; past 180° it goes on."""
    t = asin(sqrt(3) / 2 * sin(radians(lat)))
    a1, a2, a3, a4 = A
    down = a1 + 3 * a2 * t**2 + t**6 * (7 * a3 + 9 * a4 * t**2)
    return (
        2 * sqrt(3) * radians(lon - MIDDLE) * cos(t) / (3 * down),
        t * (a1 + a2 * t**2 + t**6 * (a3 + a4 * t**2)),
    )


def arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Every arc as longitudes and latitudes."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    made: list[list[Point]] = []
    for arc in topology["arcs"]:
        x = y = 0
        line: list[Point] = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((round(x * sx + tx, 4), round(y * sy + ty, 4)))
        made.append(line)
    return made


def ring(lines: list[list[Point]], numbers: list[int]) -> list[Point]:
    """The points of a ring of arcs; a negative number is an arc the other way round."""
    points: list[Point] = []
    for n in numbers:
        line = lines[n] if n >= 0 else lines[~n][::-1]
        points += line[1:] if points else line
    return points


def polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    return shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]


def eastward(points: list[Point]) -> list[Point]:
    """Points one after the other without a jump at 180°, those past it at the eastern edge of the paper."""
    turns, made = 0, points[:1]
    for (before, _), (lon, lat) in pairwise(points):
        turns += (before - lon > 180) - (lon - before > 180)
        made.append((lon + 360 * turns, lat))
    back = 360 if sum(lon for lon, _ in made) / len(made) < SEAM else 0
    return [(lon + back, lat) for lon, lat in made]


def area(points: list[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True)) / 2


def middle(points: list[Point]) -> Point:
    size = area(points)
    turned = list(zip(points, points[1:] + points[:1], strict=True))
    x, y = (sum((a[k] + b[k]) * (a[0] * b[1] - b[0] * a[1]) for a, b in turned) / (6 * size) for k in (0, 1))
    return x, y


class Paper:
    """Where a place lies on the paper: its top left is 0, 0."""

    def __init__(self, shapes: list[list[Point]]) -> None:
        places = [project(*point) for shape in shapes for point in shape]
        west, east = min(x for x, _ in places), max(x for x, _ in places)
        self.west, self.north = west, max(y for _, y in places)
        self.scale = WIDE / (east - west)
        self.high = round((self.north - min(y for _, y in places)) * self.scale) + 1

    def at(self, point: Point) -> Point:
        x, y = project(*point)
        return (x - self.west) * self.scale, (self.north - y) * self.scale


def path(points: list[Point], *, close: bool = True) -> str:
    """A path in whole units: where it begins, then step by step."""
    whole = [(round(x), round(y)) for x, y in points]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(whole)]
    told = "".join(f"{' ' if dx >= 0 and n else ''}{dx}{' ' if dy >= 0 else ''}{dy}"
                   for n, (dx, dy) in enumerate(step for step in steps if step != (0, 0)))  # fmt: skip
    return f"M{whole[0][0]} {whole[0][1]}l{told}{'z' if close else ''}" if told else ""


def code_of(name: str) -> int | None:
    """The state that land belongs to; None: to none of the list."""
    try:
        return states.find(CALLED.get(name, name)).ccode
    except AmityError:
        return None


def made(folder: Path) -> dict[str, Any]:
    read = {scale: (folder / f"countries-{scale}.json").read_bytes() for scale in ("110m", "50m")}
    coarse, fine = (json.loads(read[scale]) for scale in ("110m", "50m"))
    lines = arcs(coarse)
    shapes = [
        s for s in coarse["objects"]["countries"]["geometries"] if s["properties"]["name"] not in LEFT_OUT
    ]
    paper = Paper([eastward(ring(lines, r)) for s in shapes for rings in polygons(s) for r in rings])
    land: dict[str, str] = {}
    size: dict[str, float] = {}
    owners: dict[int, set[str]] = {}
    for shape in shapes:
        code = code_of(shape["properties"]["name"])
        key = "" if code is None else str(code)
        for rings in polygons(shape):
            for n, numbers in enumerate(rings):
                points = [paper.at(p) for p in eastward(ring(lines, numbers))]
                land[key] = land.get(key, "") + path(points)
                size[key] = size.get(key, 0.0) + abs(area(points)) * (1 if n == 0 else -1)
                for number in numbers:
                    owners.setdefault(number if number >= 0 else ~number, set()).add(
                        key or shape["properties"]["name"]
                    )
    borders = "".join(
        path([paper.at(p) for p in eastward(lines[n])], close=False)
        for n in sorted(owners)
        if len(owners[n]) > 1
    )
    return {
        "made_from": {
            "what": "Natural Earth, Admin 0 countries, 1:110m and 1:50m, through world-atlas 2.0.2 of npm",
            "licence": "public domain (Natural Earth), ISC (world-atlas)",
            "url": "https://www.naturalearthdata.com/about/terms-of-use/",
            "sha256": {f"countries-{scale}.json": hashlib.sha256(data).hexdigest() for scale, data in read.items()},
            "projection": "Equal Earth about 11° E",
        },
        "size": [WIDE, paper.high],
        "land": dict(sorted((key, value) for key, value in land.items() if key)),
        "no_state": land.get("", ""),
        "borders": borders,
        "dots": dots(fine, paper, size),
    }  # fmt: skip


def dots(fine: dict[str, Any], paper: Paper, size: dict[str, float]) -> dict[str, list[int]]:
    """The middle of the largest piece of every state that is smaller than a dot."""
    lines = arcs(fine)
    found: dict[str, tuple[float, Point]] = {}
    for shape in fine["objects"]["countries"]["geometries"]:
        code = code_of(shape["properties"]["name"])
        if code is None or size.get(str(code), 0.0) >= SMALL:
            continue
        for rings in polygons(shape):
            points = [paper.at(p) for p in eastward(ring(lines, rings[0]))]
            big = abs(area(points))
            if big > found.get(str(code), (0.0, (0, 0)))[0]:
                found[str(code)] = (big, middle(points))
    found |= {str(states.find(name).ccode): (0.0, paper.at(place)) for name, place in LACKING.items()}
    return {code: [round(x), round(y)] for code, (_, (x, y)) in sorted(found.items())}


if __name__ == "__main__":
    told = made(Path(sys.argv[1]))
    OUT.write_text(
        json.dumps(told, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    have = Counter({*told["land"], *told["dots"]})
    now = {str(one.ccode): one.name for one in states.every() if one.spells[-1].end is None}
    print(
        f"{OUT.stat().st_size / 1000:.0f} kB, {len(told['land'])} outlines, {len(told['dots'])} dots, {told['size']}"
    )
    print("of no place:", [name for code, name in now.items() if code not in have])
    print("of no state today:", [code for code in have if code not in now])
