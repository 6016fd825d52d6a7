"""The case in ten lines for the terminal, and its findings for scripts. Always masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.case.incident import CHOICES, Incident
from forensics.case.kinds import SPEECH_WITHOUT_WORDS
from forensics.case.rows import Row
from forensics.knowledge.findings import in_general
from forensics.reports.people import children_heard, roster, special_categories
from forensics.reports.sentences import counted, group_name
from forensics.reports.shown import finding, path
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case

LINES = 10
_HABITS = ("routine_wake", "routine_commute", "absence")


def findings(case: Case) -> list[str]:
    """The ten most important findings as plain lines, names masked.

    Parameters
    ----------
    case : Case

    Returns
    -------
    list of str
        Ten lines at most; what has not been determined yet has none.
    """
    view = View.of_case(case, report_k=0)  # the analyst's own screen, not a document that travels
    w = view.words
    lines = [_recordings(view), _groups(view), _risk(view), _severity(view), _notify(view), _voices(view)]
    lines += [
        _home(view),
        _bits(view),
        _special(view),
        _habits(view),
        _people(view),
        _findings(view),
        w("summary.masked"),
    ]
    kept = [line for line in lines if line]
    return kept[: LINES - 1] + kept[-1:] if len(kept) > LINES else kept


def findings_json(view: View) -> list[dict[str, str | None]]:
    """Deviations of the evidence for scripts: ``code``, ``member``, ``message``, ``remedy``.

    Ordinary notes are left out; recordings that could not be decoded, or not be understood to the end, are
    told. Where names are masked, the member's path holds technical words only, and message and remedy are
    those of the code.

    Parameters
    ----------
    view : View
        Decides whether names are shown, and the language.
    """
    found: list[dict[str, str | None]] = []
    for row in view.rows("findings"):
        if row["level"] == "finding":
            message, remedy = finding(view, row)
            member = path(view, row["member"], row["member_id"]) if row["member"] else None
            found.append({"code": row["code"], "member": member, "message": message, "remedy": remedy})
    if odd := codes_of_sound(view):
        sha256 = {row["recording_id"]: row["sha256"] for row in view.rows("recordings")}
        members = {m["sha256"]: m for m in reversed(view.rows("members"))}
        for recording, code in odd:
            message, remedy = in_general(code, view.words.language)
            held = members.get(sha256.get(recording), {})
            member = path(view, held["path"], held["member_id"]) if held else None
            found.append({"code": code, "member": member, "message": message, "remedy": remedy})
    return [*found, *findings_of_reader(view), *findings_of_facts(view.case)]


def findings_of_reader(view: View) -> list[dict[str, str | None]]:
    """What the second reader stated and the check dropped, and that its word moves nothing without a fit.

    Parameters
    ----------
    view : View
        Of a case with or without a second reader.
    """
    rows = view.rows("reader")
    dropped = sum(row["outcome"] != "kept" for row in rows)
    codes = {"reader-dropped": f" ({dropped}/{len(rows)})"} if dropped else {}
    if view.case.stage_record("profile").get("identity", {}).get("reader") == {}:
        codes["reader-not-fitted"] = ""
    found: list[dict[str, str | None]] = []
    for code, count in codes.items():
        message, remedy = in_general(code, view.words.language)
        found.append({"code": code, "member": None, "message": message + count, "remedy": remedy})
    return found


def codes_of_sound(view: View) -> list[tuple[str, str]]:
    """Recordings and codes of what is odd about their sound.

    Not decoded, odd and heard all the same, or speech without words.
    """
    found: list[tuple[str, str]] = []
    for row in view.rows("audio"):
        codes = [*(["decode_error"] if row["decode_error"] else []), *(row["oddities"] or [])]
        found += [(row["recording_id"], code) for code in codes]
    for row in view.rows("transcripts"):
        if SPEECH_WITHOUT_WORDS in row["flags"]:
            found.append((row["recording_id"], "speech-without-words"))
    return found


def findings_of_facts(case: Case) -> list[dict[str, str | None]]:
    """Facts of the incident that hold something else than they may, and were read as unknown.

    Parameters
    ----------
    case : Case
        Its facts are read as they were recorded.
    """
    return [
        {
            "code": "incident_fact_unread",
            "member": None,
            "message": f"'{name}' of the incident is recorded as free text, and is read as unknown.",
            "remedy": f"Set it again: {name} is one of {', '.join(CHOICES[name])}."
            if name in CHOICES
            else f"Set it again: {name} is a whole number.",
        }
        for name in Incident(case.incident).unread
    ]


def _recordings(view: View) -> str:
    w, rows = view.words, view.rows("utterances")
    times = [at for u in rows if (at := view.started(u))]
    return w(
        "summary.recordings",
        n=counted(view),
        length=w.duration(sum(a["duration_s"] or 0 for a in view.rows("audio"))),
        devices=w.count("devices", len({u["device_id"] for u in rows if u["device_id"]})),
        span=w.span(min(times), max(times)) if times else w("unknown"),
    )


def _groups(view: View) -> str:
    w = view.words
    names = view.groups
    if not names:
        return ""
    listed = w.all_of(group_name(view, name) for name in names)
    return w("summary.groups", n=w.count("groups", len(names)), list=listed)


def _risk(view: View) -> str:
    w, row = view.words, view.headline
    if row is None:
        return ""
    shown = {end: w.percent(row[f"p_identify_{end}"]) for end in ("lo", "mid", "hi")}
    matching = w.interval(w.about(row["k_lo"]), w.about(row["k_hi"]))
    return w(
        "summary.risk",
        k=matching,
        n=w.about(row["population_n"]),
        unit=w.name("unit_of", row["unit"]),
        **shown,
    )


def _severity(view: View) -> str:
    w, row = view.words, view.severity
    if row is None:
        return ""
    ends = {end: w.number(row[f"se_{end}"], 2) for end in ("lo", "mid", "hi")}
    bands = {"band": w.name("band", row["band"]), "middle": w.name("band", row["band_mid"])}
    return w("summary.severity", **bands, **ends)


def _notify(view: View) -> str:
    w = view.words
    if view.notify_by is None:
        return w("summary.notify.unknown")
    return w("summary.notify", by=w.time(view.notify_by))


def _voices(view: View) -> str:
    """How many voices each data subject's recordings hold; empty where nobody asked for voices."""
    w = view.words
    turns = {t["data_subject_group"]: t for t in view.rows("voices")}
    if not turns:
        return ""
    ends = ("household_mid", "household_lo", "household_hi")
    shown = (
        w("summary.voices.of", **dict(zip(("n", "lo", "hi"), (f"{turn[e]:.0f}" for e in ends), strict=True)))
        for _, turn in sorted(turns.items())
    )
    return w("summary.voices", list=w.all_of(shown))


def _home(view: View) -> str:
    w = view.words
    home = _best(view, ("home_place",))
    if not home:
        return ""
    return w(
        "summary.home",
        value=view.claim_text(home[0]),
        p=w.percent(home[0]["p_true"]),
        n=w.count("utterances", home[0]["n_support"]),
    )


def _bits(view: View) -> str:
    w = view.words
    claims = {c["claim_id"]: c for c in view.focus_claims}
    used = set((view.headline or {}).get("claims") or claims)
    known = [e for e in view.exposure if e["claim_id"] in used & claims.keys() and e["bits_mid"] > 0]
    top = sorted(known, key=lambda e: (-e["bits_mid"], e["claim_id"]))[:3]
    if not top:
        return ""
    shown = (
        w("summary.worth", claim=_named(view, claims[e["claim_id"]]), bits=view.bits_text(e)) for e in top
    )
    return w("summary.bits", list=w.all_of(shown))


def _habits(view: View) -> str:
    shown = [_named(view, claim) for claim in _best(view, _HABITS)[:3]]
    return view.words("summary.routine", list=view.words.all_of(shown)) if shown else ""


def _special(view: View) -> str:
    w, found = view.words, special_categories(view)
    said = [w("summary.special", list=w.all_of(found))] if found else []
    said += [w("summary.children")] if children_heard(view) else []
    return " ".join(said)


def _people(view: View) -> str:
    found = roster(view)
    return view.words("summary.people", list=found) if found else ""


def _findings(view: View) -> str:
    w = view.words
    told = len(findings_json(view))
    silent = sum(not t["text"] for t in view.rows("transcripts") if t["engine"] != "vendor")
    return w("summary.findings", n=w.count("findings", told), unheard=w.count("recordings", silent))


def _best(view: View, attributes: tuple[str, ...]) -> list[Row]:
    return [c for c in view.focus_claims if c["attribute"] in attributes and c["subject_role"] != "visitor"]


def _named(view: View, claim: Row) -> str:
    attribute, value = view.words.name("attribute", claim["attribute"]), view.claim_text(claim)
    return value if value.casefold().startswith(attribute.casefold()) else f"{attribute} {value}"
