"""Windows of utterances with ids, and the people and places that each of them names.

The candidates are the profile's own: those whom :func:`forensics.profile.people.find_people` finds, and the
places of :func:`forensics.profile.places.named_places`. The model judges them; it adds none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forensics.profile.people import find_people
from forensics.profile.places import named_places
from forensics.profile.records import Evidence, Utterance

LINES = 10
"""Utterances of one window (assumption: enough to see who belongs together, few enough for a small cache)."""
MOST_ASKED = 2
"""Windows in which one candidate is asked about: those that name it most often (assumption). What is asked
ten times is not known ten times better."""


@dataclass(frozen=True)
class Candidate:
    """A name or a place, as one window says it.

    Parameters
    ----------
    kind : {'person', 'place'}
        Which question is asked.
    said : str
        The form in this window.
    person_id : str or None
        Of a person.
    place_id : int or None
        Of a place, its likeliest.
    utterance_ids : tuple of str
        Lines of this window that name it.
    """

    kind: str
    said: str
    person_id: str | None
    place_id: int | None
    utterance_ids: tuple[str, ...]


@dataclass(frozen=True)
class Window:
    """Lines that are read together.

    Parameters
    ----------
    utterances : tuple of Utterance
        In the order of time.
    candidates : tuple of Candidate
        Whom and what they name; empty where the model is asked for statements.
    """

    utterances: tuple[Utterance, ...]
    candidates: tuple[Candidate, ...] = ()

    @property
    def texts(self) -> list[str]:
        """The line of each utterance: our words where there are any, else the vendor's."""
        return [u.texts[0] for u in self.utterances]


def windows(evidence: Evidence) -> list[Window]:
    """All utterances with words, so many to a window: what statements are asked of.

    Parameters
    ----------
    evidence : Evidence
        Of one data subject group.
    """
    spoken = _in_order([u for u in evidence.utterances if u.texts])
    return [Window(tuple(spoken[i : i + LINES])) for i in range(0, len(spoken), LINES)]


def asked(evidence: Evidence) -> list[Window]:
    """Windows of the utterances that name somebody or a place, and whom they name: what questions are about.

    Parameters
    ----------
    evidence : Evidence
        Of one data subject group.
    """
    people = [p for p in find_people(evidence) if not p.in_files]
    named = [one for one in named_places(evidence) if not one.alike]  # one question for each name
    places = [(one.reading.heard, one.place.geonameid) for one in named if one.place is not None]
    naming = {u for p in people for u in p.utterance_ids}
    naming |= {h.utterance.utterance_id for heard, _ in places for h in heard if h.utterance}
    spoken = _in_order([u for u in evidence.utterances if u.texts and u.utterance_id in naming])
    cut = [spoken[i : i + LINES] for i in range(0, len(spoken), LINES)]
    number = {u.utterance_id: n for n, window in enumerate(cut) for u in window}
    found: dict[int, list[Candidate]] = defaultdict(list)
    for person in people:
        forms = [(o.utterance, " ".join(o.span.words)) for o in person.cluster.occurrences]
        for n, form, lines in _by_window(forms, number):
            found[n].append(Candidate("person", form, person.person_id(evidence.group), None, lines))
    for heard, place_id in places:
        forms = [(h.utterance, min(h.surfaces, default=h.value)) for h in heard]
        for n, form, lines in _by_window(forms, number):
            found[n].append(Candidate("place", form, None, place_id, lines))
    return [Window(tuple(window), tuple(found[n])) for n, window in enumerate(cut) if found[n]]


def _by_window(
    forms: Sequence[tuple[Utterance | None, str]], number: Mapping[str, int]
) -> list[tuple[int, str, tuple[str, ...]]]:
    """The windows that name a candidate most: number, commonest form in it, and its lines that name it."""
    said: dict[int, Counter[str]] = defaultdict(Counter)
    lines: dict[int, list[str]] = defaultdict(list)
    for utterance, form in forms:
        if utterance is not None and utterance.utterance_id in number:
            n = number[utterance.utterance_id]
            said[n][form] += 1
            lines[n].append(utterance.utterance_id)
    return [(n, _most(said[n]), tuple(sorted(set(lines[n])))) for n in _fullest(lines)]


def _fullest(lines: dict[int, list[str]]) -> Sequence[int]:
    return sorted(sorted(lines), key=lambda n: -len(set(lines[n])))[:MOST_ASKED]


def _most(said: Counter[str]) -> str:
    return min(said, key=lambda form: (-said[form], form))


def _in_order(utterances: Sequence[Utterance]) -> list[Utterance]:
    return sorted(utterances, key=lambda u: (u.local is None, str(u.local), u.utterance_id))
