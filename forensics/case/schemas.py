"""The tables of a case: one schema per table, the only contract between rooms.

What a table is, and how its rows are checked, is in :mod:`forensics.case.tables`.
"""

from __future__ import annotations

from forensics.case.column_types import (
    CUES,
    INTS,
    NAMED,
    PLACES,
    SCORES,
    SENSITIVITY,
    SPANS,
    STEPS,
    STRETCHES,
    TEXTS,
    WEIGHTED,
    WORDS,
)
from forensics.case.column_types import column as _c
from forensics.case.column_types import display as _d
from forensics.case.column_types import interval as _interval
from forensics.case.column_types import nullable as _n
from forensics.case.column_types import ours as _o
from forensics.case.kinds import (
    ATTRIBUTES,
    BANDS,
    BASES,
    CLAIMED_ROLES,
    DEP_GROUPS,
    DISPOSITIONS,
    DOMAINS,
    ENTITY_KINDS,
    LABELS,
    MEANINGS,
    ODDITIES,
    ORDERS,
    OUTCOMES,
    PLACE_ROLES,
    READ_ATTRIBUTES,
    READ_ROLES,
    READER_FORMS,
    RECOGNISED_BY,
    ROLES,
    SEVERITY_FLAGS,
    SOURCES,
    SPECIAL_CATEGORIES,
    TIME_BASES,
    VENDOR_STATUSES,
)
from forensics.case.tables import BOOL, DATE, FLOAT, INT, TIME, Table

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
                _n("size", INT, low=0), _n("sha256"), _o("kind"), _c("disposition", one_of=DISPOSITIONS),
                *_STARTED, _n("device_id"), _n("vendor_text"), _o("export", nullable=True), _d("finding", nullable=True),
            ),
            ("member_id",),
        ),
        Table(
            "fields",
            "one column, page or kind of record of one member, and what it was read as",
            (
                _c("field_id"), _c("member_id"), _n("name"), _c("meaning", one_of=MEANINGS),
                _c("recognised_by", one_of=RECOGNISED_BY), _n("score", FLOAT, low=0, high=1),
                _c("rows_seen", INT, low=0), _c("rows_used", INT, low=0), _c("examples_withheld", INT, low=0),
            ),
            ("field_id",),
        ),
        Table(
            "findings",
            "one deviation, or a note, met by intake",
            (
                _c("finding_id"), _o("code"), _c("level", one_of=("finding", "note")), _n("member_id"),
                _n("member"), _d("message"), _d("remedy"),
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
            "devices",
            "one device of one data subject",
            (
                _c("device_id"), _n("name"), _n("device_type"), _n("serial"), _n("room"),
                _c("owner", one_of=("account", "other", "unknown")), _c("n_recordings", INT, low=0),
            ),
            ("device_id",),
        ),
        Table(
            "passages",
            "one piece of text read from a member that is not sound",
            (
                _c("passage_id"), _c("member_id"), _n("page", INT, low=1), _n("line", INT, low=0), _n("field"),
                _c("meaning", one_of=MEANINGS), _c("role", one_of=("transcript", "account")), _c("text"), *_STARTED,
                _n("device_id"), _n("vendor_status", one_of=VENDOR_STATUSES), _n("speaker_label"),
                _n("person_role", one_of=ROLES), _n("place_role", one_of=PLACE_ROLES),
            ),
            ("passage_id",),
        ),
        Table(
            "recordings",
            "one sound of one data subject, by content",
            (
                _c("recording_id"), _c("sha256"), *_STARTED, _n("device_id"), _n("vendor_text"),
                _n("vendor_status", one_of=VENDOR_STATUSES), _n("speaker_label"), _n("member_id"),
                _c("occurrences", INT, low=1),
            ),
            ("recording_id",),
        ),
        Table(
            "audio",
            "one recording's sound",
            (
                _c("recording_id"), _o("codec", nullable=True), _n("sample_rate", INT, low=1), _n("channels", INT, low=1),
                _n("duration_s", FLOAT, low=0), _n("speech_s", FLOAT, low=0), _o("speech", SPANS, nullable=True),
                _n("speech_probability", FLOAT, low=0, high=1),
                _n("snr_db", FLOAT), _n("loudness_lufs", FLOAT), _n("peak_dbfs", FLOAT),
                _n("clipped", FLOAT, low=0, high=1), _n("wake_word_score", FLOAT, low=0, high=1),
                _n("f0_hz", FLOAT, low=0), _o("ambience", CUES, nullable=True), _n("decode_error"),
                _n("oddities", TEXTS, each_of=ODDITIES),
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
                _d("age_basis", ours=True), _n("pitch_hz", FLOAT, low=0), *_interval("household", low=0),
            ),
            ("recording_id", "start_s"),
        ),
        Table(
            "transcripts",
            "one recording × engine",
            (
                _c("transcript_id"), _c("recording_id"), _o("engine"), _n("model"), _n("model_sha256"),
                _o("engine_version", nullable=True), _c("text"), _n("raw_text"), _o("language", nullable=True),
                _n("language_probability", FLOAT, low=0, high=1), _c("words", WORDS),
                _c("alternatives", WEIGHTED), _n("confidence", FLOAT, low=0, high=1),
                _n("avg_logprob", FLOAT, high=0), _n("no_speech_prob", FLOAT, low=0, high=1),
                _n("compression_ratio", FLOAT, low=0), _o("flags", TEXTS), _n("error"),
                _o("stretches", STRETCHES, nullable=True), _o("unread", SPANS, nullable=True),
            ),
            ("recording_id", "engine"),
        ),
        Table(
            "matches",
            "one loose vendor line",
            (
                _c("passage_id"), _c("member_id"), _n("page", INT), _n("line", INT), _c("text"),
                _n("recording_id"), _n("score", FLOAT, low=0, high=1), _n("second_best", FLOAT, low=0, high=1),
                _o("tie_class", TEXTS), _n("heard"), _n("differences", NAMED),
            ),
            ("passage_id",),
        ),
        Table(
            "utterances",
            "one thing said to or near a device, of one data subject: heard, written down, or both",
            (
                _c("utterance_id"), _n("recording_id"), *_STARTED, _n("device_id"), _n("vendor_text"),
                _n("vendor_status", one_of=VENDOR_STATUSES), _n("speaker_label"), _n("member_id"), _n("passage_id"),
                _n("page", INT, low=1), _n("line", INT, low=0), _n("match_score", FLOAT, low=0, high=1),
                _c("occurrences", INT, low=1),
            ),
            ("utterance_id",),
        ),
        Table(
            "mentions",
            "one entity heard or read",
            (
                _c("mention_id"), _c("source_kind", one_of=SOURCES), _n("utterance_id"), _n("recording_id"),
                _n("member_id"), _n("passage_id"), _n("page", INT), _n("row", INT), _n("field"),
                _n("meaning", one_of=MEANINGS),
                _c("start", INT, low=0), _c("end", INT, low=0), _c("label", one_of=LABELS), _c("surface"),
                _c("normalised"), _c("alternatives", WEIGHTED), _o("places", PLACES),
                _c("entity", one_of=ENTITY_KINDS), _o("kind", nullable=True), _n("clock_min", INT, low=0, high=24 * 60 - 1),

                _n("asr_confidence", FLOAT, low=0, high=1), _n("ner_confidence", FLOAT, low=0, high=1),
                _o("found_by"), _d("reason"), _n("special_category", one_of=SPECIAL_CATEGORIES), _n("start_s", FLOAT, low=0),
                _n("end_s", FLOAT, low=0),
            ),
            ("mention_id",),
        ),
        Table(
            "intents",
            "one utterance's command",
            (
                _c("utterance_id"), _n("recording_id"), _c("domain", one_of=DOMAINS), _o("intent"), _c("slots", NAMED),
                _c("score", FLOAT, low=0, high=1), _n("accidental_score", FLOAT, low=0, high=1),
            ),
            ("utterance_id",),
        ),
        Table(
            "second_hearing",
            "one doubtful stretch of an utterance's sound",
            (
                _c("hearing_id"), _c("utterance_id"), _c("recording_id"), _c("start", INT, low=0), _c("end", INT, low=0),
                _n("start_s", FLOAT, low=0), _n("end_s", FLOAT, low=0), _c("label", one_of=LABELS), _c("first"),
                _c("p_first", FLOAT, low=0, high=1), _c("alternatives", WEIGHTED), _o("places", PLACES),
                _c("suggested_by", NAMED),
            ),
            ("hearing_id",),
        ),
        Table(
            "reader",
            "one answer or statement of the second reader, checked against what it cites",
            (
                _c("statement_id"), _c("form", one_of=READER_FORMS), _c("attribute", one_of=READ_ATTRIBUTES), _c("value"),
                _n("role", one_of=READ_ROLES), _n("person_id"), _n("place_id", INT),
                _n("clock_min", INT, low=0, high=24 * 60 - 1), _n("probability", FLOAT, low=0, high=1), _o("roles", WEIGHTED),
                _c("utterance_ids", TEXTS), _c("outcome", one_of=OUTCOMES),
            ),
            ("statement_id",),
        ),
        Table(
            "persons",
            "one person spoken of or speaking in one household",
            (
                _c("person_id"), _c("name"), _c("forms", WEIGHTED), _o("roles", WEIGHTED),
                _c("p_named", FLOAT, low=0, high=1), _n("p_shares_surname", FLOAT, low=0, high=1),
                _c("relation_words", TEXTS), _n("voice_id"), _c("utterance_ids", TEXTS), _c("mention_ids", TEXTS),
                _c("n_support", INT, low=0), _d("reason"),
            ),
            ("person_id",),
        ),
        Table(
            "claims",
            "one claim about one household",
            (
                _c("claim_id"), _c("attribute", one_of=ATTRIBUTES), _c("subject_role", one_of=CLAIMED_ROLES),
                _c("value"),
                _o("kind", nullable=True), _n("person_id"), _o("places", PLACES), _c("device_ids", TEXTS),
                _c("alternatives", WEIGHTED), _o("roles", WEIGHTED), _c("p_value", FLOAT, low=0, high=1),
                _c("p_role", FLOAT, low=0, high=1), _c("p_true", FLOAT, low=0, high=1),
                _n("p_shared", FLOAT, low=0, high=1), _c("sources", TEXTS, each_of=SOURCES),
                _n("special_category", one_of=SPECIAL_CATEGORIES), _n("first_day", DATE), _n("last_day", DATE),
                _n("clock_min", INT, low=0, high=24 * 60 - 1), _o("weekdays", INTS), _o("steps", STEPS),
                _n("p_unmeant", FLOAT, low=0, high=1), _c("utterance_ids", TEXTS), _c("mention_ids", TEXTS),
                _c("n_support", INT, low=0), _o("dep_group", one_of=DEP_GROUPS), _d("reason"), _d("details", NAMED),
            ),
            ("claim_id",),
        ),
        Table(
            "exposure",
            "one claim's identifying power",
            (
                _c("claim_id"), *_interval("base_rate", low=0, high=1), _c("unit", one_of=("person", "household")),
                _c("basis", one_of=BASES), _o("rate_key"), _d("source"), *_interval("bits", low=0),
            ),
            ("claim_id",),
        ),
        Table(
            "risk",
            "one data subject × adversary × scope",
            (
                _c("risk_id"), _o("adversary"), _c("attacker", one_of=("machine", "listener")),
                _c("scope", one_of=("audio", "bundle")), _d("population", ours=True), _o("country", nullable=True), _c("population_n", INT, low=1),
                _c("unit", one_of=("person", "household")), *_interval("k", low=1), *_interval("bits", low=0),
                *_interval("p_identify", low=0, high=1), *_interval("p_unique", low=0, high=1),
                _n("assumption_share", FLOAT, low=0, high=1), _n("assumption_share_k", FLOAT, low=0, high=1),
                _d("dependence", ours=True), _c("seed", INT),
                _c("draws", INT, low=1), _o("claims", TEXTS, nullable=True), _n("k_frechet", FLOAT, low=1),
                _n("p_listed", FLOAT, low=0, high=1), _n("p_prosecutor", FLOAT, low=0, high=1),
                _o("sensitivity", SENSITIVITY, nullable=True),
                _c("population_kind", one_of=("residents", "owners", "acquaintances", "gallery")),
            ),
            ("risk_id",),
        ),
        Table(
            "voice_risk",
            "one voice × a gallery of named voices: how likely somebody who compares voices finds the person",
            (
                _c("voice_risk_id"), _c("voice_id"), _n("person_id"), _c("speech_s", FLOAT, low=0),
                _c("n_recordings", INT, low=1), _c("gallery_n", INT, low=1), _c("p_in_gallery", FLOAT, low=0, high=1),
                *_interval("p_first", low=0, high=1), *_interval("p_identify", low=0, high=1),
                *_interval("rank", low=1), *_interval("k", low=1), _c("n_speakers", INT, low=1),
            ),
            ("voice_risk_id",),
        ),
        Table(
            "severity",
            "one assessment",
            (
                _c("assessment_id"), *_interval("dpc", low=1, high=4), _d("dpc_reason", ours=True),
                *_interval("ei", low=0.25, high=1), _d("ei_reason", ours=True), *_interval("cb", low=0, high=2),
                _d("cb_reason", ours=True), *_interval("se", low=0), _c("band", one_of=BANDS),
                _c("band_lo", one_of=BANDS), _c("band_mid", one_of=BANDS), _c("band_hi", one_of=BANDS),
                _o("flags", TEXTS, each_of=SEVERITY_FLAGS), _o("overrides", TEXTS), _o("reviewer", nullable=True),
            ),
            ("assessment_id",),
        ),
        Table(
            "candidates",
            "one profile of the register by a pseudonym, or nobody in it",
            (
                _c("candidate_id"), _o("pseudonym"), _c("rank", INT, low=1), _c("weight", FLOAT),
                _o("fields", SCORES), _c("posterior", FLOAT, low=0, high=1), _n("tie_group", INT, low=1),
                _n("register_row", INT, low=0), _c("register_sha256"), _c("profiles", INT, low=0),
            ),
            ("candidate_id",),
        ),
        Table(
            "curve",
            "one step of listening in one order: how likely the subject is found by then",
            (
                _c("order", one_of=ORDERS), _c("step", INT, low=0), _c("n_utterances", INT, low=0),
                _c("audio_s", FLOAT, low=0), _c("listening_s", FLOAT, low=0), _n("utterance_id"),
                _o("claims", TEXTS), _c("bits", FLOAT, low=0), _c("k", FLOAT, low=1),
                *_interval("p_identify", low=0, high=1), _c("p_if_listed", FLOAT, low=0, high=1),
                _c("p_unique", FLOAT, low=0, high=1),
            ),
            ("data_subject_group", "order", "step"),
        ),
        Table(
            "voice_curve",
            "one step of listening: the longest heard voice alone, words alone, and both",
            (
                _c("step", INT, low=0), _c("n_recordings", INT, low=0), _c("voice_id"), _c("speech_s", FLOAT, low=0),
                _c("gallery_n", INT, low=1), *_interval("p_voice", low=0, high=1),
                _c("p_words", FLOAT, low=0, high=1), *_interval("p_both", low=0, high=1),
            ),
            ("data_subject_group", "step"),
        ),
        Table(
            "attribution",
            "what one utterance, claim or family of claims adds to the probability of being found",
            (
                _c("attribution_id"), _c("unit", one_of=("utterance", "claim", "family")), _o("item"),
                _o("family", nullable=True), _n("first_mention", INT, low=1), _c("n_utterances", INT, low=0),
                _c("alone", FLOAT, low=0, high=1), _c("leave_one_out", FLOAT), _c("shapley", FLOAT),
                _c("shapley_se", FLOAT, low=0), _n("owen", FLOAT), _c("permutations", INT, low=0),
            ),
            ("attribution_id",),
        ),
        Table(
            "redaction",
            "one utterance to withhold, to silence in part, or to release with words replaced",
            (
                _c("redaction_id"), _c("plan_id"), _c("utterance_id"), _n("recording_id"),
                _c("action", one_of=("withhold", "silence", "replace")), _c("seconds", FLOAT, low=0),
                _o("spans", SPANS), _o("claims", TEXTS), _d("reason", ours=True), _c("target_k", INT, low=1),
                _c("k_lo_after", FLOAT, low=1), _c("p_identify_hi_after", FLOAT, low=0, high=1),
                _n("register_top_after", FLOAT, low=0, high=1), _c("verified", BOOL),
            ),
            ("redaction_id",),
        ),
        Table(
            "timeline",
            "one event",
            (
                _c("event_id"), _d("message", ours=True), _c("datetime", TIME), _o("timestamp_desc"), _n("utterance_id"),
                _n("recording_id"), _n("member_id"), _n("device_id"), _n("domain", one_of=DOMAINS),
            ),
            ("datetime", "event_id"),
        ),
    )
}  # fmt: skip
"""Every table of a case by name, in the order in which the stages write them."""
