"""The five answers that a report gives first: what, whose, how identifiable, how severe, by when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from forensics.reports import facts
from forensics.reports.orders import FEW, few_left, length, orders, played
from forensics.reports.people import children_heard, roster, special_categories
from forensics.reports.sentences import (
    copies,
    group_name,
    headline_sentence,
    input_name,
    kinds_of_files,
    severity_sentence,
    voice_sentence,
)
from forensics.reports.view import View


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


KINDS = ("account_data", "transcript", "other", "refused")
"""Files that are no recordings, by what intake did with them."""


def answers(view: View) -> list[Answer]:
    """The five answers, in the order in which they are asked."""
    return [leaked(view), whose(view), identifiable(view), severe(view), notify(view)]


def leaked(view: View) -> Answer:
    """What is in the bundle."""
    w = view.words
    recordings, audio, said = view.rows("recordings"), view.rows("audio"), view.rows("utterances")
    times = [at for u in said if (at := view.started(u))]
    devices = {u["device_id"] for u in said if u["device_id"]}
    silent = sum(u["recording_id"] is None for u in said)
    sentences = [
        w(
            "leaked.recordings",
            n=w.count("recordings", len(recordings)),
            length=w.duration(sum(a["duration_s"] or 0 for a in audio)),
            speech=w.duration(sum(a["speech_s"] or 0 for a in audio)),
            devices=w.count("devices", len(devices)),
            span=w.span(min(times), max(times)) if times else w("unknown"),
        )
    ]
    if silent:
        sentences.append(w.count("leaked.texts", silent))
    if copied := copies(view):
        sentences.append(copied)
    no_device, no_time = (sum(not u[column] for u in said) for column in ("device_id", "started_at"))
    if no_device and no_time:
        told = {"device": w.count("utterances", no_device), "time": w.number(no_time)}
        sentences.append(w("leaked.no_device_or_time", **told))
    elif no_device or no_time:
        named = w.count("utterances", no_device or no_time)
        sentences.append(w("leaked.no_device" if no_device else "leaked.no_time", n=named))
    if others := kinds_of_files(view, KINDS):
        sentences.append(w("leaked.others", list=w.all_of(others)))
    if special := special_categories(view):
        sentences.append(w("leaked.special", list=w.all_of(special)))
    if children_heard(view):
        sentences.append(w("leaked.children"))
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
        sentences += [w("whose.mixed"), account_data(view)]
    if found := roster(view):
        sentences.append(w("whose.people", list=found))
    return Answer("subjects", w("whose.question"), w.count("groups", len(groups)), tuple(sentences))


def account_data(view: View) -> str:
    """What of the account's own data the case holds, and to whom it went; empty if it holds none."""
    w = view.words
    accounts = [str(g["data_subject_group"]) for g in view.rows("groups") if g["role"] == "account"]
    if not accounts:
        return ""
    held = w.all_of(kinds_of_files(view, KINDS, group=accounts[0]))
    told = facts.told(view, "account_data") or facts.but_noted(view, "account_data")
    whom = told or w("whose.account.unknown")
    return w("whose.account", letter=view.letter(accounts[0]), held=held, whom=whom)


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
        said = w("identifiable.assumed", share=w.percent(row["assumption_share"]))
        assumed = [s for s in row["sensitivity"] or () if s["p_total"] and s["basis"] == "assumption"]
        if assumed:
            most = max(assumed, key=lambda s: float(s["p_total"]))
            name, part = input_name(view, most), w.percent(most["p_total"])
            said += " " + w("identifiable.assumed_most", name=name, part=part)
        sentences.append(said)
    sentences += [w("identifiable.acquaintance"), voice_sentence(view)]
    return Answer("risk", question, w("up_to", p=w.percent(high)), tuple(sentences), tone)


def severe(view: View) -> Answer:
    """How severe the breach is after ENISA."""
    w, row = view.words, view.severity
    if row is None:
        return Answer("severity", w("severe.question"), w("not_yet"), (w("severity.empty"),))
    sentences = [severity_sentence(view, row)]
    if unknown := facts.missing(view):
        sentences.append(w("severe.unknown", list=w.all_of(unknown)))
    sentences += [*facts.unread(view), w("severe.bridge")]
    middle, short = w.name("band", row["band_mid"]), w.name("band", row["band"])
    if row["band_mid"] != row["band"]:
        short = w("severe.short", upper=short, middle=middle)
    return Answer("severity", w("severe.question"), short, tuple(sentences), row["band"])


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
