"""The request file: what is understood, and that what is not is named without being quoted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from forensics.delivery.requests import RequestError, parse_requests, read_requests, schema

SOURCE = Path("/cases/REQUESTS.json")
BARE = {"request_id": "1", "bundle": "b.zip", "account": {}}


@pytest.mark.parametrize("name", ["requests.schema.json", "decisions.schema.json"])
def test_the_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


def test_a_list_and_an_object_with_defaults() -> None:
    plain = parse_requests([BARE], SOURCE)[0]
    assert plain.bundles == (Path("/cases/b.zip"),)
    assert plain.costs.threshold == pytest.approx(1 / 201)
    whole = {
        "requests": [BARE, {**BARE, "request_id": "2", "costs": {"leak": 9}}],
        "costs": {"hold": 1, "leak": 99},
    }
    first, second = parse_requests({**whole, "swap_prior": 0.01}, SOURCE)
    assert (first.costs.threshold, second.costs.threshold) == (0.01, 0.1)
    assert first.swap_prior == second.swap_prior == 0.01


def test_every_way_to_write_a_period() -> None:
    for period in (
        ["2018-05-01", "2018-05-31"],
        "2018-05-01/2018-05-31",
        {"from": "2018-05", "to": "2018-05"},
        "2018-05",
    ):
        account = parse_requests([{**BARE, "account": {"period": period}}], SOURCE)[0].account
        assert f"{account.period_from:%F %T}" == "2018-05-01 00:00:00"
        assert f"{account.period_to:%F %T}" == "2018-05-31 23:59:59"


def test_what_is_missing_is_unknown_and_what_is_empty_is_none() -> None:
    unknown = parse_requests([BARE], SOURCE)[0].account
    assert unknown.devices is None
    assert unknown.app_sessions is None
    known = {"registered_devices": [], "app_sessions": 0, "locale": "de_DE", "has_voice_device": False}
    account = parse_requests([{**BARE, "account": known}], SOURCE)[0].account
    assert (account.devices, account.app_sessions, account.language, account.country) == (
        frozenset(),
        False,
        "de",
        "DE",
    )
    typed = {"registered_devices": ["G090X", {"serial": "G070Y", "type": "FireTV"}]}
    assert parse_requests([{**BARE, "account": typed}], SOURCE)[0].account.devices == {"g090x", "g070y"}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ([{**BARE, "account": {"household_names": "Weber"}}], "requests[0].account.household_names"),
        ([{**BARE, "account": {"created": "Weber"}}], "requests[0].account.created"),
        ([{**BARE, "account": {"time_zone": "Weber"}}], "requests[0].account.time_zone"),
        ([{"request_id": "Weber"}], "requests[0]"),
        ([BARE, {**BARE}], "requests[1]"),
        ([{**BARE, "swap_prior": 2}], "requests[0].swap_prior"),
        ([{**BARE, "swap_prior": float("nan")}], "requests[0].swap_prior"),
        ([{**BARE, "costs": {"leak": float("nan")}}], "requests[0].costs"),
        ([{**BARE, "costs": {"hold": float("inf")}}], "requests[0].costs"),
        ([{**BARE, "costs": {"leak": 10**400}}], "requests[0].costs"),
        ([{**BARE, "request_id": "Weber\n\x1b[31m"}], "requests[0].request_id"),
        ([{**BARE, "request_id": "Weber\ud800"}], "requests[0].request_id"),
        ([{**BARE, "account": {"locale": "Weber"}}], "requests[0].account.locale"),
        ([{**BARE, "account": {"created": "9999-12-31T23:59:59-12:00"}}], "requests[0].account.created"),
        ([{**BARE, "account": {"period": ["2018-12-31", "2018-01-01"]}}], "requests[0].account.period"),
        ([{**BARE, "account": {"period": {"begin": "2018"}}}], "requests[0].account.period"),
        ([], "requests"),
        ("Weber", "requests"),
    ],
)
def test_a_mistake_is_named_and_not_quoted(content: object, place: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse_requests(content, SOURCE)
    assert place in str(caught.value)
    assert "Weber" not in str(caught.value)


def test_the_whole_calendar_is_a_period() -> None:
    account = parse_requests([{**BARE, "account": {"period": ["0001-01", "9999-12"]}}], SOURCE)[0].account
    assert account.period_from is not None
    assert account.period_to is not None
    assert (account.period_from.year, f"{account.period_to:%F %T}") == (1, "9999-12-31 23:59:59")


def test_a_slip_of_the_pen_is_told() -> None:
    """A misspelt field is a fact that was not given; nothing else would ever say so."""
    slips = {**BARE, "note": 1, "account": {"has_voice_devic": False}, "costs": {"leek": 1}}
    assert parse_requests([slips], SOURCE)[0].unread == ("note", "account.has_voice_devic", "costs.leek")
    assert parse_requests({"requests": [BARE], "$schema": "x", "cost": {}}, SOURCE)[0].unread == ("cost",)
    assert parse_requests([BARE], SOURCE)[0].unread == ()


def test_files_that_are_no_requests(tmp_path: Path) -> None:
    for content in (b"", b"{", b"\xff\xfe", b"[" * 100_000):
        (tmp_path / "r.json").write_bytes(content)
        with pytest.raises(RequestError, match="is not JSON"):
            read_requests(tmp_path / "r.json")
    with pytest.raises(RequestError):
        read_requests(tmp_path / "absent.json")
    (tmp_path / "r.json").write_bytes(b"\xef\xbb\xbf" + json.dumps([BARE]).encode())
    assert len(read_requests(tmp_path / "r.json")) == 1
