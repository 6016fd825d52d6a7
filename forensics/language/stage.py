"""The language stage: every text of the case becomes mentions, every utterance with words an intent.

One item is one data subject's texts: places are weighed by the household's other places, so no text of a
household can be settled alone, and nothing of one household may settle another's. Names of places are
resolved here: all rooms after it get ids with probabilities.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from forensics.case.ids import make_id
from forensics.case.rows import Row
from forensics.knowledge.fitted import fitted
from forensics.language.languages import languages_of
from forensics.language.reader import identity as _reader_identity
from forensics.language.spoken_languages import by_language, words_between

if TYPE_CHECKING:
    from forensics.case.options import Options
    from forensics.corridor.workbench import Workbench
    from forensics.knowledge.gazetteer import Place
    from forensics.language.meaning import Meaning
    from forensics.language.reading import Reading
    from forensics.language.talk import Weights

_VENDOR = "vendor"
_LEAST_MATCH = 0.5
"""Probability from which on a matched line was said when its recording was made."""
_SURE_PERSON = 0.8
"""Probability of a name from which on its bearer is one of the household's: an assumption."""
_SURE_MENTIONS = 2
"""Mentions of a place by which it counts as one of the household's."""


@dataclass(frozen=True)
class Source:
    """One text of a data subject.

    Parameters
    ----------
    kind : {'audio', 'vendor', 'account'}
    text : str
    group : str
    language : str or None
        As the transcriber says; None is guessed.
    utterance_id : str or None
        None for account data, unless it names who spoke.
    recording_id, member_id, passage_id : str or None
    page, row : int or None
    engine : str
        Who heard it: the recogniser of a transcript, else the kind.
    field, meaning : str or None
        The header of an account's column, and what it was read as.
    said_at : str or None
        Local time of the utterance, ISO 8601.
    words : tuple
        ``(word, start_s, end_s, probability)`` of a transcript.
    offset : int
        Where the text begins in the transcript, of which it is the part in one language.
    confidence : float or None
        Of the whole transcript.
    wake_word : float or None
        Score of the wake word in the sound.
    ambience : tuple
        ``(name, score)`` of the cues that were measured on real recordings.
    """

    kind: str
    text: str
    group: str
    language: str | None = None
    utterance_id: str | None = None
    recording_id: str | None = None
    member_id: str | None = None
    passage_id: str | None = None
    page: int | None = None
    row: int | None = None
    engine: str = ""
    field: str | None = None
    meaning: str | None = None
    said_at: str | None = None
    words: tuple[tuple[str, float, float, float], ...] = ()
    offset: int = 0
    confidence: float | None = None
    wake_word: float | None = None
    ambience: tuple[tuple[str, float], ...] = ()


def identity(options: Options) -> dict[str, Any]:
    """The shipped model files, the word lists, the fitted numbers and the libraries."""
    return {**_reader_identity(options), "accidental": fitted("forensics.language.accidental").digest}


def run(bench: Workbench) -> None:
    """Read utterances, their sound and transcripts, and passages; write mentions and intents."""
    by_group: dict[str, list[Source]] = defaultdict(list)
    for source in _sources(bench):
        by_group[source.group].append(source)
    keys = {group: [group, [asdict(s) for s in own]] for group, own in by_group.items()}
    for group in bench.todo(sorted(by_group), key=lambda g: keys[g], label="language"):
        bench.keep(keys[group], read_household(by_group[group], group))


def read_household(
    sources: Sequence[Source], group: str, name_weights: Weights | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Rows of ``mentions`` and ``intents`` of one data subject.

    Parameters
    ----------
    sources : sequence of Source
    group : str
    name_weights : mapping, optional
        Of another fit of :mod:`forensics.language.talk` than the shipped one.
    """
    from forensics.language.account import find_in_account, speaker
    from forensics.language.meaning import understand
    from forensics.language.nested import with_nested
    from forensics.language.reader import reader
    from forensics.language.talk import Text, with_people
    from forensics.language.talk_places import with_places

    spoken = [s for s in sources if s.kind != "account" and s.text.strip()]
    languages = languages_of([s.text for s in spoken], [s.language for s in spoken])
    readings: dict[int, Reading] = {}
    for language in sorted(set(languages)):
        numbers = [n for n, found in enumerate(languages) if found == language]
        texts = list(dict.fromkeys(spoken[n].text for n in numbers))
        engine = reader(language)
        known = dict(zip(texts, with_nested(list(engine.read(texts)), engine), strict=True))
        readings.update((n, known[spoken[n].text]) for n in numbers)
    together = [
        Text(readings[n], languages[n], source.utterance_id or str(n)) for n, source in enumerate(spoken)
    ]
    readings = dict(enumerate(with_places(with_people(together, name_weights), languages)))
    household = _household_places(readings, languages)
    people = _known_people(readings)
    played = _played(readings)
    mentions: list[dict[str, Any]] = []
    best: dict[str, tuple[bool, Source, Reading, list[Meaning]]] = {}
    for number, source in enumerate(spoken):
        reading = readings[number]
        said_at = datetime.fromisoformat(source.said_at) if source.said_at else None
        meanings = understand(
            reading, languages[number], household=household, played=played, known=people, said_at=said_at
        )
        mentions += [_mention_row(source, meaning, group) for meaning in meanings]
        if source.utterance_id:
            vendors = source.kind == _VENDOR
            if source.utterance_id not in best or vendors < best[source.utterance_id][0]:
                best[source.utterance_id] = (vendors, source, reading, meanings)
    for source in sources:
        if source.kind == "account":
            if source.utterance_id:
                found = [who] if (who := speaker(source.text)) else []
            else:
                found = find_in_account(source.text, source.field or "", source.meaning)
            mentions += [_mention_row(source, meaning, group) for meaning in found]
    intents = [_intent_row(identifier, *one[1:], group) for identifier, one in sorted(best.items())]
    return {"mentions": _unique(mentions), "intents": intents}


def _sources(bench: Workbench) -> Iterator[Source]:
    audio = {row["recording_id"]: row for row in bench.rows("audio")}
    ours: dict[str, list[Row]] = defaultdict(list)
    for row in bench.rows("transcripts"):
        if row["engine"] != _VENDOR and row["text"].strip():
            ours[row["recording_id"]].append(row)
    for row in bench.rows("utterances"):
        recording = row["recording_id"]
        yield from _of_utterance(row, ours[recording] if recording else (), audio.get(recording, {}))
    for row in bench.rows("passages"):
        if row["role"] == "account":
            yield Source(
                kind="account",
                text=row["text"],
                group=row["data_subject_group"],
                member_id=row["member_id"],
                passage_id=row["passage_id"],
                page=row["page"],
                row=row["line"],
                engine="account",
                field=row["field"],
                meaning=row["meaning"],
            )


def _of_utterance(row: Row, transcripts: Iterable[Row], sound: Row) -> Iterator[Source]:
    """What we heard, what the vendor wrote, and whom it names as the speaker."""
    facts: dict[str, Any] = {
        "group": row["data_subject_group"],
        "utterance_id": row["utterance_id"],
        "recording_id": row["recording_id"],
        "said_at": _local_time(row),
        **_sound(sound),
    }
    file = {name: row[name] for name in ("member_id", "passage_id", "page")} | {"row": row["line"]}
    for transcript in transcripts:
        text, words = transcript["text"], tuple(_words(transcript["words"]))
        parts = by_language(text, words, transcript["stretches"] or ())
        for start, end, language in parts or [(0, len(text), transcript["language"])]:
            yield Source(
                kind="audio",
                text=text[start:end],
                language=language,
                engine=transcript["engine"],
                words=words_between(text, words, start, end),
                offset=start,
                confidence=transcript["confidence"],
                **facts,
            )
    if row["vendor_text"]:
        match = row["match_score"]
        own = facts if match is None or match >= _LEAST_MATCH else facts | {"said_at": None}
        yield Source(kind=_VENDOR, text=row["vendor_text"], engine=_VENDOR, **own, **file)
    if row["speaker_label"]:
        yield Source(
            kind="account", text=row["speaker_label"], engine="speaker", meaning="speaker", **facts, **file
        )


def _household_places(readings: Mapping[int, Reading], languages: Sequence[str]) -> list[Place]:
    """Places named more than once whose name leaves little doubt."""
    from forensics.knowledge.gazetteer import place_by_id
    from forensics.language.meaning import sure_places, understand

    counts: Counter[int] = Counter()
    for number, reading in readings.items():
        if any(m.label == "PLACE" for m in reading.mentions):
            counts.update(set(sure_places(understand(reading, languages[number]))))
    places = [place_by_id(key) for key, count in sorted(counts.items()) if count >= _SURE_MENTIONS]
    return [place for place in places if place is not None and place.kind != "country"]


def _known_people(readings: Mapping[int, Reading]) -> frozenset[str]:
    """Whom the household surely names where nothing is played, in one spelling."""
    from forensics.language.people import plain_name

    return frozenset(
        plain_name(reading.text[m.start : m.end])
        for reading in readings.values()
        if reading.domain not in ("music", "media")
        for m in reading.mentions
        if m.label == "PERSON" and m.score >= _SURE_PERSON
    )


def _played(readings: Mapping[int, Reading]) -> frozenset[str]:
    """What the household asked to hear or see, in one spelling."""
    from forensics.knowledge.words import split

    return frozenset(
        " ".join(split(reading.text[m.start : m.end]).words)
        for reading in readings.values()
        if reading.domain in ("music", "media")
        for m in reading.mentions
        if m.label in ("MEDIA", "PERSON")
    )


def _mention_row(source: Source, meaning: Meaning, group: str) -> dict[str, Any]:
    mention = meaning.mention
    heard = _heard(source, mention.start, mention.end)
    start, surface = source.offset + mention.start, source.text[mention.start : mention.end]
    return {
        "mention_id": make_id(
            "men", group, source.kind, source.engine, source.utterance_id or source.passage_id,
            start, start + len(surface), mention.label, source.text
        ),
        "source_kind": source.kind,
        "utterance_id": source.utterance_id,
        "recording_id": source.recording_id,
        "member_id": source.member_id,
        "passage_id": source.passage_id,
        "page": source.page,
        "row": source.row,
        "field": source.field,
        "meaning": source.meaning,
        "start": start,
        "end": start + len(surface),
        "label": mention.label,
        "surface": surface,
        "normalised": meaning.normalised,
        "alternatives": [{"value": v, "probability": p} for v, p in meaning.alternatives],
        "places": [{"place_id": number, "probability": p} for number, p in meaning.places],
        "entity": meaning.entity,
        "kind": meaning.kind,
        "clock_min": meaning.clock_min,
        "asr_confidence": heard[0],
        "ner_confidence": mention.score,
        "found_by": mention.found_by,
        "reason": mention.reason,
        "special_category": mention.special_category,
        "start_s": heard[1],
        "end_s": heard[2],
        "data_subject_group": group,
    }  # fmt: skip


def _heard(source: Source, start: int, end: int) -> tuple[float | None, float | None, float | None]:
    """The least word probability under a span, and when it was said.

    A vendor's text has no such probability: how sure the vendor was is unknown. The score of a matched line
    is not it either. It says how likely the line belongs to this recording; that somebody of this household
    said it is as sure as for any other line. So it stays in ``utterances.match_score``.
    """
    if source.kind != "audio":
        return None, None, None
    under, position = [], 0
    for word, start_s, end_s, probability in source.words:
        bare = word.strip()
        at = source.text.find(bare, position) if bare else -1
        if at < 0:
            continue
        position = at + len(bare)
        if at < end and position > start:
            under.append((probability, start_s, end_s))
    if not under:
        return source.confidence, None, None
    return min(p for p, _, _ in under), min(s for _, s, _ in under), max(e for _, _, e in under)


def _intent_row(
    identifier: str, source: Source, reading: Reading, meanings: Sequence[Meaning], group: str
) -> dict[str, Any]:
    from forensics.language.accidental import Sound, accidental_score

    return {
        "utterance_id": identifier,
        "recording_id": source.recording_id,
        "domain": reading.domain,
        "intent": reading.intent,
        "slots": list(_slots(meanings)),
        "score": reading.score,
        "accidental_score": accidental_score(reading, Sound(source.wake_word, dict(source.ambience))),
        "data_subject_group": group,
    }


def _sound(row: Row) -> dict[str, Any]:
    """The cues of a recording's sound that count: those whose error on real recordings is known."""
    measured = [
        (c["name"], float(c["score"])) for c in row.get("ambience") or () if c["status"] == "measured"
    ]
    return {"wake_word": row.get("wake_word_score"), "ambience": tuple(sorted(measured))}


def _slots(meanings: Sequence[Meaning]) -> Iterator[dict[str, str]]:
    """Mentions by label, and what people are in the command: ``called``, ``relation:wife``."""
    for meaning in meanings:
        yield {"name": meaning.mention.label.lower(), "value": meaning.normalised}
        if meaning.role:
            yield {"name": meaning.role, "value": meaning.normalised}
        if meaning.relation:
            yield {"name": f"relation:{meaning.relation}", "value": meaning.normalised}


def _unique(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows by id: the same line twice on a page is one mention."""
    return list({row["mention_id"]: row for row in rows}.values())


def _local_time(row: Row) -> str | None:
    started, offset = row["started_at"], row["utc_offset_min"]
    if started is None or offset is None:
        return None
    local: datetime = (started + timedelta(minutes=offset)).replace(tzinfo=None)
    return local.isoformat()


def _words(words: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, float, float, float]]:
    for word in words:
        yield str(word["word"]), float(word["start_s"]), float(word["end_s"]), float(word["probability"])
