"""Small inputs of the kinds that people reported in public, with the right value; and the same kinds with other names."""

# ruff: noqa: E501 (tables are easier to read whole)

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.intake.helpers import Taken, table, taken, taken_path
from tests.intake.making import WAV


@pytest.fixture
def cases(shared_dir: Path) -> Path:
    folder = shared_dir / "cases"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    return folder


def first(found: Taken) -> tuple[str | None, str]:
    """Time and basis of the first utterance."""
    row = found.said[0]
    return (row["started_at"].strftime("%Y-%m-%dT%H:%M:%S") if row["started_at"] else None), row[
        "started_at_basis"
    ]


# -- zones in headers, columns and values --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "at", "basis", "code"),
    [
        ("offs", "2021-07-13T19:00:12", "export", None), ("gmtm5", "2021-07-14T02:00:12", "export", None),
        ("berlin", "2021-07-13T19:00:12", "export", None), ("mez", "2021-01-13T20:00:12", "export", None),
        ("mac", "2021-07-13T17:28:43", "derived", "epoch-guessed"), ("isohour", "2021-07-13T19:00:12", "export", None),
        ("split", "2021-07-13T21:00:12", "derived", None), ("iso12", "2021-07-13T21:00:12", "derived", None),
        ("hhmm", "2021-07-13T21:00:00", "derived", None), ("dst", "2021-10-31T00:00:12", "derived", "ambiguous-time"),
    ],
)  # fmt: skip
def test_header_zones(cases: Path, name: str, at: str, basis: str, code: str | None) -> None:
    found = taken_path(cases / "header-zones" / name)
    assert len(found.said) == 6
    assert first(found) == (at, basis)
    assert found.codes == ({code} if code else set())


@pytest.mark.parametrize(
    ("header", "value", "at", "basis", "codes"),
    [
        (["Zeit [CEST]"], ["13.07.2021 21:00:12"], "2021-07-13T19:00:12", "export", set()),
        (["event_time (America/New_York)"], ["2021-07-13 21:00:12"], "2021-07-14T01:00:12", "export", set()),
        (["Fecha", "Hora", "Zona horaria"], ["13/07/2021", "21:00:12", "UTC-3"], "2021-07-14T00:00:12", "export", set()),
        (["Horodatage"], ["13 juil. 2021 à 21:00:12 UTC+2"], "2021-07-13T19:00:12", "export", set()),
        (["Data i godzina"], ["13 wrz 2021, 21:00:12 CEST"], "2021-09-13T19:00:12", "export", set()),
        (["日時"], ["2021年7月13日 午後9:00:12"], "2021-07-13T21:00:12", "derived", set()),
        (["Time"], ["Tue Jul 13 2021 21:00:12 GMT+0200 (Mitteleuropäische Sommerzeit)"], "2021-07-13T19:00:12", "export", set()),
        (["time_usec"], ["1626202812000000"], "2021-07-13T19:00:12", "export", set()),
        (["Start"], ["44390.7918"], "2021-07-13T19:00:12", "derived", set()),
        (["Timestamp"], ["132706764120000000"], "2021-07-13T19:00:12", "derived", {"epoch-guessed"}),
        (["Timestamp"], ["the 13th at nine 99:99"], None, "unknown", {"time-unreadable"}),
        (["Timestamp"], ["07/08/2021 21:00"], None, "unknown", {"day-month-order"}),
        (["Zeit", "Zeitzone"], ["2021-03-28 02:30:00", "Europe/Berlin"], None, "unknown", {"impossible-time"}),
        (["Datum"], ["13.07.2021"], None, "unknown", {"date-without-time"}),
        (["Timestamp"], ["2021-02-30 10:00:00"], None, "unknown", {"time-unreadable"}),
    ],
)  # fmt: skip
def test_other_times(
    header: list[str], value: list[str], at: str | None, basis: str, codes: set[str]
) -> None:
    said = ["alexa licht aus", "alexa wie spät ist es", "alexa stopp"]
    found = taken(("v.csv", table([*header, "Transcript"], [[*value, text] for text in said], ";")))
    assert found.texts == sorted(said)
    assert first(found) == (at, basis)
    assert found.codes == codes


# -- histories without sound, in any folder -------------------------------------------------------------


def test_a_history_without_sound(cases: Path) -> None:
    found = taken_path(cases / "history-without-sound" / "root.zip")
    assert len(found.said) == 40
    assert {row["started_at_basis"] for row in found.said} == {"export"}


@pytest.mark.parametrize("folder", ["", "Alexa/", "My data/2022/Sprachverlauf/", "Alexa.zip!/x/"])
def test_the_folder_of_a_history_does_not_matter(folder: str) -> None:
    rows = [[f"2022-01-0{n}T07:00:00Z", f"alexa erzähl witz nummer {n}"] for n in range(1, 8)]
    found = taken(
        (folder + "Verlauf.csv", table(["Zeitpunkt", "Transkript"], rows)), ("readme.txt", b"Your data.")
    )
    assert len(found.said) == 7


def test_a_history_beside_an_account_and_no_sound_is_the_accounts() -> None:
    rows = [[f"2022-01-0{n}T07:00:00Z", f"alexa erzähl witz nummer {n}"] for n in range(1, 8)]
    found = taken(
        ("Verlauf.csv", table(["Zeitpunkt", "Transkript"], rows)),
        ("Profil.json", b'{"name": "Ida Moll", "email": "ida@example.org"}'),
    )
    assert [g["role"] for g in found.groups] == ["account"]


# -- people, devices, places of the account -------------------------------------------------------------


def test_persons_of_a_voice_history(cases: Path) -> None:
    found = taken_path(cases / "persons-info")
    assert {d["name"] for d in found.devices} == {
        "Annikas Echo Dot",
        "Wohnzimmer Familie Brandstätter",
        "Annika's Fire TV",
    }
    assert {d["owner"] for d in found.devices} == {"account"}
    assert {row["speaker_label"] for row in found.said} == {"Annika", "Matteo"}
    roles = {r["text"]: r["person_role"] for r in found.passages if r["meaning"] == "speaker"}
    assert roles == {"Annika": None, "Matteo": "child"}
    assert found.codes == set()


def test_speakers_of_other_histories() -> None:
    records = [
        {
            "wann": f"2022-01-0{n}T07:00:00Z",
            "text": "alexa licht an",
            "stimmprofil": {"vorname": who, "alter": age},
        }
        for n, (who, age) in enumerate([("Piet", "Kind"), ("Ruth", "Erwachsene"), ("Piet", "Kind")], start=1)
    ]
    found = taken(("verlauf.json", json.dumps(records).encode()))
    assert [row["speaker_label"] for row in found.said] == ["Piet", "Ruth", "Piet"]
    assert {r["text"]: r["person_role"] for r in found.passages if r["role"] == "account"}["Piet"] == "child"


def test_the_account_of_an_acquired_cloud(cases: Path) -> None:
    found = taken_path(cases / "cift-account")
    assert [(g["role"], g["n_recordings"]) for g in found.groups] == [("account", 4)]
    assert found.account("person") == ["Marta Köhler"]
    assert found.account("email") == ["m.koehler.ks@example.org"]
    assert {"Ahornweg 4, Kassel, HE, DE", "Frankfurter Straße 210, Kassel"} <= set(found.account("address"))
    assert found.account("skill") == ["Philips Hue", "tado Heizung"]
    assert found.account("service") == ["SPOTIFY"]
    assert {d["name"]: d["n_recordings"] for d in found.devices} == {
        "Marta's Echo": 4,
        "Martas Alexa Apps": 0,
    }
    assert found.said == []  # every row of the timeline has its recording
    places = {r["text"]: r["place_role"] for r in found.passages if r["meaning"] == "address"}
    assert places["Frankfurter Straße 210, Kassel"] == "work"
    assert not [
        r for r in found.passages if r["meaning"] in ("person", "unknown") and "third" in r["text"].lower()
    ]


@pytest.mark.parametrize(
    ("name", "content", "meaning", "text", "roles"),
    [
        ("settings.csv", table(["Setting", "Value"], [["home_address", "Teichweg 1, Lauf"], ["wake_word", "ALEXA"]]), "address", "Teichweg 1, Lauf", (None, "home")),
        ("prefs.json", b'[{"name": "workLocation", "value": "Hof"}, {"name": "musicProvider", "value": "Deezer"}]', "service", "Deezer", (None, None)),
        ("Kontakte.csv", table(["Vorname", "Nachname", "Telefon"], [["Ute", "Blank", "+49 911 5550101"], ["Jo", "Kern", "+49 911 5550102"]]), "person", "Ute", ("contact", None)),
        ("account.json", b'{"accountHolder": {"fullName": "Ida Moll"}, "email": "ida@example.org"}', "person", "Ida Moll", ("subject", None)),
        ("Linked Services.csv", table(["Name", "Linked"], [["Spotify", "True"], ["Philips Hue", "True"]]), "service", "Spotify", (None, None)),
        ("Places.json", b'{"saved": [{"label": "Home", "lat_lng": "49.5091, 11.2789"}, {"label": "Work", "lat_lng": "49.45,11.08"}]}', "coordinates", "49.5091,11.2789", (None, "home")),
    ],
)  # fmt: skip
def test_other_accounts(
    name: str, content: bytes, meaning: str, text: str, roles: tuple[str | None, str | None]
) -> None:
    found = taken((name, content))
    (row,) = [r for r in found.passages if r["meaning"] == meaning and r["text"] == text]
    assert (row["person_role"], row["place_role"]) == roles


# -- loose lines and pages -------------------------------------------------------------------------------


def test_bullets_without_a_letter(cases: Path) -> None:
    found = taken_path(cases / "loose-pdf-bullets")
    assert len(found.said) == 18
    assert "hier is die anke weidlich ich wollte einen tisch für zwei" in found.texts
    roles = {g["data_subject_group"]: g["role"] for g in found.groups}
    assert {roles[row["data_subject_group"]] for row in found.said} == {"devices"}
    paschke = [r for r in found.passages if "Paschke" in r["text"]]
    assert {roles[r["data_subject_group"]] for r in paschke} == {"account"}


@pytest.mark.parametrize("kind", ["fakebold", "twocol", "wrap", "nfd"])
def test_text_of_pdfs(cases: Path, kind: str) -> None:
    found = taken_path(cases / "pdf-text" / kind)
    assert len(found.said) == 30
    assert {
        "alexa wie wird das wetter in köln", "erinnere mich an die zahnärztin am donnerstag", "alexa ruf björn an",
    } <= set(found.texts)  # fmt: skip


# -- activity pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text"), [("at", "ruf Katharina an"), ("us_at", "call Katherine"), ("us_pm", "call Katherine")]
)
def test_dates_of_activity_pages(cases: Path, kind: str, text: str) -> None:
    found = taken_path(cases / "takeout-dates" / kind)
    assert [g["role"] for g in found.groups] == ["account"]
    assert len(found.recordings) == 2
    assert text in found.texts
    assert len(found.texts) == 3
    assert all(row["started_at"] is not None for row in found.said)


def page(date: str, said: str = "Said <a>play jazz</a>") -> bytes:
    return f'<html><div class="outer-cell"><div class="content-cell">{said}<br>{date}<br></div></div></html>'.encode()


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("13 juil. 2021, 21:00:12 CEST", "2021-07-13T19:00:12"), ("13 lug 2021, 21:00:12 CEST", "2021-07-13T19:00:12"),
        ("13 de jul. de 2021 21:00:12 UTC", "2021-07-13T21:00:12"), ("2021/07/13 21:00:12 JST", "2021-07-13T12:00:12"),
        ("13. heinäkuuta 2021 klo 21.00.12 EEST", "2021-07-13T18:00:12"), ("Thirteenth of Quintilis 2021 21:00:12", None),
    ],
)  # fmt: skip
def test_other_dates_of_activity_pages(date: str, at: str | None) -> None:
    found = taken(("Takeout/My Activity/Assistant/MyActivity.html", page(date)))
    assert found.texts == ["play jazz"]
    assert first(found)[0] == at
    assert found.codes == (set() if at else {"time-unreadable"})


@pytest.mark.parametrize("kind", ["json", "html_de", "html_en"])
def test_home_of_an_activity_page(cases: Path, kind: str) -> None:
    found = taken_path(cases / "takeout-home" / kind)
    points = [r for r in found.passages if r["meaning"] == "coordinates"]
    assert {r["place_role"] for r in points} == {"home"}
    assert all(abs(float(r["text"].split(",")[0]) - 47.7612) < 1e-6 for r in points)
    assert found.codes == (set() if kind == "json" else {"offset-of-export"})


# -- what is not read ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("apps/DataStore.db", b"SQLite format 3\x00" + bytes(84)), ("Settings.plist", b"bplist00" + bytes(40)),
        ("Protokoll.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)),
    ],
    ids=["sqlite", "plist", "ole"],
)  # fmt: skip
def test_data_in_a_form_that_is_not_read_is_a_finding(name: str, content: bytes) -> None:
    found = taken((name, content))
    (row,) = [r for r in found.findings if r["code"] == "data-unread"]
    assert (row["level"], row["member"]) == ("finding", name)
    assert "take that in as well" in row["remedy"]
    (member,) = found.members
    assert member["disposition"] == "other"
    assert member["finding"] == row["message"]


# -- names, sheets, sound --------------------------------------------------------------------------------


def test_names_in_any_normal_form(cases: Path) -> None:
    found = taken_path(cases / "nfd-names" / "mac_nfd.zip")
    assert len(found.recordings) == 4
    assert all(row["vendor_text"] and row["started_at"] for row in found.recordings)
    assert [row["code"] for row in found.findings if "._" in row["member"]] == []
    assert sum(row["code"] == "resource-forks" for row in found.findings) == 1


def test_names_in_another_code_page() -> None:
    rows = table(
        ["Zeit", "Transkript", "Datei"], [["2022-01-01T07:00:00Z", "alexa licht aus", "Küche größer.wav"]]
    )
    for encoding in ("utf-8", "cp437"):
        archive = _zip_with_raw_name("Küche größer.wav".encode(encoding), rows)
        found = taken(("inner.zip", archive))
        assert found.texts == ["alexa licht aus"], encoding
        assert found.recordings[0]["vendor_text"] == "alexa licht aus"


def _zip_with_raw_name(name: bytes, content: bytes) -> bytes:
    from tests.intake.making import assembled, central, local

    one, two = local(name, WAV), local(b"t.csv", content)
    return assembled(one + two, central(name, WAV, 0) + central(b"t.csv", content, len(one)), 2)


def test_office_files(cases: Path) -> None:
    found = taken_path(cases / "office-files")
    assert {m["kind"] for m in found.members} == {"wav", "xlsx", "docx"}
    assert sum(row["vendor_text"] is not None for row in found.recordings) == 3
    assert "Transkripte" not in found.texts
    assert "alexa erinnere mich an die physiotherapie" in found.texts


def test_every_container_is_heard_or_told(cases: Path) -> None:
    from forensics.audio.demuxers import HEAD_BYTES, demuxer_of

    found = taken_path(cases / "containers")
    told = {row["member"] for row in found.findings if row["code"] == "sound-unread"}
    for member in found.members:
        head = (cases / "containers" / member["path"]).read_bytes()[:HEAD_BYTES]
        heard = member["disposition"] == "recording"
        assert heard == (demuxer_of(head) is not None)
        assert heard or member["path"] in told


def test_device_names_of_the_owner(cases: Path) -> None:
    assert {d["name"] for d in taken_path(cases / "device-names-owner").devices} == {
        "Rasmus Hufnagels Fire TV",
        "Rasmuss Echo Show",
    }
    assert {d["name"] for d in taken_path(cases / "file-names-owner").devices} == {
        "Annika Brandstätters Echo Dot"
    }
