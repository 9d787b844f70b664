"""A text is its English, and remembers enough to be told in another language."""

import copy
import pickle
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.vocabulary.text import (
    ENGLISH,
    Text,
    Tongue,
    capital,
    digits,
    filled_anew,
    listed,
    say,
    say_in,
    say_many,
    together,
    told,
    told_in_all,
)

GERMAN = {
    "{count} twitch": "{count} Zuckung",
    "{count} twitches": "{count} Zuckungen",
    "{what} for {time_s:.1f} s": "{time_s:.1f} s lang {what}",
    "a twitch": "eine Zuckung",
    "direction|right": "rechts",
    "right": "richtig",
    "{all_but_last} and {last}": "{all_but_last} und {last}",
    ", ": ", ",
}


@dataclass
class German:
    def sentence(self, context: str, one: str, many: str, count: int | None) -> str:
        english = ENGLISH.sentence(context, one, many, count)
        return GERMAN.get(f"{context}|{english}" if context else english, english)

    def digits(self, english: str) -> str:
        return english.translate(str.maketrans(",.", ".,"))


TONGUE: Tongue = German()


@pytest.mark.parametrize(
    ("text", "english", "german"),
    [
        (say("a twitch"), "a twitch", "eine Zuckung"),
        (
            say("{what} for {time_s:.1f} s", what=say("a twitch"), time_s=2.54),
            "a twitch for 2.5 s",
            "2,5 s lang eine Zuckung",
        ),
        (say_many("{count} twitch", "{count} twitches", count=1), "1 twitch", "1 Zuckung"),
        (say_many("{count} twitch", "{count} twitches", count=1200), "1200 twitches", "1200 Zuckungen"),
        (say_in("direction", "right"), "right", "rechts"),
        (say("right"), "right", "richtig"),
        (digits("1,234.5"), "1,234.5", "1.234,5"),
        (together([say("a twitch"), "note", 3], ", "), "a twitch, note, 3", "eine Zuckung, note, 3"),
        (capital(say("a twitch")), "A twitch", "Eine Zuckung"),
        (say("{number}", number=0.5), "0.5", "0,5"),
        (say("{year}", year=2026), "2026", "2026"),
        (say("{many:,}", many=1200), "1,200", "1.200"),
        (say("{text:>4}|", text="ab"), "  ab|", "  ab|"),
    ],
)
def test_a_text_is_its_english_and_is_told_in_another_language(text: Text, english: str, german: str) -> None:
    assert text == english
    assert told(text, TONGUE) == german
    assert told(text, ENGLISH) == english


def test_an_enumeration_is_told_whole() -> None:
    assert listed([]) == ""
    assert listed(["one"]) == "one"
    assert told(listed([say("a twitch"), "x", "y"]), TONGUE) == "eine Zuckung, x und y"


def test_what_a_person_typed_stays_as_it_is() -> None:
    assert told("a twitch", TONGUE) == "a twitch"
    assert told(say("{what} for {time_s:.1f} s", what="a twitch", time_s=1.0), TONGUE) == "1,0 s lang a twitch"
    assert say("{note}", note="{time_s} of {x}") == "{time_s} of {x}"


@pytest.mark.parametrize(
    "made",
    [
        say("{what} for {time_s:.1f} s", what=say("a twitch"), time_s=2.5),
        together([say("a twitch"), capital(say("right"))]),
        say_many("{count} twitch", "{count} twitches", count=2),
    ],
)
def test_a_text_survives_a_copy_and_the_way_to_another_process(made: Text) -> None:
    for other in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):  # noqa: S301 - what was dumped here
        assert other == made
        assert told(other, TONGUE) == told(made, TONGUE)


def test_plain_strings_in_a_text_are_changed_and_its_own_words_are_not() -> None:
    inner = say("{name} was seen: {rest}.", name="a_b", rest=together(["c_d", 3], "; "))
    changed = filled_anew(capital(inner), lambda name: name.replace("_", " "))
    assert changed == "A b was seen: c d; 3."
    assert filled_anew(digits("1.5"), str.upper) == "1.5"
    assert filled_anew("a_b", lambda name: name.replace("_", " ")) == "a b"


def test_what_goes_into_json_is_told_at_any_depth() -> None:
    value = {"a": [say("a twitch"), ("x", 1, None)], "b": {"c": say("right")}}
    assert told_in_all(value, lambda text: told(text, TONGUE)) == {
        "a": ["eine Zuckung", ["x", 1, None]],
        "b": {"c": "richtig"},
    }


@given(st.text(), st.text(), st.floats(allow_nan=False, allow_infinity=False), st.integers())
def test_the_english_of_a_text_is_what_formatting_gives(one: str, other: str, number: float, count: int) -> None:
    template = "{one} {number:.3f} {other}: {count}"
    values = {"one": one, "other": other, "number": number, "count": count}
    assert say(template, **values) == template.format(**values)
    assert capital(one) == one[:1].upper() + one[1:]
    assert together([one, other]) == f"{one} {other}"
