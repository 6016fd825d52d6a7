"""One household from end to end: linked, redacted, and looked for again in what was released."""

from __future__ import annotations

import csv
import io
import json
import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import forensics
from forensics.case.options import Options
from forensics.cli import app
from forensics.simulate import OBEYING, draw_household, utter
from forensics.simulate.bundles import write_bundle
from forensics.simulate.register import write_register


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated household whose full names were said, investigated by the vendor's texts."""
    folder = tmp_path_factory.mktemp("redact")
    home = next(
        h
        for h in (draw_household(n, OBEYING, seed=21) for n in range(500))
        if h.surname_spoken and h.home_named and h.companion and len(h.contacts) >= 2 and h.recordings < 40
    )
    write_bundle(home, utter(home, OBEYING), folder / "bundle.zip")
    for seed in range(50):  # until the register holds the subject
        listed = write_register([home], folder / "register.parquet", 3000, seed=seed)
        if listed:
            (folder / "truth.json").write_text(json.dumps({"id": listed[home.number], "last": home.last}))
            break
    forensics.investigate(
        folder / "bundle.zip", case=folder / "case", options=Options(engine="vendor", draws=500)
    )
    return folder


def test_link_names_ids_never_names_and_puts_the_subject_first(case):
    truth = json.loads((case / "truth.json").read_text())
    call = ["link", "--case", str(case / "case"), "--register", str(case / "register.parquet")]
    done = CliRunner().invoke(app, [*call, "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["status"] == "done"
    assert answer["candidates"][0]["profile_id"] == truth["id"]
    posteriors = [c["posterior"] for c in answer["candidates"]]
    assert posteriors == sorted(posteriors, reverse=True)
    assert posteriors[0] > answer["nobody"]
    assert set(answer["candidates"][0]) == {"profile_id", "posterior", "weight", "fields", "tie_group"}
    plain = CliRunner().invoke(app, call)
    assert truth["id"] in plain.stdout
    assert truth["last"] not in done.stdout + plain.stdout
    rows = forensics.Case.open(case / "case").frame("candidates")
    assert set(rows["pseudonym"].str.split().str[0]) == {"candidate", "nobody"}
    assert "profile_id" not in rows.columns


def test_names_of_candidates_need_a_purpose_which_is_logged(case):
    truth = json.loads((case / "truth.json").read_text())
    call = ["link", "--case", str(case / "case"), "--register", str(case / "register.parquet"), "--reveal"]
    assert CliRunner().invoke(app, call).exit_code == 2
    done = CliRunner().invoke(app, [*call, "--purpose", "to warn the person"])
    assert done.exit_code == 0, done.output
    assert truth["last"] in done.stdout
    acts = [a for a in forensics.Case.open(case / "case").custody.acts() if a.get("act") == "names revealed"]
    assert acts[-1]["purpose"] == "to warn the person"


def test_our_own_tool_confirms_that_the_redacted_bundle_fits_k(case):
    out = case / "redacted.zip"
    done = CliRunner().invoke(
        app, ["redact", "--case", str(case / "case"), "--k", "1000", "--out", str(out), "--json"]
    )
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["k_lo_before"] < 1000 <= answer["k_lo"]
    assert answer["confirmed"]
    assert "does not undo" in answer["notice"]
    assert 0 < answer["withheld"] <= answer["utterances"]
    opened = forensics.Case.open(case / "case")
    assert not opened.verify()
    assert {"redaction begun", "redacted bundle written"} <= {a.get("act") for a in opened.custody.acts()}
    again = forensics.investigate(out, case=case / "again", options=Options(engine="vendor", draws=500))
    risk = again.frame("risk")
    careful = risk[(risk["adversary"] != "acquaintance") & (risk["attacker"] == "machine")]
    assert (careful["k_lo"] >= 1000).all()


def test_a_redacted_bundle_holds_masked_texts_and_bare_sound_only(case):
    out = case / "redacted.zip"
    if not out.exists():
        pytest.skip("needs the release of the test before")
    opened = forensics.Case.open(case / "case")
    claims = opened.frame("claims")
    names = set(claims[claims["attribute"].isin(["surname"])]["value"])
    with zipfile.ZipFile(out) as archive:
        names_in = archive.namelist()
        assert all(
            n.startswith("Audio/recording-") or n in ("Transcripts.csv", "redaction.json") for n in names_in
        )
        assert {i.date_time[0] for i in archive.infolist()} == {1980}
        text = archive.read("Transcripts.csv").decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) == sum(n.endswith(".wav") for n in names_in)
        for name in names:
            assert name.casefold() not in text.casefold()
        assert "G090LF" not in text + archive.read("redaction.json").decode()
        for member in [n for n in names_in if n.endswith(".wav")][:3]:
            with wave.open(io.BytesIO(archive.read(member))) as sound:
                assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 16_000)
                assert np.frombuffer(sound.readframes(sound.getnframes()), "<i2").size
