"""Columns by meaning: shuffled, renamed, translated, nested and flattened, the same utterances are found."""

# ruff: noqa: E501 (tables are easier to read whole)

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.intake.meaning.prefixes import common_prefix, spoken_part
from forensics.intake.meaning.spoken import is_language, spoken_score
from forensics.knowledge.headers import meanings_of
from tests.intake.helpers import table, taken
from tests.intake.making import WAV

SAID = ["alexa wie wird das wetter in Plauen", "licht aus", "ruf Jitka an", "alexa spiel Radio Eins", "stell einen wecker auf halb sieben",
        "ja", "was steht auf der einkaufsliste", "alexa gute nacht", "mach lauter", "stopp"]  # fmt: skip
TIMES = [f"2022-03-{day:02d}T0{day % 9}:15:3{day % 9}Z" for day in range(1, 11)]

HEADERS = {
    "en": ["Timestamp", "Transcription", "Response", "Device Name", "Audio File"],
    "de": ["Zeitpunkt", "Transkript", "Antwort", "Gerätename", "Audiodatei"],
    "fr": ["Horodatage", "Transcription", "Réponse", "Nom de l'appareil", "Fichier audio"],
    "es": ["Fecha y hora", "Transcripción", "Respuesta", "Dispositivo", "Archivo de audio"],
    "it": ["Data e ora", "Trascrizione", "Risposta", "Dispositivo", "File audio"],
    "nl": ["Tijdstip", "Transcriptie", "Antwoord", "Apparaat", "Audiobestand"],
    "pl": ["Data i godzina", "Transkrypcja", "Odpowiedź", "Urządzenie", "Plik audio"],
    "sv": ["Tidpunkt", "Transkription", "Svar", "Enhet", "Ljudfil"],
    "tr": ["Tarih ve saat", "Transkript", "Yanıt", "Cihaz", "Ses dosyası"],
    "ja": ["日時", "文字起こし", "応答", "デバイス名", "音声ファイル"],
    "camel": ["creationTimestamp", "transcriptText", "alexaResponse", "deviceName", "audioFileName"],
    "snake": ["event_time", "utterance_text", "tts_text", "device_name", "audio_path"],
    "tool": ["When", "What you said", "Alexa said", "Echo", "Recording"],
}


def rows() -> list[list[str]]:
    return [
        [time, said, "OK.", "Küche Echo", "Not Available"] for time, said in zip(TIMES, SAID, strict=True)
    ]


@pytest.mark.parametrize("language", sorted(HEADERS))
def test_a_history_is_found_in_any_language_and_order(language: str) -> None:
    draw = random.Random(language)
    order = draw.sample(range(5), 5)
    header = [HEADERS[language][n] for n in order]
    shuffled = [[row[n] for n in order] for row in rows()]
    found = taken((f"{draw.randrange(99)}/x.csv", table(header, shuffled, draw.choice([",", ";", "\t"]))))
    assert found.texts == sorted(SAID)
    assert {row["started_at"] is not None for row in found.said} == {True}
    assert found.account("answered") == ["OK."] * 10
    assert [d["name"] for d in found.devices] == ["Küche Echo"]


def test_headers_that_say_nothing_are_told_by_what_stands_below() -> None:
    found = taken(("x.csv", table(["a", "b", "c", "d", "e"], rows())))
    assert found.texts == sorted(SAID)
    assert found.meaning("a") == "time"
    assert found.meaning("b") == "said"


def test_a_table_without_a_header() -> None:
    found = taken(("x.csv", table(rows()[0], rows()[1:])))
    assert found.texts == sorted(SAID)
    assert "no-header" in found.codes


RECORD: dict[str, Any] = {
    "plain": lambda t, s: {"timestamp": t, "transcript": s, "device": "Küche Echo"},
    "nested": lambda t, s: {"meta": {"at": {"timestamp": t}, "device": {"name": "Küche Echo"}}, "content": {"utterance": {"text": s}}},
    "items": lambda t, s: {"key": t, "device": {"deviceName": "Küche Echo"}, "items": [
        {"type": "CUSTOMER_TRANSCRIPT", "timestamp": t, "transcriptText": s}, {"type": "ALEXA_RESPONSE", "timestamp": t, "transcriptText": "OK."}]},
    "chat": lambda t, s: {"session": t, "gerät": {"name": "Küche Echo"}, "turns": [
        {"role": "user", "created_at": t, "content": s}, {"role": "assistant", "created_at": t, "content": "OK."}]},
    "german": lambda t, s: {"zeitstempel": t, "äußerung": {"wortlaut": s, "sprecher": "Jitka"}, "gerät": {"bezeichnung": "Küche Echo"}},
}  # fmt: skip


@pytest.mark.parametrize("wrap", ["list", "envelope", "deep", "keyed", "lines", "by day"])
@pytest.mark.parametrize("shape", sorted(RECORD))
def test_json_is_found_at_any_depth(shape: str, wrap: str) -> None:
    records = [RECORD[shape](t, s) for t, s in zip(TIMES, SAID, strict=True)]
    value: Any = {
        "list": records,
        "envelope": {"customerId": "A1B2C3D4E5F6G7", "records": records, "next": None},
        "deep": {"export": {"alexa": {"voice": {"history": {"entries": records}}}}, "version": 3},
        "keyed": {f"id-{n}": r for n, r in enumerate(records)},
        "by day": {"days": [{"day": n, "entries": records[n : n + 2]} for n in range(0, 10, 2)]},
        "lines": records,
    }[wrap]
    text = "\n".join(map(json.dumps, records)) if wrap == "lines" else json.dumps(value)
    found = taken(("data.json", text.encode()))
    assert found.texts == sorted(SAID)
    assert all(row["started_at"] is not None for row in found.said)
    assert [d["name"] for d in found.devices] == ["Küche Echo"]


def test_json_of_columns_and_of_rows() -> None:
    columns = {"time": TIMES, "utterance": SAID}
    matrix = [["time", "utterance"], *map(list, zip(TIMES, SAID, strict=True))]
    for value in (columns, {"data": columns}, matrix, {"rows": matrix}):
        assert taken(("x.json", json.dumps(value).encode())).texts == sorted(SAID)


def test_an_html_table_and_an_html_list() -> None:
    lines = "".join(f"<tr><td>{t}</td><td>{s}</td></tr>" for t, s in zip(TIMES, SAID, strict=True))
    page = f"<html><h1>Verlauf</h1><table><tr><th>Zeit</th><th>Befehl</th></tr>{lines}</table></html>"
    assert taken(("x.html", page.encode())).texts == sorted(SAID)
    items = "".join(
        f"<li>{t.replace('T', ' ').replace('Z', ' UTC')} – {s}</li>" for t, s in zip(TIMES, SAID, strict=True)
    )
    found = taken(("y.html", f"<html><title>Verlauf</title><ul>{items}</ul></html>".encode()))
    assert found.texts == sorted(SAID)
    assert all(row["started_at"] is not None for row in found.said)


def test_turns_side_by_side_are_rows() -> None:
    header = ["Time", "voice1Type", "voice1Transcript", "voice2Type", "voice2Transcript"]
    both = [[t, "CUSTOMER", s, "CUSTOMER", "danke schön"] for t, s in zip(TIMES, SAID, strict=True)]
    assert taken(("x.csv", table(header, both))).texts == sorted([*SAID, *["danke schön"] * 10])


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(sorted(HEADERS)))
def test_shuffled_renamed_and_padded_columns(draw: random.Random, language: str) -> None:
    """Any order, any language, other columns between them, other rows missing a cell."""
    extra = {
        "Locale": "de-DE",
        "Marketplace": "A1PA6795UKMFR9",
        "Request ID": "x",
        "Version": "2",
        "Product": "Kaffeebohnen 1 kg",
    }
    names = draw.sample(sorted(extra), 3)
    header = [*HEADERS[language], *names]
    full = [[*row, *(extra[n] for n in names)] for row in rows()]
    for row in full:
        if draw.random() < 0.3:
            row[2] = ""
    order = draw.sample(range(len(header)), len(header))
    content = table([header[n] for n in order], [[row[n] for n in order] for row in full])
    found = taken(("Alexa/Export.csv", content))
    assert found.texts == sorted(SAID)
    assert all(row["started_at"] is not None for row in found.said)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Orders.csv", table(["Order Date", "Product Name", "Ship To"], [["2021-03-04", "Alexa-kompatible Lampe", "Ida Moll, Hauptstr. 3, Fulda"]] * 4)),
        ("Lists.csv", table(["Created", "Item"], [["2021-03-04T10:00:00Z", item] for item in ("milk", "call the dentist", "book a table", "batteries")])),
        ("Books.csv", table(["Title", "Author"], [["What a Wonderful World", "A. B."], ["Play It Again", "C. D."], ["How to Cook", "E. F."]])),
        ("faq.json", json.dumps([{"question": "What is included?", "answer": "All parts."}, {"question": "Returns?", "answer": "In 30 days."}]).encode()),
        ("Devices.csv", table(["Name", "Serial"], [["Echo Dot", "G0911B0500000001"], ["Echo Show", "G0911B0500000002"]])),
        ("letter.txt", b"Dear Ms Moll,\n\nthank you for your request. Please find the data attached.\n\nKind regards\nCustomer Service\n"),
    ],
)  # fmt: skip
def test_other_tables_are_no_histories(name: str, content: bytes) -> None:
    assert taken((name, content)).said == []


def test_every_field_is_told_with_its_meaning() -> None:
    found = taken(("x.csv", table([*HEADERS["de"], "Xyzzy"], [[*row, "q7"] for row in rows()])))
    told = {row["name"]: row for row in found.fields}
    assert told["Transkript"]["meaning"] == "said"
    assert (told["Transkript"]["rows_seen"], told["Transkript"]["rows_used"]) == (10, 10)
    assert (told["Xyzzy"]["meaning"], told["Xyzzy"]["rows_used"], told["Xyzzy"]["rows_seen"]) == (
        "unknown",
        0,
        10,
    )


@pytest.mark.parametrize(
    ("header", "meaning"),
    [("Geräteseriennummer", "device_serial"), ("Sprachaufnahmedatei", "file"), ("e-Mail-Adresse", "email"), ("shippingAddress", "address"),
     ("timeZone", "zone"), ("zipCode", "address"), ("Telefonnummer", "phone"), ("Äußerung", "said"), ("personFirstName", "speaker")],
)  # fmt: skip
def test_headers_in_any_spelling(header: str, meaning: str) -> None:
    given = meanings_of(header)
    assert max(given, key=lambda m: given[m]) == meaning


def test_the_verb_before_what_was_said_is_learned() -> None:
    texts = [f"Du sagtest: {s}" for s in SAID]
    assert common_prefix(texts) == "du sagtest:"
    assert spoken_part(texts[1], common_prefix(texts)) == "licht aus"
    assert common_prefix(SAID) is None


def test_recognised_words_read_like_speech_and_goods_do_not() -> None:
    assert spoken_score(SAID) > 0.8
    assert spoken_score(["Gartenschlauch 20m", "USB-Kabel 2m", "LEGO Star Wars 75192"]) < 0.45
    assert not is_language(["aalleexxaa wwiiee wwiirrdd ddaass wweetttteerr"])
    assert is_language(SAID)


def test_two_recordings_of_a_table_with_sound() -> None:
    content = table(
        ["x", "y", "z"],
        [["a.wav", "alexa licht aus", "2022-03-01 07:15:30"], ["b.wav", "ja", "2022-03-01 07:15:36"]],
    )
    found = taken(("index.csv", content), ("a.wav", WAV), ("b.wav", WAV + b"2"))
    assert found.texts == ["alexa licht aus", "ja"]
    assert found.said == []
