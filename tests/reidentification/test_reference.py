"""Every number says where it is from, and the lookups find the right one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forensics.case.options import Options
from forensics.errors import ForensicsError, TableError
from forensics.knowledge.names import reference_rows, sounds_alike
from forensics.reidentification.learned import learn
from forensics.reidentification.names import first_name_rate, law_share, own_rate, read_own, surname_rate
from forensics.reidentification.population import city_of, likely_country, look_up, place_rate, population
from forensics.reidentification.rates import Rate, assumption, prior, table
from forensics.reidentification.risk import choose_population


@pytest.mark.parametrize("name", ["priors", "population", "assumptions"])
def test_every_number_has_unit_basis_and_source(name):
    for row in table(name):
        assert row["basis"] in ("measured", "survey", "assumption"), row
        assert row["unit"] in ("person", "household"), row
        assert row["source"], row
        assert float(row["p"]) > 0, row


@pytest.mark.parametrize("name", ["first_names_de", "surnames_de"])
def test_every_name_has_unit_basis_and_source(name):
    rows = reference_rows(name)
    assert len({r["value"] for r in rows}) == len(rows)
    for row in rows:
        assert row["basis"] in ("measured", "survey", "assumption"), row
        assert row["unit"] == "person", row
        assert row["source"], row
        assert 0 < float(row["p"]) < 0.05, row
        assert float(row["n_eff"]) > 0, row


def test_what_an_assumption_is_called_by_the_source_too():
    for row in table("priors"):
        assert (row["basis"] == "assumption") == row["source"].startswith("Assumption"), row


def test_german_surnames():
    assert surname_rate("Schneider", "DE").p == pytest.approx(115_749 / 28e6, rel=1e-3)
    assert surname_rate("Schneider", "DE").basis == "measured"
    assert law_share(1) == pytest.approx(256_003 / 28e6, rel=0.11)  # the fit's rms error of the log


def test_spellings_that_sound_alike_are_summed_unless_spelled():
    heard, read = surname_rate("Meyer", "DE"), surname_rate("Meyer", "DE", spelled=True)
    assert read.p == pytest.approx(83_586 / 28e6, rel=1e-3)
    assert heard.p > 1.5 * read.p
    assert surname_rate("Maier", "DE").p == pytest.approx(heard.p)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Meyer", "Maier", True), ("Schmidt", "Schmitt", True), ("Stefan", "Stephan", True),
        ("Katrin", "Kathrin", True), ("Hoffmann", "Hofmann", True), ("Wolf", "Wolff", True),
        ("Martin", "Martina", False), ("Anna", "Anne", False), ("Hanna", "Anna", False),
        ("Weber", "Wagner", False), ("Schulz", "Scholz", False), ("Müller", "Möller", False),
    ],
)  # fmt: skip
def test_sounds_alike(one, other, alike):
    assert sounds_alike(one, other) is alike


def test_an_unlisted_surname_is_drawn_from_the_tail():
    drawn = surname_rate("Oltmanns", "DE").draw(np.random.default_rng(0), 20_000) * 28e6
    low, middle, high = np.quantile(drawn, [0.05, 0.5, 0.95])
    # The method's own fit, beyond rank 406: 24, 155 and 4,846 bearers; telephone connections times 2.8.
    assert 5 < low < 30
    assert 40 < middle < 200
    assert 1_500 < high < 8_000


def test_us_names():
    assert surname_rate("Smith", "US").p == pytest.approx(0.01006)
    assert first_name_rate("James", "US").p == pytest.approx(0.5 * (0.03318 + 0.00007), rel=0.02)
    rare = surname_rate("Aaberg", "US")
    assert rare.spread is not None
    assert rare.spread[1] <= 4e-5


def test_unknown_names_are_not_thereby_rare():
    assert first_name_rate("Xqzt", "DE").basis == "assumption"
    assert first_name_rate("Xqzt", "DE").spread[1] >= 1e-3


def test_devices():
    assert prior("device", "thermostat", "DE").p == pytest.approx(0.14)
    assert prior("device", "Echo Dot", "DE").p == pytest.approx(0.15)
    assert prior("device", "Hovercraft", "DE").basis == "assumption"
    assert prior("nothing of the kind", "x", "DE") is None


def test_a_missing_assumption_says_so():
    with pytest.raises(TableError, match=r"assumptions\.csv has no row 'nonsense'"):
        assumption("nonsense")


def test_rates_draw_around_their_mean():
    rng = np.random.default_rng(0)
    counted = Rate(0.14, 1006, "household", "survey", "x").draw(rng, 20_000)
    assert counted.mean() == pytest.approx(0.14, abs=0.001)
    assert counted.std() == pytest.approx(np.sqrt(0.14 * 0.86 / 1007), rel=0.05)  # Beta's standard deviation
    spread = Rate(0.1, 20, "person", "assumption", "x", (0.01, 1.0)).draw(rng, 20_000)
    assert np.median(spread) == pytest.approx(0.1, rel=0.05)


def test_places():
    rate, place = place_rate("Hannover", "DE")
    assert place is not None
    assert 500_000 < place.population < 550_000
    assert rate.spread[0] < place.population / 83.2e6 < rate.spread[1]
    assert look_up("München").geonameid == look_up("Munich").geonameid
    assert look_up("Koeln").name == "Köln"
    assert place_rate("Nirgendheim", "DE")[1] is None
    assert place_rate("Nirgendheim", "DE")[0].basis == "assumption"


def test_a_country_tells_nothing_and_a_foreign_place_is_doubtful():
    assert place_rate("Deutschland", "DE")[0].p == 1.0
    assert place_rate("Chicago", "DE")[0].basis == "assumption"


def test_districts_are_known_as_such():
    assert city_of(look_up("Altona")).name == "Hamburg"
    assert city_of(look_up("Hannover")) is None


def test_population_of_the_likely_country():
    assert population("DE", "x").persons == 83_200_000
    assert population("XX", "x").country == "*"
    assert likely_country([("Berlin", 0.5)], ["de"])[0] == "DE"
    assert likely_country([("Springfield", 0.5)], ["en"])[0] == "US"
    assert likely_country([], ["de"])[0] == "DE"
    assert likely_country([], [])[0] == "*"


def test_what_defines_the_population_adds_no_bits():
    """15 % of German households own a smart speaker: 83.2 M x .15 persons, log2(.15) bits fewer to find."""
    rows = [
        {"claim_id": f"c{i}", "attribute": "device", "subject_role": "subject", "value": value,
         "p_true": 0.99, "details": [], "roles": [], "alternatives": [], "dep_group": "devices"}
        for i, value in enumerate(("Echo Dot", "smart tv"))
    ]  # fmt: skip
    residents, owners = (choose_population(rows, chosen) for chosen in ("DE", "DE/smart-speaker"))
    assert owners.persons == 12_480_000
    assert "smart speaker" in owners.definition
    echo, television = learn(rows, owners)
    assert echo.rate.p == 1.0
    assert television.rate.p < 1.0
    assert learn(rows, residents)[0].rate.p == pytest.approx(0.15)


def test_a_population_that_is_none_is_refused():
    with pytest.raises(ForensicsError, match="no population"):
        Options(population="Germany")


def test_a_users_own_counts_win(tmp_path):
    path = tmp_path / "names.csv"
    counts = {"Oltmanns": 30, "Meyer": 60, "Meier": 10}
    lines = [f"surname,{name},{count},town hall" for name, count in counts.items()]
    path.write_text("\n".join(["kind,name,count,source", *lines]))
    own = read_own(path)
    people = replace(population("DE", "x"), own_names=own)
    assert own_rate("Oltmanns", own["surname"]).p == pytest.approx(0.3)
    assert own_rate("Maier", own["surname"]).p == pytest.approx(0.7)
    assert own_rate("Müller", own["surname"]) is None
    rows = [
        {"claim_id": "c", "attribute": "surname", "subject_role": "subject", "value": "Oltmanns",
         "p_true": 1.0, "alternatives": [], "roles": [], "details": [], "dep_group": "names"}
    ]  # fmt: skip
    assert learn(rows, people)[0].rate.source == "town hall"
    assert learn(rows, population("DE", "x"))[0].rate.source != "town hall"


@pytest.mark.parametrize(
    "line", ["surname,,3,x", "surname,Meyer,-1,x", "surname,Meyer,many,x", "nickname,Meyer,3,x"]
)
def test_a_bad_line_of_names_is_named(tmp_path, line):
    path = tmp_path / "names.csv"
    path.write_text(f"kind,name,count,source\n{line}\n")
    with pytest.raises(TableError, match=r"names\.csv, line 2"):
        read_own(path)
