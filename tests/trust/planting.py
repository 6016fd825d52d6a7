"""A bundle in which a different made-up name stands in every place where a name can stand."""

from __future__ import annotations

import csv
import io
import json
import struct
import wave
import zipfile
from pathlib import Path

PLACES = (
    "archive", "folder", "file", "recording_file", "wav_tag", "device", "room", "header", "cell",
    "key", "value", "pdf_text", "pdf_title", "pdf_author", "email", "media", "location", "address",
    "transcript", "setting", "skill", "wifi", "answer", "speaker", "html", "comment",
    "register_first", "register_last", "register_friend",
)  # fmt: skip
"""Where names are planted."""
_ONSETS = ("Qu", "Zw", "Thr", "Br", "Vl", "Kn", "Schr", "Xa", "Pf", "Gl", "Tsch", "Hj", "Str", "Dw")
_MIDDLES = (
    "örv",
    "ümb",
    "älk",
    "onnd",
    "ibbr",
    "ekst",
    "auz",
    "yrr",
    "oekw",
    "üff",
    "änts",
    "ulg",
    "eerv",
    "oss",
)
_ENDS = ("andel", "eriß", "ulin", "otte", "izek", "owald")


def names() -> dict[str, str]:
    """A made-up name for each place: in no list, unlike each other, many with umlauts."""
    made = [
        f"{a}{b}{_ENDS[(i + j) % len(_ENDS)]}" for i, a in enumerate(_ONSETS) for j, b in enumerate(_MIDDLES)
    ]
    return dict(zip(PLACES, made[:: len(made) // len(PLACES)], strict=False))


def plant(folder: Path, n: dict[str, str]) -> Path:
    """Write the bundle; its transcripts make claims of several kinds.

    Parameters
    ----------
    folder : pathlib.Path
        Where the archive goes.
    n : dict
        As :func:`names` gives it.
    """
    target = folder / f"{n['archive']}_Alexa.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.comment = f"packed by {n['comment']}".encode()
        root = f"{n['folder']}s Export/Alexa"
        said = [
            f"Alexa, erinnere {n['transcript']} an die Tabletten",
            f"Alexa, ruf {n['transcript']} an",
            f"Alexa, spiele Musik von {n['media']}",
            f"Alexa, wie wird das Wetter in {n['location']}",
            "Alexa, stelle den Wecker auf sechs Uhr zwanzig",
            "Alexa, wie wird das Wetter in Oldenburg",
            "Alexa, spiel Spotify",
            f"Alexa, schalte das Licht in {n['room']}s Zimmer aus",
        ]
        table = io.StringIO()
        rows = csv.writer(table)
        rows.writerow(
            ["Timestamp", "Audio", "Transcript", "Device", "Room", n["header"], "Answer", "Speaker"]
        )
        for k, text in enumerate(said * 3):
            name = f"{n['recording_file']}_{k:02d}.wav"
            archive.writestr(f"{root}/Audio/{name}", _wav(n["wav_tag"], k))
            cells = (
                f"2018-05-{k % 20 + 1:02d}T06:{k % 60:02d}:00Z", name, text, f"{n['device']}s Echo Dot",
                f"{n['room']}s Zimmer", n["cell"], f"Ich rufe {n['answer']} an", n["speaker"],
            )  # fmt: skip
            rows.writerow(cells)
        archive.writestr(f"{root}/Audio and Transcripts/{n['file']}_Transcripts.csv", table.getvalue())
        archive.writestr("Account/profile.json", json.dumps({
            "customerName": n["value"], f"playlist of {n['key']}": "42", "email": f"{n['email']}@example.org",
            "deliveryAddress": {
                "recipient": n["address"], "street": f"{n['address']}straße 7", "city": "Oldenburg",
            },
            "settings": [{"settingName": f"greet {n['setting']}", "settingValue": n["setting"]}],
            "skills": [f"{n['skill']} stories"], "wifi": [{"ssid": f"{n['wifi']}-WLAN"}],
        }, ensure_ascii=False))  # fmt: skip
        archive.writestr(
            "Account/activity.html", f"<html><body><ul><li>{n['html']} asked</li></ul></body></html>"
        )
        archive.writestr("Account/letter.pdf", _pdf(n))
    return target


def register(folder: Path, n: dict[str, str]) -> Path:
    """A register of profiles, one of whom fits."""
    path = folder / "register.csv"
    rows = ["profile_id,first_name,surname,place,country,friends"]
    rows += [f"p{k},Anna,Muster,Oldenburg,DE," for k in range(20)]
    rows.append(f"p99,{n['register_first']},{n['register_last']},Oldenburg,DE,p1")
    rows.append(f"p98,{n['register_friend']},Muster,Bremen,DE,p99")
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def _wav(tag: str, number: int) -> bytes:
    """A short faint sound with the name in its tags (RIFF INFO: INAM, IART)."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", "not compressed"))
        file.writeframes(b"".join(struct.pack("<h", (i * (number + 3)) % 7 - 3) for i in range(1600)))
    said = tag.encode()
    padded = said + b"\0" * (2 - len(said) % 2)
    info = b"INFO" + b"".join(key + struct.pack("<I", len(padded)) + padded for key in (b"INAM", b"IART"))
    whole = bytearray(buffer.getvalue() + b"LIST" + struct.pack("<I", len(info)) + info)
    whole[4:8] = struct.pack("<I", len(whole) - 8)
    return bytes(whole)


def _pdf(n: dict[str, str]) -> bytes:
    import typst

    source = (
        f'#set document(title: "Brief an {n["pdf_title"]}", author: "{n["pdf_author"]}")\n'
        f"Sehr geehrte Frau {n['pdf_text']},\n\nanbei Ihre Rechnung über 12,50 EUR. Tel.: 0441 123456.\n"
    )
    return bytes(typst.compile(source.encode()))
