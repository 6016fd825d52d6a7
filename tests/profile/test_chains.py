"""A message that nobody meant is put together from utterances minutes apart; ordinary commands make none."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from household import Household, run_stages

from forensics.profile.chains import Chain, find_chains
from forensics.profile.records import Utterance

EVENING = datetime(2018, 5, 7, 19, 30)  # local time, which has no zone


def utterances(*parts: tuple[str, float, float], device: str = "echo") -> list[Utterance]:
    """Recordings of (text, seconds after the first, accidental score)."""
    return [
        Utterance(
            f"rec-{n}",
            EVENING + timedelta(seconds=s),
            device,
            accidental=score,
            texts=(text,) if text else (),
        )
        for n, (text, s, score) in enumerate(parts)
    ]


PORTLAND = (
    ("Alexa, the floors in here are hardwood.", 0, 0.7),
    ("I will send message to the contractor when we", 40, 0.8),
    ("Chris Nolan would do it", 95, 0.8),
    ("Right.", 130, 0.7),
)


def test_portland() -> None:
    (chain,) = find_chains(utterances(*PORTLAND), {"rec-2": 0.9})
    assert [step for step, _ in chain.steps] == ["wake", "send", "contact", "confirmation"]
    assert chain.utterances == ("rec-0", "rec-1", "rec-2", "rec-3")
    assert chain.unmeant > 0.5


def test_all_of_it_in_one_recording() -> None:
    text = "Alexa no I said send him a message. Chris would know. Yeah right."
    (chain,) = find_chains(utterances((text, 0, 0.9)), {"rec-0": 0.9})
    assert chain.utterances == ("rec-0",)


def test_a_message_that_was_meant() -> None:
    meant = (
        ("Alexa, schick eine Nachricht.", 0, 0.03),
        ("An Hannah.", 6, 0.4),
        ("Ja, abschicken.", 13, 0.5),
    )
    (chain,) = find_chains(utterances(*meant), {"rec-1": 0.9})
    assert chain.unmeant < 0.5


def without(missing: int) -> list[Chain]:
    parts = [part for n, part in enumerate(PORTLAND) if n != missing]
    named = {f"rec-{n}": 0.9 for n, part in enumerate(parts) if "Nolan" in part[0]}
    return find_chains(utterances(*parts), named)


@pytest.mark.parametrize("missing", [1, 3])
def test_without_order_or_confirmation_there_is_no_chain(missing: int) -> None:
    assert without(missing) == []


def test_a_contact_that_no_recording_holds_makes_a_chain_less_sure() -> None:
    (whole,), (part,) = find_chains(utterances(*PORTLAND), {"rec-2": 0.9}), without(2)
    assert part.score < whole.score


@pytest.mark.parametrize(
    ("step", "heard"),
    [(0, "the floors in here are hard wood"), (1, "I well sent massage to the contractor"),
     (2, "kris no one would do it"), (3, "write"), (3, "")],
)  # fmt: skip
def test_one_step_may_be_misheard(step: int, heard: str) -> None:
    parts = [(heard if n == step else text, s, a) for n, (text, s, a) in enumerate(PORTLAND)]
    (chain,) = find_chains(utterances(*parts), {} if step == 2 else {"rec-2": 0.9})
    assert chain.utterances == ("rec-0", "rec-1", "rec-2", "rec-3")


@pytest.mark.parametrize(
    "texts",
    [
        ("Alexa, call Hannah.", "yes", "hang up"),
        ("Alexa, read my messages.", "next", "okay"),
        ("Alexa, bestell Batterien.", "die kleinen", "ja bestellen"),
        ("Alexa, play something by Adele.", "no the other one", "yes right", "louder"),
    ],
)
def test_other_dialogues_send_nothing(texts: tuple[str, ...]) -> None:
    parts = utterances(*((text, 9.0 * n, 0.3) for n, text in enumerate(texts)))
    assert find_chains(parts, {"rec-0": 0.9} if "Hannah" in texts[0] else {}) == []


def test_hours_apart_is_no_chain() -> None:
    assert find_chains(utterances(*((t, 60 * s, a) for t, s, a in PORTLAND)), {"rec-2": 0.9}) == []


def test_parts_on_two_devices_are_no_chain() -> None:
    one, two = utterances(*PORTLAND), utterances(*PORTLAND, device="dot")
    assert find_chains([*one[:2], *two[2:]], {"rec-2": 0.9}) == []


def test_order_of_the_rows_does_not_matter() -> None:
    assert find_chains(utterances(*PORTLAND)[::-1], {"rec-2": 0.9}) == find_chains(
        utterances(*PORTLAND), {"rec-2": 0.9}
    )


def test_a_chain_becomes_a_claim_with_its_utterances(tmp_path: Path) -> None:
    home = Household()
    names = [
        home.says(text, *([("PERSON", "Chris Nolan")] if "Nolan" in text else []), accidental=score,
                  at=(EVENING + timedelta(seconds=s)).isoformat(), language="en")
        for text, s, score in PORTLAND
    ]  # fmt: skip
    case = home.write(tmp_path / "c")
    run_stages(case, "profile")
    claims = case.frame("claims")
    (row,) = claims[claims["attribute"] == "command_chain"].to_dict("records")
    assert list(row["utterance_ids"]) == sorted(names)
    assert row["value"].endswith("not meant")
