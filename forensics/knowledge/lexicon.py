"""What is known of words before any sentence is read: names, places, relations, devices, services.

The classes are features for the recogniser, not findings: that "Jordan" can be a first name, a surname
and a country is all that this module says of it.
"""

from __future__ import annotations

import csv
import gzip
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

DATA = Path(str(files("forensics.knowledge"))) / "data"
CLASSES_FILE = DATA / "word_classes.tsv.gz"
_LONGEST = 4  # words of the longest form in the file
_SHORTEST_GENITIVE = 4  # letters of a word whose "s" may be a genitive's: an assumption


@lru_cache(maxsize=1)
def word_classes() -> WordClasses:
    """The classes as shipped."""
    with gzip.open(CLASSES_FILE, "rt", encoding="utf-8") as file:
        return WordClasses(dict(line.rstrip("\n").split("\t") for line in file))


class WordClasses:
    """Looks up what words are known as.

    Parameters
    ----------
    forms : dict
        From one to four words in one spelling, joined by blanks, to their classes, such as ``"F3S1"``.
        F first name, S surname, P place (each with how common, 1 to 3), R relation, D device, V service,
        H room.
    """

    def __init__(self, forms: dict[str, str]) -> None:
        self._single = {form: marks for form, marks in forms.items() if " " not in form}
        self._longer = {form: marks for form, marks in forms.items() if " " in form}
        self._starts = {form.split(" ", 1)[0] for form in self._longer}

    def of(self, words: list[str]) -> list[str]:
        """The class of each word; a word inside a longer known form says so.

        Examples
        --------
        >>> word_classes().of(["weather", "for", "new", "york"])
        ['', '', 'BP3', 'IP3']
        """
        single = self._single
        found = [single.get(word) or self._genitive(word) for word in words]
        for start, word in enumerate(words[:-1]):
            if word not in self._starts or found[start][:1] == "I":
                continue
            for length in range(min(_LONGEST, len(words) - start), 1, -1):
                marks = self._longer.get(" ".join(words[start : start + length]))
                if marks is not None:
                    found[start] = "B" + marks
                    found[start + 1 : start + length] = ["I" + marks] * (length - 1)
                    break
        return found

    def listed(self, word: str) -> str:
        """The class of a single word as the lists have it: no genitives.

        Examples
        --------
        >>> word_classes().listed("annas"), word_classes().of(["annas"]) == word_classes().of(["anna"])
        ('', True)
        """
        return self._single.get(word, "")

    def _genitive(self, word: str) -> str:
        """The class of the first name that `word` is the genitive of: "sandras geburtstag", "toms email"."""
        if len(word) < _SHORTEST_GENITIVE or word[-1] != "s":
            return ""
        marks = self._single.get(word[:-1], "")
        return marks if marks[:1] == "F" and marks[1:2] != "1" else ""


@lru_cache(maxsize=8)
def read_forms(table: str) -> tuple[dict[str, str], ...]:
    """The rows of a word list of the package, such as ``devices``."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
