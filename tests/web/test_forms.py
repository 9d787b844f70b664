import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from twitchwise.assess import Question
from twitchwise.knowledge.schema import Finding
from twitchwise.vocabulary import Sex
from twitchwise.web.forms import (
    FormRefusedError,
    number_in,
    read_checklist,
    read_choice,
    read_number,
    read_person,
    read_sampling_rate,
    read_text,
    read_told,
    text_of,
)


def numeric(**bounds: float) -> Finding:
    asked = {"question": "How many days?", **bounds}
    content = {"id": "days", "label": "d", "plain": "d", "kind": "history", "answer": "number", "unit": "day"}
    return msgspec.convert({**content, "asked": asked}, Finding)


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0.0), ("007", 7.0), ("1.5", 1.5), ("1,5", 1.5), ("123456789", 123456789.0)]
)
def test_plain_numbers_are_read(text: str, number: float) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "nan", "inf", "1e9", "0x10", "1_000", "1.", ".5", "٣", "½", "1 2", "9" * 10]
)
def test_what_is_no_plain_number_is_not_read(text: str) -> None:
    assert number_in(text) is None


@given(st.text())
def test_a_number_that_is_read_is_finite_and_not_negative(text: str) -> None:
    number = number_in(text)
    assert number is None or (math.isfinite(number) and number >= 0)


@pytest.mark.parametrize(
    ("form", "person"),
    [
        ({}, (None, None)),
        ({"age": " 44 ", "sex": "female"}, (44.0, Sex.FEMALE)),
        ({"age": "0", "sex": "skip"}, (0.0, None)),
        ({"age": "130", "sex": "male"}, (130.0, Sex.MALE)),
    ],
)
def test_age_and_sex_may_be_given_or_not(form: dict[str, str], person: tuple[float | None, Sex | None]) -> None:
    assert read_person(FormData(form)) == person


@pytest.mark.parametrize(
    ("form", "field"),
    [({"age": "131"}, "age"), ({"age": "old"}, "age"), ({"sex": "Female"}, "sex"), ({"sex": "x"}, "sex")],
)
def test_an_age_or_sex_that_cannot_be_is_named(form: dict[str, str], field: str) -> None:
    with pytest.raises(FormRefusedError) as refused:
        read_person(FormData(form))
    assert refused.value.error.field == field


CHECKLIST = Question(id="c", text="Which?", help=None, findings=(numeric(), numeric()), worth=0)


@given(ticked=st.lists(st.sampled_from(["days", "none", "not_assessed", "x"]) | st.text(max_size=5)))
def test_a_checklist_is_answered_whole_or_refused(ticked: list[str]) -> None:
    form = FormData([("answer", value) for value in ticked])
    if len(set(ticked)) == 1 and ticked[0] in {"days", "none", "not_assessed"}:
        expected = {"days": "present", "none": "absent"}.get(ticked[0], "not_assessed")
        assert read_checklist(form, CHECKLIST) == {"days": expected}
    else:
        with pytest.raises(FormRefusedError, match="Tick"):
            read_checklist(form, CHECKLIST)


@given(st.text())
def test_own_words_hold_letters_and_lines_alone(text: str) -> None:
    kept = read_text(FormData({"text": text}))
    assert all(letter.isprintable() or letter == "\n" for letter in kept)
    assert read_text(FormData({"text": kept})) == kept


def test_agreeing_to_nothing_is_an_answer() -> None:
    assert read_told(FormData({})) == frozenset()
    assert read_told(FormData([("told", "a"), ("told", "b")])) == {"a", "b"}


@pytest.mark.parametrize("answer", ["", "yes", "PRESENT", "true"])
def test_only_the_offered_answers_are_taken(answer: str) -> None:
    with pytest.raises(FormRefusedError, match="Choose"):
        read_choice(FormData({"answer": answer}))


@pytest.mark.parametrize(("text", "kept"), [("40", "40"), ("0", "0"), ("1,5", "1.5"), ("99999.25", "99999.25")])
def test_a_number_is_kept_in_plain_digits(text: str, kept: str) -> None:
    assert read_number(FormData({"answer": text}), numeric()) == kept


def test_not_knowing_a_number_is_an_answer() -> None:
    assert read_number(FormData({"unknown": "not_assessed"}), numeric()) == "not_assessed"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Do one of the two"),
        ({"answer": "3", "unknown": "not_assessed"}, "Do one of the two"),
        ({"answer": "three"}, "from 1 to 10, such as 1"),
        ({"answer": "0"}, "from 1 to 10, such as 1"),
        ({"answer": "11"}, "from 1 to 10, such as 1"),
    ],
)
def test_a_number_that_does_not_fit_is_refused_with_what_would(form: dict[str, str], said: str) -> None:
    with pytest.raises(FormRefusedError, match=said):
        read_number(FormData(form), numeric(least=1, most=10))


def test_without_an_upper_bound_the_refusal_names_none() -> None:
    with pytest.raises(FormRefusedError, match="of at least 0, such as 1"):
        read_number(FormData({"answer": "x"}), numeric())


def test_a_sampling_rate_may_be_given_or_not() -> None:
    assert read_sampling_rate(FormData({})) is None
    assert read_sampling_rate(FormData({"sampling_rate_hz": "1000"})) == 1000
    for text in ("0", "fast"):
        with pytest.raises(FormRefusedError, match="above 0"):
            read_sampling_rate(FormData({"sampling_rate_hz": text}))


def test_a_missing_field_reads_as_empty() -> None:
    assert text_of(FormData({}), "answer") == ""
