"""Every number says where it is from, and the lookups find the right one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forensics.case.options import Options
from forensics.errors import ForensicsError, TableError
from forensics.knowledge.device_types import device_names
from forensics.knowledge.gazetteer import find
from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.names import sounds_alike
from forensics.knowledge.place_search import candidates
from forensics.reidentification.learned import learn, places_of
from forensics.reidentification.name_rates import first_name_rate, law_share, own_rate, read_own, surname_rate
from forensics.reidentification.population import city_of, likely_country, place_rate, population
from forensics.reidentification.rates import Rate, assumption, prior, table
from forensics.reidentification.risk import Extent, choose_population, measure
from tests.rows import claim_row


@pytest.mark.parametrize("name", ["priors", "population", "assumptions"])
def test_every_number_has_unit_basis_and_source(name):
    for row in table(name):
        assert row["basis"] in ("measured", "survey", "assumption"), row
        assert row["unit"] in ("person", "household"), row
        assert row["source"], row
        assert float(row["p"]) > 0, row


@pytest.mark.parametrize("name", ["first_names_de", "surnames_de"])
def test_every_name_has_unit_basis_and_source(name):
    rows = read_forms(name)
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
    assert first_name_rate("James", "US").p == pytest.approx(3_212_245 / 264_414_221)
    rare = surname_rate("Aaberg", "US")
    assert rare.spread is not None
    assert rare.spread[1] <= 4e-5


def test_unknown_names_are_not_thereby_rare():
    assert first_name_rate("Xqzt", "DE").basis == "assumption"
    assert first_name_rate("Xqzt", "DE").spread[1] >= 1e-3


def test_devices():
    assert prior("device", "thermostat", "DE").p == pytest.approx(0.14)
    assert prior("device", "echo_dot", "DE").p == pytest.approx(0.15)
    assert prior("device", "echo_dot", "DE").key == prior("device", "smart_speaker", "DE").key
    assert prior("device", "hovercraft", "DE").basis == "assumption"
    assert prior("device", None, "DE").key == "prior:device:*"
    assert prior("nothing of the kind", "x", "DE") is None


def test_kinds_are_keys_of_the_vocabularies():
    """A key that no vocabulary has would never be looked up; a list's own word must not be missing."""
    devices = {key(r["type"]) for r in read_forms("devices")} | {key(name) for name in device_names()}
    services = {key(r["form"]) for r in read_forms("services")}
    umbrella = {"heating", "smart_meter", "smart_tv", "google_home", "google_nest", "homepod"}
    umbrella |= {
        "music_streaming",
        "video_streaming",
        "public_transport",
        "radio",
        "bus",
        "u_bahn",
        "tram",
        "train",
    }
    for row in table("priors"):
        if row["key"] in ("device", "service") and row["kinds"] != "*":
            assert set(row["kinds"].split("|")) <= devices | services | umbrella, row["kinds"]


def key(name):
    return name.casefold().replace(" ", "_")


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


def place_id(name):
    return find(name).geonameid


def test_places():
    rate, place = place_rate(place_id("Hannover"), "DE"), find("Hannover")
    assert rate.spread[0] < place.population / 83.2e6 < rate.spread[1]
    assert rate.key == "geonames"
    assert place_rate(None, "DE").basis == "assumption"
    assert place_rate(None, "DE").key == "assumption:unknown_place"


def test_a_country_tells_nothing_and_a_foreign_place_is_doubtful():
    country = next(c.place for c in candidates("Deutschland", language="de"))
    assert place_rate(country.geonameid, "DE").p == 1.0
    assert place_rate(place_id("Chicago"), "DE").basis == "assumption"


def test_a_name_that_several_places_bear_is_shared_out():
    """Frankfurt am Main with .8, Frankfurt (Oder) with .2, the name heard with .9."""
    main, oder = (c.place.geonameid for c in candidates("Frankfurt", language="de")[:2])
    places = [{"place_id": oder, "probability": 0.2}, {"place_id": main, "probability": 0.8}]
    row = claim_row("home_place", "Frankfurt am Main", p=0.9, places=places)
    assert places_of(row) == pytest.approx({main: 0.72, oder: 0.18})
    one = learn([row], population("DE", "x"))[0]
    assert (one.place_id, one.p_value) == (main, pytest.approx(0.72))
    assert one.rivals[str(oder)].p < one.rate.p
    told = measure("g", [row], Extent(5, 5), options=Options(draws=4000))["exposure"][0]
    sure = measure("g", [{**row, "places": places[1:]}], Extent(5, 5), options=Options(draws=4000))[
        "exposure"
    ][0]
    assert told["base_rate_mid"] == pytest.approx(sure["base_rate_mid"], rel=0.3)
    assert told["base_rate_lo"] < 0.2 * sure["base_rate_lo"]  # one draw in five is the small town


def test_districts_are_known_as_such():
    assert city_of(find("Altona")).name == "Hamburg"
    assert city_of(find("Hannover")) is None


def test_population_of_the_likely_country():
    assert population("DE", "x").persons == 83_200_000
    assert population("XX", "x").country == "*"
    assert likely_country([(place_id("Berlin"), 0.5)], ["de"])[0] == "DE"
    assert likely_country([(place_id("Springfield"), 0.5)], ["en"])[0] == "US"
    assert likely_country([], ["de"])[0] == "DE"
    assert likely_country([], [])[0] == "*"


def test_what_defines_the_population_adds_no_bits():
    """15 % of German households own a smart speaker: 83.2 M x .15 persons, log2(.15) bits fewer to find."""
    rows = [claim_row("device", kind, kind=kind) for kind in ("echo_dot", "tv")]
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
    rows = [claim_row("surname", "Oltmanns", p=1.0)]
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


def test_a_citys_official_figure_wins_over_the_gazetteers():
    oldenburg = place_rate(find("Oldenburg").geonameid, "DE")
    assert oldenburg.key == "destatis:districts"
    assert np.sqrt(0.9 * 2.2) * 168_210 / 83_200_000 == pytest.approx(oldenburg.p)
    assert place_rate(find("Bad Zwischenahn").geonameid, "DE").key == "geonames"


def test_american_first_names_are_those_of_the_living():
    old, new, rare = (first_name_rate(name, "US") for name in ("Gertrude", "Liam", "Katrin"))
    assert old.p < new.p < 0.001
    assert new.basis == "measured"
    assert rare.basis == "assumption"
    assert rare.spread[1] > 4 * rare.p  # one in seven was born abroad
