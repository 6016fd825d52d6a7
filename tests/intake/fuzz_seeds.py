"""What the fuzzing starts from: the hostile corpus without its giants, and one example per layout."""

# ruff: noqa: E501

from __future__ import annotations

import json

from tests.intake.hostile import CASES
from tests.intake.making import WAV

_SLOW = {"zip_bomb", "gz_bomb", "zip_too_many"}
ARCHIVES: list[bytes] = [
    c.make() for name, c in sorted(CASES.items()) if name not in _SLOW and c.container != "7z"
]
"""7z is left out: its reader is a process of its own, and starting one per input fuzzes the system."""

_ID = (
    "AB72C64C86AW2_1.0_2018_05_15_13_B0F00712518400WN_07_28__TNIH_2V.11111111-2222-3333-4444-555555555555ZXV"
)
_ITEM = {"recordItemType": "CUSTOMER_TRANSCRIPT", "utteranceId": _ID, "timestamp": 1526389648123,
         "transcriptText": "how are you", "personsInfo": [{"personFirstName": "Ada"}]}  # fmt: skip
_RECORD = {"recordKey": "A1#1526389648123#AB72C64C86AW2#B0F00712518400WN", "timestamp": 1526389648123,
           "voiceHistoryRecordItems": [_ITEM]}  # fmt: skip
_ACTIVITY = {"header": "Assistant", "title": "Said hello", "time": "2018-11-21T17:31:56.905Z",
             "products": ["Assistant"], "subtitles": [{}, {"name": "x"}], "locationInfos": [{"name": "home"}],
             "audioFiles": ["2018-11-21_17_31_56_905_UTC.mp3"]}  # fmt: skip
_PAGE = (
    b'<html><div class="outer-cell"><div class="content-cell">Said hello<br>Jan 15, 2021, 6:54:12 PM BST</div>'
    b'<audio><source src="a.mp3"></audio></div></html>'
)
_TABLE = b"Time (GMT);Transcript;Audio file;Serial\n15/05/2018 13:07:28;hello;a.wav;G090LF00000001WZ\n"
_TIMELINE = (
    b"date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,filename,inode,notes,format,extra\r\n"
    b"2018-05-15,15:07:30.000,UTC+2,...B,C,A,Created,A1,B0F00712518400WN,History,hi,-,-,-,User's command,-,\"User's voice: x\"\r\n"
)
_ACQUIRED = (
    b"id,operation_type,src_path,desc,saved_path,sha1\r\n1,C,x,Voice Data,/u/Evidence_Library/VOICE/(2018-05-15T15_07_28+0200)"
    b"_TEXT(hi).wav,0123456789012345678901234567890123456789\r\n"
)
_SECRET = b"type,domain,value,source\r\ncookie,x,SECRETSECRET,1\r\n"
_ACCOUNT = b'{"customerId": "A3EXAMPLE7QK1Z", "email": "me@example.org", "n": [1, {"a": null}]}'

EXPORTS: dict[str, list[tuple[str, str, bytes]]] = {
    "amazon-2018": [
        (f"Audio/{_ID}.wav", "wav", WAV),
        ("account.json", "json", _ACCOUNT),
        ("t.pdf", "pdf", b"%PDF"),
    ],
    "amazon-categories": [
        ("Alexa/t.csv", "text", _TABLE),
        ("Alexa/a.wav", "wav", WAV),
        ("Retail/r.csv", "text", b"a,b\n1,2\n"),
    ],
    "amazon-history": [
        ("h.json", "json", json.dumps({"customerHistoryRecords": [_RECORD]}).encode()),
        (f"{_ID}.wav", "wav", WAV),
    ],
    "cift": [
        ("x/cift_TIMELINE.csv", "text", _TIMELINE),
        ("x/cift_ACQUIRED_FILE.csv", "text", _ACQUIRED),
        ("x/cift_CREDENTIAL.csv", "text", _SECRET),
        ("x/Evidence_Library/VOICE/(2018-05-15T15_07_28+0200)_TEXT(hi).wav", "wav", WAV),
    ],
    "google-takeout": [
        ("Takeout/A/MyActivity.json", "json", json.dumps([_ACTIVITY]).encode()),
        ("Takeout/B/MyActivity.html", "html", _PAGE),
        ("Takeout/A/2018-11-21_17_31_56_905_UTC.mp3", "mp3", b"ID3"),
    ],
    "home-assistant": [("d/Home/1526389648123456/wake-1.wav", "wav", WAV)],
    "plain-folder": [
        ("index.csv", "text", b"file,text,time\na.wav,turn it on,2018-05-15 13:07:28\n"),
        ("index.json", "json", b'[{"file": "b.wav", "text": "turn it off"}]'),
        ("a.wav", "wav", WAV),
        ("b.wav", "wav", WAV),
        ("notes.html", "html", b"<html><p>x</p></html>"),
    ],
}
