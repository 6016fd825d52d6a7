"""A lint against saying more than the evidence bears, after RLEAPP's.

Reports speak of probabilities. Words that claim proof, certainty or a person's identity do not belong in text
that the tool generates, in either language.
"""

from __future__ import annotations

import re

OVERCLAIMS = re.compile(
    r"""\b(?:
        prov(?:e|es|ed|en|ing)(?!\ to\ be) | proof(?!read) | certainly | undoubtedly | definitely
        | unquestionably | conclusively | without\ (?:any\ )?doubt | guaranteed?
        | guilty | culprit | perpetrator | identifies\ the\ subject\ as
        | (?:is|are|was)\ (?:definitely\ )?the\ (?:person|speaker|man|woman)\b(?!['’]s)
        | beweis(?:t|en\ dass) | bewiesen(?:e[rnms]?)? | nachgewiesen(?:ermaßen)? | sicherlich | zweifellos
        | zweifelsfrei | unzweifelhaft | garantiert | überführt | Täter(?:in)? | definitiv
        | ist\ (?:eindeutig\ )?die\ Person\b
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What a report must not say of a person or an event."""


def overclaims(text: str) -> list[str]:
    """The words in `text` that claim too much, as they stand there.

    Examples
    --------
    >>> overclaims("This proves that Oliver is the person who spoke.")
    ['proves', 'is the person']
    >>> overclaims("Probably the home, though less likely than not; none is beyond doubt.")
    []
    """
    return OVERCLAIMS.findall(text)
