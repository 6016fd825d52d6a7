"""What reading a sentence yields: plain records, with an explanation beside each score.

A ``reason`` is for people and may be worded anew at any time. What code has to know stands in other fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MODEL = "model"
"""The trained tagger; all other finders are rules and word lists."""
TALK = "talk"
"""The second look at names in talk, with the household's other utterances in mind."""
HINTS = "list:sensitive"
"""Words that may hint at a special category."""
HERE = "rule:here"
"""Words that point at where the device stands."""
FINDERS = (
    MODEL, TALK, HINTS, HERE, "rule:email", "rule:phone", "rule:address", "rule:iban", "rule:pin",
    "rule:plate", "rule:field", "rule:meaning",
    "rule:speaker", "list:devices", "list:services", "list:relations", "list:names",
)  # fmt: skip
"""The components that find mentions."""


@dataclass(frozen=True)
class Mention:
    """A name, place, device or time in a text.

    Parameters
    ----------
    start, end : int
        Code points of the text, end exclusive.
    label : str
        One of :data:`forensics.case.kinds.LABELS`.
    score : float
        Probability that it is one, from 0 to 1.
    found_by : str
        One of :data:`FINDERS`.
    reason : str
        Why, for a person.
    special_category : str or None
        One of :data:`forensics.case.kinds.SPECIAL_CATEGORIES` that it may hint at.
    guest : bool
        Whether the label of the corpora hides a person: they call a guest of a booking OTHER.
    """

    start: int
    end: int
    label: str
    score: float
    found_by: str
    reason: str
    special_category: str | None = None
    guest: bool = False


@dataclass(frozen=True)
class Reading:
    """One text as read.

    Parameters
    ----------
    text : str
    mentions : list of Mention
        By place in the text; they do not overlap.
    domain, intent : str
    score : float
        Probability of the domain.
    covered : list of Mention
        What rules found inside the words of a longer mention.
    people : list of float
        For each word of :func:`forensics.knowledge.words.split` the model's probability that it is in a
        PERSON; the model does not read the end of a very long text.
    """

    text: str
    mentions: list[Mention] = field(default_factory=list)
    domain: str = "general"
    intent: str = "general"
    score: float = 0.0
    covered: list[Mention] = field(default_factory=list)
    people: list[float] = field(default_factory=list)
