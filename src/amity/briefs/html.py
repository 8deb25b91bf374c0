"""The brief as one self-contained page: no network, no eval, charts drawn by one script that stands in the page."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from amity.briefs.charts import charts
from amity.briefs.page import page
from amity.briefs.templates import asset, template

if TYPE_CHECKING:
    from amity.briefs.answer import Brief, RollCall


def html(brief: Brief) -> str:
    """The page as text. The same brief gives the same bytes."""
    specs = charts(brief)
    script = asset("charts.js").replace("</script", "<\\/script")
    return template("page.html.jinja").render(
        brief=brief,
        page=page(brief, tuple(specs)),
        css=Markup(asset("page.css")),  # noqa: S704  (our own file)
        script=Markup(script),  # noqa: S704  (our own file)
        script_hash=content_hash(script),
        data=Markup(embedded(payload(brief, specs))),  # noqa: S704  (escaped by `embedded`)
    )


def content_hash(script: str) -> str:
    """The hash by which the page's own policy admits its one script, and no other."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"sha256-{digest}"


def payload(brief: Brief, specs: object) -> dict[str, object]:
    """What the script reads: the charts, the brief, and the roll calls as short rows."""
    question = brief.question
    parties = [question.a, question.b, *([question.third] if question.third else [])]
    rows = [
        [
            one.year,
            shown(one),
            one.symbol or one.item,
            one.title,
            one.vote_a,
            one.vote_b,
        ]
        + ([one.vote_third] if question.third else [])
        for one in brief.roll_calls
    ]
    slim = replace(
        brief, roll_calls=(), sources=(), standing=None, state=None,
        shadow=None, between=None, followed=None, programmes=(), ledger=None,
    ).to_dict()  # fmt: skip
    return {
        "brief": slim,
        "charts": specs,
        "roll_calls": rows,
        "names": {str(party.ccode): party.name for party in parties},
    }


def shown(one: RollCall) -> str:
    """The date of a roll call, no more exact than it is known."""
    return one.date.isoformat()[: {"month": 7, "year": 4}.get(one.precision or "day", 10)]


def embedded(data: dict[str, object]) -> str:
    """JSON that cannot close the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
