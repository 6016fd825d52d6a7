"""The incident in the reports: page one, what follows from which estimate, and nothing that nobody said."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from made_case import ACCOUNT, HOUSEHOLD, rows

from forensics import Case, Options
from forensics.case.incident import CHOICES
from forensics.reports import evidence, facts, figures, provenance, write
from forensics.reports.answers import account_data, answers
from forensics.reports.articles import Item, items
from forensics.reports.exhibit import Cell
from forensics.reports.page_one import page_one
from forensics.reports.people import Heard, people, roster
from forensics.reports.summary import findings, findings_json
from forensics.reports.view import View
from forensics.reports.words import LANGUAGES, Words

RECORDED = {
    "aware_at": "2026-03-01T09:30+01:00", "breach_from": "2026-02-20", "breach_to": "2026-02-28T18:00-05:00",
    "recipient": "known", "recipient_note": "one customer", "containment": "deletion_confirmed",
    "intent": "mistake", "measures": "link withdrawn", "controller": "Example Ltd",
    "contact": "privacy@example.com", "lead_authority": "Authority of X", "individuals": "4",
    "account_data": "holder",
}  # fmt: skip
"""Everything that page one asks for, but for the data protection officer."""


@pytest.fixture
def told_case(make_case: Callable[..., Case]) -> Case:
    case = make_case(recordings=24)
    case.set_incident(RECORDED)
    return case


def article(view: View, title: str) -> Item:
    return next(item for item in items(view) if title in item.title)


def everything(case: Case, language: str) -> str:
    """Page one, the five answers and the articles, as all reports say them."""
    view = View.of_case(case, language=language)
    timeless = [fact for fact in page_one(view) if fact[0] != view.words("page_one.version")]
    page = [f"{name}: {value or view.words('not_recorded')}" for name, value in timeless]
    said = [f"{a.question} {a.short}\n" + "\n".join(a.sentences) for a in answers(view)]
    asked = [f"{item.title}\n" + "\n".join(item.sentences) for item in items(view)]
    return "\n\n".join(["\n".join(page), *said, *asked]) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_a_lawyer_signs(told_case: Case, language: str) -> None:
    golden = Path(__file__).with_name(f"incident_{language}.txt")
    assert everything(told_case, language) == golden.read_text("utf-8")


def test_every_fact_and_value_has_words_in_both_languages() -> None:
    for language, (name, values) in itertools.product(LANGUAGES, CHOICES.items()):
        words = Words(language)
        assert words(f"incident.{name}")
        for value in values:
            if value != "unknown":
                assert words(f"fact.{name}.{value}")


def test_page_one_says_what_is_recorded_and_what_is_not(told_case: Case) -> None:
    shown = dict(page_one(View.of_case(told_case)))
    assert shown["The breach itself"] == "from 20 February 2026 to 28 Feb 2026, 18:00 (UTC-05:00)"
    assert shown["Controller became aware"] == "1 Mar 2026, 09:30 (UTC+01:00)"
    assert shown["Recipients"] == "known (one customer)"
    assert shown["Measures taken"] == "link withdrawn"
    assert shown["Lead authority"] == "Authority of X"
    assert shown["Data protection officer"] == "not recorded"  # a contact is, and one suffices


def test_page_one_stands_before_the_answers_in_every_document(
    told_case: Case, make_case: Callable[..., Case], tmp_path: Path
) -> None:
    page = write(told_case, tmp_path / "r.html", "html").read_text("utf-8")
    assert page.index('id="brief"') < page.index("Authority of X") < page.index('id="answers"')
    document = docx.Document(str(write(told_case, tmp_path / "n.docx", "notification")))
    first = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert first["Controller"] == "Example Ltd"
    assert first["Data protection officer"] == "not recorded"
    bare = make_case(recordings=3)
    nothing = write(bare, tmp_path / "e.html", "html").read_text("utf-8")
    brief = nothing[nothing.index('id="brief"') : nothing.index('id="answers"')]
    missing = [name for name, value in page_one(View.of_case(bare)) if value is None]
    assert {"Controller", "Contact", "Controller became aware", "Who answers for it"} <= {*missing}
    assert brief.count('class="gap"') == len(missing)


def test_times_are_shown_in_the_zone_in_which_they_were_given(told_case: Case) -> None:
    assert "the 72 hours end at 4 Mar 2026, 09:30 (UTC+01:00)" in " ".join(findings(told_case))
    assert Words().time(datetime(2026, 3, 1, 8, 30, tzinfo=UTC)) == "1 Mar 2026, 08:30 UTC"


def test_an_utterances_time_is_shown_in_the_zone_of_the_export(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=3)
    utterances = [{**u, "utc_offset_min": 120} for u in rows(recordings=3)["utterances"]]
    case.write_table("utterances", utterances)
    first = evidence.utterances(View.of_case(case)).rows[0]
    assert first[1] == "4 May 2018, 20:41 (UTC+02:00)"


def test_both_estimates_are_told_and_the_rule_is_ours(small_case: Case) -> None:
    """SE 2.50 (medium) in the middle, 4.00 (very high) at the upper end."""
    for title in ("Article 33(1)", "Article 34"):
        said = " ".join(article(View.of_case(small_case), title).sentences)
        assert "By the middle estimate (SE 2.50, band “medium”)" in said
        assert "By the upper estimate (SE 4.00, band “very high”)" in said
        assert "rules of ours; neither the Regulation nor ENISA sets them" in said
    told = " ".join(article(View.of_case(small_case), "Article 34").sentences)
    assert told.index("a high risk is not indicated") < told.index("a high risk is to be expected")


def test_article_33_is_quoted_as_it_stands(small_case: Case) -> None:
    said = " ".join(article(View.of_case(small_case), "Article 33(1)").sentences)
    assert "“without undue delay and, where feasible, not later than 72 hours after" in said
    answer = answers(View.of_case(small_case))[-1]
    assert any("9/2022" in s and "01/2021" in s for s in answer.sentences)


def test_what_is_not_determinable_is_a_gap_with_both_estimates(
    make_case: Callable[..., Case],
) -> None:
    case = make_case(recordings=3)
    case.write_table("severity", [{**rows()["severity"][0], "band": "not determinable"}])
    found = article(View.of_case(case), "Article 34")
    assert found.gap
    assert any("not determinable" in sentence for sentence in found.sentences)
    assert any(sentence.startswith("By the middle estimate") for sentence in found.sentences)


PROPOSED = {
    "unknown": "ask every recipient to delete", "none": "ask every recipient to delete",
    "requested": "obtain the confirmation that was asked for", "deletion_confirmed": "keep the confirmation",
    "returned": "keep the record of the return", "spread": "find out to whom the data were passed on",
}  # fmt: skip


@pytest.mark.parametrize(("containment", "proposal"), PROPOSED.items())
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_proposed_that_was_done(
    make_case: Callable[..., Case], containment: str, proposal: str, language: str
) -> None:
    case = make_case(recordings=3)
    case.set_incident({"containment": containment})
    view = View.of_case(case, language=language)
    said = " ".join(items(view)[4].sentences)
    asks = ("auffordern", "einholen") if language == "de" else ("ask every", "ask each", "obtain")
    done = containment in ("deletion_confirmed", "returned")
    assert any(word in said for word in asks) != done
    if language == "en":
        assert proposal in said


def test_children_and_article_9_are_two_sentences(small_case: Case) -> None:
    for language in LANGUAGES:
        view = View.of_case(small_case, language=language)
        child, health = view.words("special.child"), view.words("special.health")
        said = [s for a in answers(view) for s in a.sentences] + [s for i in items(view) for s in i.sentences]
        assert any("9" in s and health in s for s in said)
        assert not any(health in s and child.casefold() in s.casefold() for s in said)


def test_a_child_alone_is_nothing_of_article_9(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=3)
    made = rows(recordings=3)
    case.write_table("claims", [c for c in made["claims"] if c["attribute"] != "health"])
    case.write_table("mentions", [{**made["mentions"][0], "special_category": "child"}])
    told = " ".join(findings(case))
    assert "Article 9" not in told
    assert "Possibly about children, no such category" in told


def with_claims(case: Case, *people: tuple[str, str, str, float]) -> View:
    """The case with nobody in it but these: attribute, role, value and probability."""
    blank = next(c for c in rows(recordings=3)["claims"] if c["attribute"] == "contact")
    made = [
        {
            **blank, "claim_id": f"clm-{n}", "attribute": attribute, "subject_role": role, "value": value,
            "p_true": p, "person_id": f"per-{value}",
        }
        for n, (attribute, role, value, p) in enumerate(people)
    ]  # fmt: skip
    case.write_table("claims", made)
    return View.of_case(case)


@pytest.mark.parametrize(
    ("certainties", "heard"),
    [
        ((0.99,), Heard(1, 1)),
        ((0.94,), Heard(0, 1)),
        ((0.99, 0.97), Heard(2, 2)),
        ((0.99, 0.95), Heard(1, 2)),  # .01 + .05 of doubt: both together are not sure
        ((0.8, 0.8, 0.8), Heard(0, 2)),
        ((0.4,), None),
    ],
)
def test_at_least_is_said_of_what_is_sure_alone(
    make_case: Callable[..., Case], certainties: tuple[float, ...], heard: Heard | None
) -> None:
    named = [("contact", "contact", f"Xaver{n}", p) for n, p in enumerate(certainties)]
    assert people(with_claims(make_case(recordings=3), *named)).get("contact") == heard


def test_children_are_counted_by_name_and_the_probable_ones_not_called_sure(
    make_case: Callable[..., Case],
) -> None:
    view = with_claims(
        make_case(recordings=3), ("child", "child", "Ada", 0.99), ("child", "child", "Bo", 0.6),
        ("contact", "contact", "Cleo", 0.7),
    )  # fmt: skip
    assert roster(view) == (
        "at least 1 subject and 1 child; probably also 1 child and 1 contact (each more likely than not)"
    )


def test_numbers_feed_article_33_3_a(told_case: Case, make_case: Callable[..., Case]) -> None:
    said = " ".join(article(View.of_case(told_case), "(a)").sentences)
    assert "as the controller counts them: 4." in said
    assert "at least 1 subject and 1 contact" in said
    assert "24 recordings" in said
    few = make_case(recordings=3)
    few.set_incident({"individuals": "1"})
    assert any("more people than that" in s for s in article(View.of_case(few), "(a)").sentences)
    nobody = article(View.of_case(make_case(recordings=3)), "(a)")
    assert nobody.gap
    assert any("not recorded" in sentence for sentence in nobody.sentences)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "not recorded; whether anybody but the account’s holder got them is not known"),
        ("holder", "the account’s holder alone"),
        ("others", "others as well"),
    ],
)
def test_what_became_of_the_accounts_own_data_is_said(
    make_case: Callable[..., Case], value: str | None, told: str
) -> None:
    case = make_case(recordings=3)
    if value:
        case.set_incident({"account_data": value})
    view = View.of_case(case)
    assert told in account_data(view)
    assert "1 file of account data" in account_data(view)
    assert account_data(view) in article(view, "(a)").sentences
    shown = evidence.account(view)
    assert shown is not None
    assert [text(cell) for cell in shown.rows[0]] == ["account data", "csv", "1"]


def text(cell: str | Cell) -> str:
    return cell if isinstance(cell, str) else cell.text


def assessed(group: str, se: float) -> dict[str, Any]:
    return {
        **rows()["severity"][0],
        "assessment_id": f"sev-{group}",
        "se_hi": se,
        "data_subject_group": group,
    }


def test_no_figure_holds_the_scores_of_two_groups(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=3)
    case.write_table("severity", [assessed(HOUSEHOLD, 4.0), assessed(ACCOUNT, 4.5)])
    view = View.of_case(case)
    own = figures.severity(view)
    assert "4.00" in str(own.rows)
    assert "4.50" not in str(own.rows)
    (other,) = figures.severity_of_others(view)
    assert "Group B" in other.title
    assert "4.50" in str(other.rows)
    assert other.figure is None


def test_devices_of_two_recorded_groups_are_told_apart(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=6)
    made = rows(recordings=6)
    others = [
        {**d, "device_id": f"{d['device_id']}b", "data_subject_group": ACCOUNT} for d in made["devices"]
    ]
    made["devices"] += others
    for row in made["utterances"][4:]:
        row["device_id"] += "b"
    for row in (*made["recordings"][4:], *made["utterances"][4:], *made["audio"][4:]):
        row["data_subject_group"] = ACCOUNT
    for group in made["groups"]:
        group["n_recordings"] = 4 if group["data_subject_group"] == HOUSEHOLD else 2
    for table in ("recordings", "utterances", "devices", "audio", "groups"):
        case.write_table(table, made[table])
    shown = [text(row[0]) for row in evidence.devices(View.of_case(case)).rows]
    assert len(shown) == 5  # three devices of A, two of B with the same names
    assert {name[-1] for name in shown} == {"A", "B"}


def test_a_register_below_a_stranger_is_explained_where_it_stands(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=3)
    risks = rows()["risk"]
    stranger = {**risks[0], "claims": ["clm-01", "clm-06", "clm-08"]}
    register = {
        **stranger, "risk_id": "rsk-9", "adversary": "register", "p_identify_lo": 0.1, "p_identify_mid": 0.2,
        "p_identify_hi": 0.3, "claims": ["clm-01"],
    }  # fmt: skip
    case.write_table("risk", [stranger, register])
    said = figures.risk(View.of_case(case)).sentence
    assert "recordings only, listening to the recordings (20\u00a0% against 55\u00a0%)" in said
    assert "what the stranger compares: child and contact" in said
    case.write_table("risk", [stranger, {**register, "p_identify_mid": 0.6, "p_identify_hi": 0.7}])
    assert "register" not in figures.risk(View.of_case(case)).sentence


def test_free_text_of_an_older_case_is_told(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case(recordings=3)
    case._write_state({**case.state, "incident": {"recipient": "one customer", "intent": "mistake"}})
    view = View.of_case(case)
    (notice,) = facts.unread(view)
    assert "“one customer”" in notice
    assert "counts as unknown" in notice
    assert facts.missing(view) == ["recipients", "containment"]
    assert notice in provenance.incident(view).sentence
    assert notice in [s for a in answers(view) for s in a.sentences]
    assert notice in write(case, tmp_path / "r.html", "html").read_text("utf-8")
    assert "incident_fact_unread" in [f["code"] for f in findings_json(view)]


def test_names_in_notes_are_masked(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case(recordings=3)
    case.set_incident({"recipient": "known", "recipient_note": "Roswitha called roswitha.z@example.org"})
    page = write(case, tmp_path / "r.html", "html").read_text("utf-8")
    noted = json.loads(write(case, tmp_path / "r.json", "json").read_text("utf-8"))["incident"]
    for shown in (page, str(noted)):
        assert "called" in shown
        assert "roswitha" not in shown.casefold()


def test_the_letter_in_german_has_the_facts_in_german(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case(recordings=3, options=Options(report_language="en"))
    case.set_incident(RECORDED)
    document = docx.Document(str(write(case, tmp_path / "n.docx", "notification")))
    said = [p.text for p in document.paragraphs]
    assert "Link withdrawn. Containment: deletion confirmed in writing by every recipient." in said
    assert "Link withdrawn. Eindämmung: Löschung von jedem Empfänger schriftlich bestätigt." in said
