"""Voices: others of the household are no mismatch, and what cannot be compared says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics import Options
from forensics.api import take_in_all
from forensics.corridor.runner import run
from forensics.delivery.voice import SILENT, voice_bits, voice_fit


def test_by_hand() -> None:
    """One clip with odds of 15 to 1: .1 + .9 (.5 + .5 · 15) = 7.3."""
    import math

    assert voice_bits([math.log(15)]) == pytest.approx(math.log2(7.3))


def test_strange_voices_alone_say_little() -> None:
    assert -3.34 < voice_bits([-3.4] * 500) < 0
    assert voice_bits([-3.4] * 50 + [3.4] * 50) > 5  # half the recordings are a companion's


@given(st.lists(st.floats(-3.4, 3.4), min_size=1, max_size=60))
def test_the_bounds_hold(ratios: list[float]) -> None:
    import math

    assert math.log2(SILENT) <= voice_bits(ratios) <= 60


def test_a_reference_that_is_none(tmp_path: Path) -> None:
    fit = voice_fit(tmp_path / "no-case", "devices-1", tmp_path / "absent.wav")
    assert fit.bits is None
    assert "absent" not in fit.why


@pytest.mark.speech
def test_the_owner_and_somebody_else(shared_dir: Path, tmp_path: Path) -> None:
    speakers = shared_dir / "audio" / "speakers_librispeech"
    owner, other = sorted(speakers.glob("3080-*")), sorted(speakers.glob("367-*"))
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for path in owner[1:4]:
        shutil.copy(path, bundle)
    case = take_in_all(bundle, case=tmp_path / "case", options=Options())
    run(case, until="audio")
    group = case.frame("recordings")["data_subject_group"].iloc[0]
    right, wrong = (voice_fit(case.folder, group, path) for path in (owner[0], other[0]))
    assert right.bits is not None
    assert wrong.bits is not None
    assert right.bits > 5
    assert wrong.bits < 0
    assert any(act["act"] == "biometric processing asked for" for act in case.custody.acts())
