"""The clock of the case: what it says, and what it does where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from made_case import rows

from forensics import Case
from forensics.reports import figures
from forensics.reports.exhibit import Cell
from forensics.reports.view import View


def test_the_sentence_says_after_how_much_listening_few_are_left(small_case: Case) -> None:
    sentence = figures.clock(View.of_case(small_case)).sentence
    assert "Before anybody listens, 83,000,000 people could be meant" in sentence
    assert "fewer than 20 people are left after 24 s (6 utterances)" in sentence
    assert "8.0 s are enough (2 utterances)" in sentence


def test_the_table_leads_to_the_utterance_and_the_statement(small_case: Case) -> None:
    row = figures.clock(View.of_case(small_case)).rows[2]
    utterance, new = row[1], row[3]
    assert isinstance(utterance, Cell)
    assert isinstance(new, Cell)
    assert utterance.links == (("u6", "U6"),)
    assert new.text == "contact and surname"
    assert len(new.links) == 2


def test_a_case_in_which_many_always_fit_says_so(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=8)
    case.write_table("curve", [{**row, "k": max(row["k"], 300.0)} for row in rows(recordings=8)["curve"]])
    sentence = figures.clock(View.of_case(case)).sentence
    assert "At no time do fewer than 20 people fit." in sentence
    assert "needs" not in sentence


def test_without_times_the_random_order_is_told(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=8)
    made: list[dict[str, Any]] = rows(recordings=8)["curve"]
    random = [
        {**row, "order": "random", "utterance_id": None, "claims": []}
        for row in made
        if row["order"] == "chronological"
    ]
    case.write_table("curve", [*random, *(row for row in made if row["order"] == "best_first")])
    view = View.of_case(case)
    assert "in random order" in figures.clock(view).sentence.casefold()
    assert list(figures.beats(view)) == ["random", "best_first"]


@pytest.mark.parametrize("name", ["clock", "curve"])
def test_a_case_without_a_curve_has_a_sentence_and_no_figure(
    make_case: Callable[..., Case], name: str
) -> None:
    case = make_case(recordings=3)
    case.table_path("curve").unlink()
    shown = getattr(figures, name)(View.of_case(case))
    assert shown.figure is None
    assert shown.rows == []
    assert "not been computed" in shown.sentence
    assert figures.beats(View.of_case(case)) == {}


def test_the_band_of_the_curve_lies_between_its_ends(small_case: Case) -> None:
    made = figures.curve(View.of_case(small_case)).figure
    assert made is not None
    band = next(trace for trace in made.data if trace.fill == "toself")
    assert len(band.x) == len(band.y) == 8
    assert max(band.y) <= 1
