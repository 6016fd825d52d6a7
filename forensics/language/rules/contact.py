"""E-mail addresses, telephone numbers and street addresses, as they are written."""

from __future__ import annotations

import re

from forensics.language.reading import Mention

_DIGIT_OR_AT = re.compile(r"[\d@]")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}\b")
_PHONE = re.compile(r"(?<![\w.,:/-])(?:\+|00)?\(?\d{2,5}\)?(?:[ /-]?\(?\d{1,8}\)?){1,6}(?![\w:/-]|[.,]\d)")
_STREET_DE = re.compile(
    r"\b[A-ZÄÖÜ][\wäöüß.-]*(?:[ -][A-ZÄÖÜ][\wäöüß.-]*){0,2}?[ -]?"
    r"(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Gg]asse|[Rr]ing|[Dd]amm|[Uu]fer|[Cc]haussee|[Ss]tieg)"
    r"\s+\d{1,4}(?:\s?[a-z])?\b(?:,?\s+\d{5}\s+[A-ZÄÖÜ][\wäöüß-]+)?"
)
_STREET_EN = re.compile(
    r"\b\d{1,5}[A-Za-z]?\s+(?:[A-Z][\w'.-]*\s+){1,4}"
    r"(?:Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Dr\.?|Court|Ct\.?|Boulevard|Blvd\.?|Square|Terrace|Way|Close)(?![\w])"
    r"(?:,?\s+[A-Z][\w .-]{2,30},?\s+(?:[A-Z]{2}\s+\d{5}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}))?"
)
_POSTCODE_TOWN = re.compile(
    r"\b(?:D-)?\d{5}\s+[A-ZÄÖÜ][\wäöüß-]+(?:\s+(?:am|an der|im|bei)\s+[A-ZÄÖÜ][\wäöüß]+)?"
)
_DATE_LIKE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{2}:\d{2}")


def find(text: str) -> list[Mention]:
    """The contact data written in `text`."""
    if not _DIGIT_OR_AT.search(text):
        return []
    found = [
        Mention(m.start(), m.end(), "EMAIL", 0.99, "rule:email", "has the form of an e-mail address")
        for m in _EMAIL.finditer(text)
    ]
    for pattern, score, reason in (
        (_STREET_DE, 0.9, "a street's name with a house number"),
        (_STREET_EN, 0.9, "a house number with a street's name"),
        (_POSTCODE_TOWN, 0.7, "a postcode with a town's name"),
    ):
        found += [
            Mention(m.start(), m.end(), "ADDRESS", score, "rule:address", reason)
            for m in pattern.finditer(text)
        ]
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        international = match.group().startswith(("+", "00"))
        if (
            not 7 <= len(digits) <= 15
            or _DATE_LIKE.search(match.group())
            or not (international or digits[0] == "0" or "-" in match.group() or "(" in match.group())
        ):
            continue
        found.append(
            Mention(
                match.start(),
                match.end(),
                "PHONE",
                0.9 if international else 0.8,
                "rule:phone",
                f"{len(digits)} digits in the form of a telephone number",
            )
        )
    return found
