"""Numbers in words and back, in English and German."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.knowledge.numerals import digits, in_digits, leading, one_word, value, words

LANGUAGES = st.sampled_from(["en", "de"])
NUMBERS = st.integers(0, 999_999)


@given(NUMBERS, LANGUAGES)
def test_a_number_in_words_is_that_number(number: int, language: str) -> None:
    assert value(words(number, language), language) == number


@given(NUMBERS, LANGUAGES)
def test_case_hyphens_and_the_sharp_s_do_not_matter(number: int, language: str) -> None:
    said = words(number, language)
    assert value(said.upper() if language == "en" else said.capitalize(), language) == number
    assert (
        value(said.replace("-", " ").replace("ß", "ss").replace("ü", "ue").replace("ö", "oe"), language)
        == number
    )


@given(st.lists(NUMBERS, min_size=1, max_size=4), LANGUAGES)
def test_a_sentence_keeps_its_other_words(numbers: list[int], language: str) -> None:
    said = ", ".join(f"volume {words(number, language)}" for number in numbers)
    assert in_digits(said, language) == ", ".join(f"volume {number}" for number in numbers)


def test_every_number_below_a_hundred_thousand_in_both_languages() -> None:
    for language in ("en", "de"):
        for number in range(0, 100_000, 7):
            assert value(words(number, language), language) == number


@pytest.mark.parametrize(
    ("number", "language", "said"),
    [
        (0, "en", "zero"),
        (21, "en", "twenty-one"),
        (100, "en", "one hundred"),
        (1005, "en", "one thousand and five"),
        (999_999, "en", "nine hundred and ninety-nine thousand nine hundred and ninety-nine"),
        (1, "de", "eins"),
        (21, "de", "einundzwanzig"),
        (101, "de", "einhunderteins"),
        (1000, "de", "eintausend"),
        (21_001, "de", "einundzwanzigtausendeins"),
        (101_101, "de", "einhunderteintausendeinhunderteins"),
    ],
)
def test_words(number: int, language: str, said: str) -> None:
    assert words(number, language) == said


@pytest.mark.parametrize(
    ("said", "language", "number"),
    [
        ("nineteen hundred", "en", 1900),
        ("one hundred five", "en", 105),
        ("hundertundeins", "de", 101),
        ("tausendundeins", "de", 1001),
        ("hundert", "de", 100),
        ("zwotausend", "de", 2000),
        ("zwoundzwanzig", "de", 22),
        ("fuenfhundertdreissig", "de", 530),
    ],
)
def test_other_words_for_a_number(said: str, language: str, number: int) -> None:
    assert value(said, language) == number


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("", "en"), ("a", "en"), ("hundred", "en"), ("twenty zero", "en"), ("five six", "en"),
        ("twenty eleven", "en"), ("one hundred and", "en"), ("zero hundred", "en"), ("one million", "en"),
        ("ein", "de"), ("einsundzwanzig", "de"), ("und", "de"), ("hundertnull", "de"), ("einszehn", "de"),
        ("hunderthundert", "de"), ("zwanzighundert", "de"), ("eins zwei", "de"), ("wunderschön", "de"),
        ("neunzehnhunderttausend", "de"), ("tausendtausend", "de"),
    ],
)  # fmt: skip
def test_what_is_no_number(said: str, language: str) -> None:
    assert value(said, language) is None


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_a_number_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 999,999"):
        words(number, "en")


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("one two three", "en", "1 2 3"),
        ("a timer for twenty-five minutes", "en", "a timer for 25 minutes"),
        ("one hundred and seven point four", "en", "107.4"),
        ("the point of one", "en", "the point of 1"),
        ("in a minute, at seven", "en", "in a minute, at 7"),
        ("Neunzehnhundertvierundachtzig", "de", "1984"),
        ("ein Lied um sieben", "de", "ein Lied um 7"),
        ("set twenty two degrees at ten", "en", "set 22 degrees at 10"),
        ("songs from two thousand and three", "en", "songs from 2003"),
        ("someone attend", "en", "someone attend"),
        ("sender neunhundertfünfunddreißig", "de", "sender 935"),
        ("zweitausendsiebzehn", "de", "2017"),
        ("mach ein licht an, dreimal", "de", "mach ein licht an, dreimal"),
    ],
)
def test_texts_in_digits(text: str, language: str, written: str) -> None:
    assert in_digits(text, language) == written


def test_tables_hold_what_is_one_word() -> None:
    assert set(one_word("de").values()) == set(range(100))
    assert set(one_word("en").values()) == {*range(20), *range(20, 100, 10)}
    assert {digits("en")[word] for word in ("zero", "oh", "o")} == {"0"}
    assert [digits("de")[word] for word in ("eins", "ein", "zwo")] == ["1", "1", "2"]
    assert leading(["nothing"], "en") is None
