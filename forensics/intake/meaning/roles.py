"""Who a person and what a place is to the household, as the names of columns, settings and groups say it."""

# ruff: noqa: E501 (patterns are easier to read whole)

from __future__ import annotations

import re

_PERSONAL = ("person", "speaker", "email", "phone")
_CHILD = re.compile(
    r"child(ren)?|kid|minor|teen|kind(er)?|enfant|niño|niña|bambino|bambina|dziecko|criança|barn|lapsi|dítě",
    re.IGNORECASE,
)
_ADULT = re.compile(
    r"adult|grown.?up|erwachsen\w*|adulte|adulto|adulta|dorosły|volwassen\w*|vuxen|voksen", re.IGNORECASE
)
_CONTACT = re.compile(r"contact|kontakt|recipient|empfänger|address.?book|adressbuch|rubrica|carnet|caller|callee|sender|absender|participant",
                      re.IGNORECASE)  # fmt: skip
_HOLDER = re.compile(r"account.?(holder|name|owner)|customer.?name|holder|owner|kontoinhaber|kundenname|inhaber|titulaire|titular|intestatario|"
                     r"profile?\b.?name|user.?name|full.?name|primary", re.IGNORECASE)  # fmt: skip
_HOUSEHOLD = re.compile(
    r"household|haushalt|family|familie|famille|familia|famiglia|member|mitglied|voice.?profile|stimmprofil",
    re.IGNORECASE,
)
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


def age_in(cell: str) -> str | None:
    """``"child"`` or ``"adult"`` if a cell says nothing else.

    Examples
    --------
    >>> age_in("CHILD"), age_in("Erwachsene"), age_in("children's music")
    ('child', 'adult', None)
    """
    text = cell.strip()
    if len(text) > 20:
        return None
    if _CHILD.fullmatch(text):
        return "child"
    return "adult" if _ADULT.fullmatch(text) else None


def person_role(meaning: str, field: str, holder: bool, age: str | None) -> str | None:
    """Who a named person is to the household; None where nothing says so.

    Parameters
    ----------
    meaning, field : str
        Of the cell; the field with the names of its file and of its records.
    holder : bool
        The table describes the account's holder alone.
    age : str or None
        What the row says of the person's age.
    """
    if meaning not in _PERSONAL:
        return None
    if age == "child" or (meaning == "person" and re.search(r"\bchild|\bkind\b", field, re.IGNORECASE)):
        return "child"
    if _CONTACT.search(field):
        return "contact"
    if holder or (_HOLDER.search(field) and not _HOUSEHOLD.search(field)):
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
