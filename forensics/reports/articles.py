"""What Articles 33 and 34 GDPR ask for, filled in as far as the evidence goes. Gaps stay gaps."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.case.incident import Unintelligible
from forensics.case.rows import Row
from forensics.reports import facts
from forensics.reports.answers import KINDS, account_data
from forensics.reports.people import children_heard, roster, special_categories, sure_people
from forensics.reports.sentences import counted, kinds_of_files
from forensics.reports.view import View

_LEARNED = {
    "home": ("home_place", "address"),
    "work": ("work_place", "employer"),
    "habits": ("routine_wake", "routine_commute"),
    "absence": ("absence",),
    "contacts": ("contact", "relation"),
}
"""What a recipient may learn, by the attributes of the claims that say it."""
HIGH = ("high", "very high")


@dataclass(frozen=True)
class Item:
    """One thing that a notification has to say.

    Parameters
    ----------
    title : str
    sentences : tuple of str
    gap : bool
        Whether a person has to supply something.
    """

    title: str
    sentences: tuple[str, ...]
    gap: bool = False


def items(view: View) -> list[Item]:
    """Article 33(1), 33(3)(a) to (d), then Article 34."""
    return [
        _authority(view), _nature(view), _contact(view), _consequences(view), _measures(view),
        _subjects(view),
    ]  # fmt: skip


def _authority(view: View) -> Item:
    w = view.words
    lead = facts.told(view, "lead_authority")
    competent = w("article.33.lead", lead=lead or w("gap"))
    if view.severity is None:
        said = (w("article.33.rule"), w("article.33.open"), competent)
        return Item(w("article.33"), said, gap=True)
    return Item(
        w("article.33"),
        (w("article.33.rule"), *_each(view, view.severity, "33"), w("article.our_rule"), competent),
        gap=lead is None or view.severity["band"] == "not determinable",
    )


def _each(view: View, row: Row, article: str) -> list[str]:
    """What follows from the middle and from the upper estimate."""
    w = view.words
    said = [
        w(
            f"article.each.{end}",
            se=w.number(row[f"se_{end}"], 2),
            band=w.name("band", row[f"band_{end}"]),
            then=w(f"article.{article}.{row[f'band_{end}'].replace(' ', '_')}"),
        )
        for end in ("mid", "hi")
    ]
    if row["band"] == "not determinable":
        said.append(w("article.undetermined"))
    return said


def _nature(view: View) -> Item:
    w, said = view.words, view.rows("utterances")
    times = [at for u in said if (at := view.started(u))]
    others = kinds_of_files(view, KINDS)
    when = facts.breach(view)
    sentences = [
        w("article.nature.what", when=when or w("gap")),
        *_numbers(view),
        w(
            "article.nature.records",
            recordings=counted(view),
            others=w.all_of(others),
            span=w.span(min(times), max(times)) if times else w("unknown"),
        ),
    ]
    if special := special_categories(view):
        sentences.append(w("article.nature.special", list=w.all_of(special)))
    if children_heard(view):
        sentences.append(w("article.nature.children"))
    if account := account_data(view):
        sentences.append(account)
    gap = when is None or view.facts.individuals is None
    return Item(w("article.nature"), tuple(sentences), gap=gap)


def _numbers(view: View) -> list[str]:
    """Categories and approximate number of data subjects: as the controller counts them, and as heard."""
    w, recorded = view.words, view.facts.individuals
    said = [w("article.nature.number", n=w("gap") if recorded is None else w.number(recorded))]
    if heard := roster(view):
        said.append(w("article.nature.people", list=heard))
    if recorded is not None and recorded < sure_people(view):
        said.append(w("article.nature.more"))
    return said


def _contact(view: View) -> Item:
    w = view.words
    names = ("controller", "contact", "dpo")
    known = {name: facts.told(view, name) for name in names}
    missing = known["controller"] is None or (known["contact"] is None and known["dpo"] is None)
    said = tuple(f"{facts.title(view, name)}: {value or _absent(view, known, name)}"
                 for name, value in known.items())  # fmt: skip
    return Item(w("article.contact"), said, gap=missing)


def _absent(view: View, known: dict[str, str | None], name: str) -> str:
    """Of contact and data protection officer one suffices: the other is no gap."""
    others = {"contact": "dpo", "dpo": "contact"}
    suffices = name in others and known[others[name]] is not None
    return view.words("not_recorded" if suffices else "gap")


def learned(view: View) -> list[str]:
    """What whoever has the recordings may learn, by the attributes of the statements about the household."""
    kinds = {c["attribute"] for c in view.focus_claims}
    return [
        view.words(f"article.consequences.{what}")
        for what, attributes in _LEARNED.items()
        if kinds & {*attributes}
    ]


def _consequences(view: View) -> Item:
    w, row = view.words, view.headline
    known = learned(view)
    sentences = [
        w("article.consequences.found", p=w.percent(row["p_identify_hi"]))
        if row
        else w("article.consequences.open")
    ]
    if known:
        sentences.append(w("article.consequences.learned", list=w.all_of(known)))
    sentences.append(w("article.consequences.harm"))
    if special := special_categories(view):
        sentences.append(w("article.consequences.special", list=w.all_of(special)))
    if children_heard(view):
        sentences.append(w("article.consequences.children"))
    return Item(w("article.consequences"), tuple(sentences), gap=row is None)


def _measures(view: View) -> Item:
    """Taken as recorded, and what is left to do: nothing that was done already is proposed."""
    w = view.words
    taken, contained = facts.told(view, "measures"), containment(view)
    proposed = [w(f"article.proposed.{view.facts.containment}")]
    told = view.facts.known("people_told_at")
    if view.severity is not None and view.severity["band_hi"] in HIGH and not told:
        proposed.append(w("article.proposed.tell"))
    proposed.append(w("article.proposed.review"))
    sentences = (
        w("article.measures.taken", measures=taken or w("gap")),
        w("article.measures.contained", containment=contained or w("gap")),
        w("article.measures.proposed", list=w.all_of(proposed)),
    )
    return Item(w("article.measures"), sentences, gap=taken is None or contained is None)


def containment(view: View) -> str | None:
    """Containment in words; None while nothing is recorded of it."""
    return facts.told(view, "containment") or facts.but_noted(view, "containment")


def _subjects(view: View) -> Item:
    w, row = view.words, view.severity
    if row is None:
        return Item(w("article.34"), (w("article.34.rule"), w("not_yet")), gap=True)
    said = [w("article.34.rule"), *_each(view, row, "34"), w("article.our_rule")]
    if view.facts.unintelligible is Unintelligible.YES:
        said.append(w("article.34.unintelligible"))
    if row["band_hi"] in HIGH:
        said.append(w("article.34.told"))
    return Item(w("article.34"), tuple(said), gap=row["band"] == "not determinable")
