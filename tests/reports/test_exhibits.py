"""The tables behind the answers: support by recording and second, review, custody, what was not heard."""

from __future__ import annotations

from collections.abc import Callable

from forensics import Case
from forensics.reports import evidence, figures, provenance
from forensics.reports.exhibit import Cell
from forensics.reports.view import View
from forensics.reports.words import Words


def text(row: tuple[str | Cell, ...]) -> list[str]:
    return [cell if isinstance(cell, str) else cell.text for cell in row]


def test_a_claim_names_its_utterance_and_second(small_case: Case) -> None:
    household = evidence.claims(View.of_case(small_case))[0]
    contact = next(row for row in household.rows if row[1] == "contact")
    support = contact[-1]
    assert isinstance(support, Cell)
    assert support.links == (("u6", "U6 (1.2 s)"),)


def test_groups_are_kept_apart(small_case: Case) -> None:
    view = View.of_case(small_case)
    household, account = evidence.claims(view)
    assert len(household.rows) == 13
    assert account.rows == []
    assert [text(row)[0][:7] for row in evidence.groups(view).rows] == ["Group A", "Group B"]


def test_what_was_not_heard_is_counted(small_case: Case) -> None:
    counts = dict(text(row) for row in evidence.unheard(View.of_case(small_case)).rows)
    assert counts["recordings that could not be decoded"] == "1"
    assert counts["recordings without detected speech"] == "1"
    assert counts["recordings without a known time"] == "2"


def test_decisions_are_told_and_those_without_a_row_too(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=3)
    assert "Nobody has reviewed it yet" in provenance.review(View.of_case(case)).sentence
    case.review.decide("claims", "clm-01", "accept", reviewer="A. Analyst")
    case.review.decide("claims", "clm-02", "reject", reviewer="A. Analyst")
    view = View.of_case(case)
    shown = provenance.review(view)
    assert [text(row) for row in shown.rows] == [
        ["A. Analyst", "statements", "accepted", "1"],
        ["A. Analyst", "statements", "rejected", "1"],
    ]
    assert "clm-02" not in {claim["claim_id"] for claim in view.claims}
    case.write_table("claims", [])
    assert "2 decisions concern rows that no longer exist" in provenance.review(View.of_case(case)).sentence


def test_an_assessors_override_is_in_the_severity_table(make_case: Callable[..., Case]) -> None:
    from made_case import rows

    case = make_case(recordings=3)
    case.set_incident({"cb_override": "0.25 link was never opened", "reviewer": "dpo"})
    case.write_table("severity", [{**rows()["severity"][0], "reviewer": "dpo"}])
    shown = [text(row) for row in figures.severity(View.of_case(case)).rows]
    told = "Circumstances of the breach (CB): 0.25 (link was never opened) – dpo"
    assert ["Overridden by an assessor", "", "", "", told] in shown


def test_the_custody_head_is_that_of_the_last_act_on_the_evidence(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=3)
    before = View.of_case(case).evidence_head
    case.custody.append("report written", name="r.html", sha256="0" * 64)
    assert View.of_case(case).evidence_head == before
    case.custody.append("incident facts set", facts={})
    assert View.of_case(case).evidence_head == case.custody.head()


def test_who_signed_and_when_is_told_and_that_the_case_changed_since(make_case: Callable[..., Case]) -> None:
    from forensics.case.signoff import sign_off

    case = make_case(recordings=3)
    assert "Nobody has signed off" in provenance.review(View.of_case(case)).sentence
    sign_off(case, "D. Protection")
    assert "Signed off by D. Protection on" in provenance.review(View.of_case(case)).sentence
    assert "nothing has changed since" in provenance.review(View.of_case(case)).sentence
    case.review.decide("claims", "clm-01", "reject", reviewer="A. Analyst")
    assert "it has to be signed anew" in provenance.review(View.of_case(case)).sentence
    sign_off(case, "")
    assert "Nobody has signed off" in provenance.review(View.of_case(case)).sentence


def test_what_would_change_the_decision_is_worked_out_by_hand(small_case: Case) -> None:
    """DPC 3, EI .75, CB .25: SE = 2.5; each input at its ends, the others in the middle."""
    shown = provenance.decision(View.of_case(small_case))
    scores = [text(row)[1:3] for row in shown.rows]
    assert scores == [
        ["2.50", "medium"],
        ["1.75", "low"],  # DPC 2
        ["3.25", "high"],  # DPC 4
        ["1.75", "low"],  # EI .5
        ["2.25", "medium"],  # CB 0
        ["3.25", "high"],  # CB 1
    ]
    assert "harder to find" in shown.sentence
    assert "Not known, and for the controller to find out" in shown.sentence


def test_the_map_has_coasts_and_borders_of_its_own(small_case: Case) -> None:
    from forensics.reports.outlines import outlines

    made = figures.places(View.of_case(small_case, report_k=0)).figure
    assert made is not None
    assert len(made.data[0].x) > 50
    across, up = outlines((6.0, 9.0, 52.0, 54.0))  # the German Bight: a coast and a border
    pairs = [(x, y) for x, y in zip(across, up, strict=True) if x is not None and y is not None]
    assert any(53.3 < y < 53.9 for _, y in pairs)
    assert outlines((-30.0, -29.0, 0.0, 1.0)) == ([], [])  # the open Atlantic


def test_values_of_our_own_lists_are_said_in_the_report_s_language() -> None:
    german = Words("de")
    assert german.value("Fire TV, thermostat (bathroom)") == "Fire TV, Thermostat (Badezimmer)"
    assert german.value("06:20 workdays") == "06:20 werktags"
    assert german.value("Fanny's lamppost") == "Fanny's lamppost"
    assert Words("en").value("wife") == "wife"
