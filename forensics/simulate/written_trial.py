"""A written household under attack: what the vendor understood goes through language and profile as shipped.

The machine attacks with what was understood; the listener's attack is the one with all claims that the script
calls certain or likely. Other people are as the ``obeying`` world has them, for the names of the household
were drawn from the tables that the model counts with: what is tested is whether claims, roles and what was
missed are judged rightly where people talk as they do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from forensics.case.options import Options
from forensics.knowledge.gazetteer import Place, near
from forensics.knowledge.names import fold, sounds_alike, split_name
from forensics.language.stage import Source, read_household
from forensics.profile.claim import Claim
from forensics.profile.gathering import gather
from forensics.profile.records import Evidence
from forensics.profile.stage import profile
from forensics.profile.weights import Fitted
from forensics.reidentification.learned import Learned
from forensics.simulate.moving import town_of
from forensics.simulate.scripts import Script
from forensics.simulate.trial import Attacked, Trial, attacks
from forensics.simulate.world import OBEYING, World

BELIEVED = frozenset({"certain", "likely"})
"""How sure the script must be of a claim for the listener to know it."""
DISTRICT_KM = 20.0
"""Assumption: a district is not farther from the middle of its town."""
HOUSE = frozenset({"subject", "companion", "child"})
_NAMED = ("first_name", "child")


def evidence_of(script: Script) -> Evidence:
    """What the language room reads in the vendor's texts, as the profile gets it.

    The same as investigating the bundle on disk with the engine ``vendor``, without the files.
    """
    group = script.name
    devices = {name: f"dev-{n}" for n, name in enumerate(dict.fromkeys(line.device for line in script.lines))}
    utterances = [
        {"utterance_id": f"utt-{n:05d}", "recording_id": f"utt-{n:05d}", "started_at": line.at,
         "utc_offset_min": 0, "device_id": devices[line.device], "vendor_text": line.heard,
         "speaker_label": None, "match_score": None}
        for n, line in enumerate(script.lines)
    ]  # fmt: skip
    sources = [
        Source(
            kind="vendor",
            text=line.heard,
            group=group,
            utterance_id=f"utt-{n:05d}",
            engine="vendor",
            said_at=line.at.replace(tzinfo=None).isoformat(),
        )
        for n, line in enumerate(script.lines)
        if line.heard
    ]
    found = read_household(sources, group)
    rows = [
        {"device_id": serial, "name": name, "device_type": None, "serial": None, "room": None,
         "owner": "account"}
        for name, serial in devices.items()
    ]  # fmt: skip
    return gather(
        group,
        "devices",
        utterances=utterances,
        mentions=found["mentions"],
        intents=found["intents"],
        devices=rows,
    )


def run_written_trial(
    script: Script,
    number: int,
    options: Options,
    *,
    fitted: Fitted | None = None,
    evidence: Evidence | None = None,
    world: World = OBEYING,
) -> list[Trial]:
    """The machine's and the listener's attack on one household.

    Parameters
    ----------
    script : Script
        With other people.
    number : int
        Draws the worlds, and what was left to chance.
    options : Options
        Population and draws.
    fitted : Fitted, optional
        The profile's weights, without the script's author.
    evidence : Evidence, optional
        Of :func:`evidence_of`, where it was read before.
    world : World
        Everybody else.
    """
    claims = profile(evidence or evidence_of(script), fitted)["claims"]
    home = attacked(script)
    rng = np.random.default_rng([options.seed, number, 8, *script.name.encode()])
    return attacks(home, claims, true_rows(script), world, replace(options, seed=number), rng)


def attacked(script: Script) -> Attacked:
    """The household, and what is true of it."""
    return Attacked(script.name, len(script.lines), script.says_surname, Truth(script).holds)


def true_rows(script: Script) -> list[dict[str, Any]]:
    """Claims of who hears every word: what the script calls certain or likely, and nothing else."""
    return [claim.row(script.name) for claim in Truth(script).claims()]


class Truth:
    """What is true of a written household, as attackers match it.

    Parameters
    ----------
    script : Script
        With other people.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        subject = next((p for p in script.people if p.get("role") == "subject"), {})
        self._surnames = {str(n) for n in (subject.get("surname"), script.profile.get("surname")) if n}
        self._subject = self._names({"subject"})
        self._house = self._names(HOUSE)
        self._places = {attribute: [*self._towns(attribute)] for attribute in ("home_place", "work_place")}

    def claims(self) -> Iterator[Claim]:
        """The claims that are certain or likely, and that somebody could match."""
        for attribute, towns in self._places.items():
            if towns:  # of a town and its district the smaller tells more
                town = min(towns, key=lambda place: place.population or 1e9)
                yield _claim(attribute, "subject", town.name, places={town.geonameid: 1.0})
        for number, told in enumerate(self._told()):
            attribute, role = str(told["attribute"]), str(told["subject_role"])
            value = re.split(r"[(,]", str(told["value"]))[0].strip()
            if attribute in _NAMED and role in HOUSE:
                name = split_name(value)
                if name is not None and name.first:
                    yield _claim(attribute, role, name.first, person_id=f"{role}-{name.first}")
            elif attribute == "surname" and any(sounds_alike(value, last) for last in self._surnames):
                yield _claim(attribute, role, value, person_id="subject", p_shared=1.0)
            elif attribute == "contact" and split_name(value) is not None:
                yield _claim(attribute, "contact", value, person_id=f"contact-{number}")
            elif role == "subject" and (
                attribute in ("phone", "email") or (attribute == "employer" and value[:1].isupper())
            ):
                yield _claim(attribute, role, value)

    def holds(self, claim: Learned) -> bool:
        """Whether a claim is true, in the sense in which an attacker matches it."""
        attribute, value = claim.attribute, claim.value
        if attribute in self._places:
            return self._is_place(claim)
        if attribute in _NAMED:
            names = self._subject if claim.role == "subject" else self._house
            name = split_name(value)
            called = value if name is None or name.first is None else name.first
            return any(sounds_alike(called, one) for one in names)
        if attribute == "surname":
            return any(sounds_alike(value, last) for last in self._surnames)
        if attribute == "contact":
            return self._is_somebody(value)
        told = [t for t in self._script.truth if t["attribute"] == attribute]
        if attribute == "phone":
            digits = re.sub(r"\D", "", value)
            return bool(digits) and any(re.sub(r"\D", "", str(t["value"])).endswith(digits) for t in told)
        words = fold(value)
        own = (fold(str(t["value"])) for t in told if t["subject_role"] == claim.role)
        return bool(words) and any(words in one or one in words for one in own)

    def _told(self) -> Iterator[Mapping[str, Any]]:
        for told in self._script.truth:
            if told.get("sure") in BELIEVED:
                yield told

    def _names(self, roles: frozenset[str] | set[str]) -> set[str]:
        """First names and short forms of the people in these roles."""
        names = {
            str(p["first_name"]) for p in self._script.people if p.get("first_name") and p["role"] in roles
        }
        values = (
            str(t["value"])
            for t in self._script.truth
            if t["attribute"] in _NAMED and t["subject_role"] in roles
        )
        names |= {word for value in values for word in re.findall(r"[^\W\d_]+", value) if word[0].isupper()}
        if "subject" in roles:
            names |= {str(n) for n in self._script.profile.get("nicknames") or ()}
        return names | {name.split()[0] for name in names}

    def _towns(self, attribute: str) -> Iterator[Place]:
        values = [
            str(t["value"])
            for t in self._script.truth
            if t["attribute"] == attribute
            and t["subject_role"] == "subject"
            and (t.get("sure") in BELIEVED or attribute == "home_place")
        ]
        if attribute == "home_place" and values:
            values.append(str(self._script.home.get("place") or ""))
            values.append(str(self._script.home.get("district") or ""))
        found: dict[int, Place] = {}
        for value in values:
            for form in (value, *re.split(r"[-(),]| bei | in ", value)):
                place = town_of(form.strip(), self._script)
                if place is not None and (attribute != "home_place" or self._at_home(place)):
                    found[place.geonameid] = place
        yield from found.values()

    def _at_home(self, place: Place) -> bool:
        """Whether a place is in or near the home town, not a namesake elsewhere."""
        home = town_of(str(self._script.home.get("place") or ""), self._script)
        km = None if home is None else near(home, place)
        return km is None or km <= DISTRICT_KM

    def _is_place(self, claim: Learned) -> bool:
        towns = self._places[claim.attribute]
        if towns:
            return claim.place_id in {town.geonameid for town in towns}
        told = (t for t in self._script.truth if t["attribute"] == claim.attribute)
        return any(fold(claim.value) and fold(claim.value) in fold(str(t["value"])) for t in told)

    def _is_somebody(self, value: str) -> bool:
        """Whether anybody but the subject is called so."""
        heard = split_name(value)
        if heard is None:
            return False
        others = [
            (p.get("first_name"), p.get("surname")) for p in self._script.people if p.get("role") != "subject"
        ]
        for told in self._script.truth:
            if told["attribute"] in ("contact", "relation", "first_name", "child"):
                for form in re.split(r"[:(,]", str(told["value"])):
                    if (name := split_name(form.strip())) is not None and form.strip()[:1].isupper():
                        others.append((name.first, name.last))
        return any(
            (heard.first is None or (first and _alike(heard.first, first)))
            and (heard.last is None or (last and _alike(heard.last, last)))
            for first, last in others
        )


def _alike(heard: str, name: str) -> bool:
    """Names by ear, each word of the longer one alone too ("Granny Pam")."""
    return sounds_alike(heard, name) or any(sounds_alike(h, n) for h in heard.split() for n in name.split())


def _claim(attribute: str, role: str, value: str, **more: Any) -> Claim:
    return Claim(attribute, role, value, 1.0, "", sources={"audio"}, n_support=1, **more)
