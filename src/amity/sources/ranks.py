"""Ranks as data: of foreign leaders by their titles, and of chiefs of mission by theirs.

A title that is not here is new: the parser that meets it stops and says so.
"""

from __future__ import annotations

import re

LEADERS = {
    "head of state": (
        *("President", "Acting President", "Interim President", "Provisional President", "King", "Queen"),
        *("Emperor", "Empress", "Emir", "Amir", "Shah", "Sultan", "Prince", "Princess", "Grand Duke"),
        *("Grand Duchess", "Pope", "Regent Prince", "Chief of State", "Head of State"),
        *("Chairman", "General Secretary", "First Secretary"),
        *("General", "Brigadier General", "Lieutenant General", "Major General"),
    ),
    "head of government": (
        *("Prime Minister", "Acting Prime Minister", "Interim Prime Minister", "Prime Minster"),
        *("Prime Ministere", "Premier", "Chancellor", "Federal Chancellor", "Taoiseach"),
        "President of the Council of Ministers",
    ),
    "foreign minister": ("Foreign Minister", "Minister of Foreign Affairs", "Secretary of State"),
    "other leader": (
        *("President-elect", "President-Elect", "President- elect", "President- designate"),
        *("Chancellor-elect", "Prime Minister-elect", "Crown Prince", "Crown Princess", "Vice President"),
        *("Vice Premier", "Deputy Prime Minister", "Governor General", "Junta Member"),
    ),
}
"""Rank by title. Party leaders, chairmen and generals are on the publisher's list because they led their state."""

PERSONS = {
    "Chairman Aleksei N. Kosygin": "head of government",
    "Chairman Hamid Karzai": "head of government",
    "Chairman Nicholas Brathwaite": "head of government",
    "General Omar Torrijos Herrera": "head of government",
    "Jose Luis Rodriguez Zapatero": "head of government",
    "Prime MinisterHaidar al- Abadi": "head of government",
    "Valdas Adamkus": "head of state",
    "Sheikh Haya Rashed al-Khalifa": "other leader",
    "Sheikh Nasser Sabah Al-Ahmed Al-Sabah": "other leader",
}
"""Rank of persons whose title is missing, misspelt beyond a rule, or says too little."""

_RANK_OF_TITLE = {title: rank for rank, titles in LEADERS.items() for title in titles}
_TITLE = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, _RANK_OF_TITLE), key=len, reverse=True))})(?=\W)")

LEVELS = {
    "ambassador-e-p": "ambassador",
    "envoy-extraordinary-minister-plenipotentiary": "minister",
    "envoy-extraordinary-minister-plenipotentiary-consul-general": "minister",
    "minister-plenipotentiary": "minister",
    "minister": "minister",
    "minister-resident": "minister resident",
    "minister-resident-and-extraordinary": "minister resident",
    "minister-resident-consul-general": "minister resident",
    "minister-resident-foreign-service-officer": "minister resident",
    "charge-daffaires": "chargé",
    "charge-daffaires-consul-general": "chargé",
    "charge-daffaires-ad-interim": "chargé ad interim",
    "charge-daffaires-pro-tem": "chargé ad interim",
    "commissioner": "commissioner",
    "commissioner-consul-general": "commissioner",
    "agent": "agent",
    "agent-consul-general": "agent",
    "diplomatic-agent": "agent",
    "diplomatic-agent-consul-general": "agent",
    "representative": "representative",
    "personal-representative-of-the-president": "representative",
    "consul-general": "consul general",
    "chief": "head of office",
    "director": "head of office",
    "principal-officer": "head of office",
    "acting-principal-officer": "head of office",
}
"""The publisher's 26 titles as ranks, highest first."""

WITHOUT_CREDENTIALS = ("chargé ad interim", "representative", "consul general", "head of office")
"""Ranks that present no credentials to a head of state: their day of start is that of taking charge."""


def leader_rank(visitor: str) -> str | None:
    """The rank that a visitor's title says, or None when the title is unknown.

    >>> leader_rank("Prime Minister Hun Sen"), leader_rank("President-elect Fox"), leader_rank("Citizen Kane")
    ('head of government', 'other leader', None)
    """
    title = _TITLE.match(visitor)
    return PERSONS.get(visitor) or (_RANK_OF_TITLE[title[0]] if title else None)
