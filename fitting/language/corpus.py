"""Reads the corpora as spaCy examples, for training varied anew in every epoch."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import registry

from fitting.language.augment import Augmenter
from fitting.language.heard import heard_sentences
from fitting.language.intents import intent_class
from fitting.language.templates import template_sentences
from forensics.knowledge.words import split as split_words
from forensics.language.embedding import remember_words

Sentence = dict[str, Any]
_HEARD_TIMES = 3
"""How often each sentence that was heard counts: there are few, and they are what a household sounds like."""
HELD_OUT_PERCENT = {"en": 5, "de": 0}
"""Share of the patterns of sentences that are kept from training. German has too few: without five in a
hundred, PLACE fell by two points on the dev set."""


def read(path: Path) -> list[Sentence]:
    """The sentences of one file of the corpora."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@lru_cache(maxsize=4)
def training_sentences(
    folder: Path, language: str, every: int = 1, *, heard: bool = True, less_percent: int = 0
) -> Sequence[Sentence]:
    """What a pipeline is trained on: the corpus, sentences from templates, and sentences that were heard.

    Without the patterns that are held out, see :func:`held_out`. With `every`, only each so many-th; without
    `heard`, none as they were heard; with `less_percent`, without so many patterns in a hundred in any case.
    """
    english = read(folder / "en" / "train.jsonl")
    if language == "en":
        english = sentences = [s for s in english if not is_held_out(s)]
    else:  # titles and names for German templates are of all English sentences: none is held out from German
        sentences = [s for s in read(folder / language / "train.jsonl") if not is_held_out(s)]
    made = template_sentences(language, english)
    as_heard = _HEARD_TIMES * _heard(language, less_percent) if heard else []
    kept = [s for s in sentences if not less_percent or pattern_number(s) >= less_percent]
    return tuple([*kept, *made, *as_heard][::every])


def heard_pairs(language: str) -> list[tuple[str, str]]:
    """What was said and what was heard, of the training sentences that are not held out."""
    return [(sentence["said"], sentence["text"]) for sentence in _heard(language)]


def _heard(language: str, less_percent: int = 0) -> list[Sentence]:
    least = max(HELD_OUT_PERCENT[language], less_percent)
    said = ({**s, "text": s["said"], "entities": s["said_entities"]} for s in heard_sentences(language))
    pairs = zip(heard_sentences(language), said, strict=True)
    return [heard for heard, one in pairs if pattern_number(one) >= least]


def held_out(folder: Path, language: str) -> list[Sentence]:
    """Training sentences that no pipeline was trained on, and that no setting was chosen by."""
    return [s for s in read(folder / language / "train.jsonl") if is_held_out(s)]


def is_held_out(sentence: Sentence) -> bool:
    """Whether a sentence is kept from training, with all others of its pattern."""
    return pattern_number(sentence) < HELD_OUT_PERCENT[sentence["lang"]]


def pattern_number(sentence: Sentence) -> int:
    """A number from 0 to 99 by a sentence's pattern, as if drawn.

    Sentences that differ only in their mentions have one pattern, so none is told what its sister is.
    """
    text = sentence["text"]
    for entity in sorted(sentence["entities"], key=lambda e: -e["start"]):
        text = f"{text[: entity['start']]} {entity['label']} {text[entity['end'] :]}"
    family = " ".join(split_words(text).words)
    return int(hashlib.sha256(family.encode()).hexdigest()[:8], 16) % 100


@registry.readers("forensics.Commands.v1")  # type: ignore[untyped-decorator]
def commands(
    folder: str,
    language: str,
    split: str,
    seed: int,
    augment: bool,
    company: float = 0.0,
    slipped: float = 0.15,
    every: int = 1,
    heard: bool = True,
) -> Callable[[Language], Iterator[Example]]:
    """A reader of examples; with `augment` in a new order, with new names and new slips each time.

    `company` is the share of the English sentences that each epoch mixes in: their words are unknown to a
    German pipeline, so that it learns from them what classes of names and parts of words say. `slipped` is
    the share of sentences in which something is misheard, half of them as Whisper did if `heard`, else by
    rules of spelling alone; for `every` and `heard` see :func:`training_sentences`.
    """
    home = Path(folder)
    sentences = (
        training_sentences(home, language, every, heard=heard)
        if split == "train"
        else read(home / language / f"{split}.jsonl")
    )
    generator = random.Random(seed)
    augmenter = (
        Augmenter(
            sentences, language, generator, slipped=slipped, heard=heard_pairs(language) if heard else ()
        )
        if augment
        else None
    )
    companions = read(home / "en" / "train.jsonl")[::every] if company else []
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
def remember_training_words(
    folder: str, language: str, every: int = 1, heard: bool = True
) -> Callable[[Language], Language]:
    """Tell the embedding which words the training data hold at least twice."""

    def callback(nlp: Language) -> Language:
        counts = Counter(
            w
            for s in training_sentences(Path(folder), language, every, heard=heard)
            for w in set(split_words(s["text"]).words)
        )
        remember_words(nlp.get_pipe("tok2vec").model, [w for w, n in counts.items() if n >= 2])  # type: ignore[attr-defined]
        return nlp

    return callback
