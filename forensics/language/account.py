"""Names, addresses and devices in account data: what a field means decides, then its header.

Shopping lists are not sentences, so the model does not read them. A setting or a status is a word of the
vendor's, never a person.
"""

from __future__ import annotations

import re

from forensics.knowledge.keys import machine_key
from forensics.knowledge.names import first_name_strength, is_surname
from forensics.knowledge.place_search import Candidate, around, candidates
from forensics.knowledge.things import is_generic, is_switch, is_word
from forensics.knowledge.whose import is_kind_of_place, whose
from forensics.language.meaning import Meaning, on_the_map
from forensics.language.postal import Postal, read_postal
from forensics.language.reading import Mention
from forensics.language.rules import contact, join
from forensics.language.rules.devices import device_type, room_of, service_key

_BY_MEANING = {
    "person": "PERSON", "speaker": "PERSON", "place": "PLACE", "coordinates": "PLACE", "address": "ADDRESS",
    "email": "EMAIL", "phone": "PHONE", "device": "DEVICE", "device_type": "DEVICE", "service": "SERVICE",
    "skill": "SERVICE", "room": "OTHER",
}  # fmt: skip
"""Labels of what fields hold."""
_BY_HEADER = (
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
_HEADED = frozenset((None, "text", "value", "unknown", "customer", "setting"))
"""Meanings that leave it to the header what a value is."""
_NOBODY = frozenset(("setting", "status"))
_NETWORKS = _HEADED - {"setting"}
_WRITTEN = frozenset((*_HEADED, *_BY_MEANING, "said", "answered"))
"""Meanings in which contact data may stand anywhere; a number of a device or a file is no telephone's."""
_NOT_A_PERSON = re.compile(
    r"(file|product|device|skill|app|list|item|user|host|artist|song|album|produkt|"
    r"ger(ä|ae)te?|datei|listen|artikel)[ _-]?name",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?:[ ,]+[^\W\d_][\w'’.-]*){0,4}")
_NOBODYS = frozenset(
    ["account", "adult", "adults", "anonymous", "benutzer", "child", "customer", "default", "device",
    "erwachsener", "false", "gast", "guest", "haushalt", "holder", "household", "inhaber",
    "kind", "konto", "kunde", "keine",
    "member", "mitglied", "n/a", "na", "nein", "no", "nobody", "none", "null", "nutzer", "other", "owner",
    "person", "primary", "profil", "profile", "recognised", "recognized", "sonstige",
    "speaker", "sprecher", "standard",
    "stimme", "true", "unbekannt", "unbekannte", "unbekannter", "unidentified", "unknown", "unrecognised",
    "unrecognized", "user", "voice", "yes", "ja", "mehrere", "multiple", "not"]
)  # fmt: skip
"""Words that vendors write for a speaker whom they do not know, or for whoever owns the account."""
_COORDINATES = re.compile(r"(-?\d{1,2}[.,]\d{2,})\s*°?\s*[NS]?\s*[,;/ ]\s*(-?\d{1,3}[.,]\d{2,})\s*°?\s*[EW]?")
_LONGEST = 120
_BY_EAR = frozenset(("sound", "joined", "household"))
_LISTED = 0.4
"""Strength from which a word for a thing is a first name all the same: "Max", no "Echo" (assumption)."""
_PARTICLE = 3
"""Letters of the longest small word in a name: "van", "von", "der"."""
_CODE = re.compile(r"(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{8,}")
"""A vendor's code for a type of device."""
_MASKED = re.compile(r"[*•xX]{3,}")
_SCORE = 0.9
"""Probability that a field holds what its meaning or its header says: an assumption."""


def find_in_account(text: str, field: str = "", meaning: str | None = None) -> list[Meaning]:
    """Mentions in one piece of account data.

    Parameters
    ----------
    text : str
    field : str
        The header of its column or the key of its value; may be empty.
    meaning : str, optional
        One of :data:`forensics.case.kinds.MEANINGS`: what the field was read as. It comes before
        the header.
    """
    found = contact.find(text) if meaning in _WRITTEN else []
    value = text.strip()
    if value and len(value) <= _LONGEST and not _MASKED.search(value):
        whole = _whole_value(text, value, field, meaning)
        if any(m.label == "ADDRESS" for m in whole) and (parts := read_postal(text)) is not None:
            return _of_address(text, parts, [m for m in found if m.label not in ("ADDRESS", "PHONE")])
        found += whole
    return [_meant(m, text[m.start : m.end], meaning) for m in join(found)]


def _of_address(text: str, parts: Postal, found: list[Mention]) -> list[Meaning]:
    """Whose address it is, the address itself, and its town."""
    reason = "part of a postal address"
    start, end = parts.address
    if any(c.isdigit() for c in text[start:end]) or parts.town != parts.address:
        found.append(Mention(start, end, "ADDRESS", _SCORE, "rule:address", "a postal address"))
    if parts.person:
        found.append(Mention(*parts.person, "PERSON", _SCORE, "rule:address", reason))
    meant = [_meant(m, text[m.start : m.end], "address") for m in join(found)]
    if parts.town:
        town = Mention(*parts.town, "PLACE", _SCORE, "rule:address", reason)
        meant.append(on_the_map(town, text[slice(*parts.town)], parts.places))
    return meant


def speaker(label: str) -> Meaning | None:
    """The person whom the vendor names as the speaker; None for "guest" and the like.

    Examples
    --------
    >>> speaker("Anna").normalised, speaker("Unrecognized voice"), speaker("Speaker 2")
    ('Anna', None, None)
    """
    name = label.strip()
    if not is_name(name):
        return None
    start = label.index(name)
    found = Mention(
        start, start + len(name), "PERSON", _SCORE, "rule:speaker", "the vendor says that they spoke"
    )
    return _meant(found, name, "speaker")


def is_name(value: str) -> bool:
    """Whether a value may be a person's name: letters only, and no word for nobody in particular."""
    words = set(re.findall(r"[\w/]+", value.casefold()))
    if _NAME.fullmatch(value) is None or _NOBODYS & words or is_switch(value):
        return False
    parts = [w for w in re.split(r"[ ,]+", value) if w]
    if is_word(parts[0], "house") and len(parts) > 1:
        return False  # "Casa de Nuria" is a home
    return not all(is_generic(w) and first_name_strength(w) < _LISTED for w in parts)


def _whole_value(text: str, value: str, field: str, meaning: str | None) -> list[Mention]:
    start = text.index(value)
    end = start + len(value)
    if meaning in _BY_MEANING:
        label = _BY_MEANING[meaning]
        if not _may_be(label, value) and meaning != "coordinates":
            return []
        reason = f"the field was read as {meaning}"
        return [Mention(start, end, label, _SCORE, "rule:meaning", reason)]
    if meaning in _NETWORKS and "network" in whose(field) and any(c.isalpha() for c in value):
        return [Mention(start, end, "OTHER", _SCORE, "rule:field", "the name of a network")]
    if meaning not in _HEADED:
        return []
    for label, pattern in _BY_HEADER:
        if (
            not pattern.search(field)
            or not _may_be(label, value)
            or (label == "PERSON" and not _may_name(field, value, meaning))
        ):
            continue
        return [Mention(start, end, label, _SCORE, "rule:field", f"the field is headed {field!r}")]
    return []


def _may_name(field: str, value: str, meaning: str | None) -> bool:
    """Whether a field that is headed like a name, and read as nothing more, may hold a person's.

    Where the header only says "name", the value must be written like a name and hold one of a list: places,
    settings and things have names too.
    """
    if meaning in _NOBODY or _NOT_A_PERSON.search(field):
        return False
    words = [w for w in re.split(r"[\s,]+", value) if w]
    small = [w for w in words if w[:1].islower()]
    if small and len(small) < len(words) and any(len(w) > _PARTICLE for w in small):
        return False
    if whose(field) - {"speaker"}:
        return True
    return any(first_name_strength(w) > 0 or is_surname(w) for w in words)


def _may_be(label: str, value: str) -> bool:
    """Whether a value has the form of what its field should hold."""
    if label == "PERSON":
        return is_name(value)
    if label == "EMAIL":
        return "@" in value
    if label == "PHONE":
        return sum(c.isdigit() for c in value) >= 6
    if label == "DEVICE":
        return any(c.isalpha() for c in value) and not _CODE.fullmatch(value)
    if label in ("PLACE", "ADDRESS") and is_kind_of_place(value):
        return False
    if label in ("PLACE", "ADDRESS"):
        return not value.isdigit() and "@" not in value and any(c.isalpha() for c in value)
    return any(c.isalpha() for c in value)


def _meant(mention: Mention, surface: str, meaning: str | None) -> Meaning:
    value = re.sub(r"\s+", " ", surface).strip()
    if mention.label == "PHONE":
        return Meaning(mention, re.sub(r"[^\d+]", "", surface))
    if mention.label == "EMAIL":
        return Meaning(mention, surface.lower())
    if mention.label == "PLACE":
        found = _point(value) if meaning == "coordinates" else candidates(surface, language="de")
        found = [c for c in found if c.how not in _BY_EAR]  # it was written, not heard
        place = on_the_map(mention, surface, found)
        return Meaning(
            place.mention,
            found[0].place.key if found else value,
            place.alternatives,
            places=place.places,
        )
    return Meaning(mention, value, kind=_kind(value, mention.label, meaning))


def _kind(value: str, label: str, meaning: str | None) -> str | None:
    """The machine key of a device type, service or room of our lists."""
    if label == "SERVICE":
        return service_key(value)
    if label == "DEVICE":
        kind = device_type(value, "en") or device_type(value, "de")
        return machine_key(kind) if kind else None
    if meaning == "room":
        room = room_of(value, "en") or room_of(value, "de")
        return machine_key(room) if room else None
    return None


def _point(value: str) -> list[Candidate]:
    """The towns around written coordinates in degrees."""
    if not (match := _COORDINATES.search(value)):
        return []
    north, east = (float(part.replace(",", ".")) for part in match.groups())
    return around(north, east) if abs(north) <= 90 and abs(east) <= 180 else []
