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


@pytest.mark.parametrize(
    ("text", "person", "address", "town", "country"),
    [
        (
            "Ilse Kramm, Erlenweg 3, 34466 Wolfhagen",
            "Ilse Kramm", "Erlenweg 3, 34466 Wolfhagen", "Wolfhagen", "DE",
        ),
        (
            "9 Quay Street, Whitby YO21 3PQ",
            None, "9 Quay Street, Whitby YO21 3PQ", "Whitby", "GB",
        ),
        (
            "77 Oak Street, Springfield, IL 62704",
            None, "77 Oak Street, Springfield, IL 62704", "Springfield", "US",
        ),
        (
            "Lucía Vega\nCalle Sol 5\n28013 Madrid\nEspaña",
            "Lucía Vega", "Calle Sol 5\n28013 Madrid\nEspaña", "Madrid", "ES",
        ),
        (
            "Jan de Vries, Dorpsstraat 8, 3512 AB Utrecht",
            "Jan de Vries", "Dorpsstraat 8, 3512 AB Utrecht", "Utrecht", "NL",
        ),
        ("Teichweg 1", None, "Teichweg 1", None, None),
        ("Kassel", None, None, "Kassel", "DE"),
    ],
)  # fmt: skip
def test_parts_of_an_address(
    text: str, person: str | None, address: str | None, town: str | None, country: str | None
) -> None:
    found = {m.mention.label: m for m in find_in_account(text, "", "address")}
    spans = {label: text[m.mention.start : m.mention.end] for label, m in found.items()}
    assert spans == {k: v for k, v in (("PERSON", person), ("ADDRESS", address), ("PLACE", town)) if v}
    if country:
        place = place_by_id(found["PLACE"].places[0][0])
        assert place is not None
        assert place.country == country


def test_the_state_tells_towns_of_one_name_apart() -> None:
    found = {
        m.mention.label: m for m in find_in_account("77 Oak St, Springfield, IL 62704, US", "", "address")
    }
    place = place_by_id(found["PLACE"].places[0][0])
    assert place is not None
    assert (place.admin1, found["PLACE"].places[0][1] > 0.9) == ("IL", True)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("locationInfos[].name", "In diesem allgemeinen Gebiet"), ("profile.name", "Night mode on"),
        ("Name", "Bewegungsmelder Treppe"), ("setting name", "Third party service"),
    ],
)  # fmt: skip
def test_a_thing_that_has_a_name_is_nobody(field: str, text: str) -> None:
    assert [m for m in find_in_account(text, field, "text") if m.mention.label == "PERSON"] == []


def test_a_vendors_code_is_no_device() -> None:
    assert find_in_account("A1MPSLFC7L5AFK", "device_type", "device_type") == []


def test_the_name_of_a_network_is_kept() -> None:
    (found,) = find_in_account("Familie Lindqvist 5G", "wifi.ssid", "text")
    assert (found.mention.label, found.normalised) == ("OTHER", "Familie Lindqvist 5G")
    assert find_in_account("[masked]", "wifi.ssid", "secret") == []


@pytest.mark.parametrize("label", ["Guest", "unbekannt", "Speaker 1", "Default profile", "", "42"])
def test_a_speaker_without_a_name(label: str) -> None:
    assert speaker(label) is None
