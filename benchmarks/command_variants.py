"""Dev sentences and their variants: lower case, Title Case, as Whisper writes, misheard."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from forensics.knowledge.numerals import UNITS

Sentence = dict[str, Any]
_NUMBERS = {language: words[:13] for language, words in UNITS.items()}
_NAMES = {"PERSON", "PLACE", "MEDIA", "SERVICE", "ORG"}


def load(corpora: Path, language: str, split: str = "dev") -> list[Sentence]:
    """Sentences of one file."""
    return [
        json.loads(line) for line in (corpora / language / f"{split}.jsonl").read_text("utf-8").splitlines()
    ]


def varied(sentence: Sentence, change: Callable[[str, str | None], str]) -> Sentence:
    """A sentence whose pieces, inside and outside of mentions, went through `change`."""
    text, position, out, entities = sentence["text"], 0, "", []
    for entity in sorted(sentence["entities"], key=lambda e: e["start"]):
        out += change(text[position : entity["start"]], None)
        piece = change(text[entity["start"] : entity["end"]], entity["label"])
        entities.append({**entity, "start": len(out), "end": len(out) + len(piece)})
        out += piece
        position = entity["end"]
    out += change(text[position:], None)
    return {**sentence, "text": out, "entities": entities}


def lower(sentence: Sentence) -> Sentence:
    """All in lower case."""
    return varied(sentence, lambda piece, label: piece.lower())


def title(sentence: Sentence) -> Sentence:
    """Every Word With A Capital."""
    return varied(sentence, lambda piece, label: re.sub(r"\b\w", lambda m: m.group().upper(), piece))


def whisper_like(sentence: Sentence, nouns: frozenset[str]) -> Sentence:
    """As Whisper writes: a capital and a full stop, names and German nouns with capitals, digits, BBC."""
    numbers = _NUMBERS[sentence["lang"]]

    def change(piece: str, label: str | None) -> str:
        piece = re.sub(
            r"\b(?:[a-z]\. ?){2,}",
            lambda m: re.sub(r"[. ]", "", m.group()).upper() + " " * m.group().endswith(" "),
            piece,
        )
        piece = re.sub(
            r"\b\w+\b", lambda m: str(numbers.index(m.group())) if m.group() in numbers else m.group(), piece
        )
        if label in _NAMES:
            return re.sub(r"(?<!['’\w])\w", lambda m: m.group().upper(), piece)
        return re.sub(
            r"\b\w+\b", lambda m: m.group().capitalize() if m.group() in nouns else m.group(), piece
        )

    made = varied(sentence, change)
    question = re.match(
        r"(?i)\s*(what|when|where|who|how|is|are|will|do|does|was|wann|wo|wer|wie|ist|wird|gibt|welche)",
        made["text"],
    )
    return {**made, "text": made["text"][:1].upper() + made["text"][1:] + ("?" if question else ".")}


def misheard(sentences: Sequence[Sentence], language: str, corpora: Path) -> list[Sentence]:
    """One or two words of each sentence spelled as a recogniser might mishear them (seeded)."""
    from fitting.language.augment import Augmenter

    augmenter = Augmenter(load(corpora, language, "train"), language, random.Random(11))
    return [augmenter.with_slips(sentence) for sentence in sentences]


def capitalised_nouns(corpora: Path) -> frozenset[str]:
    """German words that normally cased sentences write with a capital."""
    words: set[str] = set()
    for sentence in load(corpora, "de", "train"):
        if sentence["source"] == "home_assistant":
            words.update(w.lower() for w in re.findall(r"(?<=\s)[A-ZÄÖÜ]\w+", sentence["text"]))
    return frozenset(words)
