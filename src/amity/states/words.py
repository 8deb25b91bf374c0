"""How a name becomes comparable: case, accents, punctuation, "the", "&" and "St." do not tell states apart."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LONGEST = 120
"""Longest text that is looked at as a name; no state's name is half as long."""

_ALIKE = {"st": "saint", "&": "and"}
_DROPPED = frozenset({"the"})


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """The comparable form of a name; empty when nothing is left of it.

    >>> key("  The Côte d’Ivoire"), key("St. Kitts & Nevis"), key("Korea, Republic of")
    ('cote divoire', 'saint kitts and nevis', 'republic of korea')
    """
    if text.count(",") == 1:
        before, after = text.split(",")
        text = f"{after} {before}"
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("&", " & ")
    letters = "".join(_letter(sign) for sign in plain)
    words = letters.split()
    if len(words) == 1:
        return "" if words[0] in _DROPPED else words[0]
    return " ".join(_ALIKE.get(word, word) for word in words if word not in _DROPPED)


def _letter(sign: str) -> str:
    if sign.isalnum() or sign in "&/":
        return sign
    # Apostrophes, full stops and accents join what they stand between; other signs part it.
    return "" if sign in ".'’‘`ʼ" or unicodedata.combining(sign) else " "
