"""Join one data subject's tables: the input of every claim.

The vendor's words and ours of one utterance are two readings of it, hence one witness.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import Any

from forensics.knowledge.gazetteer import place_by_id
from forensics.knowledge.names import fold, is_first_name, is_surname, sound, split_name
from forensics.language.languages import guess_language
from forensics.profile.contradicted import Word, doubted
from forensics.profile.echoes import echoed_places
from forensics.profile.from_account import account_names, with_role
from forensics.profile.heard_again import by_utterance, names_found, weigh
from forensics.profile.local_time import in_local_time, utc, zone_of
from forensics.profile.records import Device, Evidence, Heard, Rows, Utterance
from forensics.profile.spotted_places import spotted_places

VENDOR_CONFIDENCE = 0.85
"""Probability that a word of a vendor transcript without a score is right: an assumption (word error rates of
commercial recognisers on short commands are around 10 to 20 %)."""
MAX_ASR = 0.995
"""Nothing heard is certain (assumption)."""
KNOWN_NAME = {
    ("first", True): 4.0, ("first", False): 0.3, ("last", True): 2.0, ("last", False): 0.8,
    ("place", True): 3.0, ("place", False): 0.3,
}  # fmt: skip
"""Likelihood ratios of a listed or unlisted name for having been heard rightly: assumptions. Many surnames
are in no list, so that these say less."""


def gather(
    group: str,
    role: str,
    *,
    utterances: Rows,
    transcripts: Rows = (),
    mentions: Rows = (),
    intents: Rows = (),
    second_hearing: Rows = (),
    devices: Rows = (),
    voices: Rows = (),
    passages: Rows = (),
) -> Evidence:
    """Join one group's tables.

    Parameters
    ----------
    group, role : str
    utterances, transcripts, mentions, intents, second_hearing, devices, voices : sequence of mapping
        Rows of this group only.
    passages : sequence of mapping
        Rows of this group only, of the account's own data.
    """
    again = by_utterance(second_hearing)
    known = {row["device_id"]: _device(row) for row in devices}
    joined = _utterances(utterances, transcripts, intents, voices, known)
    offsets = {row["utterance_id"]: row.get("utc_offset_min") for row in utterances}
    joined = in_local_time(joined, offsets, zone_of(joined, mentions))
    by_witness: dict[tuple[str, str, str], list[Heard]] = defaultdict(list)
    texts = {row["utterance_id"]: row.get("vendor_text") or "" for row in utterances}
    ours = _our_words(utterances, transcripts)
    named = {(m.get("utterance_id") or "", m["label"]) for m in mentions if m["source_kind"] == "audio"}
    read_from = {row["passage_id"]: row for row in passages}
    both = [
        with_role(
            weigh(_believed(row, joined, texts, ours, named), row, again.get(row.get("utterance_id"), ())),
            row,
            read_from.get(row.get("passage_id")),
        )
        for row in mentions
    ]
    both = account_names(both, passages, known.values())
    for one in [*both, *names_found(mentions, again, joined)]:
        if one.value:
            by_witness[one.witness, one.label, value_key(one)].append(one)
    heard = _settle_contradictions([_one_witness(same) for _, same in sorted(by_witness.items())])
    heard += echoed_places(heard, joined)
    heard += spotted_places(heard, joined)
    ordered = tuple(joined[k] for k in sorted(joined))
    return Evidence(group, role, ordered, tuple(heard), tuple(known[k] for k in sorted(known)))


def value_key(one: Heard) -> str:
    """What makes two hearings the same: people's names by sound, places by their name, the rest by letters.

    Towns of one name are one value: which of them is meant is another question, answered by their ids.
    """
    if one.here:
        return "\0here"  # no name is spelled so
    if one.label == "PERSON":
        words = one.value.split()
        return " ".join(sound(word) for word in words) or fold(one.value) or one.value
    if one.label == "PLACE" and (place := likeliest_place(one.places)) is not None:
        return fold(place.key if one.told_apart else place.name)
    return fold(one.value) or one.value


def likeliest_place(places: Mapping[int, float]) -> Any:
    """The gazetteer's entry of the most probable id; None where there is none."""
    for place_id in sorted(places, key=lambda key: (-places[key], key)):
        if (place := place_by_id(place_id)) is not None:
            return place
    return None


def weigh_by_lexicon(p: float, label: str, value: str, *, on_the_map: bool = False) -> float:
    """Probability that a name was heard rightly, given that it is a known name or place, or is not.

    A misheard name is seldom by chance another name that people have; the odds are multiplied by
    :data:`KNOWN_NAME`.

    Parameters
    ----------
    p : float
        Before.
    label, value : str
    on_the_map : bool
        Whether the language room found a place of that name.
    """
    if label == "PLACE":
        factor = KNOWN_NAME["place", on_the_map]
    elif label == "PERSON" and (name := split_name(value)) is not None:
        factor = KNOWN_NAME["first", is_first_name(name.first.split()[0])] if name.first else 1.0
        factor *= KNOWN_NAME["last", is_surname(name.last)] if name.last else 1.0
    else:
        return p
    return p * factor / (1.0 - p + p * factor)


def _device(row: Mapping[str, Any]) -> Device:
    return Device(
        row["device_id"],
        row.get("name"),
        row.get("device_type"),
        row.get("serial"),
        row.get("room"),
        row.get("owner") or "unknown",
    )


def _utterances(
    utterances: Rows, transcripts: Rows, intents: Rows, voices: Rows, devices: Mapping[str, Device]
) -> dict[str, Utterance]:
    ours: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in sorted(transcripts, key=lambda r: str(r["engine"])):
        if row["engine"] != "vendor" and (row["text"] or "").strip():
            ours[row["recording_id"]].append(row)
    heard: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in voices:
        heard[row["recording_id"]].append(row)
    commands = {row["utterance_id"]: row for row in intents}
    found = {}
    for row in utterances:
        own = ours.get(row.get("recording_id") or "", [])
        texts = [t["text"] for t in own] + [row.get("vendor_text") or ""]
        distinct = tuple(dict.fromkeys(text for text in texts if text.strip()))
        language = next((t["language"] for t in own if t.get("language")), None)
        turns = heard.get(row.get("recording_id") or "", [])
        intent = commands.get(row["utterance_id"], {})
        found[row["utterance_id"]] = Utterance(
            utterance_id=row["utterance_id"],
            recording_id=row.get("recording_id"),
            local=utc(row.get("started_at")),
            device_id=row.get("device_id"),
            device=devices.get(row.get("device_id") or ""),
            domain=intent.get("domain") or "general",
            intent=intent.get("intent") or "",
            slots={s["name"]: s["value"] for s in intent.get("slots") or ()},
            accidental=intent.get("accidental_score"),
            texts=distinct,
            language=language or (guess_language(distinct[-1]) if distinct else None),
            speaker=row.get("speaker_label"),
            voices=tuple(sorted({t["voice_id"] for t in turns if t.get("voice_id")})),
            child_voice=max(
                (t["child_score"] for t in turns if t.get("child_score") is not None), default=None
            ),
        )
    return found


def _heard(row: Mapping[str, Any], utterances: Mapping[str, Utterance]) -> Heard:
    source = row["source_kind"]
    utterance = utterances.get(row.get("utterance_id") or "")
    places = {int(p["place_id"]): float(p["probability"]) for p in row.get("places") or ()}
    asr = row.get("asr_confidence")
    if asr is None:
        asr = VENDOR_CONFIDENCE if source == "vendor" else 1.0
    value = re.sub(r"\s+", " ", row["normalised"] or row["surface"]).strip()
    if source != "account":
        asr = weigh_by_lexicon(asr, row["label"], value, on_the_map=bool(places))
        asr = min(asr, MAX_ASR)
    ner = row.get("ner_confidence")
    where = "/".join(str(row.get(name)) for name in ("member_id", "page", "row", "passage_id"))
    others = {a["value"]: float(a["probability"]) for a in row["alternatives"]}
    return Heard(
        witness=utterance.utterance_id if utterance else where,
        label=row["label"],
        value=value,
        alternatives={other: p for other, p in others.items() if fold(other) != fold(value)},
        p=asr * (1.0 if ner is None else ner),
        mention_ids=(row["mention_id"],),
        sources=frozenset({source}),
        utterance=utterance,
        special=row.get("special_category"),
        surfaces=frozenset({row["surface"]}),
        asr=asr,
        kind=row.get("kind"),
        places=places,
        here=row.get("entity") == "here",
        clock_min=row.get("clock_min"),
        field=row.get("field"),
        meaning=row.get("meaning"),
    )


def _believed(
    row: Mapping[str, Any],
    utterances: Mapping[str, Utterance],
    texts: Mapping[str, str],
    ours: Mapping[str, list[list[Word]]],
    named: Set[tuple[str, str]],
) -> Heard:
    """A mention as heard; a name of the vendor's is doubted where our own words in its place are clear.

    Where we read a name too, which of the two is right is settled later.
    """
    name = row.get("utterance_id") or ""
    one = _heard(row, utterances)
    return one if (name, one.label) in named else doubted(one, row, texts.get(name, ""), ours.get(name, ()))


def _our_words(utterances: Rows, transcripts: Rows) -> dict[str, list[list[Word]]]:
    """Our own readings of each utterance, word by word, with the probability of each word."""
    of_sound: dict[str, list[list[Word]]] = defaultdict(list)
    for row in transcripts:
        words = [
            (w["word"].strip(), float(w["probability"])) for w in row.get("words") or () if w["probability"]
        ]
        if row["engine"] != "vendor" and words:
            of_sound[row["recording_id"]].append(words)
    sounds = {row["utterance_id"]: row.get("recording_id") for row in utterances}
    return {name: of_sound[sound] for name, sound in sounds.items() if sound in of_sound}


def _one_witness(same: list[Heard]) -> Heard:
    """Several readings of the same value in one utterance are one witness: the surest speaks."""
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


def _settle_contradictions(heard: Iterable[Heard]) -> list[Heard]:
    """Where vendor and we read one entity of one utterance differently, at most one reading is right.

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
