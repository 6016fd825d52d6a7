"""Names and addresses in account data, by the header of their field: shopping lists are not sentences."""

from __future__ import annotations

import re

from forensics.knowledge.gazetteer import candidates
from forensics.language.meaning import Meaning
from forensics.language.reading import Mention
from forensics.language.rules import contact, join

_FIELDS = (
    ("EMAIL", re.compile(r"e-?mail", re.IGNORECASE)),
    ("PHONE", re.compile(r"phone|telefon|mobil|handy|\btel\b|fax", re.IGNORECASE)),
    ("ADDRESS", re.compile(r"address|adresse|anschrift|street|stra(ss|ß)e", re.IGNORECASE)),
    ("PLACE", re.compile(r"\b(city|town|ort|stadt|wohnort|region|location)\b|(city|ort)$", re.IGNORECASE)),
    ("PERSON", re.compile(r"\b(name|recipient|empf(ä|ae)nger|contact|kontakt|customer|kunde)\b"
            r"|(first|last|sur|full|vor|nach|customer|contact)"
            r"[ _]?name", re.IGNORECASE)),
    ("DEVICE", re.compile(r"^(device|ger(ä|ae)t)$|(device|ger(ä|ae)te?)[ _-]?(type|typ|name|model|modell)",
    re.IGNORECASE)),
)  # fmt: skip
_NOT_A_PERSON = re.compile(
    r"(file|product|device|skill|app|list|item|user|host|artist|song|album|produkt|"
    r"ger(ä|ae)te?|datei|listen|artikel)[ _-]?name",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?:[ ,]+[^\W\d_][\w'’.-]*){0,4}")
_LONGEST = 120
_MASKED = re.compile(r"[*•xX]{3,}")


def find_in_account(text: str, field: str) -> list[Meaning]:
    """Mentions in one piece of account data.

    Parameters
    ----------
    text : str
    field : str
        The header of its column or the key of its value; may be empty.
    """
    found = contact.find(text)
    value = text.strip()
    if value and len(value) <= _LONGEST and not _MASKED.search(value):
        found += _by_header(text, value, field)
    return [Meaning(m, _value(text[m.start : m.end], m.label)) for m in join(found)]


def _by_header(text: str, value: str, field: str) -> list[Mention]:
    start = text.index(value)
    for label, pattern in _FIELDS:
        if not pattern.search(field) or (
            label == "PERSON" and (_NOT_A_PERSON.search(field) or not _NAME.fullmatch(value))
        ):
            continue
        if (label == "EMAIL" and "@" not in value) or (
            label == "PHONE" and sum(c.isdigit() for c in value) < 6
        ):
            continue
        if label in ("PLACE", "ADDRESS") and (
            value.isdigit() or "@" in value or not any(c.isalpha() for c in value)
        ):
            continue
        return [
            Mention(start, start + len(value), label, 0.9, "rule:field", f"the field is headed {field!r}")
        ]
    return []


def _value(surface: str, label: str) -> str:
    if label == "PHONE":
        return re.sub(r"[^\d+]", "", surface)
    if label == "EMAIL":
        return surface.lower()
    if label == "PLACE" and (found := candidates(surface, language="de")):
        return found[0].place.key
    return re.sub(r"\s+", " ", surface).strip()
