"""Training sentences misheard as the recogniser mishears, numbers in digits, what is held out."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fitting.language.augment import Augmenter
from fitting.language.confusions import Confusions
from fitting.language.corpus import held_out, is_held_out, training_sentences

PAIRS = [
    ("zug fahrt morgen", "Zugfahrt morgen."),
    ("zug preise nach köln", "Zugpreise nach Köln."),
    ("spiel rammstein", "Spielt Ramstein."),
    ("spiel musik von bjork", "Spielt Musik von Björk."),
    ("wetter in hannover", "Wetter in Hannover."),
]


def _confusions(pairs: list[tuple[str, str]], *, common: tuple[str, ...] = ()) -> Confusions:
    return Confusions(pairs, dict.fromkeys(common, 100), random.Random(4))


def _heard(confusions: Confusions, words: list[str], times: int = 200) -> Counter[str]:
    found: Counter[str] = Counter()
    for _ in range(times):
        out = list(words)
        for start, end, heard in reversed(confusions(words)):
            out[start:end] = heard
        found[" ".join(out)] += 1
    return found


def test_words_join_as_they_were_heard_joined() -> None:
    assert "bahnfahrt" in _heard(_confusions([PAIRS[0]] * 4), ["bahn", "fahrt"])


def test_a_common_word_is_heard_as_it_was_heard() -> None:
    found = _heard(_confusions(PAIRS, common=("spiel",)), ["spiel", "etwas"])
    assert found["spielt etwas"] > 5


def test_letters_change_as_they_changed() -> None:
    found = _heard(_confusions([("mama", "nana"), ("emma", "enna")]), ["mia"])
    assert set(found) == {"nia"}


def test_what_was_heard_right_or_lost_teaches_nothing() -> None:
    assert not _confusions([("wetter in hannover", "Wetter in Hannover?"), ("spiel kiss", "Danke")])


def test_numbers_are_no_slips_of_hearing() -> None:
    assert not _confusions([("wecker um sieben uhr", "Wecker um 7 Uhr"), ("kanal drei", "Kanal 3.")])


SOME_WORDS = ("spiel", "zug", "fahrt", "rammstein", "köln", "dd", "d:dd", "'s", "in")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(SOME_WORDS), max_size=9), st.integers())
def test_regions_are_in_order_and_apart(words: list[str], seed: int) -> None:
    position = 0
    for start, end, heard in Confusions(PAIRS, {"spiel": 100, "in": 90}, random.Random(seed))(words):
        assert position <= start < end <= len(words)
        assert all(heard)
        assert not any(" " in word for word in heard)
        assert not any(word in ("dd", "d:dd", "'s") for word in words[start:end])
        position = end


def _sentence(text: str, **mentions: str) -> dict[str, Any]:
    entities = [
        {"start": text.index(part), "end": text.index(part) + len(part), "label": label, "slot": label}
        for label, part in mentions.items()
    ]
    return {
        "id": "1",
        "lang": "en",
        "source": "test",
        "text": text,
        "entities": entities,
        "domain": "music",
        "intent": "x",
    }


def test_mentions_stay_with_their_words() -> None:
    sentence = _sentence("spiel bjork im zug nach köln", SERVICE="bjork", ORG="köln")
    augmenter = Augmenter([sentence], "de", random.Random(2), slipped=1.0, heard=PAIRS)
    seen = set()
    for _ in range(300):
        varied = augmenter(sentence)
        position = 0
        for entity in varied["entities"]:
            assert position <= entity["start"] < entity["end"] <= len(varied["text"])
            part = varied["text"][entity["start"] : entity["end"]]
            assert part.strip() == part
            position = entity["end"]
        seen.add(varied["text"])
        kept = {e["label"]: varied["text"][e["start"] : e["end"]] for e in varied["entities"]}
        if "bjork" in varied["text"].split():
            assert kept["SERVICE"] == "bjork"
    assert len(seen) > 50


def test_sisters_are_held_out_together() -> None:
    for text in (
        "weather in {}",
        "call {} please",
        "what is on {}",
        "play {} now",
        "who is {}",
        "where is {}",
    ):
        verdicts = {
            is_held_out(_sentence(text.format(name), PLACE=name)) for name in ("Ulm", "new york", "Bad Ems")
        }
        assert len(verdicts) == 1


def test_held_out_sentences_are_not_trained_on(shared_dir: Path) -> None:
    corpora = shared_dir / "corpora"
    kept = held_out(corpora, "en")
    trained = training_sentences(corpora, "en")
    assert 0.02 < len(kept) / len(trained) < 0.08
    assert not {s["id"] for s in kept} & {s["id"].removesuffix("-heard") for s in trained}
