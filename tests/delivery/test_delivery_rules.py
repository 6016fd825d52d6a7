"""Level 0, rule by rule: what breaks it, and what looks like it and does not."""

from __future__ import annotations

from forensics.delivery.requests import CustomerAccount
from forensics.delivery.rules import check, check_across, compares
from tests.delivery.made import accounts, at, by_request, contents, group


def _broken(account: CustomerAccount, *groups: object) -> dict[str, str]:
    return {rule.rule: rule.action for rule in check(account, contents(*groups))}  # type: ignore[arg-type]


def test_recordings_for_an_account_that_cannot_record_are_blocked() -> None:
    """What would have stopped the mis-delivery of 2018."""
    schneider = CustomerAccount(has_voice_device=False, app_sessions=False, devices=frozenset())
    assert _broken(schneider, group(recordings=1700)) == {"no_voice_device": "block"}
    assert _broken(CustomerAccount(has_voice_device=False), group(recordings=1)) == {
        "no_voice_device": "block"
    }
    assert _broken(CustomerAccount(devices=frozenset()), group(recordings=1)) == {"no_voice_device": "block"}
    assert _broken(CustomerAccount(devices=frozenset(), app_sessions=True), group(recordings=1)) == {}


def test_an_app_without_a_device_may_have_recordings() -> None:
    assert _broken(CustomerAccount(has_voice_device=False, app_sessions=True), group()) == {}
    assert _broken(CustomerAccount(has_voice_device=False), group(recordings=0)) == {}
    assert _broken(CustomerAccount(), group()) == {}


def test_devices_that_the_account_does_not_list() -> None:
    account = CustomerAccount(devices=frozenset({"a1", "a2"}))
    own = group("account-1", 50, role="account", devices={"a1": 50})
    assert _broken(account, own) == {}
    assert _broken(account, own, group(devices={"x9": 1700})) == {"device_not_registered": "block"}
    assert _broken(account, own, group(devices={"x9": 3}, recordings=3)) == {
        "device_not_registered": "review"
    }
    none_listed = CustomerAccount(devices=frozenset(), has_voice_device=True)  # then the list is not kept
    assert _broken(none_listed, group(devices={"x9": 3})) == {}
    assert _broken(account, group(devices={})) == {}


def test_a_phones_app_is_seldom_listed() -> None:
    account = CustomerAccount(devices=frozenset({"a1"}), app_sessions=True)
    assert _broken(account, group(devices={"phone": 10})) == {"device_not_registered": "review"}


def test_another_customers_id() -> None:
    account = CustomerAccount(customer_ids=frozenset({"cust-111", "me@example.org"}))
    assert _broken(account, group(customer_ids=frozenset({"cust-999"}))) == {"other_customer": "block"}
    assert _broken(account, group(customer_ids=frozenset({"cust-111", "cust-999"}))) == {}
    only_mail = CustomerAccount(customer_ids=frozenset({"me@example.org"}))
    assert (
        _broken(only_mail, group(customer_ids=frozenset({"cust-999"}))) == {}
    )  # nothing of its kind is known


def test_two_customers_in_one_bundle() -> None:
    one, other = (group(f"g{n}", 5, customer_ids=frozenset({f"cust-{n}"})) for n in (1, 2))
    assert _broken(CustomerAccount(), one, other) == {"two_customers": "block"}
    assert _broken(CustomerAccount(), one) == {}
    assert _broken(CustomerAccount(customer_ids=frozenset({"cust-1", "cust-2"})), one, other) == {}


def test_recordings_older_than_the_account_or_outside_the_period() -> None:
    times = (at("2018-05-01T10:00"), at("2018-05-20T10:00"))
    assert _broken(CustomerAccount(created=at("2018-05-10")), group(times=times)) == {
        "before_account": "block"
    }
    assert (
        _broken(CustomerAccount(created=at("2018-05-01T20:00")), group(times=times)) == {}
    )  # clocks differ by hours
    inside = CustomerAccount(period_from=at("2018-04-01"), period_to=at("2018-05-10"))
    assert _broken(inside, group(times=times)) == {"outside_period": "review"}
    assert _broken(CustomerAccount(period_from=at("2018-04-01")), group(times=times)) == {}


def test_no_date_is_too_early_or_too_late() -> None:
    times = (at("0001-01-01T00:00"), at("9999-12-31T23:59"))
    ever = CustomerAccount(
        created=at("0001-01-01"), period_from=at("0001-01-01"), period_to=at("9999-12-31T23:59")
    )
    assert _broken(ever, group(times=times)) == {}
    assert set(_broken(CustomerAccount(created=at("2018-05-10")), group(times=times))) == {"before_account"}


def test_what_rules_alone_can_compare() -> None:
    serials, dated = contents(group(devices={"a1": 3})), contents(group(times=(at("2018-05-01"),)))
    assert compares(CustomerAccount(devices=frozenset({"b1"})), serials)
    assert compares(CustomerAccount(recordings=0), contents(group()))
    assert compares(CustomerAccount(has_voice_device=False), contents(group()))
    assert not compares(CustomerAccount(devices=frozenset({"b1"})), dated)
    assert not compares(
        CustomerAccount(has_voice_device=True, city="Celle", period_from=at("2018-01-01")), dated
    )


def test_a_count_that_differs() -> None:
    assert _broken(CustomerAccount(recordings=100), group(recordings=100)) == {}
    assert _broken(CustomerAccount(recordings=90), group(recordings=100)) == {"count_differs": "review"}
    assert _broken(CustomerAccount(recordings=0), group(recordings=100)) == {"count_differs": "block"}


def test_a_bundle_that_cannot_be_read_goes_to_a_person() -> None:
    from forensics.delivery.contents import Contents

    assert [(r.rule, r.action) for r in check(CustomerAccount(), Contents())] == [
        ("nothing_readable", "review")
    ]


def test_a_recording_that_is_also_in_another_requests_bundle() -> None:
    one = contents(group(), hashes={"aa": "recording", "bb": "account_data"})
    other = contents(group(), hashes={"aa": "recording", "cc": "account_data"})
    found = check_across(accounts(CustomerAccount(), CustomerAccount()), by_request([one, other]))
    assert [(r.rule, r.action, r.alt_request) for r in found["r0"]] == [("seen_elsewhere", "block", "r1")]
    same_home = CustomerAccount(devices=frozenset({"a1"}))
    assert check_across(accounts(same_home, same_home), by_request([one, other])) == {"r0": [], "r1": []}


def test_files_that_everybody_gets_are_no_sign() -> None:
    everywhere = [contents(group(), hashes={"readme": "account_data"}) for _ in range(3)]
    found = check_across(
        accounts(CustomerAccount(), CustomerAccount(), CustomerAccount()), by_request(everywhere)
    )
    assert not any(found.values())
    two = check_across(accounts(CustomerAccount(), CustomerAccount()), by_request(everywhere[:2]))
    assert [r.action for r in two["r0"]] == ["review"]


def test_a_device_of_another_requester() -> None:
    mine, theirs = CustomerAccount(devices=frozenset({"a1"})), CustomerAccount(devices=frozenset({"b1"}))
    bundles = by_request([contents(group(devices={"b1": 60})), contents(group(devices={"b1": 60}))])
    found = check_across(accounts(mine, theirs), bundles)
    assert [(r.rule, r.action, r.alt_request) for r in found["r0"]] == [
        ("registered_elsewhere", "block", "r1")
    ]
    assert found["r1"] == []


def test_reasons_quote_no_serial_and_no_id() -> None:
    account = CustomerAccount(devices=frozenset({"a1"}), customer_ids=frozenset({"cust-1"}), recordings=7)
    broken = check(account, contents(group(devices={"SECRET9": 4}, customer_ids=frozenset({"cust-SECRET"}))))
    assert len(broken) == 3
    assert not any("secret" in rule.why.lower() for rule in broken)
