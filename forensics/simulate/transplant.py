"""A household written by hand with its people, towns, employers and schools replaced: other people, same
talk.

Each name is replaced wherever it is said, inflected or spelled out. What the vendor understood is laid beside
what was said, word by word: where it had the name right it has the new one, where it misheard the name it
mishears the new one about as badly, the same way every time. An utterance in which that cannot be done is
left out and counted: a replacement that nobody would say does harm, one line fewer does none. A household
that loses too much by it is not used at all: see :func:`faults`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from forensics.knowledge.names import fold
from forensics.profile.naming import is_common
from forensics.simulate.alongside import WORD, laid_beside
from forensics.simulate.identities import as_mapping, replacements
from forensics.simulate.mishearing import letters_off, misheard_name, plain
from forensics.simulate.replacement import Replacement
from forensics.simulate.scripts import Line, Script
from forensics.simulate.surroundings import is_in_title, is_word_here, said_differently

MOST_LOST = 0.15
"""Assumption: a household that loses a larger share of its utterances is another household."""
_IDENTITY = ("home_place", "first_name", "surname")
_ENDINGS = r"(?:'s|’s|s'|s|’|'|es|er|ern|n)?"
_LETTER = r"(?:Doppel[- ]?\w\b|double \w\b|\w)"
_SPELLED = re.compile(rf"\b{_LETTER}(?:(?:\s*[,.\-–]\s*|\s+){_LETTER}){{2,}}\b", re.IGNORECASE)
_LOWER = re.compile(r"(?<![\w'’])[a-zäöü][\wß]+")
_LONG = 5
"""Assumption: letters of a name that is one in lower case too, as in an e-mail address."""


@dataclass(frozen=True)
class Transplanted:
    """A household with other identities.

    Parameters
    ----------
    script : Script
        As the author's, with everything replaced; the evidence counts the lines that are left.
    replaced : int
        Utterances in which something was replaced.
    dropped : mapping
        From reason to utterances left out: ``left`` (an old name would still be heard), ``near`` (in another
        form: mispronounced, in dialect), ``word`` (the name may be an everyday word there), ``title`` (it
        stands in the name of something else), ``unclear`` (the vendor's words cannot be laid beside what was
        said), ``spelled`` (letters that spell an old name in part).
    said : int
        Utterances of the script as it was written.
    faults : tuple of str
        Why the household as a whole is not to be used.
    """

    script: Script
    replaced: int
    said: int
    dropped: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    @property
    def rate(self) -> float:
        """Share of all utterances that were left out."""
        return sum(self.dropped.values()) / max(self.said, 1)


def transplant(script: Script, number: int, *, seed: int = 0) -> Transplanted:
    """One copy of a household, lived by other people elsewhere.

    Parameters
    ----------
    number : int
        Which copy: each has other people.
    """
    rng = np.random.default_rng([seed, number, 5, *script.name.encode()])
    said = " ".join(line.text for line in script.lines)
    surgeon = _Surgeon(replacements(script, rng), script.language, set(_LOWER.findall(said)), rng)
    lines: list[Line] = []
    places: dict[int, int] = {}
    dropped: Counter[str] = Counter()
    replaced = 0
    for position, line in enumerate(script.lines):
        done = surgeon.line(line)
        if isinstance(done, str):
            dropped[done] += 1
            continue
        places[position] = len(lines)
        replaced += done != line
        lines.append(done)
    found = surgeon.facts(script, lines, places)
    made = Transplanted(found, replaced, len(script.lines), dict(dropped))
    return replace(made, faults=tuple(faults(script, made, surgeon.old)))


def faults(script: Script, made: Transplanted, old: set[str]) -> list[str]:
    """Why a household with other people is not to be used.

    Parameters
    ----------
    script : Script
        As the author wrote it.
    old : set of str
        Folded words of the old names.

    Returns
    -------
    list of str
        ``lost`` (more than :data:`MOST_LOST` of the utterances), ``identity`` (home, first name or surname of
        the subject was told, and no utterance that is left tells it), ``old`` (people or profile still have
        an old name), ``same`` (two people have come by one name).
    """
    found = []
    if made.rate > MOST_LOST:
        found.append("lost")
    before, now = ({(t["attribute"], t["subject_role"]) for t in s.truth} for s in (script, made.script))
    if any((attribute, "subject") in before - now for attribute in _IDENTITY):
        found.append("identity")
    names = [str(p.get(n) or "") for p in made.script.people for n in ("first_name", "surname")]
    names += [str(made.script.profile.get(n) or "") for n in ("first_name", "surname", "place")]
    if any(fold(word) in old for name in names for word in re.split(r"[ -]", name) if word[:1].isupper()):
        found.append("old")
    people = [(p.get("first_name"), p.get("surname")) for p in made.script.people if p.get("first_name")]
    if len({*people}) < len(people):
        found.append("same")
    return found


class _Surgeon:
    """Replaces in texts; what was misheard once is misheard the same way again."""

    def __init__(
        self, all_: Sequence[Replacement], language: str, everyday: set[str], rng: np.random.Generator
    ) -> None:
        self._found, self._language, self._rng = as_mapping(all_), language, rng
        names = "|".join(re.escape(one.old) for one in all_)
        self._pattern = re.compile(rf"(?<!\w)({names})({_ENDINGS})(?!\w)", re.IGNORECASE) if all_ else None
        self._letters = {fold(one.old): one for one in all_ if " " not in one.old}
        self._heard: dict[tuple[str, str], str] = {}
        self._everyday = {fold(word) for word in everyday}
        new = {word for one in all_ for word in _words(one.new)}
        self.old = {word for one in all_ for word in _own_words(one)} - new
        self._names = {one.old for one in all_ if one.kind in ("first", "last", "place")}
        self._known = new | {word for one in all_ for word in _words(one.old)}

    def line(self, line: Line) -> Line | str:
        """The line with other names, or why it cannot be had."""
        text, spans = self._said(line.text)
        for start, end, _, one in spans:
            if is_word_here(line.text, start, start + len(one.old), one.kind, self._language):
                return "word"
            if is_in_title(line.text, start, end, one.kind, self._language, self._known):
                return "title"
        if said_differently(line.text, [span[:2] for span in spans], self._names, self._known):
            return "near"
        spelled = self._spelled(text)
        if spelled is None:
            return "spelled"
        heard: str | None = line.heard
        if heard is not None:
            aligned = self._understood(line.text, spans, heard)
            if aligned is None:
                return "unclear"
            heard = self._spelled(aligned)
            if heard is None:
                return "spelled"
        if self._left(spelled) or (heard is not None and self._left_in_lower_case(heard)):
            return "left"
        return replace(line, text=spelled, heard=heard, device=self._value(line.device))

    def facts(self, script: Script, lines: Sequence[Line], places: Mapping[int, int]) -> Script:
        """The script with other names everywhere, and evidence that counts the lines that are left."""
        truth = []
        for claim in script.truth:
            evidence = [places[n] for n in claim["evidence"] if n in places]
            value = self._value(str(claim["value"]))
            if evidence and not self._left(value):
                truth.append({**claim, "value": value, "evidence": evidence})
        return replace(
            script,
            people=[self._deep(p) for p in script.people],
            home=self._deep(script.home),
            profile=self._deep(script.profile),
            truth=truth,
            traps=[trap for trap in map(self._trap, script.traps) if trap is not None],
            lines=list(lines),
        )

    def _trap(self, trap: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """A trap whose value is what the vendor took an old name for is what it takes the new one for."""
        value = str(trap.get("value", ""))
        heard = {fold(was): now for (_, was), now in self._heard.items()}
        if fold(value) in heard:
            return {"attribute": trap["attribute"], "value": heard[fold(value)].title()}
        new = self._value(value)
        if new == value and any(0 < letters_off(name, value) < 0.5 for name in self._names):
            return None
        return None if self._left(new) else {"attribute": trap["attribute"], "value": new}

    def _deep(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._value(value)
        if isinstance(value, Mapping):
            return {name: self._deep(item) for name, item in value.items()}
        return [self._deep(item) for item in value] if isinstance(value, list) else value

    def _value(self, text: str) -> str:
        return self._said(text)[0]

    def _said(self, text: str) -> tuple[str, list[tuple[int, int, str, Replacement]]]:
        """A text as it is written, and where in the old one something was replaced by what."""
        spans: list[tuple[int, int, str, Replacement]] = []
        if self._pattern is None:
            return text, spans

        def another(match: re.Match[str]) -> str:
            one = self._found[match[1].casefold()]
            ending = match[2]
            if not match[1][0].isupper() and (
                len(one.old) < _LONG or is_common(one.old) or fold(one.old) in self._everyday
            ):
                return match[0]  # an everyday word that is also a name
            if ending in ("'s", "’s") and one.new.endswith("s") and self._language == "de":
                ending = ending[0]
            new = (one.new if match[1][0].isupper() else one.new.lower()) + ending
            spans.append((match.start(), match.end(), new, one))
            return new

        return self._pattern.sub(another, text), spans

    def _understood(
        self, said: str, spans: Sequence[tuple[int, int, str, Replacement]], heard: str
    ) -> str | None:
        """What the vendor makes of the new text; None where its words cannot be laid beside what was said."""
        parts = laid_beside(said, [(start, end) for start, end, *_ in spans], heard)
        if parts is None:
            return None
        for (start, end, new, _), part in reversed([*zip(spans, parts, strict=True)]):
            if part is not None:
                old = heard[part.start : part.end]
                other = plain(new) if part.exact else self._misheard(said[start:end], old, new)
                heard = heard[: part.start] + other + heard[part.end :]
        return heard

    def _misheard(self, old: str, heard: str, new: str) -> str:
        """The new name as a recogniser may mistake it, as far off as the old one was."""
        key = (old.casefold(), heard.casefold())
        if key not in self._heard:
            off, words = letters_off(old, heard), len(heard.split())
            self._heard[key] = misheard_name(new, off, words, self._language, self._rng)
        return self._heard[key]

    def _spelled(self, text: str) -> str | None:
        """A text with the letters of a spelled name replaced; None where they spell an old name in part."""
        result, position = "", 0
        for match in _SPELLED.finditer(text):
            letters = "".join(_letters(match[0]))
            if len(letters) < 3 or len(letters) < 0.6 * len(match[0].split()):
                continue
            one = self._letters.get(fold(letters))
            if one is None:
                if any(
                    len(old) > 3 and (old in fold(letters) or fold(letters) in old) for old in self._letters
                ):
                    return None
                continue
            gap = (re.search(r"(?<=\w)[^\w]+(?=\w)", match[0]) or [" "])[0]
            new = one.new if match[0][0].isupper() else one.new.lower()
            letters_new = [c.upper() if match[0][0].isupper() else c for c in new if c.isalpha()]
            result += text[position : match.start()] + gap.join(letters_new)
            position = match.end()
        return result + text[position:]

    def _left(self, text: str) -> bool:
        """Whether an old name is still written in what was said."""
        words = (m[0] for m in WORD.finditer(text))
        return any(_stems(word) & self.old and word[0].isupper() for word in words)

    def _left_in_lower_case(self, heard: str) -> bool:
        """Whether the vendor still has an old name; words that are everyday words too are taken for these."""
        words = (m[0] for m in WORD.finditer(heard))
        return any(
            _stems(word) & self.old and fold(word) not in self._everyday and not is_common(word)
            for word in words
        )


def _stems(word: str) -> set[str]:
    """A word folded, and without the ending of a genitive."""
    return {fold(word), fold(re.sub(r"['’]?s$", "", word))}


def _letters(spelled: str) -> list[str]:
    found: list[str] = []
    for part in re.findall(_LETTER, spelled, re.IGNORECASE):
        found += [part[-1]] * (2 if len(part) > 1 else 1)
    return found


def _own_words(one: Replacement) -> list[str]:
    """Folded words that give an old identity away: of a street's or a firm's name not what others have."""
    words = [fold(m[0]) for m in WORD.finditer(one.old) if len(m[0]) > 2 and not is_common(m[0])]
    if one.kind in ("employer", "school") and len(words) > 1:
        return []
    return words[:-1] or words if one.kind == "street" else words


def _words(text: str) -> list[str]:
    return [fold(m[0]) for m in WORD.finditer(text)]
