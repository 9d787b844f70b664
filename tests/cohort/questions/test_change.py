"""Who has changed: against the detectable change, and by exact tests of counts."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from twitchwise.cohort.questions.change import changes_of, changes_of_counts
from twitchwise.cohort.questions.reliability import reliability
from twitchwise.cohort.questions.values import counts_of, values_of
from twitchwise.vocabulary import OutOfRangeError

Tables = tuple[pd.DataFrame, pd.DataFrame]
RATE = "fasciculation_rate"


def test_a_change_is_beyond_when_it_is_larger_than_the_limit_that_is_given(study: Tables) -> None:
    found = changes_of(study[0], RATE, start="1", end="3", mdc=2.0)
    assert (found.n_participants, found.n_changes, found.mdc, found.unit) == (14, 28, 2.0, "1/min")
    for one in found.changes:
        assert one.beyond == (abs(one.end - one.start) > 2.0)
        assert one.change.high - one.change.low == pytest.approx(4.0)
    assert found.n_beyond == sum(one.beyond for one in found.changes)


def test_the_limit_comes_from_the_repeats_of_each_side_of_the_stable_group(study: Tables) -> None:
    found = changes_of(study[0], RATE, start="1", end="3", repeats=("1", "2"), stable_group="control")
    values = values_of(study[0], RATE)
    stable = values[(values["group"] == "control") & values["session"].isin(["1", "2"])]
    wide = stable.pivot_table(index=["participant_id", "side"], columns="session", values="value")
    assert found.mdc == pytest.approx(reliability(wide).mdc95.value)
    assert "28 values of 14 participants and sides of the group control at 1, 2" in found.mdc_from


def test_those_who_rise_are_told_from_those_who_do_not(study: Tables) -> None:
    found = changes_of(study[0], RATE, start="1", end="3", repeats=("1", "2"), stable_group="control")
    beyond = {name: [one.beyond for one in found.changes if one.group == name] for name in ("als", "control")}
    assert np.mean(beyond["als"]) > 0.5
    assert np.mean(beyond["control"]) < 0.2


def test_the_mean_change_counts_each_participant_once(study: Tables) -> None:
    found = changes_of(study[0], RATE, start="1", end="3", mdc=1.0)
    people = pd.DataFrame({"who": [one.participant for one in found.changes]}).assign(
        change=[one.change.value for one in found.changes]
    )
    means = people.groupby("who")["change"].mean()
    assert found.mean.value == pytest.approx(means.mean())
    half = 2.160369 * means.std() / np.sqrt(14)  # Student's t with 13 degrees of freedom
    assert found.mean.high == pytest.approx(means.mean() + half, rel=1e-5)


def test_going_back_turns_every_change_around(study: Tables) -> None:
    there, back = (changes_of(study[0], RATE, start=a, end=b, mdc=2.0) for a, b in (("1", "3"), ("3", "1")))
    for one, other in zip(there.changes, back.changes, strict=True):
        assert one.change.value == pytest.approx(-other.change.value)
        assert one.beyond == other.beyond


def test_participants_with_one_visit_are_left_out_and_told(study: Tables) -> None:
    rows = study[0][~((study[0]["participant_id"] == "sub-03") & (study[0]["session"] == "3"))]
    found = changes_of(rows, RATE, start="1", end="3", mdc=2.0)
    assert found.n_participants == 13
    assert "1 participant with only one of the two visits left out." in found.warnings


def test_repeats_that_are_the_visits_compared_are_told(study: Tables) -> None:
    found = changes_of(study[0], RATE, start="1", end="3", repeats=("1", "3"))
    assert any("a real change is taken for error" in one for one in found.warnings)


def test_repeats_that_nobody_has_give_no_limit_and_nobody_has_changed(study: Tables) -> None:
    found = changes_of(study[0], RATE, start="1", end="3", repeats=("8", "9"))
    assert (found.mdc, found.n_beyond) == (None, 0)
    assert any("Reliability needs at least 2 participants" in one for one in found.warnings)


@pytest.mark.parametrize("choice", [{}, {"repeats": ("1", "2"), "mdc": 1.0}])
def test_the_limit_must_come_from_one_place(study: Tables, choice: dict[str, object]) -> None:
    with pytest.raises(OutOfRangeError, match="Either repeats or mdc must be given"):
        changes_of(study[0], RATE, start="1", end="3", **choice)  # type: ignore[arg-type]


def test_a_visit_that_is_not_there_is_refused(study: Tables) -> None:
    with pytest.raises(OutOfRangeError, match="session must be one of 1, 2, 3, got '7'"):
        changes_of(study[0], RATE, start="1", end="7", mdc=1.0)


def test_counts_are_compared_by_participant_and_those_who_rise_are_found(study: Tables) -> None:
    found = changes_of_counts(counts_of(*study), start="1", end="3", repeats=("1", "2"), stable_group="control")
    assert (found.as_ratio, found.mdc, found.n_changes) == (True, None, 28)
    beyond = {name: [one.beyond for one in found.changes if one.group == name] for name in ("als", "control")}
    assert np.mean(beyond["als"]) > 0.5
    assert np.mean(beyond["control"]) < 0.2
    for one in found.changes:
        assert one.p_value is not None
        assert one.beyond == (one.p_value < 0.05) == (not one.change.holds(1.0))
    assert found.mean.low > 1


def test_with_the_same_rates_fewer_minutes_call_fewer_changed(study_of: Callable[..., Tables]) -> None:
    counts = counts_of(*study_of(20))
    short = counts.assign(count=counts["count"] / 5, minutes=counts["minutes"] / 5)
    many, few = (changes_of_counts(one, start="1", end="3").n_beyond for one in (counts, short))
    assert few < many


def test_over_dispersion_that_is_given_widens_every_interval(study: Tables) -> None:
    counts = counts_of(*study)
    exact = changes_of_counts(counts, start="1", end="3", over_dispersion=0.0)
    wide = changes_of_counts(counts, start="1", end="3", over_dispersion=0.5)
    assert wide.n_beyond < exact.n_beyond
    assert all(one.change.high > other.change.high for one, other in zip(wide.changes, exact.changes, strict=True))
    assert "given" in wide.mdc_from


def test_without_repeats_it_is_said_that_counts_are_taken_for_events_at_random(study: Tables) -> None:
    found = changes_of_counts(counts_of(*study), start="1", end="3")
    assert any("taken for events at random" in one for one in found.warnings)
    with pytest.raises(OutOfRangeError, match="Either repeats or over_dispersion must be given"):
        changes_of_counts(counts_of(*study), start="1", end="3", repeats=("1", "2"), over_dispersion=0.1)


def test_a_participant_without_any_event_has_not_changed() -> None:
    counts = pd.DataFrame({"participant_id": ["a", "a"], "session": ["1", "2"], "side": ["left", "left"]})
    counts = counts.assign(group="als", count=0.0, minutes=5.0)
    found = changes_of_counts(counts, start="1", end="2")
    assert not found.changes[0].beyond
    assert not found.changes[0].change.known
    assert not found.mean.known


def test_limits_below_nothing_are_refused(study: Tables) -> None:
    with pytest.raises(OutOfRangeError, match=r"mdc must be a finite number above 0, got -1\.0"):
        changes_of(study[0], RATE, start="1", end="3", mdc=-1.0)
    with pytest.raises(OutOfRangeError, match="over_dispersion must be a finite number of at least 0"):
        changes_of_counts(counts_of(*study), start="1", end="3", over_dispersion=-0.1)
