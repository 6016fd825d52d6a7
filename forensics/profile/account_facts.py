"""What the account's own data says outright: the family's name, home, place of work, whose an address is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from forensics.knowledge.names import fold, split_name
from forensics.profile.account import account_field
from forensics.profile.claim import Claim, Reading, readings
from forensics.profile.from_account import FAMILY
from forensics.profile.hints import AccountField, PlaceHint
from forensics.profile.records import Evidence, Heard
from forensics.profile.wording import Phrase, counted, say

if TYPE_CHECKING:
    from forensics.profile.people import Person

P_FAMILY_IS_SUBJECTS = 0.88
P_FAMILY_WITH_ANOTHER = 0.4
"""Probability that the family whose name a device bears is the holder's, and that it is if the holder's own
surname is known to be another (assumptions)."""
ODDS: Mapping[PlaceHint, tuple[float, float]] = {
    PlaceHint.STATED_HOME: (30.0, 0.1),
    PlaceHint.STATED_WORK: (0.1, 30.0),
    PlaceHint.OWN_ADDRESS: (6.0, 0.5),
    PlaceHint.OTHERS_ADDRESS: (0.15, 0.2),
}
"""Factors of the odds of home and place of work by what the account says of a place: assumptions."""
OWN: Mapping[PlaceHint, float] = {
    PlaceHint.STATED_HOME: 0.98,
    PlaceHint.STATED_WORK: 0.9,
    PlaceHint.OWN_ADDRESS: 0.92,
    PlaceHint.OTHERS_ADDRESS: 0.08,
}
"""Probability that an address is the subject's own (assumptions)."""
OWN_BY_ROLE = {"subject": 0.98, "companion": 0.3, "child": 0.3, "relative": 0.05, "contact": 0.03}
"""The same of a number or an e-mail address whose record says whose it is."""
OWN_BY_MEANING = {"said": 0.35, "answered": 0.1}
"""The same of what stands in the text of a history: said by somebody, or answered by the assistant."""


def family_claims(evidence: Evidence, people: Sequence[Person]) -> list[Claim]:
    """The household's surname, where the name of a device, a room or a network gives it.

    Parameters
    ----------
    evidence : Evidence
        All of the group.
    people : sequence of Person
        Everybody named, for the holder's surname.
    """
    known = {
        fold(person.name.last)
        for person in people
        if person.name.last and person.stated and person.role == "subject"
    }
    claims = []
    for reading in readings(evidence.of(FAMILY)):
        another = bool(known) and fold(reading.value) not in known
        labels = counted(len(reading.heard), "name")
        claims.append(
            Claim(
                "surname",
                "subject",
                reading.value,
                reading.p,
                say(Phrase.FAMILY_IN_LABELS, value=reading.value, labels=labels),
                p_role=P_FAMILY_WITH_ANOTHER if another else P_FAMILY_IS_SUBJECTS,
                alternatives=reading.alternatives,
            ).supported_by(reading.heard)
        )
    return claims


def weigh_stated(home: list[float], work: list[float], stated: Sequence[Mapping[PlaceHint, int]]) -> None:
    """Multiply the odds of each place by what the account says of it (:data:`ODDS`).

    What is stated counts even where little or much was said against it: odds below 1 are first taken for 1.

    Parameters
    ----------
    home, work : list of float
        Odds of each place; changed.
    stated : sequence of mapping
        Hints of each.
    """
    for masses, which in ((home, 0), (work, 1)):
        for i, hints in enumerate(stated):
            for hint in hints:
                factor = ODDS[hint][which]
                masses[i] = factor * (max(masses[i], 1.0) if factor > 1 else masses[i])


class Stated:
    """Whose places, addresses and numbers are, as the account's own records say.

    Parameters
    ----------
    evidence : Evidence
        All of the group: the names beside an address tell whose it is.
    """

    def __init__(self, evidence: Evidence) -> None:
        people = [h for h in evidence.of("PERSON") if h.utterance is None]
        self._of_record: dict[str, list[Heard]] = defaultdict(list)
        for one in people:
            if one.record is not None:
                self._of_record[one.record].append(one)
        holders = [h.value for h in people if account_field(h) is AccountField.HOLDER]
        surnames = {fold(name.last) for value in holders if (name := split_name(value)) and name.last}
        self._holders = {fold(v) for v in holders} | surnames | {f"familie{last}" for last in surnames}

    def hint(self, one: Heard) -> PlaceHint | None:
        """What the account says of a place or an address; None where it says nothing.

        An address without a role is the holder's own if its record names the holder or nobody.
        """
        if one.utterance is not None or "account" not in one.sources:
            return None
        if one.place_role in ("home", "work"):
            return PlaceHint.STATED_HOME if one.place_role == "home" else PlaceHint.STATED_WORK
        if one.meaning != "address":
            return None
        named = self._of_record.get(one.record or "", ())
        if not named or any(fold(h.value) in self._holders for h in named):
            return PlaceHint.OWN_ADDRESS
        outside = (AccountField.RECIPIENT, AccountField.CONTACT, AccountField.RELATIVE)
        others = self._holders and any(account_field(h) in outside for h in named)
        return PlaceHint.OTHERS_ADDRESS if others else PlaceHint.OWN_ADDRESS

    def hints(self, reading: Reading) -> dict[PlaceHint, int]:
        """What the account says of a place, with how many records say it."""
        counts: dict[PlaceHint, int] = {}
        for one in reading.heard:
            if (hint := self.hint(one)) is not None:
                counts[hint] = counts.get(hint, 0) + 1
        return dict(sorted(counts.items()))

    def own(self, reading: Reading) -> float | None:
        """Probability that a number or an address is the subject's own; None where no record tells.

        The surest record speaks.
        """
        found = []
        for one in reading.heard:
            if one.utterance is not None or "account" not in one.sources:
                continue
            if one.label == "ADDRESS" and (hint := self.hint(one)) is not None:
                found.append(OWN[hint])
            elif one.person_role in OWN_BY_ROLE:
                found.append(OWN_BY_ROLE[one.person_role])
            elif one.meaning in OWN_BY_MEANING:
                found.append(OWN_BY_MEANING[one.meaning])
        return max(found, key=lambda p: abs(p - 0.5), default=None)
