"""Sentences that more than one report says."""

from __future__ import annotations

from forensics.reports.view import Row, View


def headline_sentence(view: View, row: Row) -> str:
    """The risk in one sentence, upper bound first."""
    w = view.words
    return w("risk.sentence", who=risk_name(view, row), hi=w.percent(row["p_identify_hi"]),
             mid=w.percent(row["p_identify_mid"]), lo=w.percent(row["p_identify_lo"]),
             k=w.interval(w.about(row["k_lo"]), w.about(row["k_hi"])), n=w.about(row["population_n"]),
             population=view.words_of(row["population"]))  # fmt: skip


def severity_sentence(view: View, row: Row) -> str:
    """The severity in one sentence."""
    w = view.words
    return w("severity.sentence", band=w.name("band", row["band"]), hi=w.number(row["se_hi"], 2),
             mid=w.number(row["se_mid"], 2), lo=w.number(row["se_lo"], 2))  # fmt: skip


def risk_name(view: View, row: Row) -> str:
    """Adversary, what they work with, and how much of the bundle."""
    w = view.words
    parts = [
        w.name("adversary", row["adversary"]),
        w.name("attacker", row["attacker"]),
        w.name("scope", row["scope"]),
    ]
    if len({r["data_subject_group"] for r in view.rows("risk")}) > 1:
        parts.append(group_name(view, row["data_subject_group"]))
    return ", ".join(parts)


def group_name(view: View, group: str) -> str:
    """What a data subject's group is called in a report."""
    roles = {g["data_subject_group"]: g["role"] for g in view.rows("groups")}
    order = sorted(roles)
    letter = chr(ord("A") + order.index(group)) if group in roles and len(order) <= 26 else "?"
    return view.words(
        "group.name", letter=letter, role=view.words.name("group_role", roles.get(group, "unknown"))
    )
