"""Pools that are calibrated together get what each would get alone."""

from dataclasses import fields, replace

import numpy as np
import pytest

from twitchwise.simulate import parameters_for
from twitchwise.simulate.twitches import TwitchCoefficients, coefficients_of, together, twitches_of
from twitchwise.simulate.twitches.together import _calibrated, _merged
from twitchwise.simulate.units import MotorUnits, draw_units

PARAMETERS = parameters_for("healthy")
SLOW = {**PARAMETERS, "calcium_uptake_scale": 0.5}


def _pool(seed: int, n_units: int) -> MotorUnits:
    return draw_units(PARAMETERS, n_units, np.random.default_rng(seed))


def _close(mine: TwitchCoefficients, theirs: TwitchCoefficients) -> None:
    for name, one, other in zip(TwitchCoefficients._fields, mine, theirs, strict=True):
        assert np.asarray(one) == pytest.approx(np.asarray(other), rel=1e-6), name


def test_every_pool_of_every_run_gets_what_it_would_get_alone() -> None:
    pools = [_pool(seed, n_units) for seed, n_units in ((1, 3), (2, 5), (3, 1), (4, 2))]
    found = twitches_of([(PARAMETERS, (pools[0], pools[1])), (SLOW, (pools[2],)), (PARAMETERS, (pools[3],))])
    assert [len(one) for one in found] == [2, 1, 1]
    for (parameters, pool), mine in zip(
        [(PARAMETERS, pools[0]), (PARAMETERS, pools[1]), (SLOW, pools[2]), (PARAMETERS, pools[3])],
        [*found[0], *found[1], *found[2]],
        strict=True,
    ):
        _close(mine, coefficients_of(pool, parameters))


def test_runs_that_differ_in_what_does_not_matter_are_calibrated_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def counted(units: MotorUnits, parameters: dict[str, float]) -> TwitchCoefficients:
        calls.append(len(units))
        return coefficients_of(units, parameters)

    monkeypatch.setattr(together, "coefficients_of", counted)
    twitches_of([(PARAMETERS, (_pool(5, 2),)), ({**PARAMETERS, "tremor_drive": 1.0}, (_pool(6, 3),))])
    assert calls == [5]


def test_the_same_units_are_not_calibrated_again_though_they_are_drawn_anew() -> None:
    twitches_of([(PARAMETERS, (_pool(7, 2),))])
    before = _calibrated.cache_info().misses
    again = twitches_of([(PARAMETERS, (_pool(7, 2),))])
    assert _calibrated.cache_info().misses == before
    assert len(again[0][0].content) == 2
    other = replace(_pool(7, 2), contraction_time_s=1.01 * _pool(7, 2).contraction_time_s)
    assert not np.array_equal(twitches_of([(PARAMETERS, (other,))])[0][0].content, again[0][0].content)
    assert _calibrated.cache_info().misses == before + 1


def test_merged_pools_are_one_pool_in_the_order_of_its_thresholds() -> None:
    pools = (_pool(1, 3), _pool(2, 4))
    thresholds = np.concatenate([pool.recruitment_threshold for pool in pools])
    merged = _merged(pools, np.argsort(thresholds, kind="stable"))
    assert len(merged) == 7
    for one in fields(MotorUnits):
        both = np.concatenate([getattr(pool, one.name) for pool in pools])
        assert sorted(getattr(merged, one.name)) == sorted(both)


def test_no_runs_need_no_twitches() -> None:
    assert twitches_of([]) == []
