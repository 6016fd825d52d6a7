"""What a mention means: places on the map, a clock time, the type of a device, a full or a first name.

Here a reading becomes the household's evidence: names inside requests for music are artists, relations
stay beside the names they introduce, and each value says how it was found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from forensics.knowledge.gazetteer import Place
from forensics.knowledge.keys import machine_key
from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.place_search import Candidate, candidates
from forensics.knowledge.words import split
from forensics.language import clock
from forensics.language.people import is_artist, person
from forensics.language.reading import HERE, Mention, Reading
from forensics.language.rules.devices import brand_of, device_type, room_of, service_key
from forensics.language.rules.relations import relation_forms
from forensics.language.rules.spoken import value as spoken_value

_HERE = {
    "en": ("here", "home", "my area", "nearby", "near me", "my town", "my city", "hometown", "this area",
    "outside", "my location", "current location", "my position", "current position", "my spot",
    "current spot", "my neighborhood", "my neighbourhood", "my village"),
    "de": ("hier", "zu hause", "zuhause", "daheim", "meiner nähe", "der nähe", "bei uns", "bei mir",
    "meiner stadt", "heimatstadt", "draussen", "meinem ort", "heimatort", "standort", "standorts",
    "standortes", "meiner position", "aktuellen position", "meiner gegend", "meiner umgebung", "meinem dorf"),
}  # fmt: skip
_BEFORE_PLACES = {
    "en": frozenset(("the", "a", "my", "our", "this", "that", "next", "nearest", "closest", "local",
    "nearby")),
    "de": frozenset(("der", "die", "das", "dem", "den", "zum", "zur", "im", "am", "beim", "vom", "mein",
    "meinem", "meiner", "unserem", "unserer", "nächste",
    "nächsten", "nächster", "nächstes", "örtlichen", "lokalen")),
}  # fmt: skip
_HOW = {
    "name": "by name",
    "joined": "when its parts are joined",
    "spot": "as the town of that spot",
    "parts": "as a town in a region",
    "sound": "by sound",
    "household": "as a misspelling of a place this household asks about",
    "point": "as the nearest town",
}
_LONG_ENOUGH = 5
_SETTLED = 0.8
_ENOUGH = 0.25
"""Below this probability a place keeps the name that was heard; its candidates stand beside it."""


@dataclass(frozen=True)
class Meaning:
    """A mention with its value.

    Parameters
    ----------
    mention : Mention
    normalised : str
        For display.
    alternatives : tuple of (str, float)
        Other values with probabilities.
    role, relation : str or None
        Of a person: the part in the command, and whose relation.
    places : tuple of (int, float)
        GeoNames ids with probabilities.
    entity : {'name', 'here'}
        ``here`` where the words point at where the device stands.
    kind : str or None
        Machine key of a listed device type, service, room or relation; of a person the relation said beside.
    clock_min : int or None
        Minutes after midnight.
    """

    mention: Mention
    normalised: str
    alternatives: tuple[tuple[str, float], ...] = ()
    role: str | None = None
    relation: str | None = None
    places: tuple[tuple[int, float], ...] = ()
    entity: str = "name"
    kind: str | None = None
    clock_min: int | None = None


def understand(
    reading: Reading,
    language: str,
    *,
    household: Sequence[Place] = (),
    played: Collection[str] = (),
    known: Collection[str] = (),
    said_at: datetime | None = None,
) -> list[Meaning]:
    """The mentions of a reading with their values.

    Parameters
    ----------
    reading : Reading
    language : {'en', 'de'}
    household : sequence of Place
        Places of the same household that are beyond doubt; they settle ambiguous names.
    played : collection of str
        Artists that this household plays, in one spelling.
    known : collection of str
        People whom it names where nothing is played, in one spelling.
    said_at : datetime.datetime, optional
        Local time of the recording.
    """
    guests = (replace(m, label="PERSON") if m.guest else m for m in reading.mentions)
    mentions = [*guests, *_pointed_places(reading, language)]
    found = []
    for mention in sorted(mentions, key=lambda m: m.start):
        surface = reading.text[mention.start : mention.end]
        if mention.label == "PERSON":
            found.append(_person(reading, mention, language, played, known))
        elif mention.label == "PLACE":
            found.append(_place(mention, surface, language, household))
        elif mention.label in ("TIME", "DATE"):
            found.append(_time(reading, mention, surface, language, said_at))
        elif mention.label == "DEVICE":
            found.append(_device(reading, mention, surface, language))
        elif mention.label == "RELATION":
            found.append(_relation(mention, surface, language))
        elif mention.label in ("PHONE", "EMAIL", "ID"):
            found.append(Meaning(mention, spoken_value(surface, mention.label, language)))
        elif mention.label == "SERVICE":
            found.append(Meaning(mention, _service(surface), kind=service_key(surface)))
        else:
            found.append(Meaning(mention, _plain(surface)))
    return found


def sure_places(meanings: Sequence[Meaning]) -> list[int]:
    """Ids of places that one mention alone settles."""
    return [
        m.places[0][0]
        for m in meanings
        if m.mention.label == "PLACE" and m.places and m.places[0][1] >= _SETTLED
    ]


def _place(mention: Mention, surface: str, language: str, household: Sequence[Place]) -> Meaning:
    pointed = any(
        form in " ".join(split(surface).words) for form in _HERE[language] if len(form) > _LONG_ENOUGH
    )
    if mention.found_by == HERE or pointed:
        return Meaning(mention, _plain(surface), entity="here")
    if is_kind_of_place(surface, language):
        reason = f"{mention.reason}; a kind of place, not a name"
        return Meaning(replace(mention, label="OTHER", reason=reason), _plain(surface))
    found = candidates(surface, language=language, household=household)
    return on_the_map(mention, surface, found, weighed=bool(household))


def on_the_map(
    mention: Mention, surface: str, found: Sequence[Candidate], *, weighed: bool = False
) -> Meaning:
    """A PLACE mention with what it may be.

    Parameters
    ----------
    mention : Mention
    surface : str
    found : sequence of Candidate
        Most probable first.
    weighed : bool
        Whether the household's other places had a say.
    """
    if not found:
        return Meaning(replace(mention, reason=f"{mention.reason}; not in GeoNames"), _plain(surface))
    best = found[0]
    how = _HOW[best.how]
    country = best.place.country or "the world"
    where = f"; GeoNames has it {how} ({best.place.kind} in {country}, {best.place.population} inhabitants)"
    near = "; weighed by the household's other places" if weighed and len(found) > 1 else ""
    return Meaning(
        replace(mention, reason=mention.reason + where + near),
        best.place.key if best.probability >= _ENOUGH else _plain(surface),
        tuple((c.place.key, round(c.probability, 3)) for c in found),
        places=tuple((c.place.geonameid, round(c.probability, 4)) for c in found),
    )


def is_kind_of_place(surface: str, language: str) -> bool:
    """Whether a place is called by a common noun: "the train station"."""
    return _bare(surface, language) in _kinds_of_places(language)


@cache
def _kinds_of_places(language: str) -> frozenset[str]:
    """Common nouns for places, in one spelling: a station is nobody's home town."""
    return frozenset(
        " ".join(split(row["form"]).words) for row in read_forms("place_kinds") if row["language"] == language
    )


def _bare(surface: str, language: str) -> str:
    """A place's words without articles and the like before them."""
    words = split(surface).words
    while len(words) > 1 and words[0] in _BEFORE_PLACES[language]:
        words = words[1:]
    return " ".join(words)


def _person(
    reading: Reading, mention: Mention, language: str, played: Collection[str], known: Collection[str]
) -> Meaning:
    found = person(reading, mention, language)
    name = _plain(found.name)
    if is_artist(reading, mention, played, known):
        where = (
            f"in a request for {reading.domain}"
            if reading.domain in ("music", "media")
            else "as this household plays it"
        )
        reason = f"{mention.reason}; named {where}: an artist or character until shown otherwise"
        return Meaning(replace(mention, label="MEDIA", reason=reason), name)
    said = f"; {found.kind}"
    if found.role:
        said += f"; {found.role}"
    if found.relation:
        said += f"; the speaker's {found.relation}"
    nick = [(full, round(0.6 / len(found.full_forms), 3)) for full in found.full_forms]
    return Meaning(
        replace(mention, reason=mention.reason + said),
        name,
        ((name, 0.4), *nick) if nick else (),
        found.role,
        found.relation,
        kind=machine_key(found.relation) if found.relation else None,
    )


def _time(
    reading: Reading, mention: Mention, surface: str, language: str, said_at: datetime | None
) -> Meaning:
    spoken = clock.parse(
        surface, language, said_at=said_at, context=reading.text, wakes=reading.domain == "alarm"
    )
    if spoken is None:
        return Meaning(mention, surface.strip().lower())
    doubt = "" if spoken.minutes is None or spoken.sure else "; morning or evening is a guess"
    return Meaning(replace(mention, reason=mention.reason + doubt), str(spoken), clock_min=spoken.minutes)


def _device(reading: Reading, mention: Mention, surface: str, language: str) -> Meaning:
    kind = device_type(surface, language) or device_type(surface, "en" if language == "de" else "de")
    room = room_of(surface, language) or room_of(reading.text, language)
    if kind is None:
        return Meaning(replace(mention, reason=f"{mention.reason}; type unknown"), _plain(surface))
    brand = brand_of(surface)
    reason = (
        f"{mention.reason}; type {kind}"
        + (f", room {room}" if room else "")
        + (f", brand {brand}" if brand else "")
    )
    value = f"{kind} ({room})" if room else kind
    return Meaning(replace(mention, reason=reason), value, kind=machine_key(kind))


def _relation(mention: Mention, surface: str, language: str) -> Meaning:
    words = [w for w in split(surface).words if w != "'s"]
    forms = relation_forms(language)
    for word in reversed(words):
        if word in forms or word.rstrip("sn") in forms:
            relation = forms.get(word) or forms[word.rstrip("sn")]
            return Meaning(mention, relation, kind=machine_key(relation))
    return Meaning(mention, surface.strip().lower())


def _pointed_places(reading: Reading, language: str) -> list[Mention]:
    """ "Here", "at home": in a request for the weather they say that the speaker's own place is meant."""
    if reading.domain not in ("weather", "transport"):
        return []
    found = split(reading.text)
    joined = " ".join(found.words)
    for form in _HERE[language]:
        if match := re.search(rf"(?<!\S){re.escape(form)}(?!\S)", joined):
            first = joined[: match.start()].count(" ")
            last = first + form.count(" ")
            start, end = found.spans[first][0], found.spans[last][1]
            if all(m.end <= start or end <= m.start or m.label == "OTHER" for m in reading.mentions):
                return [Mention(start, end, "PLACE", 0.9, HERE, "points to the speaker's own place")]
    return []


def _service(surface: str) -> str:
    """A service's name; spelled letters stay capitals."""
    joined = "".join(split(surface).words)
    return joined.upper() if len(joined) <= 3 and joined.isalpha() else _plain(surface)


def _plain(surface: str) -> str:
    """The name as one would write it: its own capitals, or capitals where it had none."""
    text = re.sub(r"\s+", " ", surface).strip(" .,!?")
    return " ".join(w[:1].upper() + w[1:] for w in text.split(" ")) if text.islower() else text
