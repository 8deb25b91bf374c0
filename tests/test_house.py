"""The house: what a newcomer is told works, what is committed is what was built, and nothing strays in."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

import amity
from amity.cli.screen import PREPARING

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCRIPT = ROOT / "src" / "amity" / "briefs" / "assets" / "charts.js"
BLOCKS = re.findall(r"^```\w*\n(.*?)\n```$", README, re.DOTALL | re.MULTILINE)

LARGE = {"uv.lock", "js/package-lock.json", "src/amity/briefs/assets/charts.js"}
PLACES = re.compile("|".join(map(re.escape, ("/" + "work/", "/" + "root/", "/" + "tmp/", "/home/" + "user"))))
MAKERS = re.compile(
    r"\b(?:" + "|".join(("cla" + "ude", "anth" + "ropic", "sub" + "agents?", "chat" + "gpt")) + r")\b", re.I
)

REFUSING = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {refused}:
            raise ModuleNotFoundError(f"{{name}} is not installed for those who only use amity")

sys.meta_path.insert(0, Refuse())
from amity.cli import main
main()
"""


def tracked() -> list[str]:
    """The files of the repository; skips where this is no checkout."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def needed(name: str, seen: set[str]) -> set[str]:
    """The distributions that one needs at run time, itself included; extras left out."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    if plain in seen:
        return seen
    seen.add(plain)
    try:
        wanted = distribution(plain).requires or []
    except ModuleNotFoundError:  # needed on other systems only
        return seen
    for line in wanted:
        if "extra ==" not in line:
            needed(named(line), seen)
    return seen


def named(line: str) -> str:
    """The distribution in a line such as `polars>=1.30; python_version > "3"`."""
    return re.split(r"[\s;<>=!~\[(]", line, maxsplit=1)[0]


def only_for_developers() -> set[str]:
    """Top-level modules of this environment that are no run-time dependency of amity's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = {"amity"}
    for line in project["dependencies"]:
        needed(named(line), runtime)
    return {
        module
        for module, names in packages_distributions().items()
        if not {re.sub(r"[-_.]+", "-", name).lower() for name in names} & runtime
    }


def test_the_readme_begins_with_one_command_and_ends_with_the_tests() -> None:
    first, *_ = BLOCKS
    assert first == "pip install uv && uv run amity brief KHM USA --shadow CHN"
    assert sum(block.startswith("pip install uv && uv run") for block in BLOCKS) == 2


def test_ci_runs_the_tests_that_the_readme_names() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    pattern = re.search(r"sed -n '(s/.*?/p)' README\.md", ci)
    assert pattern is not None
    found = subprocess.run(
        ["sed", "-n", pattern[1], "README.md"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert len(found) == 1
    assert found[0] in BLOCKS
    assert "pytest" in found[0]
    assert 'bash -c "$tests"' in ci
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=False).returncode == 0


def test_what_developers_alone_have_is_told_apart() -> None:
    refused = only_for_developers()
    assert {"pytest", "_pytest", "hypothesis", "playwright"} <= refused
    assert not {"amity", "click", "polars", "duckdb", "numpy", "httpx", "jinja2"} & refused


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("brief KHM USA --shadow CHN --format html,md,json,txt", 4),
        ("panel KHM USA --grain month --from 2010 --out panel.csv", 1),
        ("panel KHM USA --out panel.parquet", 1),
        ("panel KHM USA --out panel.dta", 1),
        ("sources", 0),
        ("verify", 0),
        ("cite --bibtex", 0),
    ],
)
def test_commands_need_no_tools_of_developers(words: str, made: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    script = REFUSING.format(refused=sorted(only_for_developers()))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, "--home", str(tmp_path / "home"), *words.split()],
        cwd=out, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # On a machine that has never compiled the engine a brief says so, and nothing else.
    assert done.stderr in {"", f"{PREPARING}\n"}
    assert len(list(out.iterdir())) == made


def test_the_readmes_first_command_answers_offline(tmp_path: Path) -> None:
    words = shlex.split(BLOCKS[0].partition("uv run ")[2])
    assert words[0] == "amity"
    script = "import socket, sys\nsocket.socket = None\nfrom amity.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", script, "--home", str(tmp_path / "home"), *words[1:]],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # On a machine that has never compiled the engine a brief says so, and nothing else.
    assert done.stderr in {"", f"{PREPARING}\n"}
    assert "Cambodia and the United States" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["amity-KHM-USA-CHN.html"]


def test_the_pages_script_was_built_from_its_source() -> None:
    """`js/BUILT` is written by the build; what it names must still have the hashes that it had then."""
    for line in (ROOT / "js" / "BUILT").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        found = hashlib.sha256((ROOT / "js" / name).read_bytes()).hexdigest()
        assert found == digest, f"{name} has changed since the last `just charts`"


def test_building_the_pages_script_again_gives_the_same(tmp_path: Path) -> None:
    if shutil.which("node") is None or not (ROOT / "js" / "node_modules" / ".bin" / "esbuild").exists():
        pytest.skip("needs Node and `npm ci` in js/")
    build = json.loads((ROOT / "js" / "package.json").read_text(encoding="utf-8"))["scripts"]["build"]
    words = [word for word in shlex.split(build) if not word.startswith("--outfile")]
    program = str(ROOT / "js" / "node_modules" / ".bin" / words[0])
    out = tmp_path / "charts.js"
    subprocess.run(
        [program, *words[1:], f"--outfile={out}"], cwd=ROOT / "js", capture_output=True, check=True
    )
    assert out.read_bytes() == SCRIPT.read_bytes()


def test_one_version_is_named_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert project["version"] == amity.__version__
    assert f"\nversion: {amity.__version__}\n" in citation
    assert re.findall(r"^## (\S+)", changes, re.MULTILINE)[0] == amity.__version__


def test_nothing_in_the_repository_tells_of_the_machine_or_the_hands_that_made_it() -> None:
    for name in tracked():
        if name in LARGE:
            continue
        text = (ROOT / name).read_bytes().decode("utf-8", "replace")
        assert not PLACES.search(text), name
        assert not MAKERS.search(text), name


def test_packages_come_from_the_public_registries() -> None:
    for lock, hosts in (
        ("uv.lock", {"pypi.org", "files.pythonhosted.org"}),
        ("js/package-lock.json", {"registry.npmjs.org"}),
    ):
        text = (ROOT / lock).read_text(encoding="utf-8")
        asked = re.findall(r'(?:"resolved": "|registry = "|url = ")https?://([^/"]+)', text)
        assert set(asked) <= hosts


def test_what_is_committed_is_small() -> None:
    for name in tracked():
        limit = (
            1_500_000 if name in LARGE or name.startswith(("src/amity/pack/", "docs/images/")) else 250_000
        )
        assert (ROOT / name).stat().st_size < limit, name
    pack = [(ROOT / name).stat().st_size for name in tracked() if name.startswith("src/amity/pack/")]
    assert sum(pack) < 6_000_000


def test_samples_are_small_and_of_our_own_making() -> None:
    for path in (ROOT / "tests" / "samples").rglob("*"):
        if path.is_file():
            assert path.stat().st_size < 20_000, path


@pytest.mark.publisher_data
def test_no_publishers_file_is_in_the_repository(publisher_data: Path) -> None:
    ours = {(ROOT / name).stat().st_size: name for name in tracked() if (ROOT / name).stat().st_size > 64}
    hashes = {hashlib.sha256((ROOT / name).read_bytes()).digest(): name for name in tracked()}
    for path in publisher_data.rglob("*"):
        if path.is_file() and path.stat().st_size in ours:
            assert hashlib.sha256(path.read_bytes()).digest() not in hashes, path.name
