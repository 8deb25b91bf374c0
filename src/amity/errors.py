"""Every error that a person can meet: what is wrong, and what to do about it.

Each error prints as two lines and nothing else:

```
error[unknown-state]: no state is called 'Atlantis'
  to mend: run `amity states` to see the names and codes that amity reads
```

Raise a subclass, never `AmityError` itself; the class says the code. Inner code lets these pass; only the
command line and the web turn them into text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMED = 4
"""Of errors that come together, so many are told beside the first."""


class AmityError(Exception):
    """What is wrong (`what`), the cure (`mend`), and a stable code for machines.

    >>> print(UnknownStateError("no state is called 'Atlantis'", "run `amity states`"))
    error[unknown-state]: no state is called 'Atlantis'
      to mend: run `amity states`
    """

    code = "error"

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.what = what
        self.mend = mend

    def __str__(self) -> str:
        return f"error[{self.code}]: {self.what}\n  to mend: {self.mend}"


class UnknownStateError(AmityError):
    """A name or code that stands for no state on the date in question."""

    code = "unknown-state"


class AmbiguousStateError(AmityError):
    """A name that could be more than one state."""

    code = "ambiguous-state"


class BadFileError(AmityError):
    """Bytes that are not the file they claim to be: cut short, wrongly encoded, or not the publisher's format."""

    code = "bad-file"


class UnknownValueError(AmityError):
    """A value, column or element that the parser of this source has never been told about."""

    code = "unknown-value"


class TooFewRowsError(AmityError):
    """A release with fewer rows than the source has ever had: half a download, or half a folder."""

    code = "too-few-rows"


class UnknownSourceError(AmityError):
    """A source, or a file of no source, that amity does not know."""

    code = "unknown-source"


class FetchError(AmityError):
    """A publisher did not give the file."""

    code = "fetch"


class MissingFileError(FetchError):
    """A publisher says that it has no such file, though its list may name it (404, 410)."""


class StoreError(AmityError):
    """The store on disk is damaged, full, or in use in a way that cannot be waited for."""

    code = "store"


class NoEvidenceError(AmityError):
    """A question about which nothing loaded can speak."""

    code = "no-evidence"


class UsageError(AmityError):
    """Words on the command line or in a call that do not fit together."""

    code = "usage"


def together(failed: Sequence[AmityError]) -> AmityError:
    """One error for several: the first, with what is wrong with the next few and how many more there are.

    >>> print(together([BadFileError("a.zip is empty", "get it again"), BadFileError("b.zip is cut short", "")]))
    error[bad-file]: a.zip is empty; and [bad-file] b.zip is cut short
      to mend: get it again
    """
    first, *others = failed
    if not others:
        return first
    named = [f"and [{error.code}] {error.what}" for error in others[:NAMED]]
    more = [f"and {len(others) - NAMED:,} more"] * (len(others) > NAMED)
    return type(first)("; ".join([first.what, *named, *more]), first.mend)
