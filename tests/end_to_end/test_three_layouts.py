"""One household three times: recordings with the vendor's text, a history without sound, and loose lines.

The utterance is the unit of evidence, so that the same words give the same claims, whatever they arrived in.
"""

from __future__ import annotations

import csv
import io
import struct
import wave
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import forensics
from forensics import Options

START = datetime(2021, 3, 1, 5, 40, tzinfo=UTC)
SAID = (
    "alexa wie wird das wetter in oldenburg", "alexa stell den wecker auf sechs uhr zwanzig",
    "alexa ruf hannah brinkmann an", "alexa erinnere jonas an die hausaufgaben",
    "alexa spiel coldplay auf spotify",
    "alexa schalte das licht im wohnzimmer aus", "alexa wann fährt der nächste zug nach bremen",
    "alexa wie wird das wetter in oldenburg", "alexa sag katrin das essen ist fertig",
    "alexa stell den wecker auf sechs uhr zwanzig", "alexa wie wird das wetter in oldenburg morgen",
    "alexa wie komme ich zum bahnhof in oldenburg",
)  # fmt: skip
TIMELESS = {"home_place", "work_place", "other_place", "first_name", "surname", "contact", "child", "service"}
"""What needs no time, so that loose lines tell it too."""


def _times() -> list[datetime]:
    return [START + timedelta(days=n, minutes=7 * n) for n in range(len(SAID))]


def _sheet(*, sound: bool) -> str:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["Timestamp", "Transcript", *(["Audio File"] if sound else []), "Device"])
    for n, (at, text) in enumerate(zip(_times(), SAID, strict=True)):
        rows.writerow([at.isoformat(), text, *([f"{n:04d}.wav"] if sound else []), "Echo Dot"])
    return out.getvalue()


def _wav(number: int) -> bytes:
    """A tenth of a second of noise that nobody could hear a word in."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", "not compressed"))
        file.writeframes(
            b"".join(struct.pack("<h", (i * (number + 3)) % (11 + number) - 3) for i in range(1600))
        )
    return buffer.getvalue()


def _pdf() -> bytes:
    import typst

    lines = "\n\n".join(SAID)
    return bytes(typst.compile(f"= Transcripts\n\n{lines}\n".encode()))


def _bundle(folder: Path, layout: str) -> Path:
    target = folder / f"{layout}.zip"
    with zipfile.ZipFile(target, "w") as archive:
        if layout == "recordings":
            archive.writestr("Alexa/Transcripts.csv", _sheet(sound=True))
            for n in range(len(SAID)):
                archive.writestr(f"Alexa/Audio/{n:04d}.wav", _wav(n))
        elif layout == "history":
            archive.writestr("Alexa/Transcripts.csv", _sheet(sound=False))
        else:
            archive.writestr("transcripts.pdf", _pdf())
            archive.writestr("0000.wav", _wav(99))
    return target


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, forensics.Case]:
    """The three cases, investigated with the vendor's words."""
    folder = tmp_path_factory.mktemp("layouts")
    options = Options(engine="vendor", draws=200, language="de")
    return {
        layout: forensics.investigate(_bundle(folder, layout), case=folder / layout, options=options)
        for layout in ("recordings", "history", "lines")
    }


def _claims(case: forensics.Case, *, timed: bool = True) -> dict[tuple[str, str, str], float]:
    return {
        (row["attribute"], row["subject_role"], row["value"]): round(row["p_true"], 3)
        for row in case.rows("claims")
        if timed or row["attribute"] in TIMELESS
    }


def test_each_of_them_has_the_same_utterances(cases: dict[str, forensics.Case]) -> None:
    for layout, case in cases.items():
        said = [u for u in case.rows("utterances") if u["vendor_text"]]
        assert sorted(u["vendor_text"].casefold() for u in said) == sorted(SAID), layout
        assert all((u["recording_id"] is not None) == (layout == "recordings") for u in said), layout
        assert all((u["started_at"] is not None) == (layout != "lines") for u in said), layout


def test_a_history_without_sound_gives_the_claims_of_recordings(cases: dict[str, forensics.Case]) -> None:
    assert _claims(cases["history"]) == _claims(cases["recordings"])
    assert any(attribute == "routine_wake" for attribute, _, _ in _claims(cases["history"]))


def test_loose_lines_give_every_claim_that_needs_no_time(cases: dict[str, forensics.Case]) -> None:
    loose, recorded = (_claims(cases[layout], timed=False) for layout in ("lines", "recordings"))
    assert {key[0] for key in loose} >= {key[0] for key in recorded} - {"work_place"}
    assert {key[2] for key in loose} >= {"Oldenburg", "Hannah Brinkmann"}


def test_the_clock_runs_without_sound(cases: dict[str, forensics.Case]) -> None:
    for layout in ("history", "lines"):
        steps = cases[layout].rows("curve")
        assert max(step["n_utterances"] for step in steps) == len(cases[layout].rows("utterances"))
        assert cases[layout].rows("risk")


def test_a_timeline_needs_a_time_and_no_sound(cases: dict[str, forensics.Case]) -> None:
    assert len(cases["history"].rows("timeline")) == len(SAID)
    assert cases["lines"].rows("timeline") == []
