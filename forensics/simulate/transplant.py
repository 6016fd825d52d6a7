"""A household written by hand with its people, towns, employers and schools replaced: other people, same
talk.

Each name is replaced wherever it is said, inflected or spelled out. What the vendor understood is laid beside
what was said, word by word: where it had the name right it has the new one, where it misheard the name it
mishears the new one about as badly, the same way every time. An utterance in which that cannot be done is
left out and counted: a replacement that nobody would say does harm, one line fewer does none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache
from typing import Any

import numpy as np

from forensics.knowledge.lexicon import read_forms
from forensics.knowledge.names import fold
from forensics.simulate.identities import UNMOVED, Replacement, as_mapping, replacements
from forensics.simulate.scripts import Line, Script
from forensics.simulate.template_talk import garble

_ENDINGS = r"(?:'s|’s|s'|s|’|'|es|er|ern|n)?"
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LETTER = r"(?:Doppel[- ]?\w\b|double \w\b|\w)"
_SPELLED = re.compile(rf"\b{_LETTER}(?:(?:\s*[,.\-–]\s*|\s+){_LETTER}){{2,}}\b", re.IGNORECASE)
_LOWER = re.compile(r"(?<![\w'’])[a-zäöü][\wß]+")
_MOST_CHANGES = 3
"""Assumption: a name is not misheard by more changes than this of :func:`garble`."""


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
        From reason to utterances left out: ``left`` (an old name would still be heard), ``unclear`` (the
        vendor's words cannot be laid beside what was said), ``spelled`` (letters that spell an old name in
        part).
    """

    script: Script
    replaced: int
    dropped: Mapping[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Share of all utterances that were left out."""
        lost = sum(self.dropped.values())
        return lost / max(lost + len(self.script.lines), 1)


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
    return Transplanted(surgeon.facts(script, lines, places), replaced, dict(dropped))


class _Surgeon:
    """Replaces in texts; what was misheard once is misheard the same way again."""

    def __init__(
        self, all_: Sequence[Replacement], language: str, everyday: set[str], rng: np.random.Generator
    ) -> None:
        found = [one for one in all_ if one.new != UNMOVED]
        self._found, self._language, self._rng = as_mapping(found), language, rng
        names = "|".join(re.escape(one.old) for one in found)
        self._pattern = re.compile(rf"(?<!\w)({names})({_ENDINGS})(?!\w)", re.IGNORECASE) if found else None
        self._letters = {fold(one.old): one for one in found if one.kind in ("first", "last")}
        self._heard: dict[tuple[str, str], str] = {}
        new = {word for one in found for word in _words(one.new)}
        old = {word for one in all_ for word in _words(one.old) if len(word) > 2}
        self._old = old - new
        self._old_in_lower_case = self._old - {fold(word) for word in everyday}

    def line(self, line: Line) -> Line | str:
        """The line with other names, or why it cannot be had."""
        text, spans = self._said(line.text)
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
            traps=[self._deep(t) for t in script.traps],
            lines=list(lines),
        )

    def _deep(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._value(value)
        if isinstance(value, Mapping):
            return {name: self._deep(item) for name, item in value.items()}
        return [self._deep(item) for item in value] if isinstance(value, list) else value

    def _value(self, text: str) -> str:
        return self._said(text)[0]

    def _said(self, text: str) -> tuple[str, list[tuple[int, int, str]]]:
        """A text as it is written, and where in the old one something was replaced by what."""
        spans: list[tuple[int, int, str]] = []
        if self._pattern is None:
            return text, spans

        def another(match: re.Match[str]) -> str:
            if not match[1][0].isupper():  # an everyday word that is also a name
                return match[0]
            new = self._found[match[1].casefold()].new + match[2]
            spans.append((match.start(), match.end(), new))
            return new

        return self._pattern.sub(another, text), spans

    def _understood(self, said: str, spans: Sequence[tuple[int, int, str]], heard: str) -> str | None:
        """What the vendor makes of the new text; None where its words cannot be laid beside what was said."""
        words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(said)]
        theirs = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(heard)]
        matcher = SequenceMatcher(
            None, [fold(w) for *_, w in words], [fold(w) for *_, w in theirs], autojunk=False
        )
        changes: list[tuple[int, int, str]] = []
        blocks = matcher.get_opcodes()
        for start, end, new in spans:
            mine = [n for n, (a, b, _) in enumerate(words) if a < end and b > start]
            if not mine:
                return None
            for kind, a, b, c, d in blocks:
                low, high = max(a, mine[0]), min(b, mine[-1] + 1)
                if low >= high or kind == "delete":
                    continue
                whole = (low, high) == (mine[0], mine[-1] + 1)
                if kind == "equal" and whole:
                    at = c + low - a
                    changes.append((theirs[at][0], theirs[at + high - low - 1][1], new.lower()))
                elif kind == "replace" and whole and (a, b) == (low, high):
                    old = heard[theirs[c][0] : theirs[d - 1][1]]
                    changes.append(
                        (theirs[c][0], theirs[d - 1][1], self._misheard(said[start:end], old, new))
                    )
                else:
                    return None
        for start, end, new in sorted(changes, reverse=True):
            heard = heard[:start] + new + heard[end:]
        return heard

    def _misheard(self, old: str, heard: str, new: str) -> str:
        """The new name as a recogniser may mistake it, as far off as the old one was."""
        key = (old.casefold(), heard.casefold())
        if key not in self._heard:
            known = confused_names(self._language).get(new, ())
            if known:
                self._heard[key] = known[int(self._rng.integers(len(known)))].lower()
            else:
                self._heard[key] = self._garbled(_distance(old, heard), new)
        return self._heard[key]

    def _garbled(self, distance: float, new: str) -> str:
        best = new.lower()
        for _ in range(_MOST_CHANGES):
            other = garble(best, self._rng)
            if (
                abs(_distance(new, other) - distance) > abs(_distance(new, best) - distance)
                and best != new.lower()
            ):
                break
            best = other
        return best

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
        words = (m[0] for m in _WORD.finditer(text))
        return any(fold(word) in self._old and word[0].isupper() for word in words)

    def _left_in_lower_case(self, heard: str) -> bool:
        """Whether the vendor still has an old name; words that are everyday words too are taken for these."""
        return any(fold(m[0]) in self._old_in_lower_case for m in _WORD.finditer(heard))


def _letters(spelled: str) -> list[str]:
    found: list[str] = []
    for part in re.findall(_LETTER, spelled, re.IGNORECASE):
        found += [part[-1]] * (2 if len(part) > 1 else 1)
    return found


def _words(text: str) -> list[str]:
    return [fold(m[0]) for m in _WORD.finditer(text)]


def _distance(one: str, other: str) -> float:
    from rapidfuzz.distance import Levenshtein

    return float(Levenshtein.normalized_distance(one.casefold(), other.casefold()))


@cache
def confused_names(language: str) -> dict[str, tuple[str, ...]]:
    """What our own engine was measured to hear instead of a name."""
    found: dict[str, set[str]] = {}
    for row in read_forms("name_confusion"):
        if row["language"] == language and fold(row["said"]) != fold(row["heard"]) and row["heard"].strip():
            found.setdefault(row["said"], set()).add(row["heard"])
    return {said: tuple(sorted(heard)) for said, heard in found.items()}
