"""Account data: what a field means decides, then its header."""

from __future__ import annotations

import pytest

from forensics.knowledge.gazetteer import place_by_id
from forensics.language.account import find_in_account, speaker


@pytest.mark.parametrize(
    ("meaning", "field", "text", "label", "normalised", "kind"),
    [
        ("person", "Wert", "Bernd Achterberg", "PERSON", "Bernd Achterberg", None),
        ("speaker", "", "Özlem", "PERSON", "Özlem", None),
        ("place", "x", "Kaiserslautern", "PLACE", "Kaiserslautern", None),
        ("coordinates", "loc", "52.3759, 9.7320", "PLACE", "Hannover", None),
        ("address", "", "Am Rosengarten 17", "ADDRESS", "Am Rosengarten 17", None),
        ("email", "", "B.A@example.org", "EMAIL", "b.a@example.org", None),
        ("phone", "", "0631 123456", "PHONE", "0631123456", None),
        ("device", "", "Echo Dot Küche", "DEVICE", "Echo Dot Küche", "echo_dot"),
        ("device_type", "", "Thermostat", "DEVICE", "Thermostat", "thermostat"),
        ("room", "", "Living Room", "OTHER", "Living Room", "living_room"),
        ("service", "", "Spotify", "SERVICE", "Spotify", "spotify"),
        ("skill", "", "Bluthochdruck Tagebuch", "SERVICE", "Bluthochdruck Tagebuch", None),
        ("unknown", "Vorname", "Katrin", "PERSON", "Katrin", None),
    ],
)
def test_the_meaning_decides(
    meaning: str, field: str, text: str, label: str, normalised: str, kind: str | None
) -> None:
    (found,) = find_in_account(text, field, meaning)
    assert (found.mention.label, found.normalised, found.kind) == (label, normalised, kind)


@pytest.mark.parametrize("meaning", ["setting", "status"])
@pytest.mark.parametrize(("field", "text"), [("Name", "Enabled"), ("Customer", "Active Subscriber")])
def test_a_setting_is_nobody(meaning: str, field: str, text: str) -> None:
    assert find_in_account(text, field, meaning) == []


@pytest.mark.parametrize("meaning", ["id", "device_serial", "checksum", "file", "time", "secret"])
def test_numbers_of_files_and_devices_are_no_telephones(meaning: str) -> None:
    assert find_in_account("0049 1234 567890", "Phone id", meaning) == []


def test_a_place_of_the_account_has_ids() -> None:
    (found,) = find_in_account("Kaiserslautern", "", "place")
    place = place_by_id(found.places[0][0])
    assert place is not None
    assert (place.name, place.country) == ("Kaiserslautern", "DE")


@pytest.mark.parametrize("label", ["Guest", "unbekannt", "Speaker 1", "Default profile", "", "42"])
def test_a_speaker_without_a_name(label: str) -> None:
    assert speaker(label) is None
