"""Numbers said aloud: telephone numbers, PINs, IBANs, licence plates, and e-mail addresses spelled in words.

"null eins sieben sechs ..." and "oh double three" are runs of digits; what stands before a run says what it
is. A run without any such word is a telephone number only if it begins like one and is long enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forensics.knowledge.numerals import digits, one_word
from forensics.language.reading import Mention

_TIMES = {"double": 2, "triple": 3, "doppel": 2, "doppelt": 2, "zweimal": 2, "dreimal": 3}
_PLUS = frozenset(("plus",))
_CUES = {
    "PIN": re.compile(
        r"\b(pin|pin code|passcode|pass code|code|geheimzahl|geheimcode|zahlencode|kennwort|passwort|"
        r"password)\b"
    ),
    "IBAN": re.compile(r"\b(iban|kontonummer|account number|bank account)\b"),
    "PHONE": re.compile(
        r"\b(phone|telefon|handy|mobil|mobile|number|nummer|telefonnummer|handynummer|rufnummer|rückrufnummer|vorwahl|call|dial|"
        r"ring|wähle|anrufen|ruf|rufe|text)\b"
    ),
    "plate": re.compile(
        r"\b(kennzeichen|nummernschild|licen[cs]e plate|number plate|plate number|registration)\b"
    ),
}  # fmt: skip
_NOT_A_NUMBER = re.compile(
    r"\b(alarm|timer|wecker|uhr|o'?clock|percent|prozent|grad|degrees|volume|lautstärke)\b"
)
_LEAST_PHONE, _LONGEST_PHONE = 7, 15  # ITU-T E.164: 15 digits at most
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_SPELLED_PLATE = 3
_DIGITS_WRITTEN = re.compile(r"\d")
_AT = {"at", "ät", "klammeraffe", "@"}
_DOT = {"dot", "punkt", "point"}
_JOINERS = {
    "underscore": "_",
    "unterstrich": "_",
    "minus": "-",
    "bindestrich": "-",
    "dash": "-",
    "hyphen": "-",
}
_ENDINGS = frozenset(["com", "de", "org", "net", "eu", "co", "uk", "at", "ch", "info", "io", "gov", "edu"])


_NUMERALS = frozenset(_TIMES).union(*(table(lang) for lang in ("en", "de") for table in (digits, one_word)))


@dataclass(frozen=True)
class _Run:
    """A run of digits: the first and last word, and the digits."""

    first: int
    last: int
    digits: str


def find(text: str, words: Mapping[str, Any], language: str) -> list[Mention]:
    """Numbers and addresses said in words, and identifiers as written."""
    found = list(_written(text))
    spoken = words["words"]
    if not spoken:
        return found
    found += _emails(words) if not _AT.isdisjoint(spoken) else ()
    lowered = " ".join(spoken)
    if (
        "kennzeichen" in lowered
        or "plate" in lowered
        or "nummernschild" in lowered
        or "registration" in lowered
    ):
        found += _plates(text, words, language)
    if len(
        [word for word in spoken if word[0] == "d" or word in _NUMERALS]
    ) < 2 and not _DIGITS_WRITTEN.search(text):
        return found
    raw = _raw(text, words)
    for run in _runs(raw, language):
        mention = _judge(run, raw, words)
        if mention is not None:
            found.append(mention)
    return found


def value(surface: str, label: str, language: str) -> str:
    """The number or address behind a spoken or written form.

    Examples
    --------
    >>> value("oh double three seven", "PHONE", "en"), value("max punkt muster at web punkt de", "EMAIL",
    "de")
    ('0337', 'max.muster@web.de')
    """
    from forensics.knowledge.words import split

    if label == "EMAIL":
        if "@" in surface:
            return surface.lower()
        return _spell_email(split(surface).words)
    found = split(surface)
    raw = _raw(surface, {"words": found.words, "spans": found.spans})
    if label == "PHONE" or (
        label == "ID"
        and not any(len(w) == 1 and w.isalpha() for w in raw)
        and not re.search(r"[A-Z]{2}", surface)
    ):
        digits = "".join(run.digits for run in _runs(raw, language))
        plus = "+" if surface.strip().startswith("+") or raw[:1] == ["plus"] else ""
        return plus + digits if digits else surface
    parts, position = [], 0
    while position < len(raw):
        step = _step(raw, position, language)
        parts.append(step[0] if step else raw[position])
        position += step[1] if step else 1
    return "".join(parts).upper()


def _written(text: str) -> Iterator[Mention]:
    for match in _IBAN.finditer(text) if _DIGITS_WRITTEN.search(text) else ():
        if _iban_holds(match.group()):
            yield Mention(
                match.start(),
                match.end(),
                "ID",
                0.99,
                "rule:iban",
                "an IBAN whose check digits hold (ISO 13616)",
            )


def _iban_holds(text: str) -> bool:
    """The check of ISO 13616: the number, its first four characters last, leaves 1 modulo 97."""
    compact = text.replace(" ", "")
    if not 15 <= len(compact) <= 34:
        return False
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1


def _raw(text: str, words: Mapping[str, Any]) -> list[str]:
    """The words with their digits as written."""
    return [
        text[start:end] if word[:1] == "d" and text[start].isdigit() else word
        for word, (start, end) in zip(words["words"], words["spans"], strict=True)
    ]


def _runs(raw: list[str], language: str) -> Iterator[_Run]:
    """Runs of words that are digits."""
    position = 0
    while position < len(raw):
        first, digits = position, ""
        while position < len(raw):
            step = _step(raw, position, language)
            if step is None:
                break
            digits += step[0]
            position += step[1]
        if digits:
            yield _Run(first, position - 1, digits)
        else:
            position += 1


def _step(raw: list[str], position: int, language: str) -> tuple[str, int] | None:
    """The digits of the word at `position`, and how many words they took."""
    word = raw[position]
    after = raw[position + 1] if position + 1 < len(raw) else ""
    if word[0].isdigit():
        return re.sub(r"\D", "", word), 1
    single = digits(language)
    if word in _TIMES and (after in single or after.isdecimal()):
        return single.get(after, after) * _TIMES[word], 2
    if word in single:
        return single[word], 1
    number = one_word(language).get(word)
    if number is None:
        return None
    unit = single.get(after, "0") if language == "en" and number >= 20 else "0"
    return (str(number + int(unit)), 2) if unit != "0" else (str(number), 1)


def _judge(run: _Run, raw: list[str], words: Mapping[str, Any]) -> Mention | None:
    """What a run of digits is, by its length and the words before it."""
    before = " ".join(raw[max(0, run.first - 6) : run.first])
    start, end = words["spans"][run.first][0], words["spans"][run.last][1]
    count = len(run.digits)
    spoken = run.last > run.first
    if _CUES["PIN"].search(before) and 3 <= count <= 8 and not _NOT_A_NUMBER.search(before):
        return Mention(start, end, "ID", 0.85, "rule:pin", f"{count} digits after a word for a secret number")
    if _CUES["IBAN"].search(before) and count >= 8:
        return Mention(start, end, "ID", 0.85, "rule:iban", f"{count} digits after a word for a bank account")
    if not spoken or not _LEAST_PHONE <= count <= _LONGEST_PHONE or _NOT_A_NUMBER.search(before):
        return None
    if run.first and raw[run.first - 1] in _PLUS:
        start = words["spans"][run.first - 1][0]
        return Mention(start, end, "PHONE", 0.9, "rule:phone", f"plus and {count} digits said one by one")
    if _CUES["PHONE"].search(before) or run.digits[0] == "0":
        cue = "after a word for a telephone" if _CUES["PHONE"].search(before) else "beginning with zero"
        return Mention(start, end, "PHONE", 0.85, "rule:phone", f"{count} digits said one by one, {cue}")
    return None


def _plates(text: str, words: Mapping[str, Any], language: str) -> Iterator[Mention]:
    """A licence plate after its name: "Kennzeichen H A B 1 2 3", "plate seven a b c one two three"."""
    raw = _raw(text, words)
    joined = " ".join(raw)
    cue = _CUES["plate"].search(joined)
    if cue is None:
        return
    position = joined[: cue.end()].count(" ") + 1
    while position < len(raw) and raw[position] in (
        "is",
        "ist",
        "lautet",
        "number",
        "mein",
        "my",
        "von",
        "the",
        "das",
    ):
        position += 1
    first, letters, digits = position, 0, 0
    while position < len(raw):
        word = raw[position]
        step = _step(raw, position, language)
        if step is not None:
            digits += len(step[0])
            position += step[1]
        elif (len(word) <= _SPELLED_PLATE and word.isalpha() and digits == 0) or (
            len(word) == 1 and word.isalpha()
        ):
            letters += len(word)
            position += 1
        else:
            break
    if letters and digits and letters + digits >= 4:
        start, end = words["spans"][first][0], words["spans"][position - 1][1]
        yield Mention(
            start, end, "ID", 0.8, "rule:plate", "letters and digits after a word for a licence plate"
        )


def _emails(words: Mapping[str, Any]) -> Iterator[Mention]:
    """An e-mail address spelled in words: "max punkt muster at web punkt de"."""
    spoken = words["words"]
    for at, word in enumerate(spoken):
        if word not in _AT or not 0 < at < len(spoken) - 2:
            continue
        end = at + 1
        while end + 1 < len(spoken) and spoken[end + 1] in _DOT:
            end += 2
        if end == at + 1 or end >= len(spoken) or spoken[end] not in _ENDINGS:
            continue
        first = at - 1
        while first - 2 >= 0 and (spoken[first - 1] in _DOT or spoken[first - 1] in _JOINERS):
            first -= 2
        start, stop = words["spans"][first][0], words["spans"][end][1]
        yield Mention(start, stop, "EMAIL", 0.9, "rule:email", "an e-mail address spelled in words")


def _spell_email(words: list[str]) -> str:
    return "".join("@" if w in _AT else "." if w in _DOT else _JOINERS.get(w, w) for w in words)
