"""Reads the corpora as spaCy examples, for training varied anew in every epoch."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import registry

from forensics.language.embedding import remember_words
from forensics.language.training.augment import Augmenter
from forensics.language.training.heard import heard_sentences
from forensics.language.training.intents import intent_class
from forensics.language.training.templates import template_sentences
from forensics.language.words import split as split_words

Sentence = dict[str, Any]
_HEARD_TIMES = 3
"""How often each sentence that was heard counts: there are few, and they are what a household sounds like."""


def read(path: Path) -> list[Sentence]:
    """The sentences of one file of the corpora."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def training_sentences(folder: Path, language: str) -> list[Sentence]:
    """What a pipeline is trained on: the corpus, and sentences made from templates."""
    english = read(folder / "en" / "train.jsonl")
    sentences = english if language == "en" else read(folder / language / "train.jsonl")
    return [*sentences, *template_sentences(language, english), *_HEARD_TIMES * heard_sentences(language)]


@registry.readers("forensics.Commands.v1")  # type: ignore[untyped-decorator]
def commands(
    folder: str, language: str, split: str, seed: int, augment: bool, company: float = 0.0
) -> Callable[[Language], Iterator[Example]]:
    """A reader of examples; with `augment` in a new order, with new names and new slips each time.

    `company` is the share of the English sentences that each epoch mixes in: their words are unknown to a
    German pipeline, so that it learns from them what classes of names and parts of words say.
    """
    home = Path(folder)
    sentences = (
        training_sentences(home, language) if split == "train" else read(home / language / f"{split}.jsonl")
    )
    generator = random.Random(seed)  # noqa: S311
    augmenter = Augmenter(sentences, language, generator) if augment else None
    companions = read(home / "en" / "train.jsonl") if company else []
    none_of = dict.fromkeys(sorted({intent_class(s["domain"], s["intent"]) for s in sentences}), 0.0)

    def examples(nlp: Language) -> Iterator[Example]:
        order = list(sentences)
        if augmenter:
            order += [s for s in companions if generator.random() < company]
            generator.shuffle(order)
        for sentence in order:
            example = to_example(nlp, augmenter(sentence) if augmenter else sentence)
            if example is not None:
                known = set(example.y.cats) <= set(none_of)
                example.y.cats = {**none_of, **example.y.cats} if known else {}
                yield example

    return examples


def to_example(nlp: Language, sentence: Sentence) -> Example | None:
    """One sentence with its annotation; None if it holds no word."""
    doc = nlp.make_doc(sentence["text"])
    if not len(doc):
        return None
    reference = Doc(
        nlp.vocab, words=doc.user_data["words"], user_data={"unlabelled": sentence.get("unlabelled", [])}
    )
    spans = doc.user_data["spans"]
    ents: list[Span] = []
    for entity in sentence["entities"]:
        inside = [
            i for i, (start, end) in enumerate(spans) if start < entity["end"] and end > entity["start"]
        ]
        if inside and (not ents or inside[0] >= ents[-1].end):
            ents.append(Span(reference, inside[0], inside[-1] + 1, label=entity["label"]))
    reference.ents = ents
    reference.cats = {intent_class(sentence["domain"], sentence["intent"]): 1.0}
    return Example(doc, reference)


@registry.callbacks("forensics.remember_training_words.v1")  # type: ignore[untyped-decorator]
def remember_training_words(folder: str, language: str) -> Callable[[Language], Language]:
    """Tell the embedding which words the training data hold at least twice."""

    def callback(nlp: Language) -> Language:
        counts = Counter(
            w for s in training_sentences(Path(folder), language) for w in set(split_words(s["text"]).words)
        )
        remember_words(nlp.get_pipe("tok2vec").model, [w for w, n in counts.items() if n >= 2])  # type: ignore[attr-defined]
        return nlp

    return callback
