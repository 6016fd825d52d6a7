"""splink 5 on the same register and the same questions, set up as its documentation advises.

Blocking on surname, on first name with place, and on place with the partner; Jaro-Winkler levels with term
frequency adjustment; u estimated from the register, m as we take it (there is one record to link, from which
expectation maximisation cannot learn). splink has no friends, distances, homophones or doubts about roles:
it gets each household's likeliest name, surname, place and partner.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

COLUMNS = ("first_name", "surname", "place", "partner_first_name")
ROLES = {"first_name": ("first_name", "subject"), "partner_first_name": ("first_name", "companion")}


def search_with_splink(register: Path, claims: Path, chosen: str) -> dict[str, Any]:
    """Seconds to load and per query, and the share of queries whose right profile comes first.

    Parameters
    ----------
    register, claims : pathlib.Path
    chosen : str
        Numbers of households, separated by commas.
    """
    import duckdb
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    numbers = [int(n) for n in chosen.split(",") if n]
    cases = [c for c in json.loads(claims.read_text("utf-8")) if c["household"] in numbers]
    began = time.monotonic()
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    columns = ", ".join(COLUMNS)
    connection.execute(
        f"CREATE TABLE profiles AS SELECT profile_id AS unique_id, {columns} FROM '{register}'"
    )
    asked = pd.DataFrame([query(c) for c in cases])
    database = DuckDBAPI(connection=connection)
    profiles = database.register("profiles", dataset_display_name="profiles")
    queries = database.register(asked, dataset_display_name="queries")
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("first_name", [0.92, 0.85]).configure(
                term_frequency_adjustments=True, m_probabilities=[0.8, 0.08, 0.04, 0.08]
            ),
            cl.JaroWinklerAtThresholds("surname", [0.92, 0.85]).configure(
                term_frequency_adjustments=True, m_probabilities=[0.8, 0.08, 0.04, 0.08]
            ),
            cl.ExactMatch("place").configure(term_frequency_adjustments=True, m_probabilities=[0.7, 0.3]),
            cl.ExactMatch("partner_first_name").configure(
                term_frequency_adjustments=True, m_probabilities=[0.7, 0.3]
            ),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("surname"),
            block_on("first_name", "place"),
            block_on("place", "partner_first_name"),
        ],
        retain_intermediate_calculation_columns=False,
        probability_two_random_records_match=1e-6,
    )
    linker = Linker([queries, profiles], settings, log_level="ERROR")
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for column in COLUMNS:
        linker.table_management.compute_tf_table(column)
    loaded = time.monotonic() - began
    hits, took, cpu = 0.0, [], time.process_time()
    for case in cases:
        began = time.monotonic()
        one = database.register(pd.DataFrame([query(case)]), dataset_display_name=f"q{case['household']}")
        found = linker.inference.predict_between(one, profiles, warning_mode="never").as_pandas_dataframe()
        took.append(time.monotonic() - began)
        hits += first_share(found, case["profile_id"])
    return {
        "load_seconds": round(loaded, 2),
        "query_seconds": round(sum(took) / max(len(took), 1), 3),
        "query_cpu_seconds": round((time.process_time() - cpu) / max(len(took), 1), 3),
        "rank1": round(hits / max(len(cases), 1), 4),
    }


def query(case: dict[str, Any]) -> dict[str, Any]:
    """One household's likeliest values."""
    claims = sorted(case["claims"], key=lambda c: -c["p_true"])

    def best(attribute: str, role: str | None) -> str | None:
        return next(
            (c["value"] for c in claims if c["attribute"] == attribute and role in (None, c["subject_role"])),
            None,
        )

    own = [c["value"] for c in claims if c["attribute"] == "surname" and c["subject_role"] == "subject"]
    return {
        "unique_id": f"query-{case['household']}",
        "first_name": best("first_name", "subject"),
        "surname": own[0] if own else best("surname", None),
        "place": best("home_place", None),
        "partner_first_name": best("first_name", "companion"),
    }


def first_share(found: Any, right: str) -> float:
    """1 if the right profile has the highest weight alone, its share of the tie if others have it too."""
    if not len(found):
        return 0.0
    top = found[found["match_weight"] >= found["match_weight"].max() - 1e-9]
    ids = set(top["unique_id_l"]) | set(top["unique_id_r"])
    return 1.0 / len(top) if right in ids else 0.0
