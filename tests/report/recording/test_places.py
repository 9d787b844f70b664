from collections.abc import Callable
from dataclasses import replace

import pytest

from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge import Library
from twitchwise.report.places import CHANNELS_SHOWN, left_out, muscle_of, places_of, shown_places
from twitchwise.vocabulary import Electrode, Measurement, Unit


def test_a_grid_is_one_place_that_holds_its_electrodes(gridded: ExaminedRecording) -> None:
    (place,) = places_of(gridded)
    assert (place.name, len(place.channels), place.is_array) == ("grid", 16, True)
    assert place.holds("grid")
    assert place.holds("g3")
    assert not place.holds("force")
    assert not place.holds(None)
    assert left_out(gridded) == ""


def test_channels_that_were_measured_one_by_one_are_places_of_their_own(gridded: ExaminedRecording) -> None:
    alone = tuple(replace(one, channel="g1") for one in gridded.result.measurements if one.channel == "grid")
    result = replace(gridded.result, measurements=alone, rest={})
    places = places_of(replace(gridded, result=result))
    assert [place.name for place in places] == [f"g{number}" for number in range(16)]


def test_a_channel_that_was_refused_is_no_place(gridded: ExaminedRecording) -> None:
    quality = (replace(gridded.result.quality[0], usable=False, reason="It is flat."), *gridded.result.quality[1:])
    (place,) = places_of(replace(gridded, result=replace(gridded.result, quality=quality)))
    assert "g0" not in [channel.name for channel in place.channels]


def test_of_many_places_those_with_the_highest_rates_are_shown_in_the_order_of_the_file(
    gridded: ExaminedRecording,
) -> None:
    rates = tuple(
        Measurement(id="fasciculation_rate", value=v, low=v, high=v, unit=Unit.PER_MINUTE, method="x", channel=f"g{n}")
        for n, v in ((9, 1.0), (2, 5.0), (11, 2.0), (4, 3.0), (5, 4.0), (6, 6.0), (7, 0.5))
    )
    many = replace(gridded, result=replace(gridded.result, measurements=rates, rest={}))
    assert [place.name for place in shown_places(many)] == ["g2", "g4", "g5", "g6", "g9", "g11"]
    assert left_out(many).startswith(f"{CHANNELS_SHOWN} channels are shown here")
    assert left_out(many).endswith("the JSON has the other 10.")


@pytest.mark.parametrize(
    ("electrode", "array", "called"),
    [
        (Electrode.SURFACE, True, "high_density_surface"),
        (Electrode.SURFACE, False, "surface"),
        (Electrode.NEEDLE, False, "needle"),
        (Electrode.UNKNOWN, False, None),
    ],
)
def test_electrodes_are_called_as_published_ranges_call_them(
    gridded: ExaminedRecording, *, electrode: Electrode, array: bool, called: str | None
) -> None:
    place = places_of(gridded)[0]
    channels = tuple(replace(one, electrode=electrode) for one in place.channels)
    assert replace(place, channels=channels if array else channels[:1]).electrode == called


def test_the_muscle_is_that_which_a_person_named_else_the_files(
    gridded: ExaminedRecording, with_muscle: Callable[[str], ExaminedRecording], known: Library
) -> None:
    place = places_of(gridded)[0]
    sited = replace(place, channels=(replace(place.channels[0], site="Tibialis anterior"),))
    assert muscle_of(gridded, place, known) is None
    assert muscle_of(gridded, sited, known) == "tibialis_anterior"
    assert muscle_of(with_muscle("soleus"), sited, known) == "soleus"
