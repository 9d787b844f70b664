"""A code is found again however it is typed, a slip is told at once, and from its hash there is no way back."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from twitchwise.diary.codes import DIGITS, CodeError, check_digit, code_in, in_groups, key_of, new_code

drawn = st.text("0123456789", min_size=DIGITS - 1, max_size=DIGITS - 1)
codes = drawn.map(lambda digits: digits + check_digit(digits))
SALT = b"a salt of a test"


def test_a_new_code_is_six_groups_of_four_digits_and_never_the_same() -> None:
    made = [new_code() for _ in range(200)]
    assert len(set(made)) == 200
    for code in made:
        assert [len(group) for group in code.split(" ")] == [4] * 6
        assert code_in(code) == code.replace(" ", "")


def test_every_digit_is_drawn_at_every_place_but_the_last() -> None:
    made = [code_in(new_code()) for _ in range(600)]
    for place in range(DIGITS):
        assert {code[place] for code in made} == set("0123456789")


@given(codes, st.lists(st.sampled_from(["", " ", "-", ".", "\u00a0", "\n", " - "]), min_size=DIGITS, max_size=DIGITS))
def test_gaps_may_be_anything_or_nothing(code: str, gaps: list[str]) -> None:
    assert code_in("".join(digit + gap for digit, gap in zip(code, gaps, strict=True))) == code
    assert code_in(in_groups(code)) == code


@given(codes, st.sampled_from([0x0660, 0x0966, 0xFF10]))
def test_digits_of_other_scripts_are_the_same_digits(code: str, zero: int) -> None:
    assert code_in("".join(chr(zero + int(digit)) for digit in code)) == code


@given(codes, st.integers(0, DIGITS - 1), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_noticed(code: str, place: int, digit: str) -> None:
    assume(code[place] != digit)
    with pytest.raises(CodeError, match="Look at each group again"):
        code_in(code[:place] + digit + code[place + 1 :])


@given(st.text(max_size=400))
def test_whatever_is_typed_is_a_code_or_one_sentence(typed: str) -> None:
    try:
        assert len(code_in(typed)) == DIGITS
    except CodeError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either is right
        assert not typed.strip() or len(typed.strip()) < 3 or typed.strip() not in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "typed 0"),
        ("12 34", "typed 4"),
        ("9" * 25, "typed 25"),
        ("five", "digits only"),
        ("²" * 24, "digits only"),
    ],
)
def test_what_is_wrong_is_said(typed: str, said: str) -> None:
    with pytest.raises(CodeError, match=said):
        code_in(typed)


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert check_digit("0794") == "5"  # the example of ISO/IEC 7064 for MOD 11,10


def test_a_hash_is_the_same_for_a_code_and_its_database_alone() -> None:
    one, other = code_in(new_code()), code_in(new_code())
    assert key_of(one, SALT) == key_of(one, SALT)
    assert len({key_of(one, SALT), key_of(other, SALT), key_of(one, b"another salt")}) == 3
    assert len(key_of(one, SALT)) == 32
    assert one not in key_of(one, SALT)
