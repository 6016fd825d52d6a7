"""Simulated households: reproducible, with the frozen case mix, and bundles that the toolkit takes in."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from forensics.cli import app
from forensics.errors import ForensicsError
from forensics.simulate import OBEYING, WRONG, draw_household, simulate, utter
from forensics.simulate.households import LARGEST, SMALLEST
from forensics.simulate.register import P_FIELD, write_register
from forensics.simulate.template_talk import garble, spoken_clock


@pytest.fixture(scope="module")
def homes():
    return [draw_household(n, OBEYING, seed=5) for n in range(300)]


def test_the_same_household_twice():
    assert draw_household(7, OBEYING, seed=5) == draw_household(7, OBEYING, seed=5)
    assert draw_household(7, OBEYING, seed=5) != draw_household(7, OBEYING, seed=6)
    assert draw_household(7, OBEYING, seed=5) != draw_household(7, WRONG, seed=5)
    home = draw_household(7, OBEYING, seed=5)
    assert utter(home, OBEYING) == utter(home, OBEYING)


def test_the_frozen_case_mix(homes):
    spoken = np.mean([h.surname_spoken for h in homes])
    assert 0.4 < spoken < 0.6
    assert all(SMALLEST <= h.recordings <= LARGEST for h in homes)
    assert np.mean([h.recordings for h in homes]) > 250
    assert {h.world for h in homes} == {"obeying"}


def test_an_unspoken_surname_is_not_said(homes):
    for home in [h for h in homes if not h.surname_spoken][:40]:
        for one in utter(home, OBEYING):
            assert home.last not in [word for _, _, _, value in one.entities for word in value.split()]


def test_entities_lie_where_they_say(homes):
    for home in homes[:20]:
        said = utter(home, OBEYING)
        assert len(said) == home.recordings
        for one in said:
            assert all(one.text[start:end] == value for start, end, _, value in one.entities)
            assert one.heard == one.heard.lower()


@pytest.mark.parametrize("language", ["de", "en"])
def test_both_languages(language):
    home = draw_household(1, OBEYING, language=language, seed=2)
    assert home.country == {"de": "DE", "en": "US"}[language]
    assert utter(home, OBEYING)


def test_names_are_misheard_as_often_as_the_world_says():
    wrong = total = 0
    for n in range(40):
        home = draw_household(n, OBEYING, seed=9)
        for one in utter(home, OBEYING):
            if any(label in ("PERSON", "PLACE") for _, _, label, _ in one.entities):
                total += 1
                wrong += one.heard != one.text.lower()
    assert wrong / total == pytest.approx(OBEYING.misheard, abs=0.06)


def test_garbling_changes_little():
    rng = np.random.default_rng(0)
    assert all(abs(len(garble("Katharina", rng)) - 9) <= 2 for _ in range(50))


def test_clock_in_words():
    assert spoken_clock("05:45", "en") == "five forty five"
    assert spoken_clock("08:00", "de") == "acht uhr"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    out = tmp_path_factory.mktemp("simulated") / "out"
    result = CliRunner().invoke(
        app,
        ["simulate", "--households", "3", "--out", str(out), "--register", "120", "--seed", "4", "--json"],
    )
    assert result.exit_code == 0, result.output
    return out, json.loads(result.output)


def test_the_command_writes_bundles_truth_and_register(written):
    out, answer = written
    assert answer["status"] == "done"
    rows = [json.loads(line) for line in (out / "truth.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 3
    for row in rows:
        assert set(row) == {"household", "bundle", "profile_id", "claims", "surname_spoken", "world", "seed"}
        assert {"attribute", "subject_role", "value"} == set(row["claims"][0])
        with zipfile.ZipFile(out / row["bundle"]) as archive:
            table = next(n for n in archive.namelist() if n.endswith(".csv"))
            lines = list(csv.DictReader(io.StringIO(archive.read(table).decode())))
            assert len(lines) == sum(n.endswith(".wav") for n in archive.namelist())


def test_the_register_holds_some_of_the_subjects_and_many_others(written):
    out, _ = written
    register = pq.read_table(out / "register.parquet").to_pylist()
    assert len(register) == 120
    ids = {row["profile_id"] for row in register}
    assert len(ids) == 120
    assert all(friend in ids for row in register for friend in row["friends"])
    rows = [json.loads(line) for line in (out / "truth.jsonl").read_text("utf-8").splitlines()]
    listed = [row for row in rows if row["profile_id"]]
    assert all(row["profile_id"] in ids for row in listed)
    by_id = {row["profile_id"]: row for row in register}
    for row in listed:
        surname = next(c["value"] for c in row["claims"] if c["attribute"] == "surname")
        assert by_id[row["profile_id"]]["surname"] == surname


def test_it_refuses_to_overwrite(written):
    out, _ = written
    with pytest.raises(ForensicsError, match="is not empty"):
        simulate(1, out)


def test_strangers_are_drawn_as_households_are_and_the_wrong_world_hides_more(tmp_path):
    homes = [draw_household(n, OBEYING, seed=5) for n in range(3)]
    shown = {}
    for world in (OBEYING, WRONG):
        path = tmp_path / f"{world.name}.parquet"
        write_register(homes, path, 4000, seed=5, world=world)
        table = pq.read_table(path)
        assert table.num_rows == 4000
        assert len(set(table.column("profile_id").to_pylist())) == 4000
        shown[world.name] = 1 - table.column("place").null_count / 4000
        couples = [r for r in table.to_pylist() if r["partner_profile_id"]]
        by_id = {r["profile_id"]: r for r in table.to_pylist()}
        assert couples
        if world is OBEYING:
            for row in couples:
                partner = by_id[row["partner_profile_id"]]
                assert partner["surname"] == row["surname"]
                assert row["partner_first_name"] in (None, partner["first_name"])
    assert shown["obeying"] == pytest.approx(P_FIELD, abs=0.03)
    assert shown["wrong"] < shown["obeying"]


def test_the_same_seed_writes_the_same_register(tmp_path):
    homes = [draw_household(1, OBEYING, seed=5)]
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    ids = [write_register(homes, path, 300, seed=7) for path in paths]
    assert ids[0] == ids[1]
    assert pq.read_table(paths[0]).equals(pq.read_table(paths[1]))
