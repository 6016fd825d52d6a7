"""Facts of the incident: checked where they come in, and never misread where they are old."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics import Case, ForensicsError
from forensics.case.incident import CHOICES, KEYS, MEANING, Incident, checked, help_text, override


@pytest.mark.parametrize("name", CHOICES)
def test_every_value_is_explained_in_the_help(name: str) -> None:
    assert tuple(MEANING[name]) == CHOICES[name]
    told = help_text()
    assert f"{name} (and {name}_note=TEXT)" in told
    assert all(f"  {value}: {MEANING[name][value]}" in told for value in CHOICES[name])


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("value", ["posted publicly in a forum", "maybe", "yes please"])
def test_an_unknown_value_is_refused_with_the_list(name: str, value: str) -> None:
    with pytest.raises(ForensicsError) as refused:
        checked({name: value})
    assert all(known in str(refused.value) for known in CHOICES[name])
    assert f"{name}_note=TEXT" in refused.value.remedy


def test_values_are_read_in_any_case_and_notes_as_they_are() -> None:
    given = {"recipient": " Public ", "recipient_note": "a forum; see the screenshot", "intent": ""}
    assert checked(given) == {
        "recipient": "public",
        "recipient_note": "a forum; see the screenshot",
        "intent": "",
    }


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("aware_at", "2026-03-01T09:30+01:00", "2026-03-01T09:30:00+01:00"),
        ("breach_from", "2026-02-20", "2026-02-20"),
        ("breach_to", "2026-02-28T18:00-05:00", "2026-02-28T18:00:00-05:00"),
        ("individuals", "4", "4"),
        ("ei_override", "0.75 a small town", "0.75 a small town"),
        ("cb_override", "0,5 passed on", "0,5 passed on"),
    ],
)
def test_what_is_well_written_is_kept(key: str, value: str, kept: str) -> None:
    assert checked({key: value}) == {key: kept}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aware_at", "2026-03-01"), ("aware_at", "2026-03-01T09:30"), ("breach_from", "2026-02-30"),
        ("breach_to", "last week"), ("individuals", "some"), ("individuals", "0"), ("individuals", "²"),
        ("ei_override", "0.6 between two levels"), ("ei_override", "1"), ("dpc_override", "nan why"),
        ("cb_override", "2 too much"), ("colour", "red"),
    ],
)  # fmt: skip
def test_what_is_not_is_refused(key: str, value: str) -> None:
    with pytest.raises(ForensicsError, match=key):
        checked({key: value})


def test_the_case_refuses_them_too_and_keeps_what_it_had(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    case.set_incident({"recipient": "known"})
    with pytest.raises(ForensicsError, match="recipient is one of"):
        case.set_incident({"recipient": "somebody", "intent": "mistake"})
    assert case.incident == {"recipient": "known"}
    case.set_incident({"recipient": ""})
    assert case.incident == {}


def test_free_text_of_an_older_case_is_unknown_and_said_to_be() -> None:
    old = Incident(
        {"recipient": "one customer", "containment": "none", "intent": "human error", "individuals": "a few"}
    )
    assert (old.recipient, old.intent, old.containment, old.individuals) == (
        "unknown",
        "unknown",
        "none",
        None,
    )
    assert old.unread == ("recipient", "intent", "individuals")
    assert [old.known(name) for name in ("recipient", "containment", "individuals")] == [False, True, False]


def test_unknown_is_a_value_and_counts_as_not_known() -> None:
    asked = Incident({"recipient": "unknown"})
    assert asked.unread == ()
    assert not asked.known("recipient")


def test_an_override_has_a_value_and_a_reason() -> None:
    assert override({"dpc_override": "3 no home life is heard"}, "dpc_override") == (
        3.0,
        "no home life is heard",
    )
    assert override({}, "dpc_override") is None


def test_every_key_is_named_once() -> None:
    assert len(set(KEYS)) == len(KEYS)
