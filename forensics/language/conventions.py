"""How the corpora draw the borders of names, where a model of single words cannot know it.

SLURP and MASSIVE call "orlando florida" one place; SNIPS and xSID, whose sentences are about the weather
and about restaurants, part town and state. In German the corpora call a cinema a place, and there is too
little to learn the parting from: a town and an American state or a foreign country are two places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from forensics.knowledge.lexicon import word_classes
from forensics.knowledge.place_search import candidates
from forensics.knowledge.words import split
from forensics.language.reading import Mention

_PARTED = frozenset(("weather", "food", "music", "media"))
"""Domains whose sources part town and state."""
_JOINT = re.compile(r"(?:,? | in )\Z", re.IGNORECASE)
_MOST_WORDS = 5
_GERMAN_SPEAKING = frozenset(("DE", "AT", "CH", "LI", "LU"))
_INSIDE_NAMES = frozenset(
    (
        "in",
        "im",
        "von",
        "der",
        "die",
        "das",
        "den",
        "und",
        "the",
        "of",
        "republik",
        "demokratische",
        "nord",
        "süd",
    )
)
_BY_NAME = frozenset(("name", "joined"))
_PRIVATE = frozenset(("calendar", "communication"))
_NOT_PEOPLE = frozenset(("OTHER", "EVENT", "DATE"))
_BETWEEN_NAMES = frozenset(("and", "und", "'s"))
_AND = re.compile(r",? (?:and|und) ", re.IGNORECASE)
_CINEMA = re.compile(
    r"(?i)cinemas?\b|kino\b|kinos\b|theat(?:er|re)s?\b|theatern\b|filmpalast|cinemaxx|cinestar|cineplex|kinopolis"
)


def drawn(mentions: Sequence[Mention], text: str, language: str, domain: str) -> list[Mention]:
    """`mentions` of the model, with the borders and labels that the corpora would give them."""
    found: list[Mention] = []
    people = (person for m in mentions for person in _as_people(m, text, domain))
    for mention in _names_apart(list(people), text):
        last = found[-1] if found else None
        if (
            last is not None
            and domain not in _PARTED
            and last.label == mention.label == "PLACE"
            and _JOINT.match(text[last.end : mention.start])
        ):
            score = min(last.score, mention.score)
            found[-1] = replace(
                last, end=mention.end, score=score, reason=f"{last.reason}; with what it is in"
            )
        elif language == "de" and _is_cinema(mention, text, domain):
            found.append(replace(mention, label="PLACE", reason=f"{mention.reason}; a cinema is a place"))
        elif language == "de" and mention.label == "PLACE" and domain in _PARTED:
            found += _parted(mention, text)
        else:
            found.append(mention)
    return found


def _parted(mention: Mention, text: str) -> Iterator[Mention]:
    """ "Tioga Colorado" is a town and a state; "München Bayern" is one place, and so is "New York"."""
    surface = text[mention.start : mention.end]
    words, spans = split(surface).words, split(surface).spans
    if not 1 < len(spans) <= _MOST_WORDS or _named(surface):
        yield mention
        return
    for first in range(len(spans) - 1, 0, -1):
        kind, country = _named(surface[spans[first][0] :]) or ("", "")
        abroad = country not in _GERMAN_SPEAKING and (
            kind == "country" or (kind, country) == ("region", "US")
        )
        if abroad and not _INSIDE_NAMES & set(words[: first + 1]):
            town, within = mention.start + spans[first - 1][1], mention.start + spans[first][0]
            reason = f"{mention.reason}; a place and what it is in"
            yield replace(mention, end=town, reason=reason)
            yield replace(mention, start=within, reason=reason)
            return
    yield mention


def _named(surface: str) -> tuple[str, str] | None:
    """Kind and country of the place that is called just so."""
    best = next(iter(candidates(surface, language="de")), None)
    return (best.place.kind, best.place.country) if best is not None and best.how in _BY_NAME else None


def _as_people(mention: Mention, text: str, domain: str) -> Iterator[Mention]:
    """In appointments and messages, nothing but first names are people: "mike, jim and bob"."""
    if domain not in _PRIVATE or mention.label not in _NOT_PEOPLE:
        yield mention
        return
    words = split(text[mention.start : mention.end])
    names = [n for n, word in enumerate(words.words) if word not in _BETWEEN_NAMES]
    listed = len(names) > 1 or "'s" in words.words
    if not names or not listed or not all(_is_first_name(words.words[n]) for n in names):
        yield mention
        return
    for n in names:
        start, end = words.spans[n]
        if words.words[n + 1 : n + 2] == ["'s"]:
            end = words.spans[n + 1][1]
        reason = "nothing but first names in an appointment or a message"
        yield replace(
            mention, start=mention.start + start, end=mention.start + end, label="PERSON", reason=reason
        )


def _names_apart(mentions: Sequence[Mention], text: str) -> Iterator[Mention]:
    """ "mike jim and bob" are three people: two first names before "and" and a third."""
    for number, mention in enumerate(mentions):
        after = mentions[number + 1] if number + 1 < len(mentions) else None
        listed = (
            mention.label == "PERSON"
            and after is not None
            and after.label == "PERSON"
            and _AND.fullmatch(text[mention.end : after.start])
        )
        words = split(text[mention.start : mention.end]) if listed else None
        if words is not None and len(words.words) == 2 and all(map(_is_first_name, words.words)):
            for start, end in words.spans:
                reason = f"{mention.reason}; one of several first names"
                yield replace(mention, start=mention.start + start, end=mention.start + end, reason=reason)
        else:
            yield mention


def _is_first_name(word: str) -> bool:
    marks = word_classes().of([word])[0]
    return marks[:1] == "F" and marks[1:2] != "1"


def _is_cinema(mention: Mention, text: str, domain: str) -> bool:
    if domain not in ("media", "recommendation"):
        return False
    surface = text[mention.start : mention.end]
    if mention.label == "ORG":
        return domain == "media" or _CINEMA.search(surface) is not None
    return mention.label == "MEDIA" and " " in surface and _CINEMA.search(surface) is not None
