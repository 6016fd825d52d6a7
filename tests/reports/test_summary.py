"""Ten lines for the terminal, findings for scripts, JSON, and what a notebook shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from made_case import NAMES, SENTENCE

from forensics import Case, ConsentError, ForensicsError, Options
from forensics.reports import FORMATS, evidence, figures, write
from forensics.reports.display import case_html
from forensics.reports.exhibit import Cell, exhibit_html, right
from forensics.reports.summary import findings, findings_json
from forensics.reports.view import View


def test_ten_lines_say_the_most_important(small_case: Case) -> None:
    lines = findings(small_case)
    assert len(lines) == 10
    assert lines[0].startswith("24 recordings")
    assert "up to 83\u00a0%" in lines[2]
    assert "very high" in lines[3]
    assert lines[-1].startswith("names are masked")
    assert not any(name in line for name in NAMES for line in lines)


def test_the_lines_speak_the_reports_language(make_case: Callable[..., Case]) -> None:
    lines = findings(make_case(recordings=12, options=Options(report_language="de")))
    assert lines[0].startswith("12 Aufnahmen")


def test_the_clock_runs_from_awareness(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=3)
    case.set_incident({"aware_at": "2026-03-01T09:30:00+01:00"})
    assert any("end at 4 Mar 2026, 09:30 (UTC+01:00)" in line for line in findings(case))


def test_a_case_without_tables_has_few_lines(tmp_path: Path) -> None:
    assert 0 < len(findings(Case.create(tmp_path / "case"))) < 10


def test_findings_for_scripts_name_the_member(small_case: Case) -> None:
    found = findings_json(View.of_case(small_case))
    assert [f["code"] for f in found] == ["path_escape", "odd_name", "decode_error"]
    assert found[0]["member"] == "../../etc/passwd"
    assert found[2]["member"] == "audio/9.wav"
    assert all(set(f) == {"code", "member", "message", "remedy"} for f in found)


def test_speech_without_words_is_a_finding(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=3)
    rows = case.rows("transcripts")
    rows[1] |= {"flags": ["speech_without_words"], "unread": [{"start_s": 1.0, "end_s": 3.0}]}
    case.write_table("transcripts", rows)
    view = View.of_case(case)
    found = [f for f in findings_json(view) if f["code"] == "speech-without-words"]
    assert [f["member"] for f in found] == ["audio/1.wav"]
    assert "no words were found" in (found[0]["message"] or "")
    listed = evidence.findings(view).rows
    assert any(row[0] == Cell("speech-without-words", code=True) for row in listed)
    assert ("recordings with speech for which there are no words", right("1")) in evidence.unheard(view).rows


def test_json_is_masked(small_case: Case, tmp_path: Path) -> None:
    path = write(small_case, tmp_path / "r.json", "json")
    content = json.loads(path.read_text("utf-8"))
    assert content["names"] == "masked"
    assert {"claims", "risk", "severity", "recordings", "answers", "custody_head"} <= content.keys()
    shown = json.dumps({k: v for k, v in content.items() if k != "findings"}, ensure_ascii=False)
    assert not [name for name in (*NAMES, SENTENCE) if name in shown]


@pytest.mark.parametrize("reveal", [False, True])
def test_json_follows_its_published_schema(
    make_case: Callable[..., Case], tmp_path: Path, reveal: bool
) -> None:
    from importlib.resources import files

    import jsonschema

    schema = json.loads(files("forensics.reports").joinpath("report.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for case in (make_case(recordings=4), Case.create(tmp_path / "empty")):
        path = write(case, tmp_path / "r.json", "json", reveal=reveal, purpose="test")
        assert [error.message for error in validator.iter_errors(json.loads(path.read_text("utf-8")))] == []
    assert list(validator.iter_errors({"format": 1}))


def test_json_revealed_needs_a_purpose(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case(recordings=3)
    with pytest.raises(ConsentError):
        write(case, tmp_path / "r.json", "json", reveal=True)
    shown = write(case, tmp_path / "r.json", "json", reveal=True, purpose="test").read_text("utf-8")
    assert "Xaver Zwickelhuber" in shown


def test_an_unknown_format_names_the_known(small_case: Case, tmp_path: Path) -> None:
    with pytest.raises(ForensicsError, match="html"):
        write(small_case, tmp_path / "r", "docm")
    assert {"html", "json"} <= FORMATS.keys()


def test_a_notebook_shows_a_case_masked_and_escaped(make_case: Callable[..., Case]) -> None:
    shown = case_html(make_case("<script>alert(1)</script>", recordings=3))
    assert "<script" not in shown
    assert "one recording × engine" in shown
    assert not any(name in shown for name in NAMES)


def test_an_exhibit_in_a_notebook_is_escaped(make_case: Callable[..., Case]) -> None:
    case = make_case('<img src=x onerror="alert(1)">', recordings=3)
    shown = exhibit_html(figures.bits(View.of_case(case, reveal=True, purpose="test")))
    assert "<img" not in shown
    assert "<h3>What each statement adds</h3>" in shown


GOLDEN = Path(__file__).with_name("sentences.txt")


def test_the_sentences_of_the_figures(small_case: Case) -> None:
    view = View.of_case(small_case, report_k=0)
    shown = [make(view).sentence for make in (figures.risk, figures.severity, figures.places, figures.bits)]
    assert "\n".join(shown) + "\n" == GOLDEN.read_text("utf-8")
