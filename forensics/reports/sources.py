"""Where each base rate and each population is from, in the report's language.

The table ``exposure`` names the row of a reference table by its key, and that row names its source in both
languages. A user's own list of names is quoted as its owner wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from forensics.case.rows import Row
from forensics.knowledge.gazetteer import place_by_id
from forensics.reidentification.population import OWNERS, SPEAKER, WORLD, district_of
from forensics.reidentification.rates import table
from forensics.reports.exhibit import Cell
from forensics.reports.inert import inert
from forensics.reports.shown import likeliest_place, place_label

if TYPE_CHECKING:
    from forensics.reports.view import View

_KEPT = frozenset({"unknown_first_name", "unknown_surname", "unknown_place", "zero_population"})
"""Assumptions whose row says it all; the others are about one attribute of a household."""
_CHANGES = ("household_size", "friends", "device_lift")
"""Rows that change a rate: what they do stands before their source."""


def told(view: View, claim: Row, exposure: Row) -> str | Cell:
    """Where a claim's base rate is from.

    Parameters
    ----------
    claim : dict
        A row of ``claims``.
    exposure : dict
        Its row of ``exposure``, as the view shows it.
    """
    w = view.words
    if claim["claim_id"] in view.withheld:
        return w("withheld")
    said = [_part(view, claim, key) for key in exposure["rate_key"].split("+")]
    if None in said:
        return Cell(inert(view.masker.text(exposure["source"])), english=w.language != "en")
    return "; ".join(part for part in said if part)


def _part(view: View, claim: Row, key: str) -> str | None:
    """One part of a key in words; None where only the table knows."""
    w = view.words
    family, _, name = key.partition(":")
    if key == "none":
        return w("source.none")
    if key in ("geonames", "destatis:districts"):
        return _town(view, claim, key)
    if family == "names" and name != "own":
        return w(f"source.{key}") if f"source.{key}" in w else None
    if family == "prior":
        attribute, _, kind = name.partition(":")
        row = _prior(view, attribute, kind)
        return None if row is None else _cited(view, row)
    if key in _CHANGES:
        return w(f"source.{key}", source=_cited(view, _assumption(key)))
    if family == "assumption" and name in _KEPT:
        return _cited(view, _assumption(name))
    if family == "assumption":
        return w("source.assumption.place_abroad" if name == "place_abroad" else "source.assumption.unique")
    return w("source.geonames.no_town") if key == "geonames:no_town" else None


def population(view: View, risk: Row) -> str:
    """Among whom an adversary looks, with the source of the number and how the country was chosen.

    Parameters
    ----------
    risk : dict
        A row of ``risk``.
    """
    w, country = view.words, risk["country"]
    if risk["population_kind"] == "acquaintances":
        return w("population.told.acquaintances", source=_cited(view, _assumption("acquaintances")))
    if risk["population_kind"] == "gallery":
        listed = _cited(view, _assumption("in_gallery"))
        return w("population.told.gallery", n=w.about(risk["population_n"]), source=listed)
    rows = {(r["country"], r["value"]): r for r in table("population")}
    row = rows.get((country or WORLD, "persons"), rows[WORLD, "persons"])
    named = w("population.world") if country is None else w.country(country) or country
    said = w("population.told.residents", country=named, source=_cited(view, row), why=w(_chosen(view)))
    speaker = _prior(view, "device", SPEAKER)
    if risk["population_kind"] == "owners" and speaker is not None:
        share = w.percent(float(speaker["p"]))
        said += w("population.told.owners", share=share, source=_cited(view, speaker))
    return said


def _chosen(view: View) -> str:
    """Key of the sentence that says how the country was chosen, by the same order as the measurement."""
    if view.case.options.population.removesuffix(OWNERS) != "auto":
        return "population.why.option"
    if any(c["places"] for c in view.focus_claims if c["attribute"].endswith("_place")):
        return "population.why.home"
    known = any(c["attribute"] == "language" and c["kind"] for c in view.focus_claims)
    return "population.why.language" if known else "population.why.unknown"


def _town(view: View, claim: Row, key: str) -> str | None:
    meant = likeliest_place(claim)
    place = place_by_id(meant) if meant is not None else None
    if place is None:
        return None
    w = view.words
    official = district_of(place) if key == "destatis:districts" else None
    inhabitants = place.population if official is None else official
    return w(f"source.{key}", place=place_label(w, place), n=w.number(inhabitants))


def _prior(view: View, attribute: str, kind: str) -> Mapping[str, str] | None:
    """The row of the table of priors that a key means, that of the population's country first."""
    country = (view.headline or {}).get("country")
    rows = [
        r
        for r in table("priors")
        if r["key"] == attribute and r["kinds"].partition("|")[0] == kind and r["country"] in (country, WORLD)
    ]
    return min(rows, key=lambda r: r["country"] == WORLD, default=None)


def _assumption(key: str) -> Mapping[str, str]:
    return next(row for row in table("assumptions") if row["key"] == key)


def _cited(view: View, row: Mapping[str, str]) -> str:
    """A row's source in the report's language, with its year where the source does not say it."""
    text = row["source_de" if view.words.language == "de" else "source"]
    year = row["year"]
    return f"{text}, {year}" if year and year not in text else text
