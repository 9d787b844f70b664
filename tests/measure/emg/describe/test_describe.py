"""Everything together: what a description holds, its laws, and what it leaves out."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.measure.emg.describe.trains import GRID, potentials

from twitchwise.measure.emg.describe import Description, SortedPotentials, describe
from twitchwise.measure.emg.describe.fasciculations import fasciculations_of
from twitchwise.measure.emg.describe.settings import describe_settings
from twitchwise.signals import Intervals
from twitchwise.simulate.ectopic.fasciculations import Fasciculations
from twitchwise.vocabulary import OutOfRangeError, Unit

few = settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
MODEL = Fasciculations(
    rate_per_min=20,
    n_units=3,
    doublet_probability=0.1,
    doublet_interval_s=0.008,
    echo_probability=0.1,
    multi_unit_share=0.1,
    companion_delay_s=0.003,
)
ALL = {
    "fasciculation_rate",
    "fasciculation_count",
    "active_units",
    "extrapolated_units",
    "fasciculation_amplitude",
    "fasciculation_amplitude_spread",
    "fasciculation_duration",
    "fasciculation_phases",
    "fasciculation_turns",
    "polyphasic_share",
    "fasciculation_instability",
    "fasciculation_interval",
    "fasciculation_interval_variation",
    "fasciculation_rate_drift",
    "fasciculation_clustering",
    "isolated_share",
    "isolated_units_share",
    "doublet_share",
    "multiplet_share",
    "late_echo_share",
    "late_echo_latency",
    "time_locked_share",
    "time_locked_pairs",
}


def scene(seed: int = 1, *, shift_s: float = 0.0, mapped: bool = False) -> SortedPotentials:
    train = MODEL.draw(300.0, np.random.default_rng(seed))
    rest = ((shift_s, 400.0 + shift_s),)
    return potentials(train.time_s + 50.0 + shift_s, train.unit + 1, rest=rest, mapped=mapped)


def values(found: Description) -> dict[str, tuple[float, float, float]]:
    return {one.id: (one.value, one.low, one.high) for one in found.measurements}


def test_a_full_scene_gives_every_quantity_with_interval_and_method() -> None:
    found = describe(scene(mapped=True), positions_m=GRID)
    assert {one.id for one in found.measurements} == ALL
    assert all(one.low <= one.value <= one.high and one.method.endswith(".") for one in found.measurements)
    assert all(one.channel == "calf" for one in found.measurements)
    units = {one.id: one for one in found.measurements}["active_units"]
    assert (units.low, units.value, units.high) == (3.0, 3.0, 3.0)


def test_each_unit_is_described_with_its_place() -> None:
    found = describe(scene(mapped=True), positions_m=GRID)
    assert [unit.unit for unit in found.units] == [1, 2, 3]
    for unit in found.units:
        assert unit.origin is not None
        assert unit.origin.position_m.tolist() == pytest.approx(
            [0.014 + 0.004 * unit.unit, 0.02 + 0.005 * unit.unit], abs=5e-4
        )
        assert unit.territory_m2 is not None
        assert unit.fasciculations <= unit.discharges
        assert {one.id for one in unit.measurements} >= {"fasciculation_rate", "fasciculation_phases"}


def test_without_a_grid_there_is_no_place() -> None:
    assert all(unit.origin is None and unit.territory_m2 is None for unit in describe(scene()).units)


def test_a_map_without_a_usable_channel_gives_no_place() -> None:
    mapped = scene(mapped=True)
    assert mapped.map is not None
    blind = SortedPotentials(**{**vars(mapped), "map": np.full_like(mapped.map, np.nan)})
    assert all(unit.origin is None for unit in describe(blind, positions_m=GRID).units)


def test_none_seen_gives_a_rate_with_an_upper_bound_and_nothing_else() -> None:
    found = describe(potentials([], rest=((0.0, 300.0),)))
    assert [one.id for one in found.measurements] == ["fasciculation_rate", "fasciculation_count"]
    assert found.measurements[0].high == pytest.approx(0.6, abs=0.01)
    assert found.units == ()


def test_too_little_rest_gives_nothing() -> None:
    found = describe(potentials([1.0], rest=((0.0, 5.0),)))
    assert (found.measurements, found.units) == ((), ())


def test_unsorted_potentials_have_a_rate_and_a_size_but_no_units() -> None:
    found = values(describe(potentials(np.arange(1.0, 60.0), 0)))
    assert {"fasciculation_rate", "fasciculation_amplitude", "fasciculation_interval"} <= set(found)
    assert not set(found) & {"active_units", "isolated_share", "doublet_share", "late_echo_share", "time_locked_share"}


def test_unsorted_potentials_beside_units_may_be_units_of_their_own() -> None:
    found = describe(potentials(np.arange(1.0, 21.0), [1, 2] * 9 + [0, 0]))
    units = {one.id: one for one in found.measurements}["active_units"]
    assert (units.value, units.high) == (2.0, 4.0)
    assert "some potentials were not sorted to a unit" in units.doubts


def test_potentials_outside_the_rest_and_unlikely_ones_are_not_described() -> None:
    inside = potentials(np.arange(1.0, 21.0), rest=((0.0, 30.0),))
    beyond = potentials(np.append(np.arange(1.0, 21.0), 40.0), rest=((0.0, 30.0),))
    assert values(describe(beyond))["fasciculation_count"] == values(describe(inside))["fasciculation_count"]
    doubtful = potentials(np.arange(1.0, 21.0), probability=np.append(np.ones(19), 0.1))
    found = {one.id: one for one in describe(doubtful).measurements}
    assert found["fasciculation_count"].value == pytest.approx(19.1)
    assert "of 19 potentials" in found["fasciculation_amplitude"].method


def test_doubts_are_carried_by_every_measurement() -> None:
    slow = potentials(np.arange(1.0, 21.0), rest=((0.0, 30.0),), amplitude_unit=Unit.COUNT, sampling_rate_hz=300.0)
    found = describe(slow, doubts=("strong mains hum",))
    expected = {
        "strong mains hum",
        "too little rest to lean on",
        "sampled too slowly, so that small potentials are missed",
        "the file does not give volts",
    }
    assert all(expected <= set(one.doubts) for one in found.measurements)
    assert "fasciculation_amplitude" not in values(found)


@few
@given(st.integers(0, 100), st.integers(-40, 4000))
def test_a_delay_changes_nothing(seed: int, shift_s: int) -> None:
    plain, late = values(describe(scene(seed))), values(describe(scene(seed, shift_s=float(shift_s))))
    assert plain.keys() == late.keys()
    for name, value in plain.items():
        # of thousands of moved copies, rounding puts one on the other side of a bin's edge
        by_chance = name in {"late_echo_share", "time_locked_share"}
        assert late[name] == pytest.approx(value, rel=1e-6, abs=0.05 if by_chance else 1e-6), name


@few
@given(st.permutations([1, 2, 3]))
def test_the_numbers_of_units_do_not_matter(order: list[int]) -> None:
    plain = scene()
    renamed = SortedPotentials(**{**vars(plain), "unit": np.array(order)[plain.unit - 1]})
    before, after = values(describe(plain)), values(describe(renamed))
    # intervals by bootstrap depend on the order in which units are drawn
    assert {name: value[0] for name, value in before.items()} == pytest.approx(
        {name: value[0] for name, value in after.items()}, rel=0.02
    )


@few
@given(st.integers(0, 1000))
def test_channels_that_see_the_same_give_one_rate_when_merged(seed: int) -> None:
    train = MODEL.draw(300.0, np.random.default_rng(seed))
    once = potentials(train.time_s, train.unit + 1)
    time = np.repeat(train.time_s, 2) + np.tile([0.0, 0.001], train.time_s.size)
    twice = potentials(time, np.repeat(train.unit + 1, 2))
    one, two = (len(fasciculations_of(found, describe_settings())) for found in (once, twice))
    # two fasciculations that chance puts 9 to 10 ms apart become one
    assert one - 2 <= two <= one


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sampling_rate_hz": 0.0}, "sampling_rate_hz must be a finite number above 0"),
        ({"unit": np.array([1])}, "arrays of potentials must have one length"),
        ({"map": np.zeros((1, 3), dtype=np.float32)}, "arrays of potentials must have one length"),
        ({"peak": np.array([np.nan, 1.0])}, "peak must be finite"),
        ({"peak_s": np.array([2.0, 1.0])}, "peak_s must be in order"),
        ({"start_s": np.array([1.5, 2.0])}, "peak_s must lie between"),
        ({"probability": np.array([0.0, 1.0])}, "a probability in \\(0, 1\\]"),
        ({"noise_rms": np.array([0.0, 1.0])}, "noise_rms must be above 0"),
        ({"unit": np.array([-1, 1])}, "a unit of 0 or more"),
    ],
)
def test_potentials_that_cannot_be_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(OutOfRangeError, match=words):
        SortedPotentials(**{**vars(potentials([1.0, 2.0])), **change})


def test_rest_is_half_open_and_probability_of_one_half_is_likely() -> None:
    one = potentials([1.0, 2.0, 3.0], probability=np.array([0.5, 0.49, 1.0]), rest=((1.0, 2.0), (2.5, 3.0)))
    assert one.at_rest().peak_s.tolist() == [1.0]
    assert one.likely().peak_s.tolist() == [1.0, 3.0]
    assert SortedPotentials(**{**vars(one), "rest": Intervals()}).at_rest().peak_s.tolist() == []
