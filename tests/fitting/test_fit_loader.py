"""The loader of fitted numbers takes what a fit wrote and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forensics.errors import ModelError
from forensics.knowledge.fitted import fitted, parse

GOOD: dict[str, Any] = {
    "script": "fitting/likeness.py",
    "data": [{"name": "corpus", "sha256": "0" * 64}],
    "seed": 3,
    "date": "2026-11-29",
    "values": {
        "weights": {"unit": "log odds", "value": {"one": 1.5, "two": -2}},
        "least": {"unit": "probability", "value": 0.3},
    },
}


def content(**changes: Any) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def test_numbers_come_in_the_order_that_is_asked_for() -> None:
    fit = parse(content(), "made")
    assert fit.numbers("weights", ("two", "one")) == (-2.0, 1.5)
    assert fit.number("least") == 0.3
    assert fit.seed == 3
    assert fit.data == (("corpus", "0" * 64),)
    assert fit.date.isoformat() == "2026-11-29"


@pytest.mark.parametrize(
    "changes",
    [
        {"values": {}},
        {"values": {"least": {"value": 0.3}}},
        {"values": {"least": {"value": 0.3, "unit": ""}}},
        {"values": {"least": {"value": None, "unit": "probability"}}},
        {"data": []},
        {"data": [{"name": "corpus", "sha256": "short"}]},
        {"data": [{"name": "corpus"}]},
        {"date": "yesterday"},
        {"date": None},
        {"seed": "seven"},
        {"seed": True},
        {"script": 7},
        {"author": "somebody"},
    ],
)
def test_what_says_too_little_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="made"):
        parse(content(**changes), "made")


@pytest.mark.parametrize("key", sorted(GOOD))
def test_every_key_is_needed(key: str) -> None:
    with pytest.raises(ModelError, match=key):
        parse(json.dumps({k: v for k, v in GOOD.items() if k != key}).encode(), "made")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_numbers_are_finite(number: str) -> None:
    with pytest.raises(ModelError, match="finite"):
        parse(content().replace(b"0.3", number.encode()), "made")


def test_no_json_is_refused() -> None:
    with pytest.raises(ModelError, match="no JSON"):
        parse(b"WEIGHTS = (1, 2)", "made")


def test_other_features_are_refused() -> None:
    with pytest.raises(ModelError, match="other features"):
        parse(content(), "made").numbers("weights", ("one", "two", "three"))


def test_a_missing_value_and_a_missing_file_say_what_to_do() -> None:
    with pytest.raises(ModelError, match=r"no 'threshold'.*fitting\.md"):
        parse(content(), "made").number("threshold")
    with pytest.raises(ModelError, match="number"):
        parse(content(), "made").number("weights")
    with pytest.raises(ModelError, match=r"words\.fit\.json is missing"):
        fitted("forensics.knowledge.words")


def test_the_digest_is_of_the_values_alone() -> None:
    one = parse(content(), "made").digest
    assert parse(content(date="2027-01-01", seed=None, note="later"), "made").digest == one
    other = {**GOOD["values"], "least": {"unit": "probability", "value": 0.31}}
    assert parse(content(values=other), "made").digest != one
