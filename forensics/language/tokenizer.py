"""spaCy's view of a command: a Doc of words in one spelling that remembers where each stood.

Training needs Docs; reading does not: what the models look at fits into a :class:`Command`, which costs a
tenth of a Doc and leaves no words behind in spaCy's vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from forensics.knowledge.lexicon import WordClasses, word_classes
from forensics.knowledge.words import split

_LONGEST = 400
"""Words read of one text; a vendor's line is rarely longer than thirty."""


_NO_VECTORS = np.zeros((0, 0), dtype="float32")


class Command:
    """One text as the models read it, in place of a Doc.

    Parameters
    ----------
    text : str
    classes : WordClasses

    Attributes
    ----------
    user_data : dict
        ``words``, ``spans`` (places in the original text) and ``classes``, by word.
    tensor : array of float32
        One vector a word, once tok2vec has set it.
    mentions : list of (int, int, str, float)
        First word, word after the last, label and probability.
    people : list of float
        By word the probability that it is in a PERSON.
    domain : (str, str, float)
        Domain, intent and the domain's probability.
    """

    __slots__ = ("domain", "mentions", "people", "tensor", "user_data")

    def __init__(self, text: str, classes: WordClasses) -> None:
        self.user_data = command_data(text, classes)
        self.tensor: Any = _NO_VECTORS
        self.mentions: list[tuple[int, int, str, float]] = []
        self.people: list[float] = []
        self.domain = ("general", "none", 0.0)

    def __len__(self) -> int:
        return len(self.user_data["words"])


def command_data(text: str, classes: WordClasses) -> dict[Any, Any]:
    """The first words of `text`, where they stand, and what they are known as."""
    found = split(text)
    words, spans = found.words[:_LONGEST], found.spans[:_LONGEST]
    return {"words": words, "spans": spans, "classes": classes.of(words)}


@registry.tokenizers("forensics.CommandTokenizer.v1")  # type: ignore[untyped-decorator]
def command_tokenizer() -> Callable[[Language], CommandTokenizer]:
    """The tokenizer, as spaCy's configuration names it."""
    return lambda nlp: CommandTokenizer(nlp.vocab)


class CommandTokenizer:
    """Makes Docs whose tokens are :func:`~forensics.knowledge.words.split` words.

    ``doc.user_data`` holds ``words``, ``spans`` (places in the original text) and ``classes``.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._classes = word_classes()

    def __call__(self, text: str) -> Doc:
        data = command_data(text, self._classes)
        return Doc(self.vocab, words=data["words"], user_data=data)

    def to_bytes(self, **kwargs: Any) -> bytes:
        """Nothing to store."""
        return b""

    def from_bytes(self, data: bytes, **kwargs: Any) -> CommandTokenizer:
        """Nothing to read."""
        return self

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        """Nothing to store."""

    def from_disk(self, path: str | Path, **kwargs: Any) -> CommandTokenizer:
        """Nothing to read."""
        return self
