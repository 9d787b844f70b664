from pathlib import Path

import numpy as np
import pytest
from tests.measure.video.drawn import Drawing, Gray, before, disk, film, moved, texture

from twitchwise.formats import read_video
from twitchwise.measure import FilmedMovement, measure_video
from twitchwise.measure.video.movement import probability_of
from twitchwise.signals import Picture, Video
from twitchwise.vocabulary import Side, UnreadableRecordingError, View

SHAPE = (120, 160)
RATE = 30.0


def hand(amplitude_px: float, hz: float = 5.0, *, sway_px: float = 0.0, rate_hz: float = RATE, n: int = 150) -> Video:
    """Return a film of a disk that goes to and fro before a room, from a camera that sways."""
    room, thing, mask = texture(SHAPE), texture(SHAPE, 2, contrast=15) + 20, disk(SHAPE, 40)
    times = np.arange(n) / rate_hz
    wave = amplitude_px * np.sin(2 * np.pi * hz * times)
    sway = sway_px * (np.sin(2 * np.pi * 0.4 * times) + 0.1 * np.sin(2 * np.pi * 9 * times))

    def draw(number: int) -> Gray:
        return moved(before(room, thing, mask, wave[number]), sway[number], 0.6 * sway[number])

    return film(draw, n, rate_hz=rate_hz)


def values(shown: FilmedMovement) -> dict[str, tuple[float, float, float]]:
    return {one.id: (one.low, one.value, one.high) for one in shown.result.measurements}


@pytest.mark.parametrize("sway_px", [0.0, 4.0])
def test_a_tremor_is_told_with_its_frequency(sway_px: float) -> None:
    shown = measure_video(hand(1.5, sway_px=sway_px), view=View.LIMB, site="hand", side=Side.LEFT)
    low, frequency, high = values(shown)["tremor_frequency"]
    assert frequency == pytest.approx(5, abs=0.1)
    assert low <= 5 <= high
    assert values(shown)["movement_frequency"] == (low, frequency, high)
    assert values(shown)["movement_amplitude"][1] == pytest.approx(1.5, rel=0.15)
    assert values(shown)["periodic_movement_probability"][1] > 0.99
    assert {channel.side for channel in shown.traces.channels} == {Side.LEFT}
    assert shown.traces.channels[0].site == "hand"


def test_only_a_limb_has_a_tremor() -> None:
    shown = measure_video(hand(1.5), view=View.OBJECT)
    assert "tremor_frequency" not in values(shown)
    assert values(shown)["movement_frequency"][1] == pytest.approx(5, abs=0.1)
    assert not shown.result.events


def test_a_still_hand_has_no_movement_and_an_upper_bound() -> None:
    shown = measure_video(hand(0.0), view=View.LIMB)
    found = values(shown)
    assert "movement_frequency" not in found
    assert found["movement_amplitude"][:2] == (0, 0)
    assert 0 < found["movement_amplitude"][2] < 0.2
    assert "no periodic movement" in shown.result.summary


def test_shake_of_the_camera_alone_is_no_tremor() -> None:
    shown = measure_video(hand(0.0, sway_px=5.0), view=View.LIMB)
    assert "tremor_frequency" not in values(shown)
    for one in shown.result.measurements:
        assert one.id != "movement_frequency" or "camera" in one.doubts[-1]


def test_where_it_moves_shows_in_the_map_and_the_trace() -> None:
    shown = measure_video(hand(1.5), view=View.LIMB)
    heat = shown.heat_map
    assert heat is not None
    rows, columns = heat.shape
    assert heat[rows // 2, columns // 2] > 5 * np.median(heat[:, 0])
    trace = shown.traces.read("movement")
    spectrum = np.abs(np.fft.rfft(trace))
    assert spectrum.argmax() == 25


def test_a_movement_near_the_limit_of_the_frame_rate_is_doubted() -> None:
    shown = measure_video(hand(0.8, 13.0), view=View.OBJECT)
    (frequency,) = (one for one in shown.result.measurements if one.id == "movement_frequency")
    assert frequency.value == pytest.approx(13, abs=0.1)
    assert "17 Hz look alike" in frequency.doubts[0]


def test_a_frame_rate_that_may_be_wrong_makes_every_rate_doubted() -> None:
    video = hand(1.5)
    said = "The frame rate may be wrong: so the name says."
    doubted = Video(
        name="x",
        format="x",
        width=video.width,
        height=video.height,
        times_s=video.times_s,
        source=video.source,
        warnings=(said,),
    )
    shown = measure_video(doubted, view=View.LIMB)
    rates = [one for one in shown.result.measurements if one.id.endswith(("_frequency", "_rate", "_duration"))]
    assert rates
    assert all(said in one.doubts for one in rates)


def test_a_lamp_that_flickers_is_said_and_is_no_movement() -> None:
    room, times = texture(SHAPE), np.arange(150) / RATE
    light = 1 + 0.04 * np.sin(2 * np.pi * 100 * times)
    shown = measure_video(film(lambda number: room * np.float32(light[number]), 150, rate_hz=RATE), view=View.LIMB)
    assert "movement_frequency" not in values(shown)
    assert any("flickers" in warning and "10 Hz" in warning for warning in shown.result.warnings)


def test_a_dark_film_is_refused() -> None:
    with pytest.raises(UnreadableRecordingError, match="too even or too dark"):
        measure_video(film(lambda _: np.full(SHAPE, 5, np.float32), 60, noise_gray=0.5), view=View.LIMB)


def test_a_short_film_is_not_enough_to_answer() -> None:
    shown = measure_video(hand(0.5, n=12), view=View.OBJECT)
    assert "movement_frequency" not in values(shown)
    assert any("Not enough to answer" in warning for warning in shown.result.warnings)


def test_every_trace_has_its_quality() -> None:
    shown = measure_video(hand(1.0), view=View.OBJECT)
    assert {one.channel for one in shown.result.quality} == {one.name for one in shown.traces.channels}


@pytest.mark.parametrize(
    ("tone", "share", "view"),
    [((200, 150, 120), 0.9, View.SKIN), ((120, 80, 60), 0.3, View.LIMB), ((130, 130, 130), 0.9, View.OBJECT)],
)
def test_the_view_is_judged_by_color_and_said(tone: tuple[int, int, int], share: float, view: View) -> None:
    video, rng = hand(1.0, n=60), np.random.default_rng(1)

    class Colored(Drawing):
        def color(self, start: int, stop: int) -> object:  # type: ignore[override]
            for _ in range(start, stop):
                picture: Picture = np.full((*SHAPE, 3), 140, np.uint8)
                picture[:, : int(share * SHAPE[1])] = tone
                yield (picture + rng.integers(0, 5, picture.shape)).astype(np.uint8)

    drawing = video.source
    assert isinstance(drawing, Drawing)
    source = Colored(draw=drawing.draw, noise_gray=1.5, seed=1)
    shown = measure_video(
        Video(name="x", format="x", width=SHAPE[1], height=SHAPE[0], times_s=video.times_s, source=source)  # type: ignore[arg-type]
    )
    assert shown.view is view
    assert any(view.value in warning and "judged" in warning for warning in shown.result.warnings)


def test_the_probability_falls_with_the_chance() -> None:
    chances = [0.0, 1e-9, 1e-3, 0.05, 0.3, 1.0]
    found = [probability_of(chance) for chance in chances]
    assert found == sorted(found, reverse=True)
    assert (found[0], found[-1]) == (1.0, 0.5)


@pytest.mark.shared_data
@pytest.mark.parametrize("hertz", [32, 64])
def test_a_real_fork_is_told(shared_data: Path, hertz: int) -> None:
    video = read_video(shared_data / "video" / f"tuning_hz{hertz}_fps250_50-1_640x420.mp4", frame_rate_hz=250)
    shown = measure_video(video)
    assert shown.view is View.OBJECT
    (frequency,) = (one for one in shown.result.measurements if one.id == "movement_frequency")
    assert frequency.value == pytest.approx(hertz, abs=0.2)
    assert not frequency.doubts


def test_a_film_without_color_says_that_no_skin_was_found_to_twitch() -> None:
    shown = measure_video(hand(1.5), view=View.LIMB)
    assert not shown.result.events or not len(shown.result.events[0])
    assert any("Not enough to answer whether skin twitches" in warning for warning in shown.result.warnings)
    assert any("color of skin" in warning for warning in shown.result.warnings)
    assert "visible_twitch_count" not in values(shown)
