"""Sums and best paths over chains of tags: what a linear-chain conditional random field needs.

In batches, with scaling in place of logarithms (Rabiner 1989, "A tutorial on hidden Markov models").
"""

from __future__ import annotations

from typing import Any

import numpy as np

FORBIDDEN = -1e4
"""A log potential that no path takes."""


def pad(scores: list[Any]) -> tuple[Any, Any]:
    """Scores of sentences of different length as one array and its mask."""
    longest = max(len(s) for s in scores)
    padded = np.zeros((len(scores), longest, scores[0].shape[1]), dtype="float32")
    mask = np.zeros((len(scores), longest), dtype=bool)
    for row, values in enumerate(scores):
        padded[row, : len(values)] = values
        mask[row, : len(values)] = True
    return padded, mask


def forward_backward(emissions: Any, mask: Any, transitions: Any, *, pairs: bool = False) -> tuple[Any, ...]:
    """Log partition sums and marginals of a batch of chains.

    Parameters
    ----------
    emissions : array of shape (sentences, words, tags)
    mask : array of bool of shape (sentences, words)
        True where there is a word; words come first.
    transitions : array of shape (tags + 1, tags)
        Log potentials from row to column; the last row is the start.
    pairs : bool
        Also return the expected count of each transition, of the shape of `transitions`.

    Returns
    -------
    log_sums : array of shape (sentences,)
    marginals : array of shape (sentences, words, tags)
    counts : array, only with `pairs`
    """
    sentences, words, tags = emissions.shape
    steps = np.exp(transitions[:-1].astype("float64"))
    emissions = emissions.astype("float64")
    peak = emissions.max(axis=2, keepdims=True)
    potentials = np.exp(emissions - peak)
    alpha = np.zeros((sentences, words, tags))
    scale = np.ones((sentences, words))
    alpha[:, 0] = np.exp(transitions[-1]) * potentials[:, 0]
    for t in range(words):
        if t:
            moved = (alpha[:, t - 1] @ steps) * potentials[:, t]
            alpha[:, t] = np.where(mask[:, t, None], moved, alpha[:, t - 1])
        scale[:, t] = np.maximum(alpha[:, t].sum(axis=1), 1e-300)
        alpha[:, t] /= scale[:, t, None]
    log_sums = np.log(scale).sum(axis=1) + (peak[:, :, 0] * mask).sum(axis=1)
    beta = np.ones((sentences, words, tags))
    counts = np.zeros_like(transitions, dtype="float64")
    for t in range(words - 2, -1, -1):
        ahead = potentials[:, t + 1] * beta[:, t + 1]
        moved = (ahead @ steps.T) / scale[:, t + 1, None]
        inside = mask[:, t + 1, None]
        beta[:, t] = np.where(inside, moved, beta[:, t + 1])
        if pairs:
            left = alpha[:, t] * inside
            right = ahead / scale[:, t + 1, None] * inside
            counts[:-1] += steps * (left.T @ right)
    marginals = alpha * beta
    marginals /= np.maximum(marginals.sum(axis=2, keepdims=True), 1e-300)
    if not pairs:
        return log_sums, marginals
    counts[-1] += marginals[:, 0].sum(axis=0)
    return log_sums, marginals, counts


def viterbi(emissions: Any, mask: Any, transitions: Any) -> Any:
    """The best tags of a batch of chains, shape (sentences, words); see :func:`forward_backward`."""
    sentences, words, tags = emissions.shape
    steps = np.ascontiguousarray(transitions[:-1].T)  # [to, from]
    best = transitions[-1] + emissions[:, 0]
    back = np.zeros((sentences, words, tags), dtype=np.int16)
    for t in range(1, words):
        options = best[:, None, :] + steps
        choice = options.argmax(axis=2)
        value = np.take_along_axis(options, choice[:, :, None], axis=2)[:, :, 0] + emissions[:, t]
        inside = mask[:, t, None]
        back[:, t] = np.where(inside, choice, np.arange(tags))
        best = np.where(inside, value, best)
    path = np.zeros((sentences, words), dtype=int)
    path[:, -1] = best.argmax(axis=1)
    rows = np.arange(sentences)
    for t in range(words - 1, 0, -1):
        path[:, t - 1] = back[rows, t, path[:, t]]
    return path
