"""Devices and services by name, and what a device is: its type and its room."""

from __future__ import annotations

import pytest

from forensics.language.rules import devices
from tests.language.helpers import found_by


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
    assert expected in found_by(devices, text, language)


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
    assert found_by(devices, text, language) == []


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
