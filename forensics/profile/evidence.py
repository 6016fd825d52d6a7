"""What one data subject's recordings and files say, joined and deduplicated: the input of every claim.

The vendor's transcript and ours of one recording are two readings of one utterance, hence one witness.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from forensics.knowledge.gazetteer import find
from forensics.knowledge.names import fold, is_first_name, is_surname, sound, split_name
from forensics.profile.local_time import in_local_time, utc, zone_of
from forensics.profile.records import Evidence, Heard, Recording, Rows

VENDOR_CONFIDENCE = 0.85
"""Probability that a word of a vendor transcript without a score is right: an assumption (word error rates of
commercial recognisers on short commands are around 10 to 20 %)."""
KNOWN_NAME = {
    ("first", True): 4.0, ("first", False): 0.3, ("last", True): 2.0, ("last", False): 0.8,
    ("place", True): 3.0, ("place", False): 0.3,
}  # fmt: skip
"""Likelihood ratios of a listed or unlisted name for having been heard rightly: assumptions. Many surnames
are in
no list, so that these say less."""
TALK = 0.5
"""From this score a recording is taken for one that nobody meant to make: talk, or a television."""
SHARED_ERROR = 0.25
"""Share of recognition errors that recur whenever the same person says the same word: an assumption."""


def gather(
    group: str,
    role: str,
    *,
    recordings: Rows,
    transcripts: Rows,
    mentions: Rows,
    intents: Rows,
    matches: Rows,
    second_hearing: Rows = (),
) -> Evidence:
    """Join one group's tables.

    Parameters
    ----------
    group, role : str
    recordings, transcripts, mentions, intents, matches, second_hearing : sequence of mapping
        Rows of this group only.
    """
    from forensics.profile.heard_again import by_recording, names_found, weigh

    again = by_recording(second_hearing)
    joined = _recordings(recordings, transcripts, intents, matches)
    offsets = {r["recording_id"]: _number(r.get("utc_offset_min")) for r in recordings}
    joined = in_local_time(joined, offsets, zone_of(joined, mentions))
    by_witness: dict[tuple[str, str, str], list[Heard]] = defaultdict(list)
    both = [weigh(_heard(row, joined), row, again.get(row.get("recording_id"), ())) for row in mentions]
    for one in [*both, *names_found(mentions, again, joined)]:
        if one.value:
            by_witness[one.witness, one.label, value_key(one)].append(one)
    heard = _settle_contradictions([_one_witness(same) for _, same in sorted(by_witness.items())])
    return Evidence(group, role, tuple(joined[k] for k in sorted(joined)), tuple(heard))


def value_key(one: Heard) -> str:
    """What makes two hearings the same: people's names by sound, the rest by letters."""
    words = one.value.split() if one.label == "PERSON" else []
    return " ".join(sound(word) for word in words) or fold(one.value) or one.value


def weigh_by_lexicon(p: float, label: str, value: str) -> float:
    """Probability that a name was heard rightly, given that it is a known name or place, or is not.

    A misheard name is seldom by chance another name that people have; the odds are multiplied by
    :data:`KNOWN_NAME`.

    Parameters
    ----------
    p : float
        Before.
    label, value : str
    """
    if label == "PLACE":
        factor = KNOWN_NAME["place", find(value) is not None]
    elif label == "PERSON" and (name := split_name(value)) is not None:
        factor = KNOWN_NAME["first", is_first_name(name.first.split()[0])] if name.first else 1.0
        factor *= KNOWN_NAME["last", is_surname(name.last)] if name.last else 1.0
    else:
        return p
    return p * factor / (1.0 - p + p * factor)


def p_any(probabilities: Iterable[float]) -> float:
    """Probability that at least one of several hearings of the same value is right.

    Errors recur: with probability :data:`SHARED_ERROR` all hearings share one error, so that only the best
    counts; otherwise they err independently. So repetition raises confidence, and never to certainty.

    Parameters
    ----------
    probabilities : iterable of float
        One per witness.

    Examples
    --------
    >>> round(p_any([0.8]), 3), round(p_any([0.8, 0.8]), 3)
    (0.8, 0.92)
    """
    ps = list(probabilities)
    if not ps:
        return 0.0
    wrong = 1.0
    for p in ps:
        wrong *= 1.0 - p
    return 1.0 - (SHARED_ERROR * (1.0 - max(ps)) + (1.0 - SHARED_ERROR) * wrong)


def p_said(heard: Sequence[Heard]) -> float:
    """Probability that a value was said at least once, given its witnesses.

    The same sentence heard again confirms its words, but is read by the language model in the same way, so
    that a mistaken reading recurs with it: identical sentences confirm the words and count once for the
    reading.
    """
    sentences: dict[str, list[Heard]] = defaultdict(list)
    for one in heard:
        text = one.recording.texts[-1] if one.recording and one.recording.texts else one.witness
        sentences[fold(text) or one.witness].append(one)
    parts = []
    for same in sentences.values():
        read = max(min(1.0, one.p / one.asr) if one.asr else 0.0 for one in same)
        parts.append(p_any(one.asr for one in same) * read)
    return p_any(parts)


def _recordings(recordings: Rows, transcripts: Rows, intents: Rows, matches: Rows) -> dict[str, Recording]:
    found: dict[str, Recording] = {}
    for row in recordings:
        found[row["recording_id"]] = Recording(
            recording_id=row["recording_id"],
            local=utc(row.get("started_at")),
            device=_text(row.get("device")),
            device_type=_text(row.get("device_type")),
        )
    read: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in transcripts:
        read[row["recording_id"]].append((int(row["engine"] == "vendor"), row["text"] or ""))
    for row in matches:
        if recording := _text(row.get("recording_id")):
            read[recording].append((1, row["text"]))
    for row in sorted(transcripts, key=lambda r: (r["engine"] != "vendor", r["engine"])):
        if (one := found.get(row["recording_id"])) is not None and row["text"]:
            found[one.recording_id] = replace(one, language=_text(row.get("language")) or one.language)
    for name, texts in read.items():
        if name in found:
            distinct = dict.fromkeys(text for _, text in sorted(texts) if text.strip())
            found[name] = replace(found[name], texts=tuple(distinct))
    for row in intents:
        if (one := found.get(row["recording_id"])) is not None:
            found[one.recording_id] = replace(
                one,
                domain=row["domain"],
                intent=row["intent"],
                slots={s["name"]: s["value"] for s in row["slots"]},
                accidental=_number(row.get("accidental_score")),
            )
    return found


def _heard(row: Mapping[Any, Any], recordings: Mapping[str, Recording]) -> Heard:
    source = row["source_kind"]
    recording = recordings.get(_text(row.get("recording_id")) or "")
    asr = _number(row.get("asr_confidence"))
    if asr is None:
        asr = VENDOR_CONFIDENCE if source == "vendor" else 1.0
    value = re.sub(r"\s+", " ", row["normalised"] or row["surface"]).strip()
    if source != "account":
        asr = weigh_by_lexicon(asr, row["label"], value)
    asr = min(asr, 0.995)  # nothing heard is certain
    ner = _number(row.get("ner_confidence"))
    file_place = (
        f"{_text(row.get('member_id'))}/{row.get('page')}/{row.get('row')}/{_text(row.get('passage_id'))}"
    )
    others = {a["value"]: float(a["probability"]) for a in row["alternatives"]}
    return Heard(
        witness=recording.recording_id if recording else file_place,
        label=row["label"],
        value=value,
        alternatives={other: p for other, p in others.items() if fold(other) != fold(value)},
        p=asr * (1.0 if ner is None else ner),
        mention_ids=(row["mention_id"],),
        sources=frozenset({source}),
        recording=recording,
        special=_text(row.get("special_category")),
        surfaces=frozenset({row["surface"]}),
        asr=asr,
        meaning=others.get(value, 1.0),
    )


def _one_witness(same: list[Heard]) -> Heard:
    """Several readings of the same value in one recording are one witness: the surest speaks."""
    best = max(same, key=lambda h: (h.p, h.mention_ids))
    others: dict[str, float] = {}
    for one in same:
        for value, p in one.alternatives.items():
            others[value] = max(p, others.get(value, 0.0))
    return replace(
        best,
        alternatives=others,
        mention_ids=tuple(sorted(m for one in same for m in one.mention_ids)),
        sources=frozenset(s for one in same for s in one.sources),
        surfaces=frozenset(s for one in same for s in one.surfaces),
        special=next((one.special for one in same if one.special), None),
    )


def _settle_contradictions(heard: list[Heard]) -> list[Heard]:
    """Where vendor and we read one entity of one recording differently, at most one reading is right.

    With independent errors the probability of ours is p(1-v) / (p(1-v) + v(1-p) + (1-p)(1-v)); the likelier
    reading stays and has the other as its alternative.
    """
    groups: dict[tuple[str, str], list[Heard]] = defaultdict(list)
    for one in heard:
        groups[one.witness, one.label].append(one)
    settled = []
    for same in groups.values():
        if len(same) == 2 and {tuple(s.sources) for s in same} == {("audio",), ("vendor",)}:
            strong, weak = sorted(same, key=lambda h: (-h.p, h.mention_ids))
            total = strong.p * (1 - weak.p) + weak.p * (1 - strong.p) + (1 - strong.p) * (1 - weak.p)
            other = weak.p * (1 - strong.p) / total
            settled.append(
                replace(
                    strong,
                    p=strong.p * (1 - weak.p) / total,
                    alternatives={**strong.alternatives, weak.value: other},
                    mention_ids=tuple(sorted(strong.mention_ids + weak.mention_ids)),
                    sources=strong.sources | weak.sources,
                    surfaces=strong.surfaces | weak.surfaces,
                )
            )
        else:
            settled += same
    return settled


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return None if number != number else number
