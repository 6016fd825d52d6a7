"""Fits run for real on a small slice: the same data and seed give the same numbers."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fitting.ambience import SEED, described, fitted
from fitting.material.rooms import manifest, material
from fitting.record import ROOT, Run
from forensics.audio.texture import NAMES


def made(name: str, path: str, out: Path, every: int = 1) -> dict[str, Any]:
    """What a fit wrote, without its date."""
    from fitting.__main__ import FITS

    module, function = FITS[name].split(":")
    getattr(importlib.import_module(module), function)(Run(out, every))
    content: dict[str, Any] = json.loads((out / path).read_text("utf-8"))
    assert content.pop("date")
    return content


def test_the_law_of_surnames_is_what_is_shipped(tmp_path: Path) -> None:
    path = "forensics/reidentification/name_rates.fit.json"
    shipped = json.loads((ROOT / path).read_text("utf-8"))
    del shipped["date"]
    assert (
        made("surname_law", path, tmp_path / "one") == made("surname_law", path, tmp_path / "two") == shipped
    )


def test_the_word_classes_come_out_alike_twice(tmp_path: Path) -> None:
    path = "forensics/knowledge/data/word_classes.fit.json"
    one, two = (made("word_classes", path, tmp_path / name, every=40) for name in ("one", "two"))
    assert one == two
    assert "trial" in one["note"]
    assert one["quality"]["entries"] > 1000


def test_a_sound_cue_comes_out_alike_twice(shared_dir: Path) -> None:
    clips = manifest()[::8]
    one, two = (fitted(*described(material(clips, "fit", seed=SEED)["far"])) for _ in range(2))
    assert one == two
    assert set(one["weights"]) == set(NAMES)


@pytest.mark.parametrize(("name", "missing"), [("voices", "manifest.csv"), ("language_de", "corpora")])
def test_a_fit_without_its_data_says_what_is_missing(name: str, missing: str, tmp_path: Path) -> None:
    found = run(name, "--out", str(tmp_path), FORENSICS_SHARED=str(tmp_path / "nowhere"))
    assert found.returncode == 1
    assert missing in found.stderr
    assert "Traceback" not in found.stderr
    assert not list(tmp_path.rglob("*.json"))


def test_a_trial_never_overwrites_what_is_shipped() -> None:
    found = run("surname_law", "--every", "2")
    assert found.returncode == 1
    assert "--out" in found.stderr


def test_an_unknown_fit_is_wrong_usage() -> None:
    found = run("surname")
    assert found.returncode == 2
    assert "surname_law" in found.stderr


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fitting", *arguments],
        capture_output=True, text=True, cwd=ROOT, check=False, env={**os.environ, **environment},
    )  # fmt: skip
