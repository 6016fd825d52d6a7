"""Devices, services, relations and sensitive words by list, and how findings are joined."""

from __future__ import annotations

import pytest

from forensics.language.reading import Mention
from forensics.language.rules import devices, join, names, relations, sensitive
from tests.language.helpers import words_of


def _found(module: object, text: str, language: str) -> list[tuple[str, str]]:
    return [(m.label, text[m.start : m.end]) for m in module.find(words_of(text), language)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "play it on the fire tv", ("DEVICE", "fire tv")),
        ("en", "is the echo dot in the kitchen on", ("DEVICE", "echo dot")),
        ("de", "starte den Saugroboter", ("DEVICE", "Saugroboter")),
        ("de", "spiel Adele auf Spotify", ("SERVICE", "Spotify")),
        ("en", "watch that on Netflix", ("SERVICE", "Netflix")),
        ("de", "frag die Deutsche Bahn", ("SERVICE", "Deutsche Bahn")),
    ],
)
def test_devices_and_services(language: str, text: str, expected: tuple[str, str]) -> None:
    assert expected in _found(devices, text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "echo what time is it"),
        ("en", "alexa stop"),
        ("en", "is there fire on tv"),
        ("de", "computer wie spät ist es"),
        ("de", "das licht am ende des tunnels"),
        ("de", "fahr mit dem auto"),
    ],
)
def test_devices_hard_negatives(language: str, text: str) -> None:
    assert _found(devices, text, language) == []


@pytest.mark.parametrize(
    ("language", "surface", "kind", "room"),
    [
        ("de", "Wohnzimmerlampe", "lamp", "living room"),
        ("de", "Badezimmerheizung", "thermostat", "bathroom"),
        ("de", "Rollladen im Schlafzimmer", "blind", "bedroom"),
        ("en", "the robot vacuum", "vacuum", None),
        ("en", "kitchen lights", "light", "kitchen"),
        ("en", "coffee machine", "coffee machine", None),
        ("en", "echo dot", "Echo Dot", None),
        ("de", "haustürschloss", "lock", None),
        ("en", "banana", None, None),
    ],
)
def test_types_and_rooms(language: str, surface: str, kind: str | None, room: str | None) -> None:
    assert devices.device_type(surface, language) == kind
    assert devices.room_of(surface, language) == room


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "call my wife sarah", ("RELATION", "wife")),
        ("en", "ask mom what's for dinner", ("RELATION", "mom")),
        ("de", "schreib meinem Chef eine mail", ("RELATION", "Chef")),
        ("de", "ruf Mama an", ("RELATION", "Mama")),
        ("de", "ich möchte mit Oma sprechen", ("RELATION", "Oma")),
    ],
)
def test_relations(language: str, text: str, expected: tuple[str, str]) -> None:
    assert _found(relations, text, language) == [expected]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "play mother by pink floyd"),
        ("en", "who is the boss"),
        ("de", "der mann im mond"),
        ("de", "spiel frau holle"),
        ("de", "was kostet ein kind"),
    ],
)
def test_relations_hard_negatives(language: str, text: str) -> None:
    assert _found(relations, text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "category"),
    [
        ("en", "remind me to take my insulin", "health"),
        ("de", "erinnere mich an die Chemotherapie", "health"),
        ("de", "wann ist der Gottesdienst", "religion"),
        ("en", "what are the prayer times today", "religion"),
        ("de", "trag den Parteitag der SPD ein", "politics"),
        ("en", "open grindr", "sex life"),
        ("de", "Termin bei der Ausländerbehörde", "origin"),
        ("de", "spiel ein Schlaflied", "child"),
        ("de", "erinnere mich an die Blutdrucktabletten", "health"),
        ("de", "Termin beim Lungenfacharzt", "health"),
        ("de", "wann ist meine Gesprächstherapie", "health"),
        ("de", "wann ist der Abendgottesdienst", "religion"),
        ("en", "order more blood pressure pills", "health"),
        ("en", "when is bible study", "religion"),
    ],
)
def test_sensitive(language: str, text: str, category: str) -> None:
    found = sensitive.find(words_of(text), language)
    assert category in {m.special_category for m in found}
    assert all("possible" in m.reason for m in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "play some jazz"),
        ("en", "what is the weather in cancun"),
        ("de", "wie wird das wetter"),
        ("de", "stell den wecker"),
        ("en", "bedtime"),
        ("de", "gute nacht"),
        ("de", "setze Spülmaschinentabletten auf die Liste"),
        ("de", "Geschirrspültabletten"),
        ("de", "wo gibt es Kopfsteinpflaster"),
        ("de", "ist der Tierarzt offen"),
        ("de", "Schulter"),
    ],
)
def test_sensitive_hard_negatives(language: str, text: str) -> None:
    assert sensitive.find(words_of(text), language) == []


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("please add tom to my contact list", ["tom"]),
        ("lunch with mike and jim", ["mike", "jim"]),
        ("sende eine mail an jürgen", ["jürgen"]),
        ("füge bitte tobias hinzu", ["tobias"]),
    ],
)
def test_names_after_a_cue(text: str, surfaces: list[str]) -> None:
    assert [text[m.start : m.end] for m in names.find(words_of(text), "communication")] == surfaces


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("email from will power", "communication"),
        ("mail von gestern", "communication"),
        ("meeting in may", "calendar"),
        ("play something from adele", "music"),
        ("message for paris", "communication"),
    ],
)
def test_names_hard_negatives(text: str, domain: str) -> None:
    assert names.find(words_of(text), domain) == []


def test_join_prefers_numbers_then_the_model_and_keeps_hints() -> None:
    model = Mention(0, 10, "MEDIA", 0.6, "model:en", "")
    phone = Mention(12, 22, "PHONE", 0.9, "rule:phone", "")
    time = Mention(14, 18, "TIME", 0.99, "model:en", "")
    listed = Mention(4, 8, "DEVICE", 0.85, "list:devices", "")
    hint = Mention(2, 6, "OTHER", 0.5, "list:sensitive", "possible", "child")
    joined = join([time, hint, listed, model, phone])
    assert [(m.label, m.special_category) for m in joined] == [("MEDIA", "child"), ("PHONE", None)]
