"""Folders of studies as `twitchwise cohort` leaves them, with values that people may have."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from twitchwise.cohort.columns import (
    EVENTS,
    FAILURES,
    MEASUREMENTS,
    QUALITY,
    RECORDINGS,
    TABLES,
    WHO,
    schema_of,
    who_schema,
)
from twitchwise.cohort.tables import TableFile

DOUBT = "only {} potentials"
REFUSAL = "recording must hold at least one channel of a known kind, got 'sub-03_ses-1_emg.edf'."
METHOD = "Potentials counted at rest."
RATE, INTERVAL, FREQUENCY, DRIFT = (
    "fasciculation_rate",
    "fasciculation_interval",
    "tremor_frequency",
    "fasciculation_rate_drift",
)
UNITS = {RATE: "1/min", INTERVAL: "s", FREQUENCY: "Hz", DRIFT: "1", "fasciculation_amplitude": "V", "rest_share": "%"}
MEANS = {"patient": 12.0, "control": 0.7}
HOSTILE = "<script>alert(1)</script> $x_1$ &amp;\"'"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a simulated study is to hold."""

    n_participants: int = 24
    sessions: Sequence[str | None] = ("1", "2")
    sides: Sequence[str | None] = ("left", "right")
    groups: Sequence[str | None] = ("patient", "control")
    quantities: Sequence[str] = (RATE, "fasciculation_amplitude", INTERVAL, FREQUENCY, DRIFT, "rest_share")
    n_more: int = 0
    failing: Sequence[int] = (5,)
    missing: Sequence[int] = (8,)
    minutes: float = 5.0
    ages: bool = True
    named: bool = True
    notes: dict[str, Any] = field(default_factory=dict)


def simulated(folder: Path, plan: Plan | None = None, seed: int = 1) -> Path:
    """Write the tables and `study.json` of a study into a folder, and return the folder."""
    plan = plan or Plan()
    rng = np.random.default_rng(seed)
    whos = list(_whos(plan))
    failing = [who for number, who in enumerate(whos) if number in plan.failing]
    measured = [who for number, who in enumerate(whos) if number not in plan.failing]
    rows = {
        RECORDINGS: [_recording(who, plan, failed=who in failing, rng=rng) for who in whos],
        MEASUREMENTS: _measurements(measured, plan, rng),
        QUALITY: [row for who in measured for row in _quality(who, plan, rng)],
        EVENTS: [],
        FAILURES: [{**who, "kind": "refused", "sentence": REFUSAL, "n_bytes": 1024} for who in failing],
    }
    (folder / "tables").mkdir(parents=True)
    for name in TABLES:
        _write(folder / "tables" / f"{name}.parquet", name, rows[name], plan)
    (folder / "study.json").write_text(json.dumps(_study(plan, len(whos))), encoding="utf-8")
    return folder


def _whos(plan: Plan) -> Any:  # noqa: ANN401 - rows of a table
    for person in range(plan.n_participants):
        group = plan.groups[person % len(plan.groups)]
        for session in plan.sessions:
            if person in plan.missing and session == plan.sessions[-1] and len(plan.sessions) > 1:
                continue
            name = f"sub-{person + 1:03d}/ses-{session}/emg/sub-{person + 1:03d}_ses-{session}_task-rest_emg.edf"
            label = f"sub-{person + 1:03d}" if plan.named else None
            yield dict(zip(WHO, (name, label, session, "rest", None, group), strict=True))


def _recording(who: dict[str, Any], plan: Plan, *, failed: bool, rng: np.random.Generator) -> dict[str, Any]:
    number = int(who["recording"][4:7])
    ages = {"age": 40.0 + number % 35, "sex": "FM"[number % 2]} if plan.ages else {}
    if failed:
        return {**who, **ages, "n_bytes": 1024, "state": "refused", "warnings": []}
    return {
        **who,
        **ages,
        "start": pd.Timestamp("2026-03-02T09:00") + pd.Timedelta(days=number),
        "n_bytes": 1 << 20,
        "format": "EDF+",
        "duration_s": 60.0 * plan.minutes * rng.uniform(0.8, 1.2),
        "n_channels": len(plan.sides),
        "state": "measured",
        "summary": "Measured.",
        "warnings": [f"'calf {number}' lasts {number} s, which is too short."] if number < 4 else [],
        "digest": f"{number:064x}",
        "seconds": 1.5,
    }


def _quality(who: dict[str, Any], plan: Plan, rng: np.random.Generator) -> Any:  # noqa: ANN401 - rows of a table
    number = int(who["recording"][4:7])
    for side in plan.sides:
        usable = not (number == 4 and side == plan.sides[0])
        yield {
            **who,
            "channel": f"{side or 'calf'} calf",
            "kind": "emg",
            "site": "calf",
            "side": side,
            "electrode": "surface",
            "usable": usable,
            "reason": "" if usable else "The channel is constant.",
            "sampling_rate_hz": 2000.0,
            "duration_s": 60.0 * plan.minutes,
            "unit": "V",
            "noise_rms": 4e-6 * float(rng.lognormal(0, 0.3)) if usable else None,
            "drift": 1e-5,
            "clipped_share": 0.002 if number == 6 else 0.0,
            "flat_share": 0.0 if usable else 1.0,
            "missing_share": 0.0,
            "mains_share": float(rng.beta(1, 30)),
            "mains_hz": 50.0,
            "rest_s": 60.0 * plan.minutes * float(rng.uniform(0.5, 0.95)) if usable else None,
            "unusable_s": 0.0,
            "statements": [],
        }


def _measurements(whos: Sequence[dict[str, Any]], plan: Plan, rng: np.random.Generator) -> pd.DataFrame:
    base = pd.DataFrame([{**who, "side": side} for who in whos for side in plan.sides], columns=[*WHO, "side"])
    person = base["recording"].astype("str").str.slice(4, 7).astype(int)
    base["channel"] = base["side"].astype("object").fillna("calf") + " calf"
    base["site"] = "calf"
    habit = rng.lognormal(0, 0.5, plan.n_participants + 1)[person]
    parts = []
    for quantity in (*plan.quantities, *(f"other_{number:03d}" for number in range(plan.n_more))):
        middle, spread = _middle(quantity, base, habit), rng.lognormal(0, 0.25, len(base))
        part = base.assign(quantity=quantity, unit=UNITS.get(quantity, "1"), method=METHOD)
        part["value"], part["low"], part["high"] = middle * spread, middle * spread * 0.7, middle * spread * 1.4
        if quantity == RATE:
            _count(part, plan, rng)
        part["doubts"] = [[DOUBT.format(at)] if number == 3 else [] for at, number in enumerate(person)]
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _middle(quantity: str, base: pd.DataFrame, habit: Any) -> Any:  # noqa: ANN401 - an array
    if quantity == RATE:
        return base["group"].map(MEANS).fillna(3.0).to_numpy() * habit
    scales = {FREQUENCY: 8.0, "fasciculation_amplitude": 2e-4, INTERVAL: 4.0, "rest_share": 60.0}
    return scales.get(quantity, 1.0) * habit ** (0.2 if quantity == FREQUENCY else 1.0)


def _count(part: pd.DataFrame, plan: Plan, rng: np.random.Generator) -> None:
    counts = rng.poisson(part["value"] * plan.minutes)
    part["value"] = counts / plan.minutes
    part["low"] = np.maximum(counts - 1.9 * np.sqrt(counts), 0) / plan.minutes
    part["high"] = np.where(counts == 0, 3.0, counts + 2.1 * np.sqrt(counts) + 1) / plan.minutes


def _write(file: Path, name: str, rows: Any, plan: Plan) -> None:  # noqa: ANN401 - rows of a table
    schema = schema_of(name)
    if name == RECORDINGS and plan.ages:
        schema = schema.append(pa.field("age", pa.float64())).append(pa.field("sex", pa.string()))
    whole = pa.unify_schemas([who_schema(), schema])
    with TableFile(file, schema) as table:
        if isinstance(rows, pd.DataFrame):
            frame = rows.reindex(columns=whole.names).astype({"motor_unit": "Int64", "doubts": "object"})
            table.add_whole(pa.Table.from_pandas(frame, schema=whole, preserve_index=False).replace_schema_metadata())
        else:
            table.add_whole(pa.Table.from_pylist(rows, schema=whole))


def _study(plan: Plan, n_recordings: int) -> dict[str, Any]:
    return {
        "dataset": {"name": "calves", "address": "/data/calves", "n_recordings": n_recordings},
        "warnings": ["participants.tsv has no column 'handedness'."],
        "settings": {
            "order": {"electrode": "surface"},
            "version": "0.1.0",
            "knowledge_digest": "ab" * 16,
            "edition": 1,
        },
        "python": "3.11.2",
        "packages": {"twitchwise": "0.1.0", "numpy": "2.4.6"},
        "notice": "Research and education software, not a medical device.",
        **plan.notes,
    }
