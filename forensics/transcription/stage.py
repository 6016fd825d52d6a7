"""The transcription stage: every recording read by the chosen engine, the vendor's reading beside it."""

from __future__ import annotations

from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING, Any

from forensics.audio.decode import decode_file
from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.corridor.workbench import Workbench
from forensics.errors import AudioError
from forensics.knowledge.fitted import fitted
from forensics.models import weights as models
from forensics.transcription.engine import Clip, Engine, LanguageChoice, household_prior
from forensics.transcription.engines import engine_name, load_engine
from forensics.transcription.heard import Heard
from forensics.transcription.hearing import hear
from forensics.transcription.vendor import NAME as VENDOR
from forensics.transcription.vendor import vendor_text

if TYPE_CHECKING:
    from forensics.case.case import Case

_CHUNK = 16
"""Recordings in flight: what a killed process loses."""

_SAMPLE = 24
"""Recordings that decide a household's languages."""

_LIBRARIES = {
    "faster-whisper": ("faster-whisper", "ctranslate2", "av"),
    "openai-whisper": ("openai-whisper", "torch", "av"),
    "vendor": (),
}

_SOUND = ("recording_id", "duration_s", "speech", "speech_probability", "wake_word_score", "decode_error")

Item = dict[str, Any]


def identity(options: Options) -> dict[str, Any]:
    """The weights' hash, the libraries' versions and the fitted numbers; loads no weights."""
    engine = engine_name(options.engine, options.model)
    found: dict[str, Any] = {name: version(name) for name in _LIBRARIES[engine]}
    if engine != VENDOR:
        found["model_sha256"] = models.expected_sha256(options.model)
        found["confidence"] = fitted("forensics.transcription.confidence").digest
    return found


def run(bench: Workbench) -> None:
    """Write ``transcripts``: one row per recording and engine."""
    items = _items(bench)
    if bench.options.engine == VENDOR:
        for item in bench.todo(items, key=_vendor_key, label="Reading the vendor's texts"):
            bench.keep(_vendor_key(item), {"transcripts": _vendor_rows(item)})
        return
    samples = _samples(items)
    for item in items:
        item["sample"] = [i["sha256"] for i in samples[item["data_subject_group"]]]
    hearing = _Hearing(bench.case, bench.options, samples)
    pending = bench.todo(_mixed(items), key=_key, label="Transcribing")
    while chunk := list(islice(pending, _CHUNK)):
        for item, row in zip(chunk, hearing.rows(chunk), strict=True):
            bench.keep(_key(item), {"transcripts": [row, *_vendor_rows(item)]})


class _Hearing:
    """Reads items with the chosen engine, which is loaded when the first item asks for it."""

    def __init__(self, case: Case, options: Options, samples: dict[str, list[Item]]) -> None:
        self._case = case
        self._options = options
        self._samples = samples
        self._choices: dict[str, LanguageChoice] = {}

    def rows(self, items: list[Item]) -> list[dict[str, Any]]:
        engine = load_engine(self._options.engine, self._options.model, exact=self._options.exact)
        rows: dict[int, dict[str, Any]] = {}
        audible: dict[str, list[tuple[int, Clip]]] = {}
        for index, item in enumerate(items):
            facts = _engine_facts(item, engine)
            if item["duration_s"] is None:
                rows[index] = {**facts, **_nothing(item["decode_error"])}
            elif not item["speech"]:
                rows[index] = {**facts, **_nothing(None, "no_speech")}
            elif (clip := self._clip(item)) is None:
                rows[index] = {**facts, **_nothing("the sound can no longer be decoded")}
            else:
                audible.setdefault(item["data_subject_group"], []).append((index, clip))
        for group, clips in sorted(audible.items()):
            found = hear(engine, [clip for _, clip in clips], self._choice(group, engine))
            for (index, _), heard in zip(clips, found, strict=True):
                rows[index] = {**_engine_facts(items[index], engine), **_columns(heard)}
        return [rows[index] for index in range(len(items))]

    def _choice(self, group: str, engine: Engine) -> LanguageChoice:
        if group not in self._choices:
            if self._options.language != "auto":
                self._choices[group] = LanguageChoice(forced=self._options.language)
            else:
                sample = [clip for item in self._samples[group] if (clip := self._clip(item)) is not None]
                self._choices[group] = LanguageChoice(prior=household_prior(engine.hear_language(sample)))
        return self._choices[group]

    def _clip(self, item: Item) -> Clip | None:
        try:
            path = self._case.evidence_path(item["sha256"])
            samples = decode_file(path, name=item["recording_id"]).samples
            score = item["wake_word_score"] or 0.0
            return Clip(samples, tuple(item["speech"]), item["speech_probability"], score)
        except AudioError:
            return None


def _items(bench: Workbench) -> list[Item]:
    """Recordings with their sound, shortest first: clips of one length go through the engine together."""
    audio = {row["recording_id"]: row for row in bench.rows("audio")}
    items: list[Item] = []
    for row in bench.rows("recordings"):
        sound = audio.get(row["recording_id"], {})
        item = {name: row[name] for name in ("recording_id", "data_subject_group", "sha256", "vendor_text")}
        item |= {name: sound.get(name) for name in _SOUND[1:]}
        item["speech"] = [(float(s["start_s"]), float(s["end_s"])) for s in item["speech"] or ()]
        items.append(item)
    return sorted(items, key=lambda i: (i["duration_s"] or 0.0, i["recording_id"]))


def _mixed(items: list[Item]) -> list[Item]:
    """The same, groups of one length in an order that length has no part in.

    What is done is then like what is left at any moment, and the time that is left can be told.
    """
    chunks = [items[i : i + _CHUNK] for i in range(0, len(items), _CHUNK)]
    chunks.sort(key=lambda chunk: str(chunk[0]["recording_id"]))  # an id is a hash of the content
    return [item for chunk in chunks for item in chunk]


def _samples(items: list[Item]) -> dict[str, list[Item]]:
    """Per group the recordings with a second of speech that come first by hash: fixed, whatever is done."""
    groups: dict[str, list[Item]] = {item["data_subject_group"]: [] for item in items}
    for item in sorted(items, key=lambda i: (i["sha256"], i["recording_id"])):
        sample = groups[item["data_subject_group"]]
        if len(sample) < _SAMPLE and sum(end - start for start, end in item["speech"]) >= 1.0:
            sample.append(item)
    return groups


def _key(item: Item) -> list[Any]:
    facts = (
        "recording_id",
        "data_subject_group",
        "sha256",
        "vendor_text",
        *_SOUND[1:],
        "sample",
    )
    return [item[name] for name in facts]


def _vendor_key(item: Item) -> list[Any]:
    return [item[name] for name in ("recording_id", "data_subject_group", "vendor_text")]


def _engine_facts(item: Item, engine: Engine) -> dict[str, Any]:
    return {
        **_ids(item, engine.name),
        "model": engine.model,
        "model_sha256": engine.model_sha256,
        "engine_version": engine.version,
    }


def _ids(item: Item, engine: str) -> dict[str, Any]:
    return {
        "transcript_id": make_id("tra", item["recording_id"], engine),
        "recording_id": item["recording_id"],
        "data_subject_group": item["data_subject_group"],
        "engine": engine,
    }


def _nothing(error: str | None, *flags: str) -> dict[str, Any]:
    return {"text": "", "words": [], "alternatives": [], "flags": [*flags, "empty"], "error": error,
            "stretches": [], "unread": []}  # fmt: skip


def _columns(heard: Heard) -> dict[str, Any]:
    reading = heard.reading
    return {
        "text": heard.text,
        "raw_text": heard.raw_text,
        "language": reading.language,
        "language_probability": round(reading.language_probability, 4),
        "words": words_of(heard),
        "alternatives": [{"value": v, "probability": round(p, 4)} for v, p in reading.alternatives],
        "confidence": heard.confidence,
        "avg_logprob": round(reading.avg_logprob, 4),
        "no_speech_prob": round(reading.no_speech_prob, 4),
        "compression_ratio": round(reading.compression_ratio, 4),
        "flags": list(heard.flags),
        "stretches": [
            {
                "start_s": round(part.start_s, 3),
                "end_s": round(part.end_s, 3),
                "language": part.reading.language,
                "probability": round(part.reading.language_probability, 4),
            }
            for part in heard.parts
        ],
        "unread": [{"start_s": start, "end_s": end} for start, end in heard.unread],
    }


def words_of(heard: Heard) -> list[dict[str, Any]]:
    """The words as rows of the ``words`` column."""
    return [
        {"word": w.word, "start_s": w.start_s, "end_s": w.end_s, "probability": w.probability}
        for w in heard.words
    ]


def _vendor_rows(item: Item) -> list[dict[str, Any]]:
    text = vendor_text(item["vendor_text"])
    if text is None:
        return []
    return [
        {**_ids(item, VENDOR), "text": text, "raw_text": text, "words": [], "alternatives": [], "flags": []}
    ]
