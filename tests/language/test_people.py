"""Who a name means: how full it is, what part its bearer has, whose relation, and who is an artist."""

from __future__ import annotations

import pytest

from forensics.language.people import is_artist, person, role_of, without_possessive
from forensics.language.reading import Mention, Reading


def _named(text: str, name: str) -> Mention:
    start = text.index(name)
    return Mention(start, start + len(name), "PERSON", 0.9, "model", "")


@pytest.mark.parametrize(
    ("language", "text", "name", "kind", "relation"),
    [
        ("en", "call my wife Sarah", "Sarah", "first name", "wife"),
        ("en", "text Sarah my sister", "Sarah", "first name", "sister"),
        ("en", "email Sarah Miller", "Sarah Miller", "full name", None),
        ("en", "call Mr Miller", "Mr Miller", "surname", None),
        ("en", "ring Xzyqa", "Xzyqa", "unlisted name", None),
        ("de", "ruf meinen Chef Jonas an", "Jonas", "first name", "boss"),
        ("de", "schreib Anna Schmidt", "Anna Schmidt", "full name", None),
        ("de", "ruf Frau Schmidt an", "Frau Schmidt", "surname", None),
    ],
)
def test_kind_and_relation(language: str, text: str, name: str, kind: str, relation: str | None) -> None:
    found = person(Reading(text, [], "communication"), _named(text, name), language)
    assert (found.kind, found.relation) == (kind, relation)


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("call Sarah", "Sarah", "called"),
        ("send a message to Sarah", "Sarah", "messaged"),
        ("remind Sarah to eat", "Sarah", "reminded"),
        ("ruf Jonas an", "Jonas", "called"),
        ("schreib Jonas eine Nachricht", "Jonas", "messaged"),
        ("weck Jonas um sieben", "Jonas", "woken"),
        ("sag Jonas das Essen ist fertig", "Jonas", "told"),
    ],
)
def test_roles(text: str, name: str, role: str) -> None:
    assert role_of(text, _named(text, name)) == role


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("remind me of Sarah", "Sarah"),
        ("the weather in Jordan", "Jordan"),
        ("erinnere mich an Jonas", "Jonas"),
        ("wie alt ist Jonas", "Jonas"),
    ],
)
def test_nobody_is_called_or_reminded(text: str, name: str) -> None:
    assert role_of(text, _named(text, name)) not in ("called", "messaged", "reminded", "woken", "told")


@pytest.mark.parametrize(
    ("text", "name", "domain", "artist"),
    [
        ("play Adele", "Adele", "music", True),
        ("call Adele", "Adele", "music", False),
        ("who is Johnny Cash", "Johnny Cash", "qa", True),
        ("who is Adele", "Adele", "qa", False),
        ("ruf Helene Fischer an", "Helene Fischer", "communication", False),
        ("wo wohnt Helene Fischer", "Helene Fischer", "qa", True),
    ],
)
def test_artists(text: str, name: str, domain: str, artist: bool) -> None:
    played = {"johnny cash", "helene fischer", "adele"}
    assert is_artist(Reading(text, [], domain), _named(text, name), played) is artist


@pytest.mark.parametrize(
    ("language", "surface", "name"),
    [
        ("en", "Sarah's", "Sarah"),
        ("en", "James", "James"),
        ("en", "James'", "James"),
        ("de", "Annas", "Anna"),
        ("de", "Jonas", "Jonas"),
        ("de", "Hans", "Hans"),
    ],
)
def test_possessives(language: str, surface: str, name: str) -> None:
    assert without_possessive(surface, language) == name
