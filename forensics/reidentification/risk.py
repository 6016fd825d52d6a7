"""Exposure and risk of one data subject, for each adversary and scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from forensics.case.ids import make_id
from forensics.case.options import Options
from forensics.reidentification.adversaries import ADVERSARIES, Adversary
from forensics.reidentification.anonymity import Array, bits
from forensics.reidentification.decomposition import decompose
from forensics.reidentification.draws import interval, stream
from forensics.reidentification.learned import Learned, learn, places_of
from forensics.reidentification.missed import Missed
from forensics.reidentification.name_rates import read_own
from forensics.reidentification.population import OWNERS, WORLD, Population, likely_country, population
from forensics.reidentification.rates import assumption
from forensics.reidentification.worlds import Worlds

SENSITIVITIES = 8
"""How many inputs the tornado plot and the table of shares show."""
NOT_HOME = 0.1
"""Assumption: how much less a place of work or another place tells of the country than the home does."""
DEPENDENCE = (
    "between independent claims and the Fréchet bound of each group, by the assumption 'dependence'; surname "
    "within place by Balding and Nichols; repeated evidence counted once; k_frechet is the bound itself"
)


@dataclass(frozen=True)
class Extent:
    """How much of one data subject there is to go through.

    Parameters
    ----------
    utterances : int
        With sound or without.
    recordings : int
        Those with sound.
    unread : float
        Share of their speech for which we have no words, in [0, 1].
    """

    utterances: int
    recordings: int
    unread: float = 0.0

    @classmethod
    def of(
        cls,
        utterances: Sequence[Mapping[str, Any]],
        audio: Iterable[Mapping[str, Any]] = (),
        transcripts: Iterable[Mapping[str, Any]] = (),
    ) -> Extent:
        """Counted from rows of ``utterances``, ``audio`` and ``transcripts`` of one group."""
        spoken = sum(float(row["speech_s"] or 0.0) for row in audio)
        unread = sum(
            float(span["end_s"]) - float(span["start_s"])
            for row in transcripts
            for span in row["unread"] or ()
        )
        sounds = sum(u["recording_id"] is not None for u in utterances)
        return cls(len(utterances), sounds, round(min(unread / spoken, 1.0), 4) if spoken else 0.0)

    @property
    def missing(self) -> float:
        """Share of everything that was said, written lines included, for which we have no words."""
        return self.unread * self.recordings / self.utterances if self.utterances else 0.0


def measure(
    group: str, rows: Sequence[Mapping[str, Any]], extent: Extent, *, options: Options
) -> dict[str, list[dict[str, Any]]]:
    """Rows of ``exposure`` and ``risk`` of one data subject.

    Parameters
    ----------
    rows : sequence of mapping
        The group's claims.
    extent : Extent
        What a listener can hear, or read, in the scopes ``audio`` and ``bundle``.
    options : Options
        ``population``, ``names``, ``seed`` and ``draws`` count.
    """
    people = choose_population(rows, options.population)
    if options.names:
        people = replace(people, own_names=read_own(options.names))
    learned = learn(rows, people)
    exposure = [_exposure_row(group, one, options) for one in learned]
    risk = []
    for adversary in ADVERSARIES:
        for scope in ("audio", "bundle"):
            visible = [c for c in learned if scope == "bundle" or "audio" in c.sources]
            for attacker in ("machine", "listener"):
                heard = replace(extent, utterances=extent.recordings) if scope == "audio" else extent
                worlds = worlds_of(adversary, attacker, visible, heard, people, options)
                risk.append(_risk_row(group, adversary, scope, worlds, people, options))
    return {"exposure": exposure, "risk": risk}


def choose_population(rows: Sequence[Mapping[str, Any]], chosen: str) -> Population:
    """The people who could be the subject: as chosen, or of the country of the most probable home.

    Parameters
    ----------
    rows : sequence of mapping
        Claims.
    chosen : str
        A country's code, or ``auto``; with ``/smart-speaker`` behind it only households that own one.
    """
    if chosen.endswith(OWNERS):
        return choose_population(rows, chosen.removesuffix(OWNERS)).among_owners()
    if chosen != "auto":
        return population(chosen.upper(), "the country that was chosen")
    places = []
    for row in rows:
        if row["attribute"] in ("home_place", "work_place", "other_place"):
            weight = row["p_role"] if row["attribute"] == "home_place" else NOT_HOME * row["p_role"]
            places += [(place_id, p * weight) for place_id, p in places_of(row).items()]
    spoken = [r for r in rows if r["attribute"] == "language" and r["kind"] is not None]
    spoken.sort(key=lambda r: (-r["n_support"], r["kind"]))
    country, why = likely_country(places, [r["kind"] for r in spoken])
    return population(country, why)


def worlds_of(
    adversary: Adversary,
    attacker: str,
    visible: Sequence[Learned],
    extent: Extent,
    people: Population,
    options: Options,
) -> Worlds:
    """The worlds of one adversary, for attacks on parts of the evidence as well.

    Who knows the household recognises it by its voices, so only where there is sound.
    """
    matched = [c for c in visible if c.attribute in adversary.attributes]
    return Worlds(
        matched,
        adversary.population(people),
        attacker,
        options.seed,
        options.draws,
        missed=Missed.given(matched, extent.utterances, people, extent.missing)
        if attacker == "listener"
        else None,
        listed=assumption(adversary.listed),
        recognises=adversary.name == "acquaintance" and extent.recordings > 0,
    )


def _exposure_row(group: str, one: Learned, options: Options) -> dict[str, Any]:
    drawn = _of_any_place(
        one, one.rate.draw(stream(options.seed, one.claim_id, "rate"), options.draws), options
    )
    rate, told = interval(drawn), interval(np.asarray(bits(drawn)))
    return {
        "claim_id": one.claim_id,
        **_ends("base_rate", rate),
        "unit": one.rate.unit,
        "basis": one.rate.basis,
        "rate_key": one.rate.key,
        "source": one.rate.source,
        **_ends("bits", told),
        "data_subject_group": group,
    }


def _of_any_place(one: Learned, drawn: Array, options: Options) -> Array:
    """Draws of a claim's base rate; of a name that several places bear, by how probable each is."""
    if one.place_id is None:
        return drawn
    total = one.p_value + sum(one.alternatives.values())
    level = total * stream(options.seed, one.claim_id, "place").uniform(size=options.draws)
    edge = one.p_value
    for place_id, p in sorted(one.alternatives.items()):
        rate = one.rivals[place_id].draw(stream(options.seed, one.claim_id, "rate", place_id), options.draws)
        drawn = np.where((level >= edge) & (level < edge + p), rate, drawn)
        edge += p
    return drawn


def _risk_row(
    group: str,
    adversary: Adversary,
    scope: str,
    worlds: Worlds,
    people: Population,
    options: Options,
) -> dict[str, Any]:
    among = adversary.population(people)
    attack, attacker = worlds.attack(), worlds.attacker
    variance = decompose(worlds, attack.used)
    return {
        "risk_id": make_id("rsk", group, adversary.name, attacker, scope),
        "adversary": adversary.name,
        "attacker": attacker,
        "scope": scope,
        "country": None if people.country == WORLD else people.country,
        "population": among.definition,
        "population_kind": among.kind,
        "population_n": attack.n,
        "unit": attack.unit,
        **_ends("k", interval(attack.k)),
        **_ends("bits", interval(np.asarray(bits(attack.q)))),
        **_ends("p_identify", interval(attack.success, mean=True)),
        **_ends("p_unique", interval(attack.unique, mean=True)),
        "assumption_share": variance.assumed_p,
        "assumption_share_k": variance.assumed_k,
        "dependence": DEPENDENCE,
        "seed": options.seed,
        "draws": options.draws,
        "claims": list(attack.used),
        "k_frechet": attack.k_frechet,
        "p_listed": assumption(adversary.listed).p,
        "p_prosecutor": min(1.0, attack.prosecutor),
        "sensitivity": [
            {
                "input": s.input.name,
                "attribute": s.input.of and s.input.of.attribute,
                "subject_role": s.input.of and s.input.of.role,
                "basis": s.input.basis,
                "p_low": s.low,
                "p_high": s.high,
                "p_first": s.p_first,
                "p_total": s.p_total,
                "k_first": s.k_first,
                "k_total": s.k_total,
            }
            for s in variance.shares[:SENSITIVITIES]
        ],
        "data_subject_group": group,
    }


def _ends(name: str, values: tuple[float, float, float]) -> dict[str, float]:
    return {f"{name}_{end}": value for end, value in zip(("lo", "mid", "hi"), values, strict=True)}
