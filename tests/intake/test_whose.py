"""Whose data: parts of one export are one group, two people's stay two, equal times join line and sound."""

# ruff: noqa: E501 (tables are easier to read whole)

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.intake.helpers import table, taken, taken_path
from tests.intake.making import WAV, zipped


def history(customer: str, serial: str, start: int, said: list[str]) -> bytes:
    records: list[dict[str, Any]] = []
    for n, text in enumerate(said):
        at = start + n * 60_000
        key = f"{customer}#{at}#A3S5BH2HU6VAYF#{serial}"
        item = {"recordItemType": "CUSTOMER_TRANSCRIPT", "timestamp": at, "transcriptText": text}
        records.append({"recordKey": key, "timestamp": at, "voiceHistoryRecordItems": [item]})
    return json.dumps({"customerHistoryRecords": records, "encodedRequestToken": None}).encode()


ONE = history("A1AAAAAAAAAAAA", "G0911B0500000001", 1_646_100_000_000, ["alexa licht aus", "wie spät ist es"])
TWO = history("A2BBBBBBBBBBBB", "G0911B0500000002", 1_646_200_000_000, ["alexa spiel jazz", "stopp"])


def test_two_peoples_histories_are_two_subjects() -> None:
    found = taken(("a/history.json", ONE), ("b/history.json", TWO))
    assert [g["role"] for g in found.groups] == ["account", "account"]
    assert len({row["data_subject_group"] for row in found.said}) == 2


def test_one_persons_pages_are_one_subject(tmp_path: Path) -> None:
    more = history("A1AAAAAAAAAAAA", "G0911B0500000003", 1_646_300_000_000, ["ja", "nein danke"])
    paths = [tmp_path / "part1.zip", tmp_path / "part2.zip"]
    for path, content in zip(paths, (ONE, more), strict=True):
        path.write_bytes(zipped((f"{path.stem}.json", content)))
    found = taken_path(*paths)
    assert [g["role"] for g in found.groups] == ["account"]
    assert len(found.said) == 4
    assert {d["owner"] for d in found.devices} == {"account"}


def test_parts_join_recordings_of_another_part(tmp_path: Path) -> None:
    rows = table(["Time", "Transcript", "File"], [["2022-03-01T07:00:00Z", "alexa licht aus", "x_0001.wav"]])
    (tmp_path / "1.zip").write_bytes(zipped(("t.csv", rows)))
    (tmp_path / "2.zip").write_bytes(zipped(("audio/x_0001.wav", WAV)))
    found = taken_path(tmp_path / "1.zip", tmp_path / "2.zip")
    assert [g["n_recordings"] for g in found.groups] == [1]
    assert found.recordings[0]["vendor_text"] == "alexa licht aus"


def test_equal_times_join_a_row_and_a_sound_without_speech() -> None:
    rows = [["2022-03-01T07:00:00Z", "alexa licht aus"], ["2022-03-01T07:05:00Z", "alexa stopp"]]
    found = taken(
        ("t.csv", table(["Time", "Transcript"], rows)),
        ("1646118000000.wav", WAV), ("20220301_070500Z.wav", WAV + b"2"),
    )  # fmt: skip
    assert found.texts == ["alexa licht aus", "alexa stopp"]
    assert found.said == []


def test_a_recording_of_a_listed_device_is_the_accounts() -> None:
    rows = [["2022-03-01T07:00:00Z", "alexa licht aus", "Idas Echo Dot", "a.wav"]]
    found = taken(
        ("t.csv", table(["Time", "Transcript", "Device", "File"], rows)),
        ("a.wav", WAV),
        ("Geräte.csv", table(["Gerätename", "Seriennummer"], [["Idas Echo Dot", "G0911B0500000009"]])),
        ("Profil.json", b'{"name": "Ida Moll", "email": "ida@example.org"}'),
    )
    assert [(g["role"], g["n_recordings"]) for g in found.groups] == [("account", 1)]
    (device,) = found.devices
    assert (device["name"], device["serial"], device["n_recordings"]) == (
        "Idas Echo Dot",
        "G0911B0500000009",
        1,
    )


def test_statuses_and_turns_of_a_dialogue() -> None:
    rows = [
        ["2022-03-01T07:00:00Z", "alexa stell einen wecker", "SUCCESS"], ["2022-03-01T07:00:08Z", "ja", "SUCCESS"],
        ["2022-03-01T07:00:20Z", "das zweite", "SUCCESS"],
        ["2022-03-01T07:09:00Z", "und dann sag ich ihm", "DISCARDED_NON_DEVICE_DIRECTED_INTENT"],
        ["2022-03-01T07:19:00Z", "Audio was not intended for Alexa", ""],
    ]  # fmt: skip
    found = taken(("t.csv", table(["Time", "Transcript", "Status"], rows)))
    statuses = [row["vendor_status"] for row in found.said]
    assert statuses == ["understood", "understood", "understood", "not_device_directed"]
