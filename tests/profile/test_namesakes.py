"""Which town of a name is meant, and which town a misheard name stands for."""

import pytest

from forensics.profile.gathering import gather
from forensics.profile.places import Named, named_places
from tests.profile.household import GROUP, Household


def places(home: Household) -> dict[str, Named]:
    """The places named, by the name shown; those that a name may be misheard from with a tilde."""
    found = named_places(gather(GROUP, home.role, **home.tables()))
    return {("~" if one.alike else "") + one.value: one for one in found}


def test_the_town_told_in_full_is_meant_by_its_bare_name_too() -> None:
    home = Household()
    home.says("wie wird das wetter in neustadt", ("PLACE", "neustadt"), domain="weather")
    home.says("der zug von neustadt nach kiel", ("PLACE", "neustadt"), ("PLACE", "kiel"), domain="transport")
    home.says("nein neustadt in holstein", ("PLACE", "neustadt in holstein"), domain="weather")
    found = places(home)
    assert len(found["Neustadt in Holstein"].reading.heard) == 3


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("neustadt an der weinstraße und nicht im schwarzwald", "Neustadt an der Weinstraße"),
        ("nicht weinstraße himmel holstein", "Neustadt in Holstein"),
    ],
)
def test_what_is_said_of_a_town_tells_it_from_its_namesakes(text: str, meant: str) -> None:
    home = Household()
    home.says("wie wird das wetter in neustadt", ("PLACE", "neustadt"), domain="weather")
    home.says(text)
    assert meant in places(home)


def test_a_name_that_means_no_neighbour_may_be_a_neighbour_misheard() -> None:
    home = Household()
    for day in (7, 8):
        home.says("traffic to alpharetta", ("PLACE", "alpharetta"), domain="transport", language="en",
                  at=f"2018-05-{day:02d}T07:30")  # fmt: skip
    home.says("what's the weather in swanee", ("PLACE", "swanee"), domain="weather", language="en")
    assert "~Suwanee, Georgia" in places(home)


def test_a_neighbour_is_not_misheard() -> None:
    home = Household()
    home.says("traffic to leeds", ("PLACE", "leeds"), domain="transport", language="en")
    home.says("weather in bradford", ("PLACE", "bradford"), domain="weather", language="en")
    assert not any(name.startswith("~") for name in places(home))


def test_a_saint_is_written_as_the_british_write_it() -> None:
    home = Household()
    home.says("weather in saint helens", ("PLACE", "saint helens"), domain="weather", language="en")
    home.says("bus to liverpool", ("PLACE", "liverpool"), domain="transport", language="en")
    assert "St Helens" in places(home)
