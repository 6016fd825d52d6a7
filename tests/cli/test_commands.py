"""The command line's contract: one JSON object on standard output, exit statuses, errors that help."""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from forensics import Case
from forensics.cli import app


def call(*arguments: object) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command."""
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    return result.exit_code, result.stdout, result.stderr


def call_json(*arguments: object) -> tuple[int, dict[str, Any], str]:
    """The same, with standard output read as the one JSON object that it must be."""
    status, out, err = call(*arguments, "--json")
    return status, json.loads(out), err


@pytest.mark.parametrize("command", ["investigate", "intake"])
def test_a_bundle_that_is_not_there(tmp_path: Path, command: str) -> None:
    bundle = tmp_path / "nowhere.zip"
    status, answer, err = call_json(command, bundle, "--case", tmp_path / "case")
    assert status == 1
    assert answer["status"] == "refused"
    assert str(bundle) in answer["error"]["message"]
    assert answer["error"]["remedy"]
    assert str(bundle) in err
    assert "Traceback" not in err


def test_a_file_that_is_no_bundle(tmp_path: Path) -> None:
    bundle = tmp_path / "page.zip"
    bundle.write_text("<html>Please sign in</html>")
    status, answer, err = call_json("intake", bundle, "--case", tmp_path / "case")
    assert status == 1
    assert "page.zip" in answer["error"]["message"]
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["resume", "status", "verify", "incident"])
def test_a_folder_that_is_no_case(tmp_path: Path, command: str) -> None:
    extra = ["--set", "recipient=known"] if command == "incident" else []
    status, answer, _ = call_json(command, "--case", tmp_path, *extra)
    assert status == 1
    assert "forensics investigate" in answer["error"]["remedy"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["investigate", "x.zip"],
        ["investigate", "x.zip", "--case", "c", "--engine", "telepathy"],
        ["investigate", "x.zip", "--case", "c", "--reveal"],
        ["report", "--case", "c", "--out", "o", "--format", "papyrus"],
        ["report", "--case", "c", "--out", "o", "--reveal"],
        ["incident", "--case", "c", "--set", "colour=red"],
        ["incident", "--case", "c", "--set", "recipient=posted publicly in a forum"],
        ["incident", "--case", "c", "--set", "aware_at=yesterday"],
        ["incident", "--case", "c", "--set", "aware_at=2026-01-01T10:00"],
        ["extract", "in", "out", "--language", "fr"],
        ["no-such-command"],
    ],
)
def test_wrong_usage_is_status_2(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, err = call(*arguments)
    assert status == 2
    assert "Traceback" not in err
    assert not (tmp_path / "c").exists()


def test_status_and_verify_of_a_finished_case(demo_case: Case) -> None:
    status, answer, _ = call_json("status", "--case", demo_case.folder)
    assert status == 0
    assert {s["state"] for s in answer["stages"]} == {"done"}
    status, answer, _ = call_json("verify", "--case", demo_case.folder)
    assert (status, answer["problems"]) == (0, [])
    assert answer["custody_head"] == demo_case.custody.head()


def test_verify_names_the_changed_table(demo_case: Case, tmp_path: Path) -> None:
    copy = Case(tmp_path / "copy")
    shutil.copytree(demo_case.folder, copy.folder)
    copy.write_table("severity", [])
    status, answer, _ = call_json("verify", "--case", copy.folder)
    assert status == 1
    assert any("severity.parquet" in problem for problem in answer["problems"])


def test_facts_of_the_incident_change_the_severity_and_nothing_upstream(
    demo_case: Case, tmp_path: Path
) -> None:
    copy = Case(tmp_path / "copy")
    shutil.copytree(demo_case.folder, copy.folder)
    finished = len([a for a in copy.custody.acts() if a["act"] == "stage finished"])
    status, answer, _ = call_json(
        "incident",
        "--case",
        copy.folder,
        "--set",
        "aware_at=2026-03-01T09:30+01:00",
        "--set",
        "intent=mistake",
    )
    assert status == 0
    assert answer["incident"]["intent"] == "mistake"
    ran = [a["stage"] for a in copy.custody.acts() if a["act"] == "stage finished"][finished:]
    assert ran == ["severity"]


def test_a_value_that_is_none_of_the_list_is_refused_with_the_list(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    status, _, err = call("incident", "--case", case.folder, "--set", "containment=probably deleted")
    assert status == 2
    told = " ".join(err.replace("│", " ").split())
    assert all(value in told for value in ("deletion_confirmed", "returned", "requested", "none", "spread"))
    assert case.incident == {}


def test_help_lists_the_values_and_what_they_mean() -> None:
    status, out, _ = call("incident", "--help")
    told = " ".join(out.split())
    assert status == 0
    assert "public: anybody can get it" in told
    assert "deletion was asked for or promised, not confirmed" in told
    assert "recipient_note=TEXT" in told


def test_an_assessors_override_can_be_set_and_changes_the_score(demo_case: Case, tmp_path: Path) -> None:
    copy = Case(tmp_path / "copy")
    shutil.copytree(demo_case.folder, copy.folder)
    status, _, _ = call_json(
        "incident", "--case", copy.folder, "--set", "ei_override=1 the recipient knows the household",
        "--set", "reviewer=DPO",
    )  # fmt: skip
    assert status == 0
    assert set(copy.frame("severity")["ei_hi"]) == {1.0}
    assert set(copy.frame("severity")["reviewer"]) == {"DPO"}


def test_free_text_of_an_older_case_is_a_finding(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    case._write_state({**case.state, "incident": {"recipient": "one customer"}})  # as older versions wrote it
    status, answer, _ = call_json("incident", "--case", case.folder, "--set", "intent=mistake")
    assert status == 0
    assert [found["code"] for found in answer["findings"]] == ["incident_fact_unread"]
    assert "recipient" in answer["findings"][0]["message"]
    assert "trusted, known" in answer["findings"][0]["remedy"]


def test_a_report_is_written_where_it_was_asked_for(demo_case: Case, tmp_path: Path) -> None:
    copy = Case(tmp_path / "copy")
    shutil.copytree(demo_case.folder, copy.folder)
    out = tmp_path / "report.html"
    status, answer, _ = call_json("report", "--case", copy.folder, "--format", "html", "--out", out)
    assert status == 0
    assert answer["report"] == str(out)
    assert out.read_text("utf-8").lower().startswith("<!doctype html>")


def test_limits_once_raised_stay_raised(demo_bundle: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    call("intake", demo_bundle, "--case", case, "--max-ratio", "500", "--max-members", "300000")
    call("intake", demo_bundle, "--case", case, "--max-depth", "2")
    options = Case.open(case).options
    assert (options.max_ratio, options.max_members, options.max_depth) == (500.0, 300_000, 2)


def test_an_archive_without_a_readable_member_cannot_go_on(tmp_path: Path) -> None:
    bundle = tmp_path / "links.tar"
    with tarfile.open(bundle, "w") as archive:
        link = tarfile.TarInfo("rec.wav")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    status, answer, _ = call_json("investigate", bundle, "--case", tmp_path / "case")
    assert (status, answer["status"]) == (1, "refused")
    assert [f["code"] for f in answer["findings"]] == ["link"]
    assert (tmp_path / "case" / "reports" / "report.html").is_file()
