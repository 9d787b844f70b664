"""One seed gives one run, however long and however many beside it."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.simulate.loop import LoopResult, LoopSettings, PoolDischarges, Subject, run, run_many, run_one
from twitchwise.simulate.loop.result import discharges_of, joined
from twitchwise.simulate.units import MotorUnits, draw_units
from twitchwise.vocabulary import OutOfRangeError

Runner = Callable[..., LoopResult]


def _same(one: PoolDischarges, other: PoolDischarges) -> bool:
    return np.array_equal(one.time_s, other.time_s) and np.array_equal(one.unit, other.unit)


def test_a_seed_gives_the_same_run_and_another_seed_another(one_muscle: Runner) -> None:
    first, again, other = (one_muscle(1.0, seed=seed, voluntary_drive=0.3) for seed in (1, 1, 2))
    assert _same(first.agonist, again.agonist)
    assert not _same(first.agonist, other.agonist)


def test_a_longer_run_begins_as_a_shorter_one(one_muscle: Runner) -> None:
    short, longer = (one_muscle(duration, voluntary_drive=0.3) for duration in (1.5, 3.3))
    begun = longer.agonist.time_s <= 1.5
    assert np.array_equal(longer.agonist.time_s[begun], short.agonist.time_s)
    assert np.array_equal(longer.agonist.unit[begun], short.agonist.unit)
    assert short.motion is not None
    assert longer.motion is not None
    np.testing.assert_array_equal(longer.motion.joint.angle_rad[:1500], short.motion.joint.angle_rad)


def test_many_side_by_side_are_what_each_is_alone(parameters: Mapping[str, float]) -> None:
    healthy = LoopSettings.of({**parameters, "voluntary_drive": 0.2})
    subjects = [
        Subject(settings=healthy, agonist=draw_units(parameters, n_units, np.random.default_rng(seed)), seed=seed)
        for seed, n_units in enumerate((30, 40, 20) * 12)
    ]
    together = list(run_many(subjects, duration_s=0.5))
    assert len(together) == len(subjects)
    for number in (0, 1, 34, 35):
        assert together[number].motion is None
        (alone,) = run_many([subjects[number]], duration_s=0.5)
        assert _same(alone.agonist, together[number].agonist)


def test_feedback_side_by_side_is_what_it_is_alone(parameters: Mapping[str, float]) -> None:
    changes = {"voluntary_drive": 0.1, "stretch_reflex_gain": 0.05, "stretch_reflex_threshold": 0.0}
    loop = LoopSettings.of({**parameters, **changes, "twitch_peak_force": 0.6})
    pools = [draw_units({**parameters, "twitch_peak_force": 0.6}, 64, np.random.default_rng(seed)) for seed in (1, 2)]
    subjects = [Subject(settings=loop, agonist=pool, antagonist=pool, seed=seed) for seed, pool in enumerate(pools)]
    for subject, beside in zip(subjects, run_many(subjects, duration_s=2.0), strict=True):
        alone = run(loop, subject.agonist, subject.antagonist, duration_s=2.0, seed=subject.seed)
        assert _same(alone.agonist, beside.agonist)
        assert _same(alone.antagonist, beside.antagonist)


def test_discharges_alone_are_those_of_the_run_with_motion(
    parameters: Mapping[str, float], units: MotorUnits, one_muscle: Runner
) -> None:
    subject = Subject(settings=LoopSettings.of({**parameters, "voluntary_drive": 0.3}), agonist=units, seed=1)
    (alone,) = run_many([subject], duration_s=1.0)
    assert _same(alone.agonist, one_muscle(1.0, voluntary_drive=0.3).agonist)


def test_no_subjects_give_no_results() -> None:
    assert list(run_many([], duration_s=1.0)) == []


def test_a_run_has_the_length_asked_for_and_events_in_order(wrist: Runner) -> None:
    result = wrist(2.4, tremor_drive=0.3, tap_interval=0.5, tap_strength=1.0, voluntary_drive=0.1)
    assert result.duration_s == pytest.approx(2.4)
    assert result.motion is not None
    assert result.motion.drive.shape == (2400, 2)
    assert result.motion.external_torque_nm.shape == result.motion.muscle_torque_nm.shape == (2400,)
    starts = [event.start_s for event in result.events]
    assert starts == sorted(starts)
    assert {str(event.kind) for event in result.events} == {"tremor_cycle", "tap"}
    assert (np.diff(result.agonist.time_s) >= 0).all()
    assert len(result.antagonist) > 0


def test_a_stimulus_makes_every_unit_of_the_agonist_discharge_once(
    parameters: Mapping[str, float], wrist: Runner
) -> None:
    result = wrist(1.0, protocol_start=0.4, stimulus_interval=0.4, stimulus_count=2, stimulus_rate_hz=50.0)
    assert len(result.antagonist) == 0
    assert np.bincount(result.agonist.unit).tolist() == [4] * 64  # two trains of two
    latency = result.agonist.time_s[0] - result.events[0].start_s
    assert latency == pytest.approx(parameters["distal_motor_latency"], abs=0.0005)


def test_a_held_joint_follows_the_motor(one_muscle: Runner) -> None:
    turned = {"protocol_start": 0.3, "stretch_interval": 1.0, "stretch_amplitude": 0.2, "stretch_duration": 0.1}
    result = one_muscle(1.0, **turned, voluntary_drive=0.3)
    assert result.motion is not None
    assert result.motion.joint.angle_rad[450] == pytest.approx(-0.2, abs=1e-4)
    assert result.motion.joint.angle_rad[290] == pytest.approx(0.0, abs=1e-4)


def test_progress_is_told_and_may_break_off(parameters: Mapping[str, float], units: MotorUnits) -> None:
    shares: list[float] = []

    def told(share: float) -> None:
        shares.append(share)
        if len(shares) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_one(Subject(settings=LoopSettings.of(parameters), agonist=units), duration_s=6.0, progress=told)
    assert shares == pytest.approx([1 / 3, 2 / 3])


@pytest.mark.parametrize("duration_s", [0.0, -1.0, 4000.0, float("nan")])
def test_a_length_that_cannot_be_is_refused(one_muscle: Runner, duration_s: float) -> None:
    with pytest.raises(OutOfRangeError, match="duration_s"):
        one_muscle(duration_s)


def test_a_negative_seed_is_refused(one_muscle: Runner) -> None:
    with pytest.raises(OutOfRangeError, match="seed"):
        one_muscle(1.0, seed=-1)


def test_subjects_in_whom_other_parts_work_keep_their_order_and_are_what_each_is_alone(
    parameters: Mapping[str, float], units: MotorUnits
) -> None:
    active = {**parameters, "voluntary_drive": 0.2}
    still, reflex = (LoopSettings.of({**active, "stretch_reflex_gain": gain}) for gain in (0.0, 0.05))
    other = draw_units(parameters, 20, np.random.default_rng(7))
    subjects = [
        Subject(settings=settings, agonist=pool, antagonist=against, seed=seed)
        for seed, (settings, pool, against) in enumerate(
            [(still, units, None), (reflex, other, units), (still, other, units), (reflex, units, None)] * 2
        )
    ]
    together = list(run_many(subjects, duration_s=1.0, motion=True))
    assert len({one.agonist.time_s.tobytes() for one in together}) == len(subjects)
    for subject, beside in zip(subjects, together, strict=True):
        alone = run_one(subject, duration_s=1.0)
        assert _same(alone.agonist, beside.agonist)
        assert _same(alone.antagonist, beside.antagonist)
        assert alone.motion is not None
        assert beside.motion is not None
        np.testing.assert_array_equal(alone.motion.joint.angle_rad, beside.motion.joint.angle_rad)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=30))
def test_codes_are_read_back_in_order_of_time(rows: list[list[int]]) -> None:
    code = np.array(rows, dtype=np.uint8)
    found = discharges_of(code)
    assert len(found) == np.count_nonzero(code)
    assert (np.diff(found.time_s) >= 0).all()
    for unit in range(3):
        frames = np.flatnonzero(code[:, unit])
        np.testing.assert_allclose(found.times_of(unit), frames * 1e-3 + code[frames, unit] * 0.25e-3)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=30), st.data())
def test_codes_that_are_read_in_stretches_give_the_same_discharges(rows: list[list[int]], data: st.DataObject) -> None:
    code = np.array(rows, dtype=np.uint8)
    border = data.draw(st.integers(0, len(rows)))
    parts = [discharges_of(code[:border]), discharges_of(code[border:], border)]
    assert _same(joined(parts), discharges_of(code))
    assert len(joined([])) == 0
