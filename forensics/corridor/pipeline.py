"""The floor plan: every stage in order, with the tables that it reads and writes, and its version.

A stage's module has ``run(bench)`` and, where its result depends on more than tables and options,
``identity(options)``: the model hashes and library versions that are part of its key.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One stage of the corridor.

    Parameters
    ----------
    name : str
        In status, custody log and stage keys.
    module : str
        Where its ``run`` is.
    reads, writes : tuple of str
        Tables. Exactly one stage writes a table.
    version : int
        Raised when the same input would give another result.
    options : tuple of str
        The options that change its result.
    facts : tuple of str
        Entries of ``case.json`` that it reads: ``bundles``, ``incident``.
    decisions : tuple of str
        Tables whose decisions it follows itself: they change no cell, and of two people merged it makes one.
    """

    name: str
    module: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    version: int
    options: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()


OF_A_HOUSEHOLD = (
    "utterances", "transcripts", "mentions", "intents", "second_hearing", "devices", "voices", "passages",
)  # fmt: skip
"""Tables that the profile reads of one data subject."""
STAGES: tuple[Stage, ...] = (
    Stage(
        "intake",
        "forensics.intake.stage",
        reads=(),
        writes=("members", "fields", "findings", "groups", "devices", "passages", "recordings"),
        version=7,
        options=(
            "max_total_size",
            "max_member_size",
            "max_ratio",
            "max_members",
            "max_depth",
            "max_recording_s",
        ),
        facts=("bundles",),
    ),
    Stage("audio", "forensics.audio.stage", reads=("recordings",), writes=("audio",), version=3),
    Stage(
        "voices",
        "forensics.audio.voices.stage",
        reads=("recordings", "audio"),
        writes=("voices",),
        version=2,
        options=("voices", "seed"),
    ),
    Stage(
        "transcription",
        "forensics.transcription.stage",
        reads=("recordings", "audio"),
        writes=("transcripts",),
        version=4,
        options=("engine", "model", "language", "exact"),
    ),
    Stage(
        "matching",
        "forensics.transcription.matching",
        reads=("recordings", "transcripts", "passages"),
        writes=("matches",),
        version=6,
    ),
    Stage(
        "utterances",
        "forensics.transcription.utterances",
        reads=("recordings", "passages", "matches"),
        writes=("utterances",),
        version=1,
    ),
    Stage(
        "language",
        "forensics.language.stage",
        reads=("utterances", "audio", "transcripts", "passages"),
        writes=("mentions", "intents"),
        version=5,
    ),
    Stage(
        "second_hearing",
        "forensics.transcription.second_hearing",
        reads=("recordings", "audio", "transcripts", "utterances", "mentions", "intents"),
        writes=("second_hearing",),
        version=5,
        options=("engine", "model", "exact"),
    ),
    Stage(
        "reader",
        "forensics.profile.reader.stage",
        reads=(*OF_A_HOUSEHOLD, "groups"),
        writes=("reader",),
        version=1,
        options=("reader", "reader_form", "seed"),
    ),
    Stage(
        "profile",
        "forensics.profile.stage",
        reads=(*OF_A_HOUSEHOLD, "groups", "reader"),
        writes=("persons", "claims"),
        version=10,
        decisions=("persons", "utterances"),
    ),
    Stage(
        "reidentification",
        "forensics.reidentification.stage",
        reads=("claims", "utterances", "audio", "transcripts", "groups", "voices", "persons"),
        writes=("exposure", "risk", "voice_risk"),
        version=7,
        options=("population", "names", "seed", "draws"),
    ),
    Stage(
        "severity",
        "forensics.reidentification.severity",
        reads=("claims", "persons", "risk", "groups"),
        writes=("severity",),
        version=4,
        facts=("incident",),
    ),
    Stage(
        "linkage",
        "forensics.linkage.stage",
        reads=("claims", "groups"),
        writes=("candidates",),
        version=4,
        options=("register", "in_register"),
    ),
    Stage(
        "curve",
        "forensics.reidentification.curve",
        reads=("claims", "utterances", "audio", "groups", "voices"),
        writes=("curve", "voice_curve", "attribution"),
        version=3,
        options=("population", "names", "seed"),
    ),
    Stage(
        "redaction",
        "forensics.redaction.stage",
        reads=("claims", "mentions", "transcripts", "utterances", "recordings", "audio", "groups"),
        writes=("redaction",),
        version=2,
        options=(
            "population",
            "names",
            "seed",
            "draws",
            "redact_k",
            "redact_listener",
            "register",
            "in_register",
        ),
    ),
    Stage(
        "timeline",
        "forensics.reports.timeline",
        reads=("utterances", "intents", "devices"),
        writes=("timeline",),
        version=2,
    ),
)
