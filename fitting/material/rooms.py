"""Real speech in simulated rooms, beside simulated music and loudspeakers: what sound cues are fitted on.

Dry speech is real (../shared/audio); rooms, distance, loudspeakers and music are simulated, because no
recording with a known room or with music is there.
"""

from __future__ import annotations

import csv
import hashlib
import math

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, fftconvolve, sosfilt

from fitting.material.hearing import recordings
from forensics.audio.decode import RATE, decode

Sound = npt.NDArray[np.float32]
Rng = np.random.Generator
Row = dict[str, str]
CUES = ("bathroom", "far", "music", "several_people", "television")


def half(row: Row) -> str:
    """``fit`` or ``report``, by source, speaker or file: no voice and no room is in both."""
    key = row["speaker_id"] or row["file"]
    return ("fit", "report")[hashlib.sha256(key.encode()).digest()[0] % 2]


def manifest() -> list[tuple[Row, Sound]]:
    """Every clip with its row; at most 15 s of it."""
    root = recordings().parent
    with recordings().open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [(r, decode((root / r["file"]).read_bytes(), name=r["file"]).samples[: 15 * RATE]) for r in rows]


# -- simulated sound ---------------------------------------------------------------------------------


def room(rng: Rng, *, rt60: float, volume: float, distance: float) -> Sound:
    """An impulse response: the direct sound, and a tail that dies by 60 dB in `rt60` seconds.

    The ratio of both follows from the critical distance, .057 sqrt(V / RT60) (Kuttruff, Room Acoustics,
    equation 5.44); high bands die faster, as air and furniture make them.
    """
    length = int(1.1 * rt60 * RATE)
    time = np.arange(length) / RATE
    tail = np.zeros(length)
    for low, high, share in ((80, 500, 1.1), (500, 2000, 1.0), (2000, 7500, 0.7)):
        band = sosfilt(butter(2, [low, high], "bandpass", fs=RATE, output="sos"), rng.standard_normal(length))
        tail += band * np.exp(-6.9 * time / (rt60 * share))
    first = int(rng.uniform(0.001, 0.004) * math.sqrt(volume) * RATE / 2)  # the first wall
    tail[: min(first, length)] *= 0.05
    direct_to_tail = (0.057 * math.sqrt(volume / rt60) / distance) ** 2
    tail *= math.sqrt(1 / direct_to_tail / (tail**2).sum())
    tail[0] += 1.0
    return tail.astype(np.float32)


def within(sound: Sound, response: Sound) -> Sound:
    """The sound in the room, as loud as before."""
    heard = fftconvolve(sound, response)[: len(sound) + RATE // 4]
    return (heard * np.sqrt((sound**2).mean() / max((heard**2).mean(), 1e-12))).astype(np.float32)


def noisy(sound: Sound, rng: Rng, ratio_db: float) -> Sound:
    """With the hum and hiss of a room."""
    spectrum = np.fft.rfft(rng.standard_normal(len(sound)))
    spectrum /= np.arange(1, len(spectrum) + 1) ** rng.uniform(0.3, 0.8)
    noise = np.fft.irfft(spectrum, len(sound))
    noise *= np.sqrt((sound**2).mean() / 10 ** (ratio_db / 10) / max((noise**2).mean(), 1e-12))
    return (sound + noise).astype(np.float32)


def music(rng: Rng, seconds: float) -> Sound:
    """A band that never existed: chords, a bass, a tune and, mostly, drums."""
    beat = 60 / rng.uniform(70, 150)
    root, count = rng.uniform(45, 62), int(seconds / beat) + 2
    out = np.zeros(int((seconds + 4 * beat) * RATE))
    scale = [0, 2, 4, 5, 7, 9, 11] if rng.random() < 0.6 else [0, 2, 3, 5, 7, 8, 10]
    bright, vibrato, drums = rng.uniform(0.7, 2.0), rng.uniform(0, 0.01), rng.random() < 0.75

    def note(key: float, at: float, length: float, gain: float) -> None:
        time = np.arange(int(length * RATE)) / RATE
        pitch = 440 * 2 ** ((key - 69) / 12)
        phase = 2 * np.pi * pitch * (time + vibrato / 5 * np.sin(2 * np.pi * 5 * time) / 5)
        wave = sum(np.sin(k * phase) / k**bright for k in range(1, 9) if k * pitch < 7000)
        envelope = (
            np.minimum(time / 0.02, 1)
            * np.exp(-time * rng.uniform(0.3, 3))
            * np.minimum((length - time) / 0.05, 1)
        )
        start = int(at * RATE)
        out[start : start + len(time)] += (gain * wave * envelope)[: len(out) - start]

    step = 0
    for n in range(count):
        if n % 4 == 0:
            step = int(rng.choice([0, 3, 4, 5]))
            for third in (0, 2, 4):
                key = root + scale[(step + third) % 7] + 12 * ((step + third) // 7)
                note(key, n * beat, 4 * beat * 0.98, 0.4)
        note(root - 12 + scale[step % 7], n * beat, beat * 0.9, 0.6)
        if rng.random() < 0.8:
            note(root + 12 + scale[int(rng.integers(7))], n * beat, beat * rng.choice([0.5, 1.0]), 0.5)
        if drums:
            hit = rng.standard_normal(int(0.12 * RATE)) * np.exp(-np.arange(int(0.12 * RATE)) / RATE / 0.03)
            start = int((n + (0.5 if n % 2 else 0)) * beat * RATE)
            out[start : start + len(hit)] += 0.4 * hit[: max(0, len(out) - start)]
    return (out[: int(seconds * RATE)] * 0.1).astype(np.float32)


def loudspeaker(sound: Sound, rng: Rng) -> Sound:
    """Through a set's small loudspeaker, its level held even as broadcasters do."""
    band = [rng.uniform(150, 300), rng.uniform(5000, 7500)]
    heard = sosfilt(butter(2, band, "bandpass", fs=RATE, output="sos"), sound)
    level = np.sqrt(np.convolve(heard**2, np.ones(3200) / 3200, "same")) + 1e-4
    return (heard * (level / level.max()) ** -0.5 * 0.3).astype(np.float32)


def mixed(sound: Sound, other: Sound, ratio_db: float) -> Sound:
    """`other` under `sound`."""
    fit = np.resize(other, len(sound))
    gain = np.sqrt((sound**2).mean() / 10 ** (ratio_db / 10) / max((fit**2).mean(), 1e-12))
    return (sound + gain * fit).astype(np.float32)


def living(rng: Rng, near: bool) -> Sound:
    """A living room, near the device or across the room."""
    distance = rng.uniform(0.3, 1.2) if near else rng.uniform(2.5, 5.0)
    return room(rng, rt60=rng.uniform(0.25, 0.6), volume=rng.uniform(30, 90), distance=distance)


def bathroom(rng: Rng) -> Sound:
    """Small and tiled."""
    return room(rng, rt60=rng.uniform(0.8, 1.6), volume=rng.uniform(8, 22), distance=rng.uniform(0.6, 2.5))


def material(clips: list[tuple[Row, Sound]], which: str, *, seed: int) -> dict[str, list[tuple[Sound, bool]]]:
    """Sounds with their truth per cue, from the clips of one half."""
    rng = np.random.default_rng([seed, which == "report"])
    own = [(r, s) for r, s in clips if half(r) == which]
    spoken = [
        s for r, s in own
        if r["kind"] in ("command", "read") and "ambient_tv/" not in r["file"] and len(s) > 0.8 * RATE
    ]  # fmt: skip
    spoken = [spoken[i] for i in rng.permutation(len(spoken))[:70]]
    noises = [s for r, s in own if r["kind"] == "nonspeech" and np.abs(s).max() > 1e-3]
    found: dict[str, list[tuple[Sound, bool]]] = {name: [] for name in CUES}

    def any_room(sound: Sound) -> Sound:
        return noisy(within(sound, living(rng, rng.random() < 0.6)), rng, rng.uniform(12, 40))

    for n, sound in enumerate(spoken):
        near = noisy(within(sound, living(rng, True)), rng, rng.uniform(15, 40))
        distant = noisy(within(sound, living(rng, False)), rng, rng.uniform(8, 30))
        tiled = noisy(within(sound, bathroom(rng)), rng, rng.uniform(12, 40))
        found["far"] += [(near, False), (distant, True)]
        found["bathroom"] += [(near, False), (distant, False), (tiled, True)]
        seconds = max(2.0, len(sound) / RATE)
        played = within(music(rng, seconds), living(rng, False))
        found["music"] += [(near, False), (distant, False), (tiled, False)]
        found["music"] += [
            (noisy(played, rng, 30), True),
            (mixed(any_room(sound), played, rng.uniform(-8, 12)), True),
        ]
        others = [spoken[int(i)] for i in rng.integers(len(spoken), size=2)]
        talk = loudspeaker(np.concatenate([sound, *others])[: 12 * RATE], rng)
        if n % 2:
            talk = mixed(talk, music(rng, 4.0), rng.uniform(3, 15))
        found["television"] += [(noisy(within(talk, living(rng, False)), rng, rng.uniform(10, 30)), True)]
        found["television"] += [(near, False), (distant, False), (tiled, False)]
        second = any_room(np.concatenate([sound, others[0]]))
        same_again = any_room(np.concatenate([sound, sound[: len(sound) // 2]]))
        found["several_people"] += [(second, True), (same_again, False), (any_room(sound), False)]
    for noise in noises:
        for part in np.array_split(noise, max(1, len(noise) // (3 * RATE))):
            found["music"].append((part, False))
            found["television"].append((part, False))
    return found


def conversations(clips: list[tuple[Row, Sound]]) -> list[tuple[Sound, bool]]:
    """Real sound of several people (meetings, a call, two readers) and of one, in pieces of 6 s.

    Those of several people were never fitted on; those of one are of the reported half.
    """
    found = []
    for row, sound in clips:
        many = row["kind"] == "conversation" or row["file"].startswith("ambient_tv/")
        one = bool(row["speaker_id"]) and not many and len(sound) > 3.5 * RATE and half(row) == "report"
        if many or one:
            pieces = [sound[i : i + 6 * RATE] for i in range(0, max(1, len(sound) - 3 * RATE), 6 * RATE)]
            found += [(piece, many) for piece in pieces]
    return found
