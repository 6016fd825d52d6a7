"""The parts of a transplant: whose name is whose, what it is mistaken for, and where it is no name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.simulate.alongside import laid_beside
from forensics.simulate.mishearing import letters_off, misheard_name
from forensics.simulate.origins import first_names, origin_of, origin_of_surname, sex_of, surnames
from forensics.simulate.surroundings import is_in_title, is_word_here, said_differently

NAMES = ("Stockthal", "Ottilie", "Kirchhoff", "Benjamin", "Przybilla", "Müller", "O'Sullivan")
WORDS = st.lists(
    st.sampled_from(["wie", "ist", "das", "wetter", "der", "bitte"]),
    max_size=6,
)


@pytest.mark.parametrize(
    ("name", "relation", "language", "sex"),
    [
        ("Jonathan", "mein Sohn (Joni)", "de", "m"),
        ("Kacper", "mein Mann", "de", "m"),
        ("Samira", "Freundin von Miriam", "de", "f"),
        ("Ingo", "Freund in Magdeburg", "de", "m"),
        ("Beat", "", "de", "m"),
        ("Kim", "my daughter", "en", "f"),
        ("Tunde", "", "en", "m"),
        ("Dean", "a person at work", "en", "m"),
    ],
)
def test_sex(name, relation, language, sex):
    assert sex_of(name, relation, language) == sex


@pytest.mark.parametrize(
    ("name", "language", "origin"),
    [("Gülay", "de", "turkish"), ("Steffen", "de", "german"), ("Priya", "en", "indian"),
     ("Mark", "en", "english"), ("Ngozi", "en", "nigerian"), ("Zuzana", "de", "czech"),
     ("Harriet", "de", "english")],
)  # fmt: skip
def test_where_a_first_name_comes_from(name, language, origin):
    assert origin_of(name, language) == origin


def test_where_a_surname_comes_from():
    assert origin_of_surname("Özdemir", None, "de") == "turkish"
    assert origin_of_surname("Penhaligon", "Harriet", "de") == "english"
    assert origin_of_surname("Schmidt", "Gülay", "de") == "german"
    assert "Nowak" in surnames("polish")
    assert not surnames("german")


@pytest.mark.parametrize("origin", ["turkish", "polish", "spanish", "indian", "german", "english", "irish"])
def test_names_of_one_sex_are_not_the_other_ones(origin):
    language = "de" if origin in ("turkish", "polish", "german") else "en"
    women, men = (set(first_names(origin, sex, language)) for sex in "fm")
    assert len(women) > 9
    assert len(men) > 9
    assert not women & men


@given(st.sampled_from(NAMES), st.floats(0.05, 0.7), st.integers(1, 3), st.integers(0, 99))
def test_a_misheard_name_is_lower_case_and_like_the_name(name, distance, words, seed):
    heard = misheard_name(name, distance, words, "de", np.random.default_rng(seed))
    assert heard
    assert heard == heard.lower()
    assert len(heard.split()) <= words
    assert letters_off(name, heard) < 1
    assert heard == misheard_name(name, distance, words, "de", np.random.default_rng(seed))


@settings(deadline=None)
@given(WORDS, st.sampled_from(["Ottilie", "Vosskamp", "Neustadt-Mußbach"]), WORDS)
def test_what_was_understood_rightly_is_found_where_it_stands(before, name, after):
    said = " ".join([*before, name, *after])
    heard = said.lower().replace("-", " ")
    start = len(" ".join([*before, ""]))
    (part,) = laid_beside(said, [(start, start + len(name))], heard)
    assert part.exact
    assert heard[part.start : part.end] == name.lower().replace("-", " ")


def test_what_was_misunderstood_is_found_by_its_sound():
    said = "Zuzana! Des Kastl spielt auf amol Böhmisch!"
    (part,) = laid_beside(said, [(0, 6)], "susanna das kasterl spielt auf einmal böhmisch")
    assert (part.start, part.end, part.exact) == (0, 7, False)
    assert laid_beside("Ruf Ottilie an.", [(4, 11)], "ruf an") == [None]
    assert laid_beside("Sag Ottilie Bescheid.", [(4, 11)], "sack ofen lieber scheid") is None


@pytest.mark.parametrize(
    ("text", "name", "is_word"),
    [
        ("Mark my words.", "Mark", True),
        ("Mark, telephone away.", "Mark", False),
        ("I told Mark so.", "Mark", False),
        ("Will you come?", "Will", True),
        ("Joanne is here.", "Joanne", False),
    ],
)
def test_names_that_are_words(text, name, is_word):
    start = text.index(name)
    assert is_word_here(text, start, start + len(name), "first", "en") == is_word


@pytest.mark.parametrize(
    ("text", "name", "kind", "language", "in_title"),
    [
        ("Alexa, rent The Deer Hunter.", "Hunter", "first", "en", True),
        ("The yard in East Springfield.", "Springfield", "place", "en", True),
        ("Tell Uncle Gary.", "Gary", "first", "en", False),
        ("Weather in Springfield.", "Springfield", "place", "en", False),
        ("Wann spielen die Kirchheim Knights?", "Kirchheim", "place", "de", True),
        ("Welche Apotheke hat in Kirchheim Notdienst?", "Kirchheim", "place", "de", False),
    ],
)
def test_names_in_titles(text, name, kind, language, in_title):
    start = text.index(name)
    assert is_in_title(text, start, start + len(name), kind, language, {"alexa"}) == in_title


def test_a_name_said_differently():
    assert said_differently("It's Novak, lady.", [], {"Nowak"}, set())
    assert not said_differently("It's Nowak's, lady.", [(5, 12)], {"Nowak"}, set())
    assert not said_differently("It's Mozart, lady.", [], {"Nowak"}, set())
