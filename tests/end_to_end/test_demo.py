"""The demo bundle from zip to report with real models, compared with what was really said."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz.distance import Levenshtein

from benchmarks.demo_truth import compare
from forensics import Case
from forensics.corridor.pipeline import STAGES

pytestmark = pytest.mark.speech


def test_every_stage_wrote_its_tables(demo_case: Case) -> None:
    assert demo_case.table_names == [table for stage in STAGES for table in stage.writes]
    assert demo_case.verify() == []


def test_the_original_is_kept_byte_by_byte(demo_case: Case, demo_bundle: Path) -> None:
    digest = hashlib.sha256(demo_bundle.read_bytes()).hexdigest()
    assert demo_case.evidence_path(digest).read_bytes() == demo_bundle.read_bytes()
    assert demo_case.evidence_path(digest).stat().st_mode & 0o222 == 0


def test_the_requester_and_the_stranger_are_told_apart(demo_case: Case, demo_truth: dict[str, Any]) -> None:
    members = demo_case.frame("members").set_index("path")["data_subject_group"]
    groups = {name: set(members[truth["members"]]) for name, truth in demo_truth["groups"].items()}
    assert all(len(ids) == 1 for ids in groups.values()), groups
    assert len(set.union(*groups.values())) == 2


def test_every_sound_is_one_recording(demo_case: Case, demo_truth: dict[str, Any]) -> None:
    recordings = demo_case.frame("recordings").set_index("sha256")
    assert set(recordings.index) == {r["sha256"] for r in demo_truth["recordings"]}
    for truth in demo_truth["recordings"]:
        assert recordings.loc[truth["sha256"], "occurrences"] == len(truth["members"])


def test_what_was_said_was_heard(demo_case: Case, demo_truth: dict[str, Any]) -> None:
    recordings = demo_case.frame("recordings").set_index("recording_id")["sha256"]
    transcripts = demo_case.frame("transcripts").query("engine != 'vendor'")
    heard = dict(zip(transcripts["recording_id"].map(recordings), transcripts["text"], strict=True))
    errors = words = 0
    for truth in demo_truth["recordings"]:
        said, got = _words(truth["text"] or ""), _words(heard[truth["sha256"]])
        if not said:
            assert not got, f"words in a recording without speech: {truth['id']}"
        errors += Levenshtein.distance(said, got)
        words += len(said)
    assert errors / words < 0.30  # Whisper base on synthetic voices: .08 to .25 by voice


def test_the_vendors_reading_is_kept_beside_ours(demo_case: Case, demo_truth: dict[str, Any]) -> None:
    matches = demo_case.frame("matches")
    sha = demo_case.frame("recordings").set_index("recording_id")["sha256"].to_dict()
    said = {line["text"]: line["recording"] for line in demo_truth["vendor_lines"]}
    assert len(matches) == len(demo_truth["vendor_lines"])
    linked = matches.dropna(subset=["recording_id"])
    right = sum(said.get(line.text) == sha[line.recording_id] for line in linked.itertuples())
    assert right / len(linked) > 0.9
    assert right / len(matches) > 0.8


def test_truth_and_claims_agree(demo_case: Case, demo_truth: dict[str, Any]) -> None:
    rows = compare(demo_case, demo_truth)
    found = {(row.attribute, row.truth) for row in rows if row.found}
    town = next(c["value"] for c in demo_truth["claims"] if c["attribute"] == "home_place")
    assert ("home_place", town) in found
    assert len(found) / len({(r.attribute, r.truth) for r in rows}) > 0.6


def test_no_claim_spans_two_data_subjects(demo_case: Case) -> None:
    mentions = demo_case.frame("mentions").set_index("mention_id")["data_subject_group"]
    utterances = demo_case.frame("utterances").set_index("utterance_id")["data_subject_group"]
    claims = demo_case.rows("claims")
    assert any(claim["mention_ids"] for claim in claims)
    for claim in claims:
        assert set(mentions[claim["mention_ids"]]) <= {claim["data_subject_group"]}
        assert set(utterances[claim["utterance_ids"]]) <= {claim["data_subject_group"]}


def test_the_stranger_is_easier_to_find_than_not_at_all(demo_case: Case) -> None:
    risk = demo_case.frame("risk")
    risk = risk[risk["data_subject_group"].isin(demo_case.frame("recordings")["data_subject_group"])]
    assert not risk.empty
    for row in risk.itertuples():
        assert row.k_lo <= row.k_mid <= row.k_hi
        assert row.p_identify_lo <= row.p_identify_mid <= row.p_identify_hi
        assert 1 <= row.k_lo <= row.population_n


def test_the_masked_report_names_nobody(demo_case: Case, demo_truth: dict[str, Any]) -> None:
    html = (demo_case.folder / "reports" / "report.html").read_text("utf-8")
    text = re.sub(r"<script.*?</script>", " ", html, flags=re.DOTALL)
    names = {
        word
        for claim in demo_truth["claims"]
        if claim["attribute"] in ("first_name", "surname")
        for word in claim["value"].split()
    }
    assert names
    for name in names:
        assert not re.search(rf"\b{name}\b", text), name
        assert name not in html, f"{name} hides in a figure's data"


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())
