"""ENISA's severity of 2013: SE = DPC x EI + CB, at the lower, middle and upper ease of identification.

ENISA (Recommendations for a methodology of the assessment of severity of personal data breaches, December
2013): the data processing context DPC is 1 to 4, the ease of identification EI .25, .5, .75 or 1 and never
between, the circumstances of the breach CB add up. SE below 2 is low, below 3 medium, below 4 high, else
very high. The mapping from P(identified) to EI is ours (method, section 2) and so are its thresholds. The
score informs; the tests of Articles 33 and 34 GDPR decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from forensics.case.digests import clean, digest
from forensics.case.ids import make_id
from forensics.case.incident import OVERRIDES, AccountData, Incident, Unintelligible, override
from forensics.reidentification.circumstances import circumstances
from forensics.reidentification.scored import Scored, Three, Why

if TYPE_CHECKING:
    from forensics.corridor.workbench import Workbench

EI_VALUES = (0.25, 0.5, 0.75, 1.0)
EI_STEPS = ((0.05, 0.25), (1 / 3, 0.5))
"""Below .05 (more than 20 people fit): negligible; below 1/3: limited; else significant."""
DIRECT = 0.9
"""P(identified) from here, without any register, or a direct identifier this sure: maximum."""
BANDS = ((2.0, "low"), (3.0, "medium"), (4.0, "high"))
BEHAVIOUR = frozenset(
    {
        "home_place", "work_place", "routine_wake", "routine_commute", "absence", "media_taste", "device",
        "service", "command_chain", "accidental_recording", "contact", "relation", "interest",
    }
)  # fmt: skip
SENSITIVE = frozenset({"health", "religion", "politics"})
CHILD = frozenset({"child", "children"})
"""Hints that no category of Article 9 is behind: children deserve protection of their own (recital 38)."""
MANY = 100
"""More individuals than this are told beside the score (ENISA 2013, number of individuals)."""


def run(bench: Workbench) -> None:
    """Write ``severity``: one assessment per data subject."""
    claims, risk = bench.rows("claims"), bench.rows("risk")
    incident = bench.case.incident
    for group in bench.rows("groups"):
        name = group["data_subject_group"]
        own_claims = [c for c in claims if c["data_subject_group"] == name]
        own_risk = [r for r in risk if r["data_subject_group"] == name]
        key = [name, incident, digest(clean([own_claims, own_risk, group]))]
        for _ in bench.todo([key], key=lambda k: k):
            bench.keep(key, {"severity": [assess(group, own_claims, own_risk, incident)]})


def assess(
    group: Mapping[Any, Any],
    claims: Sequence[Mapping[Any, Any]],
    risk: Sequence[Mapping[Any, Any]],
    incident: Mapping[str, str],
) -> dict[str, Any]:
    """One assessment.

    Parameters
    ----------
    group : mapping
        The row of ``groups``.
    claims, risk : sequence of mapping
        Rows of this group.
    incident : mapping
        Facts that no audio can tell (:mod:`forensics.case.incident`); what is missing is unknown and widens
        the interval. ``dpc_override``, ``ei_override`` and ``cb_override`` hold an assessor's own value and
        the reason (``"3 no home life is heard"``), ``reviewer`` the assessor; the custody log has who set
        them and when.

    Returns
    -------
    dict
        The row of ``severity``.
    """
    (dpc, ei, cb), overrides = _overridden(measured(group, claims, risk, incident), incident)
    se = tuple(d * e + c for d, e, c in zip(dpc.values, ei.values, cb.values, strict=True))
    bands = [band(value) for value in se]
    levels = EI_VALUES.index(ei.values[2]) - EI_VALUES.index(ei.values[0]) + 1
    decided = "not determinable" if levels >= 3 else bands[2]
    return {
        "assessment_id": make_id("sev", group["data_subject_group"]),
        **_ends("dpc", dpc.values),
        "dpc_reason": dpc.reason,
        **_ends("ei", ei.values),
        "ei_reason": ei.reason,
        **_ends("cb", cb.values),
        "cb_reason": cb.reason,
        **_ends("se", (se[0], se[1], se[2])),
        "band": decided,
        "band_lo": bands[0],
        "band_mid": bands[1],
        "band_hi": bands[2],
        "flags": [*flags(claims, risk, incident), *_account_flags(group, incident)],
        "overrides": overrides,
        "reviewer": incident.get("reviewer"),
        "data_subject_group": group["data_subject_group"],
    }


def measured(
    group: Mapping[Any, Any],
    claims: Sequence[Mapping[Any, Any]],
    risk: Sequence[Mapping[Any, Any]],
    incident: Mapping[str, str],
) -> dict[str, Scored]:
    """The three parts of the score as measured, before an assessor's own values; see :func:`assess`."""
    return {
        "dpc": processing_context(group, claims),
        "ei": ease_of_identification(claims, risk),
        "cb": circumstances(incident),
    }


def _overridden(
    parts: Mapping[str, Scored], incident: Mapping[str, str]
) -> tuple[tuple[Scored, ...], list[str]]:
    """The parts with the assessor's values in place, and what was overridden.

    Raises
    ------
    ForensicsError
        If a value is not one that the method knows.
    """
    found, said = [], []
    for key, (name, part) in zip(OVERRIDES, parts.items(), strict=True):
        if (own := override(incident, key)) is not None:
            number, reason = own
            was = "/".join(f"{end:g}" for end in part.values)
            said.append(f"{name} {was} -> {number:g}: {reason}")
            own_reason = f"Set by the assessor: {reason} (measured: {part.reason})"
            part = Scored((number, number, number), own_reason, part.why)
        found.append(part)
    return tuple(found), said


def band(score: float) -> str:
    """ENISA's name for a score.

    Examples
    --------
    >>> band(1.99), band(2.0), band(3.25), band(4.25)
    ('low', 'medium', 'high', 'very high')
    """
    return next((name for limit, name in BANDS if score < limit), "very high")


def ease_level(p_identify: float, *, direct: bool = False) -> float:
    """The ease of identification for a probability of being identified; four values only.

    Parameters
    ----------
    p_identify : float
        By a stranger with the open web.
    direct : bool
        A direct identifier of the subject was said or written.

    Examples
    --------
    >>> [ease_level(p) for p in (0.04, 0.05, 0.2, 0.34, 0.9)], ease_level(0.01, direct=True)
    ([0.25, 0.5, 0.5, 0.75, 1.0], 1.0)
    """
    if direct or p_identify >= DIRECT:
        return 1.0
    return next((value for limit, value in EI_STEPS if p_identify < limit), 0.75)


def ease_of_identification(claims: Sequence[Mapping[Any, Any]], risk: Sequence[Mapping[Any, Any]]) -> Scored:
    """EI from the listener's figures for a stranger with the open web, in the scope that helps him most."""
    web = [r for r in risk if r["adversary"] == "stranger" and r["attacker"] == "listener"]
    direct = direct_identifier(claims)
    if not web:
        unmeasured = "No risk was measured, so that nothing is known of the ease."
        return Scored((0.25, 0.25, 1.0), unmeasured, (Why("unmeasured", {}),))
    worst = max(web, key=lambda r: (r["p_identify_hi"], r["risk_id"]))
    ends = [worst[f"p_identify_{end}"] for end in ("lo", "mid", "hi")]
    values = [ease_level(p, direct=direct is not None) for p in ends]
    reason = (
        f"A stranger with the open web finds the subject with probability {ends[1]:.3g} "
        f"(between {ends[0]:.3g} and {ends[2]:.3g}); {worst['k_mid']:.0f} of {worst['population_n']:,} fit "
        "(middle)."
    )
    found = {"k": worst["k_mid"], "n": worst["population_n"], "unit": worst["unit"]}
    why = [Why("found", {**dict(zip(("lo", "mid", "hi"), ends, strict=True)), **found})]
    if direct:
        reason += f" {_DIRECTLY[direct.code].format(', '.join(direct.told['what']))}"
        why.append(direct)
    return Scored((values[0], values[1], values[2]), reason, tuple(why))


_DIRECTLY = {
    "full_name": "Full name and {} are known: no special research is needed.",
    "direct": "A direct identifier ({}) is known.",
}


def direct_identifier(claims: Sequence[Mapping[Any, Any]]) -> Why | None:
    """Why no research is needed to find the subject: full name with place, address, phone or e-mail."""
    sure = {c["attribute"] for c in claims if c["subject_role"] == "subject" and c["p_true"] >= DIRECT}
    anchors = sorted(sure & {"home_place", "address", "phone", "email"})
    if {"first_name", "surname"} <= sure and anchors:
        return Why("full_name", {"what": tuple(anchors)})
    if alone := sorted(sure & {"email", "phone", "address"}):
        return Why("direct", {"what": tuple(alone)})
    return None


def processing_context(group: Mapping[Any, Any], claims: Sequence[Mapping[Any, Any]]) -> Scored:
    """DPC: simple data 1, behaviour 2, sensitive data 4; more for months of home life and for children.

    Possible hints at special categories widen the interval upwards: they await review. Children are no such
    category; they count as what ENISA calls the nature of the individuals.
    """
    attributes = {c["attribute"] for c in claims}
    special = special_categories(claims)
    recordings = int(group["n_recordings"])
    base, reasons, why = 1.0, ["simple data"], [Why("simple", {})]
    if attributes & BEHAVIOUR or recordings:
        base, reasons, why = 2.0, ["behaviour"], [Why("behaviour", {})]
    low = middle = high = base
    first, last = group.get("first_at"), group.get("last_at")
    days = (
        (last - first).days
        if first is not None and last is not None and first == first and last == last
        else 0
    )
    if recordings >= 100 or days >= 28:
        low = middle = high = base + 1
        reasons.append(f"raised by 1: home life over {days} days in {recordings} recordings")
        why.append(Why("months", {"days": days, "recordings": recordings}))
    elif recordings >= 20 or days >= 7:
        middle = high = base + 1
        reasons.append(f"raised by up to 1: {recordings} recordings over {days} days")
        why.append(Why("weeks", {"days": days, "recordings": recordings}))
    if hears_children(claims):
        high = min(4.0, high + 1)
        reasons.append("children seem to be heard of: up to 1 more")
        why.append(Why("children", {}))
    if special:
        high = 4.0
        reasons.append(f"possible special categories ({', '.join(special)}): up to 4 until reviewed")
        why.append(Why("special", {"what": tuple(special)}))
    ends = (low, max(low, middle), max(low, middle, high))
    return Scored(ends, "; ".join(reasons) + ".", tuple(why))


def special_categories(claims: Sequence[Mapping[Any, Any]]) -> list[str]:
    """Categories of Article 9 that the claims hint at; children are none."""
    found = {c["attribute"] for c in claims if c["attribute"] in SENSITIVE}
    found |= {c["special_category"] for c in claims if c["special_category"]}
    return sorted(found - CHILD)


def hears_children(claims: Sequence[Mapping[Any, Any]]) -> bool:
    """Whether a claim is about a child."""
    return any(c["attribute"] == "child" or c["subject_role"] == "child" for c in claims)


def flags(
    claims: Sequence[Mapping[Any, Any]],
    risk: Sequence[Mapping[Any, Any]],
    incident: Mapping[str, str] | None = None,
) -> list[str]:
    """Codes of what an assessor must look at besides the score; the reports put them into words."""
    facts, found = Incident(incident or {}), []
    if special_categories(claims):
        found.append("special")
    if hears_children(claims):
        found.append("children")
    if any(c["attribute"] == "accidental_recording" for c in claims):
        found.append("accidental")
    if any(c["subject_role"] in ("contact", "visitor", "companion") for c in claims):
        found.append("third_parties")
    if any(c["attribute"] == "absence" for c in claims):
        found.append("absence")
    if any(r["adversary"] == "acquaintance" and r["p_identify_mid"] >= DIRECT for r in risk):
        found.append("acquaintance")
    if (facts.individuals or 0) > MANY:
        found.append("many")
    if facts.unintelligible is Unintelligible.YES:
        found.append("unintelligible")
    if facts.unread:
        found.append("unread")
    return found


def _account_flags(group: Mapping[Any, Any], incident: Mapping[str, str]) -> list[str]:
    """Whether the account's own data left its holder at all."""
    if group.get("role") != "account":
        return []
    return {
        AccountData.HOLDER: ["account_holder"],
        AccountData.UNKNOWN: ["account_unknown"],
        AccountData.OTHERS: [],
    }[Incident(incident).account_data]


def _ends(name: str, values: Three) -> dict[str, float]:
    return {f"{name}_{end}": value for end, value in zip(("lo", "mid", "hi"), values, strict=True)}
