"""The review in a notebook, asked as its page asks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from made_case import NAMES, SENTENCE

from forensics import Case, ConsentError
from forensics.reports.review_widget import ReviewWidget, review


class Asked:
    """A widget and what it said."""

    def __init__(self, case: Case, **chosen: str) -> None:
        self.widget: ReviewWidget = review(case, **chosen)
        self.said: list[dict[str, Any]] = []
        self.widget.send = lambda message, buffers=None: self.said.append(message)  # type: ignore[method-assign]

    def __call__(self, ask: str, **more: Any) -> dict[str, Any]:
        before = len(self.said)
        self.widget.answer({"ask": ask, **more})
        return self.said[before] if len(self.said) > before else {}


def test_nothing_masked_is_sent_before_a_purpose_is_given(small_case: Case) -> None:
    asked = Asked(small_case, reviewer="A. Analyst")
    for table in ("transcripts", "mentions", "claims"):
        for item in asked("index", table=table)["items"]:
            asked("row", table=table, row_id=item["id"])
    told = json.dumps(asked.said, ensure_ascii=False)
    assert not [name for name in (*NAMES, SENTENCE, "insulin") if name in told]
    assert asked("sound", recording_id="rec-0000")["say"] == "error"


def test_a_purpose_opens_the_session_and_is_logged(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=4)
    asked = Asked(case)
    with pytest.raises(ConsentError):
        review(case, purpose=" ")
    assert asked("unmask", purpose="")["say"] == "error"
    asked("unmask", purpose="breach 2026-14")
    assert asked("row", table="transcripts", row_id="tra-0000")["row"]["value"] == SENTENCE
    act = next(a for a in case.custody.acts() if a["act"] == "names revealed")
    assert act["purpose"] == "breach 2026-14"


def test_decisions_are_on_disk_with_a_name(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=8)
    asked = Asked(case, reviewer="A. Analyst", purpose="test")
    asked(
        "decide",
        table="transcripts",
        row_id="tra-0003",
        verdict="correct",
        value="call Roswitha",
        reason="heard",
    )
    asked("decide", table="mentions", row_id="men-4", verdict="reject")
    asked("decide", table="claims", row_id="clm-01", verdict="accept")
    lines = [json.loads(line) for line in (case.folder / "review.jsonl").read_text("utf-8").splitlines()]
    assert [(d["table"], d["verdict"], d["reviewer"]) for d in lines] == [
        ("transcripts", "correct", "A. Analyst"),
        ("mentions", "reject", "A. Analyst"),
        ("claims", "accept", "A. Analyst"),
    ]
    corrected = case.frame("transcripts").set_index("transcript_id").loc["tra-0003"]
    assert corrected["text"] == "call Roswitha"
    assert corrected["confidence"] == 1.0
    assert case.frame("transcripts", reviewed=False)["text"].tolist() == [SENTENCE] * 8
    assert "men-4" not in set(case.frame("mentions")["mention_id"])
    states = {item["id"]: item["state"] for item in asked("index", table="mentions")["items"]}
    assert states["men-4"] == "reject"  # still listed, so that it can be accepted again


@pytest.mark.parametrize(
    ("chosen", "decision"),
    [
        ({"purpose": "test"}, {"table": "claims", "row_id": "clm-01", "verdict": "accept"}),
        ({"reviewer": "A"}, {"table": "claims", "row_id": "clm-01", "verdict": "correct", "value": "x"}),
        ({"reviewer": "A"}, {"table": "claims", "row_id": "clm-99", "verdict": "accept"}),
        ({"reviewer": "A"}, {"table": "severity", "row_id": "sev-1", "verdict": "reject"}),
        ({"reviewer": "A"}, {"table": "claims", "row_id": "clm-01", "verdict": "perhaps"}),
    ],
    ids=["nobody", "masked", "no such row", "not reviewed here", "no verdict"],
)
def test_what_is_not_a_decision_is_told_and_not_written(
    make_case: Callable[..., Case], chosen: dict[str, str], decision: dict[str, str]
) -> None:
    case = make_case(recordings=3)
    assert Asked(case, **chosen)("decide", **decision)["say"] == "error"
    assert not (case.folder / "review.jsonl").exists()


def test_one_line_of_1700_costs_no_more_than_a_glance(make_case: Callable[..., Case]) -> None:
    """The page asks for one index, then for one row at a time, and the index holds no texts."""
    asked = Asked(make_case(recordings=1700), reviewer="A. Analyst", purpose="test")
    index = asked("index", table="transcripts")
    assert len(index["items"]) == 1700
    assert len(json.dumps(index)) < 300_000
    assert SENTENCE not in json.dumps(index)
    row = asked("row", table="transcripts", row_id="tra-1699")
    assert len(json.dumps(row)) < 2_000


def test_a_broken_or_hostile_name_stays_a_name(make_case: Callable[..., Case]) -> None:
    hostile = '<img src=x onerror="alert(1)">\u202e=HYPERLINK("http://e.example")'
    case = make_case(hostile, recordings=3)
    asked = Asked(case, reviewer=hostile, purpose="test")
    asked("decide", table="claims", row_id="clm-01", verdict="accept", reason=hostile)
    row = asked("row", table="claims", row_id="clm-01")["row"]
    assert "\u202e" not in json.dumps(row, ensure_ascii=False)
