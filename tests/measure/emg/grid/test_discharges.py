"""Every discharge of a grid is listed once, under the number of its unit, whatever the length of the recording."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.emg.decompose.grids import N_CHANNELS, RATE_HZ, Grid, grid, regular

from twitchwise.measure import RecordingMeasurements, measure_recording
from twitchwise.measure.emg.decompose import Decomposition, MotorUnit, decompose_settings
from twitchwise.measure.emg.grid.assemble import read_grid
from twitchwise.measure.emg.grid.discharges import RecordedRows, joined, with_discharges
from twitchwise.measure.emg.groups import electrode_groups
from twitchwise.measure.emg.reading import FoundDischarges, Reading
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.signals import ArraySource, Channel, Intervals, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

REST = Intervals(((0.0, 100.0),))
CONTRACTION_S = (14.0, 26.0)
DURATION_S = 40.0


def recording_of(made: Grid, *, n_channels: int = N_CHANNELS) -> Recording:
    """Return a grid as a recording of one array."""
    channels = tuple(
        Channel(
            name=f"E{number + 1}",
            kind=ChannelKind.EMG,
            unit=Unit.VOLT,
            sampling_rate_hz=RATE_HZ,
            n_samples=made.samples.shape[1],
            electrode=Electrode.SURFACE,
            array="grid",
            position_m=(float(made.positions_m[number, 0]), float(made.positions_m[number, 1]), 0.0),
        )
        for number in range(n_channels)
    )
    return Recording(
        name="grid", format="array", channels=channels, source=ArraySource(list(made.samples[:n_channels]))
    )


@dataclass(frozen=True, eq=False)
class Watched:
    """A source that notes how many samples it was asked for at a time."""

    source: ArraySource
    asked: list[int]

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples of a channel."""
        self.asked.append(stop - start)
        return self.source.read(channel, start, stop)


def at_rest_of(*trains: list[float], unsorted: tuple[float, ...] = ()) -> FoundDischarges:
    """Return sorted discharges, the first train's of unit 1."""
    times = np.concatenate([*map(np.asarray, trains), np.asarray(unsorted)]).astype(np.float64)
    numbers = [np.full(len(train), number + 1) for number, train in enumerate(trains)]
    unit = np.concatenate([*numbers, np.zeros(len(unsorted), dtype=np.int64)]).astype(np.int64)
    order = np.argsort(times, kind="stable")
    count = times.size
    return FoundDischarges(
        time_s=times[order],
        unit=unit[order],
        probability=np.ones(count),
        channel=np.zeros(count, dtype=np.int64),
        peak=np.full(count, 1e-4),
    )


def apart_of(*trains: list[float]) -> Decomposition:
    """Return a decomposition of units that are largest on channel 3, upward."""
    shape = np.zeros((16, 40), dtype=np.float32)
    shape[3, 20] = 2e-4
    shape[5, 20] = -1e-4
    units = tuple(
        MotorUnit(
            number=number + 1,
            sampling_rate_hz=RATE_HZ,
            discharges=np.rint(np.sort(train) * RATE_HZ).astype(np.int64),
            probability=np.full(len(train), 0.9),
            silhouette=0.95,
            pulse_to_noise_db=30.0,
            shape=shape,
            n_before=20,
        )
        for number, train in enumerate(trains)
    )
    return Decomposition(sampling_rate_hz=RATE_HZ, n_samples=round(200 * RATE_HZ), units=units, channels=np.arange(16))


def listed(at_rest: FoundDischarges, apart: Decomposition, rest: Intervals = REST) -> FoundDischarges:
    return joined(at_rest, apart, rest, decompose_settings())[0]


def test_what_was_found_in_both_ways_is_listed_once_under_the_number_it_was_sorted_to() -> None:
    sorted_s = [5.0, 17.0, 30.0, 61.0]
    active = [120.0, 120.1, 120.2]
    found = listed(at_rest_of([2.0, 44.0], sorted_s), apart_of([*(time + 0.004 for time in sorted_s), *active]))
    np.testing.assert_array_equal(found.unit, [1, 2, 2, 2, 1, 2, 2, 2, 2])
    np.testing.assert_allclose(found.time_s, [2.0, *sorted_s[:3], 44.0, 61.0, *active], atol=1e-3)


def test_a_unit_that_is_silent_at_rest_gets_the_next_number_and_its_place_and_size() -> None:
    found = listed(at_rest_of([5.0, 17.0]), apart_of([120.0, 120.1], [130.0, 130.2]))
    np.testing.assert_array_equal(found.unit, [1, 1, 2, 2, 3, 3])
    np.testing.assert_array_equal(found.channel, [0, 0, 3, 3, 3, 3])
    np.testing.assert_allclose(found.peak[2:], 2e-4)


def test_a_discharge_that_no_unit_was_found_for_belongs_to_the_one_that_the_contraction_shows() -> None:
    found = listed(at_rest_of([50.0], unsorted=(20.0, 33.0)), apart_of([20.003, 120.0, 120.1]))
    np.testing.assert_array_equal(found.unit, [2, 0, 1, 2, 2])
    assert found.time_s[0] == 20.0


def test_trains_that_meet_only_now_and_then_are_two_units() -> None:
    one = [float(time) for time in range(5, 95, 3)]
    other = [time + 1.0 for time in one[3:]] + one[:3]
    found = listed(at_rest_of(one), apart_of([*other, 120.0]))
    assert (found.unit == 2).sum() == len(other) + 1


def test_one_meeting_with_a_unit_that_discharges_all_the_time_is_chance() -> None:
    steady = np.arange(1.0, 99.0, 0.12).tolist()
    assert listed(at_rest_of([steady[100] + 0.003]), apart_of(steady)).unit.max() == 2
    seldom = [13.0, 77.0, 90.0]
    assert listed(at_rest_of([seldom[1] + 0.003]), apart_of(seldom)).unit.max() == 1


def test_two_units_that_were_sorted_as_one_are_two_of_which_each_discharge_is_listed_once() -> None:
    first, second = [5.0, 25.0, 45.0, 65.0], [15.0, 35.0, 55.0]
    found = listed(at_rest_of([*first, *second]), apart_of([*first, 120.0], [*second, 130.0]))
    np.testing.assert_array_equal(found.unit, [1] * 7 + [1, 2])


@pytest.mark.parametrize(("at_rest", "apart"), [([], [[120.0, 121.0]]), ([5.0, 6.0], []), ([], [])])
def test_either_may_be_empty(at_rest: list[float], apart: list[list[float]]) -> None:
    found = listed(at_rest_of(*([at_rest] if at_rest else [])), apart_of(*apart))
    np.testing.assert_array_equal(found.unit, [1] * found.time_s.size)
    assert found.time_s.size == len(at_rest) + sum(map(len, apart))


TRAIN = st.lists(st.integers(1, 4000), min_size=1, max_size=30, unique=True).map(
    lambda ticks: [tick * 0.04 for tick in sorted(ticks)]  # no two nearer than a unit's discharges can be
)


@given(st.lists(TRAIN, max_size=3), st.lists(TRAIN, max_size=3))
def test_every_sorted_discharge_is_listed_as_it_was_and_none_is_made_up(
    sorted_s: list[list[float]], apart_s: list[list[float]]
) -> None:
    at_rest, apart = at_rest_of(*sorted_s), apart_of(*apart_s)
    found = listed(at_rest, apart, Intervals(((0.0, 200.0),)))
    assert (np.diff(found.time_s) >= 0).all()
    assert np.isin(at_rest.time_s, found.time_s).all()
    given_s = np.concatenate([at_rest.time_s, *(unit.times_s for unit in apart.units)])
    assert np.isin(found.time_s, given_s).all()
    assert max(at_rest.time_s.size, *(unit.times_s.size for unit in apart.units), 0, 0) <= found.time_s.size
    assert found.time_s.size <= given_s.size


def rest_and_contraction() -> tuple[Grid, tuple[IntArray, ...]]:
    """Return four units in a contraction, two of which, and a fifth, discharge at rest too."""
    begin_s, stop_s = CONTRACTION_S
    alone_s: tuple[list[float], ...] = (
        [3.0, 5.1, 7.4, 9.2, 31.0, 35.5],
        [2.1, 6.3, 8.3, 33.2],
        [],
        [],
        [4.1, 5.8, 10.2, 30.1, 34.4, 37.7],
    )
    trains = []
    for number, times_s in enumerate(alone_s):
        steady = regular(number, 8.0 + number, stop_s - begin_s) + round(begin_s * RATE_HZ)
        at_rest = np.rint(np.array(times_s) * RATE_HZ).astype(np.int64)
        trains.append(np.sort(np.concatenate([at_rest, steady if number < 4 else steady[:0]])))
    return grid(trains, duration_s=DURATION_S), tuple(trains)


@pytest.fixture(scope="module")
def scene() -> tuple[Grid, tuple[IntArray, ...]]:
    return rest_and_contraction()


@pytest.fixture(scope="module")
def reading(scene: tuple[Grid, tuple[IntArray, ...]]) -> tuple[Recording, Reading]:
    recording = recording_of(scene[0])
    return recording, read_grid(recording, electrode_groups(recording.channels)[0], emg_settings())


@pytest.fixture(scope="module")
def measured(scene: tuple[Grid, tuple[IntArray, ...]]) -> tuple[RecordingMeasurements, list[float]]:
    told: list[float] = []
    return measure_recording(recording_of(scene[0]), discharges=True, progress=told.append), told


def test_units_that_discharge_at_rest_and_in_a_contraction_are_counted_once_with_all_their_discharges(
    scene: tuple[Grid, tuple[IntArray, ...]], measured: tuple[RecordingMeasurements, list[float]]
) -> None:
    (train,) = measured[0].discharges
    assert train.kind is EventKind.MOTOR_UNIT_DISCHARGE
    counts = sorted(int((train.unit == unit).sum()) for unit in np.unique(train.unit))
    assert counts == pytest.approx(sorted(true.size for true in scene[1]), abs=3)


def test_progress_rises_within_one_grid_and_ends_at_the_whole(
    measured: tuple[RecordingMeasurements, list[float]],
) -> None:
    told = measured[1]
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len([share for share in told if 0 < share < 1]) > 5


def test_a_contraction_is_read_in_pieces_that_do_not_grow_with_the_recording(
    reading: tuple[Recording, Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, found = reading
    asked: list[int] = []
    watched = replace(recording, source=Watched(recording.source, asked))  # type: ignore[arg-type]
    settings = replace(decompose_settings(), learning_longest_s=12.0)
    monkeypatch.setattr("twitchwise.measure.emg.decompose.decomposition.decompose_settings", lambda: settings)
    discharges = with_discharges(watched, found).discharges
    assert discharges is not None
    assert discharges.time_s.size > 300
    assert max(asked) < 22.0 * RATE_HZ < recording.channels[0].n_samples


def test_an_interruption_stops_the_work(reading: tuple[Recording, Reading]) -> None:
    def interrupt(share: float) -> None:
        if share > 0.1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        with_discharges(*reading, interrupt)


def test_a_grid_at_rest_is_not_taken_apart(reading: tuple[Recording, Reading]) -> None:
    recording, found = reading
    resting = replace(found, activity=replace(found.activity, active=Intervals()))
    told: list[float] = []
    at_rest = with_discharges(recording, resting, told.append).discharges
    assert told == []
    assert at_rest is not None
    np.testing.assert_array_equal(at_rest.time_s, found.potentials.peak_s[found.potentials.probability >= 0.5])


def test_an_array_of_too_few_electrodes_gives_its_discharges_at_rest_and_says_why(
    scene: tuple[Grid, tuple[IntArray, ...]],
) -> None:
    found = measure_recording(recording_of(scene[0], n_channels=8), discharges=True)
    (train,) = found.discharges
    begin_s, stop_s = CONTRACTION_S
    assert len(train) > 0
    assert not ((train.peak_s > begin_s + 0.5) & (train.peak_s < stop_s - 0.5)).any()
    assert any("contractions are not taken apart: usable channels must be at least 16" in one for one in found.warnings)


def test_rows_are_those_of_the_channels_that_are_asked_for() -> None:
    made = grid([], duration_s=1.0)
    recording = recording_of(made)
    rows = RecordedRows(recording=recording, channels=recording.channels[2:])
    assert rows.shape == (N_CHANNELS - 2, made.samples.shape[1])
    np.testing.assert_array_equal(rows.read(np.array([0, 5]), 100, 300), made.samples[[2, 7], 100:300])


def test_missing_samples_make_no_step_of_an_offset() -> None:
    made = grid([], duration_s=1.0)
    samples = made.samples + np.float32(3e-3)
    samples[4, 100:200] = np.nan
    samples[6] = np.nan
    recording = recording_of(replace(made, samples=samples))
    rows = RecordedRows(recording=recording, channels=recording.channels).read(np.array([4, 6]), 0, 1000)
    np.testing.assert_allclose(rows[0], 3e-3, atol=1e-4)
    assert not rows[1].any()
