"""One small, real-looking bundle per layout: what it is, whose, when, and what stays doubtful."""

# ruff: noqa: E501 (tables are easier to read whole)

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics import Case
from forensics.corridor.runner import run
from forensics.intake import take_in
from forensics.intake.exports import layouts
from tests.intake.making import WAV, zipped

MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 100
UTTERANCE = "AB72C64C86AW2:1.0/2018/05/15/13/B0F00712518400WN/07:28::TNIH_2V.11111111-2222-3333-4444-555555555555ZXV/0"
Investigate = Callable[..., Case]


@pytest.fixture
def intake(tmp_path: Path) -> Investigate:
    def investigate(*members: tuple[str, bytes]) -> Case:
        bundle = tmp_path / "export.zip"
        bundle.write_bytes(zipped(*members))
        case = Case.create(tmp_path / "case")
        take_in(case, bundle)
        run(case, until="intake")
        assert case.verify() == []
        return case

    return investigate


def found(case: Case, level: str = "finding") -> set[str]:
    table = case.frame("findings")
    return set(table[table["level"] == level]["code"])


def roles(case: Case) -> dict[str, int]:
    return {g.role: int(g.n_recordings) for g in case.frame("groups").itertuples()}


def recording(case: Case, path: str) -> dict[str, object]:
    return dict(case.frame("members").set_index("path").loc[path])


def serial(case: Case, row: Any) -> str:
    """The serial of the device of a row."""
    devices = case.frame("devices").set_index("device_id")
    return str(devices.loc[row["device_id"], "serial"])


def test_every_layout_is_found_by_itself() -> None:
    names = [layout.name for layout in layouts()]
    assert names[-1] == "plain-folder"
    assert {
        "amazon-2018",
        "amazon-categories",
        "amazon-history",
        "cift",
        "google-takeout",
        "home-assistant",
    } <= set(names)


def test_foreign_recordings_beside_an_account_are_two_subjects(intake: Investigate) -> None:
    case = intake(
        ("Devices/registration.csv", b"AccountName,DeviceSerial\nMy Kindle,B024160000000KPW\n"),
        ("account.json", b'{"customerId": "A3EXAMPLE7QK1Z", "email": "me@example.org"}'),
        ("a/" + UTTERANCE.replace("/", "_").replace(":", "_") + ".wav", WAV),
        ("opaque.wav", WAV + b"2"),
    )
    assert roles(case) == {"account": 0, "devices": 2}
    evidence = {(e["name"], e["value"]) for g in case.frame("groups").itertuples() for e in g.evidence}
    assert ("device named in the account", "B024160000000KPW") in evidence
    assert any(name == "not the account's" for name, _ in evidence)


def test_recordings_of_a_registered_device_are_the_accounts(intake: Investigate) -> None:
    case = intake(
        ("Devices/registration.csv", b"AccountName,DeviceSerial\nEcho,B0F00712518400WN\n"),
        (UTTERANCE.replace("/", "-").replace(":", "-") + ".wav", WAV),
        ("opaque.wav", WAV + b"2"),
    )
    assert roles(case) == {"account": 2}


def test_two_names_for_the_same_bytes_are_one_recording(intake: Investigate) -> None:
    case = intake(("a.wav", WAV), ("b/1526389648123.wav", WAV), ("c.wav", WAV + b"2"))
    table = case.frame("recordings").set_index("sha256")
    same = table.loc[hashlib.sha256(WAV).hexdigest()]
    assert len(table) == 2
    assert same["occurrences"] == 2
    assert same["started_at"].isoformat() == "2018-05-15T13:07:28.123000+00:00"


def test_categories_are_read_by_column_role(intake: Investigate) -> None:
    table = (
        "Zeitpunkt (GMT);Transkript;Antwort;Audiodatei;Geräteseriennummer\n"
        "15/05/2018 13:07:28;wie wird das wetter;Sonnig;Audio/1.wav;G090LF00000001WZ\n"
        "16/05/2018 09:00:00;licht aus;OK;Audio/2.wav;G090LF00000001WZ\n"
    ).encode("utf-8-sig")
    case = intake(
        (
            "Alexa.zip",
            zipped(
                ("Alexa/Transkripte.csv", table),
                ("Alexa/Audio/1.wav", WAV),
                ("Alexa/Audio/2.wav", WAV + b"2"),
            ),
        ),
        ("Devices.Registration.zip", zipped(("registration.csv", b"Name,Serial\nEcho,G090LF00000001WZ\n"))),
    )
    row = recording(case, "Alexa.zip!/Alexa/Audio/1.wav")
    assert row["export"] == "amazon-categories"
    assert row["vendor_text"] == "wie wird das wetter"
    assert serial(case, row) == "G090LF00000001WZ"
    assert row["started_at"].isoformat() == "2018-05-15T13:07:28+00:00"  # type: ignore[attr-defined]
    assert row["started_at_basis"] == "export"
    assert roles(case) == {"account": 2}
    assert "columns-by-role" in found(case, "note")


def test_columns_that_tie_are_a_finding_and_no_guess(intake: Investigate) -> None:
    table = b"Time,Transcript A,Transcript B,File\n2018-05-15T13:07:28Z,one two,three four,1.wav\n2018-05-15T13:08:28Z,two,five six,2.wav\n"
    case = intake(("Alexa/t.csv", table), ("Alexa/1.wav", WAV), ("Alexa/2.wav", WAV + b"2"))
    assert "column-tie" in found(case)
    assert case.frame("recordings")["vendor_text"].isna().all()


def test_the_privacy_pages_history(intake: Investigate) -> None:
    item = {"recordItemType": "CUSTOMER_TRANSCRIPT", "utteranceId": UTTERANCE, "timestamp": 1526389648123,
            "transcriptText": "how are you", "personsInfo": [{"personFirstName": "Ada"}]}  # fmt: skip
    profile = {"recordItemType": "PROFILE", "timestamp": 0, "transcriptText": None}
    record = {"recordKey": "A1CUSTOMER#1526389648123#AB72C64C86AW2#B0F00712518400WN", "timestamp": 1526389648123,
              "voiceHistoryRecordItems": [item, profile]}  # fmt: skip
    broken = {"recordKey": 5, "voiceHistoryRecordItems": "x", "timestamp": "never"}
    history = json.dumps({"customerHistoryRecords": [record, broken], "encodedRequestToken": None}).encode()
    name = UTTERANCE.replace("/", "%2F").replace(":", "%3A") + ".wav"
    case = intake(("history.json", history), (name, WAV))
    row = case.frame("recordings").iloc[0]
    assert row["vendor_text"] == "how are you"
    assert roles(case) == {"account": 1}
    assert {"vendor-names-speaker"} <= found(case, "note")
    times = case.frame("passages")["started_at"].dropna()
    assert (times.dt.year == 2018).all()


def test_older_activities_with_json_inside_a_string(intake: Investigate) -> None:
    activity = {"id": "A1#1526389648123#AB72C64C86AW2#B0F00712518400WN", "utteranceId": UTTERANCE, "activityStatus": None,
                "creationTimestamp": 1526389648123, "description": json.dumps({"summary": "alexa what time is it"}),
                "registeredCustomerId": "A1", "sourceDeviceIds": [{"serialNumber": "B0F00712518400WN"}]}  # fmt: skip
    case = intake(("activities.json", json.dumps({"activities": [activity]}).encode()))
    passages = case.frame("passages")
    assert list(passages[passages["role"] == "transcript"]["text"]) == ["alexa what time is it"]


def cift(*, sha1: str) -> list[tuple[str, bytes]]:
    root = "(2018-07-01_13.17.01)_CIFT_RESULT/"
    url = "https://alexa.example/api/utterance/audio/data?id=x"
    timeline = (
        "date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,filename,inode,notes,format,extra\r\n"
        f'2018-05-15,15:07:30.000,UTC+2,...B,CLOUD,Activity History,Created,A1CUSTOMER,B0F00712518400WN,History,how are you,-,-,-,User\'s command,-,"User\'s voice: ""{url}"""\r\n'
        "1970-01-01,01:00:00.000,UTC+2,...B,CLOUD,Activity History,Created,A1CUSTOMER,B0F00712518400WN,History,hello,-,-,-,Alexa's answer,-,-\r\n"
        "2018-05-15,15:09:00.000,UTC+2,...B,CLOUD,Home,Created,A1CUSTOMER,B0F00712518400WN,TextCard,Link Spotify,-,-,-,-,-,-\r\n"
    )
    acquired = (
        "id,operation_type,src_path,desc,saved_path,sha1,saved_timestamp,modified_timestamp,timezone\r\n"
        f"1,CLOUD,{url},Voice Data,/Users/x/Evidence_Library/AmazonAlexaCloud/VOICE/(2018-05-15T15_07_28+0200)_TEXT(How are you_).wav,{sha1},2018-07-01 13:20:00,-,UTC+2\r\n"
    )
    secret = b"type,domain,value,source\r\ncookie,.amazon.com,session-token=SECRETSECRETSECRET,1\r\n"
    voice = root + "Evidence_Library/AmazonAlexaCloud/VOICE/"
    return [
        (root + "cift_amazon_alexa_TIMELINE.csv", timeline.encode()),
        (root + "cift_amazon_alexa_ACQUIRED_FILE.csv", acquired.encode()),
        (root + "cift_amazon_alexa_CREDENTIAL.csv", secret),
        (root + "cift_amazon_alexa_ACCOUNT.csv", b"customer_email,customer_name,phone_number,customer_id,comms_id,authenticated,source\r\nme@example.org,Ada,-,A1CUSTOMER,-,True,1\r\n"),
        (root + "cift_amazon_alexa_SETTING_WIFI.csv", b"ssid,security_method,pre_shared_key,source\r\nhome,WPA_PSK,hunter2hunter2,1\r\n"),
        (voice + "(2018-05-15T15_07_28+0200)_TEXT(How are you_).wav", WAV),
        (voice + "(2018-05-15T15_07_28+0200)_TEXT(how (are) you).wav", WAV),
        (voice + "(2018-05-15T15_09_00+0200)_TEXT(Link Spotify).wav", WAV + b"2"),
        (voice + "(2018-05-15T15_10_00+0200)_TEXT(TRANSCRIPT NOT AVAILABLE).wav", WAV + b"3"),
    ]  # fmt: skip


def test_a_cift_folder(intake: Investigate) -> None:
    case = intake(*cift(sha1=hashlib.sha1(WAV).hexdigest()))
    recordings = case.frame("recordings")
    assert len(recordings) == 3  # four names, three contents
    same = recordings[recordings["occurrences"] == 2].iloc[0]
    assert same["vendor_text"] in ("how are you", "how (are) you")
    assert serial(case, same) == "B0F00712518400WN"
    assert same["started_at"].isoformat() == "2018-05-15T13:07:28+00:00"
    assert same["utc_offset_min"] == 120
    others = recordings[recordings["occurrences"] == 1]
    assert others["vendor_text"].isna().all()  # a card's title is not speech
    assert found(case) >= {"live-credential", "epoch-zero", "offset-of-acquirer"}
    assert "sha1-differs" not in found(case)
    assert roles(case) == {"account": 3}


def test_secrets_stay_out_of_every_table(intake: Investigate) -> None:
    case = intake(
        *cift(sha1="-"), ("wifi.json", b'{"network": {"ssid": "home", "wifiKey": "correct horse battery"}}')
    )
    for name in case.table_names:
        text = case.frame(name).to_json(default_handler=str, date_format="iso") or ""
        for secret in ("SECRETSECRET", "hunter2", "correct horse"):
            assert secret not in text, name
    members = case.frame("findings").query("code == 'live-credential'")
    assert len(members) == 3


def test_a_recording_that_changed_since_its_acquisition(intake: Investigate) -> None:
    assert "sha1-differs" in found(intake(*cift(sha1="0" * 40)))


def test_takeout_json_in_german_folders(intake: Investigate) -> None:
    record = {"header": "Assistant", "title": "Gesagt: wie spät ist es", "time": "2018-11-21T17:31:56.905Z",
              "products": ["Assistant"], "subtitles": [{}, {"name": "Es ist sechs."}],
              "audioFiles": ["2018-11-21_17_31_56_905_UTC.mp3"]}  # fmt: skip
    folder = "Takeout/Meine Aktivitäten/Google Assistant/"
    case = intake(
        (
            folder + "MeineAktivitäten.json",
            json.dumps([record, {"header": "Assistant", "title": 5}]).encode(),
        ),
        (folder + "2018-11-21_17_31_56_905_UTC.mp3", MP3),
        (folder + "2014-07-14_21_41_14_613_UTC-what is the Dead Sea.mp3", MP3 + b"2"),
    )
    table = case.frame("recordings").sort_values("started_at")
    assert list(table["vendor_text"]) == ["what is the Dead Sea", "wie spät ist es"]
    assert roles(case) == {"account": 2}
    assert "wrong-type" in found(case)


def test_takeout_page_with_the_zone_of_the_day_of_export(intake: Investigate) -> None:
    page = """<html><body><div class="outer-cell mdl-cell"><div class="content-cell">Said <a href="x">play jazz</a><br>
    Playing jazz<br>Jan 15, 2021, 6:54:12\u202fPM BST<br></div>
    <audio controls><source src="2021-01-15_18_54_12_000_UTC.mp3"></audio></div></body></html>"""
    case = intake(
        ("Takeout/My Activity/Assistant/MyActivity.html", page.encode()),
        ("Takeout/My Activity/Assistant/2021-01-15_18_54_12_000_UTC.mp3", MP3),
    )
    row = case.frame("recordings").iloc[0]
    assert row["vendor_text"] == "play jazz"
    assert row["started_at"].isoformat() == "2021-01-15T18:54:12+00:00"
    assert "offset-of-export" in found(case)


def test_debug_recordings_are_not_dated_by_a_monotonic_clock(intake: Investigate) -> None:
    case = intake(
        ("debug/Home Assistant/1526389648123456/wake-1.wav", WAV),
        ("debug/Home Assistant/1526389648123456/stt-1.wav", WAV + b"2"),
    )
    assert case.frame("recordings")["started_at"].isna().all()
    assert {"monotonic-folder", "wake-recording"} <= found(case, "note")


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("index.csv", b"path,sentence\nclips/a.wav,turn on the light\nclips/b.wav,turn it off\n"),
        (
            "index.jsonl",
            b'{"file": "a.wav", "text": "turn on the light"}\n{"file": "b.wav", "text": "turn it off"}\n',
        ),
        ("index.tsv", b"file\ttext\na\tturn on the light\nb\tturn it off\n"),
    ],
)
def test_a_table_beside_the_recordings(intake: Investigate, name: str, table: bytes) -> None:
    case = intake((name, table), ("clips/a.wav", WAV), ("clips/b.wav", WAV + b"2"))
    assert recording(case, "clips/a.wav")["vendor_text"] == "turn on the light"
    assert recording(case, "clips/b.wav")["vendor_text"] == "turn it off"
    assert roles(case) == {"devices": 2}


def test_rows_are_never_joined_by_order(intake: Investigate) -> None:
    case = intake(
        ("index.csv", b"file,text\nx.wav,turn on the light\ny.wav,turn it off\n"),
        ("a.wav", WAV),
        ("b.wav", WAV + b"2"),
    )
    assert case.frame("recordings")["vendor_text"].isna().all()
