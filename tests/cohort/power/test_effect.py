import pytest

from twitchwise.cohort.power.effect import Effect, effect_of
from twitchwise.vocabulary import OutOfRangeError


@pytest.mark.parametrize(
    ("written", "ratio"), [("30%", 0.7), ("-30 %", 0.7), ("+50%", 1.5), ("0.5%", 0.995), (" 12.5 % ", 0.875)]
)
def test_a_share_is_a_fall_unless_it_has_a_plus(written: str, ratio: float) -> None:
    effect = effect_of(written, None)
    assert effect is not None
    assert effect.ratio == pytest.approx(ratio)


@pytest.mark.parametrize(("written", "per_min"), [("2/min", -2), ("+3 1/min", 3), ("60/h", -1), ("0.5 Hz", -30)])
def test_a_difference_of_rates_is_per_minute(written: str, per_min: float) -> None:
    effect = effect_of(written, None)
    assert effect is not None
    assert effect.difference_of(100.0, is_rate=True) == pytest.approx(per_min)
    assert effect.ratio_of(100.0, is_rate=True) == pytest.approx(1 + per_min / 100)


def test_a_difference_of_another_quantity_keeps_its_own_unit() -> None:
    effect = effect_of("0.5Hz", None)
    assert effect is not None
    assert effect.difference_of(5.0, is_rate=False) == -0.5


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0%", "change must differ from 0"),
        ("0/min", "change must differ from 0"),
        ("100%", "change must leave something"),
        ("much", "change must be such as 30%"),
    ],
)
def test_what_is_no_change_is_refused(written: str, said: str) -> None:
    with pytest.raises(OutOfRangeError, match=said):
        effect_of(written, None)


def test_a_change_is_given_once() -> None:
    with pytest.raises(OutOfRangeError, match="given once"):
        effect_of("30%", 0.7)
    with pytest.raises(OutOfRangeError, match="given once"):
        Effect(ratio=0.7, difference=-1.0)


def test_a_rate_cannot_fall_by_more_than_it_is() -> None:
    effect = effect_of("5/min", None)
    assert effect is not None
    with pytest.raises(OutOfRangeError, match="change must leave more than 0"):
        effect.ratio_of(4.0, is_rate=True)


def test_a_rate_changes_in_units_of_rates() -> None:
    effect = effect_of("5 mm", None)
    assert effect is not None
    with pytest.raises(OutOfRangeError, match="unit 1/min"):
        effect.ratio_of(40.0, is_rate=True)
