"""Sites of coded events for the server of `publisher.py`: small files in the publishers' shapes, and their lists.

The rows are made up here; only their columns are the publishers'.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date, datetime, timedelta

BUCKET = "/storage.googleapis.com/data.gdeltproject.org"
DATAVERSE = "/dataverse.harvard.edu"
HOSTS = ("storage.googleapis.com", "dataverse.harvard.edu")
STATES = ("KHM", "USA", "CHN", "THA")
CODES = ("010", "036", "040", "057", "111", "130", "190")


def mirrors(address: str) -> tuple[tuple[str, str], ...]:
    """Both publishers at the address of a server of this machine."""
    return tuple((f"https://{host}/", f"{address}/{host}/") for host in HOSTS)


def rows(day: date, count: int, *, added: str, geo: int, first: int = 0) -> bytes:
    """Lines of a GDELT file: 58 columns of GDELT 1 with `geo` 7, 61 of GDELT 2 with `geo` 8."""
    lines: list[str] = []
    for n in range(count):
        one, two = STATES[n % 4], STATES[(n // 4 + n + 1) % 4]
        code = CODES[n % len(CODES)]
        actor = [[f"{s}GOV", s, s, "", "", "", "", "GOV", "", ""] for s in (one, two)]
        act = ["1", code, code[:3], code[:2], "1", "1.0", "2", "1", str(n % 5 + 1), "0.5"]
        places = [""] * (3 * geo)
        start = [f"{day:%Y%m%d}{first + n:06d}", f"{day:%Y%m%d}", f"{day:%Y%m}", f"{day:%Y}", f"{day:%Y}.5"]
        lines.append("\t".join([*start, *actor[0], *actor[1], *act, *places, added, "https://example.org/a"]))
    return "".join(f"{line}\n" for line in lines).encode()


def zipped(name: str, data: bytes) -> bytes:
    """A zip with one file, the same bytes at every call."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name.removesuffix(".zip"), (2024, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def gdelt1(days: int = 5, count: int = 40, start: date = date(2014, 1, 1)) -> dict[str, bytes]:
    """So many daily files of GDELT 1, with its two lists."""
    files: dict[str, bytes] = {}
    for day in (start + timedelta(days=n) for n in range(days)):
        name = f"{day:%Y%m%d}.export.CSV.zip"
        files[f"{BUCKET}/events/{name}"] = zipped(name, rows(day, count, added=f"{day:%Y%m%d}", geo=7))
    return files | lists1(files)


def lists1(files: dict[str, bytes]) -> dict[str, bytes]:
    """GDELT 1's lists of the files that there are."""
    found = {path.rpartition("/")[2]: data for path, data in files.items() if path.endswith(".zip")}
    sizes = "".join(f"{len(data)} {name}\n" for name, data in found.items())
    hashes = "".join(f"{md5(data)}  {name}\n" for name, data in found.items())
    return {f"{BUCKET}/events/filesizes": sizes.encode(), f"{BUCKET}/events/md5sums": hashes.encode()}


def gdelt2(quarters: int = 8, count: int = 10, start: datetime = datetime(2018, 1, 1)) -> dict[str, bytes]:  # noqa: DTZ001
    """So many quarters of an hour of GDELT 2, with its list of many other files and a few lines that are none."""
    files: dict[str, bytes] = {}
    for n in range(quarters):
        moment = start + timedelta(minutes=15 * n)
        name = f"{moment:%Y%m%d%H%M%S}.export.CSV.zip"
        data = rows(moment.date(), count, added=f"{moment:%Y%m%d%H%M%S}", geo=8, first=1000 * n)
        files[f"{BUCKET}/gdeltv2/{name}"] = zipped(name, data)
    return files | list2(files)


def list2(files: dict[str, bytes]) -> dict[str, bytes]:
    """GDELT 2's list of the files that there are: its addresses are without TLS, as the real ones are."""
    lines: list[str] = []
    for path, data in files.items():
        if path.endswith(".zip"):
            there = path.replace(f"{BUCKET}/", "http://data.gdeltproject.org/")
            lines += [
                f"{len(data)} {md5(data)} {there}",
                f"7 {md5(b'')} {there.replace('export', 'mentions')}",
            ]
    lines.insert(2, "http://data.gdeltproject.org/gdeltv2/")
    return {f"{BUCKET}/gdeltv2/masterfilelist.txt": "".join(f"{line}\n" for line in lines).encode()}


def data_set(doi: str, files: dict[str, bytes], restricted: tuple[str, ...] = ()) -> dict[str, bytes]:
    """A data set of Dataverse's: what its API says of the files, and the files."""
    entries = [
        {
            "label": name,
            "restricted": name in restricted,
            "dataFile": {
                "id": 1000 + n,
                "filename": name,
                "filesize": len(data),
                "md5": md5(data),
                "creationDate": "2020-01-01",
            },
        }
        for n, (name, data) in enumerate(files.items())
    ]
    said = json.dumps({"status": "OK", "data": {"latestVersion": {"files": entries}}}).encode()
    shelf = {f"{DATAVERSE}/api/access/datafile/{1000 + n}": data for n, data in enumerate(files.values())}
    return {f"{DATAVERSE}/api/datasets/:persistentId/?persistentId={doi}": said} | shelf


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
