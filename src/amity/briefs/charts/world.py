"""The map of a portrait: every tie where its state lies, as one drawing that needs no script and fetches nothing.

Outlines are Natural Earth's (`assets/world.json` says from where, `benchmarks/world_outlines.py` makes it). Each state
carries a class for every reading, and the page's style colours them by the one that is chosen. Colour says two things
at once, how much and how surely: a value whose 90 % interval holds nought is pale, and what is surely below nought is
also stippled, so that it can be told in grey. What is unknown is hatched; land that is no state of the month is plain.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from amity.briefs.portrait_words import breadth, chance, met, reading, trend
from amity.briefs.templates import asset

if TYPE_CHECKING:
    from collections.abc import Callable

    from amity.briefs.portrait import Portrait, Reading, Tie, Trust

__all__ = ["KEYS", "READINGS", "Shade", "drawing", "elsewhere", "shade"]

FAR = 50
"""Points beyond which a sure value has the stronger colour."""
SURE = 0.95
"""The chance from which a change is sure on its side: that of an interval of 90 %."""
CHANCES, FIELDS = (0.5, 0.75, 0.9), (0.5, 1.5, 2.5)


@dataclass(frozen=True, slots=True)
class Shade:
    """A reading that the map can show: its letter in classes, its name, and which colours it has."""

    letter: str
    name: str
    key: str
    of: Callable[[Tie], str]
    """The shade of a tie; empty: unknown."""


def shade(one: Reading | None) -> str:
    """The colour of a value with its interval.

    >>> from amity.briefs.portrait import Reading
    >>> [shade(Reading(at, at - 30, at + 30, 0.0, 0.5, 3)) for at in (-60.0, -40.0, -20.0, 20.0, 40.0, 60.0)]
    ['n2', 'n1', 'n0', 'p0', 'p1', 'p2']
    """
    if one is None:
        return ""
    return _signed(one.value, sure=one.low > 0 or one.high < 0)


def _signed(value: float, *, sure: bool) -> str:
    return f"{'p' if value >= 0 else 'n'}{(2 if abs(value) > FAR else 1) if sure else 0}"


def _changed(one: Reading | None) -> str:
    if one is None or one.change is None or one.rises is None:
        return ""
    return _signed(one.change, sure=max(one.rises, 1 - one.rises) >= SURE)


def _step(value: float, ends: tuple[float, ...]) -> str:
    """
    >>> _step(0.8, (0.5, 0.75, 0.9))
    's2'
    """
    return f"s{sum(value >= end for end in ends)}"


def _trust(one: Trust | None) -> str:
    return _step(one.value, CHANCES) if one else ""


READINGS = (
    Shade("e", "Engagement", "signed", lambda tie: shade(tie.engagement)),
    Shade("c", "Change in five years", "signed", lambda tie: _changed(tie.engagement)),
    Shade("t", "Tone", "signed", lambda tie: shade(tie.tone)),
    Shade("a", "Alignment", "signed", lambda tie: shade(tie.alignment)),
    Shade("r", "It trusts", "chance", lambda tie: _trust(tie.trusts)),
    Shade("s", "It is trusted", "chance", lambda tie: _trust(tie.trusted)),
    Shade("b", "Fields alive", "fields", lambda tie: _step(tie.breadth[0], FIELDS) if tie.breadth else ""),
)
KEYS = {
    "signed": (
        ("n2", f"surely below −{FAR}"), ("n1", "surely below 0"), ("n0", "below 0, not surely"),
        ("p0", "above 0, not surely"), ("p1", "surely above 0"), ("p2", f"surely above {FAR}"),
    ),
    "chance": (("s0", "below 0.5"), ("s1", "0.5 to 0.75"), ("s2", "0.75 to 0.9"), ("s3", "0.9 and above")),
    "fields": (("s0", "none"), ("s1", "one"), ("s2", "two"), ("s3", "three and more")),
}  # fmt: skip
"""What the colours of a reading stand for, by class."""
HATCHES = """<defs>
<pattern id="unknown" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
<path d="M0 0v9" class="hatch"/></pattern>
<pattern id="n1" width="8" height="8" patternUnits="userSpaceOnUse"><path d="M0 0h8v8H0z" class="n1"/>\
<circle cx="4" cy="4" r="1.3" class="stipple"/></pattern>
<pattern id="n2" width="8" height="8" patternUnits="userSpaceOnUse"><path d="M0 0h8v8H0z" class="n2"/>\
<circle cx="4" cy="4" r="1.3" class="stipple"/></pattern>
</defs>"""


@cache
def world() -> dict[str, Any]:
    """The outlines: `size` of the paper, `land` and `dots` by Correlates of War code, `no_state`, `borders`."""
    return json.loads(asset("world.json"))


def elsewhere(one: Portrait) -> tuple[str, ...]:
    """The names of states of the portrait that the map of today has no place for."""
    on = world()
    return tuple(tie.name for tie in one.ties if not {str(tie.ccode)} & ({*on["land"]} | {*on["dots"]}))


def drawing(one: Portrait) -> Markup:
    """The map as SVG; every state has its numbers as its title."""
    on = world()
    wide, high = on["size"]
    ties = {str(tie.ccode): tie for tie in one.ties}
    plain = [path for code, path in on["land"].items() if code not in ties and code != str(one.ccode)]
    parts = [f'<path class="none" d="{on["no_state"]}{"".join(plain)}"/>']
    parts += [
        _placed(code, f'<path d="{on["land"][code]}"', tie)
        for code, tie in ties.items()
        if code in on["land"]
    ]
    own = on["land"].get(str(one.ccode))
    parts += [f'<path class="own" d="{own}"><title>{escape(one.name)}</title></path>'] if own else []
    parts.append(f'<path class="borders" d="{on["borders"]}"/>')
    for code, (x, y) in on["dots"].items():
        dot = f'<circle cx="{x}" cy="{y}" r="7"'
        if code in ties:
            parts.append(_placed(code, dot, ties[code]))
        elif code == str(one.ccode):
            parts.append(f'{dot} class="own"><title>{escape(one.name)}</title></circle>')
    said = escape(f"Map of the world: {one.name} and its ties in {one.month:%B %Y}")
    return Markup(  # noqa: S704  (our own outlines, and names that are escaped)
        f'<svg class="world" viewBox="-8 -8 {wide + 16} {high + 16}" role="group" aria-label="{said}">{HATCHES}\n'
        + "\n".join(parts)
        + "\n</svg>"
    )


def _placed(code: str, begins: str, tie: Tie) -> str:
    """A state of the map, with its classes and its numbers."""
    told = " ".join(f"{part.letter}-{name}" for part in READINGS if (name := part.of(tie)))
    kind = begins[1:].partition(" ")[0]
    return f'{begins} class="{told}" id="at{code}"><title>{escape(says(tie))}</title></{kind}>'


def says(tie: Tie) -> str:
    """The numbers of a tie in a sentence."""
    told = [
        f"{tie.name}{'' if tie.rank is None else f', rank {tie.rank}'}: engagement {reading(tie.engagement)}",
        f"{trend(tie.engagement)} in five years" if trend(tie.engagement) else "",
        f"tone {reading(tie.tone)}",
        f"alignment {reading(tie.alignment)}",
        f"trusts {chance(tie.trusts)}, is trusted {chance(tie.trusted)}",
        f"fields alive {breadth(tie)}",
        f"last visit of a leader or foreign minister {met(tie)}",
    ]
    return "; ".join(part for part in told if part)
