"""Is a PDF a list of things said? Decided by its lines; broken ones are findings."""

# ruff: noqa: E501 (tables of cases are easier to read whole)

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.intake.exports.base import Held, Reading
from forensics.intake.exports.loose_pdf import is_transcript, split_stamps, spoken_lines
from forensics.intake.exports.papers import keep_lines
from forensics.intake.pdf import Line, body, read_pdf
from forensics.intake.walk import Member


def lines(*texts: str, page: int = 1) -> list[Line]:
    return [Line(page, number, text, 10.0) for number, text in enumerate(texts, start=1)]


COMMANDS = (
    "alexa wie wird das wetter",
    "alexa licht aus",
    "spiel etwas musik",
    "alexa stopp",
    "wie spät ist es",
    "danke",
)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (COMMANDS, True),
        (("• Alexa, turn on the light", "• play some jazz", "• what time is it"), True),
        (("wie wird das wetter", "licht aus", "spiel etwas musik", "stopp", "wie spät ist es"), True),
        (tuple(f"0{n}.05.2018 18:41:0{n} - {text}" for n, text in enumerate(COMMANDS, start=1)), True),
        (("Rechnung Nr. 12", "Summe 19,95 EUR", "Vielen Dank für Ihren Einkauf.", "www.example.org"), False),
        (("Sehr geehrte Frau Muster,", "wir haben Ihre Anfrage erhalten. Die Antwort folgt.", "Mit freundlichen Grüßen"), False),
        ((), False),
    ],
)  # fmt: skip
def test_transcripts_are_told_from_letters(texts: tuple[str, ...], expected: bool) -> None:
    assert is_transcript(spoken_lines(lines(*texts))) is expected


def test_times_before_the_lines_become_times() -> None:
    stamped = lines(*(f"1{n}.05.2018 18:41:0{n} MESZ  {text}" for n, text in enumerate(COMMANDS)))
    assert [line.text for _, line in split_stamps(stamped)] == list(COMMANDS)
    reading = Reading("test")
    passages = keep_lines(reading, Held("m", "b", Member("t.pdf", None, 0, "pdf", bytes(32))), stamped)
    assert [p.text for p in passages] == list(COMMANDS)
    assert passages[0].when.at is not None
    assert passages[0].when.at.isoformat() == "2018-05-10T16:41:00+00:00"
    assert passages[0].when.utc_offset_min == 120


def test_headings_page_numbers_and_what_repeats_are_no_lines() -> None:
    pages = []
    for page in (1, 2, 3):
        pages += lines(
            "Your recordings", f"alexa number {page} one", "alexa something", f"Page {page} of 3", page=page
        )
    pages.insert(1, Line(1, 9, "Transcripts", 18.0))
    kept = {line.text for line in body(pages)}
    assert kept == {"alexa number 1 one", "alexa number 2 one", "alexa number 3 one", "alexa something"}


@pytest.mark.parametrize("content", [b"%PDF-1.7\ngarbage", b"%PDF-1.4\n" + bytes(range(256)) * 40, b"%PDF-"])
def test_a_broken_pdf_is_a_finding(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(content)
    with (tmp_path / "x.pdf").open("rb") as file:
        found, problems = read_pdf(file)
    assert found == []
    assert {p.code for p in problems} <= {"pdf-unreadable", "pdf-without-text"}
    assert problems
