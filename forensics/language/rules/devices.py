"""Devices and services by name, where the model has missed them: product names are few and known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from forensics.knowledge.keys import machine_key
from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.words import split
from forensics.language.reading import Mention

_PRODUCTS = frozenset(
    [
        "fire tv",
        "firetv",
        "fire tv stick",
        "fire stick",
        "feuer tv",
        "echo dot",
        "echo show",
        "echo spot",
        "echo plus",
        "echo studio",
        "amazon echo",
        "homepod",
        "google home",
        "google nest",
        "nest mini",
        "sonos",
        "chromecast",
        "apple tv",
        "roku",
        "xbox",
        "playstation",
        "roomba",
        "fritzbox",
        "fritz box",
        "iphone",
        "ipad",
        "apple watch",
        "fitbit",
        "smartwatch",
        "thermostat",
        "saugroboter",
        "staubsaugerroboter",
        "kaffeemaschine",
        "coffee machine",
        "vacuum cleaner",
        "robot vacuum",
        "smart plug",
        "garage door",
        "garagentor",
        "fernseher",
        "nachttischlampe",
        "stehlampe",
        "deckenlampe",
        "türklingel",
        "doorbell",
        "rollladen",
        "jalousie",
    ]
)
"""Forms that mean the device wherever they stand; "light", "car" or "speaker" need a sentence."""
_BRANDS = (
    "hue", "philips", "osram", "tado", "nest", "netatmo", "bosch", "siemens", "miele", "samsung", "sony",
    "lg", "sonos", "bose", "ikea",
    "ring", "wemo", "roomba", "xiaomi", "dyson", "delonghi", "jura", "fritz", "homematic", "innogy",
    "apple", "google", "amazon",
)  # fmt: skip
_PLAIN_SERVICES = frozenset(
    [
        "spotify",
        "netflix",
        "audible",
        "tunein",
        "deezer",
        "youtube",
        "hulu",
        "itunes",
        "soundcloud",
        "pandora",
        "whatsapp",
        "facebook",
        "twitter",
        "instagram",
        "snapchat",
        "tiktok",
        "flixbus",
        "uber",
        "lyft",
        "lieferando",
        "deliveroo",
        "amazon music",
        "amazon prime",
        "prime video",
        "apple music",
        "youtube music",
        "deutsche bahn",
        "zdf mediathek",
        "ard mediathek",
        "tagesschau",
        "philips hue",
        "tado",
        "joyn",
        "zattoo",
        "dazn",
        "deutschlandfunk",
        "iheartradio",
    ]
)


def find(words: Mapping[str, Any], language: str) -> list[Mention]:
    """Product and service names among the words of a text."""
    found = []
    classes = words["classes"]
    position = 0
    while position < len(classes):
        marks = classes[position]
        if ("D" in marks or "V" in marks) and marks[:1] != "I":
            end = position + 1
            while end < len(classes) and classes[end][:1] == "I":
                end += 1
            form = " ".join(words["words"][position:end])
            start_at, end_at = words["spans"][position][0], words["spans"][end - 1][1]
            if "D" in marks and form in _PRODUCTS:
                kind = device_type(form, language)
                found.append(
                    Mention(start_at, end_at, "DEVICE", 0.85, "list:devices", f"names a device ({kind})")
                )
            elif "V" in marks and form in _PLAIN_SERVICES:
                found.append(
                    Mention(
                        start_at,
                        end_at,
                        "SERVICE",
                        0.85,
                        "list:services",
                        f"names a service ({service_kind(form)})",
                    )
                )
            position = end
        else:
            position += 1
    return found


def device_type(surface: str, language: str) -> str | None:
    """The type of the device that `surface` names, from the last word that names one.

    Examples
    --------
    >>> device_type("Wohnzimmerlampe", "de"), device_type("the robot vacuum", "en")
    ('lamp', 'vacuum')
    """
    words = split(surface).words
    types = _types(language)
    for length in range(min(4, len(words)), 0, -1):
        for start in range(len(words) - length, -1, -1):
            if kind := types.get(" ".join(words[start : start + length])):
                return kind
    for word in reversed(words):  # German compounds: the last part says what it is
        for cut in range(2, len(word) - 2):
            if (kind := types.get(word[cut:])) and len(word) - cut > 3:
                return kind
    return None


def service_key(surface: str) -> str | None:
    """The machine key of the listed service that `surface` names.

    Examples
    --------
    >>> service_key("Apple Music"), service_key("my own radio station")
    ('apple_music', None)
    """
    form = " ".join(split(surface).words)
    return machine_key(form) if form in _services() else None


def service_kind(surface: str) -> str | None:
    """What kind of service `surface` names."""
    return _services().get(" ".join(split(surface).words))


def room_of(surface: str, language: str) -> str | None:
    """The room that `surface` names, alone or at the front of a compound such as ``Küchenlicht``."""
    words = split(surface).words
    rooms = _rooms(language)
    for length in range(min(3, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            if room := rooms.get(" ".join(words[start : start + length])):
                return room
    for word in words:
        for cut in range(len(word) - 2, 3, -1):
            if room := rooms.get(word[:cut]):
                return room
    return None


def brand_of(surface: str) -> str | None:
    """The maker that `surface` names."""
    return next((brand for brand in _BRANDS if brand in split(surface).words), None)


@cache
def _types(language: str) -> dict[str, str]:
    return {
        " ".join(split(r["form"]).words): r["type"]
        for r in read_forms("devices")
        if r["language"] == language
    }


@cache
def _services() -> dict[str, str]:
    return {" ".join(split(r["form"]).words): r["kind"] for r in read_forms("services")}


@cache
def _rooms(language: str) -> dict[str, str]:
    return {
        " ".join(split(r["form"]).words): r["room"] for r in read_forms("rooms") if r["language"] == language
    }
