"""Relations that a possessive gives away: "my wife", "mein Chef", "unsere Oma"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.words import split
from forensics.language.reading import Mention

_POSSESSIVES = {
    "en": frozenset(("my", "our", "his", "her")),
    "de": frozenset(
        ["mein", "meine", "meinen", "meinem", "meiner", "unser", "unsere", "unseren", "unserem", "unserer"]
    ),
}
_NAMES_OF_THEIR_OWN = {
    "en": frozenset(["mom", "mum", "mommy", "mummy", "dad", "daddy", "grandma", "grandpa", "granny", "nana"]),
    "de": frozenset(["mama", "mami", "mutti", "papa", "papi", "vati", "oma", "opa", "omi", "opi"]),
}
"""Words by which people call their own; they need no possessive."""
_ADDRESSED = frozenset(
    [
        "call",
        "phone",
        "ring",
        "text",
        "message",
        "tell",
        "ask",
        "email",
        "with",
        "to",
        "from",
        "for",
        "of",
        "ruf",
        "rufe",
        "schreib",
        "schreibe",
        "schick",
        "sag",
        "sage",
        "frag",
        "frage",
        "mit",
        "an",
        "von",
        "für",
        "bei",
        "erinnere",
        "weck",
        "videoanruf",
        "zu",
    ]
)


def find(words: Mapping[str, Any], language: str) -> list[Mention]:
    """Relations after a possessive, or by the names that people have for their own."""
    spoken, forms = words["words"], relation_forms(language)
    found = []
    for at, word in enumerate(spoken):
        if word not in forms:
            continue
        before = spoken[at - 1] if at else ""
        if before in _POSSESSIVES[language]:
            reason = f"{forms[word]!r} after a possessive"
        elif word in _NAMES_OF_THEIR_OWN[language] and (before in _ADDRESSED or at == 0):
            reason = f"what people call their {forms[word]}"
        else:
            continue
        start, end = words["spans"][at]
        found.append(Mention(start, end, "RELATION", 0.85, "list:relations", reason))
    return found


@cache
def relation_forms(language: str) -> dict[str, str]:
    """Canonical relation by word."""
    return {
        " ".join(split(r["form"]).words): r["relation"]
        for r in read_forms("relations")
        if r["language"] == language
    }
