"""Who is spoken of: the people of one group with their names and roles, and the claims about them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from forensics.case.kinds import ROLES
from forensics.knowledge.names import SpokenName, fold
from forensics.profile import cues
from forensics.profile.account import AccountRoles, both_roles
from forensics.profile.claim import Claim, readings, weighted
from forensics.profile.clusters import Cluster, Occurrence, find_clusters
from forensics.profile.decided import arranged, called, decided_roles, person_id
from forensics.profile.evidence import p_any
from forensics.profile.hints import NAMING, SAID, Hint
from forensics.profile.person_features import cluster_features, hint_counts
from forensics.profile.records import Evidence
from forensics.profile.roles import role_odds, shared_roles
from forensics.profile.says import SAYS
from forensics.profile.weights import Fitted, shipped
from forensics.profile.wording import Phrase, counted, listed, say

if TYPE_CHECKING:
    from forensics.case.review import Decision

_PARTNERS = frozenset(("wife", "husband", "partner", "girlfriend", "boyfriend", "fiance", "fiancee"))
_CHILDREN = frozenset(("son", "daughter", "child", "children", "kid", "kids", "baby"))
_KIN = frozenset(
    (
        "mother", "father", "grandmother", "grandfather", "brother", "sister", "aunt", "uncle", "cousin",
        "nephew", "niece", "grandson", "granddaughter", "grandchild", "parents", "grandparents",
        "mother_in_law", "father_in_law", "brother_in_law", "sister_in_law",
    )
)  # fmt: skip
MAX_WORDS = 3
"""Nobody is called by more names than this; recognition strings words together like that (assumption)."""
NAMED_BY_WORDS = 2.5
"""Likelihood ratio of words that announce a name for a name read rightly (assumption)."""
FAMILY_SHARES_SURNAME = 0.7
"""Probability that a relative's surname is the subject's too (assumption; spouses .75 in the method)."""
OUTSIDE = ("relative", "visitor", "contact")
"""Roles of people who do not live there."""
CLEARLY = 1.5
"""Odds from which somebody outside is called a relative or a visitor, and no contact (assumption)."""
LEAST_KNOWN = 0.5
"""Probability from which it is said that a household knows a name, where its bearer's role is open
(assumption)."""
LEAST_P = 0.05
"""A role below this probability makes no claim."""


@dataclass(frozen=True)
class Person:
    """A person spoken of.

    Parameters
    ----------
    name : SpokenName
        The canonical form.
    cluster : Cluster
        Every occurrence under every form.
    p_named : float
        Probability that somebody of this name was named at least once.
    roles : dict
        Posterior.
    hints : tuple of (Hint, int)
        What spoke for the roles, and how often.
    features : dict
        Of the model of roles.
    decided : bool
        Whether a reviewer said the role.
    """

    name: SpokenName
    cluster: Cluster
    p_named: float
    roles: Mapping[str, float]
    hints: tuple[tuple[StrEnum, int], ...]
    features: Mapping[str, float]
    decided: bool = False

    @property
    def role(self) -> str:
        """The likeliest role: first whether of the house, of outside or nobody, then which."""
        groups: dict[str, tuple[str, ...]] = {role: (role,) for role in ("subject", "companion", "child")}
        groups |= {"outside": OUTSIDE, "nobody": ("public_figure", "nobody")}
        best = max(groups, key=lambda g: sum(self.roles[r] for r in groups[g]))
        odds = {role: self.roles[role] * (CLEARLY if role == "contact" else 1.0) for role in groups[best]}
        return max(odds, key=lambda r: odds[r])

    @property
    def p_outside(self) -> float:
        """Probability of a relative, visitor or contact, whichever it is."""
        return sum(self.roles[role] for role in OUTSIDE)

    @property
    def p_known(self) -> float:
        """Probability that the household knows somebody of this name, in whatever role."""
        return max(0.0, 1.0 - self.roles["nobody"] - self.roles["public_figure"])

    @property
    def in_files(self) -> bool:
        """Whether only the account's own data names this person."""
        return all(o.utterance is None for o in self.cluster.occurrences)

    @property
    def stated(self) -> bool:
        """Whether the account's own data names this person, whoever else does."""
        return any(o.utterance is None for o in self.cluster.occurrences)

    def person_id(self, group: str) -> str:
        """The id, by group and name."""
        return person_id(group, self.name)

    @property
    def utterance_ids(self) -> set[str]:
        """Utterances that name this person."""
        return {o.utterance.utterance_id for o in self.cluster.occurrences if o.utterance}

    @property
    def mention_ids(self) -> set[str]:
        """Mentions of the language room behind this person."""
        return {m for o in self.cluster.occurrences for h in o.heard for m in h.mention_ids}

    @property
    def alternatives(self) -> dict[str, float]:
        """Other forms of the name, as heard elsewhere or instead."""
        weights: dict[str, float] = {}
        n = len(self.cluster.occurrences)
        for one in self.cluster.occurrences:
            if fold(one.name.full) not in (fold(self.name.full), fold(self.name.first or "")):
                weights[one.name.full] = weights.get(one.name.full, 0.0) + 1 / n
            for heard in one.heard:
                for value, p in heard.alternatives.items():
                    weights[value] = weights.get(value, 0.0) + p / n
        total = sum(weights.values())
        scale = min(1.0, (1.0 - self.p_named) / total) if total else 0.0
        return {value: w * scale for value, w in weights.items()}

    @property
    def shares_surname(self) -> float | None:
        """Probability that the subject has this surname too, for those whom the family's name may be."""
        if self.name.last is None:
            return None
        kin = {Hint.PARTNER, Hint.CHILD, Hint.RELATIVE} & {h for h, _ in self.hints}
        family = bool(kin) or self.role in ("companion", "child", "relative")
        return FAMILY_SHARES_SURNAME if family else None

    @property
    def relation_words(self) -> list[str]:
        """Relations that are said beside the name."""
        found: Counter[str] = Counter()
        for one in self.cluster.occurrences:
            if match := cues.KIN_BEFORE.search(one.text[: one.span.start].casefold()):
                found[match[1]] += 1
        return [word for word, _ in found.most_common()]

    def row(self, group: str) -> dict[str, Any]:
        """The row of ``persons``."""
        forms = self.cluster.forms
        total = sum(forms.values())
        voices = {v for o in self.cluster.occurrences if o.utterance for v in o.utterance.voices}
        speaks = self.features.get("top_introduces_self", 0.0) >= 0.5
        return {
            "person_id": self.person_id(group),
            "name": self.name.full,
            "forms": weighted({form: n / total for form, n in forms.items()}, most=20),
            "roles": weighted(self.roles, most=len(ROLES)),
            "p_named": round(self.p_named, 6),
            "p_shares_surname": self.shares_surname,
            "relation_words": self.relation_words,
            "voice_id": next(iter(voices)) if speaks and len(voices) == 1 else None,
            "utterance_ids": sorted(self.utterance_ids),
            "mention_ids": sorted(self.mention_ids),
            "n_support": len({o.witness for o in self.cluster.occurrences}),
            "reason": listed(self.hints),
            "data_subject_group": group,
        }


def find_people(
    evidence: Evidence, fitted: Fitted | None = None, decisions: Sequence[Decision] = ()
) -> list[Person]:
    """Everybody spoken of, with the roles decided for the household as a whole.

    Parameters
    ----------
    evidence : Evidence
        Of one data subject.
    fitted : Fitted, optional
        Weights other than those shipped.
    decisions : sequence of Decision
        A reviewer's, on ``persons``: what they say of one person also tells the others' roles.
    """
    said_roles = decided_roles(decisions)
    places = frozenset(fold(s) for h in evidence.of("PLACE") for s in h.surfaces if h.places)
    people, in_account = [], AccountRoles(evidence)
    found = find_clusters(evidence)
    for cluster in arranged(found, evidence.group, decisions) if decisions else found:
        if not cluster.name.full:
            continue
        features = cluster_features(cluster, evidence, places)
        name, hints = cluster.name, _hints(cluster)
        written = [h for o in cluster.occurrences if o.utterance is None for h in o.heard]
        roles = role_odds(features, fitted) if len(features) > 1 else {}
        if written:
            account, fields = in_account.of(written)
            name, hints = called(cluster), (*hints, *fields)
            roles = both_roles(roles, account, fields) if roles else account
        who = person_id(evidence.group, name)
        roles, said = evidence.witness.weighed(who, roles), said_roles.get(who)
        if said is not None:
            roles = {role: float(role == said) for role in ROLES}
        named = _p_named(cluster, features, fitted)
        people.append(Person(name, cluster, named, roles, hints, features, said is not None))
    people.sort(key=lambda p: (-len(p.cluster.occurrences), p.name.full))
    together = shared_roles([p.roles for p in people], [p.p_named for p in people])
    return [replace(person, roles=roles) for person, roles in zip(people, together, strict=True)]


def people_claims(people: Sequence[Person], evidence: Evidence, fitted: Fitted | None = None) -> list[Claim]:
    """Claims about people: first_name, surname, child, contact, relation, and public figures as
    media_taste."""
    return [claim for person in people for claim in _claims_of(person, evidence.group, fitted or shipped())]


def relation_claims(evidence: Evidence) -> list[Claim]:
    """Relations spoken of, with or without a name."""
    kin = [h for h in evidence.of("PERSON") if cues.RELATIVE_ALONE.fullmatch(h.value)]
    return [
        Claim(
            "relation",
            relation_role(reading.kind or reading.value),
            reading.value,
            reading.p,
            say(Phrase.RELATION, value=reading.value, utterances=counted(len(reading.heard), "utterance")),
            alternatives=reading.alternatives,
            kind=reading.kind,
        ).supported_by(reading.heard)
        for reading in readings([*evidence.of("RELATION"), *(replace(h, label="RELATION") for h in kin)])
    ]


def relation_role(relation: str) -> str:
    """Whose name a relation stands for: of the household, of the family, or of somebody outside."""
    key = relation.casefold()
    words = frozenset(re.split(r"[\s_-]+", key))
    if words & _PARTNERS:
        return "companion"
    if words & _CHILDREN:
        return "child"
    return "relative" if key in _KIN or words & _KIN else "contact"


def _p_named(cluster: Cluster, features: Mapping[str, float], fitted: Fitted | None) -> float:
    """Probability that the name was said in this form, given that it names somebody."""
    by_witness: dict[str, Occurrence] = {}
    for one in cluster.occurrences:
        if one.witness not in by_witness or one.p > by_witness[one.witness].p:
            by_witness[one.witness] = one
    p = p_any(o.p for o in by_witness.values())
    if any(hint in NAMING for hint in hint_counts(cluster)):
        p = p * NAMED_BY_WORDS / (1 - p + p * NAMED_BY_WORDS)
    if len(features) > 1:
        p = 1 / (1 + math.exp(-(fitted or shipped()).score("form", features)))
        p = p_any([p, *(o.p for o in by_witness.values() if o.utterance is None)])
    return min(p, 0.995)


def _hints(cluster: Cluster) -> tuple[tuple[StrEnum, int], ...]:
    """What is said of the person, by the likeliest class of each utterance, and the words beside the name."""
    said: Counter[StrEnum] = Counter()
    for one in cluster.occurrences:
        if one.utterance is None:
            continue
        said[SAID[SAYS[int(np.argmax(one.says))]]] += 1
    said.update(hint_counts(cluster))
    return tuple(sorted(said.items()))


def _claims_of(person: Person, group: str, fitted: Fitted) -> list[Claim]:
    role, name = person.role, person.name

    def claim(attribute: str, value: str, probability: float, role: str = role) -> Claim:
        n = len({o.witness for o in person.cluster.occurrences})
        model = "known" if role == "unknown" else "calibration"
        alone = person.p_named * probability
        honest = alone if person.decided else fitted.realised(alone, model)
        made = Claim(
            attribute,
            role,
            value,
            person.p_named,
            say(
                Phrase.PERSON_IN_FILES if person.in_files else Phrase.PERSON,
                value=value,
                utterances=counted(n, "record" if person.in_files else "utterance"),
                hints=listed(person.hints),
            ),
            p_role=probability if person.stated else min(1.0, honest / person.p_named),
            alternatives=person.alternatives,
            roles=person.roles,
            person_id=person.person_id(group),
            mention_ids=person.mention_ids,
            utterances=person.utterance_ids,
            n_support=n,
        )
        for one in person.cluster.occurrences:
            heard = frozenset(s for h in one.heard for s in h.sources)
            made.sources |= heard or {one.utterance.source if one.utterance else "account"}
        return made

    p_role = person.roles[role]
    if role == "public_figure":
        return [claim("media_taste", name.full, p_role)] if p_role >= LEAST_P else []
    if len(name.full.split()) > MAX_WORDS:
        return []
    claims = [] if role == "nobody" or p_role < LEAST_P else _in_role(person, claim)
    if name.first and not person.stated and all(c.p_value * c.p_role < LEAST_KNOWN for c in claims):
        known = claim("first_name", name.first, person.p_known, "unknown")
        if known.p_value * known.p_role >= LEAST_KNOWN:
            claims.append(known)
    return claims


def _in_role(person: Person, claim: Callable[..., Claim]) -> list[Claim]:
    """Claims that a name is that of somebody in one role: the likeliest one."""
    role, name = person.role, person.name
    p_role = person.roles[role]
    claims = []
    if role == "child" and name.first:
        claims.append(claim("child", name.first, p_role))
    elif role in ("subject", "companion") and name.first:
        claims.append(claim("first_name", name.first, p_role))
    elif role not in ("subject", "companion", "child"):
        relation = next(iter(person.relation_words), None)
        if role == "relative" and relation:
            claims.append(claim("relation", f"{name.full}: {relation}", p_role))
        else:
            claims.append(claim("contact", name.full, person.p_outside))
    if name.last:
        surname = claim("surname", name.last, p_role)
        surname.p_shared = person.shares_surname
        claims.append(surname)
    return claims
