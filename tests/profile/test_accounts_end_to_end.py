"""From files of an account to claims: the cases that people reported, and others of each kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forensics import Case
from forensics.corridor.runner import run
from forensics.intake import take_in
from tests.intake.helpers import table
from tests.intake.making import zipped


def claims_of(bundle: Path, folder: Path) -> list[dict[str, Any]]:
    case = Case.create(folder)
    take_in(case, bundle)
    run(case, until="profile")
    return case.rows("claims")


def made(folder: Path, *members: tuple[str, bytes]) -> list[dict[str, Any]]:
    bundle = folder / "export.zip"
    bundle.write_bytes(zipped(*members))
    return claims_of(bundle, folder / "case")


def sure(claims: list[dict[str, Any]], attribute: str, role: str = "subject", least: float = 0.6) -> set[str]:
    return {
        c["value"]
        for c in claims
        if (c["attribute"], c["subject_role"]) == (attribute, role) and c["p_true"] >= least
    }


@pytest.fixture
def cases(shared_dir: Path) -> Path:
    folder = shared_dir / "cases"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    return folder


def test_persons_of_a_voice_history(cases: Path, tmp_path: Path) -> None:
    claims = claims_of(cases / "persons-info", tmp_path / "case")
    assert sure(claims, "first_name", least=0.3) == {"Annika"}
    assert sure(claims, "child", "child") == {"Matteo"}
    assert sure(claims, "surname") == {"Brandstätter"}


def test_devices_with_their_owners_name(cases: Path, tmp_path: Path) -> None:
    claims = claims_of(cases / "device-names-owner", tmp_path / "case")
    assert sure(claims, "first_name", least=0.5) == {"Rasmus"}
    assert sure(claims, "surname", least=0.5) == {"Hufnagel"}


def test_the_account_of_an_acquired_cloud(cases: Path, tmp_path: Path) -> None:
    claims = claims_of(cases / "cift-account", tmp_path / "case")
    assert sure(claims, "first_name") == {"Marta"}
    assert sure(claims, "surname") == {"Köhler"}
    assert sure(claims, "home_place", least=0.9) == {"Kassel"}
    assert sure(claims, "address") == {"Ahornweg 4, Kassel, HE, DE", "Frankfurter Straße 210, Kassel"}
    assert not [c for c in claims if "third" in c["value"].casefold()]


def test_the_home_of_an_activity_page(cases: Path, tmp_path: Path) -> None:
    claims = claims_of(cases / "takeout-home" / "json", tmp_path / "case")
    assert sure(claims, "home_place", least=0.85) == {"Bad Tölz"}
    assert not [c for c in claims if c["attribute"] in ("first_name", "surname")]


def test_a_german_household(tmp_path: Path) -> None:
    said = ["alexa wie wird das wetter", "stell den wecker auf sechs", "ruf tobias an", "licht an"]
    devices = ["Noras Echo Dot", "Noras Echo Dot", "Küche", "Fabians Zimmer"]
    rows = [
        [f"2022-01-0{n}T07:00:00Z", *row] for n, row in enumerate(zip(said, devices, strict=True), start=1)
    ]
    profile = {"kontoinhaber": {"vorname": "Nora", "nachname": "Quast"}, "email": "nq@example.org"}
    home = [["Tobias Quast", "Ehemann", "41"], ["Fabian", "Sohn", "9"], ["Edda", "Tochter", "6"]]
    orders = [
        ["Lampe", "Nora Quast", "Birkenweg 8, 38518 Gifhorn"],
        ["Buch", "Gerlinde Abel", "Seestr. 2, 18055 Rostock"],
    ]
    claims = made(
        tmp_path,
        ("Verlauf.csv", table(["Zeitpunkt", "Transkript", "Gerät"], rows)),
        ("Profil.json", json.dumps(profile).encode()),
        ("Haushalt.csv", table(["Name", "Beziehung", "Alter"], home)),
        ("Bestellungen.csv", table(["Artikel", "Empfänger", "Lieferadresse"], orders)),
    )
    assert sure(claims, "first_name") == {"Nora"}
    assert sure(claims, "surname") == {"Quast"}
    assert sure(claims, "first_name", "companion") == {"Tobias"}
    assert sure(claims, "child", "child") == {"Fabian", "Edda"}
    assert sure(claims, "contact", "contact") == {"Gerlinde Abel"}
    assert sure(claims, "home_place") == {"Gifhorn"}
    assert sure(claims, "address") == {"Birkenweg 8, 38518 Gifhorn"}


def test_a_spanish_household(tmp_path: Path) -> None:
    devices = [
        {"deviceName": name, "serialNumber": f"G090LF107243{n:04d}", "deviceType": "Echo Dot"}
        for n, name in enumerate(("Echo de Inés", "Habitación de Pau", "Cocina"))
    ]
    addresses = [
        {"fullName": "Inés Requena", "addressLine": "Calle Luna 3", "city": "Valencia", "type": "HOME"},
        {"fullName": "Marc Soler", "addressLine": "Carrer Nou 9", "city": "Girona"},
    ]
    claims = made(
        tmp_path,
        ("devices.json", json.dumps({"devices": devices}).encode()),
        ("wifi.json", json.dumps({"wifi": [{"ssid": "Familia Requena", "security": "WPA2"}]}).encode()),
        ("addresses.json", json.dumps({"addresses": addresses}).encode()),
    )
    assert sure(claims, "first_name") == {"Inés"}
    assert sure(claims, "surname") == {"Requena"}
    assert sure(claims, "home_place", least=0.9) == {"Valencia"}
    assert sure(claims, "contact", "contact") == {"Marc Soler"}
    assert sure(claims, "address") == {"Calle Luna 3"}


def test_an_english_household(tmp_path: Path) -> None:
    people = [["Imogen", "ADULT"], ["Rory", "CHILD"]]
    settings = [["Third party service", "enabled"], ["Night light", "on"], ["Default speaker", "Kitchen"]]
    devices = [["Imogen's Echo Show", "G090LF1072430JKL"], ["The Fairweathers Kitchen", "G090LF1072430JKM"]]
    places = [{"label": "Home", "address": "14 Mill Lane, Whitby YO21 3PQ, UK"},
              {"label": "Work", "address": "1 Dock St, Hull HU1 3DZ, UK"}]  # fmt: skip
    claims = made(
        tmp_path,
        ("people.csv", table(["Display name", "Type"], people)),
        ("settings.csv", table(["Setting", "Value"], settings)),
        ("devices.csv", table(["Device name", "Serial"], devices)),
        ("saved_places.json", json.dumps({"places": places}).encode()),
    )
    assert sure(claims, "first_name") == {"Imogen"}
    assert sure(claims, "child", "child") == {"Rory"}
    assert sure(claims, "surname") == {"Fairweather"}
    assert sure(claims, "home_place", least=0.9) == {"Whitby"}
    assert sure(claims, "work_place", least=0.9) == {"Kingston upon Hull"}
    assert not [c for c in claims if c["value"] in ("Kitchen", "enabled", "Home", "Work", "Hoima")]
