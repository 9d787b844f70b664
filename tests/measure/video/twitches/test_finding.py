"""Visible twitches are found, timed, placed and counted, and nothing else is."""

from dataclasses import replace

import numpy as np
import pytest
from tests.measure.video.twitches.fields import BLOCK, COLUMNS, ROWS, a_field, course

from twitchwise.measure.video.twitches import FoundTwitches, find_twitches
from twitchwise.measure.video.twitches.candidates import found_by_law
from twitchwise.measure.video.twitches.course import LocalMovement
from twitchwise.measure.video.twitches.doubts import doubts_of
from twitchwise.measure.video.twitches.evenly import made_even
from twitchwise.measure.video.twitches.scene import twitch_scene
from twitchwise.measure.video.twitches.settings import twitch_settings
from twitchwise.vocabulary import EventKind, Unit

TWITCHES = [(3.0, 0.4, 100.0, 90.0), (6.5, 0.6, 180.0, 60.0), (11.2, 0.8, 100.0, 90.0), (15.1, 0.5, 60.0, 140.0)]
pytestmark = pytest.mark.no_cover


def value(found: FoundTwitches, name: str) -> float:
    return next(one.value for one in found.measurements if one.id == name)


@pytest.mark.parametrize("rate_hz", [30.0, 60.0])
def test_twitches_are_found_timed_within_a_frame_and_placed_within_a_block(rate_hz: float) -> None:
    found = find_twitches(a_field(TWITCHES, rate_hz=rate_hz))
    assert found.events.kind is EventKind.VISIBLE_TWITCH
    assert found.events.peak_s == pytest.approx([one[0] for one in TWITCHES], abs=1 / rate_hz)
    assert np.abs(found.events.place - [one[2:] for one in TWITCHES]).max() < BLOCK
    assert found.events.peak == pytest.approx([one[1] for one in TWITCHES], rel=0.3)
    assert (found.events.start_s < found.events.peak_s).all() & (found.events.end_s > found.events.peak_s).all()
    assert (found.events.probability > 0.9).all()


def test_count_rate_and_course_come_with_intervals_that_hold_the_truth() -> None:
    found = find_twitches(a_field(TWITCHES))
    by_name = {one.id: one for one in found.measurements}
    assert by_name["visible_twitch_count"].value == 4
    assert by_name["visible_twitch_rate"].value == pytest.approx(4 * 60 / found.looked_s)
    assert by_name["visible_twitch_rate"].unit is Unit.PER_MINUTE
    assert by_name["visible_twitch_contraction_time"].value == pytest.approx(0.06, abs=0.03)
    assert by_name["visible_twitch_half_relaxation_time"].value == pytest.approx(0.07, abs=0.035)
    assert by_name["visible_twitch_interval"].value == pytest.approx(3.9, abs=0.5)
    assert by_name["visible_twitch_size"].unit is Unit.PIXEL
    assert found.looked_s == pytest.approx(19.4, abs=0.5)
    assert "4 visible twitches" in found.summary


@pytest.mark.parametrize("seed", range(4))
def test_without_a_twitch_none_is_seen_and_what_could_have_been_is_said(seed: int) -> None:
    found = find_twitches(a_field([], seed=seed))
    rate = next(one for one in found.measurements if one.id == "visible_twitch_rate")
    assert len(found.events) == 0
    assert (rate.value, rate.low) == (0, 0)
    assert rate.high == pytest.approx(3.0 * 60 / found.looked_s, rel=0.01)
    assert 0 < value(found, "visible_twitch_least_size") < 0.5
    assert "no twitch seen" in found.summary


def test_what_is_said_to_be_visible_is_found_and_a_third_of_it_is_not() -> None:
    least = value(find_twitches(a_field([])), "visible_twitch_least_size")
    peaks = np.arange(2.0, 19.0, 2.1)
    count = [
        len(find_twitches(a_field([(peak, size * least, 120.0, 90.0) for peak in peaks])).events)
        for size in (1.0, 0.33)
    ]
    assert count[0] >= 0.9 * peaks.size
    assert count[1] <= 0.2 * peaks.size


def test_the_louder_the_noise_the_larger_the_least_twitch() -> None:
    least = [value(find_twitches(a_field([], noise_px=noise)), "visible_twitch_least_size") for noise in (0.03, 0.1)]
    assert least[1] > 1.05 * least[0]


def test_movement_of_the_whole_picture_is_no_twitch() -> None:
    assert len(find_twitches(a_field([], shake_px=10.0)).events) == 0
    assert len(find_twitches(a_field([], tremor=(5.0, 3.0))).events) == 0


def test_uneven_times_change_nothing() -> None:
    found = find_twitches(a_field(TWITCHES, uneven=True))
    assert found.events.peak_s == pytest.approx([one[0] for one in TWITCHES], abs=1.5 / 30)


def test_blocks_that_come_and_go_and_a_new_reference_are_no_twitches() -> None:
    field = a_field([])
    shift = field.shift_px.copy()
    shift[200:260, :COLUMNS] = np.nan
    shift[400:, ::2] += 1.5
    found = find_twitches(replace(field, shift_px=shift, joins=(400,)))
    assert len(found.events) == 0


def test_slow_movements_are_told_apart_and_said() -> None:
    field = a_field([])
    shift = field.shift_px.copy()
    slow = np.exp(-np.square((field.times_s - 10) / 0.5) / 2)
    near = np.exp(-np.square(np.hypot(*(field.centers_px - 100).T) / 25) / 2)
    shift[..., 0] += (6 * slow[:, np.newaxis] * near).astype(np.float32)
    found = find_twitches(replace(field, shift_px=shift))
    assert len(found.events) <= 1


def test_movements_as_even_as_a_pulse_are_doubted() -> None:
    found = find_twitches(a_field([(5 + 0.9 * beat, 1.2, 100.0, 90.0) for beat in range(6)], width_px=18.0))
    assert len(found.events) == 6
    assert any("pulse" in doubt for one in found.measurements for doubt in one.doubts)


def test_large_movements_may_be_blinks() -> None:
    movement = LocalMovement(
        start_s=1.0,
        peak_s=1.1,
        end_s=1.3,
        contraction_s=0.1,
        half_relaxation_s=0.1,
        size_px=14.0,
        place_px=(10.0, 10.0),
        width_px=30.0,
        beside=0.8,
        surprise=100.0,
    )
    (doubt,) = doubts_of([movement], 256.0, twitch_settings())
    assert "may be a blink" in doubt
    assert list(doubts_of([replace(movement, size_px=2.0)], 256.0, twitch_settings())) == []


def test_the_heat_map_is_hottest_where_it_twitches() -> None:
    found = find_twitches(a_field([(5.0, 1.5, 104.0, 88.0)]))
    assert found.heat_map.shape == (ROWS, COLUMNS)
    assert np.abs(np.subtract(np.unravel_index(found.heat_map.argmax(), (ROWS, COLUMNS)), (5, 6))).max() <= 1


def test_too_short_a_film_and_too_little_texture_are_not_enough_to_answer() -> None:
    short = find_twitches(a_field([], seconds=2.0))
    field = a_field([])
    noise = field.noise_px.copy()
    noise[5:] = np.inf
    bare = find_twitches(replace(field, noise_px=noise, least_noise_px=np.empty(0)))
    for found in (short, bare):
        assert found.measurements == ()
        assert len(found.events) == 0
        assert found.warnings[0].startswith("Not enough to answer")


def test_progress_is_told_to_the_end() -> None:
    told: list[float] = []
    find_twitches(a_field([], seconds=8.0), progress=told.append)
    assert told[-1] == 1.0


def test_fine_grids_are_pooled() -> None:
    field = a_field(TWITCHES)
    fine = np.repeat(np.repeat(np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS), 4, axis=0), 4, axis=1).ravel()
    y, x = np.mgrid[: 4 * ROWS, : 4 * COLUMNS] * (BLOCK / 4) + (BLOCK / 4 - 1) / 2
    found = find_twitches(
        replace(
            field,
            rows=4 * ROWS,
            columns=4 * COLUMNS,
            block_px=BLOCK / 4,
            centers_px=np.stack([x.ravel(), y.ravel()], axis=1),
            shift_px=field.shift_px[:, fine],
            noise_px=field.noise_px[fine],
            least_noise_px=np.empty(0),
        )
    )
    assert all(np.abs(found.events.peak_s - one[0]).min() < 1 / 30 for one in TWITCHES)


def test_a_movement_in_one_picture_alone_is_no_twitch() -> None:
    field = a_field([(14.0, 0.8, 180.0, 60.0)])
    shift = field.shift_px.copy()
    near = np.exp(-np.square(np.hypot(*(field.centers_px - [100.0, 90.0]).T) / 25) / 2)
    shift[150, :, 0] += (1.0 * near).astype(np.float32)
    found = find_twitches(replace(field, shift_px=shift))
    assert found.events.peak_s == pytest.approx([14.0], abs=1 / 30)


def test_skin_that_is_drawn_together_is_one_twitch_in_its_middle() -> None:
    field = a_field([])
    shift = field.shift_px.copy()
    away = (field.centers_px - [120.0, 95.0]) / 30
    drawn = -1.2 * np.exp(0.5) * away[:, 0] * np.exp(-np.square(away).sum(axis=1) / 2)
    shift[..., 0] += (course(field.times_s - 8.0)[:, np.newaxis] * drawn).astype(np.float32)
    found = find_twitches(replace(field, shift_px=shift))
    assert found.events.peak_s == pytest.approx([8.0], abs=1 / 30)
    assert np.abs(found.events.place - [120.0, 95.0]).max() < BLOCK


def test_a_wide_twitch_is_one_twitch() -> None:
    found = find_twitches(a_field([(8.0, 2.5, 128.0, 96.0)], width_px=55.0))
    assert found.events.peak_s == pytest.approx([8.0], abs=1 / 30)


def test_where_it_twitched_before_less_is_needed() -> None:
    scene = twitch_scene(made_even(a_field([])), lambda _: None)
    surprise = np.where(scene.surprise > 0, np.float32(1.0), np.float32(0))
    surprise[::3, 5, 6] += np.random.default_rng(1).exponential(1.0, surprise[::3, 5, 6].size).astype(np.float32)
    surprise[100, 5, 6] = 60
    law = found_by_law(replace(scene, surprise=surprise), 0.1)[1]
    assert law is not None
    between = law.threshold(0.1) - 1
    surprise[250, 5, 6], surprise[400, 6, 11] = between, between
    found, _ = found_by_law(replace(scene, surprise=surprise), 0.1)
    assert [one.sample for one in found] == [100, 250]


def test_blocks_at_the_edge_that_leave_the_picture_bend_nothing() -> None:
    field = a_field([], shake_px=12.0)
    shift = field.shift_px.copy()
    gone = (np.arange(field.times_s.size) // 40 % 3 == 0)[:, np.newaxis] & (field.centers_px[:, 1] < 2 * BLOCK)
    shift[gone] = np.nan
    found = find_twitches(replace(field, shift_px=shift))
    assert len(found.events) == 0


def test_a_film_whose_skin_is_lost_most_of_the_time_is_not_answered() -> None:
    field = a_field([(5.0, 1.0, 100.0, 90.0)])
    shift = field.shift_px.copy()
    shift[::2] = np.nan
    found = find_twitches(replace(field, shift_px=shift))
    assert (len(found.events), found.measurements) == (0, ())
    assert "could be followed most of the time" in found.summary


def test_skin_that_is_lost_most_of_the_time_is_one_sentence_and_no_count() -> None:
    seen = a_field([(5.0, 2.0, 120.0, 90.0)])
    shift = seen.shift_px.copy()
    shift[np.arange(len(shift)) % 10 > 1] = np.nan
    found = find_twitches(replace(seen, shift_px=shift))
    assert not found.measurements
    assert len(found.events) == 0
    assert found.summary.startswith("Not enough to answer whether skin twitches")
