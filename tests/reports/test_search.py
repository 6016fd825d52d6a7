"""Search in what was said: what it finds, what its filters leave, and that it shows no word masked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from made_case import BREMEN, HOUSEHOLD, NAMES, SENTENCE

from forensics import Case
from forensics.errors import ConsentError, ForensicsError


def _change(case: Case, table: str, key: str, row_id: str, **values: object) -> None:
    rows = [{**r, **values} if r[key] == row_id else r for r in case.rows(table)]
    case.write_table(table, rows)


@pytest.fixture(scope="module")
def case(make_case: Callable[..., Case]) -> Case:
    """24 recordings: one says something else, one was doubtful, one has another hypothesis."""
    made = make_case(SENTENCE)
    words = [("Spiele", 0.4), ("Radio", 0.9), ("Müllers", 1.4), ("Bremen", 1.9)]
    timed = [{"word": f" {word}", "start_s": at, "end_s": at + 0.4, "probability": 0.9} for word, at in words]
    said = "Spiele Radio, Müllers Bremen!"
    _change(made, "transcripts", "recording_id", "rec-0002", text=said, words=timed, confidence=0.9)
    _change(made, "transcripts", "recording_id", "rec-0004", confidence=0.2)
    other = [{"value": "remind Roswitha about the Bremerhaven", "probability": 0.3}]
    _change(made, "transcripts", "recording_id", "rec-0005", alternatives=other)
    here = {"places": [{"place_id": BREMEN, "probability": 0.9}]}
    _change(made, "mentions", "mention_id", "men-1", **here)
    made.write_table(
        "persons",
        [
            {
                "person_id": "per-3", "name": "Xaver Zwickelhuber", "roles": [], "p_named": 0.9,
                "forms": [{"value": "Xaver", "probability": 0.8}], "relation_words": [], "mention_ids": [],
                "utterance_ids": ["utt-0005"], "n_support": 1, "reason": "", "data_subject_group": HOUSEHOLD,
            }
        ],
    )  # fmt: skip
    return made


def found(case: Case, *args: object, **kwargs: object) -> list[str]:
    """The numbers of the utterances found."""
    return list(case.search(*args, **kwargs)["utterance_id"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "utterances"),
    [
        ("spiele radio", ["utt-0002"]),
        ("SPIEL", ["utt-0002"]),  # a word may go on
        ("adio", []),  # but begins where it is said to begin
        ("radio mueller", ["utt-0002"]),  # punctuation, umlauts
        ("Radio Muller", ["utt-0002"]),
        ("Radio Bremen", []),  # words follow each other
        ("bremer", ["utt-0005"]),  # what else the decoder held possible
    ],
)
def test_words(case: Case, text: str, utterances: list[str]) -> None:
    assert found(case, text) == utterances


def test_where_it_was_found_and_at_which_second(case: Case) -> None:
    row = case.search("muellers").iloc[0]
    assert (row["found_in"], row["at_s"], row["no"]) == (["heard"], 1.4, "U3")
    both = case.search("remind roswitha").set_index("utterance_id")["found_in"]
    assert both["utt-0001"] == ["heard", "vendor"]
    assert both["utt-0002"] == ["vendor"]
    assert case.search("bremer")["found_in"].iloc[0] == ["alternative"]


def test_filters(case: Case) -> None:
    assert found(case, person="Xaver") == found(case, person="xaver zwickelhuber") == ["utt-0005"]
    shown = case.search(person="per-3")["people"].iloc[0]
    assert shown[0].startswith("contact")
    assert found(case, person=shown[0]) == ["utt-0005"]
    assert found(case, place="bremen") == found(case, place=BREMEN) == ["utt-0000"]
    assert len(found(case, device="Echo Dot")) == 8
    assert found(case, doubtful=True) == ["utt-0004"]
    assert len(found(case, doubtful=False)) == 23
    assert found(case, "spiele", device="Alexa app") == ["utt-0002"]
    assert found(case, "spiele", device="Echo Dot") == []


def test_times(case: Case) -> None:
    assert len(found(case)) == 24
    until = found(case, until=date(2018, 5, 5))
    assert until == found(case, until="2018-05-05") == [f"utt-{n:04d}" for n in range(4)]
    assert found(case, since="2018-05-05", until="2018-05-05") == until[1:]
    assert found(case, until=datetime(2018, 5, 4, 18, 41, tzinfo=UTC)) == until[:1]
    assert found(case, until="2018-05-04T20:41+02:00") == until[:1]


@pytest.mark.parametrize(
    ("kwargs", "told"),
    [
        ({"person": "Nobody"}, "contact 1"),
        ({"place": "Paris"}, "Bremen"),
        ({"device": "Sonos"}, "Echo Dot"),
        ({"since": "yesterday"}, "ISO 8601"),
    ],
)
def test_what_the_case_does_not_know_is_told_with_what_it_knows(
    case: Case, kwargs: dict[str, str], told: str
) -> None:
    with pytest.raises(ForensicsError, match=told) as caught:
        case.search(**kwargs)  # type: ignore[arg-type]
    assert not any(name in str(caught.value) for name in NAMES)


def test_no_word_is_shown_without_a_purpose(case: Case) -> None:
    masked = case.search().to_string()
    assert not any(name.casefold() in masked.casefold() for name in (*NAMES, "remind", "Radio"))
    with pytest.raises(ConsentError):
        case.search("radio", reveal=" ")
    before = len(list(case.custody.acts()))
    row = case.search("radio", reveal="file 12").iloc[0]
    assert row["text"] == "Spiele Radio, Müllers Bremen!"
    acts = list(case.custody.acts())
    assert [(a["act"], a["purpose"]) for a in acts[before:]] == [("names revealed", "file 12")]
