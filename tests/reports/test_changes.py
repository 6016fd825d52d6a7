"""Before and after: what differs between a case and an earlier JSON report of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from made_case import NAMES, rows
from test_html import Page

from forensics import Case, ConsentError, ForensicsError
from forensics.reports import write


@pytest.fixture
def case(make_case: Callable[..., Case]) -> Case:
    return make_case(recordings=6)


def compared(case: Case, before: Path, folder: Path, language: str = "en") -> str:
    return Page(
        write(case, folder / "c.html", "changes", before=before, language=language).read_text("utf-8")
    ).text


def test_nothing_has_changed(case: Case, tmp_path: Path) -> None:
    before = write(case, tmp_path / "before.json", "json")
    assert "Nothing that a report tells has changed" in compared(case, before, tmp_path)


def test_facts_figures_and_statements_that_changed_are_told(case: Case, tmp_path: Path) -> None:
    before = write(case, tmp_path / "before.json", "json")
    case.set_incident({"recipient": "trusted", "containment": "returned"})
    made = rows(recordings=6)
    claims = [c for c in made["claims"] if c["claim_id"] != "clm-02"]
    claims[0] = {**claims[0], "p_true": 0.5}
    claims.append({**claims[0], "claim_id": "clm-99", "attribute": "pet", "value": "a dog", "places": []})
    case.write_table("claims", claims)
    case.write_table("severity", [{**made["severity"][0], "se_hi": 3.5, "band": "high"}])
    shown = compared(case, before, tmp_path)
    assert "given back by every recipient" in shown
    assert "1.00 / 2.50 / 3.50" in shown
    assert "New: 1. Gone: 1. With another probability or value: 1." in shown
    assert "place of work" in shown
    assert "Bremen" not in shown  # what is gone is told by its kind alone
    assert "Neu: 1. Entfallen: 1." in compared(case, before, tmp_path, "de")


def test_an_earlier_report_with_names_gives_no_name_away(case: Case, tmp_path: Path) -> None:
    before = write(case, tmp_path / "before.json", "json", reveal=True, purpose="test")
    case.write_table("claims", rows(recordings=6)["claims"][:2])
    shown = compared(case, before, tmp_path)
    assert "Gone: 11" in shown
    assert not [name for name in NAMES if name in shown]


def test_a_report_of_another_case_or_none_is_refused(
    case: Case, make_case: Callable[..., Case], tmp_path: Path
) -> None:
    other = write(make_case(recordings=3), tmp_path / "other.json", "json")
    with pytest.raises(ForensicsError, match="another case"):
        write(case, tmp_path / "c.html", "changes", before=other)
    for content in ("", "[]", "{}", json.dumps({"format": 1})):
        (tmp_path / "odd.json").write_text(content)
        with pytest.raises(ForensicsError, match=r"no JSON report|another version"):
            write(case, tmp_path / "c.html", "changes", before=tmp_path / "odd.json")


def test_it_needs_an_earlier_report_and_a_purpose_to_show_names(case: Case, tmp_path: Path) -> None:
    with pytest.raises(ForensicsError, match="earlier JSON report"):
        write(case, tmp_path / "c.html", "changes")
    before = write(case, tmp_path / "before.json", "json")
    with pytest.raises(ForensicsError, match="no other format"):
        write(case, tmp_path / "r.html", "html", before=before)
    with pytest.raises(ConsentError):
        write(case, tmp_path / "c.html", "changes", before=before, reveal=True)
