"""Names in an account's own data: whose they are, by the field that holds them.

Only what the account says of itself is read so. What the vendor wrote down of somebody speaking is an
utterance, and people named in it are judged by what is said of them; where both name somebody, each counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from forensics.case.kinds import ROLES
from forensics.knowledge.names import SpokenName, first_name_strength, fold, split_name
from forensics.knowledge.whose import whose
from forensics.profile.hints import ACCOUNT_ROLES, ANYBODY, AccountField
from forensics.profile.records import Evidence, Heard

_OFTEN = 3
"""Records from which the commonest name is more surely the holder's (assumption)."""
_LISTED = 0.2
"""Strength from which a word is surely a first name (assumption)."""
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
    ("household", AccountField.MEMBER), ("speaker", AccountField.SPEAKER), ("holder", AccountField.HOLDER),
    ("public", AccountField.PUBLIC),
)  # fmt: skip
_STATED = frozenset(
    (AccountField.HOLDER, AccountField.PARTNER, AccountField.CHILD, AccountField.RELATIVE, AccountField.ADULT)
)
WEIGHT_BESIDE_STATED = 0.5
"""Power of the odds of what is said of somebody whose role a record states (assumption)."""
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
    field = next((field for kind, field in _BY_HEADER if kind in said), AccountField.OTHER)
    named = said or any(first_name_strength(w) >= _LISTED for w in heard.value.split()[:2])
    return field if named or field is not AccountField.OTHER else AccountField.UNLISTED


class AccountRoles:
    """Roles of people by the fields of the account's own data that hold their names.

    Parameters
    ----------
    evidence : Evidence
        All of the group: what other names stand there tells how to read a field.
    """

    def __init__(self, evidence: Evidence) -> None:
        every = [(h, account_field(h)) for h in evidence.of("PERSON") if h.utterance is None]
        counts = Counter(fold(h.value) for h, field in every if field in _NEUTRAL)
        most = max(counts.values(), default=0)
        first = [name for name, n in counts.items() if n == most]
        self._most_often = (first[0], most) if len(first) == 1 else (None, 0)
        self._children = {(h.meaning, h.field) for h, field in every if field is AccountField.CHILD}

    def of(self, heard: Sequence[Heard]) -> tuple[dict[str, float], tuple[tuple[StrEnum, int], ...]]:
        """The roles of one person.

        Each kind of field counts once, by how much it changes what is known of anybody
        (:data:`forensics.profile.hints.ANYBODY`).

        Parameters
        ----------
        heard : sequence of Heard
            All fields that hold the name.

        Returns
        -------
        roles : dict
        hints : tuple of (AccountField, int)
            The fields met, with their counts.
        """
        fields = self._fields(heard)
        roles = dict(ANYBODY)
        for field in fields:
            given = ACCOUNT_ROLES[field]
            roles = {role: p * max(given.get(role, 0.0), _LEAST) / ANYBODY[role] for role, p in roles.items()}
        total = sum(roles.values())
        return {role: roles[role] / total for role in ROLES}, tuple(sorted(fields.items()))

    def _fields(self, heard: Sequence[Heard]) -> Counter[AccountField]:
        fields = Counter(self._field(h) for h in heard)
        name, n = self._most_often
        if set(fields) == {AccountField.OTHER} and any(fold(h.value) == name for h in heard):
            return Counter({AccountField.HOLDER if n >= _OFTEN else AccountField.MOST_OFTEN: n})
        if AccountField.CHILD in fields:
            for same in (AccountField.ADULT, AccountField.SPEAKER):  # the same profile, without its age
                fields.pop(same, None)
        return fields

    def _field(self, one: Heard) -> AccountField:
        """Whose name a field holds; where children are marked, the others of the list are none."""
        field = account_field(one)
        unmarked = field in (
            AccountField.SPEAKER,
            AccountField.MEMBER,
            AccountField.OTHER,
            AccountField.UNLISTED,
        )
        among_children = (one.meaning, one.field) in self._children or (
            field is AccountField.SPEAKER and any(meaning == "speaker" for meaning, _ in self._children)
        )
        return AccountField.ADULT if unmarked and among_children else field


def both_roles(
    said: Mapping[str, float], account: Mapping[str, float], fields: Iterable[tuple[StrEnum, int]]
) -> dict[str, float]:
    """Roles of somebody whom utterances and the account's own data name.

    Parameters
    ----------
    said, account : mapping
        Roles by either alone.
    fields : iterable of (AccountField, int)
        The fields met. Where one states the role, what is said of the person weighs less: partners are
        called too.
    """
    power = WEIGHT_BESIDE_STATED if any(field in _STATED for field, _ in fields) else 1.0
    weights = {role: max(p, 1e-4) ** power * account[role] / ANYBODY[role] for role, p in said.items()}
    total = sum(weights.values())
    return {role: weight / total for role, weight in weights.items()}


def name_in_field(heard: Heard) -> SpokenName | None:
    """The parts of a name that stands in a field: a lone word is a first name if any list has it as one.

    Examples
    --------
    >>> split_name("Rasmus")  # a surname in the United States
    SpokenName(first=None, last='Rasmus')
    """
    name = split_name(heard.value)
    if name is None or name.first or not name.last or len(heard.value.split()) > 1:
        return name
    surname = "family_name" in whose(heard.field or "")
    return name if surname or not first_name_strength(name.last) else SpokenName(name.last, None)


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
        if (name := name_in_field(one)) is not None
    ]
    first = next((name.first for name in names if name.first), spoken.first)
    last = next((name.last for name in names if name.last), spoken.last)
    return SpokenName(first, last)
