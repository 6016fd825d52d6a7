"""What Articles 33 and 34 GDPR ask for, filled in as far as the evidence goes. Gaps stay gaps."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.reports.answers import people, special_matters
from forensics.reports.inert import inert
from forensics.reports.sentences import kinds_of_files
from forensics.reports.view import View


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


def roster(view: View) -> str:
    """The people concerned by role, at least."""
    w = view.words
    found = people(view)
    forms = ((role, n, "one" if n == 1 else "other") for role, n in found.items())
    return (
        w.all_of(w(f"people.{role}.{form}", n=w.number(n)) for role, n, form in forms)
        if found
        else w("unknown")
    )


def _authority(view: View) -> Item:
    w, row = view.words, view.severity
    if row is None or row["band"] == "not determinable":
        return Item(w("article.33"), (w("article.33.rule"), w("article.33.open")), gap=True)
    told = w(
        "article.33.low" if row["band"] == "low" else "article.33.risk", band=w.name("band", row["band"])
    )
    return Item(w("article.33"), (w("article.33.rule"), told))


def _nature(view: View) -> Item:
    w = view.words
    times = [r["started_at"] for r in view.rows("recordings") if r["started_at"]]
    text = w(
        "article.nature.text",
        recordings=w.count("recordings", len(view.rows("recordings"))),
        others=w.all_of(kinds_of_files(view, ("account_data", "transcript", "other"))),
        people=roster(view),
        span=w.span(min(times), max(times)) if times else w("unknown"),
    )
    return Item(w("article.nature"), (text,))


def _contact(view: View) -> Item:
    w = view.words
    known = [
        f"{w.name('incident', k)}: {inert(view.incident[k])}"
        for k in ("controller", "dpo")
        if k in view.incident
    ]
    missing = [w.name("incident", k) for k in ("controller", "dpo") if k not in view.incident]
    gaps = [f"{name}: {w('gap')}" for name in missing]
    return Item(w("article.contact"), (*known, *gaps), gap=bool(missing))


def _consequences(view: View) -> Item:
    w, row = view.words, view.headline
    high = w.percent(row["p_identify_hi"]) if row else w("unknown")
    sentences = [w("article.consequences.text", p=high)]
    if special := special_matters(view):
        sentences.append(w("article.consequences.special", list=w.all_of(special)))
    return Item(w("article.consequences"), tuple(sentences), gap=row is None)


def _measures(view: View) -> Item:
    w = view.words
    recorded = view.incident.get("containment")
    text = w("article.measures.text", containment=inert(recorded) if recorded else w("gap"))
    return Item(w("article.measures"), (text,), gap=recorded is None)


def _subjects(view: View) -> Item:
    w, row = view.words, view.severity
    if row is None or row["band"] == "not determinable":
        return Item(w("article.34"), (w("not_yet"),), gap=True)
    high = row["band"] in ("high", "very high")
    return Item(w("article.34"), (w("article.34.high" if high else "article.34.low"),))
