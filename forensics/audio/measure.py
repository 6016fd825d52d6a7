"""What can be measured on a sound: speech activity, level, noise, pitch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from forensics.audio.ambience import ambience
from forensics.audio.decode import RATE
from forensics.audio.wake_word import wake_word_score

if TYPE_CHECKING:
    from forensics.audio.decode import Sound

_FRAME = 512  # Silero's window: 32 ms
_WARM_UP = 10
_SPEECH_BEGINS, _SPEECH_ENDS, _PAUSE_S = 0.35, 0.2, 0.1
_LEAST_S = 0.05  # one window alone is a click
_SILENCE_DBFS = -120.0
_F0_LOW, _F0_HIGH = 65.0, 450.0  # from a low man (65 Hz) to a small child (450 Hz)


@dataclass(frozen=True)
class Speech:
    """Where somebody speaks.

    Parameters
    ----------
    spans : tuple of (float, float)
        Start and end in seconds.
    probabilities : ndarray of float32, shape (n,)
        Silero's probability of speech per 32 ms window.
    """

    spans: tuple[tuple[float, float], ...]
    probabilities: NDArray[np.float32]

    @property
    def seconds(self) -> float:
        """Total length of the spans."""
        return sum(end - start for start, end in self.spans)

    @property
    def probability(self) -> float:
        """Mean of the five highest windows: 160 ms, the length of a short syllable."""
        return float(np.sort(self.probabilities)[-5:].mean()) if len(self.probabilities) else 0.0


def speech_activity(samples: NDArray[np.float32]) -> Speech:
    """Silero's voice activity (the model inside faster-whisper), one probability per 32 ms.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz.

    Notes
    -----
    Silero misses quiet speakers: speech 45 dB lower is found in three clips of five. So the sound is heard
    twice, as it is and raised to the level of near speech, and the higher probability counts. Spans begin
    at .35 and end where it stays below .2 for 100 ms: generous, because what is no speech is sorted out
    later with more evidence, and what is left out here is never heard again.
    """
    probabilities = np.maximum(_silero(samples), _silero(_raised(samples)))
    limit = len(samples) / RATE
    spans = tuple((start, min(end, limit)) for start, end in _spans(probabilities))
    return Speech(spans, probabilities)


def _silero(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    from faster_whisper.vad import get_vad_model

    # silence before it: Silero needs some windows before it believes a sound that starts at once
    padded = np.pad(samples, (_WARM_UP * _FRAME, -len(samples) % _FRAME))
    found: NDArray[np.float32] = np.asarray(get_vad_model()(padded), np.float32).reshape(-1)[_WARM_UP:]
    return found


def _raised(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sound with its loudest half per cent at -6 dBFS, raised by 40 dB at most."""
    level = float(np.sqrt(np.percentile(samples.astype(np.float64) ** 2, 99.5)))
    gain = min(0.5 / level, 100.0) if level > 0 else 1.0
    raised: NDArray[np.float32] = np.clip(samples * gain, -1.0, 1.0).astype(np.float32)
    return raised


def _spans(probabilities: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Hysteresis over windows, in seconds."""
    seconds = _FRAME / RATE
    spans: list[tuple[float, float]] = []
    start: int | None = None
    last = 0
    for index, probability in enumerate(probabilities):
        if probability >= _SPEECH_BEGINS and start is None:
            start = index
        if start is not None and probability >= _SPEECH_ENDS:
            last = index
        if start is not None and (index - last) * seconds > _PAUSE_S:
            spans.append((start * seconds, (last + 1) * seconds))
            start = None
    if start is not None:
        spans.append((start * seconds, (last + 1) * seconds))
    return [(start, end) for start, end in spans if end - start >= _LEAST_S]


def loudness_lufs(samples: NDArray[np.float32]) -> float | None:
    """Integrated loudness after ITU-R BS.1770-4, by FFmpeg's ``ebur128``.

    Returns
    -------
    float or None
        LUFS; None if the sound is shorter than one block of 400 ms or wholly below the gate of -70 LUFS.
    """
    import av

    if len(samples) < 0.4 * RATE:
        return None
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono")
    meter = graph.add("ebur128", "metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    # the filter reports every 100 ms; a rest at the end would be dropped, so it is filled up
    padded = np.pad(samples, (0, -len(samples) % (RATE // 10)))
    frame = av.AudioFrame.from_ndarray(padded.reshape(1, -1), format="flt", layout="mono")
    frame.sample_rate = RATE
    graph.push(frame)
    graph.push(None)
    value = None
    while True:
        try:
            value = graph.pull().metadata.get("lavfi.r128.I", value)
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    if value is None or float(value) <= -70.0:
        return None
    return round(float(value), 1)


def peak_dbfs(samples: NDArray[np.float32]) -> float:
    """Highest magnitude in dB of full scale; -120 for digital silence."""
    peak = float(np.max(np.abs(samples)))
    return max(20 * float(np.log10(peak)), _SILENCE_DBFS) if peak > 0 else _SILENCE_DBFS


def snr_db(samples: NDArray[np.float32], speech: Speech) -> float | None:
    """Signal-to-noise ratio from the energy inside and outside of speech.

    Returns
    -------
    float or None
        10 log10((S - N) / N) with the mean power S of windows with speech probability over .5 and N of
        windows under .1, bounded to -10 … 60 dB. None where there are fewer than 3 windows of either.
    """
    frames = np.pad(samples, (0, -len(samples) % _FRAME)).reshape(-1, _FRAME).astype(np.float64)
    power = (frames**2).mean(axis=1)
    inside, outside = speech.probabilities > 0.5, speech.probabilities < 0.1
    outside &= power > 0  # digital silence is padding, not the room
    if inside.sum() < 3 or outside.sum() < 3:
        return None
    signal, noise = float(power[inside].mean()), float(power[outside].mean())
    ratio = max(signal - noise, 1e-12) / noise
    return float(np.clip(10 * np.log10(ratio), -10.0, 60.0))


def pitch_hz(samples: NDArray[np.float32], speech: Speech) -> float | None:
    """Median fundamental frequency of the loud half of speech (librosa's YIN), in hertz.

    Returns
    -------
    float or None
        None without at least .2 s of speech.
    """
    import librosa

    inside = [samples[int(start * RATE) : int(end * RATE)] for start, end in speech.spans]
    spoken = np.concatenate(inside) if inside else samples[:0]
    if len(spoken) < 0.2 * RATE:
        return None
    window, hop = 1024, 256
    found = librosa.yin(spoken, fmin=_F0_LOW, fmax=_F0_HIGH, sr=RATE, frame_length=window, hop_length=hop)
    level = librosa.feature.rms(y=spoken, frame_length=window, hop_length=hop)[0]
    # voiced sounds are the loud ones; values at the bounds mean that YIN found no period
    voiced = (level[: len(found)] >= np.median(level)) & (found > _F0_LOW * 1.02) & (found < _F0_HIGH * 0.98)
    return float(np.median(found[voiced])) if voiced.sum() >= 3 else None


def measure(sound: Sound) -> dict[str, object]:
    """All measures of a sound as columns of the ``audio`` table."""
    speech = speech_activity(sound.samples)
    pitch = pitch_hz(sound.samples, speech)
    return {
        "codec": sound.codec,
        "sample_rate": sound.sample_rate,
        "channels": sound.channels,
        "duration_s": round(sound.seconds, 4),
        "speech_s": round(speech.seconds, 4),
        "speech": [{"start_s": round(s, 3), "end_s": round(e, 3)} for s, e in speech.spans],
        "speech_probability": round(speech.probability, 4),
        "snr_db": _rounded(snr_db(sound.samples, speech)),
        "loudness_lufs": loudness_lufs(sound.samples),
        "peak_dbfs": _rounded(peak_dbfs(sound.samples)),
        "clipped": round(sound.clipped, 6),
        "wake_word_score": _rounded(wake_word_score(sound.samples, speech)),
        "f0_hz": _rounded(pitch),
        "ambience": ambience(sound.samples, speech, pitch_hz=pitch),
        "decode_error": sound.damage,
    }


def _rounded(value: float | None) -> float | None:
    # two decimals are more than the measure is good for, and hide differences between processors
    return None if value is None else round(value, 2)
