"""Every fitted number of the package: where it comes from, and that ``make fits`` makes it."""

from __future__ import annotations

import ast
import hashlib
import importlib
from pathlib import Path

import pytest

import forensics
from fitting.__main__ import FITS
from fitting.language.provenance import hashes
from forensics.knowledge.fitted import SUFFIX, parse

PACKAGE = Path(forensics.__file__).parent
ROOT = Path(importlib.import_module("fitting").__file__ or "").parents[1]
FILES = sorted(PACKAGE.rglob(f"*{SUFFIX}"))
SCRIPTS = sorted((ROOT / "fitting").rglob("*.py"))
NAMES = [path.relative_to(PACKAGE).as_posix() for path in FILES]


def test_there_are_fits() -> None:
    assert len(FILES) >= len(FITS)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_fit_says_where_it_comes_from_and_is_made_by_one_command(path: Path) -> None:
    fit = parse(path.read_bytes(), path.name)
    listed = {target.split(":")[0].replace(".", "/") + ".py" for target in FITS.values()}
    assert (ROOT / fit.script).is_file()
    assert fit.script in listed
    assert "trial" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_what_a_fit_is_of_reads_it_or_has_its_hash(path: Path) -> None:
    stem = path.name.removesuffix(SUFFIX)
    module, folder = path.with_name(f"{stem}.py"), path.with_name(stem)
    if module.is_file():
        assert "fitted(__name__)" in module.read_text("utf-8")
        return
    fit = parse(path.read_bytes(), path.name)
    if folder.is_dir():
        assert fit.value("files") == hashes(folder)
        return
    (name,) = fit.values
    assert hashlib.sha256(path.with_name(name).read_bytes()).hexdigest() == fit.value(name)


def test_every_shipped_weight_has_a_record() -> None:
    recorded = {path.name.removesuffix(SUFFIX) for path in FILES}
    weights = {p for ending in ("npz", "parquet", "tsv.gz") for p in PACKAGE.rglob(f"*.{ending}")}
    assert weights
    for path in weights:
        parents = {parent.name for parent in path.relative_to(PACKAGE).parents}
        assert path.name.split(".")[0] in recorded or parents & recorded, path


def test_make_runs_every_fit_and_each_alone() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "\nfits:" in makefile
    assert "$(BIN)/python -m fitting $(FIT_ARGS)" in makefile
    assert "$(BIN)/python -m fitting $* $(FIT_ARGS)" in makefile
    for target in FITS.values():
        module, function = target.split(":")
        assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("path", SCRIPTS, ids=[p.relative_to(ROOT).as_posix() for p in SCRIPTS])
def test_no_script_prints_a_number_to_paste(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    calls = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "print" not in calls


def test_surnames_by_rank_follow_the_law() -> None:
    import csv

    from forensics.reidentification.name_rates import law_share

    with (PACKAGE / "knowledge/data/surnames_de.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if "fitted law" in row["source"]]
    assert rows
    for row in rows:
        rank = int("".join(filter(str.isdigit, row["note"].split(",")[0])))
        assert float(row["p"]) == pytest.approx(law_share(rank), rel=0.01)
