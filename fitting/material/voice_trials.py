"""Probes and galleries of real speakers: one recording or several of a voice against everybody's others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fitting.material.speakers import Cut, vectors
from forensics.audio.voices.encoder import Encoder
from forensics.redaction.mask import Mask, masked

Floats = npt.NDArray[np.float64]
NUMBERS = (1, 2, 3, 5, 8)
"""Recordings that a probe holds."""
_TIMES = 6
"""Probes of one number by one speaker."""
OWNER, ATTACKERS = b"the owner's secret", (b"an attacker's", b"another try of the attacker's")
"""Secrets of masks: of what is released, and of an attacker who masks a gallery with draws of his own."""


@dataclass(frozen=True)
class Probes:
    """Probes against a gallery.

    Parameters
    ----------
    cosine : ndarray, shape (probes, speakers)
        Of each probe with each speaker's enrolment; NaN where there is none.
    own : ndarray of int
        Column of the probe's speaker.
    seconds, recordings : ndarray
        In the probe.
    close : ndarray of bool, shape (speakers, speakers)
        Whether two speakers were recorded by one source.
    names : tuple of str
        The speakers.
    """

    cosine: Floats
    own: npt.NDArray[np.int64]
    seconds: Floats
    recordings: Floats
    close: npt.NDArray[np.bool_]
    names: tuple[str, ...]

    def of(self, rows: npt.NDArray[np.bool_]) -> Probes:
        """Some of the probes, against the same gallery."""
        return Probes(
            self.cosine[rows], self.own[rows], self.seconds[rows], self.recordings[rows], self.close,
            self.names,
        )  # fmt: skip


def probes(pieces: Sequence[Cut], released: Floats, gallery: Floats, *, seed: int = 2) -> Probes:
    """Every piece alone, and draws of several files, each against everybody's files that it does not hold.

    Parameters
    ----------
    released, gallery : ndarray, shape (pieces, dimensions)
        Vectors of the sound that leaked and of what an attacker has; the same where nothing is masked.
    """
    rng = np.random.default_rng(seed)
    names = tuple(sorted({p.speaker for p in pieces}))
    whole: dict[str, dict[str, int]] = {name: {} for name in names}  # a file's first piece is all of it
    for i, piece in enumerate(pieces):
        whole[piece.speaker].setdefault(piece.file, i)
    found: list[tuple[int, list[int]]] = []
    for own, name in enumerate(names):
        files = whole[name]
        if len(files) < 2:
            continue
        found += [(own, [i]) for i, piece in enumerate(pieces) if piece.speaker == name]
        for number in NUMBERS[1:]:
            if number < len(files):
                for _ in range(_TIMES):
                    chosen = [str(f) for f in rng.permutation(sorted(files))[:number]]
                    found.append((own, [files[f] for f in chosen]))
    enrolled = np.stack([_mean(gallery, pieces, list(files.values())) for files in whole.values()])
    rows = []
    for own, held in found:
        probe = _mean(released, pieces, held)
        cosine = enrolled @ probe
        files = {pieces[i].file for i in held}
        rest = [i for file, i in whole[names[own]].items() if file not in files]
        cosine[own] = _mean(gallery, pieces, rest) @ probe
        rows.append(cosine)
    source = {p.speaker: p.source for p in pieces}
    kind = np.array([source[name] for name in names])
    return Probes(
        np.array(rows),
        np.array([own for own, _ in found]),
        np.array([sum(pieces[i].seconds for i in held) for _, held in found]),
        np.array([float(len(held)) for _, held in found]),
        kind[:, None] == kind[None],
        names,
    )


def _mean(vectors_: Floats, pieces: Sequence[Cut], held: Sequence[int]) -> Floats:
    """Vectors of some pieces pooled with the root of their length as weight, as in a household."""
    weight = np.sqrt([pieces[i].seconds for i in held])
    mean = weight @ vectors_[list(held)]
    return np.asarray(mean / np.linalg.norm(mean))


def masked_vectors(encoder: Encoder, pieces: Sequence[Cut], secret: bytes, *, weights: str) -> Floats:
    """Vectors of every piece, masked by its speaker's draw under a secret; kept under build/."""
    hidden = [
        Cut(p.file, p.speaker, p.source, masked(p.samples, Mask.drawn(secret, p.speaker))) for p in pieces
    ]
    return vectors(encoder, hidden, weights=weights).astype(np.float64)


def kinds(encoder: Encoder, pieces: list[Cut], *, weights: str) -> dict[str, tuple[Floats, Floats]]:
    """Vectors of what leaked and of the gallery: plain, and masked against attackers who know more and more.

    The ignorant has a gallery of plain sound. The informed masks every recording of it twice, by draws of his
    own, and pools them. Who has learned the masks has a gallery masked alike.
    """
    plain = vectors(encoder, pieces, weights=weights).astype(np.float64)
    released = masked_vectors(encoder, pieces, OWNER, weights=weights)
    # only whole files are enrolled: the other pieces keep their plain vectors and are not looked at
    first: dict[str, int] = {}
    for i, piece in enumerate(pieces):
        first.setdefault(piece.file, i)
    files = [pieces[i] for i in first.values()]
    tries = [masked_vectors(encoder, files, secret, weights=weights) for secret in ATTACKERS]
    informed = plain.copy()
    informed[list(first.values())] = np.mean(tries, axis=0)
    return {
        "plain": (plain, plain), "ignorant": (released, plain), "informed": (released, informed),
        "known": (released, released),
    }  # fmt: skip
