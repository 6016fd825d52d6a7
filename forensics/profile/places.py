"""Where they live: from what is asked of places, and from how near to each other they lie.

A home explains the near places that a household names, trips and relatives explain the far ones. A queried
place is not yet a home: the assistant answers for its own location when no place is named, so that people
often name other places, and name their own above all when the device got it wrong. Which of several towns of
one name is meant stays open as long as it is: the claim is the name, its places carry the probabilities.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from forensics.knowledge.gazetteer import Place, region_of
from forensics.profile import cues
from forensics.profile.account_facts import Stated, weigh_stated
from forensics.profile.claim import Claim, Reading, readings
from forensics.profile.gathering import likeliest_place
from forensics.profile.hints import PlaceHint
from forensics.profile.namesakes import CERTAIN, Neighbourhood, Talk, join_namesakes, misheard, settle
from forensics.profile.place_features import overheard, place_features, use_features
from forensics.profile.records import Evidence, Heard
from forensics.profile.spotted_places import spotted_words
from forensics.profile.weights import Fitted, shipped
from forensics.profile.wording import Phrase, counted, listed, say

MAX_P = 0.97
"""No role is surer than this from queries alone (assumption)."""
RAISED_FROM = 0.25
"""Below it the likeliest home gets no more probability: it was calibrated on homes of many utterances
(assumption)."""
_HINTS = frozenset(map(str, PlaceHint))
LEAST_P = 0.15
"""Below this probability no place is called the home (assumption)."""
_SAINTS = frozenset(("GB", "IE"))
"""Where towns are written "St Agnes" (Ordnance Survey)."""


@dataclass(frozen=True)
class PlaceRoles:
    """Posterior of one place's role.

    Parameters
    ----------
    home, work, other : float
        Sum to one.
    hints : tuple of (PlaceHint, int)
        What moved it, and how often.
    """

    home: float
    work: float
    other: float
    hints: tuple[tuple[StrEnum, int], ...]


@dataclass(frozen=True)
class Named:
    """A place named, under whatever forms, with what is known of it.

    Parameters
    ----------
    reading : Reading
    places : dict
        Probability by place id, after the household's other places.
    place : Place or None
        The likeliest.
    features : dict
        Of the models ``home`` and ``work``.
    alike : bool
        The name is another's, from which this town's may have been misheard.
    witness : dict
        What the second reader adds to the scores of ``home`` and ``work``.
    """

    reading: Reading
    places: Mapping[int, float]
    place: Place | None
    features: Mapping[str, float]
    alike: bool = False
    witness: Mapping[str, float] = field(default_factory=dict)

    @property
    def weighed(self) -> dict[str, float]:
        """The features as the models take them: what is met again and again counts less each time."""
        return {k: math.log2(1 + v) if k in _HINTS else v for k, v in self.features.items()}

    def score(self, role: str, model: Fitted) -> float:
        """What speaks for it being the ``home`` or the place of ``work``, in nats."""
        return model.score(role, self.weighed) + self.witness.get(role, 0.0)

    @property
    def value(self) -> str:
        """The name; with its state where people say so."""
        if self.place is None:
            return self.reading.value
        region, name = region_of(self.place), self.place.name
        if self.place.country in _SAINTS:
            name = re.sub(r"^Saint ", "St ", name)
        return f"{name}, {region}" if region else name


def place_claims(evidence: Evidence, fitted: Fitted | None = None) -> list[Claim]:
    """Claims ``home_place``, ``work_place`` and ``other_place``.

    At most one place is called the home, the likeliest; its role posterior says how likely that is.
    """
    found = named_places(evidence)
    account = Stated(evidence)
    roles = place_roles(found, fitted, [account.hints(one.reading) for one in found])
    claims = []
    ranking = sorted(
        range(len(found)), key=lambda i: (-roles[i].home, -len(found[i].reading.heard), found[i].value)
    )
    home = next((i for i in ranking if roles[i].home >= max(roles[i].work, LEAST_P)), None)
    for i, one in enumerate(found):
        role, reading = roles[i], one.reading
        unknown = one.place is None and all(h.spotted for h in reading.heard)
        if i != home and (one.alike or unknown):
            continue
        if i == home:
            attribute, p_role = "home_place", role.home
        elif role.work > max(role.home, role.other):
            attribute, p_role = "work_place", role.work
        else:
            attribute, p_role = "other_place", 1.0 - overheard(reading)
        claims.append(
            Claim(
                attribute,
                "subject",
                one.value,
                reading.p,
                say(
                    Phrase.PLACE,
                    value=one.value,
                    utterances=counted(len(reading.heard), "utterance"),
                    days=counted(reading.days, "day"),
                    hints=listed(role.hints),
                ),
                p_role=p_role,
                alternatives=reading.alternatives,
                roles={"home": role.home, "work": role.work, "other": role.other},
                places=one.places,
                details={} if one.place is None else {"country": one.place.country, "kind": one.place.kind},
            ).supported_by(reading.heard)
        )
    return claims


def place_roles(
    found: Sequence[Named],
    fitted: Fitted | None = None,
    stated: Sequence[Mapping[PlaceHint, int]] = (),
) -> list[PlaceRoles]:
    """Posterior role of each place: at most one home and one work place per household.

    Parameters
    ----------
    stated : sequence of mapping
        What the account's own data says of each, which multiplies its odds.

    Notes
    -----
    With scores s_i the home is place i with probability exp(s_i) / (1 + Σ exp(s_j)), and none that is named
    with 1 / (1 + Σ exp(s_j)): a choice model whose weights are fitted (``fitting/reading.py``).
    """
    model = fitted or shipped()
    home_mass = [math.exp(min(one.score("home", model), 20.0)) for one in found]
    work_mass = [math.exp(min(one.score("work", model), 20.0)) for one in found]
    weigh_stated(home_mass, work_mass, stated)
    home_total, work_total = 1 + sum(home_mass), 1 + sum(work_mass)
    best = max(home_mass, default=0.0) / home_total
    honest = 1.0
    if best and not any(stated):  # what an account states is not read from talk
        honest = model.realised(best, "home_calibration") / best
        honest = honest if best >= RAISED_FROM else min(honest, 1.0)
    roles = []
    for i, (one, home_one, work_one) in enumerate(zip(found, home_mass, work_mass, strict=True)):
        home = min(honest * home_one / home_total, MAX_P)
        work = min(work_one / work_total, MAX_P) * (1 - home)
        told = (*_hints(one.features), *(stated[i].items() if stated else ()))
        roles.append(PlaceRoles(home, work, max(0.0, 1 - home - work), told))
    return roles


def named_places(evidence: Evidence) -> list[Named]:
    """The household's places, one for each name, with the features of their roles; and near them the towns
    that a name may be misheard from."""
    heard = join_namesakes([h for h in [*evidence.of("PLACE"), *spotted_words(evidence)] if _is_name(h)])
    found = readings(heard)
    first = [likeliest_place(r.places) for r in found]
    talk = Talk.of(evidence.utterances)
    settled = [settle(r, [p for j, p in enumerate(first) if j != i and p], talk) for i, r in enumerate(found)]
    places = [likeliest_place(weights) for weights in settled]
    timed = sorted((u for u in evidence.utterances if u.local), key=lambda u: (u.local, u.utterance_id))
    following = {u.utterance_id: v for u, v in pairwise(timed)}
    known = [p for p in places if p]
    around = Neighbourhood.of(
        p for p, weights in zip(places, settled, strict=True)
        if p and p.kind == "city" and weights[p.geonameid] >= CERTAIN
    )  # fmt: skip
    named = []
    for reading, weights, place in zip(found, settled, places, strict=True):
        use = use_features(reading, evidence)
        features = place_features(reading, place, known, following) | use
        named.append(Named(reading, weights, place, features, witness=evidence.witness.of_place(place)))
        for alike in misheard(reading, place, around):
            features = place_features(reading, alike.place, known, following) | use
            features |= {"alike": 1.0, "likeness": alike.likeness}
            meant = {alike.place.geonameid: alike.likeness}
            witness = evidence.witness.of_place(alike.place)
            named.append(Named(reading, meant, alike.place, features, True, witness))
    return named


def _is_name(heard: Heard) -> bool:
    """Whether a value can be a place's name: every town has a station and a harbour."""
    if heard.here or not any(c.isalpha() for c in heard.value):
        return False
    return cues.LANDMARK.fullmatch(heard.value) is None


def _hints(features: Mapping[str, float]) -> tuple[tuple[StrEnum, int], ...]:
    return tuple((hint, int(features[str(hint)])) for hint in PlaceHint if features.get(str(hint)))
