"""Builds the index of a register: profiles are streamed into arrays of numbers, friends into a graph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from forensics.knowledge.gazetteer import Place
from forensics.knowledge.names import fold
from forensics.linkage.levels import keys_of
from forensics.linkage.register_file import Skipped, resolve

MISSING = -1
"""The number of no word, no profile."""
_EDGES = 10_000_000
"""Friendships looked up and sorted at a time: some 300 MB, and each time a table of all ids is made."""
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
TABLES = ("first", "surname", "place", "employer", "interest")
COLUMNS = {
    "first": "first",
    "surname": "surname",
    "partner": "first",
    "place": "place",
    "employer": "employer",
}
"""Arrays of one number per profile, and the table that the number stands in."""
RAGGED = {"children": "first", "nicknames": "first", "interests": "interest"}
"""Arrays of several numbers per profile."""


class Builder:
    """Takes batches and leaves arrays in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.skipped = Skipped()
        self._rows = 0
        self._named_ids = 0
        self._numbers: dict[str, dict[str, int]] = {table: {} for table in TABLES}
        self._words: dict[str, list[str]] = {table: [] for table in TABLES}
        self._columns: dict[str, list[Ints]] = {name: [] for name in COLUMNS}
        self._ragged: dict[str, list[tuple[Ints, Ints]]] = {name: [] for name in RAGGED}
        self._partners: list[tuple[Longs, pa.Array]] = []
        self._degrees: list[Ints] = []
        self._edges: list[int] = []
        friends = pa.schema([("friend", pa.string())])
        self._friends = pa.ipc.new_file(str(folder / "friends.tmp"), friends)
        ids = pa.schema([("profile_id", pa.string())])
        self._ids = pa.ipc.new_file(str(folder / "ids.arrow"), ids)

    def add(self, batch: pa.RecordBatch) -> None:
        """One batch of profiles."""
        if not batch.num_rows:
            return
        column = {name: batch.column(name) for name in batch.schema.names}
        self._ids.write_batch(pa.record_batch([column["profile_id"]], names=["profile_id"]))
        self._named_ids += _named_ids(column["profile_id"], column["first_name"], column["surname"])
        self._columns["first"].append(self._intern("first", column["first_name"]))
        self._columns["surname"].append(self._intern("surname", column["surname"]))
        self._columns["partner"].append(self._intern("first", column["partner_first_name"]))
        self._columns["employer"].append(self._intern("employer", column["employer"]))
        country = pc.fill_null(column["country"], "")
        place = pc.binary_join_element_wise(column["place"], country, "\x1f")  # null where no place is shown
        self._columns["place"].append(self._intern("place", place, folded=False))
        for name, source in (
            ("children", "children_first_names"),
            ("nicknames", "nicknames"),
            ("interests", "interests"),
        ):
            lists = column[source]
            numbers = self._intern(RAGGED[name], lists.flatten())
            self._ragged[name].append((_lengths(lists), numbers))
        linked = column["partner_profile_id"]
        has = np.flatnonzero(linked.is_valid().to_numpy(zero_copy_only=False))
        self._partners.append((has + self._rows, linked.drop_null()))
        friends = column["friends"]
        self._degrees.append(_lengths(friends))
        listed = friends.flatten()
        self._edges.append(len(listed))
        self._friends.write_batch(pa.record_batch([listed], names=["friend"]))
        self._rows += batch.num_rows

    def finish(self) -> dict[str, Any]:
        """Write all arrays; the facts of the index."""
        self._ids.close()
        self._friends.close()
        ids = _whole(self._folder / "ids.arrow", pa.string())
        partners = self._save_columns(ids)
        for table in TABLES:
            (self._folder / f"{table}.json").write_text(
                json.dumps(self._words[table], ensure_ascii=False), "utf-8"
            )
        for table in ("first", "surname"):
            keys = [keys_of(word) for word in self._words[table]]
            (self._folder / f"{table}_keys.json").write_text(json.dumps(keys, ensure_ascii=False), "utf-8")
        self._save_places()
        for name, parts in self._ragged.items():
            lengths = _join([p[0] for p in parts], np.int32)
            np.save(
                self._folder / f"{name}_offsets.npy",
                np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
            )
            np.save(self._folder / f"{name}.npy", _join([p[1] for p in parts], np.int32))
        unknown = self._save_friends(ids)
        doubles = self._rows - int(pc.count_distinct(ids).as_py())
        return {
            "profiles": self._rows,
            "skipped_rows": self.skipped.rows,
            "skipped_values": self.skipped.values,
            "doubled_ids": doubles,
            "unknown_friends": unknown,
            "named_ids": self._named_ids,
            "unread_columns": sorted(self.skipped.columns),
            **partners,
        }

    def _intern(self, table: str, values: pa.Array, *, folded: bool = True) -> Ints:
        """Numbers of the words; two spellings that fold to the same are one word."""
        encoded = values.dictionary_encode()
        numbers, words = self._numbers[table], self._words[table]
        mapped = np.empty(len(encoded.dictionary) + 1, dtype=np.int32)
        mapped[-1] = MISSING
        for i, word in enumerate(encoded.dictionary.to_pylist()):
            key = fold(word) if folded else word
            if not key:
                mapped[i] = MISSING
                continue
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(words)
                words.append(word)
            mapped[i] = number
        found: Ints = mapped[pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)]
        return found

    def _save_columns(self, ids: pa.ChunkedArray) -> dict[str, int]:
        """Write the columns; how many partners are nobody, and how many name somebody else themselves."""
        columns = {name: _join(parts, np.int32) for name, parts in self._columns.items()}
        rows = _join([p[0] for p in self._partners], np.int64)
        linked = _rows_of(pa.chunked_array([p[1] for p in self._partners], pa.string()), ids)
        partner_row = np.full(self._rows, MISSING, dtype=np.int32)
        partner_row[rows] = linked
        back = np.where(partner_row == MISSING, MISSING, partner_row[partner_row])
        everybody = np.arange(self._rows, dtype=np.int32)
        # one's own partner, or the partner of somebody with another one: no couple
        crossed = (partner_row == everybody) | ((back != MISSING) & (back != everybody))
        partner_row[crossed] = MISSING
        named = (columns["partner"] == MISSING) & (partner_row != MISSING)
        columns["partner"][named] = columns["first"][partner_row[named]]
        columns["partner_row"] = partner_row
        home = columns["place"].copy()  # the household's: a couple lives together
        alone = (home == MISSING) & (partner_row != MISSING)
        home[alone] = home[partner_row[alone]]
        columns["household_place"] = home
        for name, values in columns.items():
            np.save(self._folder / f"{name}.npy", values)
        return {
            "unknown_partners": int((linked == MISSING).sum()),
            "crossed_partners": int(crossed.sum()),
        }

    def _save_places(self) -> None:
        """Id and coordinates of each distinct place; 0 and NaN where no gazetteer knows it."""
        ids = np.zeros(len(self._words["place"]), dtype=np.int64)
        spots = np.full((len(self._words["place"]), 2), np.nan, dtype=np.float32)
        for i, word in enumerate(self._words["place"]):
            name, _, country = word.partition("\x1f")
            place = _resolved(name, country.upper())
            if place is None:
                continue
            ids[i] = place.geonameid
            if place.latitude is not None and place.longitude is not None:
                spots[i] = place.latitude, place.longitude
        np.save(self._folder / "place_ids.npy", ids)
        np.save(self._folder / "place_spots.npy", spots)

    def _save_friends(self, ids: pa.ChunkedArray) -> int:
        """Who lists whom, and who is listed by whom, each as offsets and neighbours (CSR)."""
        from scipy import sparse

        degrees = _join(self._degrees, np.int32)
        cuts = np.concatenate([[0], np.cumsum(degrees, dtype=np.int64)])
        listed = np.zeros(self._rows, dtype=np.int64)
        listing = np.zeros(self._rows, dtype=np.int64)
        known_targets = (self._folder / "known.tmp").open("wb")
        pieces = self._pieces(cuts)
        for first, last in pieces:
            target = _rows_of(self._listed(int(cuts[first]), int(cuts[last])), ids)
            known = target != MISSING
            source = np.repeat(np.arange(first, last, dtype=np.int32), degrees[first:last])[known]
            listing += np.bincount(source, minlength=self._rows)
            listed += np.bincount(target[known], minlength=self._rows)
            target[known].tofile(known_targets)
        known_targets.close()
        out_offsets = np.concatenate([[0], np.cumsum(listing)])
        in_offsets = np.concatenate([[0], np.cumsum(listed)])
        n_edges = int(out_offsets[-1])
        targets = np.fromfile(self._folder / "known.tmp", np.int32)
        np.save(self._folder / "friends_out_offsets.npy", out_offsets)
        np.save(self._folder / "friends_out.npy", targets)
        np.save(self._folder / "friends_in_offsets.npy", in_offsets)
        size = (max(n_edges, 1),)
        inward = np.lib.format.open_memmap(self._folder / "friends_in.npy", "w+", np.int32, size)
        free = in_offsets[:-1].copy()
        for first, last in pieces if n_edges else ():
            low, high = out_offsets[first], out_offsets[last]
            forward = sparse.csr_matrix(
                (np.ones(high - low, np.int8), targets[low:high], out_offsets[first : last + 1] - low),
                shape=(last - first, self._rows),
            )
            backward = forward.tocsc()  # a counting sort in C
            lengths = np.diff(backward.indptr)
            within = np.arange(high - low) - np.repeat(backward.indptr[:-1], lengths)
            inward[np.repeat(free, lengths) + within] = backward.indices + first
            free += lengths
        inward.flush()
        for name in ("friends.tmp", "known.tmp"):
            (self._folder / name).unlink()
        return int(cuts[-1]) - n_edges

    def _listed(self, low: int, high: int) -> pa.ChunkedArray:
        """Some of all listed friends, read from the file: mapped, they would count as memory."""
        ends = np.cumsum(self._edges)
        starts = ends - self._edges
        parts = []
        with pa.OSFile(str(self._folder / "friends.tmp")) as source:
            friends = pa.ipc.open_file(source)
            for number in np.flatnonzero((starts < high) & (ends > low)).tolist():
                first = max(low - int(starts[number]), 0)
                last = min(high, int(ends[number])) - int(starts[number])
                parts.append(friends.get_batch(number).column(0).slice(first, last - first))
        return pa.chunked_array(parts, pa.string())

    def _pieces(self, cuts: Longs) -> list[tuple[int, int]]:
        """Ranges of profiles with some millions of friends each."""
        found, first = [], 0
        while first < self._rows:
            last = int(np.searchsorted(cuts, cuts[first] + _EDGES, side="right")) - 1
            last = min(max(last, first + 1), self._rows)
            found.append((first, last))
            first = last
        return found


def _named_ids(ids: pa.Array, first: pa.Array, last: pa.Array) -> int:
    """How many ids are their owners' names: "Anna Schmidt", "schmidt_anna", "anna.schmidt.77"."""
    letters = pc.replace_substring_regex(pc.utf8_lower(ids), r"[^\p{L}]+", "")
    found = None
    for parts in ((first, last), (last, first)):
        name = pc.utf8_lower(pc.binary_join_element_wise(*parts, ""))
        same = pc.equal(letters, pc.replace_substring_regex(name, r"[^\p{L}]+", ""))
        found = same if found is None else pc.or_(found, same)
    return int(pc.sum(found).as_py() or 0)


def _resolved(name: str, country: str) -> Place | None:
    """The place that a register means by a name: in the country that it states, if it lies there."""
    place = resolve(name)
    if country and place is not None and place.country != country:
        return resolve(f"{name}, {country}") or place
    return place


def _whole(path: Path, type_: pa.DataType) -> pa.ChunkedArray:
    """The one column of an Arrow file, mapped."""
    with pa.memory_map(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
    return table.column(0) if table.num_rows else pa.chunked_array([], type_)


def _rows_of(wanted: pa.ChunkedArray, ids: pa.ChunkedArray) -> Ints:
    """Rows of the profiles with these ids, the first where two have the same; MISSING where there is none."""
    if not len(wanted) or not len(ids):
        return np.full(len(wanted), MISSING, dtype=np.int32)
    found = pc.index_in(wanted, value_set=ids)
    return np.asarray(pc.fill_null(found, MISSING).to_numpy()).astype(np.int32)


def _lengths(lists: pa.Array) -> Ints:
    return np.asarray(
        pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False), dtype=np.int32
    )


def _join(parts: list[Any], dtype: Any) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype)
