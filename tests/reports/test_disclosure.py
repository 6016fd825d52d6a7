"""A masked report must not do the leaking: what it shows fits enough people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forensics import Case
from forensics.reports.disclosure import REPORT_K, limit
from forensics.reports.html import write_html
from forensics.reports.view import View
from tests.rows import claim_row, place

_MORNINGS: dict[str, Any] = {"clock_min": 380, "weekdays": [0, 1, 2, 3, 4]}
SHOWN = [
    claim_row(attribute, value, p=0.9, dep_group="place", n_support=3, **columns)
    for attribute, value, columns in [
        ("home_place", "Oldenburg", {}), ("work_place", "Bremen", {}),
        ("routine_wake", "06:20 workdays", _MORNINGS),
        ("routine_commute", "Bremen, workdays, morning",
         {"weekdays": [0, 1, 2, 3, 4], "kind": "morning", "places": place("Bremen")}),
        ("device", "thermostat (bathroom)", {"kind": "thermostat"}),
    ]
]  # fmt: skip


@pytest.mark.parametrize("wanted", [1, 20, 100_000, 10_000_000])
def test_enough_people_fit_what_is_shown(wanted: int) -> None:
    found = limit("g", SHOWN, "DE", wanted=wanted, seed=0, draws=400)
    assert found.k_lo >= wanted
    assert len(found.shown) + len(found.withheld) == len(SHOWN)


def test_more_is_withheld_the_more_people_must_fit() -> None:
    withheld = [len(limit("g", SHOWN, "DE", wanted=k, seed=0, draws=400).withheld) for k in (1, 10**5, 10**7)]
    assert withheld == sorted(withheld)
    assert withheld[0] == 0
    assert withheld[-1] > 0


def test_the_order_of_statements_does_not_matter() -> None:
    one = limit("g", SHOWN, "DE", wanted=100_000, seed=0, draws=400)
    other = limit("g", SHOWN[::-1], "DE", wanted=100_000, seed=0, draws=400)
    assert set(one.withheld) == set(other.withheld)
    assert one.k_lo == other.k_lo


def test_what_is_withheld_is_nowhere_in_the_report(small_case: Case, tmp_path: Path) -> None:
    open_view = View.of_case(small_case, report_k=0)
    assert "Oldenburg" in {open_view.claim_text(c) for c in open_view.claims}
    page = write_html(small_case, tmp_path / "r.html", report_k=10**9).read_text("utf-8")
    assert "Oldenburg" not in page
    assert "withheld" in page
    assert "53.14 / 8.21" not in page
    assert "The likeliest home is withheld" in page


def test_a_hidden_values_base_rate_is_not_shown_either(small_case: Case) -> None:
    view = View.of_case(small_case)
    hidden = next(e for e in view.exposure if e["claim_id"] == "clm-07")  # a surname
    assert hidden["base_rate_mid"] is None
    assert hidden["bits_mid"] == 12.0
    assert view.report_k == REPORT_K


def test_a_withheld_place_does_not_come_back_under_another_heading(small_case: Case) -> None:
    view = View.of_case(small_case, report_k=10**9)
    bremen = {**next(c for c in view.claims if c["value"] == "Bremen"), "claim_id": "clm-99"}
    view.claims.append({**bremen, "attribute": "other_place"})
    assert "clm-02" in view.withheld  # Bremen as the place of work
    assert "clm-99" in view.withheld
