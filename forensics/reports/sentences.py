"""Sentences that more than one report says."""

from __future__ import annotations

from collections import Counter

from forensics.case.rows import Row
from forensics.reports.view import View


def headline_sentence(view: View, row: Row) -> str:
    """The risk in one sentence, upper bound first."""
    w = view.words
    return w(
        "risk.sentence",
        who=risk_name(view, row),
        hi=w.percent(row["p_identify_hi"]),
        mid=w.percent(row["p_identify_mid"]),
        lo=w.percent(row["p_identify_lo"]),
        k=w.interval(w.about(row["k_lo"]), w.about(row["k_hi"])),
        n=w.about(row["population_n"]),
        unit=w.name("unit_of", row["unit"]),
        population=population(view, row),
    )


def severity_sentence(view: View, row: Row) -> str:
    """The severity in one sentence: middle, both ends, and which of them decides by our rule."""
    w = view.words
    ends: dict[str, str] = {}
    for end in ("lo", "mid", "hi"):
        ends[end] = w.number(row[f"se_{end}"], 2)
        ends[f"band_{end}"] = w.name("band", row[f"band_{end}"])
    rule = "severity.rule.open" if row["band"] == "not determinable" else "severity.rule"
    return f"{w('severity.sentence', **ends)} {w(rule, band=w.name('band', row['band']))}"


def risk_name(view: View, row: Row) -> str:
    """Adversary and what they work with."""
    w = view.words
    if row["adversary"] == "voice":  # works with voices alone, whoever reads or hears the words
        return w("adversary.voice.of", n=w.about(row["population_n"]))
    return f"{w.name('adversary', row['adversary'])}, {w.name('attacker', row['attacker'])}"


def voice_sentence(view: View) -> str:
    """How somebody who compares voices fares, or why it matters that this was not measured."""
    w = view.words
    rows = [r for r in view.rows("risk") if r["adversary"] == "voice"]
    own = [r for r in rows if r["data_subject_group"] == view.focus]
    if not own:
        return w("identifiable.voice.unmeasured")
    ends = {end: w.percent(own[0][f"p_unique_{end}"]) for end in ("lo", "mid", "hi")}
    return w("identifiable.voice", n=w.about(own[0]["population_n"]), **ends)


def population(view: View, row: Row) -> str:
    """Among whom one looks, without the source, which stands in a table."""
    w, code = view.words, row["country"]
    country = w("population.world") if code is None else w.country(code) or code
    return w(f"population.{row['population_kind']}", country=country)


def counted(view: View) -> str:
    """How many recordings and texts without sound there are."""
    w = view.words
    silent = sum(u["recording_id"] is None for u in view.rows("utterances"))
    sounds = len(view.rows("recordings"))
    parts = [w.count("recordings", sounds)] if sounds or not silent else []
    return w.all_of([*parts, w.count("texts", silent)] if silent else parts)


def copies(view: View) -> str:
    """Why there are more sound files than recordings; empty where there are as many."""
    w = view.words
    files = sum(m["disposition"] == "recording" for m in view.rows("members"))
    recordings = len(view.rows("recordings"))
    if not 0 < recordings < files:
        return ""
    told = {"files": w.number(files), "recordings": w.count("recordings", recordings)}
    return w.count("copies", files - recordings, **told)


def letter(view: View, group: str) -> str:
    """A data subject's letter: A is the one with most recordings."""
    return view.letter(group)


def group_name(view: View, group: str) -> str:
    """What a data subject is called in a report."""
    roles = {g["data_subject_group"]: g["role"] for g in view.rows("groups")}
    role = view.words.name("group_role", roles.get(group, "unknown"))
    return view.words("group.name", letter=letter(view, group), role=role)


def kinds_of_files(view: View, kinds: tuple[str, ...], *, group: str | None = None) -> list[str]:
    """How many members of each disposition, in words; of one data subject if a group is given."""
    w = view.words
    counts = Counter(
        m["disposition"] for m in view.rows("members") if group in (None, m["data_subject_group"])
    )
    return [w.count(f"files.{kind}", counts[kind]) for kind in kinds if counts[kind]]


def input_name(view: View, moved: Row) -> str:
    """What an input of the measurement is called, e.g. how common a contact's name is."""
    w, attribute, role = view.words, moved["attribute"], moved["subject_role"]
    if attribute is None:
        return w.name("input", moved["input"])
    what = w.name("attribute", attribute)
    if role != "subject" and w.name("role", role) != what:
        what = f"{what} ({w.name('role', role)})"
    return w(f"input.{moved['input']}", what=what)
