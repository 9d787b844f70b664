"""Shapes are compared by form and size."""

import numpy as np
import pytest

from twitchwise.measure.emg.look_alikes import alike, without_repeats
from twitchwise.measure.emg.potentials import Potentials
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.vocabulary.arrays import FloatArray

WAVE = np.sin(np.linspace(0, 6, 41))


def potentials(times_s: list[float], shapes: list[FloatArray]) -> Potentials:
    times = np.array(times_s)
    peak = np.array([shape[np.argmax(np.abs(shape))] for shape in shapes])
    return Potentials(
        start_s=times,
        peak_s=times + 0.004,
        end_s=times + 0.01,
        peak=peak,
        peak_to_peak=2 * np.abs(peak),
        height=np.full(times.size, 20.0),
        shape=np.array(shapes, dtype=np.float32).reshape(times.size, 41),
    )


@pytest.mark.parametrize(
    ("other", "same"),
    [(WAVE, True), (1.4 * WAVE, True), (-WAVE, False), (2 * WAVE, False), (WAVE[::-1] ** 2, False), (0 * WAVE, False)],
)
def test_shapes_are_alike_in_form_and_size(other: FloatArray, same: bool) -> None:  # noqa: FBT001 - a table's column
    assert alike(np.array([other]), WAVE).tolist() == [same]


def test_a_shift_of_a_few_milliseconds_does_not_matter() -> None:
    long = np.sin(np.linspace(0, 9, 61)) * np.hanning(61)
    assert alike(np.array([np.roll(long, 8)]), long).tolist() == [True]
    assert alike(np.array([np.roll(long, 25)]), long).tolist() == [False]


def test_repeats_join_and_keep_the_largest() -> None:
    found = without_repeats(potentials([1.0, 1.03, 1.06, 2.0], [WAVE, 1.3 * WAVE, WAVE, WAVE]), emg_settings())
    assert found.start_s.tolist() == [1.0, 2.0]
    assert found.end_s.tolist() == [1.07, 2.01]
    assert found.peak_s.tolist() == [1.034, 2.004]


def test_other_shapes_and_later_ones_do_not_join() -> None:
    assert len(without_repeats(potentials([1.0, 1.03, 1.2], [WAVE, -WAVE, -WAVE]), emg_settings())) == 3


def test_nothing_stays_nothing() -> None:
    assert len(without_repeats(potentials([], []), emg_settings())) == 0
