"""Discharges of a few units tell the force of the whole muscle up to a gain."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.simulate.twitches import coefficients_of
from twitchwise.simulate.twitches.forces import impulses_of, muscle_force_n
from twitchwise.simulate.twitches.from_recording import (
    common_drive,
    explained_share,
    fitted_gain,
    force_from_discharges_n,
)
from twitchwise.simulate.units import draw_units
from twitchwise.vocabulary import ChannelKind, OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

ParametersOf = Callable[..., dict[str, float]]


def trapezoid(time_s: FloatArray, height: float) -> FloatArray:
    return np.interp(time_s, [1.0, 5.0, 15.0, 19.0], [0.0, height, height, 0.0])


def pool_trains(parameters: dict[str, float], drive: FloatArray, time_s: FloatArray, seed: int) -> list[FloatArray]:
    """Renewal trains of a pool under a drive: an independent way to the discharges, with irregular intervals."""
    generator = np.random.default_rng(seed)
    units = draw_units(parameters, 120, generator)
    least, most = parameters["discharge_rate_least_hz"], parameters["discharge_rate_most_hz"]
    trains = []
    for threshold in units.recruitment_threshold:
        above = (drive - threshold) / (1 - threshold)
        expected = np.cumsum(np.where(above >= 0, least + (most - least) * above, 0.0)) * (time_s[1] - time_s[0])
        marks = np.cumsum(np.maximum(generator.normal(1.0, 0.15, 2000), 0.3))
        trains.append(np.interp(marks[marks < expected[-1]], expected, time_s))
    return trains


@pytest.mark.parametrize("seed", range(2))
def test_the_force_of_a_simulated_pool_is_predicted_from_a_few_of_its_units(
    parameters_of: ParametersOf, seed: int
) -> None:
    parameters = parameters_of(discharge_rate_adaptation=0.0)
    time_s = np.arange(0.0, 20.0, 0.01)
    trains = pool_trains(parameters, trapezoid(time_s, 0.35), time_s, seed)
    units = draw_units(parameters, 120, np.random.default_rng(seed))
    all_of_them = impulses_of(
        np.concatenate(trains), np.concatenate([np.full(train.size, i) for i, train in enumerate(trains)])
    )
    force = muscle_force_n(all_of_them, coefficients_of(units, parameters), 2000, 100.0)
    identified = [trains[i] for i in (2, 15, 30, 45, 60)]
    _, predicted = force_from_discharges_n(identified, 20.0, parameters, n_units=120, seed=seed + 100)
    assert explained_share(force, fitted_gain(predicted, force) * predicted) > 0.9


def test_the_drive_of_a_simulated_pool_is_found(parameters_of: ParametersOf) -> None:
    parameters = parameters_of(discharge_rate_adaptation=0.0)
    time_s = np.arange(0.0, 20.0, 0.01)
    trains = pool_trains(parameters, trapezoid(time_s, 0.4), time_s, 1)
    found = common_drive([trains[i] for i in range(0, 60, 6)], 20.0, parameters)
    assert np.corrcoef(found.drive, trapezoid(time_s, 0.4))[0, 1] > 0.95
    assert found.drive[800:1200].mean() == pytest.approx(0.4, abs=0.1)
    assert (np.diff(found.thresholds) > -0.05).all()


def test_a_single_short_train_gives_a_drive_without_a_ramp(parameters_of: ParametersOf) -> None:
    found = common_drive([np.array([0.5, 0.6])], 1.0, parameters_of())
    assert ((found.drive >= 0) & (found.drive <= 1)).all()


def test_pauses_are_filled(parameters_of: ParametersOf) -> None:
    train = np.concatenate([np.arange(0.5, 3.0, 0.1), np.arange(5.0, 8.0, 0.1)])
    assert (common_drive([train], 9.0, parameters_of()).drive[60:790] > 0.05).all()


def test_a_gain_is_the_one_number_fitted() -> None:
    predicted = np.array([0.0, 1.0, 2.0])
    assert fitted_gain(predicted, 3 * predicted) == pytest.approx(3.0)
    assert explained_share(3 * predicted, 3 * predicted) == 1.0
    assert explained_share(predicted, np.full(3, predicted.mean())) == 0.0


@pytest.mark.parametrize("trains", [[], [np.array([1.0])], [np.array([1.0, 5.0, 9.0])]])
def test_trains_without_regular_discharges_are_refused(parameters_of: ParametersOf, trains: list[FloatArray]) -> None:
    with pytest.raises(OutOfRangeError, match="trains must"):
        common_drive(trains, 10.0, parameters_of())


def test_a_recording_of_no_duration_is_refused(parameters_of: ParametersOf) -> None:
    with pytest.raises(OutOfRangeError, match="duration_s must"):
        common_drive([np.array([1.0, 1.1])], 0.0, parameters_of())


@pytest.mark.shared_data
def test_the_recorded_force_of_the_vastus_lateralis_is_predicted(
    parameters_of: ParametersOf, shared_data: Path
) -> None:
    recording = read_recording(shared_data / "emg" / "openhdemg_vastus_lateralis.mat")
    channel = recording.of_kind(ChannelKind.FORCE)[0]
    texts = sorted({note.text for note in recording.annotations})
    trains = [np.array([note.start_s for note in recording.annotations if note.text == text]) for text in texts]
    time_s, predicted = force_from_discharges_n(
        trains, recording.duration_s, parameters_of("vastus_lateralis"), n_units=300
    )
    force = recording.read(channel.name)
    measured = np.interp(time_s, np.arange(force.size) / channel.sampling_rate_hz, force)
    assert explained_share(measured, fitted_gain(predicted, measured) * predicted) > 0.9
    half = measured.size // 2
    gain = fitted_gain(predicted[:half], measured[:half])
    assert explained_share(measured[half:], gain * predicted[half:]) > 0.85
