"""Who is one person under several forms: names as heard, misheard, shortened, in the genitive, with a
title."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from forensics.knowledge.names import SpokenName, fold, is_surname, nicknames_of, sound, split_name
from forensics.profile import cues
from forensics.profile.account import name_in_field
from forensics.profile.gathering import weigh_by_lexicon
from forensics.profile.naming import LISTED, WORD, NameSpan, is_common, name_spans, name_strength
from forensics.profile.records import Evidence, Heard, Utterance

P_SPOTTED = 0.8
"""Probability that a word of a list of names was heard rightly where the language room read no name
(assumption)."""
READ = 0.6
"""Score from which a name that the language room read is looked for in the other utterances (assumption)."""
NEARLY = 80.0
"""Names this alike (rapidfuzz ratio, per cent) may be one name (assumption)."""
SHORT_FORM = 3
"""Letters that a pet form shares with the name it is short for (assumption)."""
_PET = re.compile(r"(?:i|y|ie|le|li|chen|lein|erl|s|o|e)$")


@dataclass(frozen=True)
class Occurrence:
    """One name in one utterance.

    Parameters
    ----------
    name : SpokenName
    span : NameSpan
    text : str
    says : array of float, shape (15,)
        What the utterance says of it: probability of each of :data:`forensics.profile.says.SAYS`.
    p : float
        Probability that the name was heard rightly.
    utterance : Utterance or None
        None for a name in an account's own data.
    heard : tuple of Heard
        Mentions of the language room behind it.
    """

    name: SpokenName
    span: NameSpan
    text: str
    says: npt.NDArray[np.float64]
    p: float
    utterance: Utterance | None
    heard: tuple[Heard, ...] = ()

    @property
    def witness(self) -> str:
        """The utterance, or the place in a file."""
        return self.utterance.utterance_id if self.utterance else self.heard[0].witness


@dataclass
class Cluster:
    """All occurrences of one person.

    Parameters
    ----------
    occurrences : list of Occurrence
    called : SpokenName or None
        The name that a reviewer keeps it under.
    """

    occurrences: list[Occurrence] = field(default_factory=list)
    called: SpokenName | None = None

    @property
    def forms(self) -> Counter[str]:
        """Forms of the name as written, with how often."""
        return Counter(" ".join(o.span.words) for o in self.occurrences)

    @property
    def first(self) -> str | None:
        """The first name in its likeliest form: listed names and frequent ones first."""
        return self._best([o.name.first for o in self.occurrences], name_strength)

    @property
    def last(self) -> str | None:
        """The surname in its likeliest form."""
        return self._best([o.name.last for o in self.occurrences], lambda w: 0.5 * is_surname(w))

    @property
    def name(self) -> SpokenName:
        """The canonical name."""
        return self.called or SpokenName(self.first, self.last)

    def _best(self, parts: Sequence[str | None], listed: object) -> str | None:
        counts = Counter(part for part in parts if part)
        if not counts or not callable(listed):
            return None
        return min(counts, key=lambda part: (-(counts[part] * (0.4 + listed(part.split()[0]))), part))


def find_clusters(evidence: Evidence) -> list[Cluster]:
    """Everybody who may be named, one cluster each, those named most first."""
    named: dict[tuple[str, str], list[Occurrence]] = defaultdict(list)
    for one in occurrences(evidence):
        named[fold(one.name.first or ""), fold(one.name.last or "")].append(one)
    groups = dict(named)
    _join_parts(groups)
    _join_forms(groups)
    _join_parts(groups)
    clusters = [Cluster(sorted(found, key=lambda o: (o.witness, o.span.start))) for found in groups.values()]
    return sorted(clusters, key=lambda c: (-len(c.occurrences), c.name.full))


def occurrences(evidence: Evidence) -> list[Occurrence]:
    """Names in utterances, by the language room and by lists, titles and cues; and those of the account's
    data."""
    found: list[Occurrence] = []
    spotted: list[tuple[Utterance, str, NameSpan]] = []
    known: set[str] = set()
    for utterance in evidence.utterances:
        people = [h for h in evidence.by_utterance.get(utterance.utterance_id, ()) if h.label == "PERSON"]
        for text in utterance.texts:
            spots = [(s.start, s.end, s.p) for s in evidence.spots[text] if s.part == "name"]
            for span in name_spans(text, _read(people, text), spots=spots):
                spotted.append((utterance, text, span))
                sure = max(span.ner, span.spotted) >= READ
                if span.strength >= LISTED or span.title or span.cue or sure:
                    known |= {fold(word) for word in span.words[:1] if not is_common(word)}
    seen = {(u.utterance_id, text, s.start) for u, text, s in spotted}
    for utterance in evidence.utterances:
        for text in utterance.texts:
            if any(fold(m[0]) in known for m in WORD.finditer(text)):
                spotted += [
                    (utterance, text, span)
                    for span in name_spans(text, (), known)
                    if (utterance.utterance_id, text, span.start) not in seen
                ]
    for utterance, text, span in spotted:
        people = [h for h in evidence.by_utterance.get(utterance.utterance_id, ()) if h.label == "PERSON"]
        over = tuple(h for h in people if set(h.mention_ids) & set(span.mention_ids))
        if (name := _name(span, over, text)) is not None:
            found.append(
                Occurrence(
                    name,
                    span,
                    text,
                    evidence.says(text, span.start, span.end),
                    _p(name, over),
                    utterance,
                    over,
                )
            )
    found += _second_heard(evidence, found)
    return _one_each(found)


def _read(people: Sequence[Heard], text: str) -> list[tuple[int, int, float, str]]:
    spots = []
    for one in people:
        for surface in one.surfaces:
            at = text.find(surface)
            if at >= 0:
                spots += [(at, at + len(surface), one.p, mention) for mention in one.mention_ids]
    return spots


def _name(span: NameSpan, over: Sequence[Heard], text: str) -> SpokenName | None:
    """The parts of a name; as the second hearing has it, where one mention is just this stretch."""
    words = " ".join(span.words)
    if len(over) == 1 and fold(words) in {fold(surface) for surface in over[0].surfaces}:
        words = over[0].value
    if cues.RELATIVE_ALONE.fullmatch(words):
        return None
    name = split_name(words)
    if name is None:
        return None
    if name.first is None and name.last and span.title is None and name_strength_own(name.last) > 0:
        return SpokenName(name.last, None)  # a rare first name, or a pet form, that is a surname too
    if span.title == "title" and name.last is None:
        return SpokenName(None, name.first)
    if name.last is None and span.strength < LISTED and cues.phone_intro(text, span.start, span.end):
        return SpokenName(None, name.first)  # the phone is answered with the family's name
    if span.title == "family" and name.first is None:
        return SpokenName(name.last, None)
    if name.first and name.last and _surname_first(name):
        return SpokenName(name.last, name.first)
    if name.first is not None and name.last is None:
        bare = re.sub(r"['’]s$|(?<=[a-zäöü])s$", "", name.first)
        if bare != name.first and name_strength(bare) >= LISTED > name_strength_own(name.first):
            return SpokenName(bare, None)
    return name


def _surname_first(name: SpokenName) -> bool:
    """ "Huber Sepp": so in the south, and in lists."""
    first, last = (name.first or "-").split()[0], (name.last or "-").split()[-1]
    return name_strength(first) < LISTED <= name_strength(last)


@lru_cache(maxsize=1 << 14)
def name_strength_own(word: str) -> float:
    """How common a first name a word is as it stands, its genitive not counted."""
    from forensics.knowledge.names import first_name_strength

    return first_name_strength(word)


def _p(name: SpokenName, over: Sequence[Heard]) -> float:
    if over:
        return max(h.p for h in over)
    return min(0.95, weigh_by_lexicon(P_SPOTTED, "PERSON", name.full))


def _second_heard(evidence: Evidence, found: Sequence[Occurrence]) -> list[Occurrence]:
    """Names that only a second hearing knows, and names in the account's own data."""
    used = {h.witness + "/" + h.value for o in found for h in o.heard}
    rest = []
    for one in evidence.of("PERSON"):
        if one.witness + "/" + one.value in used or (one.utterance is not None and one.mention_ids):
            continue
        name = name_in_field(one)
        if name is None or cues.RELATIVE_ALONE.fullmatch(name.full):
            continue
        surface = next(iter(sorted(one.surfaces)), one.value)
        text = next((t for t in (one.utterance.texts if one.utterance else ()) if surface in t), surface)
        start = max(text.find(surface), 0)
        span = NameSpan(
            start, start + len(surface), tuple(one.value.split()), strength=name_strength(one.value)
        )
        rest.append(
            Occurrence(
                name, span, text, evidence.says(text, span.start, span.end), one.p, one.utterance, (one,)
            )
        )
    return rest


def _one_each(found: Sequence[Occurrence]) -> list[Occurrence]:
    """One occurrence of a name in an utterance: two transcripts of it are two readings of one witness."""
    best: dict[tuple[str, str], Occurrence] = {}
    for one in found:
        key = (one.witness, sound(one.name.first or one.name.last or ""))
        if key not in best or (one.p, one.text) > (best[key].p, best[key].text):
            best[key] = one
    return [best[key] for key in sorted(best)]


def _join_parts(named: dict[tuple[str, str], list[Occurrence]]) -> None:
    """Put a lone first name or surname with the full name that it belongs to, if there is only one."""
    for first, last in sorted(named):
        if bool(first) == bool(last) or (first, last) not in named:
            continue
        full = [k for k in named if all(k) and (same_name(k[0], first) if first else same_name(k[1], last))]
        if len(full) == 1:
            named[full[0]] += named.pop((first, last))


def _join_forms(named: dict[tuple[str, str], list[Occurrence]]) -> None:
    """Put misheard and short forms with the name that they stand for: the likelier form takes the other
    in."""
    order = sorted(named, key=lambda k: (-_weight(k, named[k]), k))
    for place in range(len(order) - 1, 0, -1):
        weak = order[place]
        for strong in order[:place]:
            if strong in named and weak in named and _one_person(strong, weak, named):
                named[strong] += named.pop(weak)
                break


def _weight(key: tuple[str, str], found: Sequence[Occurrence]) -> float:
    return len(found) * (0.4 + name_strength(key[0] or key[1])) + (0.5 if all(key) else 0.0)


def _one_person(
    strong: tuple[str, str], weak: tuple[str, str], named: Mapping[tuple[str, str], Sequence[Occurrence]]
) -> bool:
    once = len(named[weak]) == 1
    if once and all(strong) and all(weak):
        from rapidfuzz import fuzz

        return fuzz.ratio("".join(strong), "".join(weak)) >= NEARLY
    if strong[1] and weak[1] and not same_name(strong[1], weak[1], once=once and strong[0] == weak[0]):
        return False
    if strong[0] and weak[0]:
        alike = strong[1] == weak[1] or not (strong[1] and weak[1])
        return same_name(strong[0], weak[0], once=once and alike)
    if strong[1] and weak[1] and not strong[0] and not weak[0]:
        return same_name(strong[1], weak[1], once=len(named[weak]) == 1)
    return False


@lru_cache(maxsize=1 << 16)
def same_name(one: str, other: str, once: bool = False) -> bool:
    """Whether two folded names are forms of one: by sound, as a pet form, or nearly alike.

    Parameters
    ----------
    one, other : str
    once : bool
        The other was heard once: then a listed name may be the first one misheard.

    Examples
    --------
    >>> same_name("meyer", "maier"), same_name("maximilian", "maxi"), same_name("anna", "otto")
    (True, True, False)
    """
    from rapidfuzz import fuzz

    if (
        one == other
        or sound(one) == sound(other)
        or one in (f"{other}s", other[:-1] if other[-1:] == "s" else "")
    ):
        return True
    if other in nicknames_of(one):
        return True
    short, full = sorted((one, other), key=len)
    stem = _PET.sub("", short)
    if len(stem) >= SHORT_FORM and len(full) > len(short) and full.startswith(stem) and stem != short:
        return True
    if len(short) >= SHORT_FORM and len(full) > len(short) + 1 and full.startswith(short):
        return True
    listed = name_strength_own(one) >= LISTED and name_strength_own(other) >= LISTED
    if fuzz.ratio(one, other) < NEARLY or min(len(one), len(other)) < 4:
        return False
    return once or not listed
