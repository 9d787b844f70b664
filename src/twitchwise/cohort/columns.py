"""The columns of a study's tables, which other programs rely on: columns may be added, never renamed or removed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

EDITION = 1
"""Grows when what stands in the tables changes for the same recording, so that older results are measured again."""

WHO = ("recording", "participant_id", "session", "task", "run", "group")
"""Which recording, of whom and when: the first columns of every table."""

RECORDINGS, MEASUREMENTS, EVENTS, QUALITY, FAILURES = "recordings", "measurements", "events", "quality", "failures"
TABLES = (RECORDINGS, MEASUREMENTS, EVENTS, QUALITY, FAILURES)
"""Names of the tables, in the order in which they are written."""

_TEXT, _TEXTS, _NUMBER, _WHOLE, _TRUTH, _MOMENT = "text", "texts", "number", "whole", "truth", "moment"
_COLUMNS: dict[str, dict[str, str]] = {
    RECORDINGS: {
        "start": _MOMENT,
        "n_bytes": _WHOLE,
        "format": _TEXT,
        "duration_s": _NUMBER,
        "n_channels": _WHOLE,
        "state": _TEXT,
        "summary": _TEXT,
        "warnings": _TEXTS,
        "digest": _TEXT,
        "seconds": _NUMBER,
    },
    MEASUREMENTS: {
        "channel": _TEXT,
        "site": _TEXT,
        "side": _TEXT,
        "motor_unit": _WHOLE,
        "quantity": _TEXT,
        "value": _NUMBER,
        "low": _NUMBER,
        "high": _NUMBER,
        "unit": _TEXT,
        "method": _TEXT,
        "doubts": _TEXTS,
    },
    EVENTS: {
        "kind": _TEXT,
        "channel": _TEXT,
        "start_s": _NUMBER,
        "peak_s": _NUMBER,
        "end_s": _NUMBER,
        "peak": _NUMBER,
        "peak_unit": _TEXT,
        "source": _WHOLE,
        "probability": _NUMBER,
        "x_px": _NUMBER,
        "y_px": _NUMBER,
    },
    QUALITY: {
        "channel": _TEXT,
        "kind": _TEXT,
        "site": _TEXT,
        "side": _TEXT,
        "electrode": _TEXT,
        "usable": _TRUTH,
        "reason": _TEXT,
        "sampling_rate_hz": _NUMBER,
        "duration_s": _NUMBER,
        "unit": _TEXT,
        "noise_rms": _NUMBER,
        "drift": _NUMBER,
        "clipped_share": _NUMBER,
        "flat_share": _NUMBER,
        "missing_share": _NUMBER,
        "mains_share": _NUMBER,
        "mains_hz": _NUMBER,
        "rest_s": _NUMBER,
        "unusable_s": _NUMBER,
        "statements": _TEXTS,
    },
    FAILURES: {"kind": _TEXT, "sentence": _TEXT, "n_bytes": _WHOLE},
}


def schema_of(table: str) -> "pa.Schema":
    """Return the columns of a table without those of who and when."""
    import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

    types = {
        _TEXT: pa.string(),
        _TEXTS: pa.list_(pa.string()),
        _NUMBER: pa.float64(),
        _WHOLE: pa.int64(),
        _TRUTH: pa.bool_(),
        _MOMENT: pa.timestamp("us"),
    }
    return pa.schema([(name, types[kind]) for name, kind in _COLUMNS[table].items()])


def who_schema() -> "pa.Schema":
    """Return the columns of who and when."""
    import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

    return pa.schema([(name, pa.string()) for name in WHO])
