"""The case as CASE/UCO JSON-LD: bundles, recordings, acts and tools, in terms that other tools read.

Terms are those of CASE 1.5.0 and the UCO that it imports (caseontology.org). What they lack, how a recording
was heard, is a small extension under ``https://forensics.invalid/ns#``: ``HearingFacet`` with ``startedAt``,
``spokenLanguage``, ``speechSeconds``, ``commandDomain`` and, only where names are revealed, ``transcript``.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.case.rows import Row
from forensics.case.version import VERSION
from forensics.reports.html import publish
from forensics.reports.inert import inert
from forensics.reports.shown import bundle as bundle_name
from forensics.reports.view import View

if TYPE_CHECKING:
    from forensics.case.case import Case

KB = "https://forensics.invalid/kb/"
EXTENSION = "https://forensics.invalid/ns#"
CONTEXT = {
    "kb": KB,
    "hearing": EXTENSION,
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "uco-vocabulary": "https://ontology.unifiedcyberontology.org/uco/vocabulary/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, KB)

Node = dict[str, Any]


def write_case_uco(
    case: Case,
    path: str | Path,
    *,
    reveal: bool = False,
    purpose: str = "",
    language: str | None = None,
) -> Path:
    """Write the case as CASE/UCO JSON-LD.

    Parameters
    ----------
    case : Case
    path : path
    reveal : bool
        Include transcripts and file names.
    purpose : str
        Why; goes into the custody log.
    language : {'en', 'de'}, optional
        Of the description and of names that are ours; the terms are those of the standard.

    Raises
    ------
    ConsentError
        If names are to be revealed without a purpose.
    """
    view = View.of_case(case, reveal=reveal, purpose=purpose, language=language)
    content = json.dumps(as_graph(view), indent=1, ensure_ascii=False) + "\n"
    return publish(case, Path(path), content.encode(), revealed=reveal)


def as_graph(view: View, *, recordings: int | None = None) -> Node:
    """The JSON-LD object.

    Parameters
    ----------
    view : View
    recordings : int, optional
        Only so many of them, e.g. to validate a sample.
    """
    tool = _node("tool", "forensics", "uco-tool:Tool", {
        "uco-core:name": "forensics", "uco-tool:version": VERSION,
    })  # fmt: skip
    bundles = [_bundle(view, n) for n in range(len(view.state["bundles"]))]
    numbers = {r: view.numbers[u] for r, u in view.utterance_of.items()}
    chosen = sorted(view.rows("recordings"), key=lambda r: numbers.get(r["recording_id"], 0))[:recordings]
    heard = [node for row in chosen for node in _recording(view, row, bundles)]
    acts = _acts(view, tool)
    note = view.words("report.revealed.short" if view.masker.revealed else "report.masked")
    investigation = _node("investigation", view.state["id"], "case-investigation:Investigation", {
        "uco-core:name": f"forensics {view.state['id'][:8]}",
        "uco-core:description": note,
        "uco-core:object": [{"@id": node["@id"]} for node in (*bundles, *heard, *acts)],
    })  # fmt: skip
    return {"@context": CONTEXT, "@graph": [investigation, tool, *bundles, *heard, *acts]}


def _bundle(view: View, number: int) -> Node:
    sha256 = view.state["bundles"][number]["sha256"]
    return _file("bundle", sha256, bundle_name(view, number), None, sha256, [])


def _recording(view: View, row: Row, bundles: list[Node]) -> list[Node]:
    """A recording as a file, and which bundle it came from."""
    key = row["recording_id"]
    members = [m for m in view.rows("members") if m["sha256"] == row["sha256"]]
    size = next((m["size"] for m in members), None)
    held = {m["bundle"] for m in members}
    facet = _hearing(view, row)
    node = _file("recording", key, view.label(view.utterance_of.get(key)), size, row["sha256"], [facet])
    from_bundle = [
        _node("contained", f"{key} {bundle['@id']}", "uco-observable:ObservableRelationship", {
            "uco-core:source": {"@id": node["@id"]}, "uco-core:target": {"@id": bundle["@id"]},
            "uco-core:isDirectional": True, "uco-core:kindOfRelationship": "Contained_Within",
        })
        for bundle, known in zip(bundles, view.state["bundles"], strict=True)
        if known["name"] in held
    ]  # fmt: skip
    return [node, *from_bundle]


def _hearing(view: View, row: Row) -> Node:
    key = row["recording_id"]
    audio = view.by_recording("audio").get(key, {})
    intent = view.by_recording("intents").get(key)
    own = [t for t in view.rows("transcripts") if t["recording_id"] == key and t["engine"] != "vendor"]
    facts: Node = {}
    if row["started_at"] is not None:
        facts["hearing:startedAt"] = _time(row["started_at"])
    if audio.get("speech_s") is not None:
        facts["hearing:speechSeconds"] = {"@type": "xsd:decimal", "@value": str(round(audio["speech_s"], 3))}
    if intent:
        facts["hearing:commandDomain"] = intent["domain"]
    if own and own[0]["language"]:
        facts["hearing:spokenLanguage"] = own[0]["language"]
    if own and (said := view.masker.free_text(own[0]["text"])):
        facts["hearing:transcript"] = inert(said)
    return _node("hearing", key, ["hearing:HearingFacet", "uco-core:Facet"], facts)


def _acts(view: View, tool: Node) -> list[Node]:
    """The finished stages from the custody log, as investigative actions."""
    found, started = [], {}
    for act in view.case.custody.acts():
        if act.get("act") == "stage started":
            started[act["stage"]] = act["at"]
        elif act.get("act") == "stage finished":
            found.append(_node("act", act["hash"], "case-investigation:InvestigativeAction", {
                "uco-core:name": act["stage"],
                "uco-action:startTime": _time(datetime.fromisoformat(started.get(act["stage"], act["at"]))),
                "uco-action:endTime": _time(datetime.fromisoformat(act["at"])),
                "uco-action:instrument": {"@id": tool["@id"]},
            }))  # fmt: skip
    return found


def _file(kind: str, key: str, name: str, size: int | None, sha256: str, facets: list[Node]) -> Node:
    content: Node = {
        "uco-observable:hash": [_node("hash", f"{kind} {key}", "uco-types:Hash", {
            "uco-types:hashMethod": "SHA256",
            "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": sha256.upper()},
        })],
    }  # fmt: skip
    file: Node = {"uco-observable:fileName": inert(name), "uco-observable:isDirectory": False}
    if size is not None:
        content["uco-observable:sizeInBytes"] = file["uco-observable:sizeInBytes"] = size
    return _node(kind, key, "uco-observable:File", {
        "uco-core:hasFacet": [
            _node("file-facet", f"{kind} {key}", "uco-observable:FileFacet", file),
            _node("content-facet", f"{kind} {key}", "uco-observable:ContentDataFacet", content),
            *facets,
        ],
    })  # fmt: skip


def _node(kind: str, key: str, type_: str | list[str], facts: Node) -> Node:
    """A node whose IRI ends in a UUID made of its content, as CASE recommends."""
    return {"@id": f"kb:{kind}-{uuid.uuid5(_NAMESPACE, f'{kind} {key}')}", "@type": type_, **facts}


def _time(at: datetime) -> Node:
    return {"@type": "xsd:dateTime", "@value": at.astimezone(UTC).isoformat()}
