"""What recordings show becomes findings; what they do not show, or show doubtfully, becomes none."""

from dataclasses import replace

import pytest

from twitchwise.assess import Case, Observation
from twitchwise.examine import ExaminedRecording
from twitchwise.examine.observed import denied_warnings, doubt_warnings, observed_in
from twitchwise.knowledge import Library, library
from twitchwise.knowledge.schema.finding import Measured
from twitchwise.measure import RecordingMeasurements
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, FindingState, Measurement, Side, Unit

REST_TREMOR = "rest_tremor"
BY = "rest_tremor_probability"


def tremor(value: float = 0.99, low: float = 0.97, *, doubts: tuple[str, ...] = ()) -> Measurement:
    return Measurement(id=BY, value=value, low=low, high=1.0, unit=Unit.ONE, method="x", channel="wrist", doubts=doubts)


def examined(*measurements: Measurement, site: str | None = None, side: Side | None = None) -> ExaminedRecording:
    channel = Channel(
        name="wrist",
        kind=ChannelKind.ACCELERATION,
        unit=Unit.METER_PER_SECOND_SQUARED,
        sampling_rate_hz=100,
        n_samples=1,
    )
    recording = Recording(name="x", format="x", channels=(channel,), source=ArraySource([[0.0]]))  # type: ignore[list-item]
    result = RecordingMeasurements(measurements=measurements, events=(), quality=(), rest={})
    return ExaminedRecording(recording=recording, result=result, site=site, side=side)


@pytest.fixture(scope="module")
def known() -> Library:
    """Return the real knowledge with one finding that a recording can show."""
    found = library()
    finding = found.findings[REST_TREMOR]
    assert finding.measured == Measured(by=BY, above=0.95)
    return found


def test_a_movement_that_a_recording_surely_shows_is_a_finding_with_its_side(known: Library) -> None:
    seen = observed_in(Case(), [examined(tremor(), side=Side.LEFT, site="hand")], known)[REST_TREMOR]
    assert (seen.state, seen.measured, seen.side, seen.sites) == (FindingState.PRESENT, True, Side.LEFT, ("hand",))


@pytest.mark.parametrize("unsure", [tremor(low=0.9), tremor(0.0, 0.0), tremor(doubts=("Short.",))])
def test_what_is_not_sure_not_there_or_doubted_is_no_finding(known: Library, unsure: Measurement) -> None:
    assert REST_TREMOR not in observed_in(Case(), [examined(unsure)], known)


def test_what_a_recording_does_not_show_is_not_taken_as_absent(known: Library) -> None:
    assert all(
        seen.state is FindingState.PRESENT for seen in observed_in(Case(), [examined(tremor(0.0, 0.0))], known).values()
    )


def test_what_is_seen_in_any_recording_was_seen(known: Library) -> None:
    assert REST_TREMOR in observed_in(Case(), [examined(tremor(0.0, 0.0)), examined(tremor())], known)


def test_a_recording_does_not_take_away_what_an_answer_tells_of_a_finding(known: Library) -> None:
    told = Observation(finding=REST_TREMOR, state=FindingState.PRESENT, duration_days=100.0)
    assert REST_TREMOR not in observed_in(Case(observations={REST_TREMOR: told}), [examined(tremor())], known)


def test_a_recorded_movement_counts_though_it_was_denied_and_that_is_said(known: Library) -> None:
    case = Case(observations={REST_TREMOR: Observation(finding=REST_TREMOR, state=FindingState.ABSENT)})
    seen = observed_in(case, [examined(tremor())], known)
    assert case.with_observations(seen).state(REST_TREMOR) is FindingState.PRESENT
    (said,) = denied_warnings(case, seen, known)
    assert "a tremor at rest" in said
    assert "weighed as there" in said


def test_a_finding_of_a_part_of_the_body_needs_a_recording_of_that_part(known: Library) -> None:
    twitch = Measurement(
        id="visible_twitch_count", value=5, low=2, high=9, unit=Unit.COUNT, method="x", channel="wrist"
    )
    assert "eyelid_twitch" in observed_in(Case(), [examined(twitch, site="Eyelid")], known)
    for site in ("calf", None):
        assert "eyelid_twitch" not in observed_in(Case(), [examined(twitch, site=site)], known)


def test_doubts_are_told_of_what_could_be_weighed_alone(known: Library) -> None:
    doubted = tremor(doubts=("Short.",))
    other = replace(doubted, id="not_weighed_anyway")
    assert list(doubt_warnings([doubted, other], known)) == [f"{BY} on wrist is shown but not weighed: Short."]
