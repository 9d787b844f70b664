"""What is one fasciculation: doublets, multiplets, echoes, companions; and its dispersion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.emg.describe.trains import bare, potentials

from twitchwise.measure.emg.describe.dispersion import dispersion_of
from twitchwise.measure.emg.describe.fasciculations import alike, fasciculations_of
from twitchwise.measure.emg.describe.settings import describe_settings
from twitchwise.simulate.ectopic.fasciculations import Fasciculations

SETTINGS = describe_settings()


@pytest.mark.parametrize(
    ("times_s", "units", "discharges"),
    [
        ([1.0, 1.03], [1, 1], [2]),  # an echo
        ([1.0, 1.005, 1.011], [1, 1, 1], [3]),  # a triplet
        ([1.0, 1.05, 1.1], [1, 1, 1], [3]),  # a chain, each within 60 ms of the last
        ([1.0, 1.1], [1, 1], [1, 1]),
        ([1.0, 1.03], [1, 2], [1, 1]),  # different units
        ([1.0, 1.003], [1, 2], [2]),  # taken along
        ([1.0, 1.02, 1.025], [1, 2, 1], [3]),
        ([1.0, 1.015, 1.04], [1, 2, 1], [2, 1]),
        ([], [], []),
    ],
)
def test_repetitions_are_one(times_s: list[float], units: list[int], discharges: list[int]) -> None:
    found = fasciculations_of(potentials(times_s, np.array(units, dtype=np.int64)), SETTINGS)
    assert found.discharges.tolist() == discharges
    assert found.owner.size == len(times_s)


def test_unsorted_look_alikes_are_one_and_others_are_not() -> None:
    same = potentials([1.0, 1.03], [1, 1])
    other = potentials([1.0, 1.03], [1, 2])
    for given_ones, expected in ((same, 1), (other, 2)):
        unsorted = given_ones.__class__(**{**vars(given_ones), "unit": np.zeros(2, dtype=np.int64)})
        assert len(fasciculations_of(unsorted, SETTINGS)) == expected


def test_look_alikes_have_one_size() -> None:
    shape = potentials([1.0], 1).shape
    assert alike(np.concatenate([shape, shape]), 0.9).tolist() == [True]
    assert alike(np.concatenate([shape, 2 * shape]), 0.9).tolist() == [False]
    assert alike(shape, 0.9).size == 0


def test_a_fasciculation_is_as_likely_as_any_of_its_potentials() -> None:
    found = fasciculations_of(potentials([1.0, 1.03], 1, probability=0.5), SETTINGS)
    assert found.probability.tolist() == [0.75]


@given(st.integers(0, 10_000))
def test_the_forward_models_events_are_found_again(seed: int) -> None:
    model = Fasciculations(
        rate_per_min=10, n_units=4, doublet_probability=0.4, multiplet_discharges=2.5, echo_probability=0.2
    )
    train = model.draw(120.0, np.random.default_rng(seed))
    found = fasciculations_of(bare(train.time_s, train.unit + 1, 120.0), SETTINGS)
    # two that come by chance within 10 ms are one: 20 a recording are 0.3 % likely to
    assert 0 <= len(train.label) - len(found) <= 2


@given(st.lists(st.floats(0.0, 99.0), min_size=2, max_size=50), st.floats(0.0, 1000.0))
def test_a_later_start_changes_nothing(times: list[float], later_s: float) -> None:
    time, unit = np.round(np.sort(times), 2), np.ones(len(times), dtype=np.int64)
    plain, late = (fasciculations_of(bare(time + shift, unit, 2000.0), SETTINGS) for shift in (0.0, round(later_s)))
    # at exactly 60 ms rounding decides
    if not np.isclose(np.diff(time), 0.06).any() and not np.isclose(np.diff(time), 0.01).any():
        assert plain.owner.tolist() == late.owner.tolist()


def test_random_events_have_an_index_of_one_and_clusters_more() -> None:
    rng = np.random.default_rng(0)
    random = [dispersion_of(np.sort(rng.uniform(0, 100, 60)), 100.0) for _ in range(300)]
    assert np.mean([one.value for one in random]) == pytest.approx(1.0, abs=0.07)
    assert np.mean([one.of_spacings for one in random]) == pytest.approx(1.0, abs=0.05)
    assert 0.93 <= np.mean([low <= 1 <= high for low, high in (one.interval for one in random)]) <= 0.98
    clusters = dispersion_of(np.sort(np.repeat(rng.uniform(0, 99, 20), 4)), 100.0)
    assert clusters.value > 2.5
    assert 1.5 < clusters.toward_random <= max(clusters.value, clusters.of_spacings)


def test_few_events_are_taken_for_random() -> None:
    assert dispersion_of(np.array([3.0]), 10.0).toward_random == 1.0
    few = dispersion_of(np.array([3.0, 4.0]), 10.0)
    assert (few.windows, few.interval) == (0, (0.0, float("inf")))
    assert 0.8 <= few.toward_random <= 1.4


def test_a_rhythm_narrows_but_never_to_nothing() -> None:
    rhythm = dispersion_of(np.arange(0.5, 1000.0), 1000.0)
    assert 0.05 <= rhythm.toward_random < 0.3
