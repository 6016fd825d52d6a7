"""CASE/UCO: what case_validate accepts, on a sample of recordings."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from made_case import NAMES, SENTENCE

from forensics import Case
from forensics.reports import write
from forensics.reports.case_uco import as_graph
from forensics.reports.view import View

VALIDATE = Path(sys.executable).with_name("case_validate")


def validated(graph: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "graph.jsonld"
    path.write_text(json.dumps(graph), "utf-8")
    return subprocess.run([VALIDATE, path], capture_output=True, text=True, check=False)


def test_a_sample_conforms_without_warning(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case(recordings=3)
    case.custody.append("stage started", stage="intake")
    case.custody.append("stage finished", stage="intake", outputs={})
    graph = as_graph(View.of_case(case, reveal=True, purpose="test"), recordings=2)
    done = validated(graph, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Conforms: True" in done.stdout
    kinds = {node["@type"] for node in graph["@graph"]}
    assert {"uco-observable:File", "case-investigation:InvestigativeAction", "uco-tool:Tool"} <= kinds


def test_the_validator_would_notice(small_case: Case, tmp_path: Path) -> None:
    graph = as_graph(View.of_case(small_case), recordings=1)
    graph["@graph"][0]["uco-core:nonsense"] = "x"
    file = next(node for node in graph["@graph"] if node["@type"] == "uco-observable:File")
    file["uco-core:hasFacet"][0]["uco-observable:isDirectory"] = "perhaps"
    assert validated(graph, tmp_path).returncode != 0


def test_it_is_masked_and_the_same_each_time(small_case: Case, tmp_path: Path) -> None:
    one = write(small_case, tmp_path / "1.jsonld", "case").read_text("utf-8")
    assert write(small_case, tmp_path / "2.jsonld", "case").read_text("utf-8") == one
    assert "hearing:transcript" not in one
    assert not [name for name in (*NAMES, SENTENCE) if name in one]


def test_every_recording_lies_in_its_bundle(small_case: Case) -> None:
    graph = as_graph(View.of_case(small_case))["@graph"]
    files = {node["@id"] for node in graph if node["@type"] == "uco-observable:File"}
    links = [node for node in graph if node["@type"] == "uco-observable:ObservableRelationship"]
    assert len(links) == 24
    assert all({link["uco-core:source"]["@id"], link["uco-core:target"]["@id"]} <= files for link in links)
