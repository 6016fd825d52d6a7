"""What a reviewer says of people is followed by the profile, and can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from household import Household, run_stages

from forensics import CaseError
from forensics.case.case import Case


@pytest.fixture
def case(tmp_path: Path) -> Case:
    home = Household(shape="text")
    home.says("call Katrin and say I love her", ("PERSON", "Katrin"), domain="communication", language="en")
    home.says("remind Katrin about dinner", ("PERSON", "Katrin"), language="en")
    home.says("ask Friederike whether dinner is ready", ("PERSON", "Friederike"), language="en")
    home.says("Konstantin has to do his homework", ("PERSON", "Konstantin"), language="en")
    made = home.write(tmp_path / "case")
    run_stages(made, "profile")
    return made


def people(case: Case) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in case.rows("persons", reviewed=False)}


def decide(case: Case, name: str, verdict: Any, **more: Any) -> None:
    row_id = people(case)[name]["person_id"]
    case.review.decide("persons", row_id, verdict, reviewer="A. Analyst", **more)
    run_stages(case, "profile")


def test_two_people_are_one_until_that_is_taken_back(case: Case) -> None:
    before, other = people(case), people(case)["Friederike"]["person_id"]
    decide(case, "Katrin", "merge", value=other)
    merged = people(case)
    assert set(merged) == {"Katrin", "Konstantin"}
    assert {form["value"] for form in merged["Katrin"]["forms"]} == {"Katrin", "Friederike"}
    assert len(merged["Katrin"]["utterance_ids"]) == 3
    assert case.review.orphans() == []
    assert other not in {claim["person_id"] for claim in case.rows("claims")}
    decide(case, "Katrin", "split", value=other)
    assert people(case) == before


def test_one_form_of_a_name_is_somebody_else(case: Case) -> None:
    decide(case, "Katrin", "merge", value=people(case)["Friederike"]["person_id"])
    decide(case, "Katrin", "split", value="Friederike")
    assert set(people(case)) == {"Katrin", "Friederike", "Konstantin"}


def test_a_role_that_was_said_is_sure_and_a_rejected_person_claims_nothing(case: Case) -> None:
    decide(case, "Konstantin", "correct", column="roles", value="visitor")
    whose = people(case)["Konstantin"]["person_id"]
    found = [claim for claim in case.rows("claims") if claim["person_id"] == whose]
    assert {claim["subject_role"] for claim in found} == {"visitor"}
    assert {claim["p_role"] for claim in found} == {1.0}
    assert case.review.decisions("persons")[-1].before not in (None, "visitor")
    decide(case, "Konstantin", "reject")
    assert whose not in {claim["person_id"] for claim in case.rows("claims")}


def test_what_the_television_says_is_no_evidence(case: Case) -> None:
    said = people(case)["Konstantin"]["utterance_ids"][0]
    case.review.decide("utterances", said, "mark", reviewer="A. Analyst", value="television")
    run_stages(case, "profile")
    assert "Konstantin" not in people(case)
    assert len(case.rows("utterances")) == 4  # the evidence itself stays
    case.review.decide("utterances", said, "mark", reviewer="A. Analyst", value="household")
    run_stages(case, "profile")
    assert "Konstantin" in people(case)


@pytest.mark.parametrize(
    ("verdict", "value"),
    [("merge", "per-none"), ("merge", None), ("split", "Konstanze"), ("mark", "television")],
)
def test_what_makes_no_sense_is_refused(case: Case, verdict: Any, value: str | None) -> None:
    with pytest.raises(CaseError):
        decide(case, "Katrin", verdict, value=value)
    assert case.review.decisions() == []
