"""Clock times, days and spans of time, in the recording's own time."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.language.clock import parse

SATURDAY = datetime(2018, 5, 5, 9, 12)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "halb sieben", "06:30"),
        ("de", "um halb 8", "07:30"),
        ("de", "viertel nach sechs", "06:15"),
        ("de", "dreiviertel acht", "07:45"),
        ("de", "viertel vor neun", "08:45"),
        ("de", "fünf nach halb drei", "02:35"),
        ("de", "zwanzig nach sechs", "06:20"),
        ("de", "18 uhr 30", "18:30"),
        ("de", "sechs uhr zwanzig", "06:20"),
        ("de", "7:30 Uhr", "07:30"),
        ("de", "acht uhr abends", "20:00"),
        ("de", "mitternacht", "00:00"),
        ("en", "half past seven", "07:30"),
        ("en", "half seven", "07:30"),
        ("en", "six twenty", "06:20"),
        ("en", "six oh five", "06:05"),
        ("en", "quarter to five", "04:45"),
        ("en", "seven thirty pm", "19:30"),
        ("en", "eight a. m.", "08:00"),
        ("en", "eight in the evening", "20:00"),
        ("en", "twenty past ten", "10:20"),
        ("en", "twenty five to six", "05:35"),
        ("en", "noon", "12:00"),
        ("en", "6:45 a.m.", "06:45"),
    ],
)
def test_clock(language: str, text: str, expected: str) -> None:
    assert str(parse(text, language)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "in anderthalb stunden", "PT90M"),
        ("de", "zehn minuten", "PT10M"),
        ("de", "eine halbe stunde", "PT30M"),
        ("de", "eine viertelstunde", "PT15M"),
        ("en", "ten minutes", "PT10M"),
        ("en", "an hour and a half", "PT90M"),
        ("en", "half an hour", "PT30M"),
        ("en", "one hour and thirty minutes", "PT90M"),
        ("en", "forty five minutes", "PT45M"),
        ("en", "ninety seconds", "PT1.5M"),
        ("en", "in two hundred and forty eight days", "PT357120M"),
        ("de", "in zweihundert tagen", "PT288000M"),
        ("de", "für einen tag", "PT1440M"),
        ("en", "thirty seconds", "PT30S"),
    ],
)
def test_spans_of_time(language: str, text: str, expected: str) -> None:
    assert str(parse(text, language)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "morgen um sieben uhr", "2018-05-06 07:00"),
        ("de", "heute abend um acht", "2018-05-05 20:00"),
        ("de", "am zweiten juni", "2018-06-02"),
        ("de", "am 2. mai", "2019-05-02"),
        ("de", "montag", "2018-05-07"),
        ("en", "the second of june", "2018-06-02"),
        ("en", "june 3rd", "2018-06-03"),
        ("en", "next friday at 3 p.m.", "2018-05-11 15:00"),
        ("en", "tomorrow", "2018-05-06"),
    ],
)
def test_days(language: str, text: str, expected: str) -> None:
    assert str(parse(text, language, said_at=SATURDAY)) == expected


def test_the_sentence_and_the_hour_settle_the_half_of_the_day() -> None:
    assert str(parse("seven", "en", context="wake me at seven in the evening")) == "19:00"
    assert str(parse("at five", "en", said_at=SATURDAY)) == "17:00"
    assert str(parse("at five", "en", said_at=SATURDAY, wakes=True)) == "05:00"
    late = parse("at five", "en", said_at=SATURDAY)
    assert late is not None
    assert not late.sure


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "every weekday"), ("en", "soon"), ("de", "jeden werktag"), ("de", "bald"), ("en", "now")],
)
def test_no_time(language: str, text: str) -> None:
    assert parse(text, language) is None


@given(
    st.text(max_size=60),
    st.sampled_from(["en", "de"]),
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),
)
def test_any_text(text: str, language: str, said_at: datetime) -> None:
    found = parse(text, language, said_at=said_at, context=text)
    if found is not None:
        assert found.minutes is None or 0 <= found.minutes < 24 * 60
        assert str(found)
