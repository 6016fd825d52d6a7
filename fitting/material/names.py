"""Names of ten origins and more, before and after the second hearing.

Each household has three names that are called and recordings in which nobody is named. Of the first name the
vendor understood one recording rightly; the second stands in the account's contacts, among eight that nobody
ever says; of the third nothing else is known. Each recording is judged with what its household knows from
elsewhere, as the stage does it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import fitting.material.household as material
from fitting.material.household import Spoken
from forensics.knowledge.names import sound
from forensics.language.stage import Source, read_household
from forensics.transcription.doubtful import Doubtful, doubtful
from forensics.transcription.engine import Clip
from forensics.transcription.known_names import folded, place_of
from forensics.transcription.second_hearing import Candidate, candidates, rows

NEVER_SAID = 8


@dataclass(frozen=True)
class Heard:
    """One recording before and after.

    Parameters
    ----------
    clip : Spoken
    first : str
        The first reading.
    named : tuple of str
        Whom the language model found in it.
    item : Doubtful or None
        None where nothing was doubtful.
    found : tuple of Candidate
    evidence : str
        What else is known of the name said: ``vendor``, ``account``, ``none``; empty where none was said.
    """

    clip: Spoken
    first: str
    named: tuple[str, ...]
    item: Doubtful | None
    found: tuple[Candidate, ...]
    evidence: str


def hear_all(half: str) -> list[Heard]:
    """Every recording of the households of one half, heard twice."""
    from forensics.transcription.engines import load_engine

    engine = load_engine("auto", "base")
    return [one for home in _homes(half) for one in _hear(home, engine)]


def _homes(half: str) -> Iterator[dict[str, Any]]:
    clips = material.spoken_names(half)
    readings = dict(zip(clips, material.heard(clips), strict=True))
    homes = material.households(half)
    strangers = [
        n.full
        for _, names in material.households("tune" if half == "report" else "report").values()
        for n in names
    ]
    for number, (origin, (_, names)) in enumerate(sorted(homes.items())):
        own = [clip for clip in clips if clip.household == f"{half}-{origin}"]
        rng = np.random.default_rng([number, half == "report"])
        contacts = [names[1].full, *(strangers[i] for i in rng.permutation(len(strangers))[:NEVER_SAID])]
        yield {
            "clips": own,
            "readings": readings,
            "names": [n.full for n in names],
            "contacts": sorted(contacts),
        }


def _hear(home: dict[str, Any], engine: Any) -> Iterator[Heard]:
    clips, names = home["clips"], home["names"]
    understood = next(c for c in clips if c.names == (names[0],))
    sources = [_source(c, home["readings"][c]) for c in clips]
    vendor = replace(
        sources[clips.index(understood)], kind="vendor", engine="vendor", words=(), confidence=None
    )
    sources.append(
        replace(vendor, text=" ".join(understood.text.lower().replace(",", "").replace(".", "").split()))
    )
    for contact in home["contacts"]:
        sources.append(Source("account", contact, "home", passage_id=contact, field="Contact name"))
    tables = read_household(sources, "home")
    domains = {row["utterance_id"]: row["domain"] for row in tables["intents"]}
    transcripts = [_transcript(c, home["readings"][c]) for c in clips if home["readings"][c]["text"]]
    items = {item.recording_id: item for item in doubtful(transcripts, tables["mentions"], domains)}
    named: dict[str, list[str]] = defaultdict(list)
    for row in tables["mentions"]:
        if row["label"] == "PERSON" and row["source_kind"] == "audio":
            named[row["utterance_id"]].append(row["surface"])
    evidence = {names[0]: "vendor", names[1]: "account", names[2]: "none"}
    for clip in clips:
        if clip is understood:
            continue  # the vendor's reading settles it
        item = items.get(clip.name)
        reading = home["readings"][clip]
        speech = tuple((a, b) for a, b in reading["speech"])
        sound_of = Clip(material.sound_of(clip), speech, reading["speech_probability"])
        found = candidates(engine, item, sound_of) if item else []
        who = evidence[clip.names[0]] if clip.names else ""
        yield Heard(clip, reading["text"], tuple(named[clip.name]), item, tuple(found), who)


def _source(clip: Spoken, reading: dict[str, Any]) -> Source:
    words = tuple((w["word"], w["start_s"], w["end_s"], w["probability"]) for w in reading["words"])
    return Source(
        "audio", reading["text"], "home", language=clip.language, utterance_id=clip.name,
        engine="faster-whisper", words=words, confidence=reading["confidence"],
    )  # fmt: skip


def _transcript(clip: Spoken, reading: dict[str, Any]) -> dict[str, Any]:
    return {
        "utterance_id": clip.name,
        "recording_id": clip.name,
        "data_subject_group": "home",
        "text": reading["text"],
        "language": reading["language"],
        "words": reading["words"],
        "alternatives": [{"value": v, "probability": p} for v, p in reading["alternatives"]],
    }


def result(one: Heard) -> tuple[str, list[str]]:
    """The likeliest reading of a recording, and the names that the second hearing brought into it."""
    text, brought = one.first, []
    made = rows(one.item, one.found) if one.item else []
    for row in sorted(made, key=lambda r: -r["start"]):
        best = max(row["alternatives"], key=lambda a: a["probability"])
        if best["probability"] > 0.5:
            text = text[: row["start"]] + best["value"] + text[row["end"] :]
            brought.append(best["value"])
    return text, brought


def figures(heard: list[Heard]) -> dict[str, Any]:
    """Name recall by parts (first name, surname) and false names per recording, before and after.

    Notes
    -----
    A part is recalled if it stands in the text, accents and case aside (``exact``), or a word that the
    profile cannot tell from it by ear. A false name is a part of a PERSON in the reading that is not, by ear,
    a part of a name said in this recording.
    """
    parts = {"before": 0, "after": 0, "sound_before": 0, "sound_after": 0}
    false = {"before": 0, "after": 0, "brought": 0}
    total = 0
    by: dict[str, dict[str, list[int]]] = {
        "origin": defaultdict(lambda: [0, 0, 0]),
        "evidence": defaultdict(lambda: [0, 0, 0]),
    }
    for one in heard:
        after, brought = result(one)
        said = [part for name in one.clip.names for part in name.split()]
        keys = {_key(part) for part in said}
        replaced = list(brought)
        false["before"] += sum(_key(w) not in keys for name in one.named for w in _parts(name))
        kept = [name for name in one.named if place_of(after, name)]
        false["after"] += sum(_key(w) not in keys for name in [*kept, *replaced] for w in _parts(name))
        false["brought"] += sum(_key(w) not in keys for name in replaced for w in _parts(name))
        for part in said:
            total += 1
            exact = bool(place_of(one.first, part)), bool(place_of(after, part))
            parts["before"] += exact[0]
            parts["after"] += exact[1]
            parts["sound_before"] += _key(part) in {_key(w) for w in _parts(one.first)}
            parts["sound_after"] += _key(part) in {_key(w) for w in _parts(after)}
            for kind, value in (("origin", one.clip.household.split("-")[1]), ("evidence", one.evidence)):
                for k, n in enumerate((1, *exact)):
                    by[kind][value][k] += n
    return {
        "recordings": len(heard),
        "name_parts": total,
        "name_recall_before": round(parts["before"] / total, 4),
        "name_recall_after": round(parts["after"] / total, 4),
        "name_recall_by_ear_before": round(parts["sound_before"] / total, 4),
        "name_recall_by_ear_after": round(parts["sound_after"] / total, 4),
        "false_names_before": round(false["before"] / len(heard), 4),
        "false_names_after": round(false["after"] / len(heard), 4),
        "false_names": round(false["brought"] / len(heard), 4),
        "by": {
            kind: {k: [v[0], round(v[1] / v[0], 2), round(v[2] / v[0], 2)] for k, v in sorted(rows_.items())}
            for kind, rows_ in by.items()
        },
    }


def _parts(name: str) -> list[str]:
    return folded(name).split()


def _key(part: str) -> str:
    return sound(folded(part))


def training(heard: list[Heard]) -> tuple[np.ndarray, np.ndarray]:
    """Features of all candidates, and whether the name was said in that recording."""
    x = [c.features for one in heard for c in one.found]
    y = [c.name.value in one.clip.names for one in heard for c in one.found]
    return np.array(x), np.array(y, float)
