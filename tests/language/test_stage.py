"""The stage on small tables: what it writes, about whom, and that order and company change nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from forensics import Case
from forensics.case.options import Options
from forensics.corridor.pipeline import STAGES
from forensics.corridor.progress import Silent
from forensics.corridor.workbench import Workbench
from forensics.language.stage import Source, identity, read_household

STAGE = next(stage for stage in STAGES if stage.name == "language")


def _words(text: str, probability: float = 0.9) -> list[dict[str, Any]]:
    return [
        {"word": f" {word}", "start_s": 0.5 * n, "end_s": 0.5 * n + 0.4, "probability": probability}
        for n, word in enumerate(text.split())
    ]


def _transcript(
    recording: str, engine: str, text: str, group: str = "devices-1", language: str | None = None
) -> dict[str, Any]:
    own = engine != "vendor"
    return {
        "transcript_id": f"tra-{recording}-{engine}", "recording_id": recording, "engine": engine,
        "text": text, "language": language,
        "words": _words(text) if own else [], "alternatives": [], "flags": [],
        "confidence": 0.8 if own else None,
        "data_subject_group": group,
    }  # fmt: skip


def _recording(recording: str, group: str = "devices-1") -> dict[str, Any]:
    return {
        "recording_id": recording, "sha256": recording, "started_at": datetime(2018, 5, 5, 7, 12, tzinfo=UTC),
        "started_at_basis": "export", "utc_offset_min": 120, "occurrences": 1, "data_subject_group": group,
    }  # fmt: skip


def _passage(
    number: int, text: str, role: str, field: str | None = None, group: str = "account-1"
) -> dict[str, Any]:
    return {
        "passage_id": f"pas-{number}", "member_id": "mem-1", "page": 1, "line": number, "field": field,
        "role": role, "text": text,
        "started_at_basis": "unknown", "data_subject_group": group,
    }  # fmt: skip


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Mentions and intents of a small case, as lists of dicts."""
    case = Case.create(tmp_path_factory.mktemp("language") / "case")
    case.write_table("recordings", [_recording(f"rec-{n}") for n in range(1, 8)])
    case.write_table("audio", [])
    case.write_table(
        "transcripts",
        [
            _transcript(
                "rec-1", "faster-whisper", "Alexa, wie wird das Wetter heute in Hannover?", language="de"
            ),
            _transcript("rec-1", "vendor", "wie wird das wetter heute in hannover"),
            _transcript("rec-2", "faster-whisper", "Wie wird das Wetter morgen in Hannover?", language="de"),
            _transcript("rec-3", "faster-whisper", "Wie wird das Wetter in Neustadt?", language="de"),
            _transcript("rec-4", "faster-whisper", "Alexa, play Johnny Cash on Spotify.", language="en"),
            _transcript("rec-5", "faster-whisper", "", language="en"),
            _transcript("rec-5", "vendor", "set an alarm for half past six"),
            _transcript("rec-6", "faster-whisper", "Call my wife Sarah.", language="en"),
            _transcript("rec-7", "faster-whisper", "Wie wird das Wetter in Wunstorf?", language="de"),
        ],
    )
    case.write_table(
        "matches",
        [
            {
                "passage_id": "pas-9", "member_id": "mem-1", "page": 2, "line": 9,
                "text": "alexa ruf katrin an", "recording_id": None,
                "tie_class": [], "data_subject_group": "devices-1",
            }
        ],
    )  # fmt: skip
    case.write_table(
        "passages",
        [
            _passage(1, "Lebkuchen Nürnberg 500 g, Johann Sebastian Backwaren", "account", "Product Name"),
            _passage(2, "Bernd Achterberg", "account", "Name"),
            _passage(3, "b.achterberg@example.org", "account", "E-Mail"),
            _passage(4, "Am Rosengarten 17, 67655 Kaiserslautern", "account", "Shipping Address"),
            _passage(9, "alexa ruf katrin an", "transcript", group="devices-1"),
        ],
    )
    bench = Workbench(case, STAGE, identity(Options()), Silent())
    from forensics.language.stage import run

    run(bench)
    bench.compact()
    bench.close()
    return {name: case.frame(name).to_dict("records") for name in ("mentions", "intents")}


def _of(tables: dict[str, Any], **wanted: Any) -> list[dict[str, Any]]:
    return [row for row in tables["mentions"] if all(row[k] == v for k, v in wanted.items())]


def test_a_place_has_its_words_time_and_certainty(tables: dict[str, Any]) -> None:
    (row,) = _of(tables, recording_id="rec-1", source_kind="audio", label="PLACE")
    assert row["surface"] == "Hannover"
    assert row["normalised"] == "Hannover"
    assert row["asr_confidence"] == pytest.approx(0.9)
    assert (row["start_s"], row["end_s"]) == pytest.approx((3.5, 3.9))
    assert row["alternatives"][0]["value"] == "Hannover"
    assert "GeoNames" in row["reason"]


def test_the_vendors_text_is_a_source_of_its_own(tables: dict[str, Any]) -> None:
    (row,) = _of(tables, recording_id="rec-1", source_kind="vendor", label="PLACE")
    assert row["asr_confidence"] is None or row["asr_confidence"] != row["asr_confidence"]


def test_the_household_settles_neustadt(tables: dict[str, Any]) -> None:
    (row,) = _of(tables, recording_id="rec-3", label="PLACE")
    assert row["normalised"] == "Neustadt am Rübenberge"


def test_an_artist_is_no_contact(tables: dict[str, Any]) -> None:
    assert [r["surface"] for r in _of(tables, recording_id="rec-4", label="MEDIA")] == ["Johnny Cash"]
    assert _of(tables, recording_id="rec-4", label="PERSON") == []


def test_relation_and_name(tables: dict[str, Any]) -> None:
    (person,) = _of(tables, recording_id="rec-6", label="PERSON")
    (relation,) = _of(tables, recording_id="rec-6", label="RELATION")
    assert (person["normalised"], relation["normalised"]) == ("Sarah", "wife")
    assert "wife" in person["reason"]
    slots = next(r["slots"] for r in tables["intents"] if r["recording_id"] == "rec-6")
    assert {"name": "called", "value": "Sarah"} in list(slots)


def test_the_vendors_text_stands_in_where_ours_is_empty(tables: dict[str, Any]) -> None:
    intent = next(r for r in tables["intents"] if r["recording_id"] == "rec-5")
    assert intent["domain"] == "alarm"
    (time,) = _of(tables, recording_id="rec-5", label="TIME")
    assert time["normalised"] == "06:30"


def test_one_intent_a_recording(tables: dict[str, Any]) -> None:
    ids = [r["recording_id"] for r in tables["intents"]]
    assert sorted(ids) == sorted(set(ids))
    weather = {r["recording_id"] for r in tables["intents"] if r["domain"] == "weather"}
    assert weather == {"rec-1", "rec-2", "rec-3", "rec-7"}


def test_a_loose_line_keeps_its_page(tables: dict[str, Any]) -> None:
    (row,) = _of(tables, passage_id="pas-9", label="PERSON")
    assert (row["page"], row["row"], row["normalised"]) == (2, 9, "Katrin")


def test_account_data_is_read_by_its_headers_alone(tables: dict[str, Any]) -> None:
    found = {(r["passage_id"], r["label"], r["normalised"]) for r in _of(tables, source_kind="account")}
    assert found == {
        ("pas-2", "PERSON", "Bernd Achterberg"),
        ("pas-3", "EMAIL", "b.achterberg@example.org"),
        ("pas-4", "ADDRESS", "Am Rosengarten 17, 67655 Kaiserslautern"),
    }


def test_nothing_spans_groups_and_order_changes_nothing() -> None:
    texts = [
        "wie wird das wetter in celle",
        "call my wife sarah",
        "spiel die toten hosen",
        "wecke mich um halb sieben",
        "stop",
    ]
    sources = [
        Source("audio", t, "g", recording_id=f"rec-{n}", engine="faster-whisper") for n, t in enumerate(texts)
    ]
    once = read_household(sources, "g")
    shuffled = list(sources)
    random.Random(1).shuffle(shuffled)
    again = read_household(shuffled, "g")
    for table in ("mentions", "intents"):
        key = "mention_id" if table == "mentions" else "recording_id"
        assert sorted(once[table], key=lambda r: r[key]) == sorted(again[table], key=lambda r: r[key])
    assert {r["data_subject_group"] for rows in once.values() for r in rows} == {"g"}


def test_identity_is_cheap_and_names_the_files() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from forensics.language.stage import identity; print(identity(None)['files']);"
        "assert not {'spacy', 'torch', 'thinc'} & set(sys.modules)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert len(out.stdout.strip()) == 64
