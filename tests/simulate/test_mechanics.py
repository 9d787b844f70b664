"""Sensors read what muscles make of the joint: force sums the units', motion follows it, noise is as the files say."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from twitchwise.simulate import Simulation, parameters_for
from twitchwise.simulate.firing import Firing, MuscleDischarges, fire
from twitchwise.simulate.limb import joint_motion
from twitchwise.simulate.limb.joint import GRAVITY_MPS2
from twitchwise.simulate.loop import LoopResult
from twitchwise.simulate.mechanics import FRAME_RATE_HZ, MOTION_CHANNELS, Mechanics, Pull, mechanical_channels
from twitchwise.simulate.preparation import Prepared
from twitchwise.simulate.twitches.forces import impulses_of, unit_forces_n
from twitchwise.vocabulary.arrays import FloatArray

Simulate = Callable[..., Simulation]
Prepare = Callable[..., Prepared]
NAMES = [name for name, _, _ in MOTION_CHANNELS]
RATE_HZ = 2048.0


@pytest.fixture(scope="module")
def run(prepared: Prepare, silent: dict[str, float]) -> Callable[..., tuple[Prepared, Firing, Mechanics]]:
    """Prepare, fire, and make the mechanics without noise."""

    def made(
        condition: str, duration_s: float = 2.0, *, changes: dict[str, float] | None = None, **setting: str
    ) -> tuple[Prepared, Firing, Mechanics]:
        muscle = prepared(condition, changes={**silent, **(changes or {})}, **setting)
        firing = fire(muscle, duration_s, seed=1)
        return muscle, firing, Mechanics.of(muscle, firing, seed=1)

    return made


Run = Callable[..., tuple[Prepared, Firing, Mechanics]]


def _block(mechanics: Mechanics, duration_s: float = 2.0, rate_hz: float = RATE_HZ) -> dict[str, FloatArray]:
    samples = mechanics.block(0, round(duration_s * rate_hz), rate_hz)
    return dict(zip(NAMES, samples.T, strict=True))


def test_at_rest_the_accelerometer_reads_gravity_and_nothing_else_moves(run: Run) -> None:
    read = _block(run("healthy", changes={"fasciculation_rate_per_min": 0.0})[2])
    assert read.pop("Acc Y") == pytest.approx(np.full(4096, GRAVITY_MPS2))
    for samples in read.values():
        assert np.abs(samples).max() < 1e-9


def test_force_is_the_sum_of_the_forces_of_the_units(run: Run) -> None:
    muscle, firing, mechanics = run("healthy_contraction")
    train = firing.agonist
    each = unit_forces_n(
        impulses_of(train.time_s, train.unit, train.share), muscle.twitches[0], round(2 * RATE_HZ), RATE_HZ
    )
    summed = muscle.parameters["represented_units"] * each.sum(axis=1)
    late = slice(8, None)  # before the first frame ends there is no force yet
    assert summed.max() > 0.01
    assert _block(mechanics)["Force"][late] == pytest.approx(summed[late], abs=2e-3 * summed.max())


@pytest.mark.parametrize("gain", [0.0, 0.02])
def test_only_what_the_loop_does_not_know_is_stepped_again(prepared: Prepare, gain: float) -> None:
    changes = {"fasciculation_rate_per_min": 0.0, "stretch_reflex_gain": gain}
    muscle = prepared("healthy_contraction", changes=changes)
    firing = fire(muscle, 2.0, seed=1)
    train, loop = firing.agonist, firing.loop
    assert loop is not None
    assert Mechanics.of(muscle, replace(firing, agonist=_sent(loop)), seed=1).beyond is None
    weak = np.where(np.arange(len(train)) == len(train) // 2, 0.4, train.share)
    lost = np.arange(len(train)) != len(train) // 3
    changed = replace(
        train, time_s=train.time_s[lost], unit=train.unit[lost], event=train.event[lost], share=weak[lost]
    )
    mechanics = Mechanics.of(muscle, replace(firing, agonist=changed), seed=1)
    assert (mechanics.pull is None) == (gain == 0)
    assert mechanics.beyond is not None
    units = {int(train.unit[len(train) // 2]), int(train.unit[len(train) // 3])}
    assert np.unique(mechanics.beyond.impulses.unit).size == 2 * len(units)
    expected = Pull.of(changed, muscle.twitches[0]).forces_n(0, 2000)
    whole = Pull.of(_sent(loop), muscle.twitches[0]).forces_n(0, 2000)
    assert mechanics.beyond.forces_n(0, 2000) == pytest.approx(expected - whole, abs=1e-5 * float(whole.max()))
    found = mechanics._forces_n(mechanics.beyond.forces_n(0, 2000), 0, 2000)
    assert found == pytest.approx(expected, abs=1e-5 * float(whole.max()))


def _sent(loop: LoopResult) -> MuscleDischarges:
    n = len(loop.agonist)
    return MuscleDischarges(time_s=loop.agonist.time_s, unit=loop.agonist.unit, event=np.full(n, -1), share=np.ones(n))


def test_each_simulated_unit_may_stand_for_many(run: Run) -> None:
    changes = {"fasciculation_rate_per_min": 60.0, "voluntary_drive": 0.0}
    one, many = (
        _block(run("healthy", 10.0, changes={**changes, "represented_units": number})[2], 10.0) for number in (1.0, 5.0)
    )
    assert one["Force"].max() > 1e-3
    assert many["Force"] == pytest.approx(5 * one["Force"])
    assert many["Gyro Z"] == pytest.approx(5 * one["Gyro Z"], abs=1e-9)


@pytest.mark.parametrize("condition", ["healthy_contraction", "parkinson_disease", "benign_fasciculation_syndrome"])
def test_the_turning_that_the_gyroscope_reads_is_the_angle_that_the_accelerometer_leans(
    run: Run, condition: str
) -> None:
    muscle, _, mechanics = run(condition, 6.0, changes={"sensor_arm": 0.0, "fasciculation_rate_per_min": 60.0})
    read = _block(mechanics, 6.0)
    steps = (read["Gyro Z"][1:] + read["Gyro Z"][:-1]) / (2 * RATE_HZ)
    angle = np.concatenate([[0.0], np.cumsum(steps)])
    leaning = np.arcsin(np.clip(read["Acc X"] / GRAVITY_MPS2, -1, 1))
    assert np.ptp(angle) > 1e-5
    assert angle == pytest.approx(leaning - leaning[0], abs=0.01 * np.ptp(angle) + 1e-9)
    assert muscle.parameters["sensor_arm"] == 0


def test_at_rest_the_joint_moves_as_the_force_turns_it(run: Run) -> None:
    changes = {"fasciculation_rate_per_min": 60.0}
    mechanics = run("healthy", 10.0, changes=changes)[2]
    assert mechanics.pull is not None
    tendon_n = mechanics.pull.forces_n(0, 10_000)[1]
    expected = joint_motion(mechanics.joint.moment_arm_m * tendon_n, FRAME_RATE_HZ, mechanics.joint)
    frames = np.interp(np.arange(1, 10_001) / 1000, np.arange(20_480) / RATE_HZ, _block(mechanics, 10.0)["Gyro Z"])
    assert np.abs(expected.velocity_radps).max() > 1e-5
    assert frames[:-1] == pytest.approx(
        expected.velocity_radps[:-1], abs=0.05 * float(np.abs(expected.velocity_radps).max())
    )


def test_what_the_loop_moved_is_what_the_sensors_see_where_nothing_is_added(run: Run) -> None:
    _, firing, mechanics = run("healthy_contraction", changes={"fasciculation_rate_per_min": 0.0})
    assert mechanics.pull is mechanics.beyond is None
    assert firing.loop is not None
    assert firing.loop.motion is not None
    moved = firing.loop.motion.joint.velocity_radps
    frames = np.interp(np.arange(1, 2001) / 1000, np.arange(4096) / RATE_HZ, _block(mechanics)["Gyro Z"])
    assert frames[:-1] == pytest.approx(moved[:-1], abs=0.05 * float(np.abs(moved).max()))


def test_what_fails_at_the_junction_is_taken_from_the_motion_of_the_loop(run: Run) -> None:
    changes = {"fasciculation_rate_per_min": 0.0, "joint_stiffness_per_torque": 0.0}
    muscle, firing, mechanics = run("healthy_contraction", 3.0, changes={**changes, "quantal_content": 20.0})
    assert mechanics.beyond is not None
    tendon_n = Pull.of(firing.agonist, muscle.twitches[0]).forces_n(0, 3000)[1]
    expected = joint_motion(mechanics.joint.moment_arm_m * tendon_n, FRAME_RATE_HZ, mechanics.joint)
    read = np.interp(np.arange(1, 3001) / 1000, np.arange(6144) / RATE_HZ, _block(mechanics, 3.0)["Acc X"])
    angle = np.arcsin(read / GRAVITY_MPS2)  # what turns outward is far below gravity here
    assert firing.loop is not None
    assert firing.loop.motion is not None
    unfailing = float(firing.loop.motion.joint.angle_rad.max())
    assert expected.angle_rad.max() < 0.95 * unfailing
    assert angle[500:-1] == pytest.approx(expected.angle_rad[500:-1], abs=0.02 * unfailing)


@pytest.mark.parametrize(
    ("condition", "changes"),
    [("healthy_contraction", {"axon_blocked_share": 1.0}), ("healthy_contraction", {"quantal_content": 0.0})],
)
def test_a_muscle_that_no_discharge_reaches_gives_no_force_and_does_not_move(
    run: Run, condition: str, changes: dict[str, float]
) -> None:
    read = _block(run(condition, changes={**changes, "fasciculation_rate_per_min": 0.0})[2])
    assert read["Force"] == pytest.approx(0.0, abs=1e-9)
    healthy = _block(run(condition, changes={"fasciculation_rate_per_min": 0.0})[2])
    assert np.std(read["Gyro Z"]) < 0.1 * np.std(healthy["Gyro Z"])


@pytest.mark.parametrize("condition", ["healthy_contraction", "parkinson_disease", "benign_fasciculation_syndrome"])
def test_a_block_that_starts_late_agrees_with_one_that_starts_at_the_beginning(run: Run, condition: str) -> None:
    changes = {"fasciculation_rate_per_min": 60.0}
    mechanics = run(condition, 7.0, changes=changes)[2]
    whole, late = mechanics.block(0, 14_336, RATE_HZ), mechanics.block(12_288, 2048, RATE_HZ)
    for number, name in enumerate(NAMES):
        size = float(np.ptp(whole[:, number]))
        assert late[:, number] == pytest.approx(whole[12_288:, number], abs=2e-3 * size + 1e-9), name


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("rate_hz", [250.0, 10_000.0])
def test_any_sampling_rate_samples_the_same_motion(run: Run, rate_hz: float) -> None:
    mechanics = run("healthy_contraction")[2]
    fine, other = _block(mechanics), _block(mechanics, rate_hz=rate_hz)
    for name, samples in other.items():
        expected = np.interp(np.arange(samples.size) / rate_hz, np.arange(4096) / RATE_HZ, fine[name])
        assert samples[5:-50] == pytest.approx(expected[5:-50], abs=0.01 * float(np.ptp(fine[name])) + 1e-9), name


@pytest.mark.parametrize(
    ("parameter", "names"),
    [
        ("force_sensor_noise", ["Force"]),
        ("accelerometer_noise", ["Acc X", "Acc Y", "Acc Z"]),
        ("gyroscope_noise", ["Gyro X", "Gyro Y", "Gyro Z"]),
    ],
)
def test_noise_is_as_loud_as_the_files_say_and_of_each_axis_its_own(
    simulated: Simulate, parameter: str, names: list[str]
) -> None:
    recording = simulated("healthy", 20.0, changes={"fasciculation_rate_per_min": 0.0}).recording
    read = np.array([recording.read(name) for name in names])
    assert read.std(axis=1) == pytest.approx(np.full(len(names), parameters_for("healthy")[parameter]), rel=0.03)
    if len(names) > 1:
        assert np.abs(np.corrcoef(read) - np.eye(len(names))).max() < 0.03


def test_noise_of_another_block_or_seed_is_another(run: Run) -> None:
    mechanics = replace(run("healthy")[2], force_noise_n=1.0)
    first, again, later = (mechanics._noise(start, 500)[:, 0] for start in (0, 0, 65_536))
    other = replace(mechanics, seed=2)._noise(0, 500)[:, 0]
    assert np.array_equal(first, again)
    for noise in (later, other):
        assert abs(np.corrcoef(first, noise)[0, 1]) < 0.2


def test_the_skin_bulges_while_the_muscle_pulls(run: Run) -> None:
    muscle, _, mechanics = run("healthy_contraction")
    read = _block(mechanics)
    assert read["Skin"].max() > 0
    share = read["Skin"][-200:].mean() / read["Force"][-200:].mean() * muscle.parameters["represented_units"]
    assert share == pytest.approx(muscle.parameters["skin_displacement_per_newton"], rel=0.3)


def test_channels_are_named_and_have_units(run: Run) -> None:
    channels = mechanical_channels(100, 250.0)
    assert [(one.name, one.kind, one.unit) for one in channels] == list(MOTION_CHANNELS)
    assert {(one.n_samples, one.sampling_rate_hz) for one in channels} == {(100, 250.0)}
    assert run("healthy")[2].n_channels == len(channels)


def test_a_load_slows_the_swing_of_the_joint(run: Run) -> None:
    plain, loaded = (run("healthy", changes={"load_mass": mass})[2].joint for mass in (0.0, 1.0))
    assert loaded.resonance_hz < plain.resonance_hz
