"""For whom and where somebody works: from what is said of work, shifts and colleagues, and of how the
phone is
answered.

Each way of telling is one pattern with its probability; the same employer told in several ways is surer.
A shift,
a trade or a place of work is often all that is said: then the claim is that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.knowledge.names import fold
from forensics.profile.claim import Claim
from forensics.profile.evidence import p_any
from forensics.profile.naming import is_common
from forensics.profile.records import Evidence, Utterance
from forensics.profile.wording import Phrase, counted, say

INSTITUTIONS = (
    r"\w*(?:klinik|klinikum|krankenhaus|spital|praxis|kanzlei|schule|gymnasium|bücherei|bibliothek|bäckerei|metzgerei|"
    r"apotheke|salon|werkstatt|betrieb|fabrik|depot|theater|institut|universität|hotel|restaurant|gärtnerei|spedition|"
    r"redaktion|verlag|labor|brauerei)|kita|kindergarten|werk|lager|wache|oper|laden|hof|bauernhof|stall|amt|rathaus|büro|"
    r"pension|ferienwohnung|treuhand|uni|hochschule|hospital|clinic|surgery|school|college|university|library|bakery|"
    r"garage|workshop|factory|plant|warehouse|mill|yard|ward|unit|theatre|theater|opera|store|shop|diner|farm|council|"
    r"fire station|police station|laboratory|lab|brewery|newsroom|courthouse|nursery|bank"
)
"""What people work in: general words, of which a longer one may end in one."""
_WORK = re.compile(
    r"\b(?:arbeit\w*|schicht|frühschicht|spätschicht|nachtschicht|dienst|feierabend|kolleg\w+|chef\w*|überstunden|"
    r"elternzeit|probe|vorstellung|kunden?|mandant\w*|patient\w*|shift|shifts|overtime|on call|manager|"
    r"boss|colleague\w*|"
    r"clients?|patients?|rota|maternity leave|payroll|rehearsal|work|working|nights)\b",
    re.IGNORECASE,
)
_MUST_BE = re.compile(
    r"\b(?:muss|soll|darf) (?:ich )?(?:um|ab|bis|heute|morgen|wieder|gleich|dann|jetzt|\w+ vor|\w+ nach|"
    r"viertel|halb|acht|neun|zehn|"
    rf"elf|zwölf|eins|zwei|drei|vier|fünf|sechs|sieben|\s)+ (?:in der|in die|im|ins|am|an der|bei der|"
    rf"beim|bei|auf der) ({INSTITUTIONS}|\w+)"
    r" sein\b|\b(?:have|need|got) to be (?:at|in) (?:the )?([\w' ]{3,25}?) (?:by|at|for|in)\b",
    re.IGNORECASE,
)
_YEARS_AT = re.compile(
    r"\b\w+ (?:jahre|years) (?:lang )?(?:\w+ ){0,2}?(?:bei der|beim|bei|im|in der|am|at|with|for|down)(?: "
    r"the)? ([\w'-]+)",
    re.IGNORECASE,
)
_EMPLOYED = re.compile(
    r"\b(?:arbeite\w*|schaffe?|jobbe) (?:\w+ ){0,2}?(?:bei der|beim|bei|für|im|in der|in dem|am) "
    r"([\w'-]+)|\b(?:i|we) work "
    r"(?:\w+ )?(?:for|at|in|down at)(?: the)? ([\w'-]+)|\bwir sind (?:die|das|der) ([\w-]+)|\b(?:neues|"
    r"los) (?:beim|bei der|bei) ([\w-]+)|"
    r"\b([\w'-]+?)(?:'s|s)? (?:has|have|'s)? ?got us on\b|\bmein\w* (?:chef|chefin|kollege|kollegin) "
    r"(?:bei der|beim|bei|im|in der) "
    r"([\w-]+)|\bmy (?:boss|manager|job) at(?: the)? ([\w'-]+)|\bback at(?: the)? ([\w'-]+) (?:on|from|"
    r"after)",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"^\W*(?:ja |yes |yeah )?((?:[\w'-]+ ){1,5}?)(?:\w+ )?(?:grüß gott|grüß sie|grüezi|guten (?:tag|"
    r"morgen|abend)|schönen guten tag|"
    r"am apparat|was kann ich|how can i help|how may i help|speaking|good (?:morning|afternoon))\b",
    re.IGNORECASE,
)
_ANSWERS_AFTER = re.compile(
    r"^\W*(?:good (?:morning|afternoon)|hello|hi|guten (?:tag|morgen)|hallo|ja hier ist|hier ist|hier "
    r"spricht|moin) (?:\w+ )?"
    rf"((?:the |die |der |das )?(?:[\w'-]+ ){{0,3}}?(?:{INSTITUTIONS})(?: [\w'-]+)?|(?:the )[\w'-]+ "
    rf"[\w'-]+)(?: \w+)? ?"
    r"(?:speaking|how|am apparat|was kann|$|in \w+)",
    re.IGNORECASE,
)
_NO_ANSWER = re.compile(
    r"\b(?:ich|du|wir|i|you|we|that|this|im|in|am|auf|licht|is|ist|an|at|to|my|mein\w*|was|what|wie|how|spiel|play)\b",
    re.I,
)
"""Words of a sentence, which the name of a business has none of."""
_DEPARTMENT = re.compile(
    r"\b(?:it's|this is|hi it's|hier ist|ja) (?:\w+ )?\w+ (?:in|from|von der|aus der) ([\w-]+) can you",
    re.IGNORECASE,
)
_TO_WORK = re.compile(
    rf"\b(?:traffic|verkehr|how long|wie lange|bus|train|zug|route|directions|way|get) .{{0,25}}?\b(?:to|"
    rf"zur|zum|in die|ins|bis zum|bis zur|nach) "
    rf"(?:the |der |dem )?({INSTITUTIONS})\b",
    re.IGNORECASE,
)
_AT_WORK = re.compile(
    rf"\b(?:at|in|am|im|beim|bei der|in der|an der|von der|from|ins|in die|zur)(?: the| my| meiner?| "
    rf"meinem)? ((?:[\w'-]+ )?(?:{INSTITUTIONS}))\b",
    re.IGNORECASE,
)
P_MUST_BE, P_YEARS, P_EMPLOYED, P_ANSWERS, P_TO_WORK, P_BESIDE_WORK = 0.6, 0.7, 0.55, 0.5, 0.45, 0.35
"""Probability that what each pattern names is the subject's work: assumptions. A household has other
people who
work, and errands."""
MAX_P = 0.9
_NO_WORK = frozenset(
    [
        "home",
        "house",
        "zuhause",
        "hause",
        "bed",
        "bett",
        "arbeit",
        "work",
        "der",
        "die",
        "das",
        "dem",
        "den",
        "mir",
        "dir",
        "uns",
        "ihm",
        "ihr",
        "sich",
        "school",
        "schule",
        "kita",
        "kindergarten",
        "nursery",
        "time",
        "zeit",
        "mal",
        "night",
        "day",
        "woche",
        "week",
        "heute",
        "morgen",
        "it",
        "all",
        "once",
        "least",
        "last",
        "first",
        "moment",
        "minute",
        "present",
        "shop",
        "store",
        "apotheke",
        "laden",
        "restaurant",
        "hotel",
        "supermarkt",
        "bank",
    ]
)
"""Words that the patterns catch and that name no work: errands, and where children are."""


@dataclass(frozen=True)
class _Told:
    """One thing told of work."""

    value: str
    attribute: str
    p: float
    utterance: Utterance


def work_claims(evidence: Evidence) -> list[Claim]:
    """Claims ``employer`` and ``work_place`` from what is said of work."""
    told: dict[tuple[str, str], list[_Told]] = defaultdict(list)
    for one in _all_told(evidence):
        told[one.attribute, _key(one.value)].append(one)
    claims = []
    for (attribute, _), found in sorted(told.items()):
        by_utterance = {t.utterance.utterance_id: t for t in sorted(found, key=lambda t: t.p)}
        value = max(found, key=lambda t: (t.p, len(t.value), t.value)).value
        claims.append(
            Claim(
                attribute,
                "subject",
                value,
                min(MAX_P, p_any(t.p for t in by_utterance.values())),
                say(Phrase.EMPLOYER, value=value, utterances=counted(len(by_utterance), "utterance")),
                utterances=set(by_utterance),
                n_support=len(by_utterance),
                sources={t.utterance.source for t in by_utterance.values()},
            )
        )
    return claims


def _all_told(evidence: Evidence) -> Iterator[_Told]:
    orgs = {fold(s) for h in evidence.of("ORG") for s in h.surfaces}
    answered = _answered(evidence)
    for utterance in evidence.utterances:
        for text in utterance.texts[:1]:
            for value, attributes, p in _told_in(text, orgs):
                for attribute in attributes:
                    yield _Told(value, attribute, p, utterance)
    for value, found in answered.items():
        for utterance in found:
            yield _Told(value, "employer", P_ANSWERS, utterance)
            yield _Told(value, "work_place", P_ANSWERS, utterance)


def _told_in(text: str, orgs: set[str]) -> Iterator[tuple[str, tuple[str, ...], float]]:
    both = ("employer", "work_place")
    for pattern, p in ((_MUST_BE, P_MUST_BE), (_YEARS_AT, P_YEARS), (_EMPLOYED, P_EMPLOYED)):
        for match in pattern.finditer(text):
            value = next((g for g in match.groups() if g), "").strip()
            if _may_be_work(value):
                yield _shown(value), both, p
    for match in _TO_WORK.finditer(text):
        if _may_be_work(match[1]):
            yield _shown(match[1]), ("work_place",), P_TO_WORK
    if department := _DEPARTMENT.search(text):
        yield _shown(department[1]), ("work_place",), P_MUST_BE
    if _WORK.search(text):
        for match in _AT_WORK.finditer(text):
            if _may_be_work(match[1].split()[-1]):
                yield _shown(match[1]), ("work_place",), P_BESIDE_WORK


def _answered(evidence: Evidence) -> dict[str, list[Utterance]]:
    """Names under which the phone is answered as a business: with what it is, or more than once."""
    found: dict[str, list[Utterance]] = defaultdict(list)
    for utterance in evidence.utterances:
        for text in utterance.texts[:1]:
            answer = _ANSWERS_AFTER.search(text) or _ANSWERS.search(text)
            if (
                answer
                and not _NO_ANSWER.search(answer[1])
                and re.search(
                    rf"\b(?:{INSTITUTIONS}|heizung|sanitär|malergeschäft|taxi|innere|station|elektro)\b",
                    answer[1],
                    re.I,
                )
            ):
                found[_shown(answer[1].strip())].append(utterance)
    return found


def _may_be_work(value: str) -> bool:
    words = value.casefold().split()
    if not words or words[-1] in _NO_WORK or len(words[-1]) < 3:
        return False
    institution = re.fullmatch(INSTITUTIONS, words[-1], re.IGNORECASE) is not None
    return institution or not is_common(words[-1])


def _shown(value: str) -> str:
    words = re.sub(r"^(?:the|die|der|das|my|mein\w*) ", "", value.strip(), flags=re.IGNORECASE).split()
    return " ".join(w[:1].upper() + w[1:] for w in words)


def _key(value: str) -> str:
    return fold(value.split()[-1] if value.split() else value)
