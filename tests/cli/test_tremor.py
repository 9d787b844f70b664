"""Comparing recordings of a tremor from the command line: text, JSON, and what is refused in one sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Run = Callable[..., Any]


def phone(file: Path, rate_hz: float, amplitude: float, seed: int = 1) -> Path:
    """Write what a phone's accelerometer records of a tremor, with gravity, as a table."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(2400) / 100
    phase = 2 * np.pi * rate_hz * time_s + np.cumsum(rng.normal(scale=0.03, size=time_s.size))
    rows = rng.normal(scale=0.02, size=(time_s.size, 3)) + np.array([0.0, 0.0, 9.81])
    rows[:, 0] += amplitude * np.sin(phase)
    lines = ["Time (s),Acceleration x (m/s^2),Acceleration y (m/s^2),Acceleration z (m/s^2)"]
    lines += [f"{time:.3f},{x:.5f},{y:.5f},{z:.5f}" for time, (x, y, z) in zip(time_s, rows, strict=True)]
    file.write_text("\n".join(lines) + "\n")
    return file


@pytest.fixture
def session(tmp_path: Path) -> dict[str, Path]:
    """Return a session's files by their option."""
    return {
        "--posture": phone(tmp_path / "posture.csv", 8.0, 1.0, 1),
        "--loaded": phone(tmp_path / "loaded.csv", 6.0, 1.0, 2),
        "--rest": phone(tmp_path / "rest.csv", 8.0, 0.01, 3),
        "--tap-3": phone(tmp_path / "tap.csv", 8.0, 1.0, 4),
    }


def options(session: dict[str, Path]) -> list[object]:
    return [part for pair in session.items() for part in pair]


def test_a_session_is_compared_and_printed_for_people(run: Run, session: dict[str, Path]) -> None:
    done = run("tremor", *options(session), "--load-kg", "1")
    assert done.code == 0
    assert "posture: Tremor of 8.0 Hz" in done.out
    assert "rest: Not enough tremor to answer" in done.out
    assert "tremor loading fall: 2" in done.out
    assert "Nothing here tells a disease" in " ".join(done.out.split())


def test_a_session_is_printed_as_json(run: Run, session: dict[str, Path]) -> None:
    done = run("tremor", *options(session), "--json")
    result = json.loads(done.out)
    assert set(result) == {"recordings", "comparisons", "battery", "statements"}
    assert set(result["recordings"]) == {"rest", "posture", "loaded", "tap_3"}
    fall = next(one for one in result["comparisons"] if one["id"] == "tremor_loading_fall")
    assert fall["low"] < 2.0 < fall["high"] + 0.1
    assert len(result["battery"]["items"]) == 10
    assert result["battery"]["scored"] >= 1
    assert result["recordings"]["posture"]["events"][0]["kind"] == "tremor"


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ([], "at least one"),
        (["--left", "posture.csv"], "left must come with right"),
        (["--rest", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_sentence(
    run: Run, session: dict[str, Path], arguments: list[str], rule: str
) -> None:
    folder = session["--posture"].parent
    given = [str(folder / one) if one.endswith(".csv") else one for one in arguments]
    done = run("tremor", *given)
    assert done.code == 2
    assert rule in done.err
    assert "Traceback" not in done.err
