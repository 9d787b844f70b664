"""Each kind of activity is found in a scene of it, and none where there is none."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.measure.emg.rhythms.scenes import (
    SURFACE_HZ,
    Canvas,
    SharpWave,
    Wave,
    contraction,
    course,
    fiber,
    groups,
    myotonic,
    train,
    tremor,
    unit,
)

from twitchwise.measure.emg.rhythms import Causes, ChannelTrace, OtherActivity, find_other_activity
from twitchwise.signals import Intervals
from twitchwise.vocabulary import Electrode, EventKind, Measurement, Unit

Truth = list[tuple[float, float]]


def fibrillation(canvas: Canvas) -> Truth:
    truth: Truth = []
    for rate, size in ((3.1, 1.2e-4), (7.7, 6e-5)):
        times = train(rate, 0.5, canvas.duration_s - 0.5, 0.03, canvas.rng)
        canvas.add(fiber(5e-4 if rate < 5 else 3.5e-4), times, size)
        truth += [(moment, moment) for moment in times]
    return truth


def sharp_waves(canvas: Canvas) -> Truth:
    times = train(4.0, 0.5, canvas.duration_s - 0.5, 0.03, canvas.rng)
    canvas.add(SharpWave(), times, 1.5e-4)
    return [(moment, moment) for moment in times]


def myotonia(canvas: Canvas) -> Truth:
    truth = []
    for start in (2.0, 6.0, 11.0, 16.0):
        times, sizes = myotonic(start)
        canvas.add(fiber(), times, sizes)
        truth.append((times[0], times[-1]))
    return truth


def neuromyotonia(canvas: Canvas) -> Truth:
    wave, truth = unit(canvas.rng, 6e-4), []
    for start in (2.0, 5.0, 9.0, 12.0, 17.0):
        times = course(np.linspace(230, 160, 50), start, 0.5)
        canvas.add(wave, times, 4e-4 * np.linspace(1, 0.7, times.size))
        truth.append((times[0], times[-1]))
    return truth


def complex_discharge(canvas: Canvas) -> Truth:
    parts = ((0.0, 4e-4, -1.0), (0.004, 4e-4, 0.8), (0.009, 5e-4, -0.7), (0.013, 4e-4, 0.6))
    truth = []
    for start, stop in ((2.0, 8.0), (11.0, 18.0)):
        times = train(32.0, start, stop, 0.01, canvas.rng)
        canvas.add(Wave(bells=parts), times, 3e-4)
        truth.append((times[0], times[-1]))
    return truth


def continuous_unit(canvas: Canvas) -> Truth:
    times = train(6.3, 1.0, canvas.duration_s - 1.0, 0.035, canvas.rng)
    canvas.add(unit(canvas.rng), times, 6e-4)
    return [(times[0], times[-1])]


def myokymia(canvas: Canvas) -> Truth:
    wave, found = unit(canvas.rng, 1.8e-3), groups(4.0, 40.0, canvas.duration_s, canvas.rng)
    for times in found:
        canvas.add(wave, times, 6e-5)
    return [(times[0], times[-1]) for times in found]


def cramp(canvas: Canvas) -> Truth:
    contraction(canvas, 3.0, 18.0, spread=0.5)
    return [(3.0, 18.0)]


def shaking(canvas: Canvas) -> Truth:
    middles = tremor(canvas, 5.2, 0.5, canvas.duration_s - 0.5)
    return [(middle, middle) for middle in middles]


NEEDLE: dict[EventKind, Callable[[Canvas], Truth]] = {
    EventKind.FIBRILLATION_POTENTIAL: fibrillation,
    EventKind.POSITIVE_SHARP_WAVE: sharp_waves,
    EventKind.MYOTONIC_DISCHARGE: myotonia,
    EventKind.NEUROMYOTONIC_DISCHARGE: neuromyotonia,
    EventKind.COMPLEX_REPETITIVE_DISCHARGE: complex_discharge,
    EventKind.CONTINUOUS_UNIT_DISCHARGE: continuous_unit,
    EventKind.MYOKYMIC_DISCHARGE: myokymia,
    EventKind.CRAMP_DISCHARGE: cramp,
}
SURFACE = {EventKind.MYOKYMIC_DISCHARGE: myokymia, EventKind.TREMOR_BURST: shaking}


def seen_share(truth: Truth, found: OtherActivity, kind: EventKind) -> float:
    """Return the share of true spans that an event of a kind touches."""
    spans = [(event.start_s - 0.01, event.end_s + 0.01) for one in found.events if one.kind is kind for event in one]
    return sum(any(start <= end_s and stop >= start_s for start, stop in spans) for start_s, end_s in truth) / len(
        truth
    )


def by_id(found: OtherActivity) -> dict[str, Measurement]:
    return {measurement.id: measurement for measurement in found.measurements}


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("kind", NEEDLE, ids=lambda kind: kind.value)
def test_a_needle_shows_each_kind_and_no_other(kind: EventKind) -> None:
    canvas = Canvas(seed=1)
    truth = NEEDLE[kind](canvas)
    found = find_other_activity(canvas.trace())
    assert {train.kind for train in found.events} == {kind}
    assert seen_share(truth, found, kind) >= 0.9


@pytest.mark.parametrize("kind", SURFACE, ids=lambda kind: kind.value)
def test_the_skin_shows_what_it_can_and_no_other(kind: EventKind) -> None:
    canvas = Canvas(seed=2, rate_hz=SURFACE_HZ)
    truth = SURFACE[kind](canvas)
    found = find_other_activity(canvas.trace(Electrode.SURFACE))
    assert {train.kind for train in found.events} == {kind}
    assert seen_share(truth, found, kind) >= 0.9


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("electrode", [Electrode.NEEDLE, Electrode.SURFACE])
def test_will_is_called_no_disease(electrode: Electrode, seed: int) -> None:
    canvas = Canvas(seed=seed, rate_hz=4000.0 if electrode is Electrode.NEEDLE else SURFACE_HZ)
    contraction(canvas, 2.0, 17.0)
    found = find_other_activity(canvas.trace(electrode))
    assert found.events == ()


@pytest.mark.parametrize("electrode", list(Electrode))
def test_noise_shows_nothing_and_its_bound(electrode: Electrode) -> None:
    found = find_other_activity(Canvas(seed=4, duration_s=120.0, rate_hz=SURFACE_HZ).trace(electrode))
    assert found.events == ()
    rates = [one for one in found.measurements if one.id.endswith("_rate")]
    assert rates
    for rate in rates:
        assert (rate.value, rate.low) == (0.0, 0.0)
        assert 1.0 < rate.high < 2.0  # about 3 in two minutes
        assert "too short to call absent" not in rate.doubts


@pytest.mark.parametrize("kind", [EventKind.FIBRILLATION_POTENTIAL, EventKind.MYOTONIC_DISCHARGE])
def test_single_fibers_are_never_claimed_from_the_skin(kind: EventKind) -> None:
    canvas = Canvas(seed=5)
    NEEDLE[kind](canvas)
    for electrode in (Electrode.SURFACE, Electrode.UNKNOWN):
        found = find_other_activity(canvas.trace(electrode))
        kinds = {train.kind for train in found.events}
        assert not kinds & {EventKind.FIBRILLATION_POTENTIAL, EventKind.MYOTONIC_DISCHARGE}
        assert "only a needle shows" in found.statements[0]
        assert not any(one.id.startswith(kind.value) for one in found.measurements)


def test_a_needle_that_is_sampled_slowly_shows_no_fibers() -> None:
    canvas = Canvas(seed=5, rate_hz=1000.0)
    found = find_other_activity(canvas.trace())
    assert any("sampling rate must be at least 2000 Hz, got 1000." in sentence for sentence in found.statements)
    assert "fibrillation_potential_rate" not in by_id(found)


def test_rate_and_rhythm_are_measured_with_their_intervals() -> None:
    canvas = Canvas(seed=1)
    continuous_unit(canvas)
    measured = by_id(find_other_activity(canvas.trace()))
    assert measured["continuous_unit_discharge_discharge_rate"].value == pytest.approx(6.3, rel=0.02)
    assert measured["continuous_unit_discharge_irregularity"].value == pytest.approx(0.035, rel=0.4)
    assert measured["continuous_unit_discharge_sources"].value == 1
    assert measured["continuous_unit_discharge_duration"].unit is Unit.SECOND
    assert all(one.low <= one.value <= one.high for one in measured.values())


def test_two_fibers_get_two_numbers() -> None:
    canvas = Canvas(seed=1)
    fibrillation(canvas)
    found = find_other_activity(canvas.trace())
    assert set(found.events[0].unit) == {1, 2}
    assert by_id(found)["fibrillation_potential_sources"].value == 2


def test_waxing_and_waning_is_measured() -> None:
    canvas = Canvas(seed=1)
    myotonia(canvas)
    measured = by_id(find_other_activity(canvas.trace()))
    assert measured["myotonic_discharge_rate_change"].value > 1.5
    assert measured["myotonic_discharge_size_change"].value > 1.5


@pytest.mark.parametrize(("after", "kind"), [(True, EventKind.CLONUS_BEAT), (False, EventKind.TREMOR_BURST)])
def test_the_same_bursts_are_clonus_after_a_stretch_and_tremor_without(after: bool, kind: EventKind) -> None:  # noqa: FBT001
    canvas = Canvas(seed=3, rate_hz=SURFACE_HZ)
    tremor(canvas, 5.5, 4.1, 15.0)
    causes = Causes(stretches_s=np.array([4.0])) if after else Causes()
    found = find_other_activity(canvas.trace(Electrode.SURFACE), causes)
    assert [train.kind for train in found.events] == [kind]
    assert found.events[0].probability.max() < 1


def test_a_needle_names_no_tremor() -> None:
    canvas = Canvas(seed=3)
    tremor(canvas, 5.5, 1.0, 18.0)
    found = find_other_activity(canvas.trace())
    assert EventKind.TREMOR_BURST not in {train.kind for train in found.events}
    assert any("a needle sees few units" in sentence for sentence in found.statements)


def test_a_machine_is_no_muscle() -> None:
    canvas = Canvas(seed=3)
    canvas.add(unit(canvas.rng), np.arange(1.0, 18.0, 0.2), 5e-4)
    found = find_other_activity(canvas.trace())
    assert found.events == ()
    assert any("as even as a machine's (5.00 a second)" in sentence for sentence in found.statements)


def test_a_heart_is_no_motor_unit() -> None:
    canvas = Canvas(seed=3, rate_hz=SURFACE_HZ)
    canvas.add(Wave(bells=((0.0, 0.012, 1.0), (0.03, 0.01, -0.4))), train(1.2, 0.5, 19.0, 0.035, canvas.rng), 4e-4)
    found = find_other_activity(canvas.trace(Electrode.SURFACE))
    assert found.events == ()


def test_long_activity_is_a_cramp_where_the_person_let_go() -> None:
    canvas = Canvas(seed=7, rate_hz=SURFACE_HZ)
    contraction(canvas, 4.0, 16.0, spread=0.45, n_units=20)
    trace = canvas.trace(Electrode.SURFACE)
    without = find_other_activity(trace)
    told = find_other_activity(trace, Causes(relaxed=Intervals.union([(0.0, 20.0)])))
    assert without.events == ()
    assert any("a contraction, a spasm or a cramp" in sentence for sentence in without.statements)
    assert [train.kind for train in told.events] == [EventKind.CRAMP_DISCHARGE]
    assert told.events[0].start_s[0] == pytest.approx(4.0, abs=0.6)
    assert by_id(told)["cramp_discharge_duration"].value == pytest.approx(12.0, abs=1.5)


def test_short_recordings_say_so() -> None:
    found = find_other_activity(Canvas(duration_s=5.0).trace())
    assert any("too short to say that any of these kinds is absent" in sentence for sentence in found.statements)
    assert all("too short to call absent" in one.doubts for one in found.measurements)


def test_without_volts_sizes_are_not_judged() -> None:
    canvas = Canvas(seed=1)
    fibrillation(canvas)
    trace = replace(canvas.trace(), unit=Unit.COUNT)
    found = find_other_activity(trace)
    assert any("does not give volts" in sentence for sentence in found.statements)
    assert EventKind.FIBRILLATION_POTENTIAL in {train.kind for train in found.events}


def test_what_fits_two_definitions_is_told() -> None:
    canvas = Canvas(seed=1, rate_hz=SURFACE_HZ)
    tremor(canvas, 5.0, 0.5, 19.0)
    found = find_other_activity(canvas.trace(Electrode.SURFACE))
    assert found.events[0].probability.max() < 0.95
    assert any("also fits clonus beat" in sentence for sentence in found.statements)


def test_stimuli_are_answered_by_m_waves_with_their_latency() -> None:
    canvas = Canvas(seed=1, rate_hz=SURFACE_HZ)
    stimuli = np.arange(1.0, 19.0, 1.5)
    canvas.add(Wave(bells=((0.0, 0.002, 1.0), (0.006, 0.002, -1.0))), stimuli + 0.012, 3e-3)
    found = find_other_activity(canvas.trace(Electrode.SURFACE), Causes(stimuli_s=stimuli))
    assert [train.kind for train in found.events] == [EventKind.M_WAVE]
    measured = by_id(found)
    assert 0.004 < measured["m_wave_latency"].value < 0.011
    assert measured["m_wave_answered_share"].value == 1.0


def test_a_flat_line_shows_nothing() -> None:
    trace = ChannelTrace.of_samples(np.zeros(20_000), 2000.0, electrode=Electrode.NEEDLE)
    assert find_other_activity(trace).events == ()
