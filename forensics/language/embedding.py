"""The embedding layer of the command recogniser: one vector per word, from its spelling, sound and class.

A word's vector depends on the word alone, so when predicting it is computed once and remembered; a
million sentences hold few different words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate
from thinc.layers.array_getitem import ints_getitem

from forensics.knowledge.sounds import sound

FEATURES = ("word", "prefix", "suffix", "long_suffix", "sound", "known_as")
_UNKNOWN = np.uint64(hash_string("a word that training never saw"))
_REMEMBERED = 60_000  # words; at 96 floats each about 23 MB


@registry.architectures("forensics.CommandEmbed.v1")  # type: ignore[untyped-decorator]
def command_embed(width: int, rows: dict[str, int], part: int, blind: float) -> Model[list[Doc], list[Any]]:
    """Embed words by hashed features.

    Parameters
    ----------
    width : int
        Of the vectors.
    rows : dict
        Rows of the hash table of each of :data:`FEATURES`.
    part : int
        Width of each feature's own vector before they are mixed; the word itself has `width`.
    blind : float
        Share of known words that training hides, so that the model learns to do without; a word that
        training never saw is read in the same way.
    """
    tables: list[Model[Any, Any]] = [
        chain(
            ints_getitem((slice(0, None), column)),
            HashEmbed(width if feature == "word" else part, rows[feature], column=None, seed=column + 7),
        )
        for column, feature in enumerate(FEATURES)
    ]
    total = width + part * (len(FEATURES) - 1)
    mixed: Model[Any, Any] = chain(
        concatenate(*tables), Maxout(width, total, nP=3, normalize=True, dropout=0.0)
    )
    return Model(
        "command_embed",
        _forward,
        init=_init,
        layers=[mixed],
        dims={"nO": width},
        attrs={"known": np.zeros(0, dtype="uint64"), "blind": blind},
    )


def remember_words(model: Model[Any, Any], words: list[str]) -> None:
    """Tell the embedding layer inside `model` which words the training data hold more than once."""
    hashes = np.array(sorted(hash_string(word) for word in words), dtype="uint64")
    for node in model.walk():
        if node.name == "command_embed":
            node.attrs["known"] = hashes


def _init(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:  # noqa: N803
    model.layers[0].initialize(np.zeros((1, len(FEATURES)), dtype="uint64"))


def _forward(
    model: Model[Any, Any], docs: list[Doc], is_train: bool
) -> tuple[list[Any], Callable[[Any], Any]]:
    lengths = [len(doc) for doc in docs]
    keys = [key for doc in docs for key in zip(doc.user_data["words"], doc.user_data["classes"], strict=True)]
    if not is_train:
        flat = _remembered(model, keys)
        return _split(flat, lengths), lambda gradient: []
    _MEMORIES.pop(model.id, None)
    ids = np.array([feature_ids(*key) for key in keys], dtype="uint64").reshape(-1, len(FEATURES))
    known = model.attrs["known"]
    hidden = ~np.isin(ids[:, 0], known) | (np.random.random(len(ids)) < model.attrs["blind"])
    ids[hidden, 0] = _UNKNOWN
    flat, backprop = model.layers[0](ids, is_train)

    def backward(gradient: list[Any]) -> list[Any]:
        backprop(model.ops.flatten(gradient))
        return []

    return _split(flat, lengths), backward


def _remembered(model: Model[Any, Any], keys: list[tuple[str, str]]) -> Any:
    """Vectors of words, each computed when first met."""
    memory = _memory_of(model)
    index: dict[tuple[str, str], int] = memory["index"]
    new = [key for key in dict.fromkeys(keys) if key not in index]
    if new and len(index) + len(new) > _REMEMBERED:
        index.clear()
        memory["count"] = 0
        new = list(dict.fromkeys(keys))
    if new:
        ids = np.array([feature_ids(*key) for key in new], dtype="uint64")
        ids[~np.isin(ids[:, 0], model.attrs["known"]), 0] = _UNKNOWN
        vectors = model.layers[0].predict(ids)
        count = memory["count"]
        table = memory["table"]
        if table is None or count + len(new) > len(table):
            grown = np.zeros((2 * (count + len(new)) + 1024, vectors.shape[1]), dtype="float32")
            if table is not None:
                grown[:count] = table[:count]
            memory["table"] = table = grown
        table[count : count + len(new)] = vectors
        index.update((key, count + offset) for offset, key in enumerate(new))
        memory["count"] = count + len(new)
    if not keys:
        return np.zeros((0, model.get_dim("nO")), dtype="float32")
    return memory["table"][[index[key] for key in keys]]


_MEMORIES: dict[int, dict[str, Any]] = {}


def _memory_of(model: Model[Any, Any]) -> dict[str, Any]:
    """The remembered vectors of this model; every step of training empties it."""
    return _MEMORIES.setdefault(model.id, {"index": {}, "count": 0, "table": None})


def _split(flat: Any, lengths: list[int]) -> list[Any]:
    found, start = [], 0
    for length in lengths:
        found.append(flat[start : start + length])
        start += length
    return found


@lru_cache(maxsize=1 << 16)
def feature_ids(word: str, known_as: str) -> tuple[int, ...]:
    """Hashes of a word's features, in the order of :data:`FEATURES`."""
    values = (word, "p:" + word[:3], "s:" + word[-3:], "l:" + word[-5:], "d:" + sound(word), "k:" + known_as)
    return tuple(hash_string(value) for value in values)
