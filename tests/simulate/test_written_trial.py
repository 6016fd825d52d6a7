"""An attack on a written household sees what an investigation sees, and is judged by the script's truth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forensics import investigate
from forensics.case.options import Options
from forensics.knowledge.gazetteer import find
from forensics.profile.stage import profile
from forensics.reidentification.learned import learn
from forensics.reidentification.population import population
from forensics.simulate.calibration import bootstrap, recalibration
from forensics.simulate.scripts import Script, read_script
from forensics.simulate.transplant import transplant
from forensics.simulate.written import Changes, write_bundle, written_homes
from forensics.simulate.written_trial import Truth, evidence_of, run_written_trial, true_rows
from tests.simulate.test_trial import claim

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.fixture(scope="module")
def script() -> Script:
    return read_script(SCRIPTS / "baking.json")


def test_a_trial_sees_what_an_investigation_sees(tmp_path, script):
    (home,) = written_homes([script], 1, Changes(), seed=4)
    write_bundle(home, tmp_path / "bundle.zip")
    case = investigate(tmp_path / "bundle.zip", case=tmp_path / "case", options=Options(engine="vendor"))
    kept = ["attribute", "subject_role", "value"]
    named = {"home_place", "work_place", "first_name", "surname", "contact", "child", "relation"}
    on_disk = {tuple(row[k] for k in kept) for row in case.rows("claims") if row["attribute"] in named}
    rows = profile(evidence_of(home.script))["claims"]
    assert on_disk == {tuple(row[k] for k in kept) for row in rows if row["attribute"] in named}
    assert on_disk


def test_what_the_script_believes_is_true_and_matched(script):
    truth = Truth(script)
    learned = learn(true_rows(script), population("DE", "a test"))
    assert {(one.attribute, one.value) for one in learned} == {
        ("home_place", "Celle"), ("work_place", "Hannover"), ("first_name", "Sebastian"),
        ("surname", "Quandt"), ("contact", "Ottilie Vosskamp"),
    }  # fmt: skip
    assert all(truth.holds(one) for one in learned)
    assert all(one.p_value == one.p_role == 1.0 for one in learned)


@pytest.mark.parametrize(
    ("attribute", "value", "role", "true"),
    [
        ("first_name", "Sebastian", "subject", True),
        ("first_name", "Basti", "subject", True),
        ("first_name", "Friederike", "subject", False),
        ("first_name", "Sebastian", "companion", True),
        ("first_name", "Ottilie", "companion", False),
        ("surname", "Quandt", "companion", True),
        ("surname", "Vosskamp", "subject", False),
        ("contact", "Ottilie", "contact", True),
        ("contact", "Frau Vosskamp", "contact", True),
        ("contact", "Ottilie Quandt", "contact", False),
        ("contact", "Sebastian Quandt", "contact", False),
        ("employer", "Sparkasse", "subject", False),
    ],
)
def test_truth_of_names(script, attribute, value, role, true):
    assert Truth(script).holds(claim(attribute, value, role)) == true


def test_truth_of_places(script):
    truth = Truth(script)
    ids = {name: find(name).geonameid for name in ("Celle", "Hannover", "Uelzen")}
    assert truth.holds(claim("home_place", "whatever", place_id=ids["Celle"]))
    assert not truth.holds(claim("home_place", "Celle", place_id=ids["Uelzen"]))
    assert truth.holds(claim("work_place", "Hannover", place_id=ids["Hannover"]))
    assert not truth.holds(claim("work_place", "Celle", place_id=ids["Celle"]))


def test_outcomes_follow_the_truth(script):
    trials = []
    for copy in range(4):
        trials += run_written_trial(transplant(script, copy).script, copy, Options(draws=300))
    assert {t.attacker for t in trials} == {"machine", "listener"}
    for trial in trials:
        assert trial.low <= trial.predicted <= trial.high
        assert trial.k >= 1
        assert not trial.success or trial.right
        assert trial.surname_spoken
    assert all(t.right for t in trials if t.attacker == "listener")


def test_the_same_trial_twice(script):
    options = Options(draws=200)
    assert run_written_trial(script, 1, options) == run_written_trial(script, 1, options)
    assert run_written_trial(script, 1, options) != run_written_trial(script, 2, options)


def test_who_hears_nothing_knows_nothing(script):
    silent = replace(script, lines=[replace(line, heard=None) for line in script.lines])
    machine, listener = run_written_trial(silent, 1, Options(draws=200))
    assert machine.predicted < 1e-3
    assert listener.k == 1.0


def test_intervals_of_copies_are_wider_than_of_independent_cases():
    rng = np.random.default_rng(0)
    y = np.repeat(rng.integers(0, 2, 12), 50).astype(float)
    p = np.full(len(y), 0.5)
    names = [str(n) for n in np.repeat(np.arange(12), 50)]

    def mean(p, y):
        return float(y.mean())

    alone, together = bootstrap(mean, p, y), bootstrap(mean, p, y, clusters=names)
    assert together[1] - together[0] > 3 * (alone[1] - alone[0])


def test_recalibration_of_separable_data_is_finite():
    p = np.array([0.1] * 10 + [0.9] * 10)
    for y in (np.array([0.0] * 10 + [1.0] * 10), np.zeros(20)):
        assert np.isfinite(recalibration(p, y)).all()
        assert abs(recalibration(p, y)[1]) < 100
