"""The profile reads both hearings of a name: the likelier one leads, the other is its alternative."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from household import Household, run_stages


def claims_with(tmp_path: Path, p: float, *, name: bool = True) -> pd.DataFrame:
    home = Household()
    text = "Ruf Stefanie Brinkmann an"
    entity = [("PERSON", "Stefanie Brinkmann")] if name else []
    utterance = home.says(text, *entity, domain="communication", confidence=0.6)
    case = home.write(tmp_path / "c")
    row = {
        "hearing_id": "shg-1", "utterance_id": utterance, "recording_id": "rec-1",
        "start": 4, "end": 22, "label": "PERSON",
        "first": "Stefanie Brinkmann", "p_first": 1 - p, "suggested_by": [], "places": [],
        "alternatives": [{"value": "Stefan Brinkmann", "probability": p}], "data_subject_group": home.group,
    }  # fmt: skip
    case.write_table("second_hearing", [row])
    run_stages(case, "profile")
    claims = case.frame("claims")
    return claims[claims["attribute"] == "contact"]


def alternatives(row: pd.Series) -> dict[str, float]:
    return {a["value"]: a["probability"] for a in row["alternatives"]}


def test_the_likelier_second_reading_leads(tmp_path: Path) -> None:
    ((_, row),) = claims_with(tmp_path, 0.9).iterrows()
    assert row["value"] == "Stefan Brinkmann"
    assert "Stefanie Brinkmann" in alternatives(row)


def test_an_unlikely_second_reading_is_an_alternative(tmp_path: Path) -> None:
    ((_, row),) = claims_with(tmp_path, 0.2).iterrows()
    assert row["value"] == "Stefanie Brinkmann"
    assert "Stefan Brinkmann" in alternatives(row)


def test_a_name_where_the_first_reading_had_none(tmp_path: Path) -> None:
    ((_, row),) = claims_with(tmp_path, 0.9, name=False).iterrows()
    assert row["value"] == "Stefan Brinkmann"
    assert len(row["utterance_ids"]) == 1
