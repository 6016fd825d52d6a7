"""First names where people name those they know: after "call", "with", "an", or beside another name.

The model misses a name now and then that every list has; in messages and calendars a missed name costs
more than a wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from forensics.knowledge.lexicon import read_forms
from forensics.language.reading import Mention

_DOMAINS = frozenset(("communication", "calendar", "alarm"))
_SHORTEST = 3


def find(words: Mapping[str, Any], domain: str) -> list[Mention]:
    """Common first names after a word that calls for one."""
    if domain not in _DOMAINS:
        return []
    spoken, classes = words["words"], words["classes"]
    cues, too = _forms("before"), _forms("word too")
    found, last = [], -2
    for at, (word, marks) in enumerate(zip(spoken, classes, strict=True)):
        known = marks[:1] == "F" and marks[1:2] != "1" and "P2" not in marks and "P3" not in marks
        before = spoken[at - 1] if at else ""
        chained = known and at and last == at - 1  # "with mike jim and bob"
        if not known or word in too or len(word) < _SHORTEST:
            continue
        if before in cues or chained:
            last = at
            start, end = words["spans"][at]
            reason = f"a common first name after {before!r}"
            found.append(Mention(start, end, "PERSON", 0.6, "list:names", reason))
    return found


@cache
def _forms(kind: str) -> frozenset[str]:
    """Words that call for a name, or names that are commoner as words or places."""
    return frozenset(row["form"] for row in read_forms("name_cues") if row["kind"] == kind)
