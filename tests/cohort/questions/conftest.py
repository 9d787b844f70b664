"""A small study as tables, whose truth is known."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest


class Tables(NamedTuple):
    measurements: pd.DataFrame
    quality: pd.DataFrame


def _row(who: dict[str, object], channel: str, quantity: str, value: float, unit: str) -> dict[str, object]:
    place = {"channel": channel, "site": "biceps", "side": who["side"], "motor_unit": None}
    number = {"quantity": quantity, "value": value, "low": value, "high": value, "unit": unit}
    return {**who, **place, **number, "method": "Counted. By hand.", "doubts": []}


def make_study(
    n_participants: int = 14, sessions: tuple[str, ...] = ("1", "2", "3"), *, rises: float = 3.0, seed: int = 0
) -> Tables:
    """Return a study of two groups whose second one's rate rises at the last session."""
    rng = np.random.default_rng(seed)
    measurements, quality = [], []
    for person in range(n_participants):
        ill = person >= n_participants // 2
        rate = rng.gamma(2.0, 1.5)
        for session in sessions:
            for side in ("left", "right"):
                recording = f"sub-{person:02d}/ses-{session}_{side}_emg.edf"
                who: dict[str, object] = {
                    "recording": recording,
                    "participant_id": f"sub-{person:02d}",
                    "session": session,
                }
                who |= {"task": "rest", "run": None, "group": "als" if ill else "control", "side": side}
                now = rate * (rises if ill and session == sessions[-1] else 1.0)
                for channel in ("a", "b"):
                    minutes = float(rng.uniform(2, 10))
                    count = float(rng.poisson(now * minutes))
                    measurements.append(_row(who, channel, "fasciculation_rate", count / minutes, "1/min"))
                    measurements.append(_row(who, channel, "fasciculation_count", count, "count"))
                    quality.append({"recording": recording, "channel": channel, "rest_s": 60 * minutes})
    return Tables(pd.DataFrame(measurements), pd.DataFrame(quality))


@pytest.fixture
def study() -> Tables:
    """Return the study of 14 participants, three sessions and two sides."""
    return make_study()


@pytest.fixture
def study_of() -> Callable[..., Tables]:
    """Return what makes other studies."""
    return make_study
