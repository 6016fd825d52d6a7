"""Decoding with FFmpeg's libraries (PyAV), in a child process with limits.

Only a container that :mod:`forensics.audio.demuxers` recognises is decoded, with its demuxer forced and
every protocol refused. One file that cannot be decoded is one error, which names the reason.
"""

from __future__ import annotations

import atexit
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from forensics.audio.channels import one_of
from forensics.audio.demuxers import HEAD_BYTES, demuxer_of, is_protected
from forensics.audio.riff import MOST_BYTES, Oddity, mended
from forensics.errors import AudioError
from forensics.sandbox.opening import open_regular
from forensics.sandbox.process import Reason, Sandbox, SandboxError, Send

if TYPE_CHECKING:
    import av

RATE = 16_000
"""Samples per second of everything downstream: what Whisper and Silero were trained on."""

MAX_SECONDS = 1800.0
"""Longest sound decoded (assumption): a command is seconds long, a home server's wake-word buffer hours."""

_MAX_VALUES = 64_000_000
"""Samples of all channels together that are decoded: half an hour of stereo (memory of the child)."""

_FULL_SCALE = 0.999
"""Magnitude from which a sample counts as clipped: 32735 of 32767 in 16 bits (assumption)."""


@dataclass(frozen=True)
class Sound:
    """A decoded sound.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, 16 kHz, full scale 1.
    container, codec : str
        FFmpeg's names.
    sample_rate, channels : int
        Of the source, in hertz and number.
    clipped : float
        Share of the source's samples at full scale.
    damage : str or None
        What was lost, if the sound could be decoded in part only.
    oddities : tuple of str
        Values of :class:`forensics.audio.riff.Oddity`: what was unusual, and lost nothing.
    """

    samples: NDArray[np.float32]
    container: str
    codec: str
    sample_rate: int
    channels: int
    clipped: float
    damage: str | None = None
    oddities: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return len(self.samples) / RATE


def decode_file(path: str | Path, *, name: str | None = None, sandbox: Sandbox | None = None) -> Sound:
    """Decode a file in a child process with limits, which decodes one file after another.

    Parameters
    ----------
    path : path
        Of a regular file; a symbolic link is not followed.
    name : str, optional
        What errors call it; the path by default.
    sandbox : Sandbox, optional
        Runs :func:`work`; by default the one of this process.

    Raises
    ------
    AudioError
        If nothing can be decoded, or a limit is reached.
    """
    called, sandbox = name or str(path), sandbox or _sandbox
    try:
        file = open_regular(path)
    except OSError as error:
        raise AudioError(f"{called} cannot be read: {error.strerror}.") from error
    with file:
        try:
            ((facts, raw),) = sandbox.ask(called, file.fileno())
            if "error" in facts:
                raise AudioError(str(facts["error"]))
            facts["oddities"] = tuple(facts["oddities"])
            return Sound(np.frombuffer(raw, np.float32).copy(), **facts)
        except SandboxError as error:
            why = f"broke the decoder: {error.kind or error.text or 'its answer makes no sense'}"
            if error.reason is Reason.MEMORY:
                why = "needs more memory than a sound may"
            elif error.reason is Reason.TIME:
                why = f"was not decoded within {sandbox.wall_s:g} s"
            raise AudioError(f"{called} {why}.") from error
        except (KeyError, TypeError, ValueError) as error:
            raise AudioError(f"{called} broke the decoder: its answer makes no sense.") from error


def work(name: str, file: BinaryIO, send: Send) -> None:
    """What the child does: one answer, the sound or why there is none."""
    try:
        facts = dict(vars(decode(file, name=name)))
        send(facts, facts.pop("samples").tobytes())
    except AudioError as error:
        send({"error": error.message})


_sandbox = Sandbox(work, wall_s=60.0, cpu_s=50, memory_bytes=2 << 30, libraries=["av"])
"""Half an hour of sound takes a few seconds and .4 GB; the margins are assumptions."""
atexit.register(_sandbox.close)


def decode(source: BinaryIO | bytes, *, name: str = "the sound", max_seconds: float = MAX_SECONDS) -> Sound:
    """Decode a sound to 16 kHz mono.

    Parameters
    ----------
    source : binary file or bytes
        Seekable.
    name : str
        What errors call it.
    max_seconds : float
        What is longer is cut, and `damage` says so.

    Raises
    ------
    AudioError
        If nothing can be decoded, with the reason.
    """
    import av.error

    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if not head:
        raise AudioError(f"{name} is empty.")
    demuxer = demuxer_of(head)
    if demuxer is None:
        raise AudioError(f"{name} does not begin like a sound file.", "Its first bytes decide, not its name.")
    if is_protected(head):
        raise AudioError(f"{name} is protected against copying.")
    try:
        return _decode(stream, demuxer, name, max_seconds)
    except (av.error.FFmpegError, ValueError, OverflowError, EOFError) as error:
        raise AudioError(f"{name} cannot be decoded as {demuxer}: {_reason(error)}.") from error


@dataclass
class _Track:
    """What one stream holds: its samples by channel at 16 kHz, and what is counted."""

    codec: str
    sample_rate: int
    channels: int
    samples: NDArray[np.float32]
    clipped: int
    counted: int
    damage: str | None


def _decode(stream: BinaryIO, demuxer: str, name: str, max_seconds: float) -> Sound:
    files, odd = _files(stream, demuxer)
    tracks: list[_Track] = []
    mono: list[NDArray[np.float32]] = []
    left = max_seconds
    for file in files:
        track = _track(file, demuxer, name, left)
        samples, chosen = one_of(track.samples, RATE)
        odd |= {Oddity.CHANNELS} if chosen else set()
        mono.append(samples)
        tracks.append(track)
        left -= samples.size / RATE
        if left <= 0:
            break
    joined = np.concatenate(mono)
    if not joined.size:
        raise AudioError(f"{name} holds no samples.")
    damage = next((track.damage for track in tracks if track.damage), None)
    if not np.isfinite(joined).all():
        damage = damage or "samples that are not numbers were set to 0"
        joined = np.nan_to_num(joined, nan=0.0, posinf=0.0, neginf=0.0)
    counted = sum(track.counted for track in tracks)
    return Sound(
        np.clip(joined, -1.0, 1.0), demuxer, tracks[0].codec, tracks[0].sample_rate, tracks[0].channels,
        sum(track.clipped for track in tracks) / counted if counted else 0.0, damage, tuple(sorted(odd)),
    )  # fmt: skip


def _files(stream: BinaryIO, demuxer: str) -> tuple[list[BinaryIO], set[Oddity]]:
    """What is given to the decoder: the file as it is, unless it is a WAV file that has to be put right."""
    if demuxer == "wav":
        content = stream.read(MOST_BYTES + 1)
        stream.seek(0)
        if len(content) <= MOST_BYTES:
            files, odd = mended(content)
            if files:
                return [io.BytesIO(file) for file in files], odd
    return [stream], set()


def _track(stream: BinaryIO, demuxer: str, name: str, max_seconds: float) -> _Track:
    import av
    import av.error

    # no protocol may be opened by anything inside the file; references to other files stay off in mov
    options = {"protocol_whitelist": "none", "enable_drefs": "0"}
    with av.open(stream, mode="r", format=demuxer, options=options) as container:
        if not container.streams.audio:
            raise AudioError(f"{name} holds no audio stream.")
        track = container.streams.audio[0]
        context = track.codec_context
        if not context.sample_rate or not context.channels:
            raise AudioError(f"{name} states {context.sample_rate} Hz and {context.channels} channels.")
        facts = (context.name, int(context.sample_rate), int(context.channels))
        max_seconds = min(max_seconds, _MAX_VALUES / RATE / facts[2])
        resampler = av.AudioResampler(format="fltp", rate=RATE)
        pieces: list[NDArray[np.float32]] = []
        clipped = counted = kept = 0
        damage = None
        try:
            for frame in container.decode(track):
                top, size = _at_full_scale(frame)
                clipped, counted = clipped + top, counted + size
                for out in resampler.resample(frame):
                    pieces.append(out.to_ndarray().astype(np.float32))
                    kept += pieces[-1].shape[1]
                if kept > max_seconds * RATE:
                    damage = f"only the first {max_seconds:g} s were decoded"
                    break
            for out in resampler.resample(None):
                pieces.append(out.to_ndarray().astype(np.float32))
        except (av.error.FFmpegError, ValueError) as error:
            if not pieces:
                raise
            damage = f"broken after {kept / RATE:.2f} s: {_reason(error)}"
    samples = np.concatenate(pieces, axis=1) if pieces else np.zeros((1, 0), np.float32)
    return _Track(*facts, samples[:, : int(max_seconds * RATE)], clipped, counted, damage)


def _at_full_scale(frame: av.AudioFrame) -> tuple[int, int]:
    """How many samples of a frame are at full scale, and how many there are."""
    values: NDArray[Any] = frame.to_ndarray()
    if values.dtype == np.uint8:
        magnitude = np.abs(values.astype(np.float32) - 128) / 128  # silence is 128 in unsigned 8 bits
    elif values.dtype.kind == "i":
        magnitude = np.abs(values.astype(np.float32)) / float(np.iinfo(values.dtype).max)
    else:
        magnitude = np.abs(values)
    return int((magnitude >= _FULL_SCALE).sum()), int(values.size)


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).rstrip(".")
