"""What an analyst can choose, once per case. Stages are keyed by the options that they name."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from forensics.case.kinds import READER_FORMS
from forensics.errors import ForensicsError


@dataclass(frozen=True)
class Options:
    """Choices of one investigation.

    Parameters
    ----------
    engine : {'auto', 'faster-whisper', 'openai-whisper', 'vendor'}
        Who transcribes; ``auto`` is faster-whisper.
    model : str
        A name known to :mod:`forensics.models.weights`, or the path of weights.
    language : {'auto', 'en', 'de'}
        Spoken language.
    report_language : {'en', 'de'}
        In which reports and pseudonyms are written, whatever is spoken.
    report_k : int
        People whom everything that a masked report shows of somebody must fit at least.
    population : str
        ISO 3166 country code of the people who could be the subject; ``auto`` takes the country of the
        most probable home, and says so. ``DE/smart-speaker`` (or ``auto/smart-speaker``): only those who
        live with a smart speaker, so that owning one adds no bits.
    names : str
        CSV of the user's own counts of names (kind, name, count, source), which win over the built-in ones.
    register : str
        The analyst's own file of public profiles (CSV, JSONL or Parquet) in which to look for the subject.
    register_index : str
        Folder for the register's index, which several cases may share; the case's own ``work/`` by default.
    in_register : float
        Probability that the subject is in that register at all, before looking: an assumption.
    redact_k : int
        People whom a redacted bundle must fit at least; 0 plans no redaction.
    redact_listener : bool
        That must hold against a listener who hears what we missed, too.
    voices : bool
        Compare speakers: biometric processing, off unless asked for.
    reader : str
        Path of a chat model in GGUF that reads beside us; empty for none.
    reader_form : {'questions', 'statements'}
        How it is asked: short questions about our candidates, or for statements in JSON.
    exact : bool
        Transcribe one by one in full 30 s windows.
    seed : int
        Seed of every random draw.
    draws : int
        Sampled worlds per risk figure.
    max_total_size, max_member_size : int
        Bytes that a bundle, and one member of it, may unpack to.
    max_ratio : float
        Unpacked over packed size.
    max_members : int
        Members of a bundle, over all levels.
    max_depth : int
        Archives inside archives.
    max_recording_s : float
        Recordings longer than this are kept, and noted.

    Notes
    -----
    The defaults of ``report_k``, ``in_register``, ``draws`` and of the limits (``max_…``) are assumptions.
    """

    engine: str = "auto"
    model: str = "base"
    language: str = "auto"
    report_language: str = "en"
    report_k: int = 20
    population: str = "auto"
    names: str = ""
    register: str = ""
    register_index: str = ""
    in_register: float = 0.5
    redact_k: int = 0
    redact_listener: bool = False
    voices: bool = False
    reader: str = ""
    reader_form: str = "questions"
    exact: bool = False
    seed: int = 0
    draws: int = 2000
    max_total_size: int = 400 << 30
    max_member_size: int = 64 << 30
    max_ratio: float = 200.0
    max_members: int = 200_000
    max_depth: int = 3
    max_recording_s: float = 4 * 3600.0

    def __post_init__(self) -> None:
        for name, allowed in _ALLOWED.items():
            if getattr(self, name) not in allowed:
                raise ForensicsError(
                    f"Option {name}={getattr(self, name)!r} is unknown.",
                    f"Choose one of {', '.join(allowed)}.",
                )

        if not re.fullmatch(r"(auto|\*|[A-Za-z]{2})(/smart-speaker)?", self.population):
            raise ForensicsError(
                f"Option population={self.population!r} is no population.",
                "Choose a country's code such as DE, DE/smart-speaker for those who own one, or auto.",
            )

    def updated(self, changes: dict[str, Any]) -> Options:
        """A copy with the known, non-None `changes`."""
        known = {f.name for f in fields(self)}
        return replace(self, **{k: v for k, v in changes.items() if k in known and v is not None})

    def chosen(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The values of the options in `names`."""
        return {name: getattr(self, name) for name in names}

    def to_dict(self) -> dict[str, Any]:
        """All options by name."""
        return asdict(self)


_ALLOWED = {
    "reader_form": READER_FORMS,
    "engine": ("auto", "faster-whisper", "openai-whisper", "vendor"),
    "language": ("auto", "en", "de"),
    "report_language": ("en", "de"),
}
