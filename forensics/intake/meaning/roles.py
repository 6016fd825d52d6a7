"""Who a person and what a place is to the household, as the names of columns, settings and groups say it."""

# ruff: noqa: E501 (patterns are easier to read whole)

from __future__ import annotations

import re
from collections.abc import Mapping

from forensics.knowledge.whose import age_word, role_of_relation, whose

_PERSONAL = ("person", "speaker", "email", "phone")
_OF_AGE = 18
_HOME = re.compile(
    r"\bhome\b|home.?address|zuhause|zu hause|heim(at)?adresse|wohn(ort|anschrift|adresse)|domicile|maison|chez (moi|vous)|\bcasa\b|domicilio|"
    r"residence|wohnsitz|\bthuis\b|\bhjem\b|\bhem\b|\bkoti\b|\bdom\b|\bdomov\b|\bev\b|дом\b|自宅|家\b|住家|집\b|origin.?address|pick.?up",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"\bwork\b|work.?(place|address)|arbeit(splatz|sort|sadresse)?\b|\bbüro\b|\boffice\b|travail|bureau|trabajo|oficina|lavoro|ufficio|\bwerk\b|"
    r"\bjobb?\b|\barbete\b|praca|práce|\biş\b|работа|職場|勤務先|公司|회사|직장|employer|arbeitgeber|destination.?address",
    re.IGNORECASE,
)
_NOT_HOME = re.compile(
    r"home.?(automation|kit|screen|page|group|assistant|app)|google home|smart.?home|is.?home|home.?id",
    re.IGNORECASE,
)


def age_in(cell: str, header: str = "") -> str | None:
    """``"child"`` or ``"adult"`` if a cell says nothing else, or is an age in years.

    Examples
    --------
    >>> age_in("CHILD"), age_in("Erwachsene"), age_in("children's music"), age_in("9", "Alter"), age_in("9")
    ('child', 'adult', None, 'child', None)
    """
    text = cell.strip()
    if len(text) > 20:
        return None
    if text.isdecimal() and len(text) < 4:
        return ("child" if int(text) < _OF_AGE else "adult") if "age" in whose(header) else None
    return age_word(text)


def relation_in(row: Mapping[str, str], people: bool) -> str | None:
    """Who the person of a row is to the household, if a cell names a relation and nothing else.

    Parameters
    ----------
    row : mapping
        Cells by header.
    people : bool
        The table lists people, so that the header of relations may say anything.

    Examples
    --------
    >>> relation_in({"name": "Ada", "Beziehung": "Ehefrau"}, False), relation_in({"item": "mother"}, False)
    ('companion', None)
    """
    for header, cell in row.items():
        if people or "relation" in whose(header):
            role = role_of_relation(cell)
            if role is not None and (role != "subject" or {"relation", "part"} & whose(header)):
                return role
    return None


def person_role(
    meaning: str, field: str, holder: bool, age: str | None, relation: str | None = None
) -> str | None:
    """Who a named person is to the household; None where nothing says so.

    Parameters
    ----------
    meaning, field : str
        Of the cell; the field with the names of its file and of its records before it, each with a slash.
    holder : bool
        The table describes the account's holder alone.
    age : str or None
        What the row says of the person's age.
    relation : str or None
        What the row says of the person's relation, as a role.
    """
    if meaning not in _PERSONAL:
        return None
    said = whose(field)
    if age == "child" or (meaning in ("person", "speaker") and "child" in said):
        return "child"
    if relation is not None:
        return relation
    if {"contact", "recipient"} & said:
        return "contact"
    if holder or ("holder" in said and "household" not in said):
        return "subject"
    return None


def place_role(meaning: str, field: str, topic: str | None, beside: str) -> str | None:
    """What a place is to the household, by its field, or by what its record says of it; None where nothing does."""
    if meaning not in ("place", "address", "coordinates"):
        return None
    plain = re.sub(r"[_.\[\]]+", " ", re.sub(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])", " ", field))
    for text in (plain, beside):
        cleaned = _NOT_HOME.sub(" ", text)
        home, work = bool(_HOME.search(cleaned)), bool(_WORK.search(cleaned))
        if home != work:
            return "home" if home else "work"
    return "home" if topic == "device" and meaning == "address" else None
