"""One value for each participant, visit and side: what is brought together, and what must never be added."""

import numpy as np
import pandas as pd
import pytest

from twitchwise.cohort.questions.values import counts_of, values_of
from twitchwise.vocabulary import OutOfRangeError


def some(**columns: object) -> pd.DataFrame:
    """Return rows of one visit, all alike but for the columns given."""
    lists = {key: value for key, value in columns.items() if isinstance(value, list)}
    filled: dict[str, object] = {
        "recording": "r",
        "participant_id": "sub-1",
        "session": "1",
        "task": "rest",
        "group": "als",
        "channel": "a",
    }
    filled |= {"site": "biceps", "side": "left", "motor_unit": None, "quantity": "q", "unit": "1", "method": "Counted."}
    n = len(next(iter(lists.values())))
    alike = {name: [columns.get(name, value)] * n for name, value in filled.items() if name not in lists}
    return pd.DataFrame({"doubts": [[] for _ in range(n)], **alike, **lists})


def test_channels_of_a_recording_become_their_median_not_their_sum() -> None:
    table = values_of(some(value=[2.0, 3.0, 40.0], channel=["a", "b", "c"]), "q")
    assert table["value"].tolist() == [3.0]
    assert table["n_channels"].tolist() == [3]


@pytest.mark.parametrize(("reduce", "expected"), [("max", 40.0), ("mean", 15.0), ("b", 3.0)])
def test_another_way_to_bring_channels_together_can_be_named(reduce: str, expected: float) -> None:
    rows = some(value=[2.0, 3.0, 40.0], channel=["a", "b", "c"])
    assert values_of(rows, "q", reduce=reduce)["value"].tolist() == [expected]


def test_a_channel_that_is_not_there_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="reduce must be one of median, max, mean, a, got 'z'"):
        values_of(some(value=[1.0]), "q", reduce="z")


def test_recordings_of_one_visit_are_averaged_whatever_the_number_of_their_channels() -> None:
    rows = some(value=[2.0, 2.0, 2.0, 8.0], channel=["a", "b", "c", "a"], recording=["r1", "r1", "r1", "r2"])
    table = values_of(rows, "q")
    assert table["value"].tolist() == [5.0]
    assert table["n_recordings"].tolist() == [2]


def test_sides_stay_apart_and_one_can_be_chosen() -> None:
    rows = some(value=[2.0, 8.0], side=["left", "right"], channel=["a", "b"])
    assert values_of(rows, "q")["value"].tolist() == [2.0, 8.0]
    assert values_of(rows, "q", side="right")["value"].tolist() == [8.0]


def test_a_value_without_a_side_is_kept_as_such() -> None:
    table = values_of(some(value=[2.0], side=[None]), "q")
    assert table["value"].tolist() == [2.0]
    assert table["side"].isna().all()


def test_a_value_of_the_whole_recording_stands_for_its_channels() -> None:
    rows = some(value=[1.0, 5.0, 9.0], channel=[None, "a", "b"])
    assert values_of(rows, "q")["value"].tolist() == [1.0]


def test_motor_units_become_one_value_of_their_channel_unless_it_has_its_own() -> None:
    units = some(value=[1.0, 2.0, 9.0, 4.0], channel=["a", "a", "a", "b"], motor_unit=[1, 2, 3, 1])
    assert values_of(units, "q")["value"].tolist() == [3.0]
    own = some(value=[1.0, 2.0, 7.0], channel=["a", "a", "a"], motor_unit=[1, 2, None])
    assert values_of(own, "q")["value"].tolist() == [7.0]


def test_doubts_are_counted_whether_they_are_used_or_not() -> None:
    rows = some(value=[2.0, 8.0], channel=["a", "b"], doubts=[["short"], []])
    used, left_out = values_of(rows, "q"), values_of(rows, "q", with_doubts=False)
    assert (used["value"].tolist(), used["n_doubted"].tolist(), used["n_left_out"].tolist()) == ([5.0], [1], [0])
    assert (left_out["value"].tolist(), left_out["n_doubted"].tolist(), left_out["n_left_out"].tolist()) == (
        [8.0],
        [0],
        [1],
    )


def test_tasks_of_one_visit_are_not_averaged_but_refused() -> None:
    rows = some(value=[2.0, 8.0], task=["rest", "posture"])
    with pytest.raises(OutOfRangeError, match="task must be one of posture, rest"):
        values_of(rows, "q")
    assert values_of(rows, "q", task="rest")["value"].tolist() == [2.0]
    assert len(values_of(rows, "q", per=("participant_id", "session", "task"))) == 2


def test_several_units_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="unit must be the same for all values, got 1, V"):
        values_of(some(value=[2.0, 8.0], unit=["1", "V"]), "q")


def test_a_missing_column_is_refused_by_name() -> None:
    with pytest.raises(OutOfRangeError, match="must have the column doubts"):
        values_of(some(value=[2.0]).drop(columns="doubts"), "q")


def test_what_makes_a_value_one_must_be_columns() -> None:
    with pytest.raises(OutOfRangeError, match="must have the column visit"):
        values_of(some(value=[2.0]), "q", per=("participant_id", "visit"))


def test_values_of_one_method_are_chosen_by_the_beginning_of_its_sentence() -> None:
    rows = some(value=[2.0, 8.0], method=["Counted by hand.", "Seen."], channel=["a", "b"])
    assert values_of(rows, "q", method="Counted")["value"].tolist() == [2.0]


def test_rows_of_nobody_and_values_of_nothing_are_left_out() -> None:
    rows = some(value=[2.0, 3.0, np.nan], participant_id=[None, "sub-1", "sub-1"], channel=["a", "b", "c"])
    assert values_of(rows, "q")["value"].tolist() == [3.0]


def test_a_quantity_that_was_not_measured_has_no_values() -> None:
    assert len(values_of(some(value=[2.0]), "another")) == 0


def test_a_side_is_counted_on_its_channel_with_most_rest_and_neighbors_are_not_added() -> None:
    rows = some(value=[5.0, 9.0], channel=["a", "b"])
    quality = pd.DataFrame({"recording": ["r", "r"], "channel": ["a", "b"], "rest_s": [60.0, 120.0]})
    table = counts_of(rows, quality, "q")
    assert (table["count"].tolist(), table["minutes"].tolist()) == ([9.0], [2.0])


def test_counts_and_minutes_of_several_recordings_of_a_visit_are_added() -> None:
    rows = some(value=[5.0, 9.0], recording=["r1", "r2"])
    quality = pd.DataFrame({"recording": ["r1", "r2"], "channel": ["a", "a"], "rest_s": [60.0, 120.0]})
    table = counts_of(rows, quality, "q")
    assert (table["count"].tolist(), table["minutes"].tolist(), table["n_recordings"].tolist()) == ([14.0], [3.0], [2])


def test_an_array_that_quality_does_not_know_by_name_has_the_longest_rest_of_its_recording() -> None:
    quality = pd.DataFrame({"recording": ["r", "r"], "channel": ["1", "2"], "rest_s": [60.0, 120.0]})
    assert counts_of(some(value=[5.0], channel="grid"), quality, "q")["minutes"].tolist() == [2.0]


def test_a_count_without_rest_is_left_out() -> None:
    quality = pd.DataFrame({"recording": ["r"], "channel": ["a"], "rest_s": [np.nan]})
    assert len(counts_of(some(value=[5.0]), quality, "q")) == 0


def test_the_tables_of_a_study_give_a_row_for_each_participant_visit_and_side(
    study: "tuple[pd.DataFrame, pd.DataFrame]",
) -> None:
    measurements, quality = study
    rates, counts = values_of(measurements, "fasciculation_rate"), counts_of(measurements, quality)
    assert len(rates) == len(counts) == 14 * 3 * 2
    assert not rates.duplicated(["participant_id", "session", "side"]).any()
