"""A trial measures what an investigation of the same bundle measures, and its outcomes follow the truth."""

from __future__ import annotations

import numpy as np
import pytest

from forensics import investigate
from forensics.case.options import Options
from forensics.reidentification.learned import CERTAIN, Learned
from forensics.simulate import OBEYING, WRONG, draw_household, utter, write_bundle
from forensics.simulate.trial import as_said, is_true, run_trial, understood


def claim(attribute, value, role="subject", place_id=None):
    sources = frozenset({"audio"})
    return Learned("c", attribute, role, value, 1.0, 1.0, {}, sources, "names", CERTAIN, place_id=place_id)


def test_a_trial_sees_what_an_investigation_sees(tmp_path):
    home = draw_household(1, OBEYING, seed=3)
    said = utter(home, OBEYING)
    write_bundle(home, said, tmp_path / "bundle.zip")
    case = investigate(tmp_path / "bundle.zip", case=tmp_path / "case", options=Options(engine="vendor"))
    kept = ["attribute", "subject_role", "value", "n_support"]
    on_disk = case.frame("claims")
    from_disk = {(*row[:4], round(row[4], 6)) for row in on_disk[[*kept, "p_true"]].itertuples(index=False)}
    from_trial = {(*(row[k] for k in kept), round(row["p_true"], 6)) for row in understood(home, said)}
    assert from_trial == from_disk


def test_truth():
    home = draw_household(3, OBEYING, seed=3)
    assert is_true(claim("home_place", "whatever it is called", place_id=home.place_id(home.home)), home)
    assert not is_true(claim("home_place", home.home, place_id=home.place_id(home.work)), home)
    assert is_true(claim("first_name", home.first), home)
    assert is_true(claim("first_name", home.first, "companion"), home)
    assert is_true(claim("surname", home.last), home)
    assert not is_true(claim("surname", "Nobodyson"), home)
    assert not is_true(claim("contact", "Nobody Nobodyson", "contact"), home)
    for contact in home.contacts:
        assert is_true(claim("contact", f"{contact.first} {contact.last}", "contact"), home)
        assert is_true(claim("contact", contact.first, "contact"), home)


def test_outcomes_follow_the_truth():
    trials = [
        t
        for n in range(8)
        for t in run_trial(draw_household(n, OBEYING, seed=1), OBEYING, Options(draws=300))
    ]
    assert {t.attacker for t in trials} == {"machine", "listener"}
    for trial in trials:
        assert trial.low <= trial.predicted <= trial.high
        assert 0 <= trial.pit <= 1
        assert trial.k >= 1
        assert not trial.success or trial.right  # a wrong claim never finds the subject


def test_the_same_trial_twice():
    home = draw_household(2, WRONG, seed=1)
    assert run_trial(home, WRONG, Options(draws=200)) == run_trial(home, WRONG, Options(draws=200))


def test_hearing_what_was_said_finds_more_than_what_was_understood():
    found = {"heard": 0.0, "understood": 0.0}
    for n in range(12):
        home = draw_household(n, WRONG, seed=2)
        said = utter(home, WRONG)
        for name, rows in (("heard", as_said(home, said)), ("understood", understood(home, said))):
            found[name] += sum(row["p_true"] for row in rows if row["attribute"] in ("contact", "first_name"))
    assert found["heard"] > found["understood"]
    assert np.isfinite(list(found.values())).all()


@pytest.mark.parametrize("world", [OBEYING, WRONG])
def test_worlds_differ_only_where_they_say(world):
    assert (world.distortion == 0) == (world is OBEYING)
