"""Where the vendor's reading and ours differ, the report shows it; the words only where names are shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from made_case import rows

from forensics import Case
from forensics.reports.exhibit import Cell
from forensics.reports.html import render
from forensics.reports.readings import readings
from forensics.reports.view import View

GOLDEN = Path(__file__).with_name("readings.txt")
OURS = "Alexa, call Anna Brinkman."
THEIRS = "call hannah brinkmann"
SAID = ("anna", "brinkman", "hannah")


@pytest.fixture
def read_twice(make_case: Callable[..., Case]) -> Case:
    """Three utterances: two that both sides read, and one read by us alone."""
    case = make_case(recordings=3)
    made = rows(recordings=3)
    own, texts = made["utterances"], made["transcripts"]
    own[0]["vendor_text"], own[1]["vendor_text"], own[2]["vendor_text"] = THEIRS, "stop", None
    texts[0]["text"], texts[1]["text"] = OURS, "Alexa, stop!"
    case.write_table("utterances", own)
    case.write_table("transcripts", texts)
    said = own[0]["utterance_id"]
    chain = {
        **made["claims"][0], "claim_id": "clm-99", "attribute": "command_chain",
        "value": "message 1, not meant",
        "utterance_ids": [said], "mention_ids": [], "places": [], "p_unmeant": 0.8,
        "steps": [{"step": step, "utterance_id": said} for step in ("wake", "send", "contact")],
    }  # fmt: skip
    overheard = {**chain, "claim_id": "clm-98", "attribute": "accidental_recording",
                 "value": said, "steps": [], "p_unmeant": None}  # fmt: skip
    case.write_table("claims", [*made["claims"], chain, overheard])
    return case


def shown(case: Case, language: str, *, reveal: bool) -> str:
    exhibit = readings(View.of_case(case, language=language, reveal=reveal, purpose="test" if reveal else ""))
    assert exhibit is not None
    lines = [exhibit.title, exhibit.sentence, " | ".join(exhibit.columns)]
    for row in exhibit.rows:
        lines.append(" | ".join(c if isinstance(c, str) else c.text or c.links[0][1] for c in row))
    return "\n".join(lines) + "\n"


def test_the_exhibit(read_twice: Case) -> None:
    found = [
        shown(read_twice, language, reveal=reveal) for language in ("en", "de") for reveal in (False, True)
    ]
    assert "\n".join(found) == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_masked_report_of_readings_chains_and_talk_names_nobody(read_twice: Case, language: str) -> None:
    page = render(View.of_case(read_twice, language=language)).casefold()
    assert ("chain of commands" if language == "en" else "befehlskette") in page
    assert not [name for name in SAID if re.search(rf"\b{name}\b", page)]


def test_without_a_vendor_there_is_nothing_to_compare(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=2)
    own = rows(recordings=2)["utterances"]
    case.write_table("utterances", [{**row, "vendor_text": "TRANSCRIPT NOT AVAILABLE"} for row in own])
    assert readings(View.of_case(case)) is None


def test_what_a_hostile_text_says_is_inert(make_case: Callable[..., Case]) -> None:
    case = make_case("call <img src=x onerror=alert(1)>", recordings=1)
    own = rows(recordings=1)["utterances"]
    case.write_table("utterances", [{**own[0], "vendor_text": "=cmd() call"}])
    page = render(View.of_case(case, reveal=True, purpose="test"))
    assert "<img src=x" not in page


def test_cells_link_to_their_utterances(read_twice: Case) -> None:
    exhibit = readings(View.of_case(read_twice))
    assert exhibit is not None
    (row,) = exhibit.rows
    assert isinstance(row[0], Cell)
    assert row[0].links == (("u1", "U1"),)
