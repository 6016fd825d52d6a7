"""Reads texts in batches: the trained pipeline finds mentions and the intent, rules find what it cannot.

One :class:`Reader` per language; it holds one model and no text, so a million sentences need the memory of
one batch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.errors import ModelError
from forensics.language.conventions import drawn
from forensics.language.lexicon import HOME
from forensics.language.people import CALLED_UPON, GUEST, role_of
from forensics.language.reading import Mention, Reading
from forensics.language.rules import covered, find_all, join

if TYPE_CHECKING:
    from spacy.tokens import Doc

LANGUAGES = ("en", "de")
_BATCH = 512
_MANY_WORDS = 150_000
"""Words that spaCy may remember; those that come after are forgotten batch by batch."""
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
        from thinc.api import use_ops
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

        for module in ("domains", "embedding", "tagger", "tokenizer"):  # they register their parts with spaCy
            import_module(f"forensics.language.{module}")
        self.language = language
        with use_ops("numpy", use_blis=False):  # OpenBLAS is three times as fast here
            self._nlp = spacy.load(folder)
        self._blas: Any = ThreadpoolController()
        self._domains: Any = self._nlp.get_pipe("domains")
        self._domains.prepare(list(self._nlp.get_pipe("textcat").labels))  # type: ignore[attr-defined]

    def read(self, texts: Iterable[str]) -> Iterator[Reading]:
        """Readings of `texts`, in order; nothing in one text changes what is read in another."""
        texts = iter(texts)
        while batch := list(islice(texts, _BATCH)):
            full = len(self._nlp.vocab.strings) > _MANY_WORDS
            with self._nlp.memory_zone() if full else nullcontext():  # spaCy remembers words outside of one
                docs = [self._nlp.make_doc(text[:_LONGEST]) for text in batch]
                with self._blas.limit(
                    limits=1, user_api="blas"
                ):  # short matrices: threads cost more than they give
                    self._process([doc for doc in docs if len(doc)])
                readings = [self._reading(text, doc) for text, doc in zip(batch, docs, strict=True)]
                del docs
            yield from readings

    def _process(self, docs: list[Doc]) -> None:
        """Run the pipeline's components over docs that have words; they write into the docs."""
        if not docs:
            return
        intents: Any = None
        for name, pipe in self._nlp.pipeline:
            if name == "textcat":
                intents = pipe.predict(docs)  # type: ignore[attr-defined]
            elif name == "domains":
                judged = self._domains.judge([doc.user_data["words"] for doc in docs], intents)
                for doc, domain in zip(docs, judged, strict=True):
                    doc.user_data["domain"] = domain
            else:
                pipe.set_annotations(docs, pipe.predict(docs))  # type: ignore[attr-defined]

    def _reading(self, text: str, doc: Doc) -> Reading:
        domain, intent, score = doc.user_data["domain"] if len(doc) else ("general", "none", 0.0)
        model = [plausible(mention, text, domain) for mention in self._model_mentions(doc)]
        model = drawn(model, text, self.language, domain)
        found = [*model, *find_all(text, doc.user_data, self.language, domain)]
        kept = join(found)
        return Reading(text, kept, domain, intent, round(score, 4), covered(found, kept))

    def _model_mentions(self, doc: Doc) -> Iterator[Mention]:
        spans = doc.user_data["spans"]
        for span, score in zip(doc.ents, doc.user_data.get("mention_scores", ()), strict=False):
            if score < _LEAST_SCORE[self.language].get(span.label_, 0.0):
                continue
            known = doc.user_data["classes"][span.start : span.end]
            yield Mention(
                spans[span.start][0],
                spans[span.end - 1][1],
                span.label_,
                round(score, 4),
                f"model:{self.language}",
                _why(span.label_, known),
            )


_LEAST_SCORE = {
    "en": {"PERSON": 0.5, "MEDIA": 0.35, "PLACE": 0.35},
    "de": {"PERSON": 0.5, "MEDIA": 0.35},
}
"""Below these probabilities a name is more often wrong than right (dev sets of both languages)."""
_UNHEARD_OF = {
    "PERSON": frozenset(("music", "media", "food", "recommendation", "volume", "weather", "timer")),
    "MEDIA": frozenset(
        ("calendar", "communication", "lists", "smarthome", "social", "food", "weather", "timer", "transport")
    ),
    "PLACE": frozenset(("music", "media", "volume", "social", "timer", "alarm")),
    "DEVICE": frozenset(("social", "weather", "qa", "general", "food")),
}
"""Domains in which the training corpora (both languages) have a label in under .5 % of sentences. The corpora
count a guest of a booking as OTHER, and a name in a request for music as MEDIA."""
_KNOWN = {
    "F": "a first name",
    "S": "a surname",
    "P": "a place",
    "R": "a relation",
    "D": "a device",
    "V": "a service",
    "H": "a room",
}


def plausible(mention: Mention, text: str, domain: str) -> Mention:
    """`mention`, or what it more likely is in a request of this domain."""
    if domain not in _UNHEARD_OF.get(mention.label, ()):
        return mention
    if mention.label == "PERSON":
        role = role_of(text, mention)
        if role in CALLED_UPON:
            return mention
        if domain in ("music", "media"):
            said = f"named in a request for {domain}: an artist or character until shown otherwise"
            return replace(mention, label="MEDIA", reason=f"{mention.reason}; {said}")
    said = f"{GUEST if mention.label == 'PERSON' else mention.label} in a request about {domain}"
    return replace(mention, label="OTHER", reason=f"{mention.reason}; {said}")


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
