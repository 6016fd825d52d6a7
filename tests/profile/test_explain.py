"""From a claim to the utterances it rests on, with what speaks for it and against it."""

from __future__ import annotations

import pytest
from household import Household, ct_household, run_stages
from typer.testing import CliRunner

from forensics.cli import app
from forensics.profile.explain import explain

_TABLES = ("claims", "persons", "utterances", "transcripts", "mentions", "intents", "devices")


def tables(home, folder):
    case = home.write(folder)
    run_stages(case, "profile")
    return {name: case.rows(name) for name in _TABLES}


def test_a_home_leads_back_to_every_utterance(tmp_path):
    found = tables(ct_household(), tmp_path / "c")
    home = next(c for c in found["claims"] if c["attribute"] == "home_place")
    told = explain(home["claim_id"], found)
    assert [w.text for w in told.witnesses] == ["Wie wird das Wetter in Oldenburg"] * 4
    assert [w.started_at for w in told.witnesses] == sorted(w.started_at for w in told.witnesses)
    assert all(w.mentions == ("Oldenburg",) for w in told.witnesses)
    assert ("days", 4.0) in told.speaks_for
    assert {value for value, _ in told.roles} == {"home", "work", "other"}
    assert told.as_dict()["witnesses"][0]["started_at"].startswith("2018-05-07")


def test_what_was_said_once_in_talk_says_so(tmp_path):
    home = Household()
    home.says("Ruf Sabine Oltmanns an", ("PERSON", "Sabine Oltmanns"), domain="communication", accidental=0.9)
    found = tables(home, tmp_path / "c")
    claim = next(c for c in found["claims"] if c["attribute"] == "contact")
    against = dict(explain(claim["claim_id"], found).speaks_against)
    assert against["only_in_talk"] == pytest.approx(0.9)
    assert "said_once" in against


def test_namesakes_are_shown(tmp_path):
    home = Household()
    home.says("Wetter in Neustadt", ("PLACE", "Neustadt"), domain="weather")
    found = tables(home, tmp_path / "c")
    claim = next(c for c in found["claims"] if c["attribute"].endswith("_place"))
    told = explain(claim["claim_id"], found)
    assert len(told.places) > 1
    assert "namesakes" in dict(told.speaks_against)


def test_an_unknown_id_is_refused(tmp_path):
    found = tables(ct_household(), tmp_path / "c")
    with pytest.raises(KeyError):
        explain("clm-nobody", found)
    with pytest.raises(KeyError):
        explain("clm-", found)  # more than one begins so


def test_the_command_masks_unless_a_purpose_is_given(tmp_path):
    case = ct_household().write(tmp_path / "c")
    run_stages(case, "profile")
    claim = next(c["claim_id"] for c in case.rows("claims") if c["attribute"] == "home_place")
    masked = CliRunner().invoke(app, ["explain", claim, "--case", str(tmp_path / "c")])
    assert masked.exit_code == 0, masked.output
    assert "Oldenburg" not in masked.output
    assert "4" in masked.output
    shown = CliRunner().invoke(
        app, ["explain", claim, "--case", str(tmp_path / "c"), "--reveal", "--purpose", "test", "--json"]
    )
    assert "Wie wird das Wetter in Oldenburg" in shown.output
    assert "names revealed" in (tmp_path / "c" / "custody.jsonl").read_text()
    refused = CliRunner().invoke(app, ["explain", "clm-nobody", "--case", str(tmp_path / "c")])
    assert refused.exit_code == 1
