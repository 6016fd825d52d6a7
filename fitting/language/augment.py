"""Varies training sentences: other names, other places, digits for numbers, a recogniser's slips of hearing.

The corpora repeat few names; people's devices hear many. Fillers come from name lists and GeoNames, and
from the same slot of other sentences. Gold spans move with the text.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from fitting.language.confusions import Confusions
from fitting.language.fillers import NameLists
from forensics.knowledge.lexicon import read_forms, word_classes
from forensics.knowledge.numerals import in_digits
from forensics.knowledge.words import split

Sentence = dict[str, Any]

_SWAP = {"PERSON": 0.6, "PLACE": 0.4, "MEDIA": 0.35, "DEVICE": 0.5, "ORG": 0.2, "SERVICE": 0.1}
WAKE = {
    "en": ("alexa", "hey alexa", "echo", "computer", "ok google", "hey siri"),
    "de": ("alexa", "hallo alexa", "echo", "computer", "ok google", "hey siri"),
}
"""How training sentences open, the common wake words often."""
_SLIPS = [
    (re.compile(p), r)
    for p, r in (
        ("th", "t"), ("ph", "f"), ("ck", "k"), ("tt", "t"), ("nn", "n"), ("ss", "s"), ("ll", "l"), ("mm",
        "m"), ("ie", "i"), ("ei", "ai"),
        ("ai", "ei"), ("ay", "ey"), ("y", "i"), ("c", "k"), ("k", "c"), ("v", "w"), ("w", "v"), ("z", "s"),
        ("d$", "t"), ("t$", "d"),
        ("e$", ""), ("er$", "a"), ("a$", "er"), ("ea", "ee"), ("ee", "ea"), ("ou", "oo"), ("o", "u"), ("u",
        "o"), ("e", "i"), ("i", "e"),
        ("a", "e"), ("ö", "e"), ("ü", "i"), ("ä", "e"), ("b", "p"), ("g", "k"), ("m", "n"), ("n", "m"),
        ("s$", ""), ("$", "s"),
        ("h", ""), ("l", "ll"), ("n", "nn"), ("r", ""),
    )
]  # fmt: skip


class Augmenter:
    """Varies sentences of one language.

    Parameters
    ----------
    sentences : sequence of dict
        The training corpus, from which fillers of each slot are taken.
    language : {'en', 'de'}
    generator : random.Random
        All randomness comes from here.
    slipped : float
        Share of sentences in which some words are misheard.
    heard : sequence of (str, str)
        What was said and what was heard; with such pairs half of the misheard sentences are misheard as the
        recogniser did (:class:`~fitting.language.confusions.Confusions`), the others by rules.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        language: str,
        generator: random.Random,
        *,
        slipped: float = 0.15,
        heard: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._slipped = slipped
        words = Counter(word for s in sentences for word in split(s["text"]).words) if heard else Counter()
        self._confusions = Confusions(heard, words, generator)
        self._random = generator
        self._language = language
        self._names = NameLists(language, generator)
        self._pool: dict[str, list[str]] = defaultdict(list)
        for sentence in sentences:
            for entity in sentence["entities"]:
                self._pool[entity["slot"]].append(sentence["text"][entity["start"] : entity["end"]])
        self._devices = [row["form"] for row in read_forms("devices") if row["language"] == language]
        self._classes = word_classes()

    def __call__(self, sentence: Sentence) -> Sentence:
        """A variant of `sentence`; the argument is left as it is."""
        pieces = self._swap(sentence)
        if self._random.random() < 0.12:
            pieces.insert(0, (self._random.choice(WAKE[self._language]) + " ", None))
        if self._random.random() < 0.3:
            pieces = [(in_digits(text, self._language), entity) for text, entity in pieces]
        if self._random.random() >= self._slipped:
            return self._join(sentence, pieces)
        if self._confusions and self._random.random() < 0.5:
            return self._confused(self._join(sentence, pieces))
        return self._join(sentence, self._slip(pieces))

    def with_slips(self, sentence: Sentence) -> Sentence:
        """`sentence` with one or two words misheard and nothing else changed."""
        pieces: list[tuple[str, dict[str, Any] | None]] = []
        position = 0
        for entity in sorted(sentence["entities"], key=lambda e: e["start"]):
            pieces += [
                (sentence["text"][position : entity["start"]], None),
                (sentence["text"][entity["start"] : entity["end"]], entity),
            ]
            position = entity["end"]
        pieces.append((sentence["text"][position:], None))
        return self._join(sentence, self._slip(pieces))

    def _swap(self, sentence: Sentence) -> list[tuple[str, dict[str, Any] | None]]:
        """The text cut at its mentions, some of them replaced."""
        text, position = sentence["text"], 0
        pieces: list[tuple[str, dict[str, Any] | None]] = []
        for entity in sorted(sentence["entities"], key=lambda e: e["start"]):
            if entity["start"] < position:
                continue
            pieces.append((text[position : entity["start"]], None))
            filler = text[entity["start"] : entity["end"]]
            if self._random.random() < _SWAP.get(entity["label"], 0.0):
                filler = self._other(filler, entity) or filler
            pieces.append((filler, entity))
            position = entity["end"]
        pieces.append((text[position:], None))
        return pieces

    def _other(self, filler: str, entity: dict[str, Any]) -> str | None:
        label, slot = entity["label"], entity["slot"]
        if slot.startswith("template") and label not in ("PERSON", "PLACE"):
            return None
        if label == "PERSON":
            return self._other_person(filler)
        if label == "PLACE":
            known = self._classes.of(split(filler).words)
            if all("P" in marks for marks in known) and known and self._random.random() < 0.8:
                return self._names.place()
            return None
        if label == "DEVICE":
            if slot == "device_type" or slot.startswith("template"):
                return None
            return (
                self._random.choice(self._devices)
                if self._random.random() < 0.6
                else self._random.choice(self._pool[slot] or self._devices)
            )
        pool = self._pool[slot]
        return self._random.choice(pool) if len(pool) > 30 else None

    def _other_person(self, filler: str) -> str | None:
        words = split(filler).words
        possessive = "'s" if words[-1:] == ["'s"] else ""
        count = len(words) - bool(possessive)
        if count == 1:
            return self._names.first_name() + possessive
        if count == 2:
            return self._names.full_name() + possessive
        return None

    def _confused(self, sentence: Sentence) -> Sentence:
        """`sentence` as the recogniser would have misheard it; mentions keep the words in their place."""
        found = split(sentence["text"])
        owners = [
            next((n for n, e in enumerate(sentence["entities"]) if e["start"] < b and a < e["end"]), None)
            for a, b in found.spans
        ]
        words = [(sentence["text"][a:b], owner) for (a, b), owner in zip(found.spans, owners, strict=True)]
        for start, end, heard in reversed(self._confusions(found.words)):
            middle = (end - start) / max(len(heard), 1)
            words[start:end] = [
                (word, owners[start + int((place + 0.5) * middle)]) for place, word in enumerate(heard)
            ]
        text, entities = "", []
        spans: dict[int, list[int]] = {}
        for word, owner in words:
            text += " " if text else ""
            if owner is not None:
                spans.setdefault(owner, [len(text), 0])[1] = len(text) + len(word)
            text += word
        for number, (start, end) in sorted(spans.items()):
            entities.append({**sentence["entities"][number], "start": start, "end": end})
        return {**sentence, "text": text, "entities": entities}

    def _slip(
        self, pieces: list[tuple[str, dict[str, Any] | None]]
    ) -> list[tuple[str, dict[str, Any] | None]]:
        """One or two words misheard."""
        for _ in range(self._random.choice((1, 1, 2))):
            number = self._random.randrange(len(pieces))
            text, entity = pieces[number]
            words = text.split(" ")
            place = self._random.randrange(len(words))
            words[place] = self._misheard(words[place])
            pieces[number] = (" ".join(words), entity)
        return pieces

    def _misheard(self, word: str) -> str:
        if len(word) < 4:
            return word
        if len(word) > 6 and self._random.random() < 0.15:
            cut = self._random.randrange(3, len(word) - 2)
            return word[:cut] + " " + word[cut:]
        pattern, replacement = self._random.choice([s for s in _SLIPS if s[0].search(word)])
        hit = self._random.choice(list(pattern.finditer(word)))
        return word[: hit.start()] + replacement + word[hit.end() :] or word

    def _join(self, sentence: Sentence, pieces: list[tuple[str, dict[str, Any] | None]]) -> Sentence:
        text, entities = "", []
        for piece, entity in pieces:
            if entity is not None:
                entities.append({**entity, "start": len(text), "end": len(text) + len(piece)})
            text += piece
        return {**sentence, "text": text, "entities": entities}
