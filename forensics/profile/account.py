"""Names in an account's own data: whose they are, by the field that holds them.

Only what the account says of itself is read so. What the vendor wrote down of somebody speaking is an
utterance, and people named in it are judged by what is said of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from forensics.case.schemas import ROLES
from forensics.knowledge.names import fold
from forensics.profile.hints import ACCOUNT_ROLES, AccountField
from forensics.profile.records import Evidence, Heard

_OFTEN = 3
"""Records from which the commonest name is more surely the holder's (assumption)."""
_HEADERS: tuple[tuple[AccountField, re.Pattern[str]], ...] = (
    (AccountField.CHILD, re.compile(r"child|kids?\b|kind(?:er|es)?\b", re.IGNORECASE)),
    (AccountField.RECIPIENT, re.compile(r"recipient|ship|deliver|gift|empf(ä|ae)nger|liefer|versand", re.I)),
    (AccountField.CONTACT, re.compile(r"contact|kontakt|friend|callee|caller|correspond", re.IGNORECASE)),
    (AccountField.SPEAKER, re.compile(r"speaker|voice|sprecher|stimme|profil", re.IGNORECASE)),
    (
        AccountField.HOLDER,
        re.compile(r"customer|kunde|holder|inhaber|account|konto|owner|besitzer|bill|rechnung", re.I),
    ),
)


def account_field(heard: Heard) -> AccountField:
    """Whose name a field holds, by its header; a column of speakers by its meaning."""
    if heard.meaning == "speaker":
        return AccountField.SPEAKER
    if heard.meaning == "customer":
        return AccountField.HOLDER
    return next((f for f, words in _HEADERS if words.search(heard.field or "")), AccountField.OTHER)


def account_roles(
    heard: Sequence[Heard], evidence: Evidence
) -> tuple[dict[str, float], tuple[tuple[StrEnum, int], ...]]:
    """Role of a name that only the account's own data holds.

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
    counts = Counter(fold(h.value) for h in in_files)
    fields = Counter(account_field(h) for h in heard)
    mine = max((counts[fold(h.value)] for h in heard), default=0)
    neutral = not set(fields) - {AccountField.OTHER, AccountField.HOLDER}
    if neutral and AccountField.HOLDER not in fields and mine == max(counts.values(), default=0):
        field = AccountField.HOLDER if mine >= _OFTEN else AccountField.MOST_OFTEN
        fields[AccountField.MOST_OFTEN] = mine
    else:
        field = next(f for f in AccountField if f in fields)
    weights = ACCOUNT_ROLES[field]
    return {role: weights.get(role, 0.0) for role in ROLES}, tuple(sorted(fields.items()))
