"""What speaks for whose name it is: all that is said of one person, in numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np

from forensics.knowledge.names import fold
from forensics.profile import cues
from forensics.profile.clusters import Cluster, Occurrence
from forensics.profile.cues import next_to
from forensics.profile.evidence import TALK
from forensics.profile.hints import Hint
from forensics.profile.records import Evidence
from forensics.profile.says import SAYS

MOST = 3
"""What is said of somebody counts this often at most: said ten times it was one habit (assumption)."""
_NEXT_TO_NAME = (
    (cues.SELF, Hint.INTRODUCES),
    (cues.COMPANION, Hint.PARTNER),
    (cues.CHILD, Hint.CHILD),
    (cues.RELATIVE, Hint.RELATIVE),
    (cues.COLLEAGUE, Hint.COLLEAGUE),
    (cues.WAKES, Hint.WOKEN),
    (cues.REMINDS, Hint.REMINDED),
)
_WITHIN = (
    (cues.COMES_HOME, Hint.TOLD_COMING_HOME),
    (cues.WELCOMES, Hint.WELCOMED),
    (cues.SUMMONS, Hint.SUMMONED),
    (cues.MEALS, Hint.MEALS_OR_BED),
    (cues.KIDS, Hint.SCHOOL),
    (cues.PETS, Hint.PET),
    (cues.CALL, Hint.CALLED),
    (cues.APPOINTMENT, Hint.APPOINTMENT),
)


def cluster_features(cluster: Cluster, evidence: Evidence, places: frozenset[str]) -> dict[str, float]:
    """Features of the model of roles.

    Parameters
    ----------
    cluster : Cluster
    evidence : Evidence
    places : frozenset of str
        Folded names that are read as places elsewhere in the household.
    """
    said = [o for o in cluster.occurrences if o.utterance is not None]
    found: dict[str, float] = {"intercept": 1.0}
    if not said:
        return found
    total = np.zeros(len(SAYS))
    best = np.zeros(len(SAYS))
    for one in said:
        total += one.says
        best = np.maximum(best, one.says)
    for name, sum_, top in zip(SAYS, total, best, strict=True):
        found[f"says_{name}"] = math.log2(1 + min(float(sum_), MOST))
        found[f"share_{name}"] = float(sum_) / len(said)
        found[f"top_{name}"] = float(top)
    for hint, n in hint_counts(cluster).items():
        found[str(hint)] = math.log2(1 + min(n, MOST))
    found["n"] = math.log(len({o.witness for o in said}))
    found["days"] = math.log(len({o.utterance.day for o in said if o.utterance}))
    first = cluster.first
    found["strength"] = max((o.span.strength for o in said), default=0.0)
    found["unlisted"] = float(found["strength"] == 0.0)
    found["common"] = float(all(o.span.common for o in said))
    found["determined"] = sum(o.span.determined for o in said) / len(said)
    found["once"] = float(len({o.witness for o in said}) == 1)
    found["forms"] = math.log(len({fold(o.name.first or o.name.last or "") for o in said}))
    found["p_heard"] = math.log(max(o.p for o in said) / (1.001 - max(o.p for o in said)))
    found["title"] = sum(o.span.title == "title" for o in said) / len(said)
    found["family_title"] = sum(o.span.title == "family" for o in said) / len(said)
    found["full_name"] = float(cluster.first is not None and cluster.last is not None)
    found["no_first"] = float(cluster.first is None)
    found["read"] = max((o.span.ner for o in said), default=0.0)
    found["spot"] = max((o.span.spotted for o in said), default=0.0)
    found["spot_mean"] = sum(o.span.spotted for o in said) / len(said)
    found["cue"] = float(any(o.span.cue for o in said))
    talk = [(o.utterance.accidental or 0.0) >= TALK for o in said if o.utterance]
    found["talk"] = sum(talk) / len(talk)
    domains = [o.utterance.domain for o in said if o.utterance]
    for name, members in _DOMAINS.items():
        found[name] = sum(d in members for d in domains) / len(domains)
    found["place"] = float(fold(first or cluster.last or "") in places)
    found["devices"] = math.log(max(1, len({o.utterance.device_id for o in said if o.utterance})))
    if first:
        found["device_name"] = float(any(bears(first, d.name) for d in evidence.devices))
        found["speaker_profile"] = float(any(bears(first, u.speaker) for u in evidence.utterances))
    return found


_DOMAINS: Mapping[str, tuple[str, ...]] = {
    "in_media": ("music", "media", "recommendation"),
    "in_questions": ("qa", "news"),
    "in_messages": ("communication",),
    "in_plans": ("calendar", "alarm", "lists", "timer"),
    "at_home": ("smarthome", "volume", "general"),
}


def hint_counts(cluster: Cluster) -> dict[Hint, int]:
    """How often each hint of the words beside the name, or within the utterance, is met."""
    counts: dict[Hint, int] = {}
    for one in cluster.occurrences:
        for hint in _hints(one):
            counts[hint] = counts.get(hint, 0) + 1
    return counts


def _hints(one: Occurrence) -> list[Hint]:
    if one.utterance is None:
        return []
    surface = " ".join(one.span.words)
    found = [hint for cue, hint in _NEXT_TO_NAME if next_to(cue, surface, one.text)]
    found += [hint for pattern, hint in _WITHIN if pattern.search(one.text)]
    if cues.phone_intro(one.text, one.span.start, one.span.end):
        found.append(Hint.ON_THE_PHONE)
    return found


def bears(first_name: str, label: str | None) -> bool:
    """Whether a device's or a profile's name holds a first name."""
    return label is not None and re.search(rf"\b{re.escape(first_name)}['’]?s?\b", label, re.I) is not None
