"""Claims, risks and tables in a notebook: no name, no markup from evidence, and the way to the recordings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_case import NAMES, SENTENCE

from forensics import Case
from forensics.case.schemas import TABLES
from forensics.reports import rows


@pytest.mark.parametrize(
    "table", ["recordings", "transcripts", "mentions", "claims", "findings", "groups", "intents"]
)
def test_no_table_shows_a_name_or_a_text(small_case: Case, table: str) -> None:
    shown = rows.rows(small_case, table)._repr_html_()
    assert not [name for name in (*NAMES, SENTENCE, "insulin") if name in shown]
    assert all(f"<th>{column.name}</th>" in shown for column in TABLES[table].columns)


def test_a_claim_shows_its_utterances_and_no_name(small_case: Case) -> None:
    found = rows.claims(small_case)
    shown = "".join(claim._repr_html_() for claim in found)
    assert not [name for name in NAMES if name in shown]
    assert "home Oldenburg: 86" in shown
    contact = next(c for c in found if c.row["attribute"] == "contact")
    assert "U6" in contact._repr_html_()


def test_a_risk_says_its_sentence_and_draws_its_interval(small_case: Case) -> None:
    risk = rows.risks(small_case)[0]
    assert "83" in repr(risk)
    assert "left:21.0%;width:62.0%" in risk._repr_html_()


def test_evidence_is_never_markup(make_case: Callable[..., Case]) -> None:
    case = make_case("<script>alert(1)</script>", recordings=3)
    shown = "".join(c._repr_html_() for c in rows.claims(case, reveal=True, purpose="test"))
    assert "<script>" not in shown
