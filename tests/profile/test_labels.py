"""Whose a device, a room or a network is, by the name that the household gave it."""

# ruff: noqa: E501 (tables are easier to read whole)

from __future__ import annotations

import pytest

from forensics.profile.labels import owners


@pytest.mark.parametrize(
    ("label", "people", "of"),
    [
        ("Claras Echo", ["Clara"], "device"),
        ("Claras zweiter Echo Dot", ["Clara"], "device"),
        ("Tobias Reuters Fire TV", ["Tobias Reuter"], "device"),
        ("Imogen's 2nd Echo Show", ["Imogen"], "device"),
        ("rory's tablet", ["Rory"], "device"),
        ("Theos Zimmer", ["Theo"], "room"),
        ("Jonas Zimmer", ["Jonas"], "room"),
        ("Jonas' Zimmer", ["Jonas"], "room"),
        ("Finn & Ella's room", ["Finn", "Ella"], "room"),
        ("Kinderzimmer Edda", ["Edda"], "room"),
        ("Echo de Inés", ["Inés"], "device"),
        ("Chambre de Hugo", ["Hugo"], "room"),
        ("Camera di Beatrice", ["Beatrice"], "room"),
        ("Kamer van Daan", ["Daan"], "room"),
        ("Echo Dot von Jürgen", ["Jürgen"], "device"),
        ("Lampe Wohnzimmer Familie Oberhauser", ["Oberhauser"], "family"),
        ("The Fairweather Family", ["Fairweather"], "family"),
        ("The Hendersons Kitchen", ["Henderson"], "family"),
        ("Famille Dubois salon", ["Dubois"], "family"),
        ("Casa Rossi", ["Rossi"], "family"),
    ],
)
def test_owners(label: str, people: list[str], of: str) -> None:
    found = owners(label)
    assert [(o.full, o.of) for o in found] == [(name, of) for name in people]
    assert all(0 < o.p < 1 and o.p + sum(o.alternatives.values()) <= 1 for o in found)


@pytest.mark.parametrize(
    "label",
    [
        "Echo Dot", "Living Room", "Living Room Sonos", "Wohnzimmerlampe 2", "Küchenlicht links", "Echo Wintergarten",
        "Grandma's Echo", "Gästezimmer", "Gäste-WLAN", "Kids Room", "Chambre d'amis", "Salle de bain", "Family Room",
        "Philips Hue Bridge", "Brother Printer", "Bosch Spülmaschine", "FRITZ!Box 7590", "Alexas Echo", "MSHOP",
        "G090LF1072430JKL", "Children's bedroom", "Mutters Zimmer", "Sala de estar", "Christmas lights", "", "2",
        "Fire TV Stick 4K Max", "Alexa-App", "This Device", "Everywhere group",
    ],
)  # fmt: skip
def test_what_names_nobody(label: str) -> None:
    assert owners(label) == ()


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Familie Lindqvist 5G", "Lindqvist"), ("FRITZ!Box Hufnagel", "Hufnagel"), ("WLAN-Schuster", "Schuster"),
        ("Vodafone-AB12", None), ("linksys", None), ("Guest", None), ("TP-Link_5G", None), ("Telekom-7F3A", None),
    ],
)  # fmt: skip
def test_names_of_networks(name: str, family: str | None) -> None:
    assert [(o.last, o.of) for o in owners(name, "network")] == ([(family, "family")] if family else [])


def test_what_may_be_two_names_says_so() -> None:
    (one,) = owners("Lukas Zimmer")
    assert (one.first, set(one.alternatives)) == ("Lukas", {"Luka"})
    assert owners("Claras Echo")[0].p > one.p
