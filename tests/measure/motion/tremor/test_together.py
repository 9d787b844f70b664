"""Several recordings of one tremor compared: load, sides, tapping, quick movements, visits; and coming back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from benchmarks.accuracy.tremor.scenes import GRAVITY_MPS2, RATE_HZ, colored, recording, sensed, tremor
from tests.measure.motion.tremor.shaking import by_id, measured, one_sensor, rendered, shaking

from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.tremor.settings import tremor_settings
from twitchwise.measure.motion.tremor.together import TremorComparison, TremorRecordings, compare_tremor
from twitchwise.measure.motion.tremor.together.coherence import Coherence, coherence
from twitchwise.measure.motion.tremor.together.tapping import tapping_rate
from twitchwise.signals import Annotation, ArraySource, Recording
from twitchwise.vocabulary import Measurement, OutOfRangeError, Side, Task
from twitchwise.vocabulary.arrays import FloatArray


def of(compared: TremorComparison, measurement_id: str) -> Measurement:
    return next(one for one in compared.measurements if one.id == measurement_id)


def sided(linear: FloatArray, side: Side, *, seed: int = 1, name: str = "hand") -> Recording:
    made = rendered(linear, seed=seed)
    return replace(made, channels=tuple(replace(one, side=side, array=f"{side} {name}") for one in made.channels))


def joined(*recordings: Recording) -> Recording:
    """Return one recording with the channels of several."""
    channels, rows = [], []
    for number, made in enumerate(recordings):
        for channel in made.channels:
            channels.append(replace(channel, name=f"{number} {channel.name}"))
            rows.append(made.read(channel.name))
    return replace(recordings[0], channels=tuple(channels), source=ArraySource(rows))


@pytest.mark.parametrize(("loaded_hz", "word"), [(6.0, "mechanical"), (7.8, "central"), (7.0, "cannot be told")])
def test_the_fall_of_the_rate_by_a_load_is_measured_with_what_it_means(loaded_hz: float, word: str) -> None:
    pair = TremorRecordings(
        posture=rendered(shaking(8.0, 0.5, seed=1)), loaded=rendered(shaking(loaded_hz, 0.5, seed=2)), load_kg=0.5
    )
    compared = compare_tremor(pair)
    fall = of(compared, "tremor_loading_fall")
    assert fall.value == pytest.approx(8.0 - loaded_hz, abs=0.1)
    assert 0.02 < fall.high - fall.low < 0.4
    assert any(word in statement for statement in compared.statements)
    assert any("Lakie" in doubt for doubt in fall.doubts)
    assert any("0.5 kg" in doubt for doubt in fall.doubts)


def pair_of(shared: float, seed: int) -> tuple[FloatArray, FloatArray]:
    """Return two sides whose tremors share a part; the rest is each one's own."""
    rng = np.random.default_rng(seed)
    common = tremor(rng, 6000, 5.0, 1.0)
    own = [tremor(rng, 6000, 5.0, 1.0) for _ in range(2)]
    both = [shared * common + np.sqrt(1 - shared**2) * one for one in own]
    return both[0], both[1]


def coherence_of(shared: float, seed: int) -> Coherence:
    left, right = (one_sensor(rendered(linear, seed=seed)) for linear in pair_of(shared, seed))
    found = coherence(left, right, tremor_settings())
    assert isinstance(found, Coherence)
    return found


def test_sides_that_share_their_tremor_are_coherent_and_others_rarely_are() -> None:
    assert all(coherence_of(0.95, seed).significant for seed in range(8))
    assert sum(coherence_of(0.0, seed).significant for seed in range(30)) <= 4


def test_a_common_clock_is_used_and_its_absence_is_told() -> None:
    left, right = (rendered(linear) for linear in pair_of(1.0, 3))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    apart = TremorRecordings(left=left, right=right)
    assert any("common clock" in doubt for doubt in of(compare_tremor(apart), "tremor_coherence").doubts)
    late = np.stack([right.read(one.name)[500:] for one in right.channels])
    later = replace(
        right,
        channels=tuple(replace(one, n_samples=late.shape[1]) for one in right.channels),
        source=ArraySource(list(late)),
        start=start + timedelta(seconds=5),
    )
    together = compare_tremor(TremorRecordings(left=replace(left, start=start), right=later))
    assert of(together, "tremor_coherence").value > 0.8
    assert not of(together, "tremor_coherence").doubts
    assert of(together, "tremor_side_difference").low < 0 < of(together, "tremor_side_difference").high


def test_sensors_that_never_recorded_together_are_not_compared() -> None:
    left, right = (rendered(linear) for linear in pair_of(1.0, 3))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = compare_tremor(
        TremorRecordings(left=replace(left, start=start), right=replace(right, start=start + timedelta(hours=1)))
    )
    assert any("did not record at the same time" in statement for statement in found.statements)


def taps(rate_hz: float, duration_s: float = 40.0) -> FloatArray:
    """Return sharp taps of a finger."""
    times = np.arange(0.2, duration_s, 1 / rate_hz)
    train = np.zeros((3, int(duration_s * RATE_HZ)))
    train[2, (times * RATE_HZ).astype(np.int64)] = 8.0
    kernel = np.exp(-np.arange(30) / 4.0) * np.cos(np.arange(30) * 0.9)
    rows = [np.convolve(row, kernel)[: train.shape[1]] for row in train]
    return np.stack(rows) + colored(np.random.default_rng(1), train.shape[1], 1.0, 0.05)


@pytest.mark.parametrize("rate_hz", [1.0, 3.0, 5.0])
def test_the_rate_of_taps_is_not_taken_for_one_of_its_multiples(rate_hz: float) -> None:
    assert tapping_rate(one_sensor(rendered(taps(rate_hz)))) == pytest.approx(rate_hz, rel=0.05)


def battery(during_hz: float, amplitude: float = 0.5) -> dict[str, int | None]:
    """Return the points of a session with tapping at 3 Hz during which the tremor has another rate and size."""
    base = sided(shaking(6.0, 0.5, seed=1), Side.RIGHT)
    tap = joined(sided(shaking(during_hz, amplitude, seed=2), Side.RIGHT), sided(taps(3.0), Side.LEFT))
    compared = compare_tremor(TremorRecordings(posture=base, tap_3=tap))
    assert len(compared.battery) == 10
    assert any("It is no diagnosis" in statement for statement in compared.statements)
    assert any("lower end" in statement for statement in compared.statements)
    return {item.name: item.point for item in compared.battery}


@pytest.mark.parametrize(
    ("during_hz", "amplitude", "point"), [(6.0, 0.5, 0), (3.0, 0.5, 1), (7.6, 0.5, 1), (6.0, 0.1, 1)]
)
def test_a_tremor_that_takes_the_rhythm_shifts_or_is_suppressed_scores_a_point(
    during_hz: float, amplitude: float, point: int
) -> None:
    points = battery(during_hz, amplitude)
    assert points["entrainment, suppression or shift at 3 Hz"] == point
    assert points["wrong tapping at 3 Hz"] == 0
    assert points["wrong tapping at 1 Hz"] is None
    assert points["tonic co-activation at the onset"] is None


@pytest.mark.parametrize(("depth", "point"), [(0.0, 0), (0.9, 1)])
@pytest.mark.parametrize("marked", [True, False])
def test_a_pause_in_quick_movements_of_the_other_hand_scores_a_point(depth: float, point: int, *, marked: bool) -> None:
    linear = shaking(6.0, 0.5, seed=1, noise=0.05)
    times_s = np.arange(4.0, 38.0, 4.0)
    time_s = np.arange(linear.shape[1]) / RATE_HZ
    since = np.min(np.where(time_s - times_s[:, np.newaxis] >= 0, time_s - times_s[:, np.newaxis], np.inf), axis=0)
    linear[:, since < 0.8] *= 1 - depth
    quick = np.zeros_like(linear)
    quick[0, since < 0.3] = 20.0
    noted = joined(sided(linear, Side.RIGHT), sided(quick, Side.LEFT))
    if marked:
        notes = tuple(Annotation(start_s=float(time), duration_s=0.0, text="ballistic") for time in times_s)
        noted = replace(sided(linear, Side.RIGHT), annotations=notes)
    compared = compare_tremor(TremorRecordings(posture=sided(shaking(6.0, 0.5), Side.RIGHT), ballistic=noted))
    points = {item.name: item.point for item in compared.battery}
    assert points["pause in quick movements of the other hand"] == point


def test_a_change_between_visits_is_held_against_what_changes_by_itself() -> None:
    small = compare_tremor(TremorRecordings(before=rendered(shaking(5.0, 0.5)), after=rendered(shaking(5.2, 0.6))))
    assert of(small, "tremor_frequency_change").doubts
    assert of(small, "tremor_amplitude_change").doubts
    assert any("no more than the 53.6 %" in statement for statement in small.statements)
    large = compare_tremor(TremorRecordings(before=rendered(shaking(5.0, 0.3)), after=rendered(shaking(6.5, 3.0))))
    assert of(large, "tremor_frequency_change").value == pytest.approx(30, abs=3)
    assert of(large, "tremor_amplitude_change").low > 53.6
    assert any("more than the 53.6 % that it changes by itself" in one for one in large.statements)


def test_rest_and_posture_are_compared() -> None:
    compared = compare_tremor(
        TremorRecordings(rest=rendered(shaking(5.0, 2.0)), posture=rendered(shaking(5.0, 0.3, seed=2)))
    )
    assert any("larger in rest" in statement for statement in compared.statements)
    assert by_id(compared.recordings["rest"], "rest_tremor_probability").value > 0.9


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({}, "at least one"),
        ({"left": "x"}, "left must come with right"),
        ({"after": "x"}, "after must come with before"),
        ({"loaded": "x"}, "loaded must come with"),
        ({"posture": "x", "load_kg": -1.0}, "load in kg"),
    ],
)
def test_what_cannot_be_compared_is_refused(given: dict[str, object], rule: str) -> None:
    shaken = rendered(shaking(5.0, 0.5, duration_s=12.0))
    filled = {name: shaken if value == "x" else value for name, value in given.items()}
    with pytest.raises(OutOfRangeError, match=rule):
        TremorRecordings(**filled)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("delay_s", "taken_s", "duration_s"),
    [(6.0, 20.0, 60.0), (12.0, 20.0, 60.0), (9.0, 1500.0, 1540.0)],  # the last is long: not all of it is looked at
)
def test_a_tremor_that_comes_back_after_a_posture_is_taken_is_timed(
    delay_s: float, taken_s: float, duration_s: float
) -> None:
    linear = shaking(5.0, 1.0, duration_s=duration_s, noise=0.03)
    time_s = np.arange(linear.shape[1]) / RATE_HZ
    linear[:, (time_s > taken_s) & (time_s < taken_s + delay_s)] *= 0.02
    acceleration = sensed(linear, np.random.default_rng(1))[0]
    turn = np.clip((time_s - taken_s + 1) * 1.2, 0, 1.2)  # the hand is lifted by 69 degrees within a second
    acceleration[0] += GRAVITY_MPS2 * np.sin(turn)
    acceleration[2] += GRAVITY_MPS2 * (np.cos(turn) - 1)
    delay = by_id(measured(recording(acceleration, None), Asked(task=Task.POSTURE)), "reemergent_tremor_delay")
    assert delay.value == pytest.approx(delay_s, abs=1.5)
    assert not delay.doubts
