"""Numbers in words, in English and German: from words to a number, from a number to words.

Words are compared in lower case; German ones with ``ß`` or ``ss``, and with umlauts or ``ue``. What is a
number in some places only has a table of its own: an article is a one before a unit, "oh" a zero in a row of
digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import takewhile
from types import MappingProxyType

UNITS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ),
    "de": (
        "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf",
        "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
    ),
}  # fmt: skip
"""0 to 19."""
TENS: Mapping[str, tuple[str, ...]] = {
    "en": ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
    "de": ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"),
}
"""20, 30 to 90."""
ARTICLES: Mapping[str, Mapping[str, int]] = {
    "en": {"a": 1, "an": 1},
    "de": {"ein": 1, "eine": 1, "einer": 1, "einen": 1, "einem": 1},
}
"""Words that are a one before what is counted ("in a minute", "eine Stunde"), and an article elsewhere."""
ZEROS: Mapping[str, tuple[str, ...]] = {"en": ("oh", "o"), "de": ()}
"""Said for a zero between digits: "oh double three seven"."""
_ALSO = {"zwei": ("zwo",)}
"""Other words for the same number: ``zwo`` cannot be taken for ``drei`` on a bad line."""
_BELOW = 1_000_000
_WORD = re.compile(r"[^\W\d_]+")


def words(number: int, language: str) -> str:
    """A number as it is said.

    Parameters
    ----------
    number : int
        0 to 999,999.

    Raises
    ------
    ValueError
        If the number is outside that range.

    Examples
    --------
    >>> words(935, "en"), words(935, "de")
    ('nine hundred and thirty-five', 'neunhundertfünfunddreißig')
    """
    if not 0 <= number < _BELOW:
        raise ValueError(f"{number} is not between 0 and {_BELOW - 1:,}")
    return _say_english(number) if language == "en" else _say_german(number)


def value(said: str, language: str) -> int | None:
    """The number that a text is, and nothing else; None if it is no number in words.

    Parameters
    ----------
    said : str
        As :func:`words` writes it, or as it is also said: "a hundred five" is not, "one hundred five" is.

    Examples
    --------
    >>> value("Twenty-five thousand and one", "en"), value("hundertdreissig", "de"), value("five six", "en")
    (25001, 130, None)
    """
    found = _WORD.findall(said)
    first = leading(found, language)
    return first[0] if first and first[1] == len(found) else None


def leading(said: Sequence[str], language: str) -> tuple[int, int] | None:
    """The number with which a row of words begins.

    Parameters
    ----------
    said : sequence of str
        Words without hyphens, in any case.
    language : {'en', 'de'}
        German numbers are one word, so that the count is 1.

    Returns
    -------
    tuple of int or None
        The number, and of how many words it is made; None where the first word begins none.

    Examples
    --------
    >>> leading(["twenty", "five", "two"], "en"), leading(["zwanzig", "fünf"], "de")
    ((25, 2), (20, 1))
    """
    if not said:
        return None
    if language == "en":
        return _english([word.lower() for word in said])
    number = _german(said[0].lower())
    return None if number is None else (number, 1)


def in_digits(text: str, language: str) -> str:
    """A text with the numbers that it has in words in digits, as a recogniser writes them.

    Numbers said one after the other stay apart. An article is no number.

    Examples
    --------
    >>> in_digits("tune to one hundred and seven point four at ten", "en")
    'tune to 107.4 at 10'
    >>> in_digits("neunhundertfünfunddreißig und drei", "de")
    '935 und 3'
    """
    found = list(_WORD.finditer(text))
    written, at, position = [], 0, 0
    while position < len(found):
        if leading([found[position].group()], language) is None:
            position += 1
            continue
        run = _run(text, found, position)
        number, count = leading([word.group() for word in run], language) or (0, 0)
        decimals = _decimals([word.group().lower() for word in run[count:]], language)
        count += 1 + len(decimals) if decimals else 0
        written += [text[at : run[0].start()], f"{number}.{decimals}" if decimals else str(number)]
        at, position = run[count - 1].end(), position + count
    return "".join([*written, text[at:]])


@cache
def one_word(language: str) -> Mapping[str, int]:
    """The numbers below a hundred that are one word, in every spelling: all of them in German."""
    found = {word: n for n, name in enumerate(UNITS[language]) for word in _spellings(name)}
    found |= tens(language)
    if language == "de":
        found |= {
            f"{unit}und{ten}": n + number
            for unit, n in _heads().items()
            for ten, number in tens("de").items()
        }
    return MappingProxyType(found)


@cache
def tens(language: str) -> Mapping[str, int]:
    """The words of 20, 30 to 90, in every spelling."""
    named = enumerate(TENS[language], start=2)
    return MappingProxyType({word: 10 * n for n, name in named for word in _spellings(name)})


@cache
def digits(language: str) -> Mapping[str, str]:
    """The words of single digits as said one by one, "oh" and "ein" among them."""
    found = {word: str(n) for word, n in one_word(language).items() if n < 10}
    found |= dict.fromkeys(ZEROS[language], "0")
    return MappingProxyType(found | ({"ein": "1"} if language == "de" else {}))


def _spellings(name: str) -> set[str]:
    """A word, with ``ss`` for ``ß`` and two letters for an umlaut, and its other words."""
    found = {name, *_ALSO.get(name, ())}
    for letter, letters in (("ß", "ss"), ("ü", "ue"), ("ö", "oe")):
        found |= {word.replace(letter, letters) for word in found}
    return found


# -- to words ----------------------------------------------------------------------------------


def _say_english(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    if thousands:
        joined = " and " if 0 < rest < 100 else " "
        return f"{_say_english(thousands)} thousand" + (joined + _say_english(rest) if rest else "")
    hundreds, rest = divmod(number, 100)
    if hundreds:
        return f"{UNITS['en'][hundreds]} hundred" + (f" and {_say_english(rest)}" if rest else "")
    if number < 20:
        return UNITS["en"][number]
    ten, unit = divmod(number, 10)
    return TENS["en"][ten - 2] + (f"-{UNITS['en'][unit]}" if unit else "")


def _say_german(number: int, one: str = "eins") -> str:
    """`one` is how a one at the end is said: ``ein`` where more of the word follows."""
    thousands, rest = divmod(number, 1000)
    if thousands:
        return _say_german(thousands, "ein") + "tausend" + (_say_german(rest) if rest else "")
    hundreds, rest = divmod(number, 100)
    if hundreds:
        return _say_german(hundreds, "ein") + "hundert" + (_say_german(rest, one) if rest else "")
    if number < 20:
        return one if number == 1 else UNITS["de"][number]
    ten, unit = divmod(number, 10)
    return (_say_german(unit, "ein") + "und" if unit else "") + TENS["de"][ten - 2]


# -- from words --------------------------------------------------------------------------------


def _english(said: Sequence[str]) -> tuple[int, int] | None:
    """[Below a thousand "thousand" ["and"]] below a thousand: the number, and how many words it takes."""
    return _with_rest(said, _english_below_thousand, "thousand", 1000, 1000)


def _english_below_thousand(said: Sequence[str]) -> tuple[int, int] | None:
    """[Below twenty "hundred" ["and"]] below a hundred; "nineteen hundred" is one of them."""
    return _with_rest(said, _english_below_hundred, "hundred", 100, 20)


def _english_below_hundred(said: Sequence[str]) -> tuple[int, int] | None:
    number = one_word("en").get(said[0]) if said else None
    if number is None:
        return None
    unit = one_word("en").get(said[1], 0) if number >= 20 and len(said) > 1 else 0
    return (number + unit, 2) if 0 < unit < 10 else (number, 1)


def _with_rest(
    said: Sequence[str],
    part: Callable[[Sequence[str]], tuple[int, int] | None],
    name: str,
    size: int,
    most: int,
) -> tuple[int, int] | None:
    """A number of hundreds or thousands below `most`, and what follows them; without them the part alone."""
    head = part(said)
    if head is None or not 0 < head[0] < most or list(said[head[1] : head[1] + 1]) != [name]:
        return head
    number, count = head[0] * size, head[1] + 1
    after = count + (list(said[count : count + 1]) == ["and"])
    rest = part(said[after:])
    return (number + rest[0], after + rest[1]) if rest and 0 < rest[0] < size else (number, count)


def _german(word: str) -> int | None:
    """[Below a thousand ``tausend`` [``und``]] below a thousand, all in one word."""
    head, thousand, rest = word.rpartition("tausend")
    if not thousand:
        return _german_below_thousand(word, one_word("de"))
    thousands = _german_below_thousand(head, _before_more()) if head else 1
    ones = _german_below_thousand(rest.removeprefix("und"), one_word("de")) if rest else 0
    if not thousands or thousands >= 1000 or ones is None or ones >= 1000 or (rest and not ones):
        return None
    return 1000 * thousands + ones


def _german_below_thousand(word: str, below: Mapping[str, int]) -> int | None:
    """[Below twenty ``hundert`` [``und``]] below a hundred, which `below` has the words of."""
    head, hundred, rest = word.rpartition("hundert")
    if not hundred:
        return below.get(word)
    hundreds = _before_more().get(head) if head else 1
    ones = below.get(rest.removeprefix("und")) if rest else 0
    if not hundreds or hundreds >= 20 or ones is None or (rest and not ones):
        return None
    return 100 * hundreds + ones


@cache
def _heads() -> Mapping[str, int]:
    """1 to 9 as they stand before ``und``: ``ein`` for a one."""
    units = enumerate(UNITS["de"][2:10], start=2)
    return {"ein": 1, **{word: n for n, name in units for word in _spellings(name)}}


@cache
def _before_more() -> Mapping[str, int]:
    """:func:`one_word` where more of the word follows: ``ein`` instead of ``eins``."""
    return {word: n for word, n in one_word("de").items() if word != "eins"} | {"ein": 1}


def _run(text: str, found: Sequence[re.Match[str]], position: int) -> list[re.Match[str]]:
    """The words from `position` on that stand one after the other, with a space or a hyphen between them."""
    end = position + 1
    while end < len(found) and text[found[end - 1].end() : found[end].start()] in (" ", "-"):
        end += 1
    return list(found[position:end])


def _decimals(said: Sequence[str], language: str) -> str:
    """The digits after "point", as far as they go; empty without any, and in German."""
    if language != "en" or said[:1] != ["point"]:
        return ""
    known = digits(language)
    return "".join(known[word] for word in takewhile(known.__contains__, said[1:]))
