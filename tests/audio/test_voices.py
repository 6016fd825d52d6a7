"""Voices: scores against hand-computed values, grouping of made vectors, and real speakers end to end."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from forensics import Case
from forensics.api import take_in_all
from forensics.audio.decode import decode
from forensics.audio.voices.encoder import DVector, Packaged, Resemblyzer, default
from forensics.audio.voices.household import Piece, group
from forensics.audio.voices.scoring import MOST, Calibration, calibration_of, cllr, equal_error_rate, fit
from forensics.audio.voices.turns import turns
from forensics.case.options import Options
from forensics.cli import app
from forensics.corridor.runner import run
from forensics.errors import ConsentError, ModelError

PLAIN = Calibration("made", intercept=-5.0, cosine=10.0, log_seconds=0.0)


def test_equal_error_rate_by_hand() -> None:
    # at a threshold of .5 one of four same pairs is missed and one of four others is taken
    same, other = np.array([0.9, 0.8, 0.7, 0.2]), np.array([0.1, 0.3, 0.4, 0.75])
    assert equal_error_rate(same, other) == pytest.approx(0.25)
    assert equal_error_rate(same + 2, other) == 0.0


def test_cost_of_saying_nothing_is_one() -> None:
    assert cllr(np.zeros(3), np.zeros(5)) == pytest.approx(1.0)
    # ln 3 for every same pair, -ln 3 for every other: log2(1 + 1/3) each
    assert cllr(np.full(2, np.log(3)), np.full(2, -np.log(3))) == pytest.approx(np.log2(4 / 3))


def test_a_fitted_ratio_says_what_the_pairs_say() -> None:
    rng = np.random.default_rng(0)
    same = np.arange(4000) % 2 == 0
    cosine = rng.normal(np.where(same, 0.7, 0.3), 0.2)
    fitted = fit(cosine, np.full(4000, 2.0), same, np.ones(4000), encoder="made")
    # two normal densities .4 apart with deviation .2: slope .4 / .04 = 10, zero half way
    assert fitted.llr(np.array([0.6]), np.array([2.0]))[0] == pytest.approx(1.0, abs=0.25)
    assert fitted.llr(np.array([0.5]), np.array([2.0]))[0] == pytest.approx(0.0, abs=0.15)


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0.01, 100))
def test_more_alike_never_speaks_against_one_voice(cosine: float, more: float, seconds: float) -> None:
    ours = calibration_of(default().name)
    low, high = ours.llr(np.array([cosine, cosine + more]), np.array([seconds, seconds]))
    assert -MOST <= low <= high <= MOST


def test_an_encoder_without_calibration_is_refused() -> None:
    with pytest.raises(ModelError, match="calibrated"):
        calibration_of("somebody's own")


def test_weights_with_another_hash_are_refused() -> None:
    with pytest.raises(ModelError, match="SHA-256"):
        Packaged(Resemblyzer.weights.package, Resemblyzer.weights.file, "0" * 64).read()
    with pytest.raises(ModelError, match="missing"):
        Packaged("no_such_package", "weights", "0" * 64).read()


@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0.05, 3)), max_size=12))
def test_every_span_is_in_one_turn(steps: list[tuple[float, float]]) -> None:
    at, spans = 0.0, []
    for pause, length in steps:
        spans.append((at + pause, at + pause + length))
        at += pause + length
    assert [span for turn in turns(spans) for span in turn] == spans
    assert all(turns(spans))


def made(rng: np.random.Generator, centre: np.ndarray, **facts: object) -> Piece:
    vector = centre + rng.normal(0, 0.03, len(centre))
    return Piece((vector / np.linalg.norm(vector)).astype(np.float32), 2.0, **facts)  # type: ignore[arg-type]


def test_two_voices_and_a_stranger() -> None:
    rng = np.random.default_rng(1)
    first, second, third = np.linalg.qr(rng.normal(size=(64, 3)))[0].T
    pieces = (
        [made(rng, first) for _ in range(12)] + [made(rng, second) for _ in range(8)] + [made(rng, third)]
    )
    voices = group(pieces, PLAIN)
    assert voices.labels.tolist() == [0] * 12 + [1] * 8 + [-1]
    assert voices.size == (2, 2, 2)
    assert voices.scores[:20].min() > 0.9


def test_what_is_too_short_is_unknown() -> None:
    rng = np.random.default_rng(2)
    centre = np.eye(32)[0]
    short = Piece(made(rng, centre).vector, 0.2)
    assert group([made(rng, centre) for _ in range(5)] + [short], PLAIN).labels.tolist() == [0] * 5 + [-1]
    assert group([short], PLAIN).size == (0, 0, 0)
    assert group([], PLAIN).size == (0, 0, 0)


def test_a_session_on_one_device_speaks_for_one_voice() -> None:
    at, first, second = datetime(2018, 5, 4, 7, tzinfo=UTC), np.eye(32)[0], np.eye(32)[1]
    # a cosine of .45 is a ratio of exp(-.5): two voices by their sound alone, one with odds of four before
    other = (0.45 * first + np.sqrt(1 - 0.45**2) * second).astype(np.float32)

    def labels(minutes: float, device: str) -> list[int]:
        pieces = [
            Piece(first.astype(np.float32), 2.0, at + timedelta(seconds=20 * n), "Echo") for n in range(3)
        ]
        return group(
            [*pieces, Piece(other, 2.0, at + timedelta(minutes=minutes), device)], PLAIN
        ).labels.tolist()

    assert labels(1, "Echo") == [0, 0, 0, 0]
    assert labels(60, "Echo") == [0, 0, 0, -1]
    assert labels(1, "Fire TV") == [0, 0, 0, -1]


@pytest.fixture(scope="module")
def speakers(shared_dir: Path) -> dict[str, list[Path]]:
    root = shared_dir / "audio"
    return {
        "libri": sorted((root / "speakers_librispeech").glob("*367*"))[:4],
        "passport": sorted((root / "speakers_ms").glob("*.flac"))[:4],
    }


@pytest.mark.speech
@pytest.mark.parametrize("encoder", [DVector(), Resemblyzer()])
def test_one_speaker_is_nearer_than_two(
    speakers: dict[str, list[Path]], encoder: DVector | Resemblyzer
) -> None:
    a, b = (encoder.embed(decode(p.read_bytes()).samples[:32_000]) for p in speakers["passport"][:2])
    c = encoder.embed(decode(speakers["libri"][0].read_bytes()).samples[:32_000])
    assert np.linalg.norm(a) == pytest.approx(1.0, abs=1e-5)
    assert a @ b > max(a @ c, b @ c) + 0.1
    short = encoder.embed(decode(speakers["passport"][0].read_bytes()).samples[8_000:12_000])
    assert np.isfinite(short).all()


@pytest.mark.speech
def test_voices_of_a_bundle(speakers: dict[str, list[Path]], tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for name, paths in speakers.items():
        for number, path in enumerate(paths):
            shutil.copy(path, bundle / f"{name}-{number}.flac")
    case = take_in_all(
        bundle, case=tmp_path / "case", options=Options(voices=True), purpose="household size for the DPO"
    )
    run(case, until="voices")
    table = case.frame("voices")
    names = case.frame("members").set_index("sha256")["path"]
    recordings = case.frame("recordings").set_index("recording_id")["sha256"]
    heard: dict[str, set[str]] = {}
    for row in table.to_dict("records"):
        speaker = names[recordings[row["recording_id"]]].split("/")[-1].split("-")[0]
        if row["voice_id"] == row["voice_id"] and row["voice_id"] is not None:
            heard.setdefault(row["voice_id"], set()).add(speaker)
    assert sorted(next(iter(s)) for s in heard.values() if len(s) == 1) == ["libri", "passport"]
    assert (table["household_lo"] <= 2).all()
    assert (table["household_hi"] >= 2).all()
    assert any(
        a["act"] == "biometric processing asked for" and "DPO" in a["purpose"] for a in case.custody.acts()
    )
    kept = [p for p in case.folder.rglob("*") if p.suffix in (".npy", ".npz")]
    assert kept == []  # no vector of a voice stays


def test_without_being_asked_no_voice_is_compared(demo_case: Case) -> None:
    assert len(demo_case.frame("voices")) == 0
    assert all(not a["act"].startswith("biometric") for a in demo_case.custody.acts())


def test_voices_need_a_purpose(demo_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(ConsentError):
        take_in_all(demo_bundle, case=tmp_path / "a", options=Options(voices=True))
    found = CliRunner().invoke(
        app, ["investigate", str(demo_bundle), "--case", str(tmp_path / "b"), "--voices"]
    )
    assert found.exit_code == 2
    assert not (tmp_path / "b").exists()
