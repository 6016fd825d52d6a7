"""Small cells stay hidden, sums are right, the page holds sums alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.batch.driver import _told
from forensics.batch.portfolio import summary, suppress, write_portfolio
from forensics.batch.report import report_html


def _person(n: int, p: float, band: str = "high") -> dict[str, Any]:
    figures = {f"p_identify_{end}": v for end, v in (("lo", p / 2), ("mid", p), ("hi", min(1.0, p * 2)))}
    return {
        "bundle_key": f"k{n}",
        "status": "done",
        "error": "",
        "data_subject_group": "devices-1",
        "band": band,
        **figures,
    }


def test_a_small_cell_takes_a_second_one_with_it() -> None:
    shown = {c.name: c.count for c in suppress({"a": 3, "b": 12, "c": 40, "d": 0}, least=10)}
    assert shown == {"a": None, "b": None, "c": 40, "d": 0}


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 60), min_size=2), st.integers(2, 15))
def test_what_is_withheld_cannot_be_worked_out_from_the_total(counts: dict[str, int], least: int) -> None:
    cells = suppress(counts, least=least)
    hidden = [counts[c.name] for c in cells if c.count is None]
    assert all(c.count is None or c.count == 0 or c.count >= least for c in cells)
    if hidden and len(hidden) < sum(v > 0 for v in counts.values()):
        assert len(hidden) >= 2
        assert sum(hidden) >= least


def test_marketer_risk_by_hand() -> None:
    rows = [_person(n, p) for n, p in enumerate([0.1] * 10 + [0.4] * 10)]
    said = summary([*rows, {"bundle_key": "x", "status": "failed", "error": "BundleError"}])
    assert said["marketer_risk"] == {"lo": 0.125, "mid": 0.25, "hi": 0.5}
    assert said["expected_identified"] == 5.0
    assert said["expected_identified_sd"] == pytest.approx((10 * 0.09 + 10 * 0.24) ** 0.5, abs=0.01)
    assert (said["bundles"], said["failed"], said["errors"]) == (21, 1, {"BundleError": 1})
    assert [c["people"] for c in said["p_identify"]] == [0, 0, 10, 0, 10, 0, 0]


def test_few_people_have_no_distribution() -> None:
    said = summary([_person(n, 0.95) for n in range(9)])
    assert "p_identify" not in said
    assert "marketer_risk" not in said
    assert "fewer than 10" in report_html(said)


def test_the_number_of_outliers_undoes_no_withheld_cell() -> None:
    """3 of 20 are below .05; were the 17 others told as outliers, the 3 would be too."""
    said = summary([_person(n, 0.01 if n < 3 else 0.95) for n in range(20)])
    assert said["p_identify"][0]["people"] is None
    assert said["outliers"] is None
    said = summary([_person(n, 0.95) for n in range(20)])
    assert said["outliers"] == said["p_identify"][-1]["people"] == 20
    assert said["p_identify"][-1]["range"] == "0.9 to 1"


def test_few_outliers_are_not_counted() -> None:
    said = summary([_person(n, 0.95 if n < 3 else 0.1) for n in range(40)])
    assert said["outliers"] is None
    page = report_html(said)
    assert "(P of .9 or more) is withheld" in page
    assert "k0" not in page
    assert "devices-1" not in page


def test_the_table_keeps_the_bundle_and_its_case(tmp_path: Path) -> None:
    (tmp_path / "cases" / "k1").mkdir(parents=True)
    (tmp_path / "cases" / "k1" / "case.json").write_text("{}")
    rows = [{"key": key, "status": "failed", "error": "x", "subjects": []} for key in ("k1", "k2")]
    bundles = {"in/b.zip": "k1", "in/a.zip": "k1", "in/c.zip": "k2"}
    write_portfolio(tmp_path, _told(rows, bundles, tmp_path))
    kept = pq.read_table(tmp_path / "portfolio.parquet").select(["bundle", "case"]).to_pylist()
    assert kept == [
        {"bundle": "in/a.zip; in/b.zip", "case": "cases/k1"},
        {"bundle": "in/c.zip", "case": None},
    ]
    assert (
        "in/a.zip" not in (tmp_path / "report.html").read_text() + (tmp_path / "portfolio.json").read_text()
    )
