"""The linear scorer of tags: fast sums equal slow ones, and weights survive the disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fitting.language.clues import _rows, known_words
from fitting.language.heard import align
from forensics.knowledge.lexicon import word_classes
from forensics.language.clues import Clues

KNOWN = frozenset(("call", "weather", "in", "my", "wife"))
WORDS = st.lists(
    st.sampled_from(["call", "weather", "in", "my", "wife", "sarah", "oldenburg", "xyz", "new", "york"]),
    max_size=9,
)


def _clues(sentences: list[list[str]], seed: int = 3) -> tuple[Clues, dict[int, int]]:
    index: dict[int, int] = {}
    for words in sentences:
        _rows(words, word_classes().of(words), KNOWN, index, {})
    weights = np.random.default_rng(seed).normal(size=(len(index), 5)).astype("float32")
    clues = Clues(5)
    clues.set(list(index), weights, np.zeros((6, 5)), KNOWN)
    return clues, index


@settings(max_examples=40, deadline=None)
@given(WORDS)
def test_scores_are_sums_of_weights(words: list[str]) -> None:
    clues, index = _clues([words])
    classes = word_classes().of(words)
    slow = [clues.weights[row].sum(axis=0) for row in _rows(words, classes, KNOWN, dict(index), {})]
    fast = clues.scores([(words, classes)])[0]
    assert fast.shape == (len(words), 5)
    assert np.allclose(fast, np.array(slow).reshape(len(words), 5), atol=1e-3)


def test_weights_survive_the_disk(tmp_path: Path) -> None:
    words = ["call", "my", "wife", "sarah", "in", "oldenburg"]
    clues, _ = _clues([words])
    clues.to_disk(tmp_path / "clues.npz")
    again = Clues(5).from_disk(tmp_path / "clues.npz")
    one, two = (c.scores([(words, word_classes().of(words))])[0] for c in (clues, again))
    assert np.abs(one - two).max() < 0.02 * np.abs(one).max()
    assert again.known == KNOWN


def test_known_words_are_in_two_sentences() -> None:
    assert known_words([["a", "a", "b"], ["b", "c"]]) == {"b"}


def test_labels_move_to_what_was_heard() -> None:
    sentence = {
        "id": "1", "text": "weather in oldenburg at seven",
        "entities": [
            {"start": 11, "end": 20, "label": "PLACE", "slot": ""},
            {"start": 24, "end": 29, "label": "TIME", "slot": ""},
        ],
    }  # fmt: skip
    heard = align(sentence, "Weather in Olden Berg at 7.")
    assert heard is not None
    spans = [(e["label"], heard["text"][e["start"] : e["end"]]) for e in heard["entities"]]
    assert spans == [("PLACE", "Olden Berg"), ("TIME", "7")]
    assert align(sentence, "Thank you.") is None


def test_company_changes_nothing() -> None:
    sentences = [["call", "my", "wife"], [], ["weather", "in", "new", "york"], ["sarah"]]
    clues, _ = _clues(sentences)
    pairs = [(words, word_classes().of(words)) for words in sentences]
    together = clues.scores(pairs)
    for pair, scores in zip(pairs, together, strict=True):
        assert np.allclose(clues.scores([pair])[0], scores, atol=1e-4)
