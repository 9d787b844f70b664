"""Spike-triggered shapes, separators and certainty."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.emg.decompose.grids import RATE_HZ, Grid, potential

from twitchwise.measure.emg.decompose import Decomposition, MotorUnit, decompose_settings, spike_triggered_shapes
from twitchwise.measure.emg.decompose.certainty import probability_of
from twitchwise.measure.emg.decompose.separator import cleaned, traces_of
from twitchwise.measure.emg.decompose.settings import DecomposeSettings
from twitchwise.measure.emg.decompose.shapes import without
from twitchwise.vocabulary import OutOfRangeError


def test_the_mean_around_discharges_is_the_potential(mixed: Grid) -> None:
    train = mixed.discharges[0]
    shape = spike_triggered_shapes(mixed.samples, [train], n_before=0, n_after=50)[0]
    true = potential(0)
    true -= true.mean(axis=1, keepdims=True)
    assert np.corrcoef(shape.ravel(), true.ravel())[0, 1] > 0.97


def test_a_unit_without_a_whole_window_has_a_shape_of_zeros() -> None:
    samples = np.ones((3, 20))
    shapes = spike_triggered_shapes(samples, [np.array([1]), np.array([], dtype=np.int64)], n_before=5, n_after=5)
    assert shapes.shape == (2, 3, 10)
    assert not shapes.any()
    assert spike_triggered_shapes(samples, [], n_before=5, n_after=5).shape[0] == 0


def test_what_is_no_table_or_no_window_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="samples must have the shape"):
        spike_triggered_shapes(np.zeros(5), [], n_before=1, n_after=1)
    with pytest.raises(OutOfRangeError, match="length of the window"):
        spike_triggered_shapes(np.zeros((2, 5)), [], n_before=0, n_after=0)


def test_taking_a_train_out_leaves_the_rest(mixed: Grid) -> None:
    alone = np.zeros_like(mixed.samples)
    train = np.array([500, 1500, 2600])
    alone[:, train] = 1
    assert np.abs(without(alone, [train], n_before=5, n_after=5)).max() < 1e-6
    assert without(alone, [], n_before=5, n_after=5) is not alone


def test_traces_of_another_unit_are_taken_out_and_its_own_are_kept() -> None:
    sources = np.zeros((2, 1000), dtype=np.float32)
    trains = [np.array([100, 400, 999]), np.array([250, 0])]
    sources[0, trains[0]] = 9
    sources[1, trains[1]] = 9
    sources[1, [104, 404]] = 2
    traces = traces_of(sources, trains, 10)
    clean = cleaned(sources, trains, traces)
    assert clean[0, trains[0]].tolist() == [9, 9, 9]
    assert np.abs(clean[1, [104, 404]]).max() < 1
    assert not traces_of(sources, [np.array([], dtype=np.int64)] * 2, 10).any()


@given(st.lists(st.floats(0, 20), min_size=2, max_size=30).map(sorted))
def test_a_higher_peak_is_never_less_probable(heights: list[float]) -> None:
    probability = probability_of(np.array(heights), np.array([7.0, 8.0, 9.5]), np.array([1.0, 1.5, 2.0, 2.5]))
    assert ((probability > 0) & (probability <= 1)).all()
    above = probability[np.array(heights) >= 2]
    assert (np.diff(above) >= -1e-12).all()


def test_without_other_peaks_every_discharge_is_certain() -> None:
    assert probability_of(np.array([5.0]), np.array([5.0]), np.empty(0)).tolist() == [1.0]


def unit(**changes: object) -> MotorUnit:
    given_values: dict[str, Any] = {
        "number": 1,
        "sampling_rate_hz": RATE_HZ,
        "discharges": np.array([2048, 4096, 6144]),
        "probability": np.ones(3),
        "silhouette": 0.95,
        "pulse_to_noise_db": 20.0,
        "shape": np.zeros((2, 4), dtype=np.float32),
        "n_before": 2,
    }
    return MotorUnit(**(given_values | changes))


def test_rate_and_variation_are_those_of_the_intervals() -> None:
    assert (unit().discharge_rate_hz, unit().interval_variation) == (1.0, 0.0)
    one = unit(discharges=np.array([5]), probability=np.ones(1))
    assert (one.discharge_rate_hz, one.interval_variation) == (None, None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"discharges": np.array([3, 2, 9])}, "discharges must ascend"),
        ({"probability": np.ones(2)}, "probabilities must be one a discharge"),
        ({"probability": np.zeros(3)}, "probabilities must lie"),
        ({"silhouette": 1.5}, "silhouette must lie"),
        ({"sampling_rate_hz": 0.0}, "sampling_rate_hz must be"),
    ],
)
def test_a_unit_that_cannot_be_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(OutOfRangeError, match=sentence):
        unit(**changes)


def test_settings_that_cannot_be_are_refused() -> None:
    values = {name: getattr(decompose_settings(), name) for name in DecomposeSettings.__dataclass_fields__}
    with pytest.raises(OutOfRangeError, match="silhouette_least must lie"):
        DecomposeSettings(**(values | {"silhouette_least": 2.0}))
    with pytest.raises(OutOfRangeError, match="interval_least_s must be"):
        DecomposeSettings(**(values | {"interval_least_s": 0.0}))


def test_the_length_of_a_decomposition_is_known(found: Decomposition) -> None:
    assert found.duration_s == 16
