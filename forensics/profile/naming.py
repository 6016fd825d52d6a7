"""Where in an utterance somebody may be named: by lists of names, by titles, by the words around.

The language room reads single sentences. Here candidates are looked for wide, since the classifier of what is
said of a name (:mod:`forensics.profile.says`) and the household as a whole decide which of them are people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from forensics.knowledge.names import first_name_strength, fold, is_surname
from forensics.profile import cues

WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
LISTED = 0.2
"""Strength from which a word that is no common word is a first name wherever it stands (assumption)."""
_TITLES = frozenset(
    [
        "herr",
        "herrn",
        "frau",
        "doktor",
        "dr",
        "doctor",
        "mr",
        "mrs",
        "ms",
        "miss",
        "missis",
        "mister",
        "misses",
        "coach",
        "professor",
        "prof",
        "nurse",
        "schwester",
        "pfarrer",
        "pastor",
        "father",
        "reverend",
        "sir",
    ]
)
_FAMILY = frozenset(
    [
        "tante",
        "onkel",
        "oma",
        "opa",
        "omi",
        "opi",
        "auntie",
        "aunt",
        "uncle",
        "nana",
        "nan",
        "grandma",
        "grandpa",
        "granny",
        "gran",
        "papa",
        "mama",
        "cousin",
        "cousine",
        "schwager",
        "schwägerin",
        "bruder",
        "brother",
        "sister",
    ]
)
_NEVER = frozenset(
    ["alexa", "echo", "computer", "google", "siri", "amazon", "ziggy", "moin", "servus", "tschüss",
        "ciao", "bye", "goodbye", "morgen", "abend", "nacht", "morning", "grüß", "grüezi",
        "ferienwohnung", "praxis", "heiße", "heiß", "heisst", "heißt", "said", "says", "called", "named",
        "quarter", "half", "feet", "lady", "guy", "stop", "please", "sorry", "lads", "kids", "boys",
        "girls", "ich", "du", "er", "sie", "es", "wir", "ihr", "mich", "dich", "mir", "dir", "uns",
        "euch", "ihn", "ihm", "ihnen", "und", "oder", "aber", "nicht", "kein", "keine", "nein", "ja",
        "doch", "bitte", "danke", "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen",
        "einem", "einer", "mein", "meine", "meinen", "meinem", "meiner", "dein", "deine", "sein", "seine",
        "unser", "unsere", "in", "im", "an", "am", "auf", "aus", "bei", "beim", "mit", "nach", "von",
        "vom", "zu", "zum", "zur", "für", "um", "über", "unter", "vor", "was", "wer", "wie", "wo", "wann",
        "warum", "wieso", "welche", "welcher", "welches", "hier", "da", "dort", "jetzt", "heute",
        "morgen", "gestern", "abend", "früh", "mal", "noch", "schon", "nur", "auch", "so", "sehr", "mehr",
        "dann", "denn", "wenn", "weil", "dass", "ob", "als", "bis", "ist", "bin", "bist", "sind", "seid",
        "war", "waren", "hat", "habe", "hast", "haben", "hatte", "wird", "werden", "wurde", "kann",
        "kannst", "können", "muss", "müssen", "soll", "will", "wollen", "mag", "mach", "mache", "macht",
        "machen", "geht", "gehen", "komm", "kommt", "kommen", "sag", "sage", "sagt", "sagen", "stell",
        "spiel", "spiele", "licht", "an", "aus", "i", "you", "he", "she", "it", "we", "they", "me", "him",
        "her", "us", "them", "my", "your", "his", "its", "our", "their", "the", "a", "an", "and", "or",
        "but", "not", "no", "yes", "please", "thanks", "thank", "of", "to", "for", "with", "from", "at",
        "by", "on", "in", "off", "up", "down", "out", "over", "is", "am", "are", "was", "were", "be",
        "been", "do", "does", "did", "done", "have", "has", "had", "will", "would", "can", "could",
        "should", "may", "might", "must", "let", "get", "got", "go", "going", "come", "what", "who",
        "when", "where", "why", "how", "which", "here", "there", "now", "today", "tomorrow", "tonight",
        "this", "that", "these", "those", "just", "only", "also", "so", "very", "more", "then", "than",
        "if", "because", "as", "until", "okay", "ok", "hey", "hi", "hello", "hallo", "oh", "ah", "um",
        "uh", "well", "right", "left", "one", "two", "three", "everybody", "everyone", "nobody",
        "somebody", "alle", "jemand", "niemand", "mann", "frau", "kind", "leute", "guys", "people", "god",
        "gott", "mensch", "herrgott", "dad", "mum", "mom", "mam", "mama", "papa", "mami", "papi", "mutti",
        "vati", "mutter", "vater", "mother", "father", "daddy", "mummy", "oma", "opa", "omi", "opi",
        "nana", "grandma", "grandpa", "baby", "schatz", "liebling", "darling", "honey", "love", "dear",
        "sweetheart", "nachricht", "message", "timer", "wecker", "alarm", "musik", "music", "radio",
        "song", "lied", "volume", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
        "sunday", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend",
        "sonntag", "january", "february", "march", "april", "june", "july", "august", "september",
        "october", "november", "december", "januar", "februar", "märz", "juni", "juli", "oktober", "dezember"]
)  # fmt: skip
_POSSESSIVE = re.compile(r"(?:mein|dein|sein|ihr|unser|euer|eur)(?:e|er|en|em|es)?|ne|die", re.IGNORECASE)
_ENDS = frozenset(
    ["an", "hier", "und", "speaking", "here", "and", "am", "aus", "vom", "von", "bitte", "please", "an"]
)
"""Words that may follow a full name; others make a second word a verb or a noun."""
_DETERMINERS = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "some",
        "any",
        "every",
        "each",
        "no",
        "my",
        "your",
        "his",
        "her",
        "its",
        "our",
        "their",
        "another",
        "full",
        "new",
        "old",
        "whole",
        "many",
        "few",
        "kein",
        "keine",
        "ein",
        "eine",
        "einen",
        "dieser",
        "diese",
        "dieses",
        "jeder",
        "jede",
        "jedes",
        "welche",
        "welcher",
    ]
)
_STRONG = re.compile(
    r"(?:\bruf\w* (?:bitte |mal )?(?:(?:den|die|das|mir|beim|bei) )?|\b(?:ich|i) (?:bin|heiße|heiss) "
    r"(?:(?:die|der|das|s) )?|"
    r"\bmein name ist |\bhier (?:ist|spricht) (?:(?:die|der) )?|\bich bin'?s (?:die|der)? ?|\bnenn mich |"
    r"\berinner\w* "
    r"(?:bitte )?(?:(?:den|die) )?|\bweck\w* (?:(?:den|die) )?|\bdrop in (?:on |bei )?|\bgrüße? (?:an "
    r")?(?:(?:den|die) )?|"
    r"\bcall |\bphone |\btext |\bfacetime |\bring |\bremind |\bmy name is |\bmy name's |\bi'm called |"
    r"\bthis is |\bit's |"
    r"\bi'm |\bi am |\bcall me |\bannounce |\bdurchsage |\btell |\bask |\bwake |\bhappy birthday (?:to |"
    r"für |lieber? )?"
    r"(?:(?:den|die) )?|\bviele grüße |\bspeak(?:ing)? to )$",
    re.IGNORECASE,
)
"""Words after which a name stands even if no list knows it."""


@dataclass(frozen=True)
class NameSpan:
    """A stretch of a text that may name somebody.

    Parameters
    ----------
    start, end : int
        Offsets into the text, end exclusive; without a title.
    words : tuple of str
        As written.
    title : str or None
        ``title`` (Frau, Dr), ``family`` (Tante) or None.
    strength : float
        How common a first name the first word is.
    common : bool
        Whether the (only) word is a word of commands too.
    mention_ids : tuple of str
        Mentions of the language room that it overlaps.
    ner : float
        The highest score of those.
    cue : bool
        It stands after words that announce a name.
    determined : bool
        It stands after an English article or the like, as names do not.
    spotted : float
        Probability that its words name somebody, by the classifier of words; 0 where that saw no name.
    """

    start: int
    end: int
    words: tuple[str, ...]
    title: str | None = None
    strength: float = 0.0
    common: bool = False
    mention_ids: tuple[str, ...] = ()
    ner: float = 0.0
    cue: bool = False
    determined: bool = False
    spotted: float = 0.0


def name_spans(
    text: str,
    read: Iterable[tuple[int, int, float, str]] = (),
    known: Iterable[str] = (),
    spots: Iterable[tuple[int, int, float]] = (),
) -> list[NameSpan]:
    """Candidates in one text, from left to right, none overlapping.

    Parameters
    ----------
    text : str
    read : iterable of (start, end, score, mention_id)
        PERSON mentions of this text.
    known : iterable of str
        Folded words that name somebody elsewhere in the household.
    spots : iterable of (start, end, p)
        Words that the classifier of words takes for a name.
    """
    tokens = [(m.start(), m.end(), m[0]) for m in WORD.finditer(text)]
    mentions, names, likely = list(read), set(known), list(spots)
    spans: list[NameSpan] = []
    taken = -1
    for i, (start, end, word) in enumerate(tokens):
        if start < taken:
            continue
        title = _title(tokens[i - 1][2]) if i else None
        if title == "title" and i > 1 and _POSSESSIVE.fullmatch(tokens[i - 2][2]):
            title = None  # "meine Frau Katrin" is somebody's wife
        over = [(m[0], m[1]) for m in mentions if m[0] < end and start < m[1]]
        over += [(a, z) for a, z, _ in likely if a < end and start < z]
        strength = name_strength(word)
        common = is_common(word)
        cue = _STRONG.search(text[:start]) is not None or cues.phone_intro(text, start, end)
        if not _may_be_name(word, title, over, strength, common, cue, names):
            continue
        last = i
        while last + 1 < len(tokens) and last - i < 2 and _goes_on(tokens, last + 1, over, title, cue):
            last += 1
        end = tokens[last][1]
        taken = end
        own = [m for m in mentions if m[0] < end and start < m[1]]
        spotted = [p for a, z, p in likely if a < end and start < z]
        spans.append(
            NameSpan(
                start,
                end,
                tuple(t[2] for t in tokens[i : last + 1]),
                title,
                strength,
                common,
                tuple(sorted(m[3] for m in own)),
                max((m[2] for m in own), default=0.0),
                cue,
                i > 0 and tokens[i - 1][2].casefold() in _DETERMINERS,
                max(spotted, default=0.0),
            )
        )
    return spans


@lru_cache(maxsize=1 << 16)
def name_strength(word: str) -> float:
    """How common a first name a word is, its genitive's too."""
    own = first_name_strength(word)
    if own or len(word) < 4:
        return own
    bare = re.sub(r"['’]?s$", "", word)
    return 0.9 * first_name_strength(bare) if bare != word else 0.0


@lru_cache(maxsize=1 << 16)
def is_common(word: str) -> bool:
    """Whether a word is one of commands, which stands there without naming anybody."""
    return word.casefold() in _common()


@cache
def _common() -> frozenset[str]:
    text = (resources.files("forensics.profile") / "data" / "common_words.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and line[0] != "#")


def _title(word: str) -> str | None:
    lower = word.casefold()
    return "title" if lower in _TITLES else "family" if lower in _FAMILY else None


def _may_be_name(
    word: str,
    title: str | None,
    over: Sequence[tuple[int, int]],
    strength: float,
    common: bool,
    cue: bool,
    names: set[str],
) -> bool:
    lower = word.casefold()
    if lower in _NEVER or _title(word) or len(word) < 3:
        return False
    if fold(word) in names or over:
        return True
    if title is not None or cue:
        return not common or strength >= LISTED
    return strength >= LISTED and not common


def _goes_on(
    tokens: list[tuple[int, int, str]],
    at: int,
    over: Sequence[tuple[int, int]],
    title: str | None,
    cue: bool,
) -> bool:
    """Whether the next word is part of the name: read so, or a surname that is no common word."""
    start, end, word = tokens[at]
    if word.casefold() in _NEVER or is_common(word) or _title(word):
        return False
    if any(a < end and start < z for a, z in over):
        return True
    before = tokens[at - 1][2]
    if title == "title":
        return False
    if not is_surname(word) or name_strength(word) >= LISTED or not (cue or name_strength(before) >= LISTED):
        return False
    follows = tokens[at + 1][2].casefold() if at + 1 < len(tokens) else None
    return follows is None or follows in _ENDS or word[:1].isupper()
