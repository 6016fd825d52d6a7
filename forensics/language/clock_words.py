"""The words of times and dates in English and German."""

from __future__ import annotations

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
