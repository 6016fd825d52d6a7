"""Real clips in a case of their own, as intake would have left them."""

from __future__ import annotations

import importlib
import io
import wave
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forensics import Case
from forensics.audio.decode import RATE, decode
from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.corridor.pipeline import STAGES
from forensics.corridor.progress import Silent
from forensics.corridor.runner import _identity
from forensics.corridor.workbench import Workbench


@pytest.fixture
def run_stage() -> Callable[[Case, str], None]:
    """Run one stage on the tables that are there."""
    return _run_stage


def _run_stage(case: Case, name: str) -> None:
    stage = next(s for s in STAGES if s.name == name)
    bench = Workbench(case, stage, _identity(case, stage), Silent())
    try:
        importlib.import_module(stage.module).run(bench)
        bench.compact()
    finally:
        bench.close()


@pytest.fixture
def join(shared_dir: Path) -> Callable[..., bytes]:
    """One WAV file of several real clips at one level, with seconds of quiet room between them."""

    def joined(*parts: str | float) -> bytes:
        rng = np.random.default_rng(0)
        sounds = []
        for part in parts:
            if isinstance(part, str):
                samples = decode((shared_dir / "audio" / part).read_bytes(), name=part).samples
                sounds.append(samples * (0.05 / np.sqrt((samples**2).mean())))
            else:
                sounds.append(np.zeros(int(part * RATE), np.float32))
        whole = np.concatenate(sounds)
        whole = np.clip(whole + 0.0005 * rng.standard_normal(len(whole)), -1, 1)
        file = io.BytesIO()
        with wave.open(file, "wb") as written:
            written.setparams((1, 2, RATE, 0, "NONE", ""))
            written.writeframes((whole * 32767).astype("<i2").tobytes())
        return file.getvalue()

    return joined


@pytest.fixture
def make_case(tmp_path: Path) -> Callable[..., Case]:
    """A case whose recordings are the given files: (path or bytes, vendor text, group)."""

    def make(recordings: Sequence[tuple[Path | bytes, str | None, str]], **options: Any) -> Case:
        case = Case.create(tmp_path / f"case-{len(list(tmp_path.iterdir()))}", options=Options(**options))
        rows = {}
        for source, vendor_text, group in recordings:
            content = source if isinstance(source, bytes) else source.read_bytes()
            sha256, _ = case.add_evidence(io.BytesIO(content))
            recording_id = make_id("rec", group, sha256)
            rows[recording_id] = {
                "recording_id": recording_id,
                "data_subject_group": group,
                "sha256": sha256,
                "vendor_text": vendor_text,
                "occurrences": 1,
                "started_at_basis": "unknown",
            }
        case.write_table("recordings", rows.values())
        _run_stage(case, "audio")
        return case

    return make
