"""Transcripts for other programs: each format read again by somebody else's reader, where there is one."""

from __future__ import annotations

import csv
import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from made_case import SENTENCE
from pympi.Elan import Eaf
from typer.testing import CliRunner

from forensics import Case
from forensics.cli import app
from forensics.errors import ConsentError, ForensicsError
from forensics.reports.said import everything_said
from forensics.reports.transcripts import CUE_S, cues
from forensics.reports.view import View

PURPOSE = "expert's review"
WORDS = [("=2+3", 0.2, 0.6), ("<b>Max</b>", 0.6, 1.0), ("-->", 4.0, 4.3), ("x", 4.3, 4.4)]


@pytest.fixture(scope="module")
def case(make_case: Callable[..., Case]) -> Case:
    """Recording 0 has words with times, and markup among them; recording 1 has no words at all."""
    made = make_case(SENTENCE, recordings=6)
    rows = made.rows("transcripts")
    timed = [{"word": w, "start_s": a, "end_s": b, "probability": 0.9} for w, a, b in WORDS]
    rows[0] |= {"text": " ".join(w for w, _, _ in WORDS), "words": timed, "confidence": 0.3}
    rows[1] |= {"text": "", "flags": ["no_speech", "empty"]}
    made.write_table("transcripts", rows)
    silent = [
        {**r, "vendor_text": None} if r["recording_id"] == "rec-0001" else r for r in made.rows("utterances")
    ]
    made.write_table("utterances", silent)
    return made


def test_subtitles_are_cut_at_pauses_and_hold_no_markup(case: Case, tmp_path: Path) -> None:
    done = case.transcripts(tmp_path / "srt", "srt", reveal=PURPOSE)
    assert (done.written, done.silent, done.soundless) == (5, 1, 0)
    assert sorted(p.name for p in done.path.iterdir()) == ["U1.srt", "U3.srt", "U4.srt", "U5.srt", "U6.srt"]
    assert (done.path / "U1.srt").read_text("utf-8") == (
        "1\n00:00:00,200 --> 00:00:01,000\n'=2+3 <b>Max</b>\n\n2\n00:00:04,000 --> 00:00:04,400\n'-> x\n"
    )
    case.transcripts(tmp_path / "vtt", "vtt", reveal=PURPOSE)
    vtt = (tmp_path / "vtt" / "U1.vtt").read_text("utf-8")
    assert vtt.startswith("WEBVTT\n\n00:00:00.200 --> 00:00:01.000\n'=2+3 &lt;b&gt;Max&lt;/b&gt;\n")
    assert vtt.count("-->") == 2
    assert (tmp_path / "vtt" / "U1.vtt").stat().st_mode & 0o077 == 0


def test_labels_and_annotations(case: Case, tmp_path: Path) -> None:
    case.transcripts(tmp_path / "labels", "audacity", reveal=PURPOSE)
    lines = (tmp_path / "labels" / "U1.txt").read_text("utf-8").splitlines()
    assert [line.split("\t")[:2] for line in lines] == [["0.200000", "1.000000"], ["4.000000", "4.400000"]]
    assert (tmp_path / "labels" / "U3.txt").read_text("utf-8") == f"0.000000\t3.500000\t{SENTENCE}\n"
    case.transcripts(tmp_path / "elan", "eaf", reveal=PURPOSE)
    read = Eaf(tmp_path / "elan" / "U1.eaf", suppress_version_warning=True)
    assert sorted(read.get_tier_names()) == ["heard", "vendor", "words"]
    assert [a[:3] for a in sorted(read.get_annotation_data_for_tier("words"))][1] == (600, 1000, "<b>Max</b>")
    assert [a[:3] for a in read.get_annotation_data_for_tier("vendor")] == [(0, 3500, SENTENCE)]


def test_the_table_holds_every_utterance_and_no_formula(case: Case, tmp_path: Path) -> None:
    done = case.transcripts(tmp_path / "t.csv", reveal=PURPOSE)
    with done.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["no"] for r in rows] == [f"U{n}" for n in range(1, 7)]
    assert rows[0]["text"].startswith("'=2+3")
    assert (rows[0]["doubt"], rows[0]["doubtful"]) == ("0.700", "confidence")
    assert rows[2]["vendor_text"] == SENTENCE


def test_no_transcript_without_a_purpose(case: Case, tmp_path: Path) -> None:
    with pytest.raises(ConsentError):
        case.transcripts(tmp_path / "t.csv", reveal=" ")
    arguments = ["transcripts", "--case", str(case.folder), "--out", str(tmp_path / "t.csv")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert not (tmp_path / "t.csv").exists()


def test_nothing_is_replaced_unasked(case: Case, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "note.txt").write_text("mine")
    with pytest.raises(ForensicsError, match="holds files"):
        case.transcripts(tmp_path / "there", "srt", reveal=PURPOSE)


def test_no_subtitle_stands_too_long(case: Case) -> None:
    said = everything_said(View.of_case(case))[0]
    words = tuple((f"word{n}", n * 0.5, n * 0.5 + 0.4) for n in range(60))
    long = type(said)(**{**vars(said), "words": words})
    pieces = cues(long)
    assert " ".join(p.text for p in pieces).split() == [w for w, _, _ in words]
    assert all(p.end_s - p.start_s <= CUE_S for p in pieces)


def test_the_sound_lies_beside_it_and_plays(demo_case: Case, tmp_path: Path) -> None:
    own = Case(tmp_path / "case")
    shutil.copytree(demo_case.folder, own.folder)
    done = own.transcripts(tmp_path / "elan", "eaf", reveal=PURPOSE, sound=True)
    assert done.undecoded == 0
    name = sorted(p.stem for p in done.path.glob("*.eaf"))[0]
    with wave.open(str(done.path / f"{name}.wav")) as file:
        seconds = file.getnframes() / file.getframerate()
    read = Eaf(done.path / f"{name}.eaf", suppress_version_warning=True)
    assert read.media_descriptors[0]["RELATIVE_MEDIA_URL"] == f"./{name}.wav"
    assert read.get_full_time_interval()[1] <= 1000 * seconds + 100
    whole = own.play(name, reveal=PURPOSE)
    part = own.play(name, reveal=PURPOSE, start_s=0.5, end_s=1.0)
    assert (whole.data[:4], len(part.data)) == (b"RIFF", 44 + 2 * 8000)
