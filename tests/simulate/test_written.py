"""Households written by hand, lived by other people: a small one of our own."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from forensics.errors import ForensicsError
from forensics.knowledge.gazetteer import find, near
from forensics.knowledge.place_search import candidates
from forensics.simulate import simulate
from forensics.simulate.identities import replacements
from forensics.simulate.scripts import Script, read_script, read_scripts
from forensics.simulate.transplant import Transplanted, transplant
from forensics.simulate.written import Changes, cut, misheard, written_homes
from forensics.simulate.written_register import write_register

SCRIPTS = Path(__file__).parent / "scripts"
OLD = ("Sebastian", "Basti", "Quandt", "Friederike", "Ottilie", "Vosskamp", "Celle", "Hannover", "Kwant")


@pytest.fixture(scope="module")
def script() -> Script:
    return read_script(SCRIPTS / "baking.json")


@pytest.fixture(scope="module")
def copies(script: Script) -> list[Transplanted]:
    return [transplant(script, number) for number in range(12)]


def new_names(script: Script, number: int) -> dict[str, str]:
    rng = np.random.default_rng([0, number, 5, *script.name.encode()])
    return {one.old: one.new for one in replacements(script, rng)}


def test_no_old_name_is_left_anywhere(copies):
    for copy in copies:
        everything = json.dumps(
            [copy.script.people, copy.script.home, copy.script.profile, copy.script.truth]
        )
        everything += " ".join(f"{line.text} {line.heard or ''}" for line in copy.script.lines)
        for name in OLD:
            assert not re.search(rf"\b{name}", everything, re.IGNORECASE), (name, copy.script.lines)


@pytest.mark.parametrize(
    ("text", "heard", "reason"),
    [
        ("Alexa, wann spielen die Celle Blizzards?", "wann spielen die celle blizzards", "title"),
        ("Friederica heiß ich nicht.", "friederica heiß ich nicht", "near"),
        ("Alexa, sag Ottilie Bescheid.", "sack ofen lieber scheid", "unclear"),
        ("Mit Q, U, A, N, und dann D, T.", None, "spelled"),
        ("Alexa, sag ihr Bescheid.", "sag vosskamp bescheid", "left"),
    ],
)
def test_what_cannot_be_replaced_is_left_out_and_counted(script, text, heard, reason):
    line = replace(script.lines[0], text=text, heard=heard)
    copy = transplant(replace(script, lines=[*script.lines, line]), 0)
    assert copy.dropped == {reason: 1}
    assert copy.rate == pytest.approx(1 / 13)
    assert len(copy.script.lines) == 12


def test_a_home_that_loses_too_much_is_refused(script):
    bad = [replace(script.lines[0], text="Mit Q, U, A, N, und dann D, T.", heard=None)] * 4
    assert transplant(replace(script, lines=[*script.lines, *bad]), 0).faults == ("lost",)
    told_once = [c for c in script.truth if c["attribute"] != "surname"]
    surname = {**next(c for c in script.truth if c["attribute"] == "surname"), "evidence": [12]}
    unsaid = replace(script, lines=[*script.lines, bad[0]], truth=[*told_once, surname])
    assert transplant(unsaid, 0).faults == ("identity",)
    with pytest.raises(ForensicsError, match="cannot be lived by others"):
        list(written_homes([unsaid], 1, Changes()))


def test_a_place_that_no_gazetteer_knows_becomes_another_one(script, copies):
    for number, copy in enumerate(copies):
        name = new_names(script, number)["Hinterdümpel"]
        assert not any(c.how == "name" for c in candidates(name, limit=1))
        assert any(name.lower() in (line.heard or "") for line in copy.script.lines)
        assert any(claim["value"] == name for claim in copy.script.truth)


def test_names_are_replaced_consistently_with_their_inflections_and_nicknames(script, copies):
    for number, copy in enumerate(copies):
        names = new_names(script, number)
        said = [line.text for line in copy.script.lines]
        assert said[2].startswith(f"{names['Sebastian']}, das ist {names['Basti']}s Teig")
        assert copy.script.lines[4].heard == f"ich heiße {names['Sebastian'].lower()}"
        assert copy.script.people[0]["surname"] == copy.script.people[1]["surname"] == names["Quandt"]
        assert copy.script.profile["friends"] == [f"{names['Ottilie']} {names['Vosskamp']}"]
        assert {names[n] for n in ("Friederike", "Ottilie")}.isdisjoint({names["Sebastian"], names["Basti"]})


def test_a_spelled_name_is_spelled(script, copies):
    for number, copy in enumerate(copies):
        letters = [c.upper() for c in new_names(script, number)["Quandt"] if c.isalpha()]
        assert copy.script.lines[7].text == f"Mit {', '.join(letters)}."
        assert copy.script.lines[7].heard == f"mit {' '.join(letters).lower()}"


def test_what_was_misheard_is_misheard(script, copies):
    heard = []
    for number, copy in enumerate(copies):
        name = new_names(script, number)["Quandt"].lower()
        found = re.fullmatch("guten tag (.+) hier", copy.script.lines[3].heard)
        assert found is not None
        heard.append(found[1] != name)
    assert np.mean(heard) > 0.8


def test_distances_between_towns_are_kept(copies):
    old = near(find("Celle"), find("Hannover"))
    for copy in copies:
        home, work = (find(c["value"]) for c in copy.script.truth[:2])
        assert home is not None
        assert work is not None
        assert near(home, work) == pytest.approx(old, rel=0.2, abs=3.0)
        assert 1 / 2.5 <= home.population / find("Celle").population <= 2.5


def test_copies_differ_and_the_same_copy_is_the_same(script, copies):
    assert len({copy.script.people[0]["surname"] for copy in copies}) > 6
    assert transplant(script, 3) == copies[3]
    assert transplant(script, 3, seed=1) != copies[3]


def test_fewer_utterances_keep_what_they_support(copies):
    script = copies[0].script
    few = cut(script, 4, np.random.default_rng(0))
    assert len(few.lines) == 4
    assert all(line in script.lines for line in few.lines)
    for claim in few.truth:
        assert claim["evidence"]
        assert max(claim["evidence"]) < 4


@pytest.mark.parametrize("errors", ["names", "letters", "words"])
def test_other_recognisers_make_other_errors(copies, errors):
    script = copies[0].script
    changed = [misheard(script, errors, np.random.default_rng(n)) for n in range(20)]
    assert any(c.lines != script.lines for c in changed)
    for one in changed:
        assert [line.text for line in one.lines] == [line.text for line in script.lines]
        assert [line.heard is None for line in one.lines] == [line.heard is None for line in script.lines]
    assert misheard(script, "none", np.random.default_rng(0)) == script


def test_bundles_truth_and_register(tmp_path):
    truth = simulate(4, tmp_path / "out", world="written", scripts=SCRIPTS, register=500, merged=True)
    rows = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    assert [row["household"] for row in rows] == [f"household-{n:05d}" for n in range(4)]
    figures = json.loads((tmp_path / "out" / "left_out.json").read_text())
    assert (figures["rate"], figures["households"]) == (0.0, {"made": 4, "refused": {}, "rate": 0.0})
    assert all(row["left_out_rate"] == 0.0 for row in rows)
    assert all(row["surname_spoken"] for row in rows)
    register = pq.read_table(tmp_path / "out" / "register.parquet").to_pylist()
    assert len(register) == 500
    by_id = {row["profile_id"]: row for row in register}
    for row in rows:
        with zipfile.ZipFile(tmp_path / "out" / row["bundle"]) as archive:
            members = set(archive.namelist())
            table = list(csv.DictReader(io.StringIO(archive.read("Alexa/Transcripts.csv").decode())))
        assert len(table) == 12
        assert "Alexa-2/Transcripts.csv" in members
        assert {f"Alexa/Audio/{name}" for claim in row["claims"] for name in claim["recordings"]} <= members
        if row["profile_id"] is not None:
            surname = next(c["value"] for c in row["claims"] if c["attribute"] == "surname")
            assert by_id[row["profile_id"]]["surname"] == surname
            assert by_id[row["profile_id"]]["friends"][0] in by_id
    assert any(row["profile_id"] for row in rows)


def test_strangers_of_the_register_live_where_the_homes_are(tmp_path, script):
    swiss = replace(script, country="CH", profile={})
    write_register([script, swiss, swiss], tmp_path / "register.parquet", 900, seed=3)
    rows = pq.read_table(tmp_path / "register.parquet").to_pylist()
    assert len({row["profile_id"] for row in rows}) == len(rows) == 900
    countries = Counter(row["country"] for row in rows)
    assert countries["CH"] == pytest.approx(600, abs=5)
    assert countries.total() == countries["CH"] + countries["DE"]


def test_what_is_missing_or_unknown_is_said(tmp_path, script):
    (tmp_path / "broken.json").write_text("{}")
    with pytest.raises(ForensicsError, match="lacks 'household'"):
        list(read_scripts(tmp_path))
    with pytest.raises(ForensicsError, match="holds no scripts"):
        list(read_scripts(tmp_path / "nowhere"))
    with pytest.raises(ForensicsError, match="needs scripts"):
        simulate(1, tmp_path / "out", world="written")
    with pytest.raises(ForensicsError, match="unknown"):
        list(written_homes([script], 1, Changes(errors="nonsense")))
