"""Importing the package and asking for help are fast: nothing heavy is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "spacy", "librosa", "pandas", "numpy", "plotly", "faster_whisper", "whisper", "pyarrow")


@pytest.mark.parametrize("code", ["import forensics", "from forensics.cli import app; app(['--help'])"])
def test_nothing_heavy_is_loaded(code: str) -> None:
    program = f"""
import sys
try:
    {code}
except SystemExit:
    pass
print("LOADED", sorted(set({HEAVY!r}) & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "LOADED []"


def test_the_public_interface_is_what_it_says() -> None:
    import forensics

    for name in forensics.__all__:
        assert getattr(forensics, name) is not None


def test_reading_and_reporting_load_neither_torch_nor_jupyter() -> None:
    program = """
import sys
import forensics.reports.html
from forensics.language.reader import reader
next(reader("en").read(["what is the weather in oldenburg"]))
print("LOADED", sorted({"torch", "IPython", "nbformat", "jsonschema"} & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "LOADED []"
