"""What cannot be judged: too slow, too short, missing, clipped, in a wrong unit; and what is left out of the rest."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.accuracy.tremor.scenes import RATE_HZ
from tests.measure.motion.tremor.shaking import by_id, measured, one_sensor, rendered, shaking

from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.tremor import measure_tremor
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit, UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray


def rows_of(recording: Recording) -> FloatArray:
    return np.stack([recording.read(channel.name) for channel in recording.channels])


def changed(recording: Recording, rows: FloatArray, **fields: object) -> Recording:
    channels = tuple(
        replace(channel, n_samples=rows.shape[1], **fields)  # type: ignore[arg-type]
        for channel in recording.channels
    )
    return replace(recording, channels=channels, source=ArraySource(list(rows)))


SHAKEN = rendered(shaking(5.0, 1.0))


def test_a_recording_without_motion_is_nothing_for_this_part() -> None:
    emg = Channel(name="calf", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1000.0, n_samples=9000)
    recording = Recording(name="x", format="array", channels=(emg,), source=ArraySource([np.zeros(9000)]))
    assert measure_tremor(recording, Asked(), lambda _: None) is None


@pytest.mark.parametrize(
    ("recording", "reason"),
    [
        (changed(SHAKEN, rows_of(SHAKEN)[:, :700]), "too short"),
        (changed(SHAKEN, rows_of(SHAKEN), sampling_rate_hz=20.0), "too few"),
        (changed(SHAKEN, rows_of(SHAKEN), unit=Unit.COUNT), "unit is count"),
        (changed(SHAKEN, np.where(np.arange(4000) % 100 < 15, np.nan, rows_of(SHAKEN))), "missing or clipped"),
        (changed(SHAKEN, np.full((3, 4000), 9.81)), "nothing at all"),
        (changed(SHAKEN, np.clip(rows_of(SHAKEN), -0.2, 0.2)), "missing or clipped"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_the_reason(recording: Recording, reason: str) -> None:
    with pytest.raises(UnreadableRecordingError, match=reason):
        measured(recording)


def test_windows_with_missing_samples_are_left_out_and_told() -> None:
    rows = rows_of(SHAKEN)
    rows[:, 1300:1500] = np.nan
    found = measured(changed(SHAKEN, rows))
    assert found.unusable["Accelerometer"].spans == ((12.0, 16.0),)
    assert by_id(found, "tremor_frequency").value == pytest.approx(5.0, abs=0.2)
    assert found.quality[0].missing_share == pytest.approx(0.1)


def test_a_few_missing_samples_are_bridged() -> None:
    rows = rows_of(SHAKEN)
    rows[:, 1300:1305] = np.nan
    found = measured(changed(SHAKEN, rows))
    assert not found.unusable
    assert by_id(found, "tremor_share").value == by_id(measured(SHAKEN), "tremor_share").value


@pytest.mark.parametrize("share", [0.05, 0.1, 0.15])
def test_a_tremor_is_followed_across_samples_that_are_left_out_again_and_again(share: float) -> None:
    rows = rows_of(SHAKEN)
    rows[:, np.random.default_rng(4).random(4000) < share] = np.nan
    found = measured(changed(SHAKEN, rows))
    assert not found.unusable
    assert by_id(found, "tremor_frequency").value == pytest.approx(5.0, abs=0.1)
    whole = by_id(measured(SHAKEN), "tremor_acceleration").value
    assert by_id(found, "tremor_acceleration").value == pytest.approx(whole, rel=0.05)


def test_a_slow_sampling_rate_says_what_it_cannot_show() -> None:
    slow = changed(SHAKEN, rows_of(SHAKEN)[:, ::3], sampling_rate_hz=RATE_HZ / 3)
    found = measured(slow)
    assert by_id(found, "tremor_frequency").value == pytest.approx(5.0, abs=0.2)
    assert any("could not be seen" in statement for statement in found.quality[0].statements)


def test_the_rate_of_sampling_does_not_change_what_is_found() -> None:
    rows = np.stack([np.interp(np.arange(16_000) / 4, np.arange(4000), row) for row in rows_of(SHAKEN)])
    fine = measured(changed(SHAKEN, rows, sampling_rate_hz=4 * RATE_HZ))
    coarse = measured(SHAKEN)
    for name in ("tremor_frequency", "tremor_acceleration", "tremor_displacement"):
        assert by_id(fine, name).value == pytest.approx(by_id(coarse, name).value, rel=0.03)


def test_a_sensor_that_cannot_be_judged_does_not_stop_the_others() -> None:
    rows = rows_of(SHAKEN)
    channels = (
        *SHAKEN.channels,
        Channel(name="Skin", kind=ChannelKind.DISPLACEMENT, unit=Unit.PIXEL, sampling_rate_hz=100.0, n_samples=4000),
    )
    both = replace(SHAKEN, channels=channels, source=ArraySource([*rows, rows[0]]))
    found = measured(both)
    quality = {one.channel: one for one in found.quality}
    assert not quality["Skin"].usable
    assert "px" in quality["Skin"].reason
    assert quality["Accelerometer x"].usable


def test_the_whole_recording_is_told_by_the_surest_sensor() -> None:
    quiet = rendered(shaking(5.0, 0.01, seed=3))
    channels = tuple(replace(channel, name=f"Other {channel.name}", array="Other") for channel in quiet.channels)
    rows = [*rows_of(quiet), *rows_of(SHAKEN)]
    both = replace(SHAKEN, channels=(*channels, *SHAKEN.channels), source=ArraySource(rows))
    found = measured(both)
    whole = [one for one in found.measurements if one.channel is None]
    assert {one.id for one in whole} >= {"tremor_probability", "tremor_frequency"}
    assert "on Accelerometer" in found.summary


def test_progress_rises_to_one() -> None:
    told: list[float] = []
    measure_tremor(SHAKEN, Asked(), told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)


def test_a_long_recording_is_read_piece_by_piece() -> None:
    """No more than an hour of four hours at 100 Hz is asked for at once."""
    asked_for: list[int] = []

    class Counted:
        def read(self, channel: int, start: int, stop: int) -> FloatArray:
            asked_for.append(stop - start)
            rows: FloatArray = np.sin(np.arange(start, stop) * 0.31 + channel) * 0.01
            return rows

    channels = tuple(replace(channel, n_samples=1_440_000) for channel in SHAKEN.channels)
    one_sensor(replace(SHAKEN, channels=channels, source=Counted()))
    assert max(asked_for) <= 1_440_000 / 4
    assert sum(asked_for) >= 3 * 1_439_000
