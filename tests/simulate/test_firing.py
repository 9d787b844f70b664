"""All discharges of a muscle: what the cell bodies, the axons and the junctions each have a hand in."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate import Setting, known_conditions, parameters_for
from twitchwise.simulate.ectopic import Kind
from twitchwise.simulate.firing import (
    FROM_THE_CELL_BODY,
    FROM_THE_JUNCTION,
    FiberDischarges,
    MuscleDischarges,
    _with_room,
    fire,
    is_active,
    joined_at_the_muscle,
    limits_of,
)
from twitchwise.simulate.loop import LoopResult
from twitchwise.simulate.preparation import Prepared

Prepare = Callable[..., Prepared]
FASCICULATING = [
    name
    for name in known_conditions()
    if not is_active(cast("Prepared", SimpleNamespace(parameters=parameters_for(name))))
    and parameters_for(name)["fasciculation_rate_per_min"]
    > parameters_for(Setting(condition=name, severity=0.0))["fasciculation_rate_per_min"]
]


def _central(train: MuscleDischarges) -> MuscleDischarges:
    return _some(train, train.event == FROM_THE_CELL_BODY)


def _some(train: MuscleDischarges, which: "np.typing.NDArray[np.bool_]") -> MuscleDischarges:
    return MuscleDischarges(
        time_s=train.time_s[which], unit=train.unit[which], event=train.event[which], share=train.share[which]
    )


def _same(mine: MuscleDischarges, theirs: MuscleDischarges) -> bool:
    return all(
        np.array_equal(getattr(mine, name), getattr(theirs, name)) for name in ("time_s", "unit", "event", "share")
    )


def _of_fibers(prepared: Prepared, duration_s: float, seed: int) -> FiberDischarges:
    return fire(prepared, duration_s, seed=seed).fibers()


def _before(train: MuscleDischarges, end_s: float) -> MuscleDischarges:
    return _some(train, train.time_s < end_s)


@pytest.mark.parametrize(
    ("scene", "active"),
    [("rest", False), ("contraction", True), ("posture", True), ("nerve_stimulation", True), ("tendon_tap", True)],
)
def test_the_loop_runs_where_the_scene_sets_motor_neurons_or_nerve_to_work(
    prepared: Prepare, scene: str, *, active: bool
) -> None:
    muscle = prepared("healthy", scene=scene)
    assert is_active(muscle) == active
    assert (fire(muscle, 0.1, seed=1).loop is not None) == active


@pytest.mark.parametrize("condition", ["healthy_contraction", "amyotrophic_lateral_sclerosis", "parkinson_disease"])
def test_discharges_are_in_order_and_of_units_that_there_are(prepared: Prepare, condition: str) -> None:
    muscle = prepared(condition)
    firing = fire(muscle, 4.0, seed=2)
    pools = [(firing.agonist, muscle.agonist)]
    if muscle.antagonist is not None:
        pools.append((firing.antagonist, muscle.antagonist))
    for train, units in pools:
        assert (np.diff(train.time_s) >= 0).all()
        assert (train.time_s >= 0).all()
        assert set(train.unit) <= set(range(len(units)))
        assert ((train.share >= 0) & (train.share <= 1)).all()
        assert len({len(train), train.unit.size, train.event.size, train.share.size}) == 1


def test_in_a_healthy_contraction_every_discharge_comes_from_a_cell_body_and_reaches_every_fiber(
    prepared: Prepare,
) -> None:
    muscle = prepared("healthy_contraction", changes={"fasciculation_rate_per_min": 0.0})
    train = fire(muscle, 3.0, seed=1).agonist
    assert len(train) > 20
    assert (train.event == FROM_THE_CELL_BODY).all()
    assert train.share.mean() > 0.999


def test_at_rest_nothing_fires_but_what_is_ectopic(prepared: Prepare) -> None:
    firing = fire(prepared("benign_fasciculation_syndrome"), 300.0, seed=1)
    assert len(firing.agonist) > 3
    assert set(firing.agonist.event) - {FROM_THE_JUNCTION} == set(range(len(firing.ectopic.label)))
    assert len(firing.antagonist) == 0


@pytest.mark.parametrize("condition", ["benign_fasciculation_syndrome", "peripheral_nerve_hyperexcitability"])
@given(st.integers(0, 2**63), st.floats(0.0, 20.0))
def test_one_seed_gives_one_train(prepared: Prepare, condition: str, seed: int, duration_s: float) -> None:
    one, other = (fire(prepared(condition), duration_s, seed=seed).agonist for _ in range(2))
    assert _same(one, other)
    assert one.time_s.max(initial=0.0) <= duration_s


@pytest.mark.parametrize("condition", ["benign_fasciculation_syndrome", "peripheral_nerve_hyperexcitability"])
@given(st.integers(0, 2**63), st.floats(0.0, 6.0), st.floats(0.0, 6.0))
def test_at_rest_a_longer_run_begins_as_a_shorter_one(
    prepared: Prepare, condition: str, seed: int, short_s: float, more_s: float
) -> None:
    short, longer = (
        fire(prepared(condition), duration_s, seed=seed).agonist for duration_s in (short_s, short_s + more_s)
    )
    assert _same(short, _before(longer, short_s))


def test_in_action_a_longer_run_begins_as_a_shorter_one(prepared: Prepare) -> None:
    muscle = prepared("parkinson_disease")
    long, short = (fire(muscle, duration_s, seed=3) for duration_s in (3.0, 1.7))
    assert _same(_central(short.agonist), _before(_central(long.agonist), 1.7))
    assert _same(short.antagonist, _before(long.antagonist, 1.7))


def test_blocked_axons_silence_their_units_and_leave_the_others_as_they_are(prepared: Prepare) -> None:
    whole, half, none = (
        fire(prepared("healthy_contraction", changes={"axon_blocked_share": share}), 3.0, seed=4)
        for share in (0.0, 0.5, 1.0)
    )
    left, all_units = (set(_central(one.agonist).unit) for one in (half, whole))
    assert set() < left < all_units
    kept = np.isin(whole.agonist.unit, sorted(left))
    assert np.array_equal(whole.agonist.time_s[kept], half.agonist.time_s)
    assert len(_central(none.agonist)) == 0


@given(st.integers(0, 2**63), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_block_holds_every_unit_of_a_smaller_one(
    prepared: Prepare, seed: int, one: float, other: float
) -> None:
    muscle = prepared("healthy", scene="nerve_stimulation")
    loop = LOOPS.setdefault("loop", fire(muscle, 0.1, seed=1).loop)
    silent = []
    for share in sorted((one, other)):
        blocked = SimpleNamespace(
            parameters={**muscle.parameters, "axon_blocked_share": share},
            agonist=muscle.agonist,
            antagonist=None,
        )
        agonist = joined_at_the_muscle(cast("Prepared", blocked), loop, 0.1, seed=seed).agonist
        silent.append(set(range(len(muscle.agonist))) - set(agonist.unit))
    assert silent[0] <= silent[1]


LOOPS: dict[str, LoopResult | None] = {}


def test_a_block_near_the_cell_body_does_not_hold_what_arises_in_the_axon(prepared: Prepare) -> None:
    changes = {"axon_blocked_share": 1.0}
    assert len(fire(prepared("benign_fasciculation_syndrome", changes=changes), 300.0, seed=1).agonist) > 3


def test_a_junction_that_fails_lets_fewer_fibers_fire(prepared: Prepare) -> None:
    shares = [
        fire(prepared("healthy_contraction", changes={"quantal_content": quanta}), 3.0, seed=4).agonist.share.mean()
        for quanta in (60.0, 20.0, 5.0)
    ]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.99
    assert shares[-1] < 0.7


def test_blocks_and_failing_junctions_act_on_the_antagonist_too(prepared: Prepare) -> None:
    whole, blocked, failing = (
        fire(prepared("healthy_contraction", scene="posture", changes=changes), 3.0, seed=4)
        for changes in ({}, {"axon_blocked_share": 0.5}, {"quantal_content": 5.0})
    )
    assert set() < set(blocked.antagonist.unit) < set(whole.antagonist.unit)
    assert set(blocked.antagonist.unit) != set(blocked.agonist.unit)
    assert failing.antagonist.share.mean() < 0.7
    assert whole.antagonist.share.mean() > 0.99
    assert not np.array_equal(failing.antagonist.share[:20], failing.agonist.share[:20])


def test_a_contraction_is_as_strong_with_few_units(prepared: Prepare) -> None:
    torques = []
    for n_units in (16, 120):
        muscle = prepared("healthy_contraction", n_units=n_units, changes={"voluntary_ramp_time": 0.2})
        loop = fire(muscle, 1.5, seed=1).loop
        assert loop is not None
        assert loop.motion is not None
        torques.append(loop.motion.muscle_torque_nm[700:].mean())
    assert torques[0] == pytest.approx(torques[1], rel=0.12)


@pytest.mark.parametrize(
    ("condition", "kinds"),
    [
        ("healthy", set()),
        ("benign_fasciculation_syndrome", set()),
        ("amyotrophic_lateral_sclerosis", {Kind.FIBRILLATION}),
        ("myotonic_dystrophy", {Kind.MYOTONIC_DISCHARGE}),
    ],
)
def test_single_fibers_fire_by_themselves_where_the_condition_has_it(
    prepared: Prepare, condition: str, kinds: set[Kind]
) -> None:
    fibers = _of_fibers(prepared(condition, scene="rest"), 20.0, seed=1)
    assert set(fibers.train.kind) == kinds
    assert fibers.share.shape == (len(fibers),)
    assert (len(fibers) > 0) == bool(kinds)


MIXED = {"fibrillating_fibers": 3.0, "myotonic_run_rate_per_min": 15.0, "myotonic_run_duration": 1.0}


@given(st.integers(0, 2**63), st.floats(0.0, 6.0), st.floats(0.0, 6.0))
def test_single_fibers_begin_a_longer_run_as_a_shorter_one(
    prepared: Prepare, seed: int, short_s: float, more_s: float
) -> None:
    muscle = prepared("healthy", changes=MIXED)
    short, longer = (_of_fibers(muscle, duration_s, seed) for duration_s in (short_s, short_s + more_s))
    n = len(short)
    for name in ("time_s", "unit", "event"):
        assert np.array_equal(getattr(short.train, name), getattr(longer.train, name)[:n])
    assert np.array_equal(short.share, longer.share[:n])
    assert short.train.kind == longer.train.kind[: len(short.train.kind)]
    assert (longer.train.time_s[n:] >= short_s).all()


def test_what_single_fibers_do_leaves_motor_units_as_they_are(prepared: Prepare) -> None:
    for scene in ("rest", "contraction"):
        without, with_them = (
            fire(prepared("benign_fasciculation_syndrome", scene=scene, changes=changes), 2.0, seed=1)
            for changes in ({}, MIXED)
        )
        assert _same(without.agonist, with_them.agonist)
        assert len(with_them.fibers()) > len(without.fibers()) == 0


@pytest.mark.parametrize("severity", [0.5, 2.0])
def test_runs_leave_pauses_however_often_they_are_to_come(prepared: Prepare, severity: float) -> None:
    muscle = prepared("myotonic_dystrophy", scene="rest", severity=severity)
    train = _of_fibers(muscle, 120.0, seed=1).train
    starts_s = train.time_s[np.unique(train.event, return_index=True)[1]]
    owners = train.unit[np.unique(train.event, return_index=True)[1]]
    pauses = [np.diff(starts_s[owners == fiber]).min() for fiber in np.unique(owners)]
    assert min(pauses) > muscle.parameters["myotonic_run_duration"]


def test_what_only_a_needle_records_is_said(prepared: Prepare) -> None:
    muscle = prepared("healthy", n_units=round(parameters_for("healthy")["pool_units"]), changes=MIXED)
    (said,) = limits_of(muscle, 3.0)
    what = "fibrillation potentials and myotonic runs of single muscle fibers"
    assert said == f"Only a needle records {what}: they are left out here."
    assert list(limits_of(muscle, 3.0, at_needle=True)) == []


def test_what_a_run_does_not_show_is_said(prepared: Prepare) -> None:
    whole = prepared("healthy", scene="tendon_tap", n_units=round(parameters_for("healthy")["pool_units"]))
    assert list(limits_of(whole, 3.0)) == []
    (too_short,) = limits_of(whole, 0.9)
    assert "first tap" in too_short
    (few,) = limits_of(prepared("healthy", n_units=30), 3.0)
    assert few == "30 motor units are drawn instead of 120: force and torque count each 4 times, the EMG is that of 30."


def test_fibers_that_fire_twice_are_told_apart(prepared: Prepare) -> None:
    condition = "organophosphate_poisoning"
    train = fire(prepared(condition), 4.0, seed=1).agonist
    again = train.event == FROM_THE_JUNCTION
    assert again.any()
    assert (train.share[again] > 0).all()


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("condition", FASCICULATING)
@pytest.mark.parametrize("n_units", [1, 5])
@pytest.mark.usefixtures("equal_units_are_calibrated_once")
def test_the_smallest_muscle_fasciculates(prepared: Prepare, condition: str, n_units: int) -> None:
    firing = fire(prepared(condition, n_units=n_units), 600.0, seed=1)
    assert len(firing.agonist) > 0
    assert set(firing.agonist.unit) <= set(range(n_units))


def test_there_are_conditions_that_fasciculate() -> None:
    assert {"amyotrophic_lateral_sclerosis", "benign_fasciculation_syndrome"} <= set(FASCICULATING)


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@given(st.floats(0, 10), st.floats(1, 3600), st.integers(1, 500))
def test_cramps_leave_pauses_however_often_they_are_to_come(
    rate_per_min: float, lasting_s: float, n_units: int
) -> None:
    named = {**parameters_for("healthy"), "cramp_rate_per_min": rate_per_min, "cramp_duration": lasting_s}
    values = _with_room(named, n_units)
    assert values["cramp_rate_per_min"] * lasting_s <= 0.9 * 60 * (1 + 1e-9)
    assert values["cramp_rate_per_min"] <= rate_per_min
    assert values["fasciculating_units"] <= n_units
    if rate_per_min * lasting_s < 50:
        assert values["cramp_rate_per_min"] == rate_per_min


def test_progress_is_told_and_may_break_off(prepared: Prepare) -> None:
    told: list[float] = []
    fire(prepared("healthy_contraction"), 3.0, seed=1, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0

    def stop(share: float) -> None:
        raise KeyboardInterrupt(share)

    with pytest.raises(KeyboardInterrupt):
        fire(prepared("healthy_contraction"), 3.0, seed=1, progress=stop)
