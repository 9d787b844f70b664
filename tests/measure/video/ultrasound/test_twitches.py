from pathlib import Path

import numpy as np
import pytest
from tests.measure.video.phantom import SHAPE, Twitch, screen

from twitchwise.formats import read_video
from twitchwise.measure import FilmedMovement, measure_video
from twitchwise.measure.video.ultrasound import changes
from twitchwise.signals import Video
from twitchwise.vocabulary import EventKind, UnreadableRecordingError, View


def measured(video: Video) -> FilmedMovement:
    return measure_video(video, view=View.ULTRASOUND)


def peaks(shown: FilmedMovement) -> np.ndarray:
    (events,) = shown.result.events
    assert events.kind is EventKind.VISIBLE_TWITCH
    return events.peak_s


def values(shown: FilmedMovement) -> dict[str, tuple[float, float, float]]:
    return {one.id: (one.low, one.value, one.high) for one in shown.result.measurements}


def test_each_twitch_is_counted_timed_and_placed() -> None:
    given = [
        Twitch(time_s=2.0, x=60, y=70),
        Twitch(time_s=4.3, x=190, y=120),
        Twitch(time_s=6.61, x=120, y=160, size_px=3),
    ]
    shown = measured(screen(given, 9.0))
    (events,) = shown.result.events
    np.testing.assert_allclose(events.peak_s, [one.time_s for one in given], atol=0.045)
    np.testing.assert_allclose(events.place, [(one.x, one.y) for one in given], atol=25)
    durations = events.end_s - events.start_s
    assert (durations > 0.05).all()
    assert (durations < 0.6).all()
    assert values(shown)["visible_twitch_count"][1] == 3
    low, rate, high = values(shown)["visible_twitch_rate"]
    assert low < 60 * 3 / 9 < high
    assert rate == pytest.approx(20, rel=0.1)


def test_a_still_muscle_has_no_twitch_and_an_upper_bound() -> None:
    shown = measured(screen([], 8.0))
    assert not peaks(shown).size
    low, rate, high = values(shown)["visible_twitch_rate"]
    assert (low, rate) == (0, 0)
    assert high == pytest.approx(60 * 3.0 / 8.0, rel=0.05)
    assert "no twitch" in shown.result.summary


def test_most_twitches_are_found_and_little_else() -> None:
    hits = misses = false = 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        times = np.cumsum(rng.uniform(0.7, 1.8, 8)) + 0.5
        given = [
            Twitch(
                time_s=time,
                x=rng.uniform(40, 215),
                y=rng.uniform(40, 180),
                size_px=rng.uniform(2.5, 6),
                width_px=rng.uniform(20, 40),
            )
            for time in times
        ]
        found = peaks(measured(screen(given, float(times[-1]) + 1, seed=seed)))
        near = np.abs(found[:, np.newaxis] - times) < 0.1
        hits += int(near.any(axis=0).sum())
        misses += int((~near.any(axis=0)).sum())
        false += int((~near.any(axis=1)).sum())
    assert 2 * hits / (2 * hits + misses + false) >= 0.9


def test_a_probe_that_slips_is_no_twitch() -> None:
    times = np.arange(400) / 50
    slip = np.stack([6 / (1 + np.exp(-(times - 3) / 0.03)), 3 / (1 + np.exp(-(times - 5.5) / 0.05))], axis=1)
    shown = measured(screen([Twitch(time_s=1.5)], 8.0, probe_px=slip))
    np.testing.assert_allclose(peaks(shown), [1.5], atol=0.045)
    assert any("probe" in warning for warning in shown.result.warnings)


def test_breathing_is_no_twitch() -> None:
    times = np.arange(500) / 50
    breath = np.stack([np.zeros(500), 5 * np.sin(2 * np.pi * 0.25 * times)], axis=1)
    np.testing.assert_allclose(peaks(measured(screen([Twitch(time_s=6.2)], 10.0, probe_px=breath))), [6.2], atol=0.045)


def test_a_pulse_is_not_counted_and_said() -> None:
    beats = [Twitch(time_s=0.6 + 0.85 * number, x=200, y=60, width_px=20) for number in range(11)]
    shown = measured(screen([*beats, Twitch(time_s=4.4, x=60, y=150)], 10.0))
    np.testing.assert_allclose(peaks(shown), [4.4], atol=0.045)
    assert any("pulse" in warning for warning in shown.result.warnings)


def test_marks_on_the_screen_do_not_hide_a_twitch() -> None:
    given = [Twitch(time_s=2.0, x=70, y=190, width_px=35)]
    np.testing.assert_allclose(peaks(measured(screen(given, 5.0, marks=True))), [2.0], atol=0.045)


def test_a_change_of_one_picture_is_no_twitch() -> None:
    video = screen([], 6.0)

    class Glitch:
        def brightness(self, start: int, stop: int) -> object:
            for number, picture in enumerate(video.source.brightness(start, stop), start):
                yield np.roll(picture, 3, axis=0) if number == 150 else picture

        def color(self, start: int, stop: int) -> object:
            return video.source.color(start, stop)

    broken = Video(
        name="x",
        format="x",
        width=SHAPE[1],
        height=SHAPE[0],
        times_s=video.times_s,
        source=Glitch(),  # type: ignore[arg-type]
    )
    assert not peaks(measured(broken)).size


def test_a_short_film_gives_a_rate_that_is_doubted() -> None:
    shown = measured(screen([Twitch(time_s=0.5)], 1.0))
    (rate,) = (one for one in shown.result.measurements if one.id == "visible_twitch_rate")
    assert "that a rate needs" in rate.doubts[0]


def test_two_pictures_are_too_few() -> None:
    with pytest.raises(UnreadableRecordingError, match="pictures or more"):
        measured(screen([], 0.04))


def test_the_traces_and_the_map_fit_the_film() -> None:
    video = screen([Twitch(time_s=1.0)], 2.0)
    shown = measured(video)
    assert shown.traces.channels[0].name == "muscle" == shown.result.events[0].channel
    assert shown.traces.channels[0].n_samples == video.n_frames
    assert shown.heat_map is not None
    row, column = np.unravel_index(shown.heat_map.argmax(), shown.heat_map.shape)
    edge = SHAPE[1] / shown.heat_map.shape[1]
    assert np.hypot(column * edge + edge / 2 - 130, row * edge + edge / 2 - 120) < 30


@pytest.mark.shared_data
@pytest.mark.parametrize("fps", [1500.0, None])
def test_one_evoked_twitch_is_one_twitch(shared_data: Path, fps: float | None) -> None:
    video = read_video(shared_data / "ultrasound" / "evoked_twitch_gastrocnemius.gif", frame_rate_hz=fps)
    shown = measure_video(video)
    assert shown.view is View.ULTRASOUND
    frame = peaks(shown) * video.frame_rate_hz
    assert frame.shape == (1,)
    assert abs(frame[0] - 9) <= 1


@pytest.mark.shared_data
def test_the_twitches_of_a_real_biceps_are_found(shared_data: Path) -> None:
    shown = measure_video(read_video(shared_data / "ultrasound" / "neurosense_biceps_75fps.mp4"))
    assert shown.view is View.ULTRASOUND
    np.testing.assert_allclose(peaks(shown), [4.5, 22.75], atol=0.15)


def test_a_long_film_is_read_again_instead_of_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    video = screen([Twitch(time_s=1.0)], 2.5)
    kept = measured(video).result.measurements
    monkeypatch.setattr(changes, "_KEPT_BYTES", 0)
    assert measured(video).result.measurements == kept
