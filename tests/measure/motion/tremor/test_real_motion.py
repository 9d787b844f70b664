"""Tremor in real recordings: phones at rest and in movement, walking, a watch that another tool has labeled."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.measure.motion.tremor.shaking import by_id, ids, measured, one_sensor

from twitchwise.formats import read_recording
from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.vocabulary.arrays import FloatArray

pytestmark = [pytest.mark.no_cover, pytest.mark.shared_data]


def phone(shared_data: Path, words: str) -> Path:
    return next(file for file in sorted((shared_data / "motion/pdkit_phone").glob("*.csv")) if words in file.name)


@pytest.mark.parametrize("side", ["LEFT", "RIGHT"])
def test_a_hand_that_hardly_moves_is_not_enough_to_answer(shared_data: Path, side: str) -> None:
    """Rated 1 to 2 in the clinic; 0.04 m/s2 in the file."""
    found = measured(read_recording(phone(shared_data, f"REST_TREMOR_AMPLITUDE_-_{side}")))
    assert "Not enough tremor to answer" in found.summary
    assert "tremor_frequency" not in ids(found)


def test_the_strong_tremor_of_a_moving_hand_has_7_6_hz(shared_data: Path) -> None:
    found = measured(read_recording(phone(shared_data, "KINETIC")))
    assert by_id(found, "tremor_frequency").value == pytest.approx(7.6, abs=0.1)
    assert by_id(found, "tremor_probability").value > 0.9


def test_a_person_who_walks_with_a_phone_has_no_tremor(shared_data: Path) -> None:
    found = measured(read_recording(shared_data / "motion/pdkit_phone/mpower_tremor.json"))
    assert by_id(found, "tremor_probability").value < 0.5
    assert not any(len(train) for train in found.events)


@pytest.fixture(scope="module")
def watch(request: pytest.FixtureRequest) -> tuple[SensorTremor, FloatArray]:
    """Return what the watch shows, and the published detector's own windows: time, tremor."""
    folder = request.getfixturevalue("shared_data") / "motion/paradigma_watch"
    labels = np.fromfile(folder / "golden_tremor/tremor_values.bin").reshape(-1, 4)
    names = json.loads((folder / "golden_tremor/tremor_meta.json").read_text())["sensors"][1]["channels"]
    shown = one_sensor(read_recording(folder / "gyroscope_meta.json"))
    return shown, labels[:, names.index("pred_tremor_checked")]


def kappa(first: FloatArray, second: FloatArray) -> float:
    one, other = first > 0, second > 0
    chance = one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean())
    return float(((one == other).mean() - chance) / (1 - chance))


def test_a_watch_is_judged_as_by_the_published_detector(watch: tuple[SensorTremor, FloatArray]) -> None:
    shown, labels = watch
    assert shown.windows.tremor.size == labels.size
    assert kappa(shown.windows.tremor.astype(np.float64), labels) >= 0.8


def test_the_rates_of_a_watch_s_windows_lie_in_the_band_of_rest_tremor(
    watch: tuple[SensorTremor, FloatArray],
) -> None:
    shown, labels = watch
    rates = shown.windows.frequency_hz[labels > 0]
    assert rates.min() > 3.0 - 0.25
    assert rates.max() < 7.0 + 0.25
    assert shown.tremor is not None
    assert shown.tremor.rate.value == pytest.approx(float(np.median(rates)), abs=0.25)
