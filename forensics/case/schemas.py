"""The tables of a case: one schema per table, the only contract between rooms.

What a table is, and how its rows are checked, is in :mod:`forensics.case.tables`.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from forensics.case.tables import BOOL, FLOAT, INT, TEXT, TIME, Column, Table

TEXTS = pa.list_(TEXT)
SPANS = pa.list_(pa.struct([("start_s", FLOAT), ("end_s", FLOAT)]))
WORDS = pa.list_(pa.struct([("word", TEXT), ("start_s", FLOAT), ("end_s", FLOAT), ("probability", FLOAT)]))
WEIGHTED = pa.list_(pa.struct([("value", TEXT), ("probability", FLOAT)]))
NAMED = pa.list_(pa.struct([("name", TEXT), ("value", TEXT)]))
SENSITIVITY = pa.list_(pa.struct([("name", TEXT), ("p_low", FLOAT), ("p_high", FLOAT)]))
SCORES = pa.list_(pa.struct([("name", TEXT), ("score", FLOAT), ("basis", TEXT)]))

LABELS = (
    "PERSON", "RELATION", "PLACE", "DEVICE", "MEDIA", "SERVICE", "TIME", "DATE", "ORG", "EVENT", "FOOD",
    "OTHER", "PHONE", "EMAIL", "ADDRESS", "ID",
)  # fmt: skip
DOMAINS = (
    "weather", "music", "media", "alarm", "timer", "calendar", "smarthome", "communication", "social",
    "lists", "food", "news", "transport", "qa", "recommendation", "volume", "datetime", "general",
)  # fmt: skip
ATTRIBUTES = (
    "home_place", "work_place", "other_place", "first_name", "surname", "relation", "contact", "device",
    "service", "media_taste", "routine_wake", "routine_commute", "absence", "language", "dialect",
    "employer", "interest", "child", "pet", "health", "religion", "politics", "phone", "email", "address",
    "accidental_recording", "command_chain",
)  # fmt: skip
DISPOSITIONS = ("recording", "transcript", "account_data", "other", "refused")
TIME_BASES = ("export", "derived", "file_time", "unknown")
SOURCES = ("audio", "vendor", "account")
BASES = ("measured", "survey", "assumption")
BANDS = ("low", "medium", "high", "very high", "not determinable")
ORDERS = ("chronological", "random", "best_first")


def _c(name: str, type_: pa.DataType = TEXT, **kwargs: Any) -> Column:
    return Column(name, type_, **kwargs)


def _n(name: str, type_: pa.DataType = TEXT, **kwargs: Any) -> Column:
    return Column(name, type_, nullable=True, **kwargs)


def _interval(name: str, *, low: float | None = None, high: float | None = None) -> tuple[Column, ...]:
    return tuple(Column(f"{name}_{end}", FLOAT, low=low, high=high) for end in ("lo", "mid", "hi"))


_STARTED = (
    _n("started_at", TIME),
    _c("started_at_basis", one_of=TIME_BASES),
    _n("utc_offset_min", INT, low=-14 * 60, high=14 * 60),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "members",
            "one occurrence of a member in a bundle",
            (
                _c("member_id"), _c("bundle"), _c("path"), _n("path_raw_hex"), _c("position", INT, low=0),
                _n("size", INT, low=0), _n("sha256"), _c("kind"), _c("disposition", one_of=DISPOSITIONS),
                *_STARTED, _n("device"), _n("vendor_text"), _n("export"), _n("finding"),
            ),
            ("member_id",),
        ),
        Table(
            "findings",
            "one deviation, or a note, met by intake",
            (
                _c("finding_id"), _c("code"), _c("level", one_of=("finding", "note")), _n("member_id"),
                _n("member"), _c("message"), _c("remedy"),
            ),
            ("finding_id",),
        ),
        Table(
            "groups",
            "one data subject whose data the case holds",
            (
                _c("role", one_of=("account", "devices", "unknown")), _c("n_members", INT, low=0),
                _c("n_recordings", INT, low=0), _c("evidence", NAMED), _n("first_at", TIME), _n("last_at", TIME),
            ),
            ("data_subject_group",),
        ),
        Table(
            "passages",
            "one piece of text read from a member that is not sound",
            (
                _c("passage_id"), _c("member_id"), _n("page", INT, low=1), _n("line", INT, low=0), _n("field"),
                _c("role", one_of=("transcript", "account")), _c("text"), *_STARTED,
            ),
            ("passage_id",),
        ),
        Table(
            "recordings",
            "one sound of one data subject, by content",
            (
                _c("recording_id"), _c("sha256"), *_STARTED, _n("device"), _n("device_type"), _n("vendor_text"),
                _c("occurrences", INT, low=1),
            ),
            ("recording_id",),
        ),
        Table(
            "audio",
            "one recording's sound",
            (
                _c("recording_id"), _n("codec"), _n("sample_rate", INT, low=1), _n("channels", INT, low=1),
                _n("duration_s", FLOAT, low=0), _n("speech_s", FLOAT, low=0), _n("speech", SPANS),
                _n("speech_probability", FLOAT, low=0, high=1),
                _n("snr_db", FLOAT), _n("loudness_lufs", FLOAT), _n("peak_dbfs", FLOAT),
                _n("clipped", FLOAT, low=0, high=1), _n("wake_word_score", FLOAT, low=0, high=1),
                _n("f0_hz", FLOAT, low=0), _n("ambience", SCORES), _n("decode_error"),
            ),
            ("recording_id",),
        ),
        Table(
            "voices",
            "one turn of one recording, and whose voice it is",
            (
                _c("recording_id"), _n("voice_id"), _c("score", FLOAT, low=0, high=1), _c("start_s", FLOAT, low=0),
                _c("end_s", FLOAT, low=0), _c("speech_s", FLOAT, low=0),
                _c("age", one_of=("adult", "child", "unknown")), _n("child_score", FLOAT, low=0, high=1),
                _c("age_basis"), _n("pitch_hz", FLOAT, low=0), *_interval("household", low=0),
            ),
            ("recording_id", "start_s"),
        ),
        Table(
            "transcripts",
            "one recording × engine",
            (
                _c("transcript_id"), _c("recording_id"), _c("engine"), _n("model"), _n("model_sha256"),
                _n("engine_version"), _c("text"), _n("raw_text"), _n("language"),
                _n("language_probability", FLOAT, low=0, high=1), _c("words", WORDS),
                _c("alternatives", WEIGHTED), _n("confidence", FLOAT, low=0, high=1),
                _n("avg_logprob", FLOAT, high=0), _n("no_speech_prob", FLOAT, low=0, high=1),
                _n("compression_ratio", FLOAT, low=0), _c("flags", TEXTS), _n("error"),
            ),
            ("recording_id", "engine"),
        ),
        Table(
            "matches",
            "one loose vendor line",
            (
                _c("passage_id"), _c("member_id"), _n("page", INT), _n("line", INT), _c("text"),
                _n("recording_id"), _n("score", FLOAT, low=0, high=1), _n("second_best", FLOAT, low=0, high=1),
                _c("tie_class", TEXTS), _n("heard"), _n("differences", NAMED),
            ),
            ("passage_id",),
        ),
        Table(
            "mentions",
            "one entity heard or read",
            (
                _c("mention_id"), _c("source_kind", one_of=SOURCES), _n("recording_id"), _n("member_id"),
                _n("passage_id"), _n("page", INT), _n("row", INT), _c("start", INT, low=0), _c("end", INT, low=0),
                _c("label", one_of=LABELS), _c("surface"), _c("normalised"), _c("alternatives", WEIGHTED),
                _n("asr_confidence", FLOAT, low=0, high=1), _n("ner_confidence", FLOAT, low=0, high=1),
                _c("found_by"), _c("reason"), _n("special_category"), _n("start_s", FLOAT, low=0),
                _n("end_s", FLOAT, low=0),
            ),
            ("mention_id",),
        ),
        Table(
            "intents",
            "one recording's command",
            (
                _c("recording_id"), _c("domain", one_of=DOMAINS), _c("intent"), _c("slots", NAMED),
                _c("score", FLOAT, low=0, high=1), _n("accidental_score", FLOAT, low=0, high=1),
            ),
            ("recording_id",),
        ),
        Table(
            "second_hearing",
            "one doubtful stretch of a recording",
            (
                _c("hearing_id"), _c("recording_id"), _c("start", INT, low=0), _c("end", INT, low=0),
                _n("start_s", FLOAT, low=0), _n("end_s", FLOAT, low=0), _c("label", one_of=LABELS), _c("first"),
                _c("p_first", FLOAT, low=0, high=1), _c("alternatives", WEIGHTED), _c("suggested_by", NAMED),
            ),
            ("hearing_id",),
        ),
        Table(
            "claims",
            "one claim about one household",
            (
                _c("claim_id"), _c("attribute", one_of=ATTRIBUTES), _c("subject_role"), _c("value"),
                _c("alternatives", WEIGHTED), _c("roles", WEIGHTED), _c("p_true", FLOAT, low=0, high=1),
                _c("support", TEXTS), _c("recordings", TEXTS), _c("n_support", INT, low=0), _c("dep_group"),
                _c("reason"), _c("details", NAMED),
            ),
            ("claim_id",),
        ),
        Table(
            "exposure",
            "one claim's identifying power",
            (
                _c("claim_id"), *_interval("base_rate", low=0, high=1), _c("unit", one_of=("person", "household")),
                _c("basis", one_of=BASES), _c("source"), *_interval("bits", low=0),
            ),
            ("claim_id",),
        ),
        Table(
            "risk",
            "one data subject × adversary × scope",
            (
                _c("risk_id"), _c("adversary"), _c("attacker", one_of=("machine", "listener")),
                _c("scope", one_of=("audio", "bundle")), _c("population"), _c("population_n", INT, low=1),
                _c("unit", one_of=("person", "household")), *_interval("k", low=1), *_interval("bits", low=0),
                *_interval("p_identify", low=0, high=1), *_interval("p_unique", low=0, high=1),
                _n("assumption_share", FLOAT, low=0, high=1), _c("dependence"), _c("seed", INT),
                _c("draws", INT, low=1), _n("claims", TEXTS), _n("k_frechet", FLOAT, low=1),
                _n("p_listed", FLOAT, low=0, high=1), _n("p_prosecutor", FLOAT, low=0, high=1),
                _n("sensitivity", SENSITIVITY), _n("population_country"),
                _n("population_kind", one_of=("residents", "owners", "acquaintances")),
            ),
            ("risk_id",),
        ),
        Table(
            "severity",
            "one assessment",
            (
                _c("assessment_id"), *_interval("dpc", low=1, high=4), _c("dpc_reason"),
                *_interval("ei", low=0.25, high=1), _c("ei_reason"), *_interval("cb", low=0, high=2),
                _c("cb_reason"), *_interval("se", low=0), _c("band", one_of=BANDS),
                _c("band_lo", one_of=BANDS), _c("band_mid", one_of=BANDS), _c("band_hi", one_of=BANDS),
                _c("flags", TEXTS), _c("overrides", TEXTS), _n("reviewer"),
            ),
            ("assessment_id",),
        ),
        Table(
            "candidates",
            "one profile of the register by a pseudonym, or nobody in it",
            (
                _c("candidate_id"), _c("pseudonym"), _c("rank", INT, low=1), _c("weight", FLOAT),
                _c("fields", SCORES), _c("posterior", FLOAT, low=0, high=1), _n("tie_group", INT, low=1),
                _n("register_row", INT, low=0), _c("register_sha256"), _c("profiles", INT, low=0),
            ),
            ("candidate_id",),
        ),
        Table(
            "curve",
            "one step of listening in one order: how likely the subject is found by then",
            (
                _c("order", one_of=ORDERS), _c("step", INT, low=0), _c("n_recordings", INT, low=0),
                _c("audio_s", FLOAT, low=0), _c("listening_s", FLOAT, low=0), _n("recording_id"),
                _c("claims", TEXTS), _c("bits", FLOAT, low=0), _c("k", FLOAT, low=1),
                *_interval("p_identify", low=0, high=1), _c("p_if_listed", FLOAT, low=0, high=1),
                _c("p_unique", FLOAT, low=0, high=1),
            ),
            ("data_subject_group", "order", "step"),
        ),
        Table(
            "attribution",
            "what one recording, claim or family of claims adds to the probability of being found",
            (
                _c("attribution_id"), _c("unit", one_of=("recording", "claim", "family")), _c("item"),
                _n("family"), _n("first_mention", INT, low=1), _c("n_recordings", INT, low=0),
                _c("alone", FLOAT, low=0, high=1), _c("leave_one_out", FLOAT), _c("shapley", FLOAT),
                _c("shapley_se", FLOAT, low=0), _n("owen", FLOAT), _c("permutations", INT, low=0),
            ),
            ("attribution_id",),
        ),
        Table(
            "redaction",
            "one recording to withhold, or to silence in part, before release",
            (
                _c("redaction_id"), _c("plan_id"), _c("recording_id"),
                _c("action", one_of=("withhold", "silence")), _c("seconds", FLOAT, low=0),
                _c("spans", SPANS), _c("claims", TEXTS), _c("reason"), _c("target_k", INT, low=1),
                _c("k_lo_after", FLOAT, low=1), _c("p_identify_hi_after", FLOAT, low=0, high=1),
                _n("register_top_after", FLOAT, low=0, high=1), _c("verified", BOOL),
            ),
            ("redaction_id",),
        ),
        Table(
            "timeline",
            "one event",
            (
                _c("event_id"), _c("message"), _c("datetime", TIME), _c("timestamp_desc"), _n("recording_id"),
                _n("member_id"), _n("device"), _n("domain"),
            ),
            ("datetime", "event_id"),
        ),
    )
}  # fmt: skip
"""Every table of a case by name, in the order in which the stages write them."""
