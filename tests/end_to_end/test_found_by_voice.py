"""One household of real speakers: found by voice, told in the report, and released with voices masked."""

from __future__ import annotations

import io
import json
import shutil
import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import forensics
from forensics.audio.decode import decode
from forensics.case.options import Options
from forensics.cli import app
from forensics.redaction.mask import Mask
from forensics.redaction.rewrite import write_redacted
from forensics.redaction.spans import Releasable
from forensics.reports.html import write_html

pytestmark = pytest.mark.speech
FILES = 4
"""Recordings of each speaker: two would do to compare, more make the comparison less of a chance."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shared_dir: Path) -> Path:
    folder = tmp_path_factory.mktemp("voice")
    bundle = folder / "bundle"
    bundle.mkdir()
    root = shared_dir / "audio"
    for name, found in (
        ("one", sorted((root / "speakers_librispeech").glob("*367*"))[:FILES]),
        ("two", sorted((root / "speakers_ms").glob("*.flac"))[:FILES]),
    ):
        if len(found) < FILES:
            pytest.skip("needs ../shared/audio")
        for number, path in enumerate(found):
            shutil.copy(path, bundle / f"{name}-{number}.flac")
    forensics.investigate(
        bundle,
        case=folder / "case",
        options=Options(engine="vendor", voices=True, draws=200),
        purpose="how exposed the speakers are",
    )
    return folder


def test_each_voice_is_measured_against_galleries(home: Path) -> None:
    case = forensics.Case.open(home / "case")
    found = case.frame("voice_risk")
    assert found["voice_id"].nunique() == 2
    assert sorted(found["gallery_n"].unique()) == [100, 10_000, 1_000_000]
    by_size = found.groupby("gallery_n")["p_first_mid"].mean()
    assert by_size[100] > by_size[10_000] > by_size[1_000_000]
    risk = case.frame("risk")
    own = risk[risk["adversary"] == "voice"]
    assert set(own["scope"]) == {"audio", "bundle"}
    curve = case.frame("voice_curve")
    assert curve["p_voice_mid"].iloc[-1] > curve["p_voice_mid"].iloc[0]
    assert (curve["p_both_mid"] >= curve["p_voice_mid"] - 1e-9).all()


@pytest.mark.parametrize(("language", "words"), [("en", "Found by voice"), ("de", "An der Stimme gefunden")])
def test_the_report_tells_it(home: Path, language: str, words: str) -> None:
    out = home / f"report-{language}.html"
    write_html(forensics.Case.open(home / "case"), out, language=language)
    text = out.read_text("utf-8")
    assert words in text
    assert "10,000" in text or "10.000" in text


def test_a_release_keeps_everything_but_the_voices(home: Path) -> None:
    out = home / "released.zip"
    done = CliRunner().invoke(
        app,
        ["redact", "--case", str(home / "case"), "--k", "2", "--voices", "mask", "--out", str(out), "--json"],
    )
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    voices = answer["voices"]
    assert (voices["action"], voices["people"]) == ("mask", 2)
    assert answer["confirmed"]
    first = voices["first_of_10000"]
    assert first["ignorant"][1] < first["plain"][1]
    told = voices["told_apart"]
    assert told["compared"] == 2 * FILES
    assert told["after"] <= told["before"] == told["compared"]
    bundle = home / "bundle"
    plain = {len(s): s for s in (decode(p.read_bytes()).samples for p in bundle.iterdir())}
    with zipfile.ZipFile(out) as archive:
        facts = json.loads(archive.read("redaction.json"))
        assert facts["voices"] == "masked"
        assert "powers" not in json.dumps(facts)
        names = [n for n in archive.namelist() if n.endswith(".wav")]
        assert len(names) == 2 * FILES
        for name in names:
            with wave.open(io.BytesIO(archive.read(name))) as sound:
                heard = np.frombuffer(sound.readframes(sound.getnframes()), "<i2") / 32767
            before = plain[len(heard)]  # as long as it was
            changed = np.abs(heard - before) > 1e-3
            assert changed.mean() > 0.3
            assert np.sqrt((heard**2).mean()) == pytest.approx(np.sqrt((before**2).mean()), rel=0.2)
    acts = [a for a in forensics.Case.open(home / "case").custody.acts() if "redacted" in str(a.get("act"))]
    assert acts[-1]["voices"] == "masked"


def test_a_name_is_silent_in_sound_that_is_masked(home: Path) -> None:
    case = forensics.Case.open(home / "case")
    row = case.rows("recordings")[0]
    one = Releasable("u", row["recording_id"], row["sha256"])
    masks = {row["recording_id"]: [(0.0, 2.0, Mask.drawn(b"secret", "somebody"))]}
    out = home / "named.zip"
    write_redacted(
        case, out, [one], withheld=(), silenced={"u": [(0.6, 1.1)]}, tokens=frozenset(), facts={}, masks=masks
    )
    with (
        zipfile.ZipFile(out) as archive,
        wave.open(io.BytesIO(archive.read("Audio/recording-00001.wav"))) as sound,
    ):
        heard = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    assert not heard[int(0.6 * 16_000) : int(1.1 * 16_000)].any()
    assert heard[: int(0.6 * 16_000)].any()


def test_unmeasured_is_said_and_why(demo_case: forensics.Case, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    write_html(demo_case, out, language="en")
    assert "Not measured: voices are compared only if somebody asks for it" in out.read_text("utf-8")
    assert len(demo_case.frame("voice_risk")) == 0
