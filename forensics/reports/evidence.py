"""The evidence behind the answers, as tables: inventory, findings, claims, recordings, method."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from forensics.case.kinds import SPEECH_WITHOUT_WORDS
from forensics.case.rows import Row
from forensics.knowledge.findings import in_general
from forensics.reports import shown, sources
from forensics.reports.answers import account_data
from forensics.reports.exhibit import Cell, Cells, Exhibit, right
from forensics.reports.inert import inert
from forensics.reports.sentences import copies, group_name, letter
from forensics.reports.summary import codes_of_sound
from forensics.reports.view import View, exhibit

_SHOWN_LINKS = 6
_SHOWN_MEMBERS = 3
_SHOWN_OTHERS = 3


def groups(view: View) -> Exhibit:
    """The data subjects whose data the case holds."""
    w = view.words
    known = {str(g["data_subject_group"]): g for g in view.rows("groups")}
    recorded = Counter(r["data_subject_group"] for r in view.rows("recordings"))
    rows: Cells = []
    for name in view.groups:
        g = known[name]
        facts = _facts(view, g["evidence"])
        rows.append(
            (
                group_name(view, name),
                right(w.number(g["n_members"])),
                right(w.number(recorded[name])),
                w.span(g["first_at"], g["last_at"]),
                Cell("; ".join(facts) or w("none"), english=view.masker.revealed and w.language != "en"),
            )
        )
    columns = ("group", "members", "recordings", "period", "evidence")
    return exhibit(view, "groups", columns, rows, n=w.count("groups", len(rows)))


def _facts(view: View, evidence: list[Row]) -> list[str]:
    """What tells whose data it is: kinds of facts and how many; their values only if names are shown."""
    if view.masker.revealed:
        return [f"{view.words.name('evidence', fact['name'])}: {inert(fact['value'])}" for fact in evidence]
    counts = Counter(fact["name"] for fact in evidence)
    named = ((view.words.name("evidence", name), n) for name, n in counts.items())
    return [f"{name} ({n})" if n > 1 else name for name, n in named]


def account(view: View) -> Exhibit | None:
    """What the case holds of the account's own data, and to whom it went; None if it holds none."""
    w = view.words
    names = {str(g["data_subject_group"]) for g in view.rows("groups") if g["role"] == "account"}
    if not names:
        return None
    own = [m for m in view.rows("members") if m["data_subject_group"] in names]
    counts = Counter((m["disposition"], m["kind"]) for m in own)
    rows: Cells = [
        (w.name("disposition", disposition), inert(kind), right(w.number(n)))
        for (disposition, kind), n in sorted(counts.items())
    ]
    columns = tuple(w(f"inventory.column.{c}") for c in ("disposition", "kind", "n"))
    return Exhibit("account", w("account.title"), account_data(view), columns, rows)


def inventory(view: View) -> Exhibit:
    """What the bundles hold, by kind."""
    w = view.words
    counts: Counter[tuple[str, str]] = Counter()
    sizes: Counter[tuple[str, str]] = Counter()
    for m in view.rows("members"):
        counts[(m["disposition"], m["kind"])] += 1
        sizes[(m["disposition"], m["kind"])] += m["size"] or 0
    rows: Cells = [
        (
            w.name("disposition", d),
            inert(k),
            right(w.number(n)),
            right(f"{w.number(sizes[(d, k)] / 1e6, 2)} MB"),
        )
        for (d, k), n in sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    ]
    made = exhibit(
        view,
        "inventory",
        ("disposition", "kind", "n", "size"),
        rows,
        n=w.count("members", counts.total()),
        bundles=w.count("bundles", len(view.state["bundles"])),
    )
    return replace(made, sentence=f"{made.sentence} {copies(view)}".strip())


def bundles(view: View) -> Exhibit:
    """The bundles as taken in, with their hashes."""
    rows: Cells = [
        (shown.bundle(view, n), Cell(b["sha256"], code=True)) for n, b in enumerate(view.state["bundles"])
    ]
    return exhibit(view, "bundles", ("name", "sha256"), rows, n=view.words.count("bundles", len(rows)))


def findings(view: View) -> Exhibit:
    """Deviations needed in order to trust the evidence; the same one in many files is one row."""
    w = view.words
    where: dict[tuple[str, str, str], list[str]] = {}
    for f in view.rows("findings"):
        if f["level"] == "finding":
            where.setdefault((f["code"], *shown.finding(view, f)), []).append(shown.path(view, f["member"]))
    for recording, code in codes_of_sound(view):
        key = (code, *in_general(code, w.language))
        where.setdefault(key, []).append(view.label(view.utterance_of.get(recording)))
    rows: Cells = []
    for (code, message, remedy), members in sorted(where.items()):
        listed = "; ".join(members[:_SHOWN_MEMBERS])
        if len(members) > _SHOWN_MEMBERS:
            listed += " " + w("findings.more", n=w.number(len(members) - _SHOWN_MEMBERS))
        count = right(w.number(len(members)))
        rows.append((Cell(inert(code), code=True), count, listed, message, remedy))
    told = sum(len(members) for members in where.values())
    notes = sum(f["level"] == "note" for f in view.rows("findings"))
    columns = ("code", "n", "member", "message", "remedy")
    return exhibit(
        view, "findings", columns, rows, n=w.count("findings", told), notes=w.count("notes", notes)
    )


def devices(view: View) -> Exhibit:
    """The devices to which something was said."""
    w = view.words
    length = {a["recording_id"]: a["duration_s"] or 0 for a in view.rows("audio")}
    own: dict[str, list[Row]] = {}
    for u in view.rows("utterances"):
        own.setdefault(view.device_text(u["device_id"]), []).append(u)
    rows: Cells = []
    for name, recorded in sorted(own.items(), key=lambda item: (-len(item[1]), item[0])):
        times = [at for u in recorded if (at := view.started(u))]
        rows.append(
            (
                name,
                right(w.number(len(recorded))),
                right(w.duration(sum(length.get(r["recording_id"], 0) for r in recorded))),
                w.span(min(times), max(times)) if times else w("unknown"),
            )
        )
    known = [u["device_id"] for u in view.rows("utterances") if u["device_id"]]
    told = {
        "devices": w.count("devices", len({*known})),
        "known": w.count("utterances", len(known)),
    }
    made = exhibit(view, "devices", ("device", "n", "length", "period"), rows, **told)
    unknown = len(view.rows("utterances")) - len(known)
    more = w("devices.unknown", unknown=w.count("utterances", unknown)) if unknown else ""
    return replace(made, sentence=f"{made.sentence} {more}".strip())


def claims(view: View) -> list[Exhibit]:
    """What was concluded, on which recordings and seconds, and how surely: one table per data subject."""
    w = view.words
    heard = {m["mention_id"]: m for m in view.rows("mentions")}
    bits = {e["claim_id"]: view.bits_text(e) for e in view.exposure}
    made = []
    for group in view.groups:
        rows: Cells = []
        own = [(n, c) for n, c in enumerate(view.claims, start=1) if c["data_subject_group"] == group]
        for number, c in own:
            row: tuple[str | Cell, ...] = (
                Cell(f"C{number}", anchor=f"c{number}"),
                w.name("attribute", c["attribute"]),
                view.claim_text(c),
                w.name("role", c["subject_role"]),
                right(w.percent(c["p_true"])),
                right(bits.get(c["claim_id"], "–")),
                _support(view, c, heard),
            )
            if view.masker.revealed:
                row = (*row, _reason(view, c))
            rows.append((*row, _sound(view, number, c)) if view.snippets else row)
        columns: tuple[str, ...] = ("no", "claim", "value", "whose", "p", "bits", "support")
        if view.masker.revealed:
            columns = (*columns, "reason")
        if view.snippets:
            columns = (*columns, "sound")
        title = w("claims.title", group=group_name(view, group))
        sure = w.number(sum(c["p_true"] >= 0.9 for _, c in own))
        sentence = w("claims.sentence", n=w.count("claims", len(own)), sure=sure)
        heads = tuple(w(f"claims.column.{c}") for c in columns)
        made.append(Exhibit(f"claims-{letter(view, group).lower()}", title, sentence, heads, rows))
    return made


def utterances(view: View) -> Exhibit:
    """Every utterance, so that each claim can be followed to a file and a second or a line."""
    w, numbers = view.words, view.numbers
    audio, intents = view.by_recording("audio"), view.by_utterance("intents")
    hashes = {r["recording_id"]: r["sha256"] for r in view.rows("recordings")}
    hashes |= {m["member_id"]: m["sha256"] for m in view.rows("members")}
    texts = _texts(view)
    used: dict[str, list[int]] = {}
    for number, c in enumerate(view.claims, start=1):
        for utterance in c["utterance_ids"]:
            used.setdefault(utterance, []).append(number)
    rows: Cells = []
    for u in sorted(view.rows("utterances"), key=lambda u: numbers[u["utterance_id"]]):
        key, recording = u["utterance_id"], u["recording_id"]
        sound, intent = audio.get(recording or "", {}), intents.get(key)
        row: tuple[str | Cell, ...] = (
            Cell(f"U{numbers[key]}", anchor=f"u{numbers[key]}"),
            w.time(view.started(u)),
            view.device_text(u["device_id"]),
            right(w.duration(sound.get("duration_s"))) if recording else _place_in_file(view, u),
            right(w.duration(sound.get("speech_s"))) if recording else right("–"),
            w.name("domain", intent["domain"]) if intent else "–",
            Cell("", links=tuple((f"c{n}", f"C{n}") for n in used.get(key, ()))),
            Cell((hashes.get(recording or u["member_id"] or "") or "–")[:16], code=True),
        )
        said = view.masker.free_text(texts.get(key))
        rows.append((*row, inert(said or "")) if view.masker.revealed else row)
    columns = ("no", "started", "device", "length", "speech", "domain", "claims", "sha256")
    return exhibit(
        view,
        "utterances",
        (*columns, "said") if view.masker.revealed else columns,
        rows,
        n=w.count("utterances", len(rows)),
        sound=w.count("recordings", len(view.utterance_of)),
    )


def _place_in_file(view: View, utterance: Row) -> Cell:
    """Where the text of an utterance without sound stands: page and line."""
    w, page, line = view.words, utterance["page"], utterance["line"]
    if line is None:
        return right("–")
    told = w("utterances.line", line=w.number(line))
    return right(f"{w('utterances.page', page=w.number(page))}, {told}" if page is not None else told)


def populations(view: View) -> Exhibit:
    """Among whom each adversary looks, and where that number is from."""
    w = view.words
    found = {
        (r["population_n"], r["unit"], sources.population(view, r))
        for r in view.rows("risk")
        if r["data_subject_group"] == view.focus
    }
    rows: Cells = [
        (right(w.about(n)), w.name("unit", unit), definition)
        for n, unit, definition in sorted(found, reverse=True)
    ]
    return exhibit(view, "populations", ("n", "unit", "definition"), rows)


def disclosure(view: View) -> Exhibit:
    """What this report gives away itself."""
    w = view.words
    rows: Cells = [
        (
            group_name(view, one.group),
            right(w.number(len(one.shown))),
            right(w.number(len(one.withheld))),
            right(w.about(one.k_lo)),
            right(w.about(one.k_mid)),
            right(f"{w.about(one.n)} {w.name('unit', one.unit)}"),
        )
        for one in view.disclosures
    ]
    columns = ("group", "shown", "withheld", "lo", "mid", "n")
    sentence = "disclosure.sentence" if rows else "disclosure.revealed"
    least = min((one.k_lo for one in view.disclosures), default=0)
    wanted = w.number(view.report_k)
    return exhibit(view, "disclosure", columns, rows, sentence=sentence, k=w.about(least), wanted=wanted)


def unheard(view: View) -> Exhibit:
    """What could not be heard or placed: the report is silent there, not the recording."""
    w = view.words
    audio, transcripts = view.rows("audio"), view.rows("transcripts")
    own = [t for t in transcripts if t["engine"] != "vendor"] or transcripts
    matches = view.rows("matches")
    figures = (
        ("refused", sum(m["disposition"] == "refused" for m in view.rows("members"))),
        ("undecoded", sum(a["decode_error"] is not None for a in audio)),
        ("no_speech", sum(a["decode_error"] is None and not a["speech_s"] for a in audio)),
        ("no_text", sum(not t["text"] for t in own)),
        ("in_part", sum(SPEECH_WITHOUT_WORDS in t["flags"] for t in own)),
        ("flagged", sum(bool(t["flags"]) and bool(t["text"]) for t in own)),
        ("untimed", sum(u["started_at"] is None for u in view.rows("utterances"))),
        ("unmatched", sum(m["recording_id"] is None for m in matches)),
    )
    rows: Cells = [(w(f"unheard.{name}"), right(w.number(n))) for name, n in figures]
    return exhibit(view, "unheard", ("what", "n"), rows)


def _support(view: View, claim: Row, heard: dict[str, Row]) -> Cell:
    w, numbers = view.words, view.numbers
    seconds: dict[str, float | None] = {u: None for u in claim["utterance_ids"] if u in numbers}
    read = 0
    for mention in (heard[m] for m in claim["mention_ids"] if m in heard):
        utterance = mention["utterance_id"]
        if utterance not in numbers:
            read += 1
        elif seconds.get(utterance) is None:
            seconds[utterance] = mention["start_s"]
    ordered = sorted(seconds, key=numbers.__getitem__)
    links = tuple(
        (
            f"u{numbers[u]}",
            f"U{numbers[u]}" + ("" if seconds[u] is None else f" ({w.number(seconds[u], 1)} s)"),
        )
        for u in ordered[:_SHOWN_LINKS]
    )
    rest = []
    if len(ordered) > _SHOWN_LINKS:
        rest.append(w("claims.more", n=w.number(len(ordered) - _SHOWN_LINKS)))
    if read:
        rest.append(w.count("claims.read", read))
    return Cell("; ".join(rest), links=links)


def _reason(view: View, claim: Row) -> str:
    """Where a claim is from, how sure its value and its person are, and what else it may be."""
    w = view.words
    told = {
        "sources": w.all_of(w.name("claims.source", source) for source in claim["sources"]),
        "value": w.percent(claim["p_value"]),
        "role": w.percent(claim["p_role"]),
    }
    likeliest = claim["alternatives"][:_SHOWN_OTHERS]
    others = [f"{inert(other['value'])} ({w.percent(other['probability'])})" for other in likeliest]
    return w("claims.reason", **told) + (w("claims.reason.others", list=w.any_of(others)) if others else "")


def _sound(view: View, number: int, claim: Row) -> Cell:
    from forensics.reports.snippets import MOST, snippet

    found = snippet(view, claim) if number <= MOST else ""
    return Cell(view.words("claims.sound", no=f"C{number}"), sound=found) if found else Cell("–")


def _texts(view: View) -> dict[str, str]:
    """The words of each utterance that were worked with: ours before the vendor's."""
    said = {u["utterance_id"]: u["vendor_text"] for u in view.rows("utterances") if u["vendor_text"]}
    ours = sorted(view.rows("transcripts"), key=lambda t: (t["engine"] != "vendor", t["engine"]))
    return {**said, **{view.utterance_of.get(t["recording_id"], ""): t["text"] for t in ours if t["text"]}}
