"""No masked output holds a name, wherever in the bundle it stood.

A different made-up name stands in every place of a bundle where a name can stand. Every output is made
masked, in English and German, and searched for each name in every case, normal form and transliteration,
split and in the genitive.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from planting import names, plant, register

import forensics
from forensics.reports import FORMATS, write

NAMES = names()


def forms(name: str) -> set[str]:
    """How a name may be written: case apart, which the search ignores."""
    plain = unicodedata.normalize("NFC", name)
    spelled = plain.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}))
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    bare = bare.replace("ß", "ss")
    return {form.casefold() for form in (plain, unicodedata.normalize("NFD", plain), spelled, bare)}


def found_in(text: str) -> list[str]:
    """The places whose name stands in a text."""
    escaped = text.encode().decode("unicode_escape", "ignore") if "\\u" in text else text
    haystack = "\n".join((text, escaped, unicodedata.normalize("NFC", text))).casefold()
    return sorted(place for place, name in NAMES.items() if any(form in haystack for form in forms(name)))


def test_the_search_finds_a_name_in_each_of_its_forms() -> None:
    name = NAMES["device"]
    for text in (
        f"{name.upper()}s Echo", f"a_{name}_b", unicodedata.normalize("NFD", name), json.dumps(name),
        next(iter(forms(name) - {name.casefold()}), name),
    ):  # fmt: skip
        assert found_in(text) == ["device"]
    assert found_in("nobody") == []


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, subprocess.CompletedProcess[str]]:
    """The bundle investigated on the command line: its folder, the case, and what was printed."""
    folder = tmp_path_factory.mktemp("planted")
    bundle, profiles, case = plant(folder, NAMES), register(folder, NAMES), folder / "case"
    command = [
        sys.executable, "-m", "forensics", "investigate", str(bundle), "--case", str(case), "--json",
        "--engine", "vendor", "--register", str(profiles),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder, case, done


def test_the_names_reached_the_tables(planted: tuple[Path, Path, object]) -> None:
    """Otherwise nothing below would mean anything."""
    case = forensics.Case.open(planted[1])
    held = {
        place
        for table in case.table_names
        for place in found_in(case.frame(table).to_json(force_ascii=False))
    }
    missed = {
        "register_first",
        "register_last",
        "register_friend",
        "wav_tag",
        "pdf_title",
        "pdf_author",
        "comment",
    }
    # what no reader understood is counted in `fields`, and its values are left in the evidence
    assert set(NAMES) - missed - held <= {"key", "header", "html", "cell"}


def test_nothing_printed_names_anybody(planted: tuple[Path, Path, subprocess.CompletedProcess[str]]) -> None:
    assert found_in(planted[2].stdout + planted[2].stderr) == []


@pytest.mark.parametrize("command", [
    ["search"], ["search", "--json"], ["explain", "C1"], ["explain", "C1", "--json"],
    ["status"], ["status", "--json"], ["verify"], ["verify", "--json"], ["link", "--json"], ["link"],
    ["resume"], ["resume", "--json"],
], ids=" ".join)  # fmt: skip
def test_no_command_names_anybody(planted: tuple[Path, Path, object], command: list[str]) -> None:
    folder, case, _ = planted
    line = [sys.executable, "-m", "forensics", *command, "--case", str(case)]
    if command[0] == "link":
        line += ["--register", str(folder / "register.csv")]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert found_in(done.stdout + done.stderr) == []


def test_a_progress_bar_names_nobody(planted: tuple[Path, Path, object], tmp_path: Path) -> None:
    """The bars are shown on a terminal only, so that one is made."""
    import pty

    bundle = next(planted[0].glob("*.zip"))
    main, other = pty.openpty()
    line = [sys.executable, "-m", "forensics", "intake", str(bundle), "--case", str(tmp_path / "case")]
    done = subprocess.Popen(line, stdout=other, stderr=other, env={**os.environ, "TERM": "xterm"})
    os.close(other)
    seen = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    assert done.wait() == 0
    assert b"custody head" in seen
    assert found_in(seen.decode("utf-8", "replace")) == []


@pytest.mark.parametrize("damage", ["cut", "empty", "text"])
def test_an_error_names_nobody(planted: tuple[Path, Path, object], tmp_path: Path, damage: str) -> None:
    content = next(planted[0].glob("*.zip")).read_bytes()
    broken = tmp_path / f"{NAMES['archive']}.zip"
    made: dict[str, Callable[[], bytes]] = {
        "cut": lambda: content[: len(content) // 2], "empty": lambda: b"",
        "text": lambda: f"<html>sign in, {NAMES['html']}</html>".encode(),
    }  # fmt: skip
    broken.write_bytes(made[damage]())
    line = [
        sys.executable,
        "-m",
        "forensics",
        "intake",
        str(broken),
        "--case",
        str(tmp_path / "case"),
        "--json",
    ]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert found_in(done.stdout + done.stderr) == []


def _texts(path: Path) -> Iterator[str]:
    """All text of a report, whatever its format."""
    content = path.read_bytes()
    if content.startswith(b"%PDF"):
        import pdfplumber

        with pdfplumber.open(io.BytesIO(content)) as pdf:
            yield str(pdf.metadata)
            for page in pdf.pages:
                yield page.extract_text()
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield re.sub(r"<[^>]+>", "", archive.read(name).decode("utf-8", "ignore"))
    yield content.decode("utf-8", "ignore")


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("format", sorted(FORMATS))
def test_no_report_names_anybody(
    planted: tuple[Path, Path, object], tmp_path: Path, format: str, language: str
) -> None:
    case = forensics.Case.open(planted[1])
    given = {"before": write(case, tmp_path / "before.json", "json")} if format == "changes" else {}
    written = write(case, tmp_path / f"report.{format}", format, language=language, **given)
    assert found_in("\n".join(_texts(written))) == []


def test_a_case_and_its_tables_as_displayed_name_nobody(planted: tuple[Path, Path, object]) -> None:
    from forensics.reports import rows

    case = forensics.Case.open(planted[1])
    shown = [repr(case).replace(str(planted[1]), ""), case._repr_html_().replace(str(planted[1]), "")]
    for table in case.table_names:
        frame = case.table(table)
        shown += [frame.to_json(force_ascii=False), frame.to_html(), rows.rows(case, table)._repr_html_()]
    shown += [case.search().to_html(), case.explain("C1")._repr_html_(), case.describe().to_html()]
    shown += [claim._repr_html_() for claim in rows.claims(case)]
    shown += [risk._repr_html_() for risk in rows.risks(case)]
    assert found_in("\n".join(shown)) == []


def test_revealing_a_table_needs_a_purpose_and_is_logged(planted: tuple[Path, Path, object]) -> None:
    case = forensics.Case.open(planted[1])
    with pytest.raises(forensics.ConsentError):
        case.table("claims", reveal=" ")
    shown = case.table("utterances", reveal="asked for by the data subject")
    assert "transcript" in found_in(shown.to_json(force_ascii=False))
    last = list(case.custody.acts())[-1]
    assert (last["act"], last["purpose"]) == ("names revealed", "asked for by the data subject")


def test_a_portfolio_names_nobody(planted: tuple[Path, Path, object], tmp_path: Path) -> None:
    bundle, out = next(planted[0].glob("*.zip")), tmp_path / "study"
    line = [sys.executable, "-m", "forensics", "batch", str(bundle), "--out", str(out)]
    line += ["--engine", "vendor", "--executor", "serial"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert found_in(done.stdout + done.stderr) == []
    for path in out.glob("*"):
        if path.suffix in (".html", ".csv", ".json"):
            assert found_in(path.read_text("utf-8")) == []


@pytest.mark.parametrize("number", ["01", "02", "03", "04", "06"])
def test_a_notebook_run_on_it_names_nobody(
    planted: tuple[Path, Path, object], tmp_path: Path, number: str
) -> None:
    import papermill

    source = next((Path(__file__).resolve().parents[2] / "notebooks").glob(f"{number}*.ipynb"))
    done = papermill.execute_notebook(
        source, tmp_path / source.name, parameters={"CASE": str(planted[1])}, progress_bar=False,
        kernel_name="python3",
    )  # fmt: skip
    shown = str([o for cell in done.cells if cell.cell_type == "code" for o in cell.outputs])
    assert found_in(shown.replace(str(planted[1]), "")) == []
