"""The register: read, indexed, searched. Small registers by hand, weights computed by hand, hostile input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import TableError
from forensics.linkage import levels
from forensics.linkage.building import MISSING
from forensics.linkage.dependence import families, joined
from forensics.linkage.index import open_register
from forensics.linkage.levels import EXACT, NICKNAME, OTHER, PART, SOUND_ALIKE, NameTable
from forensics.linkage.place_ratios import place_ratio
from forensics.linkage.profile_ratios import Ratios
from forensics.linkage.query import query_of
from forensics.linkage.register_file import SCHEMA, Skipped, batches
from forensics.linkage.score import search
from forensics.linkage.tastes import MOST_BITS, Tastes
from forensics.linkage.wanted import PersonNamed, PlaceNamed, Query
from tests.rows import claim_row, place

FIRST = ["Oliver", "Katrin", "Stefan", "Hannah", "Sebastian", "Martin", "Thomas", "Sabine"]
LAST = ["Brinkmann", "Schmidt", "Meyer", "Weber", "Koch", "Vogel", "Krause"]
PLACES = ["Oldenburg", "Bremen", "Hamburg", "München"]
OLDENBURG, PASSAU = (place(name)[0]["place_id"] for name in ("Oldenburg", "Passau"))


def profiles(n: int = 400) -> list[dict[str, Any]]:
    """Strangers, and at the end a couple, their friend, and a child's name."""
    rng = np.random.default_rng(4)
    rows: list[dict[str, Any]] = [
        {
            "profile_id": f"p{i}", "first_name": str(rng.choice(FIRST[4:])),
            "surname": str(rng.choice(LAST[1:])),
            "place": str(rng.choice(PLACES)), "country": "DE",
            "friends": [f"p{j}" for j in rng.integers(0, n, 5) if j != i],
        }
        for i in range(n)
    ]  # fmt: skip
    rows += [
        {"profile_id": "oliver", "first_name": "Oliver", "surname": "Schmitt", "place": "Oldenburg",
         "country": "DE",
         "partner_profile_id": "katrin", "friends": ["stefan", "p1"], "children_first_names": ["Jonas"],
         "nicknames": ["Olli"], "employer": "Stadtwerke", "interests": ["Adele"]},
        {"profile_id": "katrin", "first_name": "Katrin", "surname": "Schmitt", "partner_first_name": "Oliver",
         "country": "DE", "friends": ["p2"]},
        {"profile_id": "stefan", "first_name": "Stefan", "surname": "Brinkmann", "place": "Bremen",
         "country": "DE", "friends": ["oliver", "p3", "p4"]},
    ]  # fmt: skip
    return rows


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("register")


@pytest.fixture(scope="module")
def parquet(folder: Path) -> Path:
    path = folder / "register.parquet"
    pq.write_table(table(profiles()), path)
    return path


@pytest.fixture(scope="module")
def jsonl(folder: Path) -> Path:
    path = folder / "register.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in profiles()), "utf-8")
    return path


@pytest.fixture(scope="module")
def csv_file(folder: Path) -> Path:
    path = folder / "register.csv"
    rows = table(profiles()).to_pylist()
    for i, row in enumerate(rows):
        for name in ("friends", "nicknames", "children_first_names", "interests"):
            value = row[name]
            row[name] = None if value is None else (json.dumps(value) if i % 2 else ";".join(value))
    pcsv.write_csv(pa.Table.from_pylist(rows), path)
    return path


def person(role: str, first: str = "", last: str = "", p: float = 0.95, **kwargs: Any) -> PersonNamed:
    return PersonNamed({first: p} if first else {}, {last: p} if last else {}, {role: 0.95}, **kwargs)


HOUSEHOLD = Query(
    people=(
        person("subject", "Oliver"), person("companion", "Katrin"), person("child", "Jonas"),
        person("contact", "Stefan", "Brinkmann"),
    ),
    places=(PlaceNamed({OLDENBURG: 0.95}, home=0.8, work=0.1),),
)  # fmt: skip


def test_all_three_formats_read_the_same(parquet, jsonl, csv_file):
    def read(path: Path) -> list[dict[str, Any]]:
        rows = [row for batch in batches(path) for row in batch.to_pylist()]
        return [{k: v or None for k, v in row.items()} for row in rows]

    assert read(parquet) == read(jsonl) == read(csv_file)


def test_the_household_is_found_and_the_answer_says_by_what(parquet):
    register = open_register(parquet, parquet.parent / "index")
    found = search(register, HOUSEHOLD)
    ids = register.profile_ids([c.row for c in found.candidates])
    assert ids[0] == "oliver"
    best = found.candidates[0]
    assert best.posterior > 0.9
    assert sum(best.fields.values()) == pytest.approx(best.weight, abs=1e-6)
    assert {"first_name", "partner", "children", "contacts", "place"} <= set(best.fields)
    assert all(best.fields[name] > 0 for name in ("first_name", "partner", "children", "contacts", "place"))
    assert found.nobody + sum(c.posterior for c in found.candidates) <= 1 + 1e-9


def test_nobody_wins_when_nobody_fits(parquet):
    query = Query(
        people=(person("subject", "Ulrike", "Hartenkamp"), person("companion", "Jochen")),
        places=(PlaceNamed({PASSAU: 0.95}, home=0.9, work=0.0),),
    )
    found = search(open_register(parquet, parquet.parent / "index"), query)
    assert found.nobody > max(c.posterior for c in found.candidates)


def test_a_contacts_surname_leads_to_the_subject(parquet):
    """As in 2018: one surname, a contact's; his friends; one of them fits the little else that is known."""
    register = open_register(parquet, parquet.parent / "index")
    query = Query(
        people=(person("contact", "Stefan", "Brinkmann"),),
        places=(PlaceNamed({OLDENBURG: 0.95}, home=0.8, work=0.1),),
    )
    found = search(register, query)
    ids = register.profile_ids([c.row for c in found.candidates])
    assert ids[0] == "oliver"
    assert set(ids[:6]) >= {"oliver"}
    assert found.candidates[0].fields["contacts"] > 3


def test_the_index_is_built_once_and_again_when_the_register_changes(tmp_path):
    path = tmp_path / "r.parquet"
    pq.write_table(table(profiles(50)), path)
    first = open_register(path, path.parent / "index")
    stamp = (first.folder / "facts.json").stat().st_mtime_ns
    again = open_register(path, path.parent / "index")
    assert again.folder == first.folder
    assert (again.folder / "facts.json").stat().st_mtime_ns == stamp
    pq.write_table(table(profiles(60)), path)
    other = open_register(path, path.parent / "index")
    assert other.folder != first.folder
    assert len(other) == 63
    assert other.folder.stat().st_mode & 0o077 == 0


def test_friends_stand_both_ways_whatever_the_order_of_rows(parquet):
    register = open_register(parquet, parquet.parent / "index")
    out, out_at = register.array("friends_out"), register.array("friends_out_offsets")
    into, into_at = register.array("friends_in"), register.array("friends_in_offsets")
    pairs = {(i, int(j)) for i in range(len(register)) for j in out[out_at[i] : out_at[i + 1]]}
    back = {(int(j), i) for i in range(len(register)) for j in into[into_at[i] : into_at[i + 1]]}
    assert pairs == back
    rows = profiles()
    place = {row["profile_id"]: i for i, row in enumerate(rows)}
    assert pairs == {(i, place[f]) for i, row in enumerate(rows) for f in row["friends"]}


def test_a_couple_lives_together_and_a_linked_partner_lends_the_first_name(parquet):
    register = open_register(parquet, parquet.parent / "index")
    words = register.words("first")
    rows = {pid: i for i, pid in enumerate(register.profile_ids(list(range(len(register)))))}
    assert words[register.array("partner")[rows["oliver"]]] == "Katrin"
    assert register.array("place")[rows["katrin"]] == MISSING
    katrin = profiles()  # Katrin shows no place and links nobody: nothing is lent to her
    assert "partner_profile_id" not in katrin[-2]


def test_weights_of_levels_by_hand():
    counts = np.array([10, 30, 50, 910])
    names = NameTable(["Meyer", "Meier", "Meierotto", "Schulze"], counts, "surname")
    level = names.level("Meyer")
    assert level.tolist() == [EXACT, SOUND_ALIKE, OTHER, OTHER]
    u = names.u("Meyer")
    reference = levels._reference_share("surname", "Meyer", "DE")
    assert u[EXACT] == pytest.approx((10 + levels.PSEUDO * reference) / (1000 + levels.PSEUDO))
    assert u.sum() == pytest.approx(1.0)
    ratio = names.ratio({"Meyer": 0.9})
    doubt = 0.1
    said = 0.9
    expected = said * (1 - levels.SPELLED_OTHERWISE) / u[EXACT]
    assert ratio[0] == pytest.approx(expected + doubt * levels.error_levels()[EXACT] / u[EXACT])
    assert ratio[3] < 1 < ratio[1] < ratio[0]
    assert ratio[-1] == 1.0


def test_double_and_former_names_are_found_by_their_parts():
    words = ["Müller-Lüdenscheidt", "Bohl (geb. Müller)", "Müller", "Yıldız", "Schulze"]
    names = NameTable(words, np.array([5, 5, 50, 5, 900]), "surname")
    assert names.level("Mueller")[:3].tolist() == [PART, PART, EXACT]
    assert names.level("Müller-Lüdenscheidt")[:3].tolist() == [EXACT, OTHER, PART]
    assert names.level("Yildiz")[3] == EXACT
    ratio = names.ratio({"Müller": 0.9})
    assert ratio[2] > 1 < ratio[0]
    assert ratio[4] < 1


def test_nicknames_count_both_ways():
    names = NameTable(["Sebastian", "Basti", "Bastian"], np.array([5, 5, 90]), "first")
    assert names.level("Basti")[0] == NICKNAME
    assert names.level("Sebastian")[1] == NICKNAME


def test_doubtful_hearing_is_worth_less_and_a_contradiction_costs():
    names = NameTable(FIRST, np.full(len(FIRST), 100), "first")
    sure, doubtful = names.ratio({"Oliver": 0.95}), names.ratio({"Oliver": 0.4, "Olaf": 0.3})
    assert sure[0] > doubtful[0] > 1
    assert sure[1] < doubtful[1] < 1.05


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 1.0), st.sampled_from(FIRST))
def test_the_expected_ratio_of_somebody_at_random_is_at_most_one(p, heard):
    """E[P(heard | profile) / P(heard)] over the register's own people is 1, up to the smoothing."""
    counts = 10_000 * np.array([500, 300, 200, 100, 50, 25, 10, 5])
    ratio = NameTable(FIRST, counts, "first").ratio({heard: p})[:-1]
    assert float((ratio * counts).sum() / counts.sum()) <= 1.05


def test_places_by_distance_and_by_role(parquet):
    register = open_register(parquet, parquet.parent / "index")
    ratio = place_ratio(register, [PlaceNamed({OLDENBURG: 0.95}, home=0.8, work=0.1)])
    by_name = {w.partition("\x1f")[0]: ratio[i] for i, w in enumerate(register.words("place"))}
    assert by_name["Oldenburg"] > by_name["Bremen"] > by_name["München"]
    assert by_name["München"] < 1
    assert ratio[-1] == 1.0
    unsure = place_ratio(register, [PlaceNamed({OLDENBURG: 0.95}, home=0.2, work=0.0)])
    assert abs(np.log(unsure).max()) < np.log(ratio).max()


def test_a_place_that_no_gazetteer_knows_is_found_by_its_letters(folder):
    path = folder / "hamlets.parquet"
    rows = [{"profile_id": f"p{i}", "place": "Nirgendheim" if i < 3 else "Bremen"} for i in range(300)]
    pq.write_table(table(rows), path)
    register = open_register(path, path.parent / "index")
    ratio = place_ratio(register, [PlaceNamed({}, 0.8, 0.1, name="Nirgendheim", p_name=0.9)])
    by_name = {w.partition("\x1f")[0]: ratio[i] for i, w in enumerate(register.words("place"))}
    assert by_name["Nirgendheim"] > 10 > 1 > by_name["Bremen"]


def test_places_go_by_id_and_not_by_what_they_are_called(parquet):
    home = [{"value": "home", "probability": 0.8}]
    rows = [
        claim_row("home_place", value, places=place("Oldenburg"), roles=home)
        for value in ("Oldenburg", "Bremen")
    ]
    register = open_register(parquet, parquet.parent / "index")
    one, other = (place_ratio(register, query_of([row]).places) for row in rows)
    assert one.tolist() == other.tolist()


def test_a_misheard_double_is_one_person():
    rows = [
        claim_row("contact", value, role="contact", p=p, person_id=value)
        for value, p in [("Andreas Hagenfeld", 0.9), ("Andreas Hagepnfeld", 0.6)]
    ]
    query = query_of(rows)
    assert len(query.people) == 1
    assert query.people[0].last["Hagenfeld"] == 0.9
    assert "Hagepnfeld" in query.people[0].last


def test_a_name_of_which_both_parts_are_misheard_a_little_is_one_person():
    known, doubtful = person("contact", "Zoe", "Groß", 0.97), person("contact", "Zou", "Roß", 0.75)
    (one,) = joined([doubtful, known])
    assert one.last["Groß"] == 0.97
    assert {"Zou", "Roß"} <= {*one.first, *one.last}
    assert len(joined([known, person("contact", "Jörg", "Groß"), person("contact", "Zoe", "Weber")])) == 3
    assert len(joined([person("child", "Lukas", p=0.9), person("child", "Lu", "Kas", 0.4)])) == 1


def test_a_surname_borne_by_several_is_one_piece_of_evidence(parquet):
    """Who has a friend named Schmitt has not two coincidences to show when two Schmitts are spoken of."""
    register = open_register(parquet, parquet.parent / "index")
    rows = {pid: i for i, pid in enumerate(register.profile_ids(list(range(len(register)))))}

    def weight(*people: PersonNamed) -> float:
        ratios = Ratios(register, Query(people=people))
        fields, _ = ratios.explain([rows["stefan"]])
        weight = ratios.weights(slice(0, len(register))).subject[rows["stefan"]]
        assert sum(fields[0].values()) == pytest.approx(weight, abs=1e-4)
        return float(weight)

    one = weight(person("contact", "Oliver", "Schmitt"))
    both = weight(person("contact", "Oliver", "Schmitt"), person("contact", "Katharina", "Schmitt"))
    assert families([person("contact", "Oliver", "Schmitt"), person("contact", last="Schmidt")]) == [[0, 1]]
    assert one > 2
    assert both < one


def test_a_relative_of_the_same_town_is_not_taken_for_the_absent_subject(parquet):
    """The profile fits name and town because the household speaks of its owner: that is somebody else."""
    register = open_register(parquet, parquet.parent / "index")
    place = (PlaceNamed({OLDENBURG: 0.95}, home=0.8, work=0.1),)
    mixed = {"contact": 0.7, "subject": 0.15, "companion": 0.15}
    found = search(register, Query((PersonNamed({"Oliver": 0.95}, {"Schmitt": 0.95}, mixed),), place))
    assert register.profile_ids([found.candidates[0].row]) == ["oliver"]
    assert found.candidates[0].posterior < 0.5 < found.nobody
    own = search(register, Query((person("subject", "Oliver", "Schmitt"),), place))
    assert own.candidates[0].posterior > found.candidates[0].posterior


def test_the_companions_profile_is_not_taken_for_the_subjects(parquet):
    register = open_register(parquet, parquet.parent / "index")
    place = (PlaceNamed({OLDENBURG: 0.95}, home=0.8, work=0.1),)

    def posterior(subject: str, companion: str) -> float:
        people = (person("subject", subject), person("companion", companion))
        found = search(register, Query(people, place))
        ids = register.profile_ids([c.row for c in found.candidates])
        return sum(c.posterior for c, pid in zip(found.candidates, ids, strict=True) if pid == "oliver")

    assert posterior("Oliver", "Katrin") > 0.8
    assert posterior("Katrin", "Oliver") < 0.2


def test_tastes_tell_little_however_many_agree(tmp_path):
    rows = profiles(200)
    bands = [f"Band {i}" for i in range(30)]
    rows[0]["interests"] = bands
    for row in rows[1:]:
        row["interests"] = ["Schlager"]
    path = tmp_path / "tastes.parquet"
    pq.write_table(table(rows), path)
    tastes = Tastes(
        open_register(path, path.parent / "index"), Query(tastes=tuple((band, 0.9) for band in bands))
    )
    told = tastes.interests(slice(0, len(rows)))
    assert told[0] == MOST_BITS
    assert told[1] < 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"first_name,surname\nA,B\n", "has no column 'profile_id'"),
        (b'{"first_name": "A"}\n', "has no column 'profile_id'"),
        (b"PAR1 this is no parquet file at all", "no readable Parquet"),
        (b"\xff\xfe\x00profile_id\n", "not in UTF-8"),
    ],
)
def test_what_is_no_register_is_refused_with_a_remedy(tmp_path, content, message):
    path = tmp_path / "bad"
    path.write_bytes(content)
    with pytest.raises(TableError, match=message) as error:
        list(batches(path))
    assert "profile_id" in error.value.remedy
    assert not list(tmp_path.glob(".*"))


def test_odd_rows_are_counted_and_left_out(tmp_path):
    path = tmp_path / "odd.jsonl"
    lines = [
        '{"profile_id": "a", "first_name": "Oliver", "friends": ["b", "zz", 7, {}]}',
        '{"profile_id": 12, "first_name": ["x"], "nicknames": "Olli;Ole"}',
        '{"profile_id": "c", "surname": "' + "x" * 500 + '"}',
        "not json",
        "[1, 2]",
        '{"first_name": "nobody"}',
    ]
    path.write_text("\n".join(lines), "utf-8")
    skipped = Skipped()
    rows = [row for batch in batches(path, skipped) for row in batch.to_pylist()]
    assert [row["profile_id"] for row in rows] == ["a", "12", "c"]
    assert rows[0]["friends"] == ["b", "zz", "7"]
    assert rows[1]["nicknames"] == ["Olli", "Ole"]
    assert rows[2]["surname"] is None
    assert skipped.rows == 3
    assert skipped.values == 3
    register = open_register(path, path.parent / "index")
    assert register.facts["unknown_friends"] == 3
    assert search(register, HOUSEHOLD).profiles == 3


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=12)), min_size=1, max_size=5))
def test_any_text_survives_json_lines(tmp_path, rows):
    path = tmp_path / "any.jsonl"
    usable = [(i, n) for i, n in rows if not any(0xD800 <= ord(c) < 0xE000 for c in i + n)]
    path.write_text(
        "".join(json.dumps({"profile_id": i, "first_name": n}) + "\n" for i, n in usable)
        or '{"profile_id": "x"}',
        "utf-8",
    )
    found = [row for batch in batches(path) for row in batch.to_pylist()]
    assert len(found) == sum(bool(i.strip()) for i, _ in usable) or not usable


def test_only_the_id_is_needed(tmp_path):
    path = tmp_path / "ids.csv"
    path.write_text("profile_id\na\nb\n", "utf-8")
    found = search(open_register(path, path.parent / "index"), HOUSEHOLD)
    assert found.nobody == pytest.approx(0.5)
    assert [c.tie_group for c in found.candidates] == [1, 1]


def test_nothing_is_written_beside_the_register(tmp_path):
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.mkdir()
    path = theirs / "r.parquet"
    pq.write_table(table(profiles(20)), path)
    assert open_register(path, ours).folder.parent == ours
    assert list(theirs.iterdir()) == [path]


@pytest.mark.parametrize(
    ("header", "message", "remedy"),
    [
        ("profile_id,surname,surname", "'surname' twice", "rename"),
        ("Profile ID,surname,place", "no column 'profile_id'", "Rename 'Profile ID'"),
    ],
)
def test_doubled_and_renamed_columns_are_errors(tmp_path, header, message, remedy):
    path = tmp_path / "r.csv"
    path.write_text(f"{header}\na,b,c\n", "utf-8")
    with pytest.raises(TableError, match=message) as error:
        list(batches(path))
    assert remedy in error.value.remedy


def test_a_claim_of_a_billion_rows_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "r.parquet"
    pq.write_table(table(profiles(20)), path)
    # the footer's count, in thrift's zigzag varint: once for the file, once for its row group
    rows = pq.ParquetFile(path).metadata.num_rows
    small, large = _varint(rows), _varint(1_000_000_000)
    content = path.read_bytes()
    length = int.from_bytes(content[-8:-4], "little")
    footer = content[-8 - length : -8]
    at = footer.index(b"\x16" + small + b"\x19")
    claimed = footer[: at + 1] + large + footer[at + 1 + len(small) :]
    path.write_bytes(content[: -8 - length] + claimed + len(claimed).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(TableError, match="1,000,000,000 rows"):
        list(batches(path))


def _varint(number: int) -> bytes:
    number, found = number << 1, bytearray()
    while number >= 0x80:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def test_odd_links_and_ids_are_counted(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(
        "profile_id,first_name,surname,partner_profile_id,friends,Nick-Names\n"
        "anna.schmidt,Anna,Schmidt,b,nobody;b,\n"
        "b,Bernd,Bohl,c,b;gone,\n"
        "c,Clara,Cord,anna.schmidt,,\n"
        "d,Dora,Daub,d,,\n"
        "e,Emil,Eich,f,,\n"
        "f,Fine,Eich,e,,\n"
        "Götz Ärmel,Götz,Ärmel,ghost,,\n",
        "utf-8",
    )
    register = open_register(path, tmp_path / "index")
    assert register.facts["named_ids"] == 2
    assert register.facts["unknown_friends"] == 2
    assert register.facts["unknown_partners"] == 1
    assert register.facts["crossed_partners"] == 4  # a, b and c in a circle, d alone
    assert register.facts["unread_columns"] == ["Nick-Names"]
    assert register.array("partner_row").tolist() == [-1, -1, -1, -1, 5, 4, -1]
