"""The stage on small tables: what it writes, about whom, and that order and company change nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from forensics import Case
from forensics.case.options import Options
from forensics.corridor.pipeline import STAGES
from forensics.corridor.progress import Silent
from forensics.corridor.workbench import Workbench
from forensics.knowledge.gazetteer import find, place_by_id
from forensics.language.reading import FINDERS
from forensics.language.stage import Source, identity, read_household, run
from forensics.transcription.utterances import utterance_id, utterances

STAGE = next(stage for stage in STAGES if stage.name == "language")


def _words(text: str, probability: float = 0.9) -> list[dict[str, Any]]:
    return [
        {"word": f" {word}", "start_s": 0.5 * n, "end_s": 0.5 * n + 0.4, "probability": probability}
        for n, word in enumerate(text.split())
    ]


_TIME = {
    "started_at": datetime(2018, 5, 5, 7, 12, 30, tzinfo=UTC), "started_at_basis": "export",
    "utc_offset_min": 120,
}  # fmt: skip
_NO_TIME = {"started_at": None, "started_at_basis": "unknown", "utc_offset_min": None}


def _transcript(recording: str, text: str, language: str | None = None) -> dict[str, Any]:
    return {
        "transcript_id": f"tra-{recording}", "recording_id": recording, "engine": "faster-whisper",
        "text": text, "language": language, "words": _words(text), "alternatives": [], "flags": [],
        "confidence": 0.8, "data_subject_group": "devices-1",
    }  # fmt: skip


def _recording(recording: str, vendor_text: str | None = None, **facts: Any) -> dict[str, Any]:
    return {
        "recording_id": recording, "sha256": recording, **_TIME, "device_id": None,
        "vendor_text": vendor_text, "vendor_status": None, "speaker_label": None, "member_id": "mem-0",
        "occurrences": 1,
        "data_subject_group": "devices-1", **facts,
    }  # fmt: skip


def _passage(number: int, text: str, role: str, **facts: Any) -> dict[str, Any]:
    return {
        "passage_id": f"pas-{number}", "member_id": "mem-1", "page": 1, "line": number, "field": None,
        "meaning": "unknown", "role": role, "text": text, **_NO_TIME, "device_id": None,
        "vendor_status": None, "speaker_label": None,
        "data_subject_group": "account-1" if role == "account" else "devices-1", **facts,
    }  # fmt: skip


def _match(passage: dict[str, Any], recording: str, score: float) -> dict[str, Any]:
    names = ("passage_id", "member_id", "page", "line", "text", "data_subject_group")
    return {
        **{name: passage[name] for name in names}, "recording_id": recording, "score": score,
        "tie_class": [], "differences": [],
    }  # fmt: skip


def _read(
    folder: Path,
    *,
    recordings: Sequence[dict[str, Any]] = (),
    transcripts: Sequence[dict[str, Any]] = (),
    passages: Sequence[dict[str, Any]] = (),
    matches: Sequence[dict[str, Any]] = (),
) -> dict[str, list[dict[str, Any]]]:
    """Rows of mentions and intents, from a case with these tables."""
    case = Case.create(folder)
    rows = []
    for group in ("account-1", "devices-1"):
        of = [
            [r for r in table if r["data_subject_group"] == group]
            for table in (recordings, passages, matches)
        ]
        rows += list(utterances(group, recordings=of[0], passages=of[1], matches=of[2]))
    case.write_table("utterances", rows)
    case.write_table("audio", [])
    case.write_table("transcripts", transcripts)
    case.write_table("passages", passages)
    bench = Workbench(case, STAGE, identity(Options()), Silent())
    run(bench)
    bench.compact()
    bench.close()
    return {name: case.rows(name) for name in ("mentions", "intents")}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Mentions and intents of a small case, as lists of dicts."""
    stated = {"rec-1": "wie wird das wetter heute in hannover", "rec-5": "set an alarm for half past six"}
    return _read(
        tmp_path_factory.mktemp("language") / "case",
        recordings=[_recording(f"rec-{n}", stated.get(f"rec-{n}")) for n in range(1, 10)],
        transcripts=[
            _transcript("rec-1", "Alexa, wie wird das Wetter heute in Hannover?", "de"),
            _transcript("rec-2", "Wie wird das Wetter morgen in Hannover?", "de"),
            _transcript("rec-3", "Wie wird das Wetter in Neustadt?", "de"),
            _transcript("rec-4", "Alexa, play Johnny Cash on Spotify.", "en"),
            _transcript("rec-5", "", "en"),
            _transcript("rec-6", "Call my wife Sarah.", "en"),
            _transcript("rec-7", "Wie wird das Wetter in Wunstorf?", "de"),
            _transcript("rec-8", "Wie wird das Wetter hier?", "de"),
            _transcript("rec-9", "Mach das Licht in der Küche an.", "de"),
        ],
        passages=[
            _passage(
                1, "Lebkuchen Nürnberg 500 g, Johann Sebastian Backwaren", "account", field="Product Name"
            ),
            _passage(2, "Bernd Achterberg", "account", field="Name"),
            _passage(3, "b.achterberg@example.org", "account", field="E-Mail"),
            _passage(4, "Am Rosengarten 17, 67655 Kaiserslautern", "account", field="Shipping Address"),
            _passage(9, "alexa ruf katrin an", "transcript", page=2),
        ],
    )


def _said(text: str) -> dict[str, Any]:
    return _passage(1, text, "transcript")


@pytest.mark.parametrize(
    "text",
    [
        "alexa ruf meine frau sarah morgen um halb sieben in hannover an",
        "play johnny cash on spotify in the living room",
        "remind me to take my insulin at seven thirty",
        "how warm is it here",
    ],
)
def test_where_the_words_stand_does_not_matter(tmp_path: Path, text: str) -> None:
    """A recording with the vendor's words, one that a loose line matches, a row without sound."""
    timed = _passage(1, text, "transcript", **_TIME)
    cases: dict[str, dict[str, Any]] = {
        "recording": {"recordings": [_recording("rec-1", text)]},
        "matched": {"recordings": [_recording("rec-1")], "passages": [_said(text)]},
        "history": {"passages": [timed]},
    }
    cases["matched"]["matches"] = [_match(cases["matched"]["passages"][0], "rec-1", 0.97)]
    ids = ("mention_id", "utterance_id", "recording_id", "member_id", "passage_id", "page", "row")
    found: list[Any] = []
    for name, tables in cases.items():
        read = _read(tmp_path / name, **tables)
        mentions = [{k: v for k, v in row.items() if k not in ids} for row in read["mentions"]]
        mentions.sort(key=lambda row: (row["start"], row["label"]))
        intents = [{k: v for k, v in row.items() if k not in ids} for row in read["intents"]]
        found.append((mentions, intents))
    assert found[0][0]
    assert found[0] == found[1] == found[2]


def test_a_doubtful_match_does_not_date_what_was_said(tmp_path: Path) -> None:
    line = _said("remind me tomorrow to call sarah")
    read = [
        _read(tmp_path / str(score), recordings=[_recording("rec-1")], passages=[line],
              matches=[_match(line, "rec-1", score)])
        for score in (0.9, 0.3)
    ]  # fmt: skip
    sure, doubtful = (
        [m["normalised"] for m in r["mentions"] if m["surface"].startswith("tomorrow")] for r in read
    )
    assert (sure, doubtful) == (["2018-05-06"], ["tomorrow"])


def _of(tables: dict[str, Any], **wanted: Any) -> list[dict[str, Any]]:
    return [row for row in tables["mentions"] if all(row[k] == v for k, v in wanted.items())]


def test_a_place_has_its_words_time_and_certainty(tables: dict[str, Any]) -> None:
    (row,) = _of(tables, recording_id="rec-1", source_kind="audio", label="PLACE")
    assert row["surface"] == "Hannover"
    assert row["normalised"] == "Hannover"
    assert row["asr_confidence"] == pytest.approx(0.9)
    assert (row["start_s"], row["end_s"]) == pytest.approx((3.5, 3.9))
    assert place_by_id(row["places"][0]["place_id"]) == find("Hannover")
    assert row["places"][0]["probability"] > 0.8
    assert "GeoNames" in row["reason"]


def test_the_vendors_text_is_a_source_of_its_own(tables: dict[str, Any]) -> None:
    (row,) = _of(tables, recording_id="rec-1", source_kind="vendor", label="PLACE")
    assert row["asr_confidence"] is None


def test_the_household_settles_neustadt(tables: dict[str, Any]) -> None:
    (row,) = _of(tables, recording_id="rec-3", label="PLACE")
    assert row["normalised"] == "Neustadt am Rübenberge"


def test_where_the_device_is_has_no_name(tables: dict[str, Any]) -> None:
    (row,) = _of(tables, recording_id="rec-8", label="PLACE")
    assert (row["entity"], row["places"], row["surface"]) == ("here", [], "hier")


def test_an_artist_is_no_contact(tables: dict[str, Any]) -> None:
    assert [r["surface"] for r in _of(tables, recording_id="rec-4", label="MEDIA")] == ["Johnny Cash"]
    assert _of(tables, recording_id="rec-4", label="PERSON") == []


def test_kinds_are_keys(tables: dict[str, Any]) -> None:
    kinds = {(r["recording_id"], r["label"]): r["kind"] for r in tables["mentions"] if r["kind"]}
    assert kinds == {
        ("rec-4", "SERVICE"): "spotify",
        ("rec-6", "PERSON"): "wife",
        ("rec-6", "RELATION"): "wife",
        ("rec-9", "DEVICE"): "light",
    }


def test_relation_and_name(tables: dict[str, Any]) -> None:
    (person,) = _of(tables, recording_id="rec-6", label="PERSON")
    (relation,) = _of(tables, recording_id="rec-6", label="RELATION")
    assert (person["normalised"], relation["normalised"]) == ("Sarah", "wife")
    slots = next(r["slots"] for r in tables["intents"] if r["recording_id"] == "rec-6")
    assert {"name": "called", "value": "Sarah"} in list(slots)


def test_the_vendors_text_stands_in_where_ours_is_empty(tables: dict[str, Any]) -> None:
    intent = next(r for r in tables["intents"] if r["recording_id"] == "rec-5")
    assert intent["domain"] == "alarm"
    (time,) = _of(tables, recording_id="rec-5", label="TIME")
    assert (time["normalised"], time["clock_min"]) == ("06:30", 390)


def test_one_intent_an_utterance(tables: dict[str, Any]) -> None:
    ids = [r["utterance_id"] for r in tables["intents"]]
    assert len(ids) == len(set(ids)) == 10
    weather = {r["recording_id"] for r in tables["intents"] if r["domain"] == "weather"}
    assert weather == {"rec-1", "rec-2", "rec-3", "rec-7", "rec-8"}


def test_a_loose_line_keeps_its_page(tables: dict[str, Any]) -> None:
    (row,) = _of(tables, passage_id="pas-9", label="PERSON")
    assert (row["page"], row["row"], row["normalised"]) == (2, 9, "Katrin")
    assert row["utterance_id"] == utterance_id("devices-1", passage_id="pas-9")
    assert row["recording_id"] is None


def test_account_data_is_read_by_its_headers_where_nothing_else_tells(tables: dict[str, Any]) -> None:
    found = {(r["passage_id"], r["label"], r["normalised"]) for r in _of(tables, source_kind="account")}
    assert found == {
        ("pas-2", "PERSON", "Bernd Achterberg"),
        ("pas-3", "EMAIL", "b.achterberg@example.org"),
        ("pas-4", "ADDRESS", "Am Rosengarten 17, 67655 Kaiserslautern"),
        ("pas-4", "PLACE", "Kaiserslautern"),
    }
    assert {r["utterance_id"] for r in _of(tables, source_kind="account")} == {None}


def test_whom_the_vendor_names_as_the_speaker_is_a_person(tmp_path: Path) -> None:
    labels = {"rec-1": "Anna", "rec-2": "Unrecognized voice", "rec-3": "Speaker 2", "rec-4": None}
    recordings = [_recording(r, "stop", speaker_label=label) for r, label in labels.items()]
    (row,) = _of(_read(tmp_path / "case", recordings=recordings), label="PERSON")
    assert (row["source_kind"], row["meaning"], row["normalised"]) == ("account", "speaker", "Anna")
    assert row["utterance_id"] == utterance_id("devices-1", recording_id="rec-1")


def test_finders_are_an_enumeration(tables: dict[str, Any]) -> None:
    assert {r["found_by"] for r in tables["mentions"]} <= set(FINDERS)


def test_nothing_spans_groups_and_order_changes_nothing() -> None:
    texts = [
        "wie wird das wetter in celle",
        "call my wife sarah",
        "spiel die toten hosen",
        "wecke mich um halb sieben",
        "stop",
    ]
    sources = [
        Source("audio", t, "g", utterance_id=f"utt-{n}", engine="faster-whisper") for n, t in enumerate(texts)
    ]
    once = read_household(sources, "g")
    shuffled = list(sources)
    random.Random(1).shuffle(shuffled)
    again = read_household(shuffled, "g")
    for table in ("mentions", "intents"):
        key = "mention_id" if table == "mentions" else "utterance_id"
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


def test_each_language_of_a_recording_is_read_in_its_own(tmp_path: Path) -> None:
    """Half a second a word: four German words, then English ones."""
    text = "Ruf bitte Katrin an. Play Johnny Cash on Spotify."
    stretches = [
        {"start_s": 0.0, "end_s": 2.0, "language": "de", "probability": 0.9},
        {"start_s": 2.0, "end_s": 5.0, "language": "en", "probability": 0.9},
    ]
    heard = _transcript("rec-1", text, "en") | {"stretches": stretches, "unread": []}
    found = _read(tmp_path / "case", recordings=[_recording("rec-1")], transcripts=[heard])
    surfaces = {text[m["start"] : m["end"]]: m for m in found["mentions"]}
    assert all(surface == m["surface"] for surface, m in surfaces.items())
    assert surfaces["Katrin"]["label"] == "PERSON"
    assert surfaces["Spotify"]["label"] == "SERVICE"
    assert surfaces["Spotify"]["start_s"] == 4.0
    assert [row["domain"] for row in found["intents"]] == ["music"]
