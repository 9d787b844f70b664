from collections.abc import Callable
from dataclasses import replace

import pytest

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema.published_range import RATE_ALONE
from twitchwise.report import recording_as_html, recording_as_json, recording_as_text
from twitchwise.report.places import places_of
from twitchwise.report.recording.ranges import HOW_TO_GET, all_ranges, figures_of, ranges_beside, ranges_note
from twitchwise.vocabulary import Electrode

Printed = Callable[..., str]
WithMuscle = Callable[[str], ExaminedRecording]


def test_without_a_muscle_no_range_is_shown_and_one_line_says_how_to_get_them(
    gridded: ExaminedRecording, known: Library, printed: Printed, page: str
) -> None:
    assert all_ranges(gridded, known) == ()
    assert ranges_note(gridded, places_of(gridded)[0], known) == HOW_TO_GET
    text = " ".join(printed(recording_as_text(gridded)).split())
    assert text.count("Published ranges differ by muscle") == 1
    assert HOW_TO_GET.partition("'")[0].strip() in " ".join(page.split())
    assert recording_as_json(gridded)["published_ranges"] == []


def test_a_range_is_of_the_same_quantity_muscle_and_electrodes(with_muscle: WithMuscle, known: Library) -> None:
    biceps = with_muscle("biceps_brachii")
    shown = ranges_beside(biceps, places_of(biceps)[0], known)
    assert shown
    assert {one.published.quantity for one in shown} == {"fasciculation_rate"}
    assert {one.published.muscle for one in shown} == {"biceps_brachii"}
    assert {one.published.electrode for one in shown} == {"high_density_surface"}
    assert {one.measurement.value for one in shown} == {2.8}


def test_where_only_other_electrodes_were_published_nothing_is_shown_and_that_is_said(
    with_muscle: WithMuscle, known: Library
) -> None:
    hand = with_muscle("first_dorsal_interosseous")
    place = places_of(hand)[0]
    assert ranges_beside(hand, place, known) == ()
    note = ranges_note(hand, place, known)
    assert "No published range is known of what was measured with a high-density surface grid." in note
    assert "must not be held against it" in note


def test_of_a_muscle_that_nothing_was_published_of_that_is_said(with_muscle: WithMuscle, known: Library) -> None:
    jaw = with_muscle("masseter")
    assert ranges_note(jaw, places_of(jaw)[0], known).endswith("measured with a high-density surface grid.")


def test_a_muscle_that_the_file_names_is_told_with_its_words(gridded: ExaminedRecording, known: Library) -> None:
    place = places_of(gridded)[0]
    sited = replace(place, channels=tuple(replace(one, site="Biceps") for one in place.channels))
    assert ranges_note(gridded, sited, known).startswith(
        "Muscle: Upper arm (biceps brachii), from 'Biceps' in the file. "
    )


def test_where_nothing_says_what_touches_the_muscle_ranges_of_all_electrodes_are_shown(
    with_muscle: WithMuscle, known: Library
) -> None:
    shin = with_muscle("tibialis_anterior")
    place = places_of(shin)[0]
    unknown = replace(place, channels=tuple(replace(one, electrode=Electrode.UNKNOWN) for one in place.channels))
    shown = ranges_beside(shin, unknown, known)
    assert {one.published.electrode for one in shown} == {"surface", "needle"}


def test_the_caveat_and_the_source_stand_wherever_a_range_stands(
    with_muscle: WithMuscle, known: Library, printed: Printed
) -> None:
    biceps = with_muscle("biceps_brachii")
    biceps = replace(biceps, result=replace(biceps.result, potentials=(), events=()))
    text, page = (" ".join(one.split()) for one in (printed(recording_as_text(biceps)), recording_as_html(biceps)))
    given = recording_as_json(biceps)["published_ranges"]
    assert isinstance(given, list)
    shown = all_ranges(biceps, known)
    assert len(given) == len(shown)
    for one, out in zip(shown, given, strict=True):
        assert out["caveat"] == one.published.caveat
        assert out["sources"]
        assert (out["channel"], out["quantity"]) == ("grid", "fasciculation_rate")
        for told in (text, page):
            assert RATE_ALONE.rstrip(".").lower() in told.lower()
            assert one.caveat in told
            assert one.citations[0].short in told
            assert one.label in told


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rate_first_dorsal_interosseous_als", "median 17.4 per minute"),
        ("isolated_units_share_thenar_healthy", "never more than 1%"),
        ("isolated_share_thenar_healthy", "10%"),
    ],
)
def test_figures_say_what_they_are(known: Library, name: str, said: str) -> None:
    assert figures_of(known.ranges[name]) == said


def test_figures_with_a_spread_say_what_the_ends_are_in_one_unit(known: Library) -> None:
    said = figures_of(known.ranges["amplitude_tibialis_anterior_als_full"])
    assert said == "mean 561 µV, 123 to 1,480 µV (whole range)"


def test_every_published_range_can_be_told(known: Library) -> None:
    for one in known.ranges.values():
        assert figures_of(one)
        assert "None" not in figures_of(one)
