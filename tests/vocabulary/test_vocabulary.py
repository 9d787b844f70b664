"""What the shared words promise."""

import json
import math
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise import vocabulary
from twitchwise.vocabulary import (
    KnowledgeError,
    Measurement,
    MissingExtraError,
    OutOfRangeError,
    TwitchwiseError,
    Unit,
    Urgency,
)
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

FLOATS = st.floats(allow_nan=True, allow_infinity=True)


@given(FLOATS)
def test_positive_means_finite_and_above_zero(value: float) -> None:
    if math.isfinite(value) and value > 0:
        require_positive("x", value)
    else:
        with pytest.raises(OutOfRangeError, match=r"x must be a finite number above 0, got .+\."):
            require_positive("x", value)


@given(FLOATS)
def test_not_negative_means_finite_and_at_least_zero(value: float) -> None:
    if math.isfinite(value) and value >= 0:
        require_not_negative("x", value)
    else:
        with pytest.raises(OutOfRangeError, match=r"x must be a finite number of at least 0, got .+\."):
            require_not_negative("x", value)


@given(FLOATS)
def test_within_includes_both_ends_and_no_nan(value: float) -> None:
    if 0 <= value <= 1:
        require_within("x", value, 0, 1)
    else:
        with pytest.raises(OutOfRangeError, match=r"x must lie in \[0, 1\], got .+\."):
            require_within("x", value, 0, 1)


def _measurement(**changes: Any) -> Measurement:  # noqa: ANN401 - any field of a measurement
    fields: dict[str, Any] = {
        "id": "rate",
        "value": 2.0,
        "low": 1.0,
        "high": 3.0,
        "unit": Unit.PER_MINUTE,
        "method": "m",
    }
    return Measurement(**(fields | changes))


def test_a_measurement_keeps_its_interval_and_may_be_without_channel_or_doubt() -> None:
    measurement = _measurement()
    assert (measurement.low, measurement.value, measurement.high) == (1.0, 2.0, 3.0)
    assert (measurement.channel, measurement.doubts) == (None, ())


def test_not_seen_is_zero_with_an_upper_bound() -> None:
    assert _measurement(value=0.0, low=0.0).high == 3.0


@pytest.mark.parametrize("name", ["value", "low", "high"])
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_measurement_is_finite(name: str, number: float) -> None:
    with pytest.raises(OutOfRangeError, match="rate must be finite"):
        _measurement(**{name: number})


@pytest.mark.parametrize("value", [0.5, 3.5])
def test_a_measurement_lies_in_its_interval(value: float) -> None:
    with pytest.raises(OutOfRangeError, match="rate must lie in its interval"):
        _measurement(value=value)


@given(st.lists(st.sampled_from(Urgency), min_size=1))
def test_the_greater_urgency_wins(levels: list[Urgency]) -> None:
    assert all(max(levels) >= level for level in levels)


def test_urgencies_rise_from_self_care_to_emergency() -> None:
    assert [urgency.word for urgency in sorted(Urgency)] == ["self_care", "routine", "soon", "same_day", "emergency"]


def test_a_unit_reads_as_it_stands_in_json() -> None:
    assert json.loads(json.dumps({"unit": Unit.METER_PER_SECOND_SQUARED})) == {"unit": "m/s2"}
    assert Unit("V") is Unit.VOLT


def test_every_refusal_is_one_family() -> None:
    errors = [getattr(vocabulary, name) for name in vocabulary.__all__ if name.endswith("Error")]
    assert len(errors) >= 7
    assert all(issubclass(error, TwitchwiseError) for error in errors)


def test_a_value_out_of_range_is_a_value_error_too() -> None:
    assert issubclass(OutOfRangeError, ValueError)


def test_a_knowledge_error_names_file_line_and_key() -> None:
    error = KnowledgeError("a.yaml", 3, "findings[2]", "must be known.")
    assert str(error) == "a.yaml, line 3, findings[2]: must be known."
    assert (error.file, error.line, error.path, error.rule) == ("a.yaml", 3, "findings[2]", "must be known.")
    assert str(KnowledgeError("a.yaml", 0, "", "must exist.")) == "a.yaml, line 0, whole file: must exist."


def test_a_missing_extra_says_how_to_install_it() -> None:
    error = MissingExtraError("Reading WFDB records", "wfdb")
    assert error.extra == "wfdb"
    assert "pip install 'twitchwise[wfdb]'" in str(error)


@pytest.mark.parametrize(
    "error",
    [
        MissingExtraError("Reading WFDB records", "wfdb"),
        KnowledgeError("a.yaml", 3, "findings[2]", "must be known."),
        OutOfRangeError("x must be 1, got 2."),
    ],
)
def test_a_refusal_of_another_process_arrives_as_it_was(error: TwitchwiseError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - just written
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_every_public_name_is_there() -> None:
    assert all(hasattr(vocabulary, name) for name in vocabulary.__all__)
    assert vocabulary.__all__ == sorted(vocabulary.__all__)
    assert {FloatArray, IntArray, BoolArray}


@pytest.mark.parametrize("unit", list(Unit))
def test_every_unit_can_stand_in_a_sentence(unit: Unit) -> None:
    expected = {Unit.ONE: "", Unit.DAY: "days", Unit.PER_MINUTE: "per minute", Unit.VOLT: "V"}
    assert unit.words == expected.get(unit, unit.words)
    assert unit.words.strip() == unit.words
