"""The language stage: every text of the case becomes mentions, every recording an intent.

One item is one data subject's texts: places are weighed by the household's other places, so no text of a
household can be settled alone, and nothing of one household may settle another's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from forensics.case.ids import make_id
from forensics.knowledge.fitted import fitted
from forensics.language.languages import guess_language
from forensics.language.reader import identity as _reader_identity

if TYPE_CHECKING:
    from forensics.case.options import Options
    from forensics.corridor.workbench import Workbench
    from forensics.knowledge.gazetteer import Place
    from forensics.language.meaning import Meaning
    from forensics.language.reading import Reading

_OWN_FIRST = {"faster-whisper": 0, "openai-whisper": 1, "vendor": 2}
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
    recording_id, member_id, passage_id : str or None
    page, row : int or None
    engine : str
    field : str
        The header of an account's column.
    said_at : str or None
        Local time of the recording, ISO 8601.
    words : tuple
        ``(word, start_s, end_s, probability)`` of a transcript.
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
    recording_id: str | None = None
    member_id: str | None = None
    passage_id: str | None = None
    page: int | None = None
    row: int | None = None
    engine: str = ""
    field: str = ""
    said_at: str | None = None
    words: tuple[tuple[str, float, float, float], ...] = ()
    confidence: float | None = None
    wake_word: float | None = None
    ambience: tuple[tuple[str, float], ...] = ()


def identity(options: Options) -> dict[str, Any]:
    """The shipped model files, the word lists, the fitted numbers and the libraries."""
    return {**_reader_identity(options), "accidental": fitted("forensics.language.accidental").digest}


def run(bench: Workbench) -> None:
    """Read recordings, their sound, transcripts, matches and passages; write mentions and intents."""
    by_group: dict[str, list[Source]] = defaultdict(list)
    for source in _sources(bench):
        by_group[source.group].append(source)
    recordings: dict[str, list[str]] = defaultdict(list)
    for row in bench.read("recordings").to_dict("records"):
        recordings[row["data_subject_group"]].append(row["recording_id"])
    groups = sorted(set(by_group) | set(recordings))
    keys = {g: [g, recordings[g], [asdict(s) for s in by_group[g]]] for g in groups}
    for group in bench.todo(groups, key=lambda g: keys[g], label="language"):
        bench.keep(keys[group], read_household(by_group[group], group))


def read_household(sources: Sequence[Source], group: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of ``mentions`` and ``intents`` of one data subject."""
    from forensics.language.account import find_in_account
    from forensics.language.meaning import understand
    from forensics.language.nested import with_nested
    from forensics.language.reader import reader

    spoken = [s for s in sources if s.kind != "account" and s.text.strip()]
    languages = _languages(spoken)
    readings: dict[int, Reading] = {}
    for language in sorted(set(languages)):
        numbers = [n for n, found in enumerate(languages) if found == language]
        texts = list(dict.fromkeys(spoken[n].text for n in numbers))
        engine = reader(language)
        known = dict(zip(texts, with_nested(list(engine.read(texts)), engine), strict=True))
        readings.update((n, known[spoken[n].text]) for n in numbers)
    household = _household_places(readings, languages)
    played = _played(readings)
    mentions: list[dict[str, Any]] = []
    best: dict[str, tuple[int, Source, Reading, list[Meaning]]] = {}
    for number, source in enumerate(spoken):
        reading = readings[number]
        said_at = datetime.fromisoformat(source.said_at) if source.said_at else None
        meanings = understand(reading, languages[number], household=household, played=played, said_at=said_at)
        mentions += [_mention_row(source, meaning, group) for meaning in meanings]
        if source.recording_id:
            rank = _OWN_FIRST.get(source.engine, 3)
            if source.recording_id not in best or rank < best[source.recording_id][0]:
                best[source.recording_id] = (rank, source, reading, meanings)
    for source in sources:
        if source.kind == "account":
            mentions += [
                _mention_row(source, meaning, group) for meaning in find_in_account(source.text, source.field)
            ]
    intents = [_intent_row(identifier, *found[1:], group) for identifier, found in sorted(best.items())]
    return {"mentions": _unique(mentions), "intents": intents}


def _sources(bench: Workbench) -> Iterator[Source]:
    times: dict[str, str | None] = {}
    audio = {row["recording_id"]: row for row in bench.read("audio").to_dict("records")}
    for row in bench.read("recordings").to_dict("records"):
        times[row["recording_id"]] = _local_time(row)
    for row in bench.read("transcripts").to_dict("records"):
        text = row["text"] or ""
        if text.strip():
            vendor = row["engine"] == "vendor"
            yield Source(
                kind="vendor" if vendor else "audio",
                text=text,
                group=row["data_subject_group"],
                language=_text(row["language"]),
                recording_id=row["recording_id"],
                engine=row["engine"],
                said_at=times.get(row["recording_id"]),
                words=tuple(_words(row["words"])),
                confidence=_number(row["confidence"]),
                **_sound(audio.get(row["recording_id"], {})),
            )
    matched = set()
    for row in bench.read("matches").to_dict("records"):
        matched.add(row["passage_id"])
        recording = _text(row["recording_id"])
        yield Source(
            kind="vendor",
            text=row["text"],
            group=row["data_subject_group"],
            recording_id=recording,
            member_id=row["member_id"],
            passage_id=row["passage_id"],
            page=_whole(row["page"]),
            row=_whole(row["line"]),
            engine="loose",
            said_at=times.get(recording) if recording else None,
        )
    for row in bench.read("passages").to_dict("records"):
        if row["passage_id"] not in matched:
            yield Source(
                kind="account" if row["role"] == "account" else "vendor",
                text=row["text"],
                group=row["data_subject_group"],
                member_id=row["member_id"],
                passage_id=row["passage_id"],
                page=_whole(row["page"]),
                row=_whole(row["line"]),
                engine="loose",
                field=_text(row["field"]) or "",
            )


def _languages(sources: Sequence[Source]) -> list[str]:
    """A language for each text: as transcribed, as its words say, or the household's commonest."""
    found = [s.language if s.language in ("en", "de") else guess_language(s.text) for s in sources]
    counted = Counter(language for language in found if language)
    usual = min(counted, key=lambda name: (-counted[name], name)) if counted else "en"
    return [language or usual for language in found]


def _household_places(readings: Mapping[int, Reading], languages: Sequence[str]) -> list[Place]:
    """Places named more than once whose name leaves little doubt."""
    from forensics.knowledge.gazetteer import find
    from forensics.language.meaning import sure_places, understand

    counts: Counter[str] = Counter()
    for number, reading in readings.items():
        if any(m.label == "PLACE" for m in reading.mentions):
            counts.update(set(sure_places(understand(reading, languages[number]))))
    places = [find(key) for key, count in sorted(counts.items()) if count >= _SURE_MENTIONS]
    return [place for place in places if place is not None and place.kind != "country"]


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
    return {
        "mention_id": make_id(
            "men", group, source.kind, source.engine, source.recording_id, source.passage_id,
            mention.start, mention.end, mention.label, source.text
        ),
        "source_kind": source.kind,
        "recording_id": source.recording_id,
        "member_id": source.member_id,
        "passage_id": source.passage_id,
        "page": source.page,
        "row": source.row,
        "start": mention.start,
        "end": mention.end,
        "label": mention.label,
        "surface": source.text[mention.start : mention.end],
        "normalised": meaning.normalised,
        "alternatives": [{"value": v, "probability": p} for v, p in meaning.alternatives],
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
    """The least word probability under a span, and when it was said."""
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
        "recording_id": identifier,
        "domain": reading.domain,
        "intent": reading.intent,
        "slots": list(_slots(meanings)),
        "score": reading.score,
        "accidental_score": accidental_score(reading, Sound(source.wake_word, dict(source.ambience))),
        "data_subject_group": group,
    }


def _sound(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The cues of a recording's sound that count: those whose error on real recordings is known."""
    cues = row.get("ambience")
    cues = [] if cues is None or isinstance(cues, float) else cues
    measured = [(c["name"], float(c["score"])) for c in cues if str(c["basis"]).startswith("measured")]
    return {"wake_word": _number(row.get("wake_word_score")), "ambience": tuple(sorted(measured))}


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


def _local_time(row: Mapping[Any, Any]) -> str | None:
    started, offset = row.get("started_at"), _whole(row.get("utc_offset_min"))
    if started is None or started != started or offset is None:  # NaT differs from itself
        return None
    local: datetime = (started + timedelta(minutes=offset)).replace(tzinfo=None)
    return local.isoformat()


def _words(words: Iterable[Mapping[str, Any]] | None) -> Iterator[tuple[str, float, float, float]]:
    for word in [] if words is None else words:
        yield str(word["word"]), float(word["start_s"]), float(word["end_s"]), float(word["probability"])


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    return float(value) if value is not None and value == value else None


def _whole(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):  # None, NaN, pandas' NA
        return None
