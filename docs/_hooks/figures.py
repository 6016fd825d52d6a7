"""The figures of the demo that the documentation quotes: computed from a case, kept in ``docs/figures.json``.

``make figures`` investigates the demo bundle and writes them; the pages have ``{{ demo.NAME }}`` in their
place, README.md has a block between two marks. ``tests/docs/test_figures.py`` computes and compares them.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1]
KEPT = DOCS / "figures.json"
_PLACE = re.compile(r"\{\{ demo\.([a-z0-9_.]+) \}\}")
_BLOCK = re.compile(r"(<!-- demo: make figures -->\n).*?(<!-- end -->)", re.DOTALL)
_JUDGED = Path(__file__).with_name("judged.csv")
"""Claims of the demo and what a reader who knows the truth says to them; their figures are the case's."""


def figures(case: Any) -> dict[str, str]:
    """Every figure by name, as it is printed.

    Parameters
    ----------
    case : forensics.Case
        The demo, investigated with the default options.
    """
    claims, risk = case.rows("claims"), case.rows("risk")
    household = max(case.rows("groups"), key=lambda g: g["n_recordings"])["data_subject_group"]
    own = [c for c in claims if c["data_subject_group"] == household]
    sounds = case.rows("audio")
    made = {
        "recordings": str(len(sounds)),
        "utterances": str(len(case.rows("utterances"))),
        "sound": _span(sum(a["duration_s"] or 0.0 for a in sounds)),
        **_home(case, own),
        **_severity(case, household, "severity"),
        "claims_table": _claims_table(case, own),
        **_curve(case, household),
        **_attribution(case, household),
    }
    for attacker in ("machine", "listener"):
        row = _stranger(risk, household, attacker)
        p = [row[f"p_identify_{end}"] for end in ("mid", "lo", "hi")]
        made[f"{attacker}.p"], made[f"{attacker}.lo"], made[f"{attacker}.hi"] = map(_p, p)
        made[f"{attacker}.k"] = f"{row['k_lo']:.0f} to {row['k_hi']:.0f}"
        made[f"{attacker}.frechet"] = f"{row['k_frechet']:.0f}"
        made[f"{attacker}.assumed"] = f"{row['assumption_share']:.0%}".replace("%", " %")
    made["population"] = f"{_stranger(risk, household, 'listener')['population_n'] / 1e6:.1f} million"
    with tempfile.TemporaryDirectory() as folder:
        made |= _severity(_told(case, Path(folder) / "case"), household, "told")
    return made


def redacted(case: Any) -> dict[str, str]:
    """The figures of the redaction to k = 20, which takes minutes.

    Parameters
    ----------
    case : forensics.Case
    """
    from forensics.redaction.release import release

    with tempfile.TemporaryDirectory() as folder:
        own = _copy(case, Path(folder) / "case")
        done = release(own, Path(folder) / "redacted.zip", k=20)
        hidden = {claim for row in own.rows("redaction") for claim in row["claims"]}
        kinds = [c["attribute"] for c in own.rows("claims") if c["claim_id"] in hidden]
    counted = ", ".join(f"{kinds.count(k)} × {k.replace('_', ' ')}" for k in sorted(set(kinds)))
    k_lo = "not confirmed" if done.k_lo is None else f"{done.k_lo:,.0f}"
    listener = "not asked" if done.k_lo_listener is None else f"{done.k_lo_listener:,.0f}"
    return {
        "redact.kept": str(done.utterances - done.withheld),
        "redact.withheld": str(done.withheld),
        "redact.silenced": str(done.silenced),
        "redact.replaced": str(done.replaced),
        "redact.seconds": f"{done.seconds_lost:.0f}",
        "redact.k_before": f"{done.k_lo_before:,.0f}",
        "redact.k_after": k_lo,
        "redact.k_listener": listener,
        "redact.hidden": counted,
    }


def _home(case: Any, own: list[dict[str, Any]]) -> dict[str, str]:
    home = max((c for c in own if c["attribute"] == "home_place"), key=lambda c: c["p_true"])
    said = {u["utterance_id"]: u["started_at"] for u in case.rows("utterances")}
    days = {said[u].date() for u in home["utterance_ids"] if said.get(u)}
    return {
        "home": home["value"], "home.p": _p(home["p_true"]), "home.days": str(len(days)),
        "home.utterances": str(home["n_support"]),
    }  # fmt: skip


def _claims_table(case: Any, own: list[dict[str, Any]]) -> str:
    bits = {row["claim_id"]: row["bits_mid"] for row in case.rows("exposure")}
    rows = ["| claim | role | p | bits | what a reader should say to it |", "| --- | --- | --- | --- | --- |"]
    for attribute, value, judged in csv.reader(_JUDGED.read_text("utf-8").splitlines()[1:]):
        found = [c for c in own if (c["attribute"], c["value"]) == (attribute, value)]
        for claim in sorted(found, key=lambda c: -c["p_true"]):
            worth = bits.get(claim["claim_id"], 0.0)
            name = f"{attribute.replace('_', ' ')}: {value.replace('/', ' to ')}"
            role = claim["subject_role"].replace("_", " ")
            shown = f"{worth:.1f}" if worth else "–"
            rows.append(f"| {name} | {role} | {_p(claim['p_true'])} | {shown} | {judged} |")
    return "\n".join(rows)


def _curve(case: Any, household: str) -> dict[str, str]:
    rows = [r for r in case.rows("curve") if r["data_subject_group"] == household]
    table = [
        "| heard | listening | K | P(identified) [90 %] | P if listed at all |",
        "| --- | --- | --- | --- | --- |",
    ]
    best = [r for r in rows if r["order"] == "best_first" and r["step"] > 0]
    chance = [r for r in rows if r["order"] == "random" and r["step"] > 0]
    picked = [*best[:4], *best[-1:], *(c for n in (10, 32, 64) for c in _nearest(chance, n))]
    for row in picked:
        order = "most telling first" if row["order"] == "best_first" else "random order"
        p = f"{_p(row['p_identify_mid'])} [{_p(row['p_identify_lo'])}, {_p(row['p_identify_hi'])}]"
        table.append(
            f"| {order}: {row['n_utterances']} | {_span(row['listening_s'])} | {_k(row['k'])} | {p} | "
            f"{_p(row['p_if_listed'])} |"
        )
    most = max(r["p_identify_mid"] for r in rows)
    return {"curve_table": "\n".join(table), "curve.most": _p(most)}


def _nearest(rows: list[dict[str, Any]], wanted: int) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda r: abs(r["n_utterances"] - wanted))[:1]


def _attribution(case: Any, household: str) -> dict[str, str]:
    rows = [
        r for r in case.rows("attribution") if r["unit"] == "family" and r["data_subject_group"] == household
    ]
    rows.sort(key=lambda r: -r["shapley"])
    told = (
        f"{r['item']} ({_p(r['shapley'], 3)} ± {_p(r['shapley_se'], 3)})"
        for r in rows
        if r["shapley"] > 0.001
    )
    loss = (f"{r['item']} {_p(r['leave_one_out'], 3)}" for r in rows if r["leave_one_out"] > 0.001)
    return {"attribution": ", ".join(told), "left_out": ", ".join(loss)}


def _severity(case: Any, household: str, name: str) -> dict[str, str]:
    row = next(r for r in case.rows("severity") if r["data_subject_group"] == household)
    made = {f"{name}.band": row["band"]}
    for part in ("dpc", "ei", "cb", "se"):
        made[f"{name}.{part}"] = " / ".join(f"{row[f'{part}_{end}']:g}" for end in ("lo", "mid", "hi"))
    return made


def _stranger(risk: list[dict[str, Any]], household: str, attacker: str) -> dict[str, Any]:
    wanted = (household, "stranger", attacker, "bundle")
    return next(
        r for r in risk if (r["data_subject_group"], r["adversary"], r["attacker"], r["scope"]) == wanted
    )


def _told(case: Any, folder: Path) -> Any:
    """The same case, once it is recorded that one known person has it by mistake."""
    from forensics.corridor.runner import run

    own = _copy(case, folder)
    own.set_incident({"recipient": "known", "intent": "mistake"})
    run(own, until="severity")
    return own


def _copy(case: Any, folder: Path) -> Any:
    shutil.copytree(case.folder, folder)
    return type(case)(folder)


def _p(value: float, digits: int = 2) -> str:
    text = f"{value:.{digits}f}"
    return text.removeprefix("0") if text.startswith("0.") else text


def _k(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def _span(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"


# -- where they stand ------------------------------------------------------------------------------


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Put the figures where a page asks for them; an unknown name stops the build."""
    kept = json.loads(KEPT.read_text("utf-8"))
    return _PLACE.sub(lambda found: kept[found.group(1)], markdown)


def readme_block(lines: list[str]) -> str:
    """What ``make demo`` prints, as README.md shows it."""
    return "```text\n" + "\n".join(lines) + "\n```\n"


def in_readme(readme: str, lines: list[str]) -> str:
    """README.md with the block made anew."""
    return _BLOCK.sub(lambda found: found.group(1) + readme_block(lines) + found.group(2), readme)


def main(folder: str) -> None:
    """Write the figures of the demo case in `folder`, and README's block."""
    from forensics import Case
    from forensics.reports.summary import findings

    case = Case.open(folder)
    made = {**figures(case), **redacted(case)}
    KEPT.write_text(json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    readme = DOCS.parent / "README.md"
    readme.write_text(in_readme(readme.read_text("utf-8"), findings(case)), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
