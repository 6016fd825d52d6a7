"""Which engine transcribes, and how it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.errors import ForensicsError
from forensics.models import weights as models
from forensics.transcription.engine import Engine

if TYPE_CHECKING:
    pass


def engine_name(option: str, model: str) -> str:
    """The engine that an option stands for.

    ``auto`` is faster-whisper, but for a checkpoint of openai-whisper (``.pt``), which only that engine
    reads.
    """
    if option != "auto":
        return option
    return "openai-whisper" if models.layout(model) == "checkpoint" else "faster-whisper"


def load_engine(option: str, model: str, *, exact: bool = False) -> Engine:
    """The engine of that name, its weights verified.

    Raises
    ------
    ForensicsError
        If there is no such engine, or its weights do not have the expected hash.
    """
    name = engine_name(option, model)
    if name == "faster-whisper":
        from forensics.transcription import faster_whisper

        return faster_whisper.shared(model, exact)
    if name == "openai-whisper":
        from forensics.transcription import openai_whisper

        return openai_whisper.shared(model)
    raise ForensicsError(f"'{option}' hears nothing.", "Choose auto, faster-whisper or openai-whisper.")
