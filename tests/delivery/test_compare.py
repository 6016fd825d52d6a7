"""Two cases after the fact: account files in one, recordings in the other."""

from __future__ import annotations

import pytest

from forensics.delivery import comparison
from forensics.delivery.contents import Contents, Group
from tests.delivery.made import claim, contents, group


def _papers(name: str, town: str, serial: str) -> Group:
    """An account's own files: a name, an address, a device."""
    facts = [claim("first_name", name, 0.97), claim("home_place", town, 0.9, home=0.9, other=0.1)]
    for fact in facts:
        fact["sources"] = ["account"]
    return group(f"account-{name}", 0, role="account", claims=facts, stated={"device": frozenset({serial})})


def _sounds(name: str, town: str, serial: str | None) -> Group:
    said = [claim("first_name", name, 0.9, "companion"), claim("home_place", town, 0.9, home=0.8, other=0.2)]
    return group(f"devices-{name}", 200, devices={serial: 200} if serial else {}, claims=said)


def _compare(monkeypatch: pytest.MonkeyPatch, one: Contents, other: Contents) -> comparison.Comparison:
    monkeypatch.setattr(comparison, "contents_of", lambda case: case)
    return comparison.compare(one, other)  # type: ignore[arg-type]


ANNA, BODO = ("Annegret", "Oldenburg", "a1"), ("Bodo", "Passau", "b1")


@pytest.mark.parametrize("serials", [True, False])
def test_two_who_got_each_others_recordings(monkeypatch: pytest.MonkeyPatch, serials: bool) -> None:
    def sounds(who: tuple[str, str, str]) -> Group:
        return _sounds(who[0], who[1], who[2] if serials else None)

    found = _compare(
        monkeypatch, contents(_papers(*ANNA), sounds(BODO)), contents(_papers(*BODO), sounds(ANNA))
    )
    assert found.verdict == "swapped"
    assert found.p is not None
    assert found.p > 0.99


def test_two_who_got_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _compare(
        monkeypatch,
        contents(_papers(*ANNA), _sounds(*ANNA)),
        contents(_papers(*BODO), _sounds(*BODO)),
    )
    assert found.verdict == "as delivered"
    assert found.p is not None
    assert found.p < 0.01


def test_one_who_also_got_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The requester of 2018, and the stranger, who had received his own."""
    found = _compare(
        monkeypatch,
        contents(_papers("Martin", "Celle", "none"), _sounds(*BODO)),
        contents(_papers(*BODO), _sounds(*BODO)),
    )
    assert found.verdict == "first holds the second"


def test_without_account_files_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _compare(monkeypatch, contents(_sounds(*ANNA)), contents(_sounds(*BODO)))
    assert (found.verdict, found.p) == ("not comparable", None)


def test_the_same_recordings_in_both(monkeypatch: pytest.MonkeyPatch) -> None:
    same = contents(_sounds(*ANNA), hashes={"aa": "recording", "bb": "account_data"})
    found = _compare(monkeypatch, same, same)
    assert (found.verdict, found.shared_recordings, found.shared_devices, found.shared_files) == (
        "same files",
        1,
        1,
        1,
    )
