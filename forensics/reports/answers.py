"""The five answers that a report gives first: what, whose, how identifiable, how severe, by when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from forensics.reports.orders import FEW, few_left, length, orders, played
from forensics.reports.sentences import group_name, headline_sentence, kinds_of_files, severity_sentence
from forensics.reports.view import SPECIAL, View

_PEOPLE = ("subject", "companion", "child", "visitor", "contact")


@dataclass(frozen=True)
class Answer:
    """One question a regulator asks first.

    Parameters
    ----------
    name : str
        Anchor of the section with the evidence.
    question, short : str
        ``short`` is what is read in two seconds.
    sentences : tuple of str
    tone : {'plain', 'low', 'medium', 'high', 'very high'}
    """

    name: str
    question: str
    short: str
    sentences: tuple[str, ...]
    tone: str = "plain"


def answers(view: View) -> list[Answer]:
    """The five answers, in the order in which they are asked."""
    return [leaked(view), whose(view), identifiable(view), severe(view), notify(view)]


def leaked(view: View) -> Answer:
    """What is in the bundle."""
    w = view.words
    recordings, audio, said = view.rows("recordings"), view.rows("audio"), view.rows("utterances")
    length = sum(a["duration_s"] or 0 for a in audio)
    times = [u["started_at"] for u in said if u["started_at"]]
    devices = {u["device_id"] for u in said if u["device_id"]}
    silent = sum(u["recording_id"] is None for u in said)
    sentences = [
        w(
            "leaked.recordings",
            n=w.count("recordings", len(recordings)),
            length=w.duration(length),
            speech=w.duration(sum(a["speech_s"] or 0 for a in audio)),
            devices=w.count("devices", len(devices)),
            span=w.span(min(times), max(times)) if times else w("unknown"),
        )
    ]
    if silent:
        sentences.append(w("leaked.texts", n=w.count("utterances", silent)))
    if others := kinds_of_files(view, ("account_data", "transcript", "other", "refused")):
        sentences.append(w("leaked.others", list=w.all_of(others)))
    special = special_matters(view)
    if special:
        sentences.append(w("leaked.special", list=w.all_of(special)))
    short = w.count("recordings", len(recordings)) if recordings else w.count("utterances", len(said))
    return Answer("inventory", w("leaked.question"), short, tuple(sentences))


def whose(view: View) -> Answer:
    """Whose data it is, third parties and children included."""
    w = view.words
    known = {g["data_subject_group"]: g for g in view.rows("groups")}
    groups = [known[name] for name in view.groups]
    recorded = Counter(r["data_subject_group"] for r in view.rows("recordings"))
    sentences = [
        w(
            "whose.group",
            group=group_name(view, g["data_subject_group"]),
            members=w.count("members", g["n_members"]),
            recordings=w.count("recordings", recorded[g["data_subject_group"]]),
        )
        for g in groups
    ]
    if {"account", "devices"} <= {g["role"] for g in groups}:
        sentences.append(w("whose.mixed"))
    roster = people(view)
    if roster:
        listed = (
            w(f"people.{role}.{'one' if n == 1 else 'other'}", n=w.number(n)) for role, n in roster.items()
        )
        sentences.append(w("whose.people", list=w.all_of(listed)))
    return Answer("subjects", w("whose.question"), w.count("groups", len(groups)), tuple(sentences))


def people(view: View) -> dict[str, int]:
    """How many people of each role the claims speak of: at least, since many are never named."""
    named: dict[str, set[str]] = {role: set() for role in _PEOPLE}
    for claim in view.focus_claims:
        if claim["p_true"] < 0.5 or claim["attribute"] not in (
            "first_name",
            "surname",
            "contact",
            "child",
            "relation",
        ):
            continue
        role = claim["subject_role"] if claim["subject_role"] in named else "contact"
        if claim["attribute"] in ("child", "relation"):
            named[role].add("") if not named[role] else None
            continue
        named[role].discard("")
        known_as = view.masker.pseudonym_of(claim["value"], group=claim["data_subject_group"])
        named[role].add(claim["person_id"] or known_as)
    if view.focus_claims:
        named["subject"] = {""}  # one household has one subject, however many first names are in doubt
    return {role: len(found) for role, found in named.items() if found}


def identifiable(view: View) -> Answer:
    """How easily the subject is found."""
    w, row = view.words, view.headline
    question = w("identifiable.question")
    if row is None:
        return Answer("risk", question, w("not_yet"), (w("risk.empty"),))
    high = row["p_identify_hi"]
    tone = "low" if high < 0.05 else "medium" if high < 0.33 else "high" if high < 0.9 else "very high"
    sentences = [headline_sentence(view, row)]
    found = orders(view)
    for order in [o for o in played(found) if o != "best_first"]:
        if few := few_left(found[order]):
            told = {"length": length(view, few), "k": w.number(FEW)}
            sentences.append(w("identifiable.soon", order=w(f"identifiable.soon.{order}"), **told))
    if row["assumption_share"] is not None:
        sentences.append(w("identifiable.assumed", share=w.percent(row["assumption_share"])))
    sentences.append(w("identifiable.acquaintance"))
    return Answer("risk", question, w("up_to", p=w.percent(high)), tuple(sentences), tone)


def severe(view: View) -> Answer:
    """How severe the breach is after ENISA."""
    w, row = view.words, view.severity
    if row is None:
        return Answer("severity", w("severe.question"), w("not_yet"), (w("severity.empty"),))
    sentences = [severity_sentence(view, row)]
    unknown = [
        w.name("incident", key) for key in ("recipient", "containment", "intent") if key not in view.incident
    ]
    if unknown:
        sentences.append(w("severe.unknown", list=w.all_of(unknown)))
    sentences.append(w("severe.bridge"))
    return Answer(
        "severity", w("severe.question"), w.name("band", row["band"]), tuple(sentences), row["band"]
    )


def notify(view: View) -> Answer:
    """By when the authority must hear of it."""
    w = view.words
    question = w("notify.question")
    if view.notify_by is None:
        return Answer(
            "notification", question, w("notify.unknown.short"), (w("notify.unknown"), w("notify.rule"))
        )
    sentences = [view.clock_sentence, w("notify.rule")]
    return Answer("notification", question, w.time(view.notify_by), tuple(sentences))


def special_matters(view: View) -> list[str]:
    """Kinds of special or sensitive matters that may have been disclosed, for a person to confirm."""
    w = view.words
    mentions = [m for m in view.rows("mentions") if m["data_subject_group"] == view.focus]
    kinds = {c["attribute"] for c in view.focus_claims if c["attribute"] in SPECIAL}
    kinds |= {str(m["special_category"]) for m in mentions if m["special_category"]}
    if any(c["attribute"] == "child" or c["subject_role"] == "child" for c in view.focus_claims):
        kinds.add("child")
    return [w.name("special", kind) for kind in sorted(kinds)]
