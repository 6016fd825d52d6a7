"""spaCy's view of a command: a Doc of words in one spelling that remembers where each stood."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from forensics.language.lexicon import word_classes
from forensics.language.words import split

_LONGEST = 400
"""Words read of one text; a vendor's line is rarely longer than thirty."""


@registry.tokenizers("forensics.CommandTokenizer.v1")  # type: ignore[untyped-decorator]
def command_tokenizer() -> Callable[[Language], CommandTokenizer]:
    """The tokenizer, as spaCy's configuration names it."""
    return lambda nlp: CommandTokenizer(nlp.vocab)


class CommandTokenizer:
    """Makes Docs whose tokens are :func:`~forensics.language.words.split` words.

    ``doc.user_data`` holds ``words``, ``spans`` (places in the original text) and ``classes``.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._classes = word_classes()

    def __call__(self, text: str) -> Doc:
        found = split(text)
        words, spans = found.words[:_LONGEST], found.spans[:_LONGEST]
        data: dict[Any, Any] = {"words": words, "spans": spans, "classes": self._classes.of(words)}
        return Doc(self.vocab, words=words, user_data=data)

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
