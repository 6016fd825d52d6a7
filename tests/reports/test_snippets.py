"""Sound in a report: on request, only where names are shown, and never more than a few seconds."""

from __future__ import annotations

import base64
import html
import io
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_case import rows

from forensics import Case, ConsentError
from forensics.reports.html import write_html
from forensics.reports.snippets import wav


@pytest.fixture
def sounding(make_case: Callable[..., Case]) -> Case:
    """A case whose sixth recording is a tone of three seconds."""
    case = make_case(recordings=8)
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(3 * 16_000) / 16_000).astype(np.float32)
    sha256, _ = case.add_evidence(io.BytesIO(wav(tone)))
    made: list[dict[str, Any]] = rows(recordings=8)["recordings"]
    case.write_table(
        "recordings", [{**r, "sha256": sha256} if r["recording_id"] == "rec-0005" else r for r in made]
    )
    return case


def test_a_statement_plays_what_it_rests_on(sounding: Case, tmp_path: Path) -> None:
    path = write_html(sounding, tmp_path / "r.html", reveal=True, purpose="hearing", snippets=True)
    page = path.read_text("utf-8")
    assert "media-src data:" in page
    sounds = page.split('src="data:audio/wav;base64,')[1:]
    assert len(sounds) >= 1  # others have no evidence behind them, and say so with a dash
    with wave.open(io.BytesIO(base64.b64decode(sounds[0].split('"')[0]))) as heard:
        assert 0.5 < heard.getnframes() / heard.getframerate() <= 5


def test_there_is_no_sound_without_being_asked(sounding: Case, tmp_path: Path) -> None:
    page = write_html(sounding, tmp_path / "r.html", reveal=True, purpose="hearing").read_text("utf-8")
    assert "<audio" not in page
    assert "media-src 'none'" in html.unescape(page)
    with pytest.raises(ConsentError):
        write_html(sounding, tmp_path / "s.html", snippets=True)
    assert not (tmp_path / "s.html").exists()
