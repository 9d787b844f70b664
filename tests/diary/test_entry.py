"""An entry refuses what no day can hold, and says which field is at fault."""

import dataclasses
import datetime as dt
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.diary import Ease, Entry, KeptRecording, Place, Site, place_in
from twitchwise.diary.entry import FIELDS, NUMBERS, WHOLE
from twitchwise.diary.limits import LIMITS, require_within_limits, signs_of
from twitchwise.knowledge import library
from twitchwise.vocabulary import OutOfRangeError, Side

DAY = dt.date(2026, 3, 1)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [-1, math.nan, math.inf, True, "3"])
def test_a_number_that_cannot_be_is_refused_by_its_name(name: str, value: object) -> None:
    with pytest.raises(OutOfRangeError, match=f"^{name} must be"):
        Entry(day=DAY, **{name: value})  # type: ignore[arg-type] # that is what is tried


@pytest.mark.parametrize("name", WHOLE)
def test_a_count_is_whole(name: str) -> None:
    with pytest.raises(OutOfRangeError, match="whole number"):
        Entry(day=DAY, **{name: 1.5})  # type: ignore[arg-type] # that is what is tried


@pytest.mark.parametrize(
    ("name", "value"), [("sleep_hours", 24.1), ("twitch_minutes", 1441), ("exercise_minutes", 2e9)]
)
def test_a_day_has_no_more_hours_than_it_has(name: str, value: float) -> None:
    with pytest.raises(OutOfRangeError, match="a whole day"):
        Entry(day=DAY, **{name: value})  # type: ignore[arg-type] # that is what is tried


@pytest.mark.parametrize("note", ["\x00", "a\x1b[31m", "\x7f", "\ud800", "\r"])
def test_what_is_no_text_is_no_note(note: str) -> None:
    with pytest.raises(OutOfRangeError, match="note must hold no control characters"):
        Entry(day=DAY, note=note)


def test_a_moment_is_not_a_day() -> None:
    with pytest.raises(OutOfRangeError, match="day must be a day"):
        Entry(day=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize("name", LIMITS)
def test_the_most_that_can_be_noted_is_taken_and_one_more_is_not(name: str) -> None:
    known = library()
    most = int(known.value(LIMITS[name]))
    require_within_limits(Entry(day=DAY, **{name: most}), known)  # type: ignore[arg-type] # a field by its name
    with pytest.raises(OutOfRangeError, match=f"^{name} must be at most"):
        require_within_limits(Entry(day=DAY, **{name: most + 1}), known)  # type: ignore[arg-type] # the same


def test_a_note_has_a_longest_length() -> None:
    known = library()
    longest = int(known.value("diary_note_longest"))
    require_within_limits(Entry(day=DAY, note="x" * longest), known)
    with pytest.raises(OutOfRangeError, match="letters"):
        require_within_limits(Entry(day=DAY, note="x" * (longest + 1)), known)


def test_signs_are_findings_that_a_person_can_tell_of() -> None:
    known = library()
    require_within_limits(Entry(day=DAY, findings=("muscle_cramps",)), known)
    for name in ("no_such_sign", "twitch_duration", "fasciculation_rate"):
        with pytest.raises(OutOfRangeError, match=name):
            require_within_limits(Entry(day=DAY, findings=(name,)), known)
    many = tuple(signs_of(known))[: int(known.value("diary_findings_most")) + 1]
    with pytest.raises(OutOfRangeError, match="at most"):
        require_within_limits(Entry(day=DAY, findings=many), known)


@given(st.permutations([Place(Site.CALF, Side.LEFT), Place(Site.CALF), Place(Site.EYELID)]))
def test_the_order_of_places_and_saying_one_twice_make_no_difference(places: list[Place]) -> None:
    entry = Entry(day=DAY, places=(*places, places[0]))
    assert entry == Entry(day=DAY, places=(Place(Site.EYELID), Place(Site.CALF), Place(Site.CALF, Side.LEFT)))


@given(st.builds(Place, st.sampled_from(Site), st.sampled_from([None, Side.LEFT, Side.RIGHT])))
def test_a_place_is_found_by_its_words(place: Place) -> None:
    assert place_in(place.words) == place
    assert place_in(place.words.upper().replace(" ", "_")) == place


@pytest.mark.parametrize("words", ["", "left", "left left calf", "moon", "both calf", "right "])
def test_other_words_are_no_place(words: str) -> None:
    with pytest.raises(OutOfRangeError, match="place must be one of"):
        place_in(words)


def test_only_a_day_of_which_nothing_is_noted_is_empty() -> None:
    assert Entry(day=DAY).is_empty
    noted: dict[str, Any] = dict.fromkeys(NUMBERS, 0) | dict.fromkeys(("hair", "lifting", "eyelids"), Ease.AS_USUAL)
    noted |= {"note": "x", "places": (Place(Site.CALF),), "findings": ("tremor",)}
    assert set(noted) == set(FIELDS)
    for name, value in noted.items():
        assert not dataclasses.replace(Entry(day=DAY), **{name: value}).is_empty


def test_a_recording_has_a_length_and_a_name_that_can_be_shown() -> None:
    with pytest.raises(OutOfRangeError, match="duration_s"):
        KeptRecording(name="a", format="EDF", day=DAY, duration_s=-1)
    with pytest.raises(OutOfRangeError, match="control characters"):
        KeptRecording(name="a\x00", format="EDF", day=DAY, duration_s=1)
