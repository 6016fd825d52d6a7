"""What claims say of homes and names, in the form in which accounts are held against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Claims = Sequence[Mapping[str, Any]]


def home_weights(claims: Claims) -> dict[tuple[float, float], float]:
    """Posterior of being the home, by place on the map; what is missing to one is 'not named'."""
    from forensics.knowledge.gazetteer import place_by_id
    from forensics.reidentification.learned import places_of

    found: dict[tuple[float, float], float] = {}
    for claim in claims:
        if claim["attribute"] not in ("home_place", "work_place", "other_place"):
            continue
        roles = {role["value"]: float(role["probability"]) for role in claim["roles"]}
        for place_id, said in places_of(claim).items():
            place = place_by_id(place_id)
            if place is None or place.latitude is None or place.longitude is None:
                continue
            if place.kind != "country":
                spot = (place.latitude, place.longitude)
                found[spot] = found.get(spot, 0.0) + said * roles.get("home", 0.0)
    return found


def names_heard(claims: Claims) -> dict[tuple[str, str], float]:
    """Names by part and sound, each with the probability that it was said."""
    from forensics.knowledge.names import sound, split_name

    found: dict[tuple[str, str], float] = {}
    for claim in claims:
        attribute = claim["attribute"]
        if attribute not in ("first_name", "child", "contact", "surname"):
            continue
        said = float(claim["p_value"])
        name = split_name(str(claim["value"]))
        if name is None:
            continue
        parts = (
            [("last", str(claim["value"]))]
            if attribute == "surname"
            else [("first", name.first), ("last", name.last)]
        )
        for kind, part in parts:
            if part:
                key = (kind, sound(part))
                found[key] = max(found.get(key, 0.0), said)
    return found
