"""The adversary who recognises voices: rows of ``voice_risk``, of ``risk`` and of ``voice_curve``.

Only where comparing voices was asked for: without turns in ``voices`` there are no rows, and the report says
that this was not measured. Nothing of a voice is needed but how long it is heard, and in how many
recordings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.case.rows import Row
from forensics.reidentification.adversaries import VOICE
from forensics.reidentification.anonymity import Array, kappa
from forensics.reidentification.draws import interval, stream
from forensics.reidentification.rates import assumption
from forensics.reidentification.voice_search import KINDS, Found, Search, search, speakers

GALLERIES = (100, 10_000, 1_000_000)
"""Named people of whom somebody has recordings: a company, a platform's speakers, a large service's users."""
HEADLINE = 10_000
"""The gallery of the row in ``risk`` and of the curve (assumption: a platform of podcasts or talks)."""
DEPENDENCE = "one voice against each of a gallery; the tail beyond the fitted speakers is extrapolated"
POPULATION = f"{HEADLINE:,} people with named recordings in a gallery; the size is an assumption"


@dataclass(frozen=True)
class Heard:
    """How much of one person a bundle holds.

    Parameters
    ----------
    seconds : float
        Of speech.
    recordings : int
        In which the person speaks.
    person_id : str or None
        Of the household, where the profile found whose voice it is.
    """

    voice_id: str
    seconds: float
    recordings: int
    person_id: str | None = None


def heard(turns: Iterable[Mapping[str, Any]], persons: Iterable[Mapping[str, Any]] = ()) -> list[Heard]:
    """The voices of one data subject, the one that is heard longest first.

    Parameters
    ----------
    turns : iterable of mapping
        Rows of ``voices``; a turn by an unknown voice counts for nobody.
    persons : iterable of mapping
        Rows of ``persons``.
    """
    whose = {p["voice_id"]: str(p["person_id"]) for p in persons if p["voice_id"]}
    seconds: dict[str, float] = {}
    recordings: dict[str, set[str]] = {}
    for turn in turns:
        if voice := turn["voice_id"]:
            seconds[voice] = seconds.get(voice, 0.0) + float(turn["speech_s"])
            recordings.setdefault(voice, set()).add(turn["recording_id"])
    found = [Heard(v, round(s, 3), len(recordings[v]), whose.get(v)) for v, s in seconds.items()]
    return sorted(found, key=lambda one: (-one.seconds, one.voice_id))


def measure(group: str, voices: Sequence[Heard], options: Options) -> dict[str, list[dict[str, Any]]]:
    """Rows of ``voice_risk``, and of ``risk`` for the voice that is heard longest.

    Parameters
    ----------
    voices : sequence of Heard
        As :func:`heard` gives them.
    options : Options
        ``seed`` counts.
    """
    if not voices:
        return {"voice_risk": [], "risk": []}
    known = search()
    reach = in_gallery(options.seed, len(known.draws))
    found = []
    for one in voices:
        for gallery in GALLERIES:
            of = known.find(one.seconds, one.recordings, gallery - 1)
            found.append(_row(group, one, gallery, of, reach))
    of = known.find(voices[0].seconds, voices[0].recordings, HEADLINE - 1)
    risk = [_risk_row(group, scope, of, reach, options) for scope in ("audio", "bundle")]
    return {"voice_risk": found, "risk": risk}


def first_by_attacker(one: Heard, gallery: int = HEADLINE) -> dict[str, tuple[float, float, float]]:
    """P(right one first) for sound as it is and for masked sound, by attacker: low, middle, high."""
    return {
        kind: interval(search(kind).find(one.seconds, one.recordings, gallery - 1).first, mean=True)
        for kind in KINDS
    }


def in_gallery(seed: int, draws: int) -> Array:
    """Draws of the probability that a gallery holds the subject: a stated assumption."""
    return assumption(VOICE.listed).draw(stream(seed, VOICE.listed), draws)


def curve(
    group: str, voices: Sequence[Heard], recordings: int, words: Iterable[Row], population: int
) -> list[dict[str, Any]]:
    """Rows of ``voice_curve``: the longest heard voice alone, words alone, and both, by recordings heard.

    Words rule people of the gallery out: of N - 1 wrong ones as many are left as match them, by the share of
    the population that does, if the words are true. An attacker who has both takes the better of the voice
    alone and both together. All three are probabilities if the subject is among those who are looked at.

    Parameters
    ----------
    recordings : int
        Of the data subject; the voice is taken to be heard in the same share of any number of them.
    words : iterable of mapping
        Rows of ``curve`` in random order: what words tell a stranger by then.
    population : int
        People whom the words are held against.
    """
    if not voices or not recordings:
        return []
    one, known = voices[0], search()
    found: list[dict[str, Any]] = []
    for step in words:
        n = int(step["n_utterances"])
        share = min(n, recordings) / recordings
        alone = _part(known, one, share, HEADLINE - 1)
        matching = 2.0 ** -float(step["bits"])
        p_words = float(step["p_if_listed"])
        true = min(1.0, p_words / max(float(kappa(population, np.array([matching]))[0]), 1e-12))
        both = np.maximum(alone, true * _part(known, one, share, (HEADLINE - 1) * matching))
        found.append(
            {
                "step": len(found),
                "n_recordings": n,
                "voice_id": one.voice_id,
                "speech_s": round(one.seconds * share, 3),
                "gallery_n": HEADLINE,
                **_ends("p_voice", interval(alone, mean=True)),
                "p_words": p_words,
                **_ends("p_both", interval(both, mean=True)),
                "data_subject_group": group,
            }
        )
    return found


def _part(known: Search, one: Heard, share: float, others: float) -> Array:
    """P(right first) when a share of somebody's recordings was heard; by chance if none was."""
    if share * one.recordings < 0.5:  # less than one recording, rounded: nothing of the voice is known
        return np.full(len(known.draws), 1.0 / (1.0 + others))
    return known.find(one.seconds * share, one.recordings * share, others).first


def _row(group: str, one: Heard, gallery: int, of: Found, reach: Array) -> dict[str, Any]:
    return {
        "voice_risk_id": make_id("vrk", group, one.voice_id, gallery),
        "voice_id": one.voice_id,
        "person_id": one.person_id,
        "speech_s": one.seconds,
        "n_recordings": one.recordings,
        "gallery_n": gallery,
        "p_in_gallery": assumption(VOICE.listed).p,
        **_ends("p_first", interval(of.first, mean=True)),
        **_ends("p_identify", interval(of.first * reach, mean=True)),
        **_ends("rank", interval(of.rank)),
        **_ends("k", interval(of.alike)),
        "n_speakers": speakers(),
        "data_subject_group": group,
    }


def _risk_row(group: str, scope: str, of: Found, reach: Array, options: Options) -> dict[str, Any]:
    return {
        "risk_id": make_id("rsk", group, VOICE.name, "machine", scope),
        "adversary": VOICE.name,
        "attacker": "machine",
        "scope": scope,
        "country": None,
        "population": POPULATION,
        "population_kind": "gallery",
        "population_n": HEADLINE,
        "unit": "person",
        **_ends("k", interval(of.alike)),
        **_ends("bits", interval(np.maximum(np.log2(HEADLINE / of.alike), 0.0))),
        **_ends("p_identify", interval(of.first * reach, mean=True)),
        **_ends("p_unique", interval(of.first, mean=True)),
        "assumption_share": None,
        "dependence": DEPENDENCE,
        "seed": options.seed,
        "draws": len(of.first),
        "claims": [],
        "k_frechet": None,
        "p_listed": assumption(VOICE.listed).p,
        "p_prosecutor": float(of.first.mean()),
        "sensitivity": [],
        "data_subject_group": group,
    }


def _ends(name: str, values: tuple[float, float, float]) -> dict[str, float]:
    return {f"{name}_{end}": value for end, value in zip(("lo", "mid", "hi"), values, strict=True)}
