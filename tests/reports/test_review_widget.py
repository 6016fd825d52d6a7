"""The review in a notebook, asked as its page asks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from made_case import NAMES, SENTENCE

from forensics import Case, ConsentError
from forensics.reports.review_readings import both
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


def test_a_choice_is_a_decision_with_what_stood_before(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=8)
    asked = Asked(case, reviewer="A. Analyst", purpose="test")
    place = {c["name"]: c for c in asked("row", table="claims", row_id="clm-01")["row"]["choices"]}["place"]
    chosen = place["options"][-1][0]
    asked("choose", table="claims", row_id="clm-01", name="place", value=chosen)
    asked("choose", table="claims", row_id="clm-02", name="whose", value="visitor")
    asked("choose", table="transcripts", row_id="tra-0003", name="speaker", value="television")
    rows = case.frame("claims").set_index("claim_id")
    assert [p["place_id"] for p in rows.loc["clm-01", "places"]] == [int(chosen)]
    assert rows.loc["clm-02", "subject_role"] == "visitor"
    assert rows.loc["clm-02", "p_role"] == 1.0
    made = case.review.decisions()
    assert [d.before for d in made] == [place["options"][0][0], "subject", None]
    assert (made[2].table, made[2].row_id, made[2].value) == ("utterances", "utt-0003", "television")
    shown = asked("row", table="claims", row_id="clm-02")["row"]["decisions"]
    assert [(d["before"], d["after"]) for d in shown] == [("subject", "visitor")]
    state = {i["id"]: i["state"] for i in asked("index", table="transcripts")["items"]}
    assert state["tra-0003"] == "mark"


@pytest.mark.parametrize("value", ["1", "", "Bremen"])
def test_what_is_not_offered_cannot_be_chosen(make_case: Callable[..., Case], value: str) -> None:
    case = make_case(recordings=3)
    asked = Asked(case, reviewer="A. Analyst", purpose="test")
    assert asked("choose", table="claims", row_id="clm-01", name="place", value=value)["say"] == "error"
    assert not case.review.decisions()


def test_readings_stand_beside_each_other_with_what_differs_marked() -> None:
    mention = {"source_kind": "audio", "start": 18, "end": 27}
    ours, vendor = both("send a message to Catherine. I will", "send a message to katrin i will", [mention])
    assert ours == [("send a message to", ""), ("Catherine.", "asked"), ("I will", "")]
    assert vendor == [("send a message to", ""), ("katrin", "differs"), ("i will", "")]
    assert both("", "only theirs") == (None, [("only theirs", "")])


def test_what_a_search_found_is_listed_and_nothing_else(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=24)
    found = case.search("insulin", until="2018-05-05")
    assert 0 < len(found) < 24
    masked = Asked(case)
    masked.widget = review(case, only=found)
    masked.widget.send = lambda message, buffers=None: masked.said.append(message)  # type: ignore[method-assign]
    assert len(masked("index", table="transcripts")["items"]) == len(found)
    assert masked("search")["n"] is None
    assert len(masked("index", table="transcripts")["items"]) == 24
    assert masked("search", text="insulin", until="2018-05-05")["n"] == len(found)
    assert masked("search", person="nobody known")["say"] == "error"


def test_a_rejected_row_can_be_accepted_again(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=8)
    asked = Asked(case, reviewer="A. Analyst", purpose="test")
    before = len(asked("index", table="claims")["items"])
    for verdict in ("reject", "accept"):
        asked("decide", table="claims", row_id="clm-05", verdict=verdict)
        items = {i["id"]: i for i in asked("index", table="claims")["items"]}
        assert len(items) == before
        assert items["clm-05"]["state"] == verdict
    assert "clm-05" in set(case.frame("claims")["claim_id"])


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
