"""Names of people in talk, with the household's other utterances in mind."""

from __future__ import annotations

import pytest

from forensics.knowledge.first_names import name_class
from forensics.language.reader import reader
from forensics.language.reading import Reading
from forensics.language.stage import Source, read_household
from forensics.language.talk import Text, with_people


def people(*texts: str, language: str = "de") -> list[list[str]]:
    """What with_people finds in each text of a household."""
    readings = list(reader(language).read(texts))
    found = with_people([Text(reading, language, str(n)) for n, reading in enumerate(readings)])
    return [[r.text[m.start : m.end] for m in r.mentions if m.label == "PERSON"] for r in found]


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("de", "hier spricht annegret wo ist denn der jochen", ["annegret", "jochen"]),
        ("de", "frau doktor hagedorn hat gesagt zweimal am tag", ["frau doktor hagedorn"]),
        ("de", "sag der friederike dass die waltraud kommt", ["friederike", "waltraud"]),
        ("de", "erinnere mich an heinrichs geburtstag", ["heinrichs"]),
        ("en", "tell cordelia that rupert's bringing the dog", ["cordelia", "rupert's"]),
        ("en", "no desmond it's your turn to wash up", ["desmond"]),
        ("en", "is mr pettigrew still upstairs", ["mr pettigrew"]),
    ],
)
def test_names_in_talk(language: str, text: str, names: list[str]) -> None:
    assert people(text, language=language) == [names]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "setz meerschweinchen heu auf die liste"),
        ("de", "köln akku laden hemd bügeln"),
        ("de", "moin wie wird das wetter an der küste"),
        ("de", "gib mir noch die pommes"),
        ("en", "add guinea pig hay to the list"),
        ("en", "hey echo will it rain on the bank holiday"),
        ("en", "turn off the light in the hall"),
        ("en", "how far is it to canary wharf and the mall"),
    ],
)
def test_things_are_nobody(language: str, text: str) -> None:
    assert people(text, language=language) == [[]]


def test_a_name_known_elsewhere_in_the_household_is_one_here_too() -> None:
    elsewhere = ("ruf herrn schuhbauer an", "frau schuhbauer hat geschrieben", "ist herr schuhbauer schon da")
    assert people("schuhbauer lass das") == [[]]
    assert people(*elsewhere, "schuhbauer lass das")[-1] == ["schuhbauer"]


def test_neighbouring_names_are_parted() -> None:
    assert people("bärbel novak rosa winkler zwei trauzeuginnen") == [["bärbel novak", "rosa winkler"]]
    apart = people("wo ist konrad", "ruf hedwig an", "konrad hedwig aufstehen")
    assert apart[-1] == ["konrad", "hedwig"]


def test_a_span_ends_where_the_name_ends() -> None:
    assert people("sag leopold stinkt") == [["leopold"]]


def test_casing_changes_nothing() -> None:
    text = "hier spricht annegret wo ist denn der jochen"
    assert [n.lower() for n in people(text.title())[0]] == people(text)[0]


def test_order_and_company_of_other_households_change_nothing() -> None:
    texts = ["ruf den hannes an", "hannes wo bist du", "spiel musik"]
    assert people(*reversed(texts)) == list(reversed(people(*texts)))


def test_a_text_without_words_stays_as_it_is() -> None:
    reading = Reading("…", [])
    assert with_people([Text(reading, "de", "1")]) == [reading]


def test_who_a_song_is_for_is_no_artist() -> None:
    rows = read_household(
        [
            Source("vendor", "play happy birthday for cordelia", "g", utterance_id="utt-1", engine="vendor"),
            Source("vendor", "play hello by adele", "g", utterance_id="utt-2", engine="vendor"),
        ],
        "g",
    )["mentions"]
    assert [(r["utterance_id"], r["surface"]) for r in rows if r["label"] == "PERSON"] == [
        ("utt-1", "cordelia")
    ]


def test_the_list_knows_how_common_a_name_is() -> None:
    assert name_class("anna", "de") > name_class("annegret", "de") > 0
    assert name_class("annegret", "en") == 0
    assert name_class("schraubenzieher") == 0
