"""The notification: phase 1 from intake alone, gaps as gaps, the clock, the letter in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from made_case import NAMES, SENTENCE, rows

from forensics import Case
from forensics.reports import write


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_phase_1_needs_intake_alone(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    for name in ("members", "findings", "groups", "passages", "recordings"):
        case.write_table(name, rows()[name])
    shown = text_of(write(case, tmp_path / "n.docx", "notification"))
    assert "Phase 1" in shown
    assert "24 recordings" in shown
    assert "How likely that is we do not know yet" in shown


def test_phase_2_adds_the_measurement(small_case: Case, tmp_path: Path) -> None:
    shown = text_of(write(small_case, tmp_path / "n.docx", "notification"))
    assert "Phase 2" in shown
    assert "up to 83\u00a0%" in shown
    assert "very high" in shown


def test_gaps_are_highlighted_and_filled_by_facts(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case(recordings=3)
    before = docx.Document(str(write(case, tmp_path / "1.docx", "notification")))
    marked = [run.text for p in before.paragraphs for run in p.runs if run.font.highlight_color is not None]
    assert len(marked) >= 6
    case.set_incident(
        {
            "controller": "Example Ltd", "dpo": "dpo@example.com", "containment": "none", "individuals": "4",
            "measures": "link withdrawn", "breach_from": "2026-02-20", "lead_authority": "Authority of X",
        }
    )  # fmt: skip
    after = docx.Document(str(write(case, tmp_path / "2.docx", "notification")))
    assert "link withdrawn" in "\n".join(p.text for p in after.paragraphs)
    assert not [run for p in after.paragraphs for run in p.runs if run.font.highlight_color is not None]


@pytest.mark.parametrize(
    ("aware_at", "left"), [("2999-01-01T00:00+00:00", " h "), ("2018-05-25T00:00+00:00", "over by")]
)
def test_the_clock_is_counted(
    make_case: Callable[..., Case], tmp_path: Path, aware_at: str, left: str
) -> None:
    case = make_case(recordings=3)
    case.set_incident({"aware_at": aware_at})
    document = docx.Document(str(write(case, tmp_path / "n.docx", "notification")))
    assert left in document.tables[1].rows[-1].cells[1].text


def test_the_letter_is_in_both_languages_and_names_nobody(small_case: Case, tmp_path: Path) -> None:
    shown = text_of(write(small_case, tmp_path / "n.docx", "notification"))
    assert "Dear [name]," in shown
    assert "Guten Tag [Name]," in shown
    assert not [name for name in (*NAMES, SENTENCE) if name in shown]


def test_the_same_case_gives_the_same_bytes(small_case: Case, tmp_path: Path) -> None:
    one = write(small_case, tmp_path / "1.docx", "notification").read_bytes()
    assert write(small_case, tmp_path / "2.docx", "notification").read_bytes() == one
