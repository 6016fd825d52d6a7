"""Mentions inside the words of a to-do or an appointment, and the borders that the corpora draw."""

from __future__ import annotations

import pytest

from forensics.language.conventions import drawn
from forensics.language.meaning import understand
from forensics.language.nested import with_nested
from forensics.language.reader import reader
from forensics.language.reading import Mention, Reading


def _nested(text: str, language: str, outer: tuple[str, str]) -> list[tuple[str, str]]:
    """Surfaces after a second reading of a text whose only mention is `outer`, a label and a surface."""
    start = text.index(outer[1])
    mention = Mention(start, start + len(outer[1]), outer[0], 0.9, "model", "")
    reading = with_nested([Reading(text, [mention], "lists", "lists_add", 0.9)], reader(language))[0]
    return [(m.label, text[m.start : m.end]) for m in reading.mentions]


@pytest.mark.parametrize(
    ("language", "text", "outer", "inner"),
    [
        ("en", "add buy flowers for my wife to my list", "buy flowers for my wife", ("RELATION", "wife")),
        ("en", "remind me to call my wife tomorrow", "call my wife", ("RELATION", "wife")),
        ("de", "erinnere mich meine Oma anzurufen", "meine Oma anzurufen", ("RELATION", "Oma")),
        ("en", "put call Sarah about dinner on my list", "call Sarah about dinner", ("PERSON", "Sarah")),
        ("de", "schreib ruf Katrin an auf die Liste", "ruf Katrin an", ("PERSON", "Katrin")),
        ("de", "setze Blutdrucktabletten holen auf die Liste", "Blutdrucktabletten holen",
         ("OTHER", "Blutdrucktabletten")),
    ],
)  # fmt: skip
def test_found_inside(language: str, text: str, outer: str, inner: tuple[str, str]) -> None:
    found = _nested(text, language, ("OTHER", outer))
    assert ("OTHER", outer) in found
    assert inner in found


@pytest.mark.parametrize(
    ("language", "text", "outer"),
    [
        ("en", "add take out the trash to my list", "take out the trash"),
        ("de", "setze die Wäsche machen auf die Liste", "die Wäsche machen"),
        ("en", "add olive oil to my list", "olive oil"),
    ],
)
def test_nothing_inside(language: str, text: str, outer: str) -> None:
    assert _nested(text, language, ("OTHER", outer)) == [("OTHER", outer)]


def test_a_hint_counts_once() -> None:
    text = "erinnere mich daran die Blutdrucktabletten zu nehmen"
    start = text.index("die")
    outer = Mention(start, len(text), "OTHER", 0.9, "model", "", "health")
    reading = with_nested([Reading(text, [outer])], reader("de"))[0]
    hints = [text[m.start : m.end] for m in reading.mentions if m.special_category == "health"]
    assert hints == ["Blutdrucktabletten"]


@pytest.mark.parametrize(
    ("language", "surface", "label"),
    [
        ("de", "Bahnhof", "OTHER"),
        ("de", "dem Hauptbahnhof", "OTHER"),
        ("en", "the train station", "OTHER"),
        ("en", "Springfield", "PLACE"),
        ("de", "Hannover Hauptbahnhof", "PLACE"),
        ("de", "Sylt", "PLACE"),
    ],
)
def test_a_kind_of_place_is_no_place(language: str, surface: str, label: str) -> None:
    mention = Mention(0, len(surface), "PLACE", 0.9, "model", "")
    assert [m.mention.label for m in understand(Reading(surface, [mention]), language)] == [label]


def _places(text: str, *surfaces: str, label: str = "PLACE") -> list[Mention]:
    return [Mention(text.index(s), text.index(s) + len(s), label, 0.9, "model", "") for s in surfaces]


@pytest.mark.parametrize(
    ("text", "language", "domain", "expected"),
    [
        ("time in orlando florida", "en", "datetime", ["orlando florida"]),
        ("time in orlando, florida", "en", "datetime", ["orlando, florida"]),
        ("weather in orlando florida", "en", "weather", ["orlando", "florida"]),
        ("a table in orlando florida", "en", "food", ["orlando", "florida"]),
        ("bus from orlando to florida", "en", "transport", ["orlando", "florida"]),
    ],
)
def test_town_and_state(text: str, language: str, domain: str, expected: list[str]) -> None:
    found = drawn(_places(text, "orlando", "florida"), text, language, domain)
    assert [text[m.start : m.end] for m in found] == expected


def test_cinemas_are_places_in_german_only() -> None:
    text = "Filme bei Caribbean Cinemas"
    for language, label in (("de", "PLACE"), ("en", "ORG")):
        assert [
            m.label for m in drawn(_places(text, "Caribbean Cinemas", label="ORG"), text, language, "media")
        ] == [label]
    shop = "Filme bei Saturn"
    assert drawn(_places(shop, "Saturn", label="ORG"), shop, "de", "lists")[0].label == "ORG"


@pytest.mark.parametrize(
    ("text", "surface", "domain", "people"),
    [
        ("lunch with mike, jim and bob", "mike, jim and bob", "calendar", ["mike", "jim", "bob"]),
        ("paul's retirement", "paul's", "calendar", ["paul's"]),
        ("add mike and jim", "mike and jim", "lists", []),
        ("meeting in april", "april", "calendar", []),
        ("lunch with mike and the boys", "mike and the boys", "calendar", []),
    ],
)
def test_nothing_but_first_names(text: str, surface: str, domain: str, people: list[str]) -> None:
    found = drawn(_places(text, surface, label="OTHER"), text, "en", domain)
    assert [text[m.start : m.end] for m in found if m.label == "PERSON"] == people


@pytest.mark.parametrize(
    ("text", "surfaces", "expected"),
    [
        ("lunch with mike jim and bob", ["mike jim", "bob"], ["mike", "jim", "bob"]),
        ("lunch with mike jim", ["mike jim"], ["mike jim"]),
        ("lunch with tom hanks and bob", ["tom hanks", "bob"], ["tom hanks", "bob"]),
    ],
)
def test_several_first_names(text: str, surfaces: list[str], expected: list[str]) -> None:
    found = drawn(_places(text, *surfaces, label="PERSON"), text, "en", "calendar")
    assert [text[m.start : m.end] for m in found] == expected
