"""Reads texts in batches: the trained pipeline finds mentions and the intent, rules find what it cannot.

One :class:`Reader` per language; it holds one model and no text, so a million sentences need the memory of
one batch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.corridor.lean import without
from forensics.errors import ModelError
from forensics.knowledge.fitted import SUFFIX, fitted
from forensics.knowledge.lexicon import DATA, word_classes
from forensics.language.conventions import drawn
from forensics.language.people import CALLED_UPON, role_of
from forensics.language.reading import MODEL, Mention, Reading
from forensics.language.rules import covered, find_all, join

if TYPE_CHECKING:
    from forensics.language.tokenizer import Command

LANGUAGES = ("en", "de")
NAMES = ("PERSON", "MEDIA", "PLACE")
"""Kinds of names that are left out below a probability: there they are more often wrong than right."""
MODELS = Path(__file__).parent / "models"
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
    least : mapping, optional
        Probability by label below which a name is left out; by default the fitted ones.

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

    def __init__(
        self, language: str, folder: Path | None = None, *, least: Mapping[str, float] | None = None
    ) -> None:
        folder = folder or MODELS / language
        if language not in LANGUAGES or not (folder / "meta.json").is_file():
            raise ModelError(
                f"There is no language pipeline for {language!r} in {folder}.",
                f"Choose one of {', '.join(LANGUAGES)}, or train one: python -m fitting.language.",
            )
        with without("torch"):  # the pipelines are numpy's alone
            import spacy
            from thinc.api import use_ops
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

        for module in ("domains", "embedding", "tagger"):  # they register their parts with spaCy
            import_module(f"forensics.language.{module}")
        self._command: type[Command] = import_module("forensics.language.tokenizer").Command
        self._classes = word_classes()
        self.language = language
        if least is None:
            least = dict(zip(NAMES, fitted(__name__).numbers(language, NAMES), strict=True))
        self._least = least
        with use_ops("numpy", use_blis=False):  # OpenBLAS is three times as fast here
            self._nlp = spacy.load(folder)
        self._blas: Any = ThreadpoolController()
        self.domains: Any = self._nlp.get_pipe("domains")
        self.domains.prepare(list(self._nlp.get_pipe("textcat").labels))  # type: ignore[attr-defined]

    def read(self, texts: Iterable[str]) -> Iterator[Reading]:
        """Readings of `texts`, in order; nothing in one text changes what is read in another."""
        texts = iter(texts)
        while batch := list(islice(texts, _BATCH)):
            commands = [self._command(text[:_LONGEST], self._classes) for text in batch]
            with self._blas.limit(
                limits=1, user_api="blas"
            ):  # short matrices: threads cost more than they give
                self._process([command for command in commands if len(command)])
            yield from [self._reading(text, command) for text, command in zip(batch, commands, strict=True)]

    def _process(self, commands: list[Command]) -> None:
        """Run the pipeline's components over texts that have words."""
        if not commands:
            return
        nlp: Any = self._nlp
        tok2vec = nlp.get_pipe("tok2vec")
        tok2vec.set_annotations(commands, tok2vec.predict(commands))
        tagger = nlp.get_pipe("mentions")
        intents = nlp.get_pipe("textcat").predict(commands)
        domains = self.domains.judge([command.user_data["words"] for command in commands], intents)
        tags = tagger.predict(commands)
        found = tagger.mentions(tags)
        for command, mentions, domain, (*_, people) in zip(commands, found, domains, tags, strict=True):
            command.mentions, command.domain, command.people = mentions, domain, people.round(3).tolist()

    def _reading(self, text: str, command: Command) -> Reading:
        domain, intent, score = command.domain
        model = [plausible(mention, text, domain) for mention in self._model_mentions(command)]
        model = drawn(model, text, self.language, domain)
        found = [*model, *find_all(text, command.user_data, self.language, domain)]
        kept = join(found)
        return Reading(text, kept, domain, intent, round(score, 4), covered(found, kept), command.people)

    def _model_mentions(self, command: Command) -> Iterator[Mention]:
        spans, classes = command.user_data["spans"], command.user_data["classes"]
        for start, end, label, score in command.mentions:
            if score < self._least.get(label, 0.0):
                continue
            why = _why(label, classes[start:end])
            yield Mention(spans[start][0], spans[end - 1][1], label, round(score, 4), MODEL, why)


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
    guest = mention.label == "PERSON"
    said = f"{'a person named as company' if guest else mention.label} in a request about {domain}"
    return replace(mention, label="OTHER", guest=guest, reason=f"{mention.reason}; {said}")


def _why(label: str, known: list[str]) -> str:
    marks = sorted({mark for marks in known for mark in marks if mark in _KNOWN})
    lists = f"; listed as {' and '.join(_KNOWN[m] for m in marks)}" if marks else "; in no word list"
    return f"the command model reads it as {label} in this sentence{lists}"


@lru_cache(maxsize=1)
def shipped_files() -> dict[str, str]:
    """SHA-256 of each model file and word list of the package, by relative path."""
    found: dict[str, str] = {}
    for folder in (MODELS, DATA):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".md" and not path.name.endswith(SUFFIX):
                found[f"{folder.name}/{path.relative_to(folder)}"] = hashlib.sha256(
                    path.read_bytes()
                ).hexdigest()
    return found


def identity(options: Any = None) -> dict[str, Any]:
    """What the readings depend on: shipped files, fitted numbers, and versions of libraries."""
    from importlib.metadata import version

    digest = hashlib.sha256(repr(sorted(shipped_files().items())).encode()).hexdigest()
    fits = {name: fitted(name).digest for name in (__name__, "forensics.language.domains")}
    versions = {name: version(name) for name in ("spacy", "thinc", "gender-guesser")}
    return {"files": digest, **fits, **versions}
