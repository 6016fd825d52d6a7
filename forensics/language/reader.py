"""Reads texts in batches: the trained pipeline finds mentions and the intent, rules find what it cannot.

One :class:`Reader` per language; it holds one model and no text, so a million sentences need the memory of
one batch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.errors import ModelError
from forensics.language.lexicon import HOME
from forensics.language.reading import Mention, Reading
from forensics.language.rules import find_all, join

if TYPE_CHECKING:
    from spacy.tokens import Doc

LANGUAGES = ("en", "de")
_BATCH = 512
_LONGEST = 4000
"""Code points read of one text by the model; rules see all of it."""


@lru_cache(maxsize=len(LANGUAGES))
def reader(language: str) -> Reader:
    """The reader of a language, loaded once per process."""
    return Reader(language)


class Reader:
    """Finds mentions, domain and intent.

    Parameters
    ----------
    language : {'en', 'de'}
    folder : pathlib.Path, optional
        Of another pipeline than the shipped one.

    Raises
    ------
    ModelError
        If the package has no pipeline for the language.

    Examples
    --------
    >>> reading = next(Reader("en").read(["what is the weather in oldenburg"]))
    >>> reading.domain, [(m.label, reading.text[m.start : m.end]) for m in reading.mentions]
    ('weather', [('PLACE', 'oldenburg')])
    """

    def __init__(self, language: str, folder: Path | None = None) -> None:
        folder = folder or HOME / "models" / language
        if language not in LANGUAGES or not (folder / "meta.json").is_file():
            raise ModelError(
                f"There is no language pipeline for {language!r} in {folder}.",
                f"Choose one of {', '.join(LANGUAGES)}, or train one: python -m forensics.language.training.",
            )
        import spacy

        for module in ("embedding", "tagger", "tokenizer"):  # they register their parts with spaCy
            import_module(f"forensics.language.{module}")
        self.language = language
        self._nlp = spacy.load(folder)
        self._intents = [tuple(label.split("/", 1)) for label in self._nlp.get_pipe("textcat").labels]  # type: ignore[attr-defined]

    def read(self, texts: Iterable[str]) -> Iterator[Reading]:
        """Readings of `texts`, in order; nothing in one text changes what is read in another."""
        texts = iter(texts)
        while batch := list(islice(texts, _BATCH)):
            docs = self._nlp.pipe((text[:_LONGEST] for text in batch), batch_size=_BATCH)
            for text, doc in zip(batch, docs, strict=True):
                yield self._reading(text, doc)

    def _reading(self, text: str, doc: Doc) -> Reading:
        found = [*self._model_mentions(doc), *find_all(text, doc.user_data, self.language)]
        domain, intent, score = self._intent(doc)
        return Reading(text, join(found), domain, intent, score)

    def _model_mentions(self, doc: Doc) -> Iterator[Mention]:
        spans = doc.user_data["spans"]
        for span, score in zip(doc.ents, doc.user_data.get("mention_scores", ()), strict=False):
            known = doc.user_data["classes"][span.start : span.end]
            yield Mention(
                spans[span.start][0],
                spans[span.end - 1][1],
                span.label_,
                round(score, 4),
                f"model:{self.language}",
                _why(span.label_, known),
            )

    def _intent(self, doc: Doc) -> tuple[str, str, float]:
        if not len(doc):
            return "general", "none", 0.0
        domains: dict[str, float] = {}
        best: tuple[float, str, str] = (-1.0, "", "")
        for (domain, intent), score in zip(self._intents, doc.cats.values(), strict=True):
            domains[domain] = domains.get(domain, 0.0) + score
            if score > best[0]:
                best = (score, domain, intent)
        domain = max(domains, key=lambda name: domains[name])
        if best[1] != domain:
            inside = [
                (s, i) for (d, i), s in zip(self._intents, doc.cats.values(), strict=True) if d == domain
            ]
            best = (0.0, domain, max(inside)[1])
        return domain, best[2], round(min(domains[domain], 1.0), 4)


_KNOWN = {
    "F": "a first name",
    "S": "a surname",
    "P": "a place",
    "R": "a relation",
    "D": "a device",
    "V": "a service",
    "H": "a room",
}


def _why(label: str, known: list[str]) -> str:
    marks = sorted({mark for marks in known for mark in marks if mark in _KNOWN})
    lists = f"; listed as {' and '.join(_KNOWN[m] for m in marks)}" if marks else "; in no word list"
    return f"the command model reads it as {label} in this sentence{lists}"


@lru_cache(maxsize=1)
def shipped_files() -> dict[str, str]:
    """SHA-256 of each model file and word list of the package, by relative path."""
    found: dict[str, str] = {}
    for folder in ("models", "data"):
        for path in sorted((HOME / folder).rglob("*")):
            if path.is_file() and path.suffix != ".md":
                found[str(path.relative_to(HOME))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def identity(options: Any = None) -> dict[str, Any]:
    """What the readings depend on: the shipped files and the versions of the libraries."""
    from importlib.metadata import version

    digest = hashlib.sha256(repr(sorted(shipped_files().items())).encode()).hexdigest()
    return {"files": digest, "spacy": version("spacy"), "thinc": version("thinc")}
