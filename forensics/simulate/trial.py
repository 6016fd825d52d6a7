"""One household's bundle through language, profile and measurement, and the attack it is measured against."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from forensics.case.options import Options
from forensics.knowledge.names import sounds_alike, split_name
from forensics.language.stage import Source, read_household
from forensics.profile.gathering import gather
from forensics.profile.records import Evidence
from forensics.profile.stage import claim_rows
from forensics.reidentification.adversaries import ADVERSARIES
from forensics.reidentification.anonymity import matched_share
from forensics.reidentification.draws import interval
from forensics.reidentification.learned import Learned, learn
from forensics.reidentification.risk import Extent, choose_population, worlds_of
from forensics.reidentification.worlds import Attack, Worlds
from forensics.simulate.calibration import randomised_pit
from forensics.simulate.households import Household
from forensics.simulate.template_talk import SimulatedUtterance, utter
from forensics.simulate.world import World

STRANGER = ADVERSARIES[0]


@dataclass(frozen=True)
class Trial:
    """What was predicted for one attack, and how it came out.

    Parameters
    ----------
    household : str
        Its name.
    attacker : {'machine', 'listener'}
        Who has the transcripts only, and who hears the recordings.
    predicted, low, high : float
        P(identified): mean, and 90 % interval.
    success : bool
        Whether the attack named the subject.
    right : bool
        Whether all claims that the attacker used were true.
    k : float
        The anonymity set in the simulated population.
    k_low, k_high : float
        The predicted 90 % interval.
    pit : float
        Where `k` lies in the predicted distribution.
    recordings : int
        Of the bundle that was attacked.
    surname_spoken : bool
        Whether any recording says the subject's surname.
    informed : float
        P(identified) as the model states it to who knows the claims that the attack was made with: apart from
        `predicted` by what was misheard, misread and missed.
    """

    household: str
    attacker: str
    predicted: float
    low: float
    high: float
    success: bool
    right: bool
    k: float
    k_low: float
    k_high: float
    pit: float
    recordings: int
    surname_spoken: bool
    informed: float = float("nan")


@dataclass(frozen=True)
class Attacked:
    """A household that is attacked, of whichever world.

    Parameters
    ----------
    name : str
        Of the household.
    recordings : int
        Of its bundle.
    surname_spoken : bool
        Whether any recording says the subject's surname.
    holds : callable
        Whether a claim is true of it, in the sense in which an attacker matches it.
    """

    name: str
    recordings: int
    surname_spoken: bool
    holds: Callable[[Learned], bool]


def run_trial(home: Household, world: World, options: Options) -> list[Trial]:
    """The machine's and the listener's attack on one household.

    The machine is predicted and realised from the same noisy transcripts. The listener is predicted from
    the noisy transcripts and realised from what was really said, which he hears.

    Parameters
    ----------
    home : Household
        The truth that success is judged by.
    world : World
        Where the household, and everybody it could be taken for, live.
    options : Options
        Population, seed and draws.
    """
    said = utter(home, world)
    rng = np.random.default_rng([home.seed, home.number, 4, *world.name.encode()])
    options = replace(options, seed=home.number)
    attacked = Attacked(home.name, home.recordings, home.surname_spoken, lambda claim: is_true(claim, home))
    return attacks(attacked, understood(home, said), as_said(home, said), world, options, rng)


def attacks(
    home: Attacked,
    noisy_rows: list[dict[str, Any]],
    heard_rows: list[dict[str, Any]],
    world: World,
    options: Options,
    rng: np.random.Generator,
) -> list[Trial]:
    """The machine's and the listener's attack: both predicted from what was understood.

    Parameters
    ----------
    noisy_rows : list of dict
        Claims from what was understood: what the machine attacks with.
    heard_rows : list of dict
        Claims of who hears every word: what the listener attacks with.
    world : World
        Says how everybody else is distributed.
    options : Options
        Its seed draws the worlds.
    rng : numpy.random.Generator
        Decides what was left to chance.
    """
    extent = home.recordings
    noisy, listening = attackers(noisy_rows, ("machine", "listener"), extent, options)
    predicted = {"machine": noisy.attack(), "listener": listening.attack()}
    (heard,) = attackers(heard_rows, ("machine",), extent, options)
    realised = {"machine": (noisy, predicted["machine"]), "listener": (heard, heard.attack())}
    return [_trial(home, name, predicted[name], *realised[name], world, rng) for name in predicted]


def understood(home: Household, said: Sequence[SimulatedUtterance]) -> list[dict[str, Any]]:
    """Claims from the vendor's transcripts, by the language room and the profile as shipped.

    The same as investigating the bundle on disk with the engine ``vendor``, without the files.
    """
    sources = [
        Source(
            kind="vendor",
            text=one.heard,
            group=home.name,
            utterance_id=_id(number),
            engine="vendor",
        )
        for number, one in enumerate(said)
    ]
    found = read_household(sources, home.name)
    return claim_rows(_evidence(home, said, [one.heard for one in said], found["mentions"], found["intents"]))


def as_said(home: Household, said: Sequence[SimulatedUtterance]) -> list[dict[str, Any]]:
    """Claims of somebody who hears every word: the same reasoning on what was really said."""
    return claim_rows(evidence_as_said(home, said))


def evidence_as_said(home: Household, said: Sequence[SimulatedUtterance]) -> Evidence:
    """What somebody knows who hears every word."""
    mentions, intents = [], []
    for number, one in enumerate(said):
        intents.append(
            {"utterance_id": _id(number), "domain": one.domain, "intent": "", "slots": [],
             "accidental_score": 0.9 if one.accidental else 0.0}
        )  # fmt: skip
        for start, end, label, value in one.entities:
            mentions.append(
                {"mention_id": f"m{number:05d}-{start}", "source_kind": "audio", "utterance_id": _id(number),
                 "start": start, "end": end, "label": label, "surface": one.text[start:end],
                 "normalised": value, "alternatives": [], "asr_confidence": 1.0, "ner_confidence": 1.0,
                 "places": _place(home, value) if label == "PLACE" else [],
                 "entity": "name", "kind": None, "clock_min": _clock(label, value)}
            )  # fmt: skip
    return _evidence(home, said, [one.text for one in said], mentions, intents)


def _clock(label: str, value: str) -> int | None:
    found = re.search(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b", value) if label in ("TIME", "DATE") else None
    return int(found[1]) * 60 + int(found[2]) if found else None


def _place(home: Household, key: str) -> list[dict[str, Any]]:
    return [{"place_id": home.place_id(key), "probability": 1.0}]


def is_true(claim: Learned, home: Household) -> bool:
    """Whether a claim holds of the household, in the sense in which an attacker matches it."""
    value = claim.value
    if claim.attribute in ("home_place", "work_place"):
        return claim.place_id == home.place_id(home.home if claim.attribute == "home_place" else home.work)
    if claim.attribute in ("first_name", "child") and claim.role != "subject":
        members = (home.first, home.companion or "", *home.children)
        return any(sounds_alike(value, member) for member in members if member)
    if claim.attribute == "first_name":
        return sounds_alike(value, home.first)
    if claim.attribute == "surname":
        return sounds_alike(value, home.last)
    if claim.attribute == "contact":
        return any(_same_person(value, f"{c.first} {c.last}") for c in home.contacts)
    return False


def _same_person(heard: str, full: str) -> bool:
    one, other = split_name(heard), split_name(full)
    if one is None or other is None:
        return False
    pairs = [(one.first, other.first), (one.last, other.last)]
    return all(mine is None or (theirs is not None and sounds_alike(mine, theirs)) for mine, theirs in pairs)


def attackers(
    rows: list[dict[str, Any]], kinds: Sequence[str], recordings: int, options: Options
) -> list[Worlds]:
    """The worlds of the stranger, as each kind of attacker sees them.

    Parameters
    ----------
    rows : list of dict
        Claims.
    kinds : sequence of {'machine', 'listener'}
        In the order of the answer.
    recordings : int
        How many a listener can go through.
    options : Options
        Population, seed and draws.
    """
    people = choose_population(rows, options.population)
    learned = learn(rows, people)
    extent = Extent(recordings, recordings)
    return [worlds_of(STRANGER, attacker, learned, extent, people, options) for attacker in kinds]


def _trial(
    home: Attacked,
    attacker: str,
    predicted: Attack,
    worlds: Worlds,
    realised: Attack,
    world: World,
    rng: np.random.Generator,
) -> Trial:
    claims = {c.claim_id: (i, c) for i, c in enumerate(worlds.columns)}
    used = [claims[claim_id] for claim_id in realised.used]
    right = all(home.holds(claim) for _, claim in used)
    others = int(rng.binomial(realised.n - 1, _true_q(worlds, [i for i, _ in used], world, rng)))
    listed = _between(rng, world.listed)
    low, middle, high = interval(predicted.success, mean=True)
    k_low, _, k_high = interval(predicted.k)
    return Trial(
        household=home.name,
        attacker=attacker,
        predicted=middle,
        low=low,
        high=high,
        success=bool(rng.random() < right * listed / (1 + others)),
        right=right,
        k=1.0 + others,
        k_low=k_low,
        k_high=k_high,
        pit=randomised_pit(predicted.k, 1.0 + others, float(rng.random())),
        recordings=home.recordings,
        surname_spoken=home.surname_spoken,
        informed=float(realised.success.mean()),
    )


def _true_q(worlds: Worlds, used: Sequence[int], world: World, rng: np.random.Generator) -> float:
    """The rate at which others match in the simulated population: as modelled, or distorted."""
    if not used:
        return 1.0
    drawn = int(rng.integers(0, worlds.draws))
    if world.name == "obeying":
        return float(worlds.q(used)[drawn])
    columns = [worlds.columns[i] for i in used]
    rates = worlds.rates[drawn, list(used)]
    rates = np.minimum(rates * np.exp(world.bias + world.distortion * rng.standard_normal(len(used))), 1.0)
    if any(c.attribute == "home_place" for c in columns):
        theta = np.array([_between(rng, world.theta)])
        for i, claim in enumerate(columns):
            if claim.attribute == "surname":
                rates[i] = matched_share(rng, np.minimum(rates[i : i + 1], 0.999), theta)[0]
    return float(np.clip(rates.prod() ** world.dependence, 0.0, 1.0))


def _between(rng: np.random.Generator, ends: tuple[float, float]) -> float:
    """Log-uniform between two ends."""
    return float(np.exp(rng.uniform(np.log(ends[0]), np.log(ends[1]))))


def _evidence(
    home: Household,
    said: Sequence[SimulatedUtterance],
    texts: Sequence[str],
    mentions: list[dict[str, Any]],
    intents: list[dict[str, Any]],
) -> Evidence:
    utterances = [
        {"utterance_id": _id(n), "recording_id": _id(n), "started_at": one.at, "utc_offset_min": None,
         "device_id": one.device, "vendor_text": text, "speaker_label": None, "match_score": None}
        for n, (one, text) in enumerate(zip(said, texts, strict=True))
    ]  # fmt: skip
    devices = [
        {"device_id": serial, "name": None, "device_type": None, "serial": serial, "room": None,
         "owner": "unknown"}
        for serial in sorted({one.device for one in said})
    ]  # fmt: skip
    return gather(
        home.name, "devices", utterances=utterances, mentions=mentions, intents=intents, devices=devices
    )


def _id(number: int) -> str:
    return f"utt-{number:05d}"
