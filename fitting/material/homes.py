"""Simulated households as the finder of chains sees them: read, scored, and the truth beside them."""

from __future__ import annotations

from dataclasses import dataclass

from fitting.material.loose_bundles import hearing_of
from fitting.material.talk import Said, household
from forensics.language.accidental import accidental_score
from forensics.language.reader import reader
from forensics.profile.records import Utterance


@dataclass(frozen=True)
class Home:
    """A simulated household as the finder sees it, with the truth beside it.

    Parameters
    ----------
    said : list of Said
    utterances : list of Utterance
        In the order of `said`.
    named : dict
        Probability that somebody is named, by utterance.
    """

    said: list[Said]
    utterances: list[Utterance]
    named: dict[str, float]


def home(half: str, language: str, seed: int) -> Home:
    """One household, read."""
    said = household(half, language, hearing_of(half, language), seed=seed)
    readings = list(reader(language).read([one.text for one in said]))
    utterances, named = [], {}
    for n, (one, reading) in enumerate(zip(said, readings, strict=True)):
        name = f"rec-{n:05d}"
        texts = (one.text,) if one.text else ()
        score = accidental_score(reading) if one.text else None
        utterances.append(
            Utterance(
                name,
                one.at,
                "echo",
                domain=reading.domain,
                intent=reading.intent,
                accidental=score,
                texts=texts,
            )
        )
        people = [m.score for m in reading.mentions if m.label == "PERSON"]
        if people:
            named[name] = max(people)
    return Home(said, utterances, named)
