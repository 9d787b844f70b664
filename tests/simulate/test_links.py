from collections.abc import Callable, Iterator
from functools import cache
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from twitchwise.simulate import Setting, Simulation, links, simulate_condition
from twitchwise.simulate.links import Chain, Compared, LinkName, chain_of
from twitchwise.simulate.preparation import prepare
from twitchwise.vocabulary import EventKind, OutOfRangeError, Unit

Chains = Callable[..., Chain]
OWN = (LinkName.ENVIRONMENT, LinkName.AXON, LinkName.JUNCTION, LinkName.TWITCH)


@pytest.fixture(scope="module")
def chains() -> Iterator[Chains]:
    """Chains of a few seconds, each computed once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "AT_WORK_S", 12.0)
        patch.setattr(links, "AT_REST_S", 12.0)
        patch.setattr(links, "LONGEST_S", 12.0)
        yield cache(lambda condition, severity=1.0: chain_of(Setting(condition=condition, severity=severity)))


def number(chain: Chain, link: LinkName, name: str) -> Compared:
    return next(one for one in chain[link].numbers if one.name == name)


def changed_of(chain: Chain) -> set[LinkName]:
    return {link.name for link in chain.links if link.is_changed}


def test_the_links_stand_in_the_order_of_the_chain(chains: Chains) -> None:
    assert [link.name for link in chains("healthy").links] == list(LinkName)


@pytest.mark.parametrize(("condition", "severity"), [("healthy", 1.0), ("myasthenia_gravis", 0.0)])
def test_in_health_and_at_severity_zero_nothing_is_changed(chains: Chains, condition: str, severity: float) -> None:
    chain = chains(condition, severity)
    assert changed_of(chain) == set()
    assert all(one.healthy == one.changed for link in chain.links for one in link.numbers)


def test_what_acts_on_the_junction_alone_changes_it_and_what_comes_after(chains: Chains) -> None:
    chain = chains("myasthenia_gravis")
    assert changed_of(chain) == {LinkName.JUNCTION, LinkName.EMG, LinkName.LIMB}
    fifth = number(chain, LinkName.JUNCTION, "fifth_share")
    assert fifth.unit is Unit.PERCENT
    assert fifth.healthy == pytest.approx(100.0, abs=0.1)
    assert fifth.changed is not None
    assert 0 < fifth.changed < 90
    trace = chain[LinkName.JUNCTION].trace
    assert trace is not None
    assert trace.changed[4] == fifth.changed


def test_what_acts_on_muscle_changes_environment_and_twitch_and_leaves_the_axon(chains: Chains) -> None:
    chain = chains("hypothyroidism")
    assert changed_of(chain) >= {LinkName.ENVIRONMENT, LinkName.TWITCH, LinkName.LIMB}
    assert not changed_of(chain) & {LinkName.AXON, LinkName.JUNCTION}
    slow = number(chain, LinkName.TWITCH, "half_relaxation_time")
    assert slow.healthy is not None
    assert slow.changed is not None
    assert slow.changed > 1.3 * slow.healthy
    assert [one.name for one in chain[LinkName.ENVIRONMENT].numbers] == ["thyroid_hormone_scale"]


def test_fasciculations_are_told_by_the_rate_that_is_expected_and_not_by_a_count_of_seconds(chains: Chains) -> None:
    chain = chains("benign_fasciculation_syndrome")
    assert not changed_of(chain) & set(OWN)
    names = [one.name for one in chain[LinkName.DISCHARGES].numbers]
    assert "fasciculation_rate_per_min" in names
    assert EventKind.FASCICULATION_POTENTIAL not in names
    rate = number(chain, LinkName.DISCHARGES, "fasciculation_rate_per_min")
    assert rate.changed == chain.changed.parameters["fasciculation_rate_per_min"] > (rate.healthy or 0.0)


def test_a_rate_that_is_changed_counts_even_if_nothing_came_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "AT_REST_S", 2.0)
    monkeypatch.setattr(links, "LONGEST_S", 2.0)
    chain = chain_of("benign_fasciculation_syndrome", seed=next(_seeds_of_silence()))
    assert len(chain.changed.discharges) == len(chain.healthy.discharges) == 0
    assert chain[LinkName.DISCHARGES].is_changed
    assert not chain[LinkName.EMG].is_changed


def _seeds_of_silence() -> Iterator[int]:
    """Give seeds with which two seconds pass without a fasciculation; four in five do at these rates."""
    for seed in range(50):
        if not len(simulate_condition("benign_fasciculation_syndrome", duration_s=2.0, seed=seed).discharges):
            yield seed


def test_what_is_rare_is_waited_for_and_what_is_steady_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("AT_WORK_S", 20.0), ("AT_REST_S", 60.0), ("LONGEST_S", 120.0)):
        monkeypatch.setattr(links, name, value)
    assert links._duration_s(Setting(condition="healthy")) == links.AT_REST_S
    assert links._duration_s(Setting(condition="essential_tremor")) == links.AT_WORK_S
    assert links._duration_s(Setting(condition="benign_fasciculation_syndrome")) == links.AT_REST_S
    assert links._duration_s(Setting(condition="hypnic_jerks")) == links.LONGEST_S
    assert links._duration_s(Setting(condition="hypnic_jerks", severity=0.0)) < links.LONGEST_S


def test_an_axon_is_told_in_numbers_and_a_blocked_one_by_its_share(chains: Chains) -> None:
    chain = chains("alkalosis")
    threshold = number(chain, LinkName.AXON, "node_threshold")
    assert threshold.healthy is not None
    assert threshold.changed is not None
    assert threshold.changed < threshold.healthy
    per_minute = number(chain, LinkName.AXON, "ectopic_rate")
    assert per_minute.healthy == pytest.approx(60 * chain.healthy.prepared.axon.ectopic_rate_hz)
    assert "blocked_share" not in {one.name for one in chain[LinkName.AXON].numbers}


def test_axons_that_are_blocked_are_told_first() -> None:
    settings = (Setting(condition="multifocal_motor_neuropathy", severity=severity) for severity in (0.0, 1.0))
    pair = [prepare(setting, seed=1, n_units=10) for setting in settings]
    healthy, changed = (SimpleNamespace(prepared=one, parameters=one.parameters) for one in pair)
    link = links._axon(cast("Simulation", healthy), cast("Simulation", changed))
    assert link.is_changed
    assert link.numbers[0].name == "blocked_share"
    assert link.numbers[0].healthy == 0 < (link.numbers[0].changed or 0)


def test_the_stretch_shown_lies_within_the_recording_and_holds_an_event(chains: Chains) -> None:
    for condition in ("healthy", "hypothyroidism", "benign_fasciculation_syndrome"):
        chain = chains(condition)
        raster, trace = chain[LinkName.DISCHARGES].raster, chain[LinkName.EMG].trace
        assert raster is not None
        assert trace is not None
        for times, units in (raster.healthy, raster.changed):
            assert times.size == units.size
            assert np.all((times >= 0) & (times < raster.duration_s))
        assert trace.x.size == trace.healthy.size == trace.changed.size
        assert trace.x[-1] < links.SHOWN_S
        assert (raster.changed[0].size > 0) == any(len(train) for train in chain.changed.events)


def test_only_the_muscle_under_the_electrodes_is_counted(chains: Chains) -> None:
    chain = chains("hypothyroidism")
    rate = number(chain, LinkName.DISCHARGES, "discharge_rate").changed
    table = chain.changed.discharges
    assert rate == pytest.approx((table.pool == 0).sum() / chain.changed.recording.duration_s)


def test_the_same_seed_gives_the_same_chain_and_another_one_does_not(chains: Chains) -> None:
    first = chains("benign_fasciculation_syndrome")
    again, other = (chain_of("benign_fasciculation_syndrome", seed=seed) for seed in (1, 2))
    for link, same in zip(first.links, again.links, strict=True):
        assert link.numbers == same.numbers
    traces = [chain[LinkName.EMG].trace for chain in (first, again, other)]
    assert traces[0] is not None
    assert traces[1] is not None
    assert traces[2] is not None
    assert np.array_equal(traces[0].changed, traces[1].changed)
    assert not np.array_equal(traces[0].changed, traces[2].changed)


def test_what_cannot_be_simulated_cannot_be_explained() -> None:
    with pytest.raises(OutOfRangeError, match="condition must be"):
        chain_of("the_moon")
