"""Names in an account's own data: whose they are, by the field that holds them.

Only what the account says of itself is read so. What the vendor wrote down of somebody speaking is an
utterance, and people named in it are judged by what is said of them; where both name somebody, each counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from forensics.case.schemas import ROLES
from forensics.knowledge.names import SpokenName, fold, split_name
from forensics.knowledge.whose import whose
from forensics.profile.hints import ACCOUNT_ROLES, ANYBODY, AccountField
from forensics.profile.records import Evidence, Heard

_OFTEN = 3
"""Records from which the commonest name is more surely the holder's (assumption)."""
_LEAST = 0.002
"""Probability of a role that a field does not give (assumption)."""
_BY_ROLE = {
    "subject": AccountField.HOLDER, "companion": AccountField.PARTNER, "child": AccountField.CHILD,
    "relative": AccountField.RELATIVE, "contact": AccountField.CONTACT,
}  # fmt: skip
_BY_MEANING = {
    "device": AccountField.DEVICE, "room": AccountField.ROOM, "speaker": AccountField.SPEAKER,
    "customer": AccountField.HOLDER,
}  # fmt: skip
_BY_HEADER = (
    ("child", AccountField.CHILD), ("recipient", AccountField.RECIPIENT), ("contact", AccountField.CONTACT),
    ("speaker", AccountField.SPEAKER), ("holder", AccountField.HOLDER),
)  # fmt: skip
_NEUTRAL = frozenset((AccountField.OTHER, AccountField.HOLDER))


def account_field(heard: Heard) -> AccountField:
    """Whose name a field holds: by its record, by its meaning, by its header."""
    said = whose(heard.field or "")
    if heard.person_role in _BY_ROLE:
        field = _BY_ROLE[heard.person_role]
        sent = field is AccountField.CONTACT and ("recipient" in said or heard.meaning == "address")
        return AccountField.RECIPIENT if sent else field
    if heard.meaning in _BY_MEANING:
        return _BY_MEANING[heard.meaning]
    if heard.meaning == "address":  # the name above a street
        own = "holder" in said or heard.place_role == "home"
        return AccountField.HOLDER if own else AccountField.RECIPIENT
    return next((field for kind, field in _BY_HEADER if kind in said), AccountField.OTHER)


def account_roles(
    heard: Sequence[Heard], evidence: Evidence
) -> tuple[dict[str, float], tuple[tuple[StrEnum, int], ...]]:
    """Role of somebody by the fields of the account's own data that hold the name.

    Each kind of field counts once, by how much it changes what is known of anybody
    (:data:`forensics.profile.hints.ANYBODY`).

    Parameters
    ----------
    heard : sequence of Heard
        All fields that hold the name.
    evidence : Evidence

    Returns
    -------
    roles : dict
    hints : tuple of (AccountField, int)
        The fields met, with their counts.
    """
    in_files = [h for h in evidence.of("PERSON") if h.utterance is None]
    every = [(h, account_field(h)) for h in in_files]
    fields = Counter(account_field(h) for h in heard)
    if not set(fields) - _NEUTRAL and AccountField.HOLDER not in fields:
        counts = Counter(fold(h.value) for h, field in every if field in _NEUTRAL)
        mine = max((counts[fold(h.value)] for h in heard), default=0)
        if mine and [n for n in counts.values() if n >= mine] == [mine]:
            fields = Counter({AccountField.HOLDER if mine >= _OFTEN else AccountField.MOST_OFTEN: mine})
    if AccountField.SPEAKER in fields and any(
        h.meaning == "speaker" and field is AccountField.CHILD for h, field in every
    ):
        fields[AccountField.ADULT] = fields.pop(
            AccountField.SPEAKER
        )  # where children are marked, others are none
    if fields[AccountField.CHILD]:
        del fields[AccountField.ADULT], fields[AccountField.SPEAKER]  # the same profile, where its age stands
    roles = dict(ANYBODY)
    for field in fields:
        given = ACCOUNT_ROLES[field]
        roles = {role: p * max(given.get(role, 0.0), _LEAST) / ANYBODY[role] for role, p in roles.items()}
    total = sum(roles.values())
    return {role: roles[role] / total for role in ROLES}, tuple(sorted(fields.items()))


def both_roles(said: Mapping[str, float], account: Mapping[str, float]) -> dict[str, float]:
    """Roles of somebody whom utterances and the account's own data name.

    Parameters
    ----------
    said, account : mapping
        Roles by either alone.
    """
    weights = {role: max(p, 1e-4) * account[role] / ANYBODY[role] for role, p in said.items()}
    total = sum(weights.values())
    return {role: weight / total for role, weight in weights.items()}


def written_name(heard: Sequence[Heard], spoken: SpokenName) -> SpokenName:
    """A name as the account spells it, where it does; what is only heard stays as heard.

    Parameters
    ----------
    heard : sequence of Heard
        Fields of the account's data that hold the name.
    spoken : SpokenName
        The likeliest form of all.
    """
    order = list(AccountField)
    names = [
        name
        for one in sorted(heard, key=lambda h: (order.index(account_field(h)), -h.p, h.value))
        if (name := split_name(one.value)) is not None
    ]
    first = next((name.first for name in names if name.first), spoken.first)
    last = next((name.last for name in names if name.last), spoken.last)
    return SpokenName(first, last)
