"""The words of times and dates in English and German."""

from __future__ import annotations

UNITS = {
    "en": [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ],
    "de": [
        "null",
        "eins",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "dreizehn",
        "vierzehn",
        "fünfzehn",
        "sechzehn",
        "siebzehn",
        "achtzehn",
        "neunzehn",
    ],
}
TENS = {
    "en": {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    "de": {"zwanzig": 20, "dreissig": 30, "vierzig": 40, "fünfzig": 50},
}
EXTRA = {
    "en": {"oh": 0, "o": 0, "a": 1, "an": 1},
    "de": {"ein": 1, "eine": 1, "einer": 1, "zwo": 2, "fuenf": 5, "zwoelf": 12},
}


def _numbers(language: str) -> dict[str, int]:
    found = {word: n for n, word in enumerate(UNITS[language])} | TENS[language] | EXTRA[language]
    if language == "de":
        for tens, value in TENS["de"].items():
            for n, unit in enumerate(["", "ein", *UNITS["de"][2:10]]):
                if unit:
                    found[f"{unit}und{tens}"] = value + n
    return found


NUMBERS = {language: _numbers(language) for language in ("en", "de")}
MORNING = {"am", "morning", "morgens", "früh", "vormittag", "vormittags", "nachts"}
EVENING = {"pm", "evening", "afternoon", "tonight", "night", "abend", "abends", "nachmittag", "nachmittags"}
NAMED = {"noon": 720, "midday": 720, "midnight": 0, "mittag": 720, "mittags": 720, "mitternacht": 0}
DAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday montag",
            "tuesday dienstag",
            "wednesday mittwoch",
            "thursday donnerstag",
            "friday freitag",
            "saturday samstag sonnabend",
            "sunday sonntag",
        )
    )
    for name in names.split()
}
RELATIVE = {
    "today": 0,
    "heute": 0,
    "tonight": 0,
    "tomorrow": 1,
    "übermorgen": 2,
    "yesterday": -1,
    "gestern": -1,
}
MONTHS = {
    name: number
    for number, names in enumerate(
        ("january januar jänner", "february februar", "march märz", "april", "may mai", "june juni juno",
        "july juli", "august", "september", "october oktober", "november", "december dezember"), start=1
    )
    for name in names.split()
}  # fmt: skip
ORDINALS_EN = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
ORDINALS_DE = [
    "erste",
    "zweite",
    "dritte",
    "vierte",
    "fünfte",
    "sechste",
    "siebte",
    "achte",
    "neunte",
    "zehnte",
    "elfte",
    "zwölfte",
    "dreizehnte",
    "vierzehnte",
    "fünfzehnte",
    "sechzehnte",
    "siebzehnte",
    "achtzehnte",
    "neunzehnte",
    "zwanzigste",
]
UNIT_MINUTES = {
    "second": 1 / 60, "seconds": 1 / 60, "sekunde": 1 / 60, "sekunden": 1 / 60, "minute": 1, "minutes": 1,
    "minuten": 1,
    "hour": 60, "hours": 60, "stunde": 60, "stunden": 60, "day": 1440, "days": 1440, "tag": 1440,
    "tage": 1440, "tagen": 1440,
    "week": 10080, "weeks": 10080, "woche": 10080, "wochen": 10080,
}  # fmt: skip
HALVES = {
    "anderthalb": 1.5,
    "eineinhalb": 1.5,
    "halben": 0.5,
    "halbe": 0.5,
    "halb": 0.5,
    "half": 0.5,
    "viertelstunde": 0.25,
    "dreiviertelstunde": 0.75,
}
