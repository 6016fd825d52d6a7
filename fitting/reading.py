"""Fit the profile's models on households written by hand, around the weights that were assumed.

Each weight is the most probable one given the households and a normal prior around the assumption
(:data:`PRIORS`), so that a feature that they hardly show keeps the assumption. The benchmark
``bench_reading`` calls :func:`fit` without one author at a time.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import minimize

from fitting.command import log, main
from fitting.material.written_homes import HOMES, home_of, scripts
from fitting.record import Run, Value, file, shared, write
from fitting.says import fold_of, readers_without
from forensics.knowledge.names import sounds_alike
from forensics.profile.people import Person, find_people, people_claims
from forensics.profile.places import named_places, place_roles
from forensics.profile.records import Evidence
from forensics.profile.says import USES, Readers
from forensics.profile.weights import Fitted
from forensics.simulate.households import draw_household
from forensics.simulate.template_talk import utter
from forensics.simulate.trial import evidence_as_said
from forensics.simulate.world import WORLDS

PRIORS: dict[str, dict[str, float]] = {
    "home": {
        "intercept": -2.5, "days": 0.5, "near": 1.0, "size": 0.1, "off_the_map": -1.5, "unsure": -2.0,
        "in_messages_only": -1.0,
        "place_home": 5.0, "place_local_business": 1.2, "place_weather": 0.8, "place_weather_planned": -1.0,
        "place_travel": -1.5, "place_work": -0.5, "place_origin": 0.6, "place_goal": -1.2,
        "place_morning_goal": -0.5, "place_qualified": 1.2, "place_corrected": 0.8, "place_rejected": -2.0,
        "place_not_the_other": 0.8, "place_others_home": -1.2, "place_account": 2.0, "place_far": -1.0,
        "place_no_town": -3.0, "place_overheard": -1.5, "place_general_only": -1.5,
        "place_institution": 0.8, "place_spotted": -0.5, "alike": -2.0, "likeness": 1.0,
    },
    "work": {
        "intercept": -4.0, "days": 0.3, "near": 0.5, "place_work": 2.5, "place_morning_goal": 2.0,
        "place_goal": 0.3, "place_home": -0.7, "place_travel": -0.7, "place_no_town": -2.0,
        "place_overheard": -1.5,
        "place_general_only": -1.5, "place_far": -1.0, "off_the_map": -0.3, "place_rejected": -1.0,
        "place_institution": 0.2, "place_spotted": -0.7,
    },
}  # fmt: skip
"""Weights before any household: assumptions, in nats."""
_USES = {
    "home": 1.5,
    "local": 0.8,
    "weather": 0.0,
    "trip": -0.8,
    "others_home": -0.8,
    "media": -1.0,
    "not_a_place": -1.5,
}
PRIORS["home"] |= {f"use_{use}": _USES.get(use, 0.0) for use in USES} | {f"top_{use}": 0.0 for use in USES}
PRIORS["work"] |= {"use_work": 1.5}
_INTERCEPTS = {
    "subject": -2.3, "companion": -1.9, "child": -2.3, "relative": -2.3, "visitor": -2.3, "contact": -0.8,
    "nobody": 0.0,
}  # fmt: skip
_SAYS: Mapping[str, Mapping[str, float]] = {
    "introduces_self": {
        "subject": 1.8,
        "companion": 0.9,
        "child": 0.6,
        "visitor": 1.3,
        "relative": 0.5,
        "nobody": -0.5,
    },
    "called_through_house": {
        "subject": 1.2,
        "companion": 1.6,
        "child": 2.0,
        "relative": 0.4,
        "contact": -0.6,
    },
    "reminded": {"subject": 1.1, "companion": 1.6, "child": 1.2, "contact": -0.6, "nobody": -1.0},
    "owns_thing": {"subject": 1.2, "companion": 1.2, "child": 1.8, "contact": -0.5, "nobody": -0.5},
    "delivered_to": {"subject": 0.8, "companion": 0.8, "contact": 0.2},
    "at_home_activity": {"child": 2.2, "companion": 0.4, "subject": 0.3, "contact": -0.5, "nobody": -0.5},
    "partner_of_speaker": {"companion": 2.5, "subject": 1.0, "nobody": -1.0},
    "child_of_speaker": {"child": 3.0, "nobody": -1.0},
    "relative_of_speaker": {"relative": 3.0, "contact": 0.3, "nobody": -0.5},
    "visits": {"visitor": 2.0, "relative": 0.6, "contact": 0.8, "nobody": -0.5},
    "calls_or_writes": {"contact": 1.8, "relative": 0.9, "companion": 0.6, "child": 0.1, "nobody": -0.5},
    "appointment_with": {"contact": 2.0, "nobody": -0.2},
    "talked_about": {"contact": 1.1, "relative": 0.6, "companion": 0.3, "child": 0.3, "visitor": 0.3},
    "quoted_or_media": {"nobody": 2.2, "contact": -0.5},
    "not_a_person": {"nobody": 2.5, "contact": -0.8},
}
_OTHERS: Mapping[str, Mapping[str, float]] = {
    "hint_introduces": {"subject": 2.6, "companion": 0.8, "visitor": 1.0, "contact": -0.7, "nobody": -0.7},
    "hint_on_the_phone": {"subject": 2.8, "companion": 1.8, "child": -1.0, "contact": 0.3, "nobody": -0.7},
    "hint_partner": {"companion": 4.1, "subject": 0.5},
    "hint_child": {"child": 4.1},
    "hint_relative": {"relative": 3.2, "contact": 0.3},
    "hint_colleague": {"contact": 2.2},
    "hint_welcomed": {"visitor": 2.2, "contact": -0.3, "nobody": -0.5},
    "hint_summoned": {"subject": 0.8, "companion": 0.8, "child": 0.8, "contact": -0.5},
    "hint_woken": {"child": 2.0, "companion": 0.9, "subject": 0.6, "contact": -1.0, "nobody": -0.7},
    "hint_reminded": {"companion": 1.0, "subject": 1.0, "child": 0.5, "contact": -0.8},
    "hint_told_coming_home": {"companion": 2.0, "child": 0.5, "contact": -0.2},
    "hint_meals_or_bed": {"companion": 0.9, "child": 0.9, "subject": 0.7, "contact": -0.8},
    "hint_school": {"child": 1.3},
    "hint_pet": {"nobody": 0.9},
    "hint_called": {"contact": 0.8, "relative": 0.3, "companion": 0.2},
    "hint_appointment": {"contact": 0.3},
    "n": {"subject": 0.6, "companion": 0.7, "child": 0.9, "relative": 0.3, "contact": 0.2},
    "strength": {"nobody": -1.5},
    "unlisted": {"nobody": 0.5},
    "common": {"nobody": 0.7},
    "determined": {"nobody": 2.0, "contact": -0.5},
    "title": {"contact": 2.0, "subject": -1.0, "companion": -1.0, "child": -2.0},
    "family_title": {"relative": 2.5, "contact": 0.3},
    "full_name": {"contact": 0.7},
    "no_first": {"child": -2.0, "companion": -1.5, "subject": -1.0},
    "read": {"nobody": -1.5},
    "spot": {"nobody": -1.0},
    "spot_mean": {"nobody": -1.0},
    "cue": {"nobody": -0.5},
    "in_media": {"nobody": 1.7},
    "in_questions": {"nobody": 0.9},
    "in_messages": {"contact": 1.0, "relative": 0.3},
    "place": {"nobody": 1.5},
    "device_name": {"subject": 1.5, "companion": 1.2, "child": 1.5},
    "speaker_profile": {"subject": 2.0, "companion": 1.6, "child": 1.0},
    "devices": {"child": 0.3, "companion": 0.3, "subject": 0.3, "nobody": -0.2},
}
ROLES = ("subject", "companion", "child", "relative", "visitor", "contact", "nobody")


def role_priors() -> dict[str, dict[str, float]]:
    """Weights of the roles before any household, by role and feature: assumptions, in nats."""
    names = {f"says_{k}": v for k, v in _SAYS.items()} | dict(_OTHERS)
    extra = [f"{kind}_{k}" for k in _SAYS for kind in ("share", "top")] + [
        "days",
        "talk",
        "in_plans",
        "at_home",
    ]
    return {
        role: {"intercept": _INTERCEPTS[role]}
        | {name: by_role.get(role, 0.0) for name, by_role in names.items()}
        | dict.fromkeys(extra, 0.0)
        for role in ROLES
    }


FORM = {
    "intercept": 0.8,
    "strength": 1.0,
    "unlisted": -0.8,
    "common": -0.7,
    "once": -0.2,
    "forms": -0.3,
    "p_heard": 0.2,
}
"""Weights of whether a name that somebody bears was heard in the right form: assumptions."""
INTERCEPT_SPREAD = 3.0
ROLE_SPREAD = 0.6
"""The same for the weights of the roles, which are many (chosen on left-out authors)."""
SPREAD = 1.0
"""Standard deviation of the prior around each weight, in nats (assumption)."""


PARTS = 3
"""Into which the households are cut, so that probabilities are calibrated on households not fitted on."""
FEW = (3, 12)
"""Utterances of the homes that are cut short for the model of homes (assumption)."""
SEED = 11
"""Of the simulated households."""
SIMULATED = 16
"""Simulated households beside those written by hand, so that plain commands go on being read (assumption)."""


@cache
def simulated() -> tuple[tuple[Evidence, Mapping[str, Any]], ...]:
    """Evidence and truth of simulated households, as said, in both languages."""
    return tuple(_simulated(number) for number in range(1000, 1000 + SIMULATED))


def _simulated(number: int) -> tuple[Evidence, Mapping[str, Any]]:
    world = WORLDS["obeying"]
    home = draw_household(number, world, language=("en", "de")[number % 2], seed=SEED)
    evidence = evidence_as_said(home, utter(home, world))

    def role_of(person: Person) -> str:
        first, last = person.name.first, person.name.last
        if first is None:
            return "subject" if last and sounds_alike(last, home.last) else "nobody"
        named = [("subject", home.first), ("companion", home.companion or "")]
        named += [("child", child) for child in home.children] + [("visitor", v) for v in home.visitors]
        for role, name in named:
            if name and sounds_alike(first, name.split()[0]) and not (last and role == "visitor"):
                return role
        for one in home.contacts:
            if sounds_alike(first, one.first):
                return "contact"
        return "nobody"

    def is_true(attribute: str, role: str, value: str, p: float) -> bool | None:
        known = {
            ("first_name", "subject"): [home.first], ("first_name", "companion"): [home.companion or ""],
            ("surname", "subject"): [home.last], ("child", "child"): list(home.children),
        }  # fmt: skip
        if attribute == "contact":
            known[attribute, role] = [c.first for c in home.contacts]
            value = value.split()[0]
        names = known.get((attribute, role))
        return None if names is None else any(n and sounds_alike(value, n.split()[0]) for n in names)

    town = home.home.split(",")[0]
    return evidence, {
        "is_home": lambda value: value.split(",")[0] == town,
        "role_of": role_of,
        "bearer_of": role_of,
        "is_true": is_true,
    }


def fit(homes: Sequence[tuple[Evidence, Mapping[str, Any]]]) -> Fitted:
    """All models, from evidence and truth of each household.

    Parameters
    ----------
    homes : sequence of (Evidence, mapping)
        The mapping holds ``home_names`` (folded names that are the home's) and ``work`` (folded words of it).
    """
    return Fitted(_models(homes).models | _calibrations(homes))


def _models(homes: Sequence[tuple[Evidence, Mapping[str, Any]]]) -> Fitted:
    """The models before their probabilities are recalibrated."""
    homes = [*homes, *simulated()]
    return Fitted({"home": _choice("home", homes), "work": dict(PRIORS["work"])} | _roles(homes))


def _calibrations(homes: Sequence[tuple[Evidence, Mapping[str, Any]]]) -> dict[str, dict[str, float]]:
    """How often what is stated comes true: a name in a role, a name in any role, the likeliest home.

    Each household is judged by models that were fitted on the other parts.
    """
    stated: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for part in range(PARTS):
        fitted = _models([home for n, home in enumerate(homes) if n % PARTS != part])
        for evidence, truth in homes[part::PARTS]:
            people = find_people(evidence, fitted)
            for claim in people_claims(people, evidence, fitted):
                p = claim.p_value * claim.p_role
                right = truth["is_true"](claim.attribute, claim.subject_role, claim.value, p)
                if right is not None and claim.subject_role != "unknown":
                    stated["calibration"].append((p, right))
            stated["known"] += [(p.p_named * p.p_known, truth["role_of"](p) != "nobody") for p in people]
            found = named_places(evidence)
            roles = place_roles(found, fitted)
            if found:
                best = max(range(len(found)), key=lambda i: roles[i].home)
                stated["home_calibration"].append((roles[best].home, truth["is_home"](found[best].value)))
    return {model: _recalibration(pairs) for model, pairs in stated.items()}


def _recalibration(pairs: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """Intercept and slope of a logistic recalibration of stated probabilities."""
    p = np.clip([p for p, _ in pairs], 1e-4, 1 - 1e-4)
    x = np.column_stack([np.ones(len(p)), np.log(p / (1 - p))])
    return _logistic({"intercept": 0.0, "logit": 1.0}, x, np.array([y for _, y in pairs], float))


def _cut_short(
    homes: Sequence[tuple[Evidence, Mapping[str, Any]]],
) -> Iterator[tuple[Evidence, Mapping[str, Any]]]:
    """Each home again with a few of its utterances, drawn at random: little talk says little."""
    rng = np.random.default_rng(SEED)
    for evidence, truth in homes:
        for size in FEW:
            kept = rng.permutation(len(evidence.utterances))[:size]
            utterances = tuple(evidence.utterances[i] for i in sorted(kept))
            names = {u.utterance_id for u in utterances}
            heard = tuple(h for h in evidence.heard if h.utterance and h.utterance.utterance_id in names)
            yield replace(evidence, utterances=utterances, heard=heard), truth


def _roles(homes: Sequence[tuple[Evidence, Mapping[str, Any]]]) -> dict[str, dict[str, float]]:
    """The multinomial model of roles, and the model of whether the form is right."""
    priors = role_priors()
    names = sorted(priors[ROLES[0]])
    before = Fitted({f"role_{r}": w for r, w in priors.items()} | {"form": FORM})
    rows, labels, forms, right = [], [], [], []
    for evidence, truth in homes:
        for person in find_people(evidence, before):
            role = truth["bearer_of"](person)
            rows.append([person.features.get(name, 0.0) for name in names])
            labels.append(ROLES.index(role))
            if role != "nobody":
                forms.append([person.features.get(name, 0.0) for name in sorted(FORM)])
                right.append(truth["role_of"](person) != "nobody")
    x, y = np.array(rows), np.array(labels)
    centre = np.array([[priors[role][name] for name in names] for role in ROLES])
    spread = np.full(centre.shape, ROLE_SPREAD)
    spread[:, names.index("intercept")] = INTERCEPT_SPREAD

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        w = flat.reshape(centre.shape)
        scores = x @ w.T
        scores -= scores.max(axis=1, keepdims=True)
        p = np.exp(scores)
        p /= p.sum(axis=1, keepdims=True)
        value = -np.log(p[np.arange(len(y)), y] + 1e-12).sum() + 0.5 * (((w - centre) / spread) ** 2).sum()
        p[np.arange(len(y)), y] -= 1
        return float(value), (p.T @ x + (w - centre) / spread**2).ravel()

    best = minimize(loss, centre.ravel(), jac=True, method="L-BFGS-B").x.reshape(centre.shape)
    found = {
        f"role_{role}": {name: round(float(v), 4) for name, v in zip(names, best[i], strict=True)}
        for i, role in enumerate(ROLES)
    }
    return found | {"form": _logistic(FORM, np.array(forms), np.array(right, float))}


def _logistic(prior: Mapping[str, float], x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Weights of a yes or no, around their assumptions; columns by name in order."""
    names = sorted(prior)
    centre = np.array([prior[name] for name in names])

    def loss(w: np.ndarray) -> float:
        z = x @ w
        return float((np.logaddexp(0, z) - y * z).sum() + 0.5 * ((w - centre) ** 2).sum() / SPREAD**2)

    best = minimize(loss, centre, method="L-BFGS-B")
    return {name: round(float(w), 4) for name, w in zip(names, best.x, strict=True)}


def _choice(model: str, homes: Sequence[tuple[Evidence, Mapping[str, Any]]]) -> dict[str, float]:
    """A choice among the places of each home, none of them included."""
    prior = PRIORS[model]
    names = sorted(prior)
    sets = []
    for evidence, truth in [*homes, *_cut_short(homes)]:
        found = named_places(evidence)
        x = np.array([[one.weighed.get(n, 0.0) for n in names] for one in found]).reshape(
            len(found), len(names)
        )
        right = [i for i, one in enumerate(found) if truth["is_home"](one.value)]
        sets.append((x, right))
    centre = np.array([prior[n] for n in names])

    def loss(w: np.ndarray) -> float:
        total = 0.5 * float(((w - centre) ** 2).sum()) / SPREAD**2
        for x, right in sets:
            scores = np.concatenate([[0.0], x @ w])
            top = scores.max()
            norm = top + np.log(np.exp(scores - top).sum())
            picked = scores[[i + 1 for i in right]] if right else scores[:1]
            total -= float(picked.max() + np.log(np.exp(picked - picked.max()).sum()) - norm)
        return total

    best = minimize(loss, centre, method="L-BFGS-B")
    return {name: round(float(w), 4) for name, w in zip(names, best.x, strict=True)}


def readers_of(script: Mapping[str, Any]) -> Readers:
    """What reads names and places of one household: models that never saw its author."""
    return readers_without(fold_of(script["author"]))


def run(how: Run) -> None:
    """Fit on the homes of all authors, and write."""
    folder = shared("households/scripts", what="the households written by hand")
    homes = [
        home_of(script, readers=readers_of(script))
        for script in [*scripts(folder), *scripts(HOMES)][:: how.every]
    ]
    path = write(
        "forensics/profile/weights.py",
        script=__file__,
        data=[file(path) for path in [*sorted(folder.glob("*.json")), *sorted(HOMES.glob("*.json"))]],
        seed=SEED,
        values={
            "models": Value(
                fit([(home.evidence, home.truth) for home in homes]).models, "nats, by model and feature"
            )
        },
        how=how,
    )
    log.info("written: %s", path)


if __name__ == "__main__":
    sys.exit(main(run))
