"""Weights are loaded after their hash matches, and from nowhere else."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.errors import ModelError
from forensics.models import weights as models

BASE = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FORENSICS_MODELS", str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "mine"
    path.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (path / name).write_text("{}")
    return path


def test_base_is_here_and_verified() -> None:
    assert models.expected_sha256("base") == BASE
    weights = models.load("base")
    assert (weights.sha256, len(weights.files["model.bin"])) == (BASE, 145217532)
    assert {r["name"]: r["verified"] for r in models.verify()} == {"base": True}


def test_a_changed_part_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    carrier = models.KNOWN["base"].carriers[0]
    swapped = dataclasses.replace(carrier, parts=carrier.parts[::-1])
    monkeypatch.setitem(models.KNOWN, "base", dataclasses.replace(models.KNOWN["base"], carriers=(swapped,)))
    with pytest.raises(ModelError, match=BASE):
        models.load("base")
    assert [r["verified"] for r in models.verify()] == [False]


def test_absent_weights_say_how_to_get_them() -> None:
    with pytest.raises(ModelError, match="forensics models import small"):
        models.load("small")
    with pytest.raises(ModelError, match="neither a known model nor a path"):
        models.load("smal")


def test_a_folder_is_a_model(folder: Path) -> None:
    assert models.load(str(folder)).sha256 == models.expected_sha256(str(folder))


def test_an_import_is_found_by_name_and_checked(folder: Path, own_store: Path) -> None:
    found = models.import_path(folder)
    assert found["name"] == "mine"
    assert models.load("mine").files["model.bin"] == b"{}"
    (own_store / "mine" / "model.bin").write_text("[]")
    with pytest.raises(ModelError, match="expected"):
        models.load("mine")


def test_a_false_small_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / "small.pt"
    fake.write_bytes(b"weights")
    with pytest.raises(ModelError, match="not OpenAI's 'small'"):
        models.import_path(fake)
    with pytest.raises(ModelError, match="OpenAI's 'small' has"):
        models.load(str(fake))
    assert models.import_path(fake, name="mine")["name"] == "mine"


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b"])
def test_names_stay_inside_the_store(tmp_path: Path, name: str) -> None:
    checkpoint = tmp_path / "x.pt"
    checkpoint.write_bytes(b"weights")
    if name:
        with pytest.raises(ModelError, match="no name"):
            models.import_path(checkpoint, name=name)


def test_incomplete_folders_and_other_files_are_refused(tmp_path: Path, folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match="no tokenizer"):
        models.load(str(folder))
    other = tmp_path / "weights.txt"
    other.write_text("no")
    with pytest.raises(ModelError, match="neither a CTranslate2 folder"):
        models.import_path(other)


def test_knowing_models_loads_nothing_heavy() -> None:
    code = "import sys; from forensics.models import weights; weights.known();"
    code += "weights.expected_sha256('base');"
    code += "print([m for m in ('torch', 'numpy', 'pandas', 'faster_whisper') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
