"""Names stay masked, and are the same pseudonym wherever they turn up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_case import HOUSEHOLD, NAMES

from forensics import Case, ConsentError
from forensics.case.masking import Masker, Pseudonym, shortened


def test_one_person_has_one_pseudonym_in_claims_and_mentions(small_case: Case) -> None:
    masker = Masker.of_case(small_case)
    full = masker.claim("contact", "Xaver Zwickelhuber", group=HOUSEHOLD)
    assert full == "contact 1"
    assert masker.claim("surname", "Zwickelhuber", group=HOUSEHOLD) == full
    assert masker.mention("PERSON", "xaver", group=HOUSEHOLD) == full
    assert masker.text("Zwickelhuber's lamp") == "contact 1 lamp"


def test_roles_give_the_kind_of_pseudonym_its_name(small_case: Case) -> None:
    masker = Masker.of_case(small_case, language="de")
    assert masker.claim("first_name", "Roswitha", group=HOUSEHOLD).startswith("Person ")
    assert masker.claim("contact", "Xaver Zwickelhuber", group=HOUSEHOLD) == "Kontakt 1"
    assert masker.claim("phone", "0170 5551234", group=HOUSEHOLD) == "Telefonnummer 1"


def test_a_count_of_children_is_not_a_name(small_case: Case) -> None:
    masker = Masker.of_case(small_case)
    assert masker.claim("child", "one", group=HOUSEHOLD) == "one"
    assert masker.claim("child", "Onno", group=HOUSEHOLD) == "[person]"


def test_the_same_name_in_two_groups_is_two_people() -> None:
    masker = Masker(
        {("a", "name", "kim"): Pseudonym("person", 1), ("b", "name", "kim"): Pseudonym("person", 2)}
    )
    assert masker.claim("first_name", "Kim", group="a") == "person 1"
    assert masker.claim("first_name", "Kim", group="b") == "person 2"
    assert masker.text("Kim's Echo") == "[person] Echo"


def test_a_misheard_sentence_does_not_turn_its_words_into_names(small_case: Case) -> None:
    assert Masker.of_case(small_case).text("weekdays about 06:20") == "weekdays about 06:20"


def test_an_everyday_word_heard_as_a_name_stays_in_our_own_words() -> None:
    heard = {("g", "name", name): Pseudonym("person", n) for n, name in enumerate(("child", "kim"), start=1)}
    masker = Masker(heard)
    assert masker.text("base rate of child (child)") == "base rate of child (child)"
    assert masker.text("Kim's child") == "person 2 child"
    assert masker.claim("first_name", "Child", group="g") == "person 1"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("thermostat (bathroom)", "thermostat (bathroom)"),
        ("G090LF00000001WZ", "G09…1WZ"),
        ("Ärzte", "[device]"),
        ("send Sabine a kiss", "[device]"),
    ],
)
def test_a_device_is_shown_only_if_every_word_is_known(value: str, shown: str) -> None:
    assert Masker({}).claim("device", value, group="g") == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Echo G090LF00000001WZ", "Echo G09…1WZ"),
        ("mail somebody.else@example.org now", "mail [e-mail address] now"),
        ("call +49 441 123456", "call [phone number]"),
        ("2018-05-04T18:41:07", "2018-05-04T18:41:07"),
        ("83200000 people, 0.25", "83200000 people, 0.25"),
    ],
)
def test_identifiers_in_our_own_words_are_masked(text: str, shown: str) -> None:
    assert Masker({}).text(text) == shown


def test_free_text_is_never_shown_masked(small_case: Case) -> None:
    assert Masker.of_case(small_case).free_text("nothing to see") is None


@pytest.mark.parametrize("purpose", ["", "  \n"])
def test_names_are_not_revealed_without_a_purpose(small_case: Case, purpose: str) -> None:
    before = small_case.custody.head()
    with pytest.raises(ConsentError, match="purpose"):
        Masker.of_case(small_case, reveal=True, purpose=purpose)
    assert small_case.custody.head() == before


def test_revealing_is_an_act_in_the_custody_log(make_case: Callable[..., Case]) -> None:
    case = make_case(recordings=3)
    masker = Masker.of_case(case, reveal=True, purpose="order 7 Gs 12/26")
    act = case.custody.acts()[-1]
    assert (act["act"], act["purpose"]) == ("names revealed", "order 7 Gs 12/26")
    assert masker.claim("first_name", NAMES[0], group=HOUSEHOLD) == NAMES[0]
    assert masker.free_text("what was said") == "what was said"


def test_pseudonyms_do_not_depend_on_the_order_of_rows(small_case: Case) -> None:
    tables = {name: small_case.frame(name) for name in ("claims", "mentions", "groups")}
    turned = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in tables.items()}
    one, other = Masker.of_tables(tables), Masker.of_tables(turned)
    for claim in tables["claims"].itertuples():
        shown = one.claim(claim.attribute, claim.value, group=claim.data_subject_group)
        assert shown == other.claim(claim.attribute, claim.value, group=claim.data_subject_group)


def test_a_short_identifier_is_left_as_it_is() -> None:
    assert shortened("AB12") == "AB12"
    assert shortened("G090LF00000001WZ") == "G09…1WZ"
