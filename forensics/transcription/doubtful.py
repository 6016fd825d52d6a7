"""Which recordings are read again: where the decoder was unsure of a name, or of a word in its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forensics.corridor.workbench import Workbench
from forensics.knowledge.wake_words import WORDS, sounds_like_alexa
from forensics.transcription.known_names import (
    LABELS,
    KnownName,
    Span,
    folded,
    known_names,
    nearest,
    place_of,
)
from forensics.transcription.vendor import NAME as VENDOR

CALLS = frozenset(("communication", "calendar", "social"))
"""Domains in which a name of somebody the household knows is likely."""
DOUBTFUL = 0.85
"""Word probability below which a name, or a word where a name is likely, is doubtful."""
UNSURE = 0.5
"""Word probability below which a word that is no name may have been one."""
VERY_LIKE = 0.6
"""Least likeness in sound of such a word and a name."""
LEAST_LIKE = 0.45
"""Least likeness in sound of a name and the words it may stand for."""
PROMPTED = 8
"""Names that the decoder is told of."""
MOST = 300
"""Recordings read again per data subject, the most doubtful first: a second reading costs about a second."""


@dataclass(frozen=True)
class Doubtful:
    """One recording to be read again.

    Parameters
    ----------
    utterance_id, recording_id, group, text, language : str
    words : tuple of (str, float, float, float)
        Word, start and end in seconds, probability.
    spans : tuple of (int, int, str)
        Names of the first reading that are doubtful: start, end, label.
    others : tuple of (str, float)
        The decoder's other hypotheses with their share of the beam.
    settled : tuple of (int, int)
        Names of the first reading that are not doubtful, or that the household is known to use.
    names : tuple of KnownName
        Those that sound most like some of the text, vouched for by other evidence than this utterance.
    """

    utterance_id: str
    recording_id: str
    group: str
    text: str
    language: str
    words: tuple[tuple[str, float, float, float], ...] = ()
    spans: tuple[tuple[int, int, str], ...] = ()
    others: tuple[tuple[str, float], ...] = ()
    settled: tuple[tuple[int, int], ...] = ()
    names: tuple[KnownName, ...] = ()


def is_settled(item: Doubtful, span: Span) -> bool:
    """Whether there is no doubt about these words: another name of the household, or the wake word."""
    words = folded(item.text[span.start : span.end]).split()
    return any(word in WORDS or sounds_like_alexa(word) for word in words) or any(
        start < span.end and span.start < end for start, end in item.settled
    )


def words_of(item: Doubtful) -> list[tuple[int, int, float]]:
    """Where each word stands in the text, and its probability; a word that is not there is nowhere."""
    found, position = [], 0
    for word, _, _, probability in item.words:
        at = item.text.find(word.strip(), position)
        position = at + len(word.strip()) if at >= 0 else position
        found.append((at, position, probability) if at >= 0 else (0, 0, 1.0))
    return found


def doubtful_recordings(bench: Workbench) -> list[Doubtful]:
    """Doubtful recordings of every data subject, without their sound."""
    said = bench.rows("utterances")
    utterances = {u["recording_id"]: u["utterance_id"] for u in said if u["recording_id"]}
    heard = [
        t | {"utterance_id": utterances[t["recording_id"]]}
        for t in bench.rows("transcripts")
        if t["engine"] != VENDOR and t["text"]
    ]
    mentions = bench.rows("mentions")
    domains = {row["utterance_id"]: row["domain"] for row in bench.rows("intents")}
    items = []
    for group in sorted({t["data_subject_group"] for t in heard}):
        own = [m for m in mentions if m["data_subject_group"] == group]
        texts = [t for t in heard if t["data_subject_group"] == group]
        items += doubtful(texts, own, domains)
    return items


def doubtful(
    transcripts: Sequence[Mapping[str, Any]],
    mentions: Sequence[Mapping[str, Any]],
    domains: Mapping[str, str],
) -> list[Doubtful]:
    """The recordings of one data subject that deserve a second hearing, without their sound.

    Parameters
    ----------
    transcripts, mentions : sequence of mapping
        Rows of this group; a transcript with its ``utterance_id``.
    domains : mapping
        Domain by utterance.
    """
    known = known_names(mentions, domains)
    weak: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    sure: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in mentions:
        if row["source_kind"] == "audio" and row["label"] in LABELS:
            p = row["asr_confidence"]
            if p is None or p < DOUBTFUL:
                weak[row["utterance_id"]].append((row["start"], row["end"], row["label"]))
            else:
                sure[row["utterance_id"]].append((row["start"], row["end"]))
    found: list[tuple[float, Doubtful]] = []
    for row in sorted(transcripts, key=lambda t: str(t["recording_id"])):
        utterance, text = row["utterance_id"], row["text"]
        words = [(w["word"], w["start_s"], w["end_s"], w["probability"]) for w in row["words"]]
        called = domains.get(utterance) in CALLS and utterance not in sure
        places = [(n, place_of(text, n.value)) for n in known]
        settled = (*sure[utterance], *(place for _, place in places if place is not None))
        others = tuple((a["value"], a["probability"]) for a in row["alternatives"])
        bare = Doubtful(
            utterance,
            row["recording_id"],
            row["data_subject_group"],
            text,
            row["language"] or "en",
            tuple(words),
            tuple(weak[utterance]),
            others,
            settled,
        )
        vouched = [n for n, place in places if place is None and n.known_without(utterance)]
        spans = zip(vouched, nearest(text, [n.value for n in vouched]), strict=True)
        near = [(span.likeness, n) for n, span in spans if _may_stand_for(bare, span, called)]
        near.sort(key=lambda pair: (-pair[0], pair[1].value))
        if near or weak[utterance]:
            least = min((p for *_, p in words), default=0.0)
            found.append((least, replace(bare, names=tuple(n for _, n in near[:PROMPTED]))))
    found.sort(key=lambda pair: (pair[0], pair[1].recording_id))
    return [item for _, item in found[:MOST]]


def _may_stand_for(item: Doubtful, span: Span, called: bool) -> bool:
    """Whether these words are doubtful enough to be a name that sounds like them."""
    if span.likeness < LEAST_LIKE or is_settled(item, span):
        return False
    doubtful_name = any(start < span.end and span.start < end for start, end, _ in item.spans)
    unsure = any(p < UNSURE for start, end, p in words_of(item) if start < span.end and span.start < end)
    return called or doubtful_name or (unsure and span.likeness >= VERY_LIKE)
