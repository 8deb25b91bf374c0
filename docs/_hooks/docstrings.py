"""Docstrings as the site shows them: examples as code blocks, formulas as MathML, which browsers draw by themselves.

A Griffe extension, named in `mkdocs.yml`. Only the TeX that the measures use is known; a new command stops the build.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

import griffe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LETTERS = {
    r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\delta": "δ", r"\eta": "η", r"\theta": "θ", r"\kappa": "κ",
    r"\lambda": "λ", r"\mu": "μ", r"\nu": "ν", r"\pi": "π", r"\rho": "ρ", r"\sigma": "σ", r"\varphi": "φ",
    r"\chi": "χ", r"\psi": "ψ", r"\Gamma": "Γ", r"\Lambda": "Λ", r"\Phi": "Φ", r"\Sigma": "Σ", r"\Delta": "Δ",
    r"\ell": "ℓ", r"\partial": "∂",
    r"\varepsilon": "ε", r"\nabla": "∇", r"\omega": "ω",
}  # fmt: skip
OPERATORS = {
    r"\sum": "∑", r"\cdot": "·", r"\odot": "⊙", r"\pm": "±", r"\max": "max", r"\min": "min",
    r"\log": "log", r"\exp": "exp", r"\tanh": "tanh",
    r"\in": "∈",
    r"\sim": "∼", r"\approx": "≈", r"\propto": "∝", r"\le": "≤", r"\ge": "≥", r"\mid": "|", r"\dots": "…",
    r"\cdots": "⋯", r"\top": "⊤", r"\{": "{", r"\}": "}", "-": "−", "'": "′",
}  # fmt: skip
ACCENTS = {r"\hat": "^", r"\tilde": "~", r"\bar": "¯"}
NAMES = {r"\mathrm", r"\operatorname"}
FRACTIONS = {r"\frac", r"\tfrac", r"\dfrac"}
SPACES = {r"\,": "0.17em", r"\;": "0.28em", r"\ ": "0.33em", r"\quad": "1em", r"\qquad": "2em"}
SIZES = {r"\left", r"\right", r"\big", r"\Big", r"\bigg", r"\Bigg", r"\textstyle"}
"""Sizes of brackets and signs, which MathML works out itself."""

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S|\s+")
_EXAMPLE = re.compile(r"^>>> .*(?:\n(?!\n).*)*", re.MULTILINE)
_DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_INLINE = re.compile(r"(?<![\w$`])\$([^$`\n]+(?:\n[^$`\n]+)?)\$(?![\w$])")


class Docstrings(griffe.Extension):
    """Rewrites each docstring when its object has been read, and gives records a table of their fields."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = markdown(obj.docstring.value)

    def on_class_members(self, *, cls: griffe.Class, **_: Any) -> None:
        if cls.docstring is not None and "dataclass" in cls.labels:
            fields = [one for one in cls.attributes.values() if "property" not in one.labels]
            cls.docstring.value = f"{cls.docstring.value}\n\n{table_of(fields)}"
            for field in fields:
                cls.del_member(field.name)


def table_of(fields: Sequence[griffe.Attribute]) -> str:
    """The fields of a record: name, type, and what each says where it says something."""
    told = [(field, " ".join(field.docstring.value.split()) if field.docstring else "") for field in fields]
    wide = any(says for _, says in told)
    rows = [("field", "type", "what it says"), ("---", "---", "---")]
    rows += [(f"`{field.name}`", f"`{field.annotation}`", says) for field, says in told]
    return "\n".join(f"| {' | '.join(row if wide else row[:2])} |" for row in rows)


def markdown(docstring: str) -> str:
    """A docstring with examples fenced and formulas as MathML.

    >>> markdown("One.\\n\\n>>> 1 + 1\\n2")
    'One.\\n\\n```pycon\\n>>> 1 + 1\\n2\\n```'
    """
    made = _EXAMPLE.sub(lambda found: f"```pycon\n{found[0].rstrip()}\n```", docstring)
    made = _DISPLAYED.sub(lambda found: mathml(found[1], display="block"), made)
    return _INLINE.sub(lambda found: mathml(found[1], display="inline"), made)


def mathml(tex: str, display: str) -> str:
    """A formula in MathML.

    >>> mathml("n_i", "inline")
    '<math display="inline"><msub><mi>n</mi><mi>i</mi></msub></math>'
    """
    tokens = [token for token in _TOKEN.findall(tex) if not token.isspace()]
    if r"\text" in tokens:  # white space counts in text only
        tokens = list(_with_text(tex))
    tokens.reverse()
    made = "".join(_row(tokens))
    if tokens:
        raise ValueError(f"unbalanced braces in the formula {tex!r}")
    return f'<math display="{display}">{made}</math>'


def _with_text(tex: str) -> Iterator[str]:
    for part in re.split(r"(\\text\{[^}]*\})", tex):
        if part.startswith(r"\text{"):
            yield part
        else:
            yield from (token for token in _TOKEN.findall(part) if not token.isspace())


def _row(tokens: list[str]) -> list[str]:
    """The elements up to the end of the group, taken off the end of `tokens`, which are in reverse."""
    row: list[str] = []
    while tokens and tokens[-1] != "}":
        token = tokens.pop()
        if token in {"_", "^"}:
            row.append(_script(row.pop() if row else "<mrow></mrow>", token, tokens))
        elif token not in SIZES:
            row.append(_element(token, tokens))
    return row


def _script(base: str, sign: str, tokens: list[str]) -> str:
    first = _argument(tokens)
    if tokens and tokens[-1] in {"_", "^"} and tokens[-1] != sign:
        tokens.pop()
        second = _argument(tokens)
        below, above = (first, second) if sign == "_" else (second, first)
        return f"<msubsup>{base}{below}{above}</msubsup>"
    name = "msub" if sign == "_" else "msup"
    if "∑" in base:
        name = "munder" if sign == "_" else "mover"
    return f"<{name}>{base}{first}</{name}>"


def _argument(tokens: list[str]) -> str:
    """One group or one element."""
    if tokens[-1] != "{":
        return _element(tokens.pop(), tokens)
    tokens.pop()
    row = _row(tokens)
    if not tokens:
        raise ValueError("a formula ends inside braces")
    tokens.pop()
    return row[0] if len(row) == 1 else f"<mrow>{''.join(row)}</mrow>"


def _element(sign: str, tokens: list[str]) -> str:
    if sign == "{":
        tokens.append(sign)
        return _argument(tokens)
    if sign in FRACTIONS | ACCENTS.keys() | NAMES | {r"\sqrt"}:
        return _command(sign, tokens)
    if sign.startswith(r"\text{"):
        return f"<mtext>{escape(sign[6:-1]).replace(' ', '&nbsp;')}</mtext>"
    return _single(sign)


def _command(sign: str, tokens: list[str]) -> str:
    """A command and what it is of."""
    of = _argument(tokens)
    if sign in FRACTIONS:
        return f"<mfrac>{of}{_argument(tokens)}</mfrac>"
    if sign in ACCENTS:
        return f'<mover accent="true">{of}<mo>{ACCENTS[sign]}</mo></mover>'
    if sign in NAMES:
        return f"<mi>{''.join(re.findall('<mi>(.)</mi>', of))}</mi>"
    return f"<msqrt>{of}</msqrt>"


def _single(sign: str) -> str:
    if sign in SPACES:
        return f'<mspace width="{SPACES[sign]}"></mspace>'
    if sign.startswith("\\") and sign not in LETTERS | OPERATORS:
        raise ValueError(
            f"docs/_hooks/docstrings.py does not know the TeX command {sign}: add it to its tables"
        )
    if sign in LETTERS or sign.isalpha():
        return f"<mi>{LETTERS.get(sign, sign)}</mi>"
    if sign[0].isdigit():
        return f"<mn>{sign}</mn>"
    return f"<mo>{OPERATORS.get(sign) or escape(sign)}</mo>"
