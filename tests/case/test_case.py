"""The case folder: private, locked, verifiable, and the analyst's decisions on top."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest

from forensics import Case, CaseError, CustodyError, Options


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case", purpose="test")


def test_folders_and_files_are_for_their_owner_only(case: Case) -> None:
    case.write_table("audio", [{"recording_id": "rec-1", "data_subject_group": "g"}])
    case.add_evidence(io.BytesIO(b"evidence"))
    for path in [case.folder, *case.folder.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o077 == 0, f"{path} is {mode:o}"


def test_a_folder_with_other_content_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(CaseError, match="not a case folder"):
        Case.create(tmp_path)


def test_opening_what_is_no_case_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="forensics investigate"):
        Case.open(tmp_path)


def test_changed_options_are_kept_and_logged(case: Case) -> None:
    Case.create(case.folder, options=Options(language="de"))
    assert Case.open(case.folder).options.language == "de"
    assert [a["act"] for a in case.custody.acts()] == ["case created", "options changed"]


def test_only_one_process_works_on_a_case(case: Case) -> None:
    with case.lock(), pytest.raises(CaseError, match="Another process"), Case.open(case.folder).lock():
        pass


def test_verify_sees_changed_missing_and_added_evidence(case: Case) -> None:
    for content in (b"one", b"two"):
        digest, _ = case.add_evidence(io.BytesIO(content))
        case.custody.append("evidence taken in", name=digest[:6], kind="file", sha256=digest)
        case.add_bundle(digest[:6], digest)
    assert case.verify() == []
    first, second = sorted(p.name for p in (case.folder / "evidence").iterdir())
    case.evidence_path(first).chmod(0o600)
    case.evidence_path(first).write_bytes(b"other")
    case.evidence_path(second).unlink()
    (case.folder / "evidence" / ("f" * 64)).write_bytes(b"planted")
    problems = "\n".join(case.verify())
    assert f"evidence/{first}: content changed" in problems
    assert f"evidence/{second}: missing" in problems
    assert f"evidence/{'f' * 64}: not in the custody log" in problems
    with pytest.raises(CustodyError, match=second):
        case.open_evidence(second)


def _claims(case: Case) -> None:
    row = {
        "attribute": "home_place", "subject_role": "subject", "p_value": 0.8, "p_role": 1.0, "p_true": 0.8,
        "n_support": 1, "dep_group": "place", "reason": "said", "data_subject_group": "g",
        **{name: [] for name in (
            "alternatives", "roles", "places", "device_ids", "sources", "weekdays", "steps", "utterance_ids",
            "mention_ids", "details",
        )},
    }  # fmt: skip
    case.write_table("claims", [{**row, "claim_id": f"c{i}", "value": f"town {i}"} for i in range(3)])


def test_a_corrected_place_is_another_place_on_the_map(case: Case) -> None:
    from forensics.knowledge.gazetteer import place_by_id

    _claims(case)
    rows = case.rows("claims")
    rows[0]["places"] = [{"place_id": 2857458, "probability": 0.9}]
    case.write_table("claims", rows)
    case.review.decide("claims", "c0", "correct", reviewer="A. Analyst", column="value", value="Ulm")
    place = place_by_id(case.rows("claims")[0]["places"][0]["place_id"])
    assert place is not None
    assert place.name == "Ulm"


def test_decisions_lie_on_top_and_the_last_one_wins(case: Case) -> None:
    _claims(case)
    case.review.decide("claims", "c0", "reject", reviewer="A. Analyst", reason="television")
    case.review.decide("claims", "c1", "correct", reviewer="A. Analyst", column="value", value="Ulm")
    case.review.decide("claims", "c2", "reject", reviewer="A. Analyst")
    case.review.decide("claims", "c2", "accept", reviewer="A. Analyst")
    assert case.frame("claims")["value"].tolist() == ["Ulm", "town 2"]
    assert list(case.rows("claims")[0]["places"]) == []  # the claim had no place on the map
    assert case.frame("claims", reviewed=False)["value"].tolist() == ["town 0", "town 1", "town 2"]


def test_a_decision_on_a_missing_row_is_refused_and_an_orphan_is_reported(case: Case) -> None:
    _claims(case)
    with pytest.raises(CaseError, match="no row 'c9'"):
        case.review.decide("claims", "c9", "reject", reviewer="A. Analyst")
    case.review.decide("claims", "c2", "reject", reviewer="A. Analyst")
    case.write_table("claims", case.rows("claims", reviewed=False)[:2])
    assert [d.row_id for d in case.review.orphans()] == ["c2"]


def test_decisions_change_the_digest_of_what_they_concern(case: Case) -> None:
    _claims(case)
    before = case.review.digest(["claims"]), case.review.digest(["audio"])
    case.review.decide("claims", "c0", "reject", reviewer="A. Analyst")
    after = case.review.digest(["claims"]), case.review.digest(["audio"])
    assert before[0] != after[0]
    assert before[1] == after[1]
