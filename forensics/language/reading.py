"""What reading a sentence yields: plain records, with an explanation beside each score."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mention:
    """A name, place, device or time in a text.

    Parameters
    ----------
    start, end : int
        Code points of the text, end exclusive.
    label : str
        One of :data:`forensics.case.schemas.LABELS`.
    score : float
        Probability that it is one, from 0 to 1.
    found_by : str
        The component that found it, such as ``"model"`` or ``"rule:phone"``.
    reason : str
        Why, for a person.
    special_category : str or None
        The category of Article 9 GDPR that it may hint at.
    """

    start: int
    end: int
    label: str
    score: float
    found_by: str
    reason: str
    special_category: str | None = None


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
    """

    text: str
    mentions: list[Mention] = field(default_factory=list)
    domain: str = "general"
    intent: str = "general"
    score: float = 0.0
    covered: list[Mention] = field(default_factory=list)
