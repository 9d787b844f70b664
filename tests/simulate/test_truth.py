"""The truth is what the channels would show without noise: every event where it is, every discharge in the table."""

from collections.abc import Callable

import numpy as np
import pytest

from twitchwise.signals import EventTrain
from twitchwise.simulate import ConcentricNeedle, Grid, Simulation, simulate_condition
from twitchwise.simulate.firing import MuscleDischarges, fire
from twitchwise.simulate.pickup import electromyograms
from twitchwise.simulate.truth import _beats
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import FloatArray

Simulate = Callable[..., Simulation]
RATE_HZ = 2048.0
ECTOPIC = {
    EventKind.FASCICULATION_POTENTIAL,
    EventKind.MYOKYMIC_DISCHARGE,
    EventKind.NEUROMYOTONIC_DISCHARGE,
    EventKind.CRAMP_DISCHARGE,
}
AT_REST = [
    ("benign_fasciculation_syndrome", EventKind.FASCICULATION_POTENTIAL),
    ("eyelid_myokymia", EventKind.MYOKYMIC_DISCHARGE),
    ("peripheral_nerve_hyperexcitability", EventKind.NEUROMYOTONIC_DISCHARGE),
    ("night_cramps", EventKind.CRAMP_DISCHARGE),
]
IN_ACTION = [
    ("parkinson_disease", EventKind.TREMOR_BURST),
    ("essential_tremor", EventKind.TREMOR_BURST),
    ("hypothyroidism", EventKind.REFLEX),
    ("hypothyroidism", EventKind.TENDON_TAP),
    ("spinal_cord_injury_spasticity", EventKind.STRETCH),
    ("myasthenia_gravis", EventKind.NERVE_STIMULUS),
    ("hypnic_jerks", EventKind.JERK),
]
SECONDS = {"night_cramps": 120.0, "hypnic_jerks": 60.0, "benign_fasciculation_syndrome": 60.0}


@pytest.fixture(scope="module")
def quiet(simulated: Simulate, silent: dict[str, float]) -> Callable[[str], Simulation]:
    """Simulate a condition without noise, for as long as it takes to see what it is known for."""

    def made(condition: str) -> Simulation:
        return simulated(condition, SECONDS.get(condition, 10.0), 1, changes=silent)

    return made


Quiet = Callable[[str], Simulation]


def _trains(simulation: Simulation) -> dict[EventKind, EventTrain]:
    return {train.kind: train for train in simulation.events}


@pytest.mark.parametrize(("condition", "kind"), AT_REST + IN_ACTION)
def test_a_condition_shows_what_it_is_known_for(quiet: Quiet, condition: str, kind: EventKind) -> None:
    assert len(_trains(quiet(condition))[kind]) > 0


@pytest.mark.parametrize("condition", sorted({condition for condition, _ in AT_REST + IN_ACTION}))
def test_events_lie_inside_the_recording_in_order_with_their_peaks_inside(quiet: Quiet, condition: str) -> None:
    simulation = quiet(condition)
    assert len({train.kind for train in simulation.events}) == len(simulation.events)
    for train in simulation.events:
        assert train.channel == "EMG"
        assert (np.diff(train.start_s) >= 0).all()
        assert (train.start_s >= 0).all()
        assert (train.start_s <= train.peak_s).all()
        assert (train.peak_s <= train.end_s).all()
        assert (train.end_s <= simulation.recording.duration_s).all()


@pytest.mark.parametrize("condition", ["benign_fasciculation_syndrome", "peripheral_nerve_hyperexcitability"])
@pytest.mark.parametrize("seed", range(3))
def test_what_the_ends_of_a_recording_cut_does_not_reach_beyond_them(
    simulated: Simulate, condition: str, seed: int
) -> None:
    changes = {"fasciculation_rate_per_min": 600.0, "fasciculating_units": 16.0, "doublet_probability": 0.5}
    simulation = simulated(condition, 1.0, seed, changes=changes)
    for train in simulation.events:
        assert (train.start_s >= 0).all()
        assert (train.end_s <= 1.0).all()
        assert ((train.start_s <= train.peak_s) & (train.peak_s <= train.end_s)).all()


@pytest.mark.parametrize("condition", [condition for condition, _ in AT_REST])
def test_every_ectopic_event_is_in_the_emg_where_and_as_large_as_it_is_said_to_be(quiet: Quiet, condition: str) -> None:
    simulation = quiet(condition)
    emg = simulation.recording.read("EMG")
    spans = np.array([(e.start_s, e.end_s) for train in simulation.events for e in train if train.kind in ECTOPIC])
    found = 0
    for train in simulation.events:
        for event in train if train.kind in ECTOPIC else ():
            around = (spans[:, 0] < event.end_s + 0.02) & (spans[:, 1] > event.start_s - 0.02)
            if around.sum() == 1:
                found += 1
                at = emg[round(event.peak_s * RATE_HZ)]
                first, last = round(event.start_s * RATE_HZ), round(event.end_s * RATE_HZ)
                assert at == pytest.approx(event.peak, rel=1e-3)
                assert abs(at) == pytest.approx(np.abs(emg[first : last + 1]).max(), rel=1e-3)
    assert found > 0


def test_a_failing_junction_makes_the_events_of_the_truth_as_small_as_those_of_the_emg(
    simulated: Simulate, silent: dict[str, float]
) -> None:
    changes = {**silent, "quantal_content": 12.0}
    whole, weak = (simulated("benign_fasciculation_syndrome", 60.0, 3, changes=more) for more in (silent, changes))
    emg = weak.recording.read("EMG")
    full, failing = _trains(whole)[EventKind.FASCICULATION_POTENTIAL], _trains(weak)[EventKind.FASCICULATION_POTENTIAL]
    assert np.abs(failing.peak).sum() < 0.9 * np.abs(full.peak).sum()
    for event in failing:
        assert emg[round(event.peak_s * RATE_HZ)] == pytest.approx(event.peak, rel=0.05, abs=2e-6)


def test_what_no_junction_lets_through_is_no_event(simulated: Simulate) -> None:
    simulation = simulated("benign_fasciculation_syndrome", 60.0, 3, changes={"quantal_content": 0.0})
    assert len(simulation.discharges) > 0
    assert [len(train) for train in simulation.events] == [0]


@pytest.mark.parametrize("condition", ["healthy_contraction", "parkinson_disease", "eyelid_myokymia"])
@pytest.mark.parametrize("electrodes", [None, Grid(rows=2, columns=2, spacing_m=0.01)])
def test_the_emg_without_noise_is_the_superposition_of_the_table(
    simulated: Simulate, silent: dict[str, float], condition: str, electrodes: Grid | None
) -> None:
    simulation = simulated(condition, 3.0, changes=silent, electrodes=electrodes)
    table, recording = simulation.discharges, simulation.recording
    firing = fire(simulation.prepared, 3.0, seed=1)
    muscles = list(electromyograms(simulation.prepared, firing, electrodes, RATE_HZ, seed=1))
    for pool, emg in enumerate(muscles):
        mine = table.pool == pool
        assert np.array_equal(table.time_s[mine], emg.time_s)
        total = _superposed(table.time_s[mine], table.motor_unit[mine], emg.share, emg)
        for channel, name in enumerate(emg.templates.channel_names):
            assert recording.read(name) == pytest.approx(total[:, channel], abs=1e-7)


def _superposed(time_s: FloatArray, unit: FloatArray, share: FloatArray, emg: object) -> FloatArray:
    """Add waveforms at discharges one by one, a straight line between their samples."""
    templates = emg.templates  # type: ignore[attr-defined]
    total = np.zeros((round(3 * RATE_HZ), len(templates.channel_names)))
    numbers = {one: number for number, one in enumerate(np.unique(unit).tolist())}
    n_shifts, length = templates.bank.shape[1:3]
    for at_s, one, weight in zip(time_s, unit.tolist(), share, strict=True):
        tick = round(at_s * RATE_HZ * n_shifts)
        first, shift = tick // n_shifts - templates.before, tick % n_shifts
        low, high = max(first, 0), min(first + length, len(total))
        if high > low:
            total[low:high] += weight * templates.bank[numbers[one], shift, low - first : high - first]
    return total


@pytest.mark.parametrize("condition", ["parkinson_disease", "peripheral_nerve_hyperexcitability", "night_cramps"])
def test_the_table_names_the_unit_the_muscle_and_the_kind_of_each_discharge(quiet: Quiet, condition: str) -> None:
    simulation = quiet(condition)
    table = simulation.discharges
    assert (np.diff(table.time_s) >= 0).all()
    assert table.pools == ("EMG", "EMG antagonist")[: len(table.pools)]
    assert len(table.pools) == 1 + (simulation.prepared.antagonist is not None)
    for pool, units in enumerate((simulation.prepared.agonist, simulation.prepared.antagonist)[: len(table.pools)]):
        assert units is not None
        assert set(table.motor_unit[table.pool == pool]) <= set(range(len(units)))
    ectopic = {table.kinds[code] for code in set(table.kind.tolist())} - {"motor_neuron", "repeated_at_junction"}
    events = {kind.value.removesuffix("_potential") for kind in _trains(simulation) if len(_trains(simulation)[kind])}
    assert ectopic <= events
    assert (table.kind[table.pool == 1] == 0).all()


def test_a_tap_is_answered_once_and_soon_and_later_volleys_are_clonus(quiet: Quiet) -> None:
    trains = _trains(quiet("hypothyroidism"))
    taps, reflexes = trains[EventKind.TENDON_TAP], trains[EventKind.REFLEX]
    assert len(reflexes) == len(taps)
    late_s = reflexes.start_s - taps.start_s
    assert ((late_s > 0.02) & (late_s < 0.15)).all()
    assert len(trains.get(EventKind.CLONUS_BEAT, ())) == 0


def _volleys(starts_s: list[float], n_units: int = 4) -> MuscleDischarges:
    """Return volleys in which each unit fires once within a few milliseconds."""
    time_s = np.concatenate([start_s + 0.002 * np.arange(n_units) for start_s in [*starts_s, 1e3]])
    unit = np.tile(np.arange(n_units), len(starts_s) + 1)
    keep = time_s < 1e3
    none = np.full(int(keep.sum()), -1)
    return MuscleDischarges(time_s=time_s[keep], unit=unit[keep], event=none, share=np.ones(none.size))


@pytest.mark.parametrize(
    ("starts_s", "n_units", "named"),
    [
        ([], 4, ""),
        ([0.5], 4, ""),  # before any cause
        ([1.05], 2, ""),  # too few units for a volley
        ([1.05, 3.05], 4, "RR"),
        ([1.05, 1.25, 1.45], 4, "RRR"),  # a jerk with two rebounds
        ([1.05, 1.25, 1.45, 1.65], 4, "RCCC"),
        ([1.3, 1.5, 1.7, 1.9], 4, "CCCC"),  # the first comes too late to be the reflex
        ([1.05, 1.25, 1.45, 1.65, 3.05], 4, "RCCCR"),
        ([1.05, 1.25, 2.05, 2.25, 2.45], 4, "RRRRR"),  # a pause ends a clonus
    ],
)
def test_volleys_after_a_tap_are_reflexes_or_clonus(starts_s: list[float], n_units: int, named: str) -> None:
    found = list(_beats(_volleys(starts_s, n_units), np.array([1.0, 3.0])))
    letters = {EventKind.REFLEX: "R", EventKind.CLONUS_BEAT: "C"}
    assert "".join(letters[kind] for kind, *_ in found) == named
    assert [start_s for _, start_s, _ in found] == [start_s for start_s in starts_s if named]


def test_beats_of_clonus_follow_each_other_a_few_times_a_second() -> None:
    simulation = simulate_condition("spinal_cord_injury_spasticity", duration_s=10.0, seed=1)  # with all its units
    beats = _trains(simulation)[EventKind.CLONUS_BEAT]
    assert len(beats) >= 5
    rate_hz = 1 / np.median(np.diff(beats.start_s))
    assert 3.0 < rate_hz < 8.0


def test_tremor_bursts_come_at_the_frequency_of_the_tremor(quiet: Quiet) -> None:
    simulation = quiet("parkinson_disease")
    bursts = _trains(simulation)[EventKind.TREMOR_BURST]
    assert len(bursts) > 20
    rate_hz = 1 / np.median(np.diff(bursts.peak_s))
    assert rate_hz == pytest.approx(simulation.parameters["tremor_frequency"], rel=0.15)


NEEDLE = ConcentricNeedle(depth_m=0.008)
FEW_FIBERS = {
    "healthy": {},
    "amyotrophic_lateral_sclerosis": {"fibrillating_fibers": 2.0},
    "myotonic_dystrophy": {"myotonic_fibers": 2.0},
}


@pytest.fixture(scope="module")
def at_needle(simulated: Simulate, silent: dict[str, float]) -> Callable[[str, float, int], Simulation]:
    """Record a few single fibers at rest, without noise."""

    def made(condition: str, duration_s: float, seed: int) -> Simulation:
        changes = {**silent, **FEW_FIBERS[condition], "fasciculation_rate_per_min": 0.0}
        return simulated(condition, duration_s, seed, scene="rest", electrodes=NEEDLE, changes=changes)

    return made


AtNeedle = Callable[[str, float, int], Simulation]
OF_FIBERS = [
    ("amyotrophic_lateral_sclerosis", EventKind.FIBRILLATION_POTENTIAL),
    ("myotonic_dystrophy", EventKind.MYOTONIC_DISCHARGE),
]


@pytest.mark.parametrize(("condition", "kind"), OF_FIBERS)
@pytest.mark.parametrize(("duration_s", "seed"), [(10.0, 1), (0.4, 2), (0.4, 4), (0.4, 5)])
def test_what_single_fibers_do_is_in_the_needles_channel_where_and_as_large_as_it_is_said_to_be(
    at_needle: AtNeedle, condition: str, kind: EventKind, duration_s: float, seed: int
) -> None:
    simulation = at_needle(condition, duration_s, seed)
    emg, trains = simulation.recording.read("EMG"), _trains(simulation)
    train = trains.get(kind, ())
    assert set(trains) <= {EventKind.FASCICULATION_POTENTIAL, kind}
    assert len(train) > 0 or duration_s < 1
    spans = np.array([(event.start_s, event.end_s) for event in train])
    for event in train:
        assert 0 <= event.start_s <= event.peak_s <= event.end_s <= duration_s
        if ((spans[:, 0] < event.end_s + 0.02) & (spans[:, 1] > event.start_s - 0.02)).sum() == 1:
            first, last = round(event.start_s * RATE_HZ), round(event.end_s * RATE_HZ)
            assert abs(event.peak) == pytest.approx(np.abs(emg[first : last + 1]).max(), rel=0.02)
            if last < emg.size:
                assert emg[round(event.peak_s * RATE_HZ)] == pytest.approx(event.peak, rel=1e-3)


@pytest.mark.parametrize(("condition", "kind"), OF_FIBERS)
def test_the_table_names_single_fibers_as_a_pool_of_their_own(
    at_needle: AtNeedle, condition: str, kind: EventKind
) -> None:
    simulation = at_needle(condition, 10.0, 1)
    table = simulation.discharges
    fibers = fire(simulation.prepared, 10.0, seed=1).fibers().train
    mine = table.pool == table.pools.index("single muscle fibers")
    assert (np.diff(table.time_s) >= 0).all()
    assert np.array_equal(table.time_s[mine], fibers.time_s)
    assert np.array_equal(table.motor_unit[mine], fibers.unit)
    assert {table.kinds[code] for code in table.kind[mine]} == {kind.value.removesuffix("_potential")}
    assert len(_trains(simulation)[kind]) == len(fibers.label)


def _peaks(emg: FloatArray, over: float) -> "np.typing.NDArray[np.intp]":
    """Return the largest sample of each stretch above a height, apart by at least 8 ms."""
    above = np.flatnonzero(np.abs(emg) > over)
    groups = np.split(above, np.flatnonzero(np.diff(above) > 0.008 * RATE_HZ) + 1)
    return np.array([group[np.abs(emg[group]).argmax()] for group in groups])


def test_runs_wax_and_wane_between_20_and_80_hz_in_the_samples(simulated: Simulate) -> None:
    changes = {"myotonic_fibers": 1.0, "myotonic_run_duration": 2.0, "myotonic_run_rate_per_min": 20.0}
    simulation = simulated("myotonic_dystrophy", 10.0, 1, scene="rest", electrodes=NEEDLE, changes=changes)
    emg = simulation.recording.read("EMG")
    run = next(one for one in _trains(simulation)[EventKind.MYOTONIC_DISCHARGE] if one.end_s - one.start_s > 1.9)
    first, last = round(run.start_s * RATE_HZ), round(run.end_s * RATE_HZ)
    peaks = _peaks(emg[first:last], 0.25 * abs(run.peak))
    rates = RATE_HZ / np.diff(peaks)
    assert peaks.size > 80
    assert ((rates > 19.5) & (rates < 80)).all()
    assert rates[[0, -1]] == pytest.approx(20.5, abs=1.0)
    middle = slice(peaks.size // 2 - 5, peaks.size // 2 + 5)
    assert rates[middle].mean() == pytest.approx(69.0, abs=2.0)
    sizes = np.abs(emg[first:last][peaks])
    assert sizes[middle].mean() > 1.5 * sizes[[0, 1, -2, -1]].mean()


def test_fibrillation_potentials_are_regular_in_the_samples(simulated: Simulate) -> None:
    changes = {"fibrillating_fibers": 1.0, "fasciculation_rate_per_min": 0.0}
    simulation = simulated("amyotrophic_lateral_sclerosis", 10.0, 1, electrodes=NEEDLE, changes=changes)
    emg = simulation.recording.read("EMG")
    train = _trains(simulation)[EventKind.FIBRILLATION_POTENTIAL]
    peaks = _peaks(emg, 0.6 * np.abs(train.peak).max())
    rates = RATE_HZ / np.diff(peaks)
    assert abs(peaks.size - len(train)) <= 1
    assert ((rates > 0.5) & (rates < 15)).all()
    assert rates.std() < 0.1 * rates.mean()


def test_a_needle_records_the_severest_of_runs(simulated: Simulate) -> None:
    simulation = simulated("myotonic_dystrophy", 5.0, 1, scene="rest", electrodes=NEEDLE, severity=2.0)
    assert len(_trains(simulation)[EventKind.MYOTONIC_DISCHARGE]) > 0


def test_a_healthy_muscle_at_rest_is_silent_at_a_needle(at_needle: AtNeedle) -> None:
    simulation = at_needle("healthy", 5.0, 1)
    assert not simulation.recording.read("EMG").any()
    assert [len(train) for train in simulation.events] == [0]
    assert simulation.discharges.pools == ("EMG",)


def test_the_skin_records_the_same_whether_or_not_single_fibers_fire(simulated: Simulate) -> None:
    with_them, without = (
        simulated("amyotrophic_lateral_sclerosis", 5.0, 1, changes=changes)
        for changes in ({}, {"fibrillating_fibers": 0.0})
    )
    assert np.array_equal(with_them.recording.read("EMG"), without.recording.read("EMG"))
    assert [str(train.kind) for train in with_them.events] == [str(train.kind) for train in without.events]
    said = [any("Only a needle" in warning for warning in one.warnings) for one in (with_them, without)]
    assert said == [True, False]


def test_health_at_rest_has_a_train_of_fasciculations_even_if_it_is_empty(simulated: Simulate) -> None:
    simulation = simulated("healthy", changes={"fasciculation_rate_per_min": 0.0})
    assert [(train.kind, len(train)) for train in simulation.events] == [(EventKind.FASCICULATION_POTENTIAL, 0)]
    assert len(simulation.discharges) == 0
