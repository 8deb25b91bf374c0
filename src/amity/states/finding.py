"""From what a person types to a state: names of today and of old, and codes; exact, or refused with suggestions."""

from __future__ import annotations

import re
from datetime import date
from typing import NoReturn

from amity.errors import AmbiguousStateError, UnknownStateError
from amity.states.meanings import Meaning, meanings
from amity.states.system import State, by_ccode, spells_by_code
from amity.states.words import LONGEST, key

_SCHEMES = {
    "cow": ("ccode", "cowc"),
    "gw": ("gwcode", "gwc"),
    "iso": ("iso3c", "iso2c"),
    "iso3": ("iso3c",),
    "iso2": ("iso2c",),
    "fips": ("fips",),
    "cameo": ("cameo",),
    "gdelt": ("cameo",),
}
_SAID = re.compile(
    r"\s*(cow|gw|iso|iso2|iso3|fips|cameo|gdelt)(?:\s*:\s*|\s+)([0-9a-z]{1,4})\s*", re.IGNORECASE
)
_MEND = "run `amity states` to see the names and codes that amity reads"


def find(text: str | int, on: date | None = None) -> State:
    """The state that a name or code stands for, today or on a day.

    Read are, in this order: a number (Correlates of War; Gleditsch-Ward only where no Correlates of War state
    has it), three letters as ISO 3166 and two letters as ISO 3166, names of today and of old, Correlates of War
    letters. The list is said with a word in front where two lists disagree: `cow AUS` is Austria and `AUS` is
    Australia; `gw 970` is Kiribati and `970` is Nauru; `fips CB` is Cambodia. Words to say it with: cow, gw, iso2,
    iso3, fips, cameo.

    Case, accents, punctuation, "the", "&" and "St." make no difference. Nothing else is forgiven: a misspelt name
    is refused, with the closest names as a suggestion. A name is taken as it was meant on the day `on`; the state
    need not be in the system on that day.

    Raises UnknownStateError, or AmbiguousStateError where several states go by the name.

    >>> find("Siam").name, find("khm").ccode, find("Côte d’Ivoire").iso3c, find("gw 678").name
    ('Thailand', 811, 'CIV', 'Yemen')
    >>> find("Germany", date(1960, 1, 1))
    Traceback (most recent call last):
    ...
    amity.errors.AmbiguousStateError: error[ambiguous-state]: 'Germany' on 1960-01-01 could be German Federal \
Republic (260) or German Democratic Republic (265)
      to mend: say which, by name, ISO-3 (DEU, DDR) or Correlates of War code
    """
    said = str(text).strip()
    name = key(said[:LONGEST])
    if not name or len(said) > LONGEST:
        raise UnknownStateError(f"no state is called '{said[:40]}'", _MEND)
    found = _read(said, name)
    if not found:
        _refuse(said, name)
    return _choose(said, found, on)


def _read(said: str, name: str) -> tuple[Meaning, ...]:
    scheme = _SAID.fullmatch(said)
    if scheme:
        return _first(key(scheme[2]), _SCHEMES[scheme[1].casefold()])
    if said.isdecimal():
        return _first(str(int(said)), ("ccode", "gwcode"))
    if any(sign.isdecimal() for sign in said):
        # No code is hidden in '-2' or '2.0': with digits, the whole name must be one that people type.
        return _first(name, ("people",)) if not name.isdecimal() else ()
    lists = {3: ("iso3c", "people", "cowc"), 2: ("iso2c", "people")}.get(len(name), ("people",))
    return _first(name, lists)


def _first(name: str, lists: tuple[str, ...]) -> tuple[Meaning, ...]:
    return next((found for scheme in lists if (found := meanings(scheme).get(name))), ())


def _choose(said: str, found: tuple[Meaning, ...], on: date | None) -> State:
    when = on or date.today()  # noqa: DTZ011  (a day of the calendar, wherever the person sits)
    now = [meaning for meaning in found if meaning.holds(when)]
    if not now and on is None:
        now = list(found)
    asked = f"'{said}'" + (f" on {on}" if on else "")
    codes = sorted(
        {meaning.ccode for meaning in now if meaning.ccode is not None}, key=lambda code: (-code, code)
    )
    if not codes:
        _explain(asked, found, now)
    if len({by_ccode(code).ccode for code in codes}) > 1:
        _ask(asked, sorted(codes))
    return by_ccode(codes[0])


def _explain(asked: str, found: tuple[Meaning, ...], now: list[Meaning]) -> NoReturn:
    if now:
        raise UnknownStateError(f"{asked} is not in the system of states: {now[0].left_out}", _MEND)
    days = " and ".join(_span(meaning) for meaning in found)
    raise UnknownStateError(
        f"{asked} was no state's name; it was {days}", "give a day on which it was, or another name"
    )


def _span(meaning: Meaning) -> str:
    name = spells_by_code()[meaning.ccode][-1].name if meaning.ccode else "no state"
    return f"{name} ({meaning.start or 'the first'} to {meaning.end or 'today'})"


def _ask(asked: str, codes: list[int]) -> NoReturn:
    choices = " or ".join(f"{spells_by_code()[code][-1].name} ({code})" for code in codes)
    iso = [by_ccode(code).iso3c for code in codes]
    letters = f", ISO-3 ({', '.join(filter(None, iso))})" if all(iso) and len(set(iso)) == len(iso) else ""
    raise AmbiguousStateError(
        f"{asked} could be {choices}", f"say which, by name{letters} or Correlates of War code"
    )


def _refuse(said: str, name: str) -> NoReturn:
    from difflib import get_close_matches  # noqa: PLC0415  (only a refusal needs it)

    close = get_close_matches(name, [*meanings("people"), *meanings("iso3c")], n=3, cutoff=0.75)
    states = dict.fromkeys(_label(meaning) for match in close for meaning in _known(match) if meaning.ccode)
    hint = f"did you mean {' or '.join(states)}? Else {_MEND}" if states else _MEND
    raise UnknownStateError(f"no state is called '{said}'", hint)


def _known(match: str) -> tuple[Meaning, ...]:
    return meanings("people").get(match) or meanings("iso3c").get(match, ())


def _label(meaning: Meaning) -> str:
    state = by_ccode(meaning.ccode or 0)
    return f"{state.name} ({state.iso3c or state.cowc})"
