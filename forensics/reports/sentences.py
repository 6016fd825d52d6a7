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
    """The severity in one sentence."""
    w = view.words
    return w(
        "severity.sentence",
        band=w.name("band", row["band"]),
        hi=w.number(row["se_hi"], 2),
        mid=w.number(row["se_mid"], 2),
        lo=w.number(row["se_lo"], 2),
    )


def risk_name(view: View, row: Row) -> str:
    """Adversary and what they work with."""
    w = view.words
    return f"{w.name('adversary', row['adversary'])}, {w.name('attacker', row['attacker'])}"


def population(view: View, row: Row) -> str:
    """The population without its source, which stands in a table."""
    return view.words_of(row["population"].split(" (")[0].split(";")[0])


def letter(view: View, group: str) -> str:
    """A data subject's letter: A is the one with most recordings."""
    place = view.groups.index(group) if group in view.groups else len(view.groups)
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def group_name(view: View, group: str) -> str:
    """What a data subject is called in a report."""
    roles = {g["data_subject_group"]: g["role"] for g in view.rows("groups")}
    role = view.words.name("group_role", roles.get(group, "unknown"))
    return view.words("group.name", letter=letter(view, group), role=role)


def kinds_of_files(view: View, kinds: tuple[str, ...]) -> list[str]:
    """How many members of each disposition, in words."""
    w = view.words
    counts = Counter(m["disposition"] for m in view.rows("members"))
    return [w.count(f"files.{kind}", counts[kind]) for kind in kinds if counts[kind]]
