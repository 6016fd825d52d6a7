"""The demo bundle comes out as its truth says: two subjects, times, devices, transcripts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from forensics import Case
from forensics.corridor.runner import run
from forensics.intake import open_bundle, take_in


@pytest.fixture(scope="module")
def case(demo_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    case = Case.create(tmp_path_factory.mktemp("demo") / "case")
    take_in(case, demo_bundle)
    run(case, until="intake")
    return case


def test_two_subjects_with_the_members_that_are_theirs(case: Case, demo_truth: dict[str, Any]) -> None:
    members = case.frame("members")
    role = dict(zip(case.frame("groups")["data_subject_group"], case.frame("groups")["role"], strict=True))
    assert sorted(role.values()) == ["account", "devices"]
    household = set(demo_truth["groups"]["household"]["members"])
    for row in members.itertuples():
        assert role[row.data_subject_group] == ("devices" if row.path in household else "account"), row.path


def test_every_member_is_hashed_and_the_case_verifies(case: Case, demo_bundle: Path) -> None:
    with open_bundle(demo_bundle) as bundle:
        hashes = {member.name: member.sha256 for member in bundle}
    members = case.frame("members")
    assert dict(zip(members["path"], members["sha256"], strict=True)) == hashes
    assert case.verify() == []


def test_times_and_devices_come_from_the_utterance_ids(case: Case, demo_truth: dict[str, Any]) -> None:
    serials = {d["serial"] for d in demo_truth["devices"].values()}
    table = case.frame("recordings")
    dated = table[table["started_at"].notna()]
    assert len(dated) > 40
    assert (dated["started_at_basis"] == "export").all()
    devices = case.frame("devices")
    listed = set(devices["device_id"])
    assert set(dated["device_id"]) <= listed
    assert set(devices[devices["n_recordings"] > 0]["serial"].dropna()) <= serials
    assert (table[table["started_at"].isna()]["started_at_basis"] == "unknown").all()


def test_loose_lines_are_read_without_furniture(case: Case, demo_truth: dict[str, Any]) -> None:
    passages = case.frame("passages")
    lines = passages[passages["role"] == "transcript"]
    assert sorted(lines["text"]) == sorted(line["text"] for line in demo_truth["vendor_lines"])


def test_names_and_truth_agree_on_every_start(case: Case, demo_truth: dict[str, Any]) -> None:
    table = case.frame("recordings").set_index("sha256")
    serial = case.frame("devices").set_index("device_id")["serial"]
    for truth in demo_truth["recordings"]:
        row = table.loc[truth["sha256"]]
        assert row["occurrences"] == len(truth["members"])
        if truth["started_at_in_name"]:
            assert row["started_at"] == datetime.fromisoformat(truth["started_at"])
            assert serial[row["device_id"]] == truth["device_serial"]


def test_intake_loads_no_model() -> None:
    import subprocess
    import sys

    heavy = "{'torch','spacy','librosa','av'}"
    code = f"import sys, forensics.intake.stage; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
